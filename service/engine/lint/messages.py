"""Messages: named, correlated at both ends, alike in all files; else a case takes what was another's."""

import ast
from collections.abc import Iterator

from lxml import etree

from service.engine.documents import SPIFF, Message, Node, extension, text_of
from service.engine.expressions import ExpressionFailed, names_of, tree_of
from service.engine.lint.rules import Fault, Files, at, rule

CATCHING = ("intermediateCatchEvent", "boundaryEvent")
THROWING = ("intermediateThrowEvent", "endEvent")


def _events(files: Files, *types: str) -> Iterator[tuple[Node, etree._Element, Message | None]]:
    for node in files.nodes(*types):
        event = node.event("message")
        if event is not None:
            yield node, event, node.document.message_of(event)


@rule("message-definition")
def message_definition(files: Files) -> Iterator[Fault]:
    """A message without a name reaches nobody; one without a correlation property reaches everybody."""
    for node, _, message in _events(files, *CATCHING, *THROWING):
        if message is None:
            yield at(node, f"{node.title}没有指定消息。", "请在属性面板里选择或新建一个全局消息。")
        elif not message.name:
            yield at(node, f"{node.title}的消息 {message.id} 没有名称。", "请给消息起一个英文名称。")
        elif not message.retrievals:
            text = f"{node.title}的消息“{message.name}”没有关联属性，任何一个流程都会收到它。"
            yield at(node, text, "请给消息加关联属性（correlationProperty），例如 application_id。")


@rule("message-correlation")
def message_correlation(files: Files) -> Iterator[Fault]:
    """Without a value to compare, a catch takes any message of that name: last year's too."""
    for node, event, message in _events(files, *CATCHING):
        if message is None or not message.retrievals:
            continue
        given = {
            text_of(part.find(f"{SPIFF}propertyId")): text_of(part.find(f"{SPIFF}expression"))
            for part in event.iter(f"{SPIFF}processVariableCorrelation")
        }
        missing = [name for name in message.retrievals if not given.get(name)]
        if missing:
            text = f"{node.title}没有写明要等哪一个“{message.name}”：缺少 {'、'.join(missing)} 的取值。"
            mend = "请给每个关联属性写上 processVariableCorrelation，表达式一般就是同名的变量。"
            yield at(node, text, mend)
        for name in given.keys() - message.retrievals.keys():
            text = f"{node.title}给 {name} 写了取值，但消息“{message.name}”没有这一关联属性。"
            yield at(
                node, text, f"它的关联属性是 {'、'.join(message.retrievals)}。请改正名称，或删去这一项。"
            )


@rule("message-payload")
def message_payload(files: Files) -> Iterator[Fault]:
    """The payload must hold what the message is correlated by, else nobody can be found for it."""
    for node, event, message in _events(files, *THROWING):
        if message is None or not message.retrievals:
            continue
        payload = text_of(extension(event, "messagePayload"))
        keys = _keys(payload)
        if keys is None:
            text = f"{node.title}发送“{message.name}”时没有写明数据，或不是 {{'名称': 变量}} 的形式。"
            yield at(node, text, f"请把 messagePayload 写成 {_example(message)}。")
            continue
        missing = sorted(_needed(message) - keys)
        if missing:
            text = f"{node.title}发送的数据里没有 {'、'.join(missing)}，“{message.name}”找不到接收的流程。"
            yield at(node, text, f"请把 messagePayload 写成 {_example(message)}。")


def _keys(payload: str | None) -> set[str] | None:
    try:
        tree = tree_of(payload or "")
    except ExpressionFailed:
        return None
    if not isinstance(tree, ast.Dict):
        return None
    return {str(key.value) for key in tree.keys if isinstance(key, ast.Constant)}


def _needed(message: Message) -> set[str]:
    needed: set[str] = set()
    for expression in message.retrievals.values():
        try:
            needed |= names_of(expression)
        except ExpressionFailed:  # Rule `expression` says so.
            continue
    return needed


def _example(message: Message) -> str:
    return "{" + ", ".join(f"'{name}': {name}" for name in sorted(_needed(message))) + "}"


@rule("message-mismatch")
def message_mismatch(files: Files) -> Iterator[Fault]:
    """One message, correlated by other properties here than there: what is thrown is never caught."""
    first: dict[str, tuple[Node, set[str]]] = {}
    for node, _, message in _events(files, *CATCHING, *THROWING):
        if message is None or not message.name or not message.retrievals:
            continue
        properties = set(message.retrievals)
        other, expected = first.setdefault(message.name, (node, properties))
        if properties != expected:
            text = (
                f"消息“{message.name}”在{node.title}按 {'、'.join(sorted(properties))} 关联，在文件 "
                f"{other.document.file} 的{other.title}却按 {'、'.join(sorted(expected))} 关联，永远对不上。"
            )
            yield at(node, text, "请让两处的关联属性完全相同。")
