"""Sequence flows: conditions that are ignored, tokens that multiply, steps that nobody reaches or leaves."""

from collections.abc import Iterator

from service.engine.documents import Node
from service.engine.lint.graphs import Step, next_nodes, reach, sources
from service.engine.lint.rules import Fault, Files, at, rule
from service.engine.lint.types import is_trap

CONDITIONAL = {"exclusiveGateway", "inclusiveGateway"}


@rule("loose-end")
def loose_end(files: Files) -> Iterator[Fault]:
    """A flow or boundary event whose end is missing, or lies in another process or subprocess."""
    for flow in files.flows:
        if flow.source is None or flow.target is None:
            missing = "起点" if flow.source is None else "终点"
            message = f"{flow.title}的{missing}不在同一个流程或子流程里。"
            yield at(flow, message, "请把顺序流两端重新连到同一层的元素上。")
    for node in files.nodes("boundaryEvent"):
        if node.host is None:
            yield at(node, f"{node.title}没有附在任何任务上。", "请把它拖到要监视的任务或子流程的边上。")


@rule("condition-ignored")
def condition_ignored(files: Files) -> Iterator[Fault]:
    """Only the flows of exclusive and inclusive gateways are judged; elsewhere a condition is ignored."""
    for flow in files.flows:
        if flow.condition and flow.source and flow.source.type not in CONDITIONAL:
            message = f"{flow.title}写了条件，但它不是从排他或包容网关出来的，条件会被忽略。"
            yield at(
                flow,
                message,
                f"请在“{flow.source.label}”后面加一个排他网关，把条件写在网关之后。",
            )


@rule("implicit-split")
def implicit_split(files: Files) -> Iterator[Fault]:
    """Several flows out of what is no gateway: is it all of them, or one?"""
    for node in files.nodes():
        if len(node.outgoing) > 1 and not node.type.endswith("Gateway"):
            message = f"{node.title}有 {len(node.outgoing)} 条出线，看不出是同时走还是只走一条。"
            yield at(node, message, "请在它后面加并行网关（同时走）或排他网关（只走一条）。")


@rule("duplicate-flow")
def duplicate_flow(files: Files) -> Iterator[Fault]:
    """Two flows between the same two nodes: two tokens, or conditions that the drawing cannot tell apart."""
    for scope in files.scopes:
        seen = set()
        for flow in scope.flows:
            ends = (flow.source, flow.target)
            if None not in ends and ends in seen:
                yield at(flow, f"{flow.title}重复了。", "请只留一条；两个条件可以用 or 写在一起。")
            seen.add(ends)


@rule("start-event")
def start_event(files: Files) -> Iterator[Fault]:
    """One plain start: an instance is started by the system, a call or its subprocess, never by itself."""
    for scope in files.scopes:
        if scope.holder and is_trap(scope.holder):
            continue
        if len(scope.starts) != 1:
            message = f"{scope.title}有 {len(scope.starts)} 个开始事件，应当恰好一个。"
            yield at(scope, message, "请只留一个开始事件。")
        for start in scope.starts:
            if start.events:
                mend = "请改为普通的开始事件；要等消息或时间，在它后面放中间捕获事件。"
                yield at(start, f"{start.title}带有触发条件，流程不会由它自行开始。", mend)
            elif start.incoming:
                yield at(start, f"{start.title}有进线。", "请把回路连到开始事件之后的网关上。")


@rule("unreachable")
def unreachable(files: Files) -> Iterator[Fault]:
    """What no path from the start leads to is never done."""
    for scope in files.scopes:
        if scope.starts:
            reached = set(reach(scope.starts, next_nodes))
            for node in _first([node for node in scope.nodes if node not in reached], next_nodes):
                if is_trap(node):
                    continue
                message = f"从开始事件走不到{node.title}，它永远不会执行。"
                yield at(node, message, "请用顺序流把它接上，或删去它。")


@rule("dead-end")
def dead_end(files: Files) -> Iterator[Fault]:
    """From every node an end event must be reachable, else the instance hangs, or ends without a result."""
    for scope in files.scopes:
        leading = set(reach([node for node in scope.nodes if node.type == "endEvent"], sources))
        for node in _first([node for node in scope.nodes if node not in leading], sources):
            if is_trap(node):
                continue
            message = f"从{node.title}走不到任何结束事件。"
            yield at(node, message, "请把它接到后面的步骤，最后接到结束事件。")


def _first(nodes: list[Node], step: Step) -> list[Node]:
    """Of nodes that share a fault, those from which the others follow; of a circle, one."""
    rest, found = set(nodes), []
    for node in sorted(nodes, key=lambda each: -len(reach([each], step))):
        if node in rest:
            found.append(node)
            rest -= set(reach([node], step))
    return found
