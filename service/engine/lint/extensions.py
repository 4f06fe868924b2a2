"""Extensions and properties: what nobody reads would be ignored in silence, a misspelt one above all."""

from collections.abc import Iterator

from lxml import etree

from service.engine.documents import BPMN, BPMNDI, CAMUNDA, DECISION_PREFIX, SPIFF, Document, Node, local_name
from service.engine.lint.rules import Fault, Files, at, at_file, rule

ELEMENTS = {
    f"{CAMUNDA}properties": None,
    f"{SPIFF}serviceTaskOperator": "serviceTask",
    f"{SPIFF}calledDecisionId": "businessRuleTask",
    f"{SPIFF}processVariableCorrelation": "messageEventDefinition",
    f"{SPIFF}messagePayload": "messageEventDefinition",
    f"{SPIFF}messageVariable": "messageEventDefinition",
}
"""Extension element → the BPMN element on which it is read; None: on any."""

ATTRIBUTES = {f"{CAMUNDA}formKey": "userTask"}
HARMLESS = {f"{CAMUNDA}historyTimeToLive", f"{CAMUNDA}diagramRelationId"}
"""What Camunda Modeler adds on its own, and what changes nothing here."""

PROPERTIES = {
    "article": None,
    "effect": {"userTask"},
    "assignee": {"userTask"},
    "office": {"userTask", "callActivity"},
    "level": {"userTask", "callActivity"},
    "due": {"userTask"},
    "forms": {"userTask"},
    "opinion": {"userTask"},
    "attachments": {"userTask"},
    "anew": {"userTask"},
    "resultVariable": {"businessRuleTask"},
}
"""Property → the types of node on which it is read; None: on any. `decision.<value>` goes with user tasks."""

VALUES = {"opinion": ("required", "optional", "none"), "attachments": ("yes", "no"), "anew": ("yes", "no")}


@rule("extension")
def extension(files: Files) -> Iterator[Fault]:
    """An extension that the engine does not read: a script before or after a task, a listener, a slip."""
    for document in files.documents:
        for element in document.root.iter(f"{BPMN}*"):
            yield from _attributes(document, element)
        for held in document.root.iter(f"{BPMN}extensionElements"):
            if not any(True for _ in held.iterancestors(f"{BPMNDI}*")):
                yield from _elements(document, held)


def _attributes(document: Document, element: etree._Element) -> Iterator[Fault]:
    for name in map(str, element.attrib):
        read_on = ATTRIBUTES.get(name)
        if name.startswith((CAMUNDA, SPIFF)) and name not in HARMLESS and read_on != local_name(element):
            yield _ignored(document, element, f"属性 {etree.QName(name).localname}")


def _elements(document: Document, held: etree._Element) -> Iterator[Fault]:
    holder = held.getparent()
    assert holder is not None, "extensionElements are inside something"
    for child in held:
        read_on = ELEMENTS.get(str(child.tag), "")
        if read_on is not None and read_on != local_name(holder):
            yield _ignored(document, holder, f"扩展 {etree.QName(child).localname}")


def _ignored(document: Document, holder: etree._Element, what: str) -> Fault:
    named = next((e for e in (holder, *holder.iterancestors()) if e.get("id") and e.get("name")), holder)
    called = named.get("name") or named.get("id") or ""
    message = f"“{called}”上的{what} 没有任何作用，引擎不会读取它。"
    return at_file(
        document, message, "请在属性面板里删去它。", named.get("id") or "", named.get("name") or ""
    )


@rule("property")
def node_property(files: Files) -> Iterator[Fault]:
    """A property that is misspelt, on an element where nobody reads it, or with a meaningless value."""
    for node in files.nodes():
        for name, value in node.properties.items():
            yield from _property(node, name, value)


def _property(node: Node, name: str, value: str) -> Iterator[Fault]:
    if name.startswith(DECISION_PREFIX):
        if node.type != "userTask":
            yield at(node, f"{node.title}不由人办理，它的选项 {name} 没有作用。", "请把选项放到用户任务上。")
        elif not value.strip():
            yield at(
                node, f"{node.title}的选项 {name} 没有名称，页面上会是空的按钮。", "请写上选项的中文名称。"
            )
        return
    if name not in PROPERTIES:
        mend = f"请检查拼写，可用的有：{'、'.join(PROPERTIES)}、decision.选项。"
        yield at(node, f"{node.title}的属性 {name} 没有作用，系统不认识它。", mend)
        return
    types = PROPERTIES[name]
    if types is not None and node.type not in types:
        yield at(node, f"{node.title}的属性 {name} 在这种元素上没有作用。", "请删去它，或移到该写的元素上。")
    elif name in VALUES and value not in VALUES[name]:
        mend = f"请写 {'、'.join(VALUES[name])} 之一。"
        yield at(node, f"{node.title}的属性 {name} 的值“{value}”没有意义。", mend)
    elif not value.strip():
        yield at(node, f"{node.title}的属性 {name} 是空的。", "请填写它的值，或删去这一属性。")
