"""BPMN files as graphs of nodes and flows, with the extensions that Laurel reads, for lint and deployment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from service.engine import xml

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
SPIFF = "{http://spiffworkflow.org/bpmn/schema/1.0/core}"

NOT_NODES = frozenset(
    {
        "association",
        "documentation",
        "extensionElements",
        "group",
        "incoming",
        "laneSet",
        "multiInstanceLoopCharacteristics",
        "outgoing",
        "property",
        "sequenceFlow",
        "standardLoopCharacteristics",
        "textAnnotation",
    }
)
"""What may stand in a process beside its nodes."""

TITLES = {
    "boundaryEvent": "边界事件",
    "businessRuleTask": "业务规则任务",
    "callActivity": "调用活动",
    "complexGateway": "复杂网关",
    "endEvent": "结束事件",
    "eventBasedGateway": "事件网关",
    "exclusiveGateway": "排他网关",
    "inclusiveGateway": "包容网关",
    "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件",
    "manualTask": "手工任务",
    "parallelGateway": "并行网关",
    "process": "流程",
    "receiveTask": "接收任务",
    "scriptTask": "脚本任务",
    "sendTask": "发送任务",
    "sequenceFlow": "顺序流",
    "serviceTask": "服务任务",
    "startEvent": "开始事件",
    "subProcess": "子流程",
    "task": "任务",
    "userTask": "用户任务",
}

DECISION_PREFIX = "decision."


@dataclass(frozen=True)
class Element:
    """What the drawing says of one element beyond what the engine's spec knows.

    `scope` is the id of the process or embedded subprocess that directly holds it, which is the engine's name
    of the workflow in which its tasks run (`task.workflow.spec.name`). `lanes` are lane ids, innermost first,
    those of the enclosing subprocesses after its own. `decisions` (value → label) keep the order of the XML.
    """

    id: str
    scope: str
    process_id: str
    name: str
    type: str
    lanes: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    form_keys: tuple[str, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)
    article: str | None = None


@dataclass(frozen=True)
class Message:
    """A message of a file: what it is called, and how each correlation property is read from its payload."""

    id: str
    name: str
    retrievals: Mapping[str, str]  # property id -> expression over the payload


class Part:
    """Anything with an XML element of its own: a process, a node, a flow."""

    def __init__(self, document: "Document", element: etree._Element) -> None:
        self.document = document
        self.xml = element
        self.id = element.get("id") or ""
        self.name = " ".join((element.get("name") or "").split())
        self.type = local_name(element)

    @property
    def label(self) -> str:
        """What the drawing calls it."""
        return self.name or self.id

    @property
    def title(self) -> str:
        """As messages name it: 用户任务“市级审核”."""
        return f"{TITLES.get(self.type, self.type)}“{self.label}”"


class Flow(Part):
    """A sequence flow. Source and target are None where the file names nothing of the same scope."""

    source: "Node | None" = None
    target: "Node | None" = None

    @cached_property
    def condition(self) -> str | None:
        """Its condition, None where it has none or an empty one."""
        return text_of(self.xml.find(f"{BPMN}conditionExpression"))

    @property
    def label(self) -> str:
        """By what it joins; a flow's own name says only yes or no."""
        return " → ".join(end.label if end else "?" for end in (self.source, self.target))


class Node(Part):
    """A flow node: an event, an activity or a gateway."""

    def __init__(self, document: "Document", element: etree._Element, scope: "Scope") -> None:
        super().__init__(document, element)
        self.scope = scope
        self.incoming: list[Flow] = []
        self.outgoing: list[Flow] = []
        self.boundaries: list[Node] = []
        self.host: Node | None = None  # what a boundary event is attached to
        self.inner: Scope | None = None  # what a subprocess holds

    @cached_property
    def properties(self) -> dict[str, str]:
        """Its camunda:properties."""
        path = f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property"
        return {p.get("name", ""): p.get("value", "") for p in self.xml.iterfind(path)}

    @property
    def form_keys(self) -> tuple[str, ...]:
        return tuple((self.xml.get(f"{CAMUNDA}formKey") or "").split())

    @cached_property
    def decisions(self) -> dict[str, str]:
        """What its person may decide: value → label."""
        found = (p for p in self.properties.items() if p[0].startswith(DECISION_PREFIX))
        return {name.removeprefix(DECISION_PREFIX): label for name, label in found}

    @cached_property
    def lanes(self) -> tuple[str, ...]:
        """The ids of its lanes, innermost first, then those of the subprocesses around it."""
        own = self.document.lanes.get(self.id, ())
        return own + (self.scope.holder.lanes if self.scope.holder else ())

    @cached_property
    def events(self) -> list[etree._Element]:
        """Its event definitions."""
        return [child for child in self.xml if local_name(child).endswith("EventDefinition")]

    def event(self, kind: str) -> etree._Element | None:
        """Its definition of a kind: `message`, `timer`, `error` …"""
        return self.xml.find(f"{BPMN}{kind}EventDefinition")

    @property
    def is_interrupting(self) -> bool:
        return (self.xml.get("cancelActivity") or "true") == "true"

    @property
    def loop(self) -> etree._Element | None:
        return self.xml.find(f"{BPMN}multiInstanceLoopCharacteristics")

    @property
    def default(self) -> str | None:
        """The id of its default flow."""
        return self.xml.get("default")

    def element(self) -> Element:
        return Element(
            id=self.id,
            scope=self.scope.id,
            process_id=self.scope.process.id,
            name=self.name,
            type=self.type,
            lanes=self.lanes,
            properties=dict(self.properties),
            form_keys=self.form_keys,
            decisions=dict(self.decisions),
            article=self.properties.get("article"),
        )


class Scope(Part):
    """A process or an embedded subprocess: what its nodes and flows lie in."""

    def __init__(self, document: "Document", element: etree._Element, holder: Node | None) -> None:
        super().__init__(document, element)
        self.holder = holder
        self.nodes = [Node(document, child, self) for child in element if local_name(child) not in NOT_NODES]
        self.flows = [Flow(document, child) for child in element.iterfind(f"{BPMN}sequenceFlow")]
        self._connect()
        for node in self.nodes:
            if node.type in {"subProcess", "transaction", "adHocSubProcess"}:
                node.inner = Scope(document, node.xml, node)

    def _connect(self) -> None:
        by_id = {node.id: node for node in self.nodes}
        for flow in self.flows:
            flow.source = by_id.get(flow.xml.get("sourceRef") or "")
            flow.target = by_id.get(flow.xml.get("targetRef") or "")
            if flow.source and flow.target:
                flow.source.outgoing.append(flow)
                flow.target.incoming.append(flow)
        for node in self.nodes:
            if node.type == "boundaryEvent":
                node.host = by_id.get(node.xml.get("attachedToRef") or "")
                if node.host:
                    node.host.boundaries.append(node)

    @property
    def process(self) -> "Scope":
        return self.holder.scope.process if self.holder else self

    @property
    def starts(self) -> list[Node]:
        return [node for node in self.nodes if node.type == "startEvent"]

    def within(self) -> Iterator["Scope"]:
        """Itself, and the subprocesses in it."""
        yield self
        for node in self.nodes:
            if node.inner:
                yield from node.inner.within()


class Document:
    """One BPMN file. XmlRefused where it is no safe XML."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file = file
        self.root = xml.parse(content, file)
        self.lanes = self._lanes()
        self.processes = [Scope(self, process, None) for process in self.root.iterfind(f"{BPMN}process")]

    @cached_property
    def scopes(self) -> list[Scope]:
        return [scope for process in self.processes for scope in process.within()]

    @cached_property
    def nodes(self) -> list[Node]:
        return [node for scope in self.scopes for node in scope.nodes]

    @cached_property
    def flows(self) -> list[Flow]:
        return [flow for scope in self.scopes for flow in scope.flows]

    @cached_property
    def messages(self) -> dict[str, Message]:
        """By id."""
        retrievals: dict[str, dict[str, str]] = {}
        for part in self.root.iterfind(f"{BPMN}correlationProperty"):
            for retrieval in part.iterfind(f"{BPMN}correlationPropertyRetrievalExpression"):
                expression = text_of(next(iter(retrieval), None))
                if expression:
                    read = retrievals.setdefault(retrieval.get("messageRef") or "", {})
                    read[part.get("id") or ""] = expression
        return {
            message.get("id") or "": Message(
                message.get("id") or "",
                (message.get("name") or "").strip(),
                retrievals.get(message.get("id") or "", {}),
            )
            for message in self.root.iterfind(f"{BPMN}message")
        }

    def message_of(self, event: etree._Element) -> Message | None:
        """The message of a message event definition."""
        return self.messages.get(event.get("messageRef") or "")

    def _lanes(self) -> dict[str, tuple[str, ...]]:
        """Node id → its lanes' ids, innermost first."""
        found: dict[str, tuple[str, ...]] = {}
        for lane in self.root.iter(f"{BPMN}lane"):
            outwards = [lane, *lane.iterancestors(f"{BPMN}lane")]
            for reference in lane.iterfind(f"{BPMN}flowNodeRef"):
                ids = tuple(outer.get("id") or "" for outer in outwards)
                # An outer lane may list the nodes of its inner lanes too: the innermost says most.
                node_id = (reference.text or "").strip()
                if len(ids) > len(found.get(node_id, ())):
                    found[node_id] = ids
        return found


def local_name(element: etree._Element) -> str:
    """`userTask`; an element of another namespace keeps its own, in braces."""
    return str(element.tag).removeprefix(BPMN)


def text_of(element: etree._Element | None) -> str | None:
    """The text of an element, trimmed; None for an empty one."""
    return (element.text or "").strip() or None if element is not None else None


def extension(element: etree._Element, name: str) -> etree._Element | None:
    """The spiffworkflow extension of an element: `serviceTaskOperator`, `messagePayload` …"""
    return element.find(f"{BPMN}extensionElements/{SPIFF}{name}")


def decision_reference(element: etree._Element) -> str | None:
    """The decision that a business rule task calls."""
    return text_of(extension(element, "calledDecisionId"))


def result_variable(element: etree._Element) -> str:
    """Where the result of a business rule task goes: its property `resultVariable`, else its own id."""
    path = f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property[@name='resultVariable']"
    named = element.find(path)
    return (named.get("value") if named is not None else None) or element.get("id") or ""
