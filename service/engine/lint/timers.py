"""Timer expressions: they give text, an instant with its offset or a duration."""

import ast
from collections.abc import Iterator
from datetime import datetime

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from service.engine.documents import BPMN, Node, text_of
from service.engine.expressions import fault, tree_of
from service.engine.lint.rules import Fault, Files, at, rule
from service.engine.values import is_number

KINDS = {"timeDate": "日期", "timeDuration": "时长"}
EXAMPLES = {
    "timeDate": (
        "写 workdays_after(now(), 5) 这样的函数、collection_ends 这样的变量，"
        '或带时区的时间 "2025-10-11T00:00:00+08:00"（要加引号）'
    ),
    "timeDuration": '写 "P5D"（5 天）、"PT12H"（12 小时）这样的时长（要加引号）',
}


@rule("timer-expression")
def timer_expression(files: Files) -> Iterator[Fault]:
    """A literal needs quotes, an instant its offset; else the instance fails when it comes to the timer."""
    for node in files.nodes():
        event = node.event("timer")
        if event is None or event.find(f"{BPMN}timeCycle") is not None:
            continue
        written = [(kind, text_of(event.find(f"{BPMN}{kind}"))) for kind in KINDS]
        given = [(kind, text) for kind, text in written if text]
        if len(given) != 1:
            message = f"{node.title}没有写明何时到期。"
            yield at(node, message, f"请在计时设置里选日期或时长：{EXAMPLES['timeDate']}。")
        else:
            yield from _expression(files, node, *given[0])


def _expression(files: Files, node: Node, kind: str, text: str) -> Iterator[Fault]:
    reason = fault(text, files.known.functions) or _literal_fault(kind, tree_of(text))
    if reason:
        message = f"{node.title}的{KINDS[kind]} {text} 不能用：{reason}"
        yield at(node, message, f"请{EXAMPLES[kind]}。")


def _literal_fault(kind: str, tree: ast.expr) -> str | None:
    if not isinstance(tree, ast.Constant):
        return (
            None
            if not isinstance(tree, ast.BinOp) or not _all_constant(tree)
            else "它算出来的是数字，不是时间。"
        )
    if is_number(tree.value) or not isinstance(tree.value, str):
        return "它不是文字。"
    try:
        if kind == "timeDate":
            if datetime.fromisoformat(tree.value).tzinfo is None:
                return "它没有写时区。"
        else:
            TimerEventDefinition.parse_iso_duration(tree.value)
    except Exception:
        return "它不是 ISO 8601 格式。"
    return None


def _all_constant(tree: ast.expr) -> bool:
    return not any(isinstance(part, ast.Name) for part in ast.walk(tree))
