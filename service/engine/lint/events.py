"""Events that the engine would catch once, twice, too late or not at all."""

from collections.abc import Iterator

from service.engine.documents import BPMN, Node, Scope
from service.engine.lint.rules import Fault, Files, at, rule

CATCHABLE = ("message", "timer", "signal")


@rule("message-boundary")
def message_boundary(files: Files) -> Iterator[Fault]:
    """A boundary event that does not interrupt takes the first message or signal, and no more."""
    for node in files.nodes("boundaryEvent"):
        if not node.is_interrupting and (
            node.event("message") is not None or node.event("signal") is not None
        ):
            message = f"{node.title}不中断所附的任务，引擎只会接收第一次，以后的都丢失。"
            yield at(
                node, message, "请改为中断的边界事件，再用网关回到任务；或在任务之后用中间捕获事件逐个接收。"
            )


@rule("event-gateway-timers")
def event_gateway_timers(files: Files) -> Iterator[Fault]:
    """Two timers after one event gateway share one due time."""
    for node in files.nodes("eventBasedGateway"):
        timers = [f.target for f in node.outgoing if f.target and f.target.event("timer") is not None]
        if len(timers) > 1:
            titles = "、".join(timer.title for timer in timers)
            message = f"{node.title}之后有 {len(timers)} 个计时事件（{titles}），引擎会把它们当作同一时间。"
            yield at(node, message, "请只留最早的一个计时事件，到期后再判断。")


@rule("event-gateway-target")
def event_gateway_target(files: Files) -> Iterator[Fault]:
    """After an event gateway stand events that wait, two or more, each of them for this gateway alone."""
    for node in files.nodes("eventBasedGateway"):
        if len(node.outgoing) < 2:
            yield at(
                node, f"{node.title}的出线不足两条，没有可等的选择。", "请再接一个捕获事件，或去掉这一网关。"
            )
        for flow in node.outgoing:
            target = flow.target
            if target is None:
                continue
            waits = target.type == "intermediateCatchEvent" and any(
                target.event(k) is not None for k in CATCHABLE
            )
            if not waits:
                mend = "请在网关后面放消息或计时的中间捕获事件。"
                yield at(target, f"{node.title}之后的{target.title}不是等待消息或时间的事件。", mend)
            elif len(target.incoming) > 1:
                mend = "请让它只从这一网关进入；别处也要等时，另画一个捕获事件。"
                yield at(target, f"{target.title}除了{node.title}以外还有别的进线。", mend)


@rule("error-uncaught")
def error_uncaught(files: Files) -> Iterator[Fault]:
    """An error (or escalation) that no boundary event takes counts as success."""
    for node in files.nodes("endEvent", "intermediateThrowEvent"):
        for kind, called in (("error", "错误"), ("escalation", "升级")):
            event = node.event(kind)
            if event is None or _is_caught(files, node.scope, kind, event.get(f"{kind}Ref"), set()):
                continue
            message = f"{node.title}抛出{called}，但没有边界事件接收，流程会当作成功结束。"
            mend = f"请在包含它的子流程或调用活动的边上放{called}边界事件，或改为普通的结束事件。"
            yield at(node, message, mend)


@rule("error-never")
def error_never(files: Files) -> Iterator[Fault]:
    """A boundary event for an error that nothing inside throws: what fails in a service never reaches it."""
    for node in files.nodes("boundaryEvent"):
        for kind, called in (("error", "错误"), ("escalation", "升级")):
            if node.event(kind) is not None and node.host and not _throws(files, node.host, kind, set()):
                message = (
                    f"{node.title}等待{called}，但{node.host.title}里没有抛出{called}的事件，它永远不会发生。"
                )
                mend = f"请在子流程里画出抛出{called}的结束事件，或删去它；服务出错时流程停下报错，不走这里。"
                yield at(node, message, mend)


def _throws(files: Files, host: Node, kind: str, seen: set[str]) -> bool:
    called = host.xml.get("calledElement") if host.type == "callActivity" else None
    if called and called not in files.processes:
        return True  # It lies elsewhere, as far as this can tell.
    scope = files.processes[called] if called else host.inner
    if scope is None or scope.id in seen:
        return False
    return any(
        (inner.event(kind) is not None and inner.type != "boundaryEvent")
        or _throws(files, inner, kind, seen | {scope.id})
        for inner in scope.nodes
    )


def _is_caught(files: Files, scope: Scope, kind: str, reference: str | None, seen: set[str]) -> bool:
    if scope.holder is not None:
        return _takes(scope.holder, kind, reference) or _is_caught(
            files, scope.holder.scope, kind, reference, seen
        )
    if scope.id in seen:
        return False
    callers = [node for node in files.nodes("callActivity") if node.xml.get("calledElement") == scope.id]
    # Over a call, codes of two files are compared by the engine; that someone listens is what can be seen.
    return bool(callers) and all(
        any(boundary.event(kind) is not None for boundary in caller.boundaries)
        or _is_caught(files, caller.scope, kind, None, seen | {scope.id})
        for caller in callers
    )


def _takes(holder: Node, kind: str, reference: str | None) -> bool:
    events = [event for boundary in holder.boundaries if (event := boundary.event(kind)) is not None]
    return any(reference is None or event.get(f"{kind}Ref") in {None, reference} for event in events)


@rule("timer-cycle")
def timer_cycle(files: Files) -> Iterator[Fault]:
    """A cycle that is late fires many times at once, and an interrupting one blocks its task."""
    for node in files.nodes():
        event = node.event("timer")
        if event is not None and event.find(f"{BPMN}timeCycle") is not None:
            message = f"{node.title}用了循环计时，迟到时会一次触发多遍。"
            yield at(node, message, "请改为日期或时长；催办提醒由系统按任务的 due 自动发出，不用画在图上。")
