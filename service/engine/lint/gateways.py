"""Exclusive and inclusive gateways: one way out must be open whatever the data say."""

import ast
from collections.abc import Iterator

from service.engine.documents import Flow, Node
from service.engine.expressions import ExpressionFailed, tree_of
from service.engine.lint.decisions import compared, offered_before
from service.engine.lint.flows import CONDITIONAL
from service.engine.lint.rules import Fault, Files, at, rule


@rule("gateway-condition")
def gateway_condition(files: Files) -> Iterator[Fault]:
    """A way out without a condition that is not the default: the engine's parser refuses it."""
    for node in files.nodes(*CONDITIONAL):
        for flow in node.outgoing if len(node.outgoing) > 1 else ():
            if not flow.condition and flow.id != node.default:
                message = f"{node.title}的出线（{flow.title}）既没有条件，也不是默认出线。"
                yield at(flow, message, "请给它写上条件，或把它设为默认出线。")


@rule("default-flow")
def default_flow(files: Files) -> Iterator[Fault]:
    """A default is taken when no condition holds: it has none itself, and leads out of this gateway."""
    for node in files.nodes():
        if node.default is None:
            continue
        flow = next((flow for flow in node.outgoing if flow.id == node.default), None)
        if flow is None or node.type not in CONDITIONAL:
            message = f"{node.title}的默认出线 {node.default} 不起作用。"
            yield at(node, message, "请重新指定默认出线；只有排他和包容网关的出线可以设为默认。")
        elif flow.condition:
            message = f"{node.title}的默认出线（{flow.title}）写了条件 {flow.condition}，条件会被忽略。"
            yield at(flow, message, "请删去这一条件，或不再把它设为默认出线。")


@rule("gateway-default")
def gateway_default(files: Files) -> Iterator[Fault]:
    """Where all conditions may fail at once, the instance stops there with an error."""
    for node in files.nodes(*CONDITIONAL):
        conditional = [flow for flow in node.outgoing if flow.condition and flow.id != node.default]
        if conditional and len(conditional) == len(node.outgoing) and not _covers_all(node, conditional):
            message = f"{node.title}没有默认出线，几个条件都不成立时流程会停在这里报错。"
            yield at(node, message, "请把其中一条出线设为默认（不写条件），或补上遗漏的情形。")


def _covers_all(node: Node, flows: list[Flow]) -> bool:
    """Whether one condition must hold: `x` and `not x`, or one for each decision that may arrive here."""
    conditions = {_normal(flow.condition) for flow in flows}
    if any(condition and _normal(f"not ({condition})") in conditions for condition in conditions):
        return True
    asked = [compared(flow.condition) for flow in flows]
    if not all(test.is_plain for test in asked):
        return False
    offered = offered_before(node)
    return bool(offered) and offered <= {value for test in asked for value in test.values}


def _normal(condition: str | None) -> str | None:
    try:
        return ast.unparse(tree_of(condition or ""))
    except ExpressionFailed:  # Rule `expression` says so.
        return None
