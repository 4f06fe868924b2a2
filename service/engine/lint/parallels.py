"""Parallel branches: tokens that multiply, and results that overwrite each other."""

from collections.abc import Iterator

from service.engine.documents import Flow, Node
from service.engine.lint.graphs import join_of, next_nodes, reach
from service.engine.lint.ids import written
from service.engine.lint.rules import Fault, Files, at, rule

SPLITS = {"parallelGateway", "inclusiveGateway"}


def _splits(files: Files) -> Iterator[Node]:
    yield from (node for node in files.nodes(*SPLITS) if len(node.outgoing) > 1)


@rule("parallel-escape")
def parallel_escape(files: Files) -> Iterator[Fault]:
    """A flow from inside one branch back to before the split starts all branches again: tokens double."""
    for split in _splits(files):
        for flow in escapes(split):
            message = f"{flow.title}从{split.title}的一个分支里回到了它之前，各分支会被重复执行。"
            yield at(flow, message, "请把回路放到各分支汇合之后，或把每个分支的回路限制在该分支以内。")


def escapes(split: Node) -> list[Flow]:
    """The flows that lead from inside a split's branches back to before it."""
    join = join_of(split)
    stop = [split, *([join] if join else [])]
    inside = reach([flow.target for flow in split.outgoing if flow.target], next_nodes, stop)
    if split not in inside or len(split.outgoing) < 2:
        return []
    before = set(reach(split.scope.starts, next_nodes, [split]))
    return [
        flow
        for node in inside
        if node not in before and node is not join
        for flow in node.outgoing
        if flow.target in before
    ]


@rule("parallel-keys")
def parallel_keys(files: Files) -> Iterator[Fault]:
    """Branches that write one variable: where they join, one value is lost."""
    for split in _splits(files):
        join = join_of(split)
        writers: dict[str, list[Node]] = {}
        for flow in split.outgoing:
            branch = reach([flow.target], next_nodes, [join] if join else ()) if flow.target else []
            written_here = {name: node for node in branch if node is not join for name in _all(node)}
            for name, writer in written_here.items():
                writers.setdefault(name, []).append(writer)
        for name, nodes in writers.items():
            if len(set(nodes)) > 1:
                titles = "和".join(node.title for node in nodes)
                message = f"{split.title}之后并行的{titles}都写入变量 {name}，汇合时只会留下一个。"
                yield at(split, message, "请让每个分支写入不同的变量；两个分支都要人选择时，请改为先后办理。")


def _all(node: Node) -> list[str]:
    names = written(node)
    return names + [name for inner in node.inner.nodes for name in _all(inner)] if node.inner else names
