"""Which elements the engine can be trusted with: a list of what is allowed, and traps that deserve a word."""

from collections.abc import Iterator

from service.engine.documents import BPMN, TITLES, Node, local_name
from service.engine.lint.rules import Fault, Files, at, at_file, rule

ACTIVITIES = {"userTask", "serviceTask", "businessRuleTask", "scriptTask", "subProcess", "callActivity"}
GATEWAYS = {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"}

EVENTS = {
    "startEvent": {
        "",
        "message",
        "timer",
        "signal",
        "conditional",
        "error",
        "escalation",
    },  # start-event judges
    "endEvent": {"", "message", "error", "escalation", "terminate"},
    "intermediateCatchEvent": {"message", "timer", "signal"},
    "intermediateThrowEvent": {"", "message", "signal", "escalation"},
    "boundaryEvent": {"message", "timer", "signal", "error", "escalation"},
}
"""Per type, the event definitions that are trusted; "" for none."""

INSIDE = {
    "documentation",
    "extensionElements",
    "incoming",
    "outgoing",
    "script",
    "multiInstanceLoopCharacteristics",
}
"""What may stand in a node beside event definitions."""

AROUND = {
    "category",
    "collaboration",
    "correlationProperty",
    "documentation",
    "error",
    "escalation",
    "extensionElements",
    "message",
    "process",
    "signal",
}
"""What may stand in a file beside its drawing."""

MENDS = {
    "manualTask": "请改为用户任务，并写明由谁办理。",
    "task": "请改为用户任务（由人办理）或服务任务（由系统办理）。",
    "sendTask": "请改为抛出消息的中间事件。",
    "receiveTask": "请改为捕获消息的中间事件。",
    "transaction": "请改为普通子流程，用网关表示失败后的去向。",
    "adHocSubProcess": "请画出各步的先后，改为普通子流程。",
    "dataObject": "请删去数据对象；变量由任务和服务直接写入流程数据。",
    "dataObjectReference": "请删去数据对象；变量由任务和服务直接写入流程数据。",
    "standardLoopCharacteristics": "请去掉循环标记，改用排他网关画出回路。",
    "conditional": "请改用排他网关判断，或用消息触发。",
    "cancel": "请改用错误事件。",
}


def is_event_subprocess(node: Node) -> bool:
    return node.xml.get("triggeredByEvent") == "true"


def _compensates(node: Node) -> bool:
    return node.event("compensate") is not None or node.xml.get("isForCompensation") == "true"


def is_trap(node: Node) -> bool:
    """Whether a rule of its own refuses it, so that others need not wonder at how it is connected."""
    return is_event_subprocess(node) or _compensates(node) or node.event("link") is not None


@rule("element-type")
def element_type(files: Files) -> Iterator[Fault]:
    """Only what was tried on the engine is allowed; all else would stall, vanish or be skipped."""
    for document in files.documents:
        for child in document.root:
            kind = local_name(child)
            if kind not in AROUND and not kind.startswith("{"):
                message = f"文件里的 {kind} 不受支持，引擎会忽略它或无法解析。"
                yield at_file(
                    document,
                    message,
                    "请在建模工具里删去它。",
                    child.get("id") or "",
                    child.get("name") or "",
                )
        for node in document.nodes:
            yield from _node(node)


def _node(node: Node) -> Iterator[Fault]:
    if node.type == "complexGateway":  # It has a rule of its own.
        return
    if node.type not in ACTIVITIES | GATEWAYS | EVENTS.keys():
        yield at(
            node,
            f"{node.title}不受支持，引擎不能可靠地执行它。",
            MENDS.get(node.type, "请换用受支持的元素。"),
        )
        return
    for child in node.xml:
        kind = local_name(child)
        inside = node.inner is not None or kind in INSIDE or kind.endswith("EventDefinition")
        if not inside or kind == "standardLoopCharacteristics":
            message = f"{node.title}带有 {kind}，引擎会忽略它或无法解析。"
            yield at(node, message, MENDS.get(kind, "请在建模工具里删去它。"))
    if node.type in EVENTS:
        yield from _event(node)


def _event(node: Node) -> Iterator[Fault]:
    kinds = [local_name(event).removesuffix("EventDefinition") for event in node.events] or [""]
    if node.xml.find(f"{BPMN}eventDefinitionRef") is not None:
        yield at(node, f"{node.title}引用了别处的事件定义。", "请在事件自身上设置类型。")
    if len(kinds) > 1:
        yield at(node, f"{node.title}同时有多个触发条件。", "请拆成几个事件，每个只有一个触发条件。")
        return
    (kind,) = kinds
    signal_end = node.type == "endEvent" and kind == "signal"
    if kind not in EVENTS[node.type] and not is_trap(node) and not signal_end:
        what = f"{TITLES[node.type]}没有触发条件" if not kind else f"{TITLES[node.type]}不能是 {kind} 类型"
        yield at(node, f"{node.title}不受支持：{what}。", MENDS.get(kind, "请换用消息、计时或错误事件。"))


@rule("not-executable")
def not_executable(files: Files) -> Iterator[Fault]:
    """A process that is marked as a drawing only cannot be started."""
    for process in files.processes.values():
        if process.xml.get("isExecutable") not in {None, "true"}:
            message = f"{process.title}没有标为可执行，不能启动。"
            yield at(process, message, "请在流程的属性里勾选 Executable。")


@rule("complex-gateway")
def complex_gateway(files: Files) -> Iterator[Fault]:
    """The engine has no complex gateway, and notices it only when its parser comes to it."""
    for node in files.nodes("complexGateway"):
        mend = "请改用排他、并行或包容网关的组合。"
        yield at(node, f"{node.title}：引擎没有复杂网关。", mend)


@rule("event-subprocess")
def event_subprocess(files: Files) -> Iterator[Fault]:
    """Of every kind: it does not interrupt, starts at once, never ends, or changes the shared spec."""
    for node in files.nodes("subProcess"):
        if is_event_subprocess(node):
            message = f"{node.title}是事件子流程，引擎会错误地执行它：不中断、立即开始或永不结束。"
            yield at(node, message, "请把要被打断的步骤放进普通子流程，在它的边上放边界事件。")


@rule("signal-end")
def signal_end(files: Files) -> Iterator[Fault]:
    """The engine throws nothing at a signal end event."""
    for node in files.nodes("endEvent"):
        if node.event("signal") is not None:
            message = f"{node.title}要发出信号，但引擎在结束事件上什么也不会发出。"
            yield at(node, message, "请先放一个抛出信号的中间事件，再接普通的结束事件。")


@rule("compensation")
def compensation(files: Files) -> Iterator[Fault]:
    """Nothing happens at a compensation throw, and what is for compensation is never run."""
    for node in files.nodes():
        if _compensates(node):
            message = f"{node.title}用了补偿，引擎不会执行任何补偿。"
            yield at(node, message, "请用网关和普通任务画出要撤回的步骤。")


@rule("link-event")
def link_event(files: Files) -> Iterator[Fault]:
    """The token vanishes at a link event."""
    for node in files.nodes():
        if node.event("link") is not None:
            message = f"{node.title}是链接事件，流程走到这里会凭空消失。"
            yield at(node, message, "请用顺序流直接连到目标，线条可以绕行。")
