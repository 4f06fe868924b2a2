"""What the system does by itself: services, scripts, expressions, tables and called processes."""

from collections.abc import Iterator
from dataclasses import dataclass

from service.engine.documents import BPMN, SPIFF, Node, Part, decision_reference, extension, text_of
from service.engine.expressions import ExpressionFailed, assignments, fault
from service.engine.lint.findings import Severity
from service.engine.lint.rules import Fault, Files, at, at_file, rule


@rule("service-operator")
def service_operator(files: Files) -> Iterator[Fault]:
    """A service task that names no service, or a parameter without name, type or value."""
    for node in files.nodes("serviceTask"):
        operator = extension(node.xml, "serviceTaskOperator")
        if operator is None or not operator.get("id"):
            yield at(
                node, f"{node.title}没有写明要调用的服务。", "请加上 serviceTaskOperator，写明服务的名称。"
            )
            continue
        for parameter in operator.iter(f"{SPIFF}parameter"):
            name = parameter.get("id") or ""
            if (
                not name.isidentifier()
                or not parameter.get("type")
                or not (parameter.get("value") or "").strip()
            ):
                message = (
                    f"{node.title}的参数“{name}”不完整：名称（英文字母、数字、下划线）、类型、值都要有。"
                )
                yield at(node, message, "请补全这一参数，或删去它。")


@rule("service-unknown")
def service_unknown(files: Files) -> Iterator[Fault]:
    """A service that nothing above the engine has registered."""
    known = files.known.services
    for node in files.nodes("serviceTask"):
        operator = extension(node.xml, "serviceTaskOperator")
        name = operator.get("id") if operator is not None else None
        if known is not None and name and name not in known:
            message = f"{node.title}要调用的服务 {name} 不存在。"
            yield at(node, message, f"可用的服务有 {'、'.join(sorted(known)) or '（没有）'}。请改正名称。")


@rule("script")
def script(files: Files) -> Iterator[Fault]:
    """Scripts are assignments, nothing else: no code of a file is ever run."""
    for node in files.nodes("scriptTask"):
        try:
            pairs = assignments(text_of(node.xml.find(f"{BPMN}script")) or "")
        except ExpressionFailed as error:
            yield at(node, f"{node.title}的脚本不能用：{error.reason}", _SCRIPT_MEND)
            continue
        for _, expression in pairs:
            if reason := fault(expression, files.known.functions):
                yield at(node, f"{node.title}的脚本里 {expression} 不能用：{reason}", _SCRIPT_MEND)


_SCRIPT_MEND = "脚本只能写“变量 = 表达式”，每行一个；别的事情请用服务任务。"


@dataclass(frozen=True)
class Site:
    """Where an expression stands."""

    part: Part
    place: str
    text: str


def _sites(files: Files) -> Iterator[Site]:
    for flow in files.flows:
        if flow.condition:
            yield Site(flow, "条件", flow.condition)
    for node in files.nodes():
        yield from _of_node(node)


def _of_node(node: Node) -> Iterator[Site]:
    for name in ("assignee", "due"):
        if text := node.properties.get(name):
            yield Site(node, f"属性 {name}", text)
    operator = extension(node.xml, "serviceTaskOperator")
    for parameter in operator.iter(f"{SPIFF}parameter") if operator is not None else ():
        if text := (parameter.get("value") or "").strip():
            yield Site(node, f"参数 {parameter.get('id')}", text)
    for event in node.events:
        if text := text_of(extension(event, "messagePayload")):
            yield Site(node, "发送的数据", text)
        for correlation in event.iter(f"{SPIFF}processVariableCorrelation"):
            if text := text_of(correlation.find(f"{SPIFF}expression")):
                yield Site(node, f"关联属性 {text_of(correlation.find(f'{SPIFF}propertyId'))}", text)
    if node.loop is not None and (text := text_of(node.loop.find(f"{BPMN}completionCondition"))):
        yield Site(node, "多实例的完成条件", text)


@rule("expression")
def expression(files: Files) -> Iterator[Fault]:
    """An expression that cannot be read, or calls a function that nobody has: found now, not in a year."""
    for site in _sites(files):
        if reason := fault(site.text, files.known.functions):
            message = f"{site.part.title}的{site.place}（{site.text}）不能用：{reason}"
            yield at(
                site.part, message, "请改正这一表达式；文字要加引号，相等写作 ==，并且写 and，或者写 or。"
            )
    for document in files.documents:
        for sent in document.messages.values():
            for name, text in sent.retrievals.items():
                if reason := fault(text, files.known.functions):
                    said = f"消息“{sent.name}”的关联属性 {name} 的取值 {text} 不能用：{reason}"
                    yield at_file(document, said, f"一般写作 {name}。", sent.id, sent.name)


@rule("decision-table")
def decision_table(files: Files) -> Iterator[Fault]:
    """A business rule task without a table, or with one that is not among the files."""
    known = {table.decision.id for table in files.tables}
    for node in files.nodes("businessRuleTask"):
        reference = decision_reference(node.xml)
        if not reference:
            yield at(node, f"{node.title}没有写明要用的决策表。", "请加上 calledDecisionId，写明决策的编号。")
        elif reference not in known:
            message = f"{node.title}要用的决策表 {reference} 不在这些文件里。"
            mend = (
                f"现有的决策表：{'、'.join(sorted(known)) or '（没有）'}。请改正编号，或加上缺少的 DMN 文件。"
            )
            yield at(node, message, mend, _severity(files))


@rule("called-element")
def called_element(files: Files) -> Iterator[Fault]:
    """A call of a process that is not among the files, or that calls itself."""
    for node in files.nodes("callActivity"):
        reference = node.xml.get("calledElement")
        if not reference:
            yield at(node, f"{node.title}没有写明要调用的流程。", "请在属性面板里写上流程的编号。")
        elif reference not in files.processes:
            message = f"{node.title}要调用的流程 {reference} 不在这些文件里。"
            mend = f"现有的流程：{'、'.join(sorted(files.processes))}。请改正编号，或加上缺少的 BPMN 文件。"
            yield at(node, message, mend, _severity(files))
        elif _comes_back(files, node, reference, set()):
            yield at(
                node, f"{node.title}会调用到它自己所在的流程，永远不会结束。", "请用回路代替这样的调用。"
            )


def _comes_back(files: Files, node: Node, reference: str, seen: set[str]) -> bool:
    if reference == node.scope.process.id:
        return True
    if reference in seen or reference not in files.processes:
        return False
    called = {
        inner.xml.get("calledElement") or ""
        for scope in files.processes[reference].within()
        for inner in scope.nodes
        if inner.type == "callActivity"
    }
    return any(_comes_back(files, node, further, seen | {reference}) for further in called)


def _severity(files: Files) -> Severity:
    return "error" if files.package.is_whole else "warning"
