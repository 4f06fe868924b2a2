"""Small BPMN files for the engine's tests, written as a list of nodes and arrows."""

from collections.abc import Iterable, Mapping

_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
)
# A business rule task over a table of lint/dmn-cell.
JUDGE = (
    '<businessRuleTask id="judge" name="定级"><extensionElements><spiffworkflow:calledDecisionId>level'
    "</spiffworkflow:calledDecisionId></extensionElements></businessRuleTask>"
)


def bpmn(*parts: str) -> bytes:
    """A BPMN file."""
    opening = f'<definitions {_NAMESPACES} id="file" targetNamespace="test">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{opening}{"".join(parts)}</definitions>'.encode()


def process(*parts: str, id: str = "main") -> str:
    return f'<process id="{id}" name="流程{id}" isExecutable="true">{"".join(parts)}</process>'


# Nodes.


def start(id: str = "begin") -> str:
    return f'<startEvent id="{id}" name="开始"/>'


def end(*ids: str) -> str:
    return "".join(f'<endEvent id="{id}" name="结束{id}"/>' for id in ids or ("done",))


def user(
    id: str, *decisions: str, inner: str = "", office: str | None = "industry", **properties: str
) -> str:
    """A user task; `decisions` are values, whose labels are 选项<value>."""
    own = {"office": office} if office is not None else {}
    labels = {f"decision.{value}": f"选项{value}" for value in decisions}
    given = _extensions(_properties(own | properties | labels))
    return f'<userTask id="{id}" name="办理{id}">{given}{inner}</userTask>'


def service(id: str, operation: str, result: str | None = None, **parameters: str) -> str:
    """A service task; parameters are expressions."""
    listed = "".join(
        f'<spiffworkflow:parameter id="{name}" type="str" value="{_attribute(value)}"/>'
        for name, value in parameters.items()
    )
    named = f' resultVariable="{result}"' if result else ""
    operator = (
        f'<spiffworkflow:serviceTaskOperator id="{operation}"{named}><spiffworkflow:parameters>{listed}'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>"
    )
    return f'<serviceTask id="{id}" name="服务{id}">{_extensions(operator)}</serviceTask>'


def script(id: str, text: str) -> str:
    return f'<scriptTask id="{id}" name="赋值{id}"><script><![CDATA[{text}]]></script></scriptTask>'


def gateway(id: str, kind: str = "exclusive", default: str | None = None) -> str:
    """A gateway; `default` is the target of its default flow."""
    attribute = f' default="{id}_{default}"' if default else ""
    tag = {"exclusive": "exclusiveGateway", "parallel": "parallelGateway", "event": "eventBasedGateway"}[kind]
    return f'<{tag} id="{id}" name="网关{id}"{attribute}/>'


def catch(id: str, event: str) -> str:
    return f'<intermediateCatchEvent id="{id}" name="等待{id}">{event}</intermediateCatchEvent>'


def throw(id: str, event: str) -> str:
    return f'<intermediateThrowEvent id="{id}" name="发出{id}">{event}</intermediateThrowEvent>'


def boundary(id: str, host: str, event: str, interrupting: bool = True) -> str:
    cancels = "true" if interrupting else "false"
    attributes = f'id="{id}" name="边界{id}" attachedToRef="{host}" cancelActivity="{cancels}"'
    return f"<boundaryEvent {attributes}>{event}</boundaryEvent>"


def subprocess(id: str, *parts: str) -> str:
    return f'<subProcess id="{id}" name="子流程{id}">{"".join(parts)}</subProcess>'


def call(id: str, called: str, **properties: str) -> str:
    given = _extensions(_properties(properties))
    return f'<callActivity id="{id}" name="调用{id}" calledElement="{called}">{given}</callActivity>'


def lanes(**nodes: Iterable[str]) -> str:
    """Lanes by id, with the ids of their nodes."""
    listed = ""
    for lane, members in nodes.items():
        references = "".join(f"<flowNodeRef>{node}</flowNodeRef>" for node in members)
        listed += f'<lane id="{lane}" name="泳道{lane}">{references}</lane>'
    return f'<laneSet id="lanes_of_{"_".join(nodes)}">{listed}</laneSet>'


def variables(*names: str) -> str:
    """What a process declares that it is started with."""
    return "".join(f'<property id="{name}" name="{name}"/>' for name in names)


# Events.


def date_timer(expression: str) -> str:
    return _timer("timeDate", expression)


def duration_timer(expression: str) -> str:
    return _timer("timeDuration", expression)


def receives(message: str, variable: str | None = None, **correlation: str) -> str:
    """The event of a catch: the message's id, and an expression for each correlation property."""
    asked = "".join(
        "<spiffworkflow:processVariableCorrelation>"
        f"<spiffworkflow:propertyId>{name}</spiffworkflow:propertyId>"
        f"<spiffworkflow:expression>{expression}</spiffworkflow:expression>"
        "</spiffworkflow:processVariableCorrelation>"
        for name, expression in correlation.items()
    )
    if variable:
        asked += f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>"
    return f'<messageEventDefinition messageRef="{message}">{_extensions(asked)}</messageEventDefinition>'


def sends(message: str, payload: str) -> str:
    """The event of a throw: the message's id, and an expression for its payload."""
    content = f"<spiffworkflow:messagePayload><![CDATA[{payload}]]></spiffworkflow:messagePayload>"
    return f'<messageEventDefinition messageRef="{message}">{_extensions(content)}</messageEventDefinition>'


def message(id: str, *properties: str) -> str:
    """A message whose payload holds these correlation properties."""
    listed = f'<message id="{id}" name="{id}"/>'
    for name in properties:
        retrieval = (
            f'<correlationPropertyRetrievalExpression messageRef="{id}"><messagePath>{name}</messagePath>'
            "</correlationPropertyRetrievalExpression>"
        )
        listed += f'<correlationProperty id="{name}" name="{name}">{retrieval}</correlationProperty>'
    return listed


def each(collection: str, item: str, output: str = "", result: str = "", parallel: bool = True) -> str:
    """What makes a user task one of each item of a map; `result` of each goes into the map `output`."""
    sequential = "false" if parallel else "true"
    into = f"<loopDataOutputRef>{output}</loopDataOutputRef>" if output else ""
    out = f'<outputDataItem id="{result}" name="{result}"/>' if result else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}">'
        f"<loopDataInputRef>{collection}</loopDataInputRef>{into}"
        f'<inputDataItem id="{item}" name="{item}"/>{out}</multiInstanceLoopCharacteristics>'
    )


# Flows.


def flows(*arrows: str) -> str:
    """Arrows: "a>b", "gateway>b[condition]". A flow's id is "<source>_<target>"."""
    listed = ""
    for arrow in arrows:
        ends, _, condition = arrow.partition("[")
        source, target = ends.split(">")
        inner = ""
        if condition:
            text = condition.removesuffix("]")
            inner = (
                f'<conditionExpression xsi:type="tFormalExpression"><![CDATA[{text}]]></conditionExpression>'
            )
        attributes = f'id="{source}_{target}" sourceRef="{source}" targetRef="{target}"'
        listed += f"<sequenceFlow {attributes}>{inner}</sequenceFlow>"
    return listed


def _timer(kind: str, expression: str) -> str:
    value = f'<{kind} xsi:type="tFormalExpression"><![CDATA[{expression}]]></{kind}>'
    return f"<timerEventDefinition>{value}</timerEventDefinition>"


def _extensions(content: str) -> str:
    return f"<extensionElements>{content}</extensionElements>" if content else ""


def _properties(properties: Mapping[str, str]) -> str:
    listed = "".join(
        f'<camunda:property name="{name}" value="{_attribute(value)}"/>' for name, value in properties.items()
    )
    return f"<camunda:properties>{listed}</camunda:properties>" if listed else ""


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def one_step(*parts: str) -> bytes:
    """A process of one user task `act`, and of what follows it."""
    names = ["act", *(part.split('id="')[1].split('"')[0] for part in parts)]
    arrows = ["begin>act", *(f"{a}>{b}" for a, b in zip(names, [*names[1:], "done"], strict=True))]
    return bpmn(process(start(), user("act"), *parts, end(), flows(*arrows)))
