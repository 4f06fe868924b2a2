"""What people may decide, and what gateways make of it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.documents import Node
from service.engine.expressions import ExpressionFailed, names_of, tree_of
from service.engine.lint.flows import CONDITIONAL
from service.engine.lint.graphs import reach, steps_back, steps_forward
from service.engine.lint.rules import Fault, Files, at, rule

DECISION = "decision"


@dataclass(frozen=True)
class Test:
    """How a condition uses the decision: the values that it names, and whether it asks for nothing else."""

    reads: bool = False
    values: frozenset[str] = frozenset()
    is_plain: bool = False  # decision == "a", or decision in ["a", "b"]


def compared(condition: str | None) -> Test:
    """What a condition asks of the decision."""
    try:
        tree, names = tree_of(condition or ""), names_of(condition or "")
    except ExpressionFailed:  # Rule `expression` says so.
        return Test()
    if DECISION not in names:
        return Test()
    values = frozenset(
        part.value
        for comparison in ast.walk(tree)
        if isinstance(comparison, ast.Compare) and _about_decision(comparison)
        for part in ast.walk(comparison)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    is_plain = (
        isinstance(tree, ast.Compare)
        and len(tree.ops) == 1
        and isinstance(tree.ops[0], ast.Eq | ast.In)
        and names == {DECISION}
    )
    return Test(True, values, is_plain)


def _about_decision(comparison: ast.Compare) -> bool:
    sides = [comparison.left, *comparison.comparators]
    return any(isinstance(side, ast.Name) and side.id == DECISION for side in sides)


def _decides(node: Node) -> bool:
    return bool(node.decisions) or node.type == "callActivity"


def offered_before(gateway: Node) -> frozenset[str]:
    """The decisions that may be the last ones when a gateway is reached; empty where that cannot be told."""
    found: set[str] = set()
    for node in reach(steps_back(gateway), steps_back, stop=_decides):
        if node.type == "callActivity":  # What is decided in what it calls is not seen here.
            return frozenset()
        found.update(node.decisions)
    return frozenset(found)


@rule("decision-unhandled")
def decision_unhandled(files: Files) -> Iterator[Fault]:
    """A choice that leads nowhere of its own: the person believes to have refused, and the case goes on."""
    for node in files.nodes("userTask"):
        if len(node.decisions) < 2:
            continue
        gateways = [
            found
            for found in reach(steps_forward(node), steps_forward, stop=_decides)
            if found.type in CONDITIONAL and any(compared(flow.condition).reads for flow in found.outgoing)
        ]
        handled = {
            value
            for found in gateways
            for flow in found.outgoing
            for value in compared(flow.condition).values
        }
        if any(found.default for found in gateways):
            continue
        for value, label in node.decisions.items():
            if value not in handled:
                message = f"{node.title}的选项“{label}”（{value}）后面没有网关处理，选了它和没选一样。"
                yield at(
                    node,
                    message,
                    f'请在后面的网关上加一条出线，条件写 decision == "{value}"，或删去这一选项。',
                )


@rule("decision-unknown")
def decision_unknown(files: Files) -> Iterator[Fault]:
    """A condition on a decision that nobody can make: a slip of the pen, and the branch is never taken."""
    for gateway in files.nodes(*CONDITIONAL):
        offered = offered_before(gateway)
        for flow in gateway.outgoing:
            test = compared(flow.condition)
            unknown = "、".join(sorted(test.values - offered))
            if test.reads and unknown and (offered or not _after_call(gateway)):
                choices = "、".join(sorted(offered)) or "（没有）"
                message = (
                    f"{flow.title}的条件 {flow.condition} 用到选项 {unknown}，前面的用户任务没有这一选项。"
                )
                yield at(flow, message, f"前面可选的有：{choices}。请改正条件，或给用户任务加上这一选项。")


def _after_call(gateway: Node) -> bool:
    return any(node.type == "callActivity" for node in reach(steps_back(gateway), steps_back, stop=_decides))
