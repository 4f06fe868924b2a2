"""Ids and names: those that collide with the engine's own, that stand twice, or that cannot be variables."""

import ast
from collections.abc import Iterator

from service.engine.documents import BPMN, Node, Part, Scope, extension, result_variable
from service.engine.expressions import ExpressionFailed, assignments, name_fault, tree_of
from service.engine.lint.rules import Fault, Files, at, at_file, rule

RESERVED = {"Start", "End", "Root", "StartEventSplit", "StartEventJoin"}
RESERVED_ENDS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin", " [child]")


@rule("reserved-id")
def reserved_id(files: Files) -> Iterator[Fault]:
    """The engine has tasks of these names: an element of that id is skipped, and the process ends early."""
    for node in files.nodes():
        if node.id in RESERVED or node.id.endswith(RESERVED_ENDS):
            message = f"{node.title}的编号 {node.id} 与引擎内部的编号相同，流程会跳过它。"
            yield at(node, message, "请换一个编号，例如加上所做事情的英文：start_application。")


@rule("duplicate-id")
def duplicate_id(files: Files) -> Iterator[Fault]:
    """Two things of one id: the engine takes either, and what is shown on the drawing is the other."""
    for document in files.documents:
        seen: set[str] = set()
        for element in document.root.iter(f"{BPMN}*"):
            found = element.get("id")
            if not found:
                continue
            if found in seen:
                message = f"编号 {found} 在文件里出现了不止一次。"
                yield at_file(document, message, "请给其中一个换一个编号。", found, element.get("name") or "")
            seen.add(found)
    yield from _across_files(files)


def _across_files(files: Files) -> Iterator[Fault]:
    scopes: dict[str, Scope] = {}
    for scope in files.scopes:
        other = scopes.setdefault(scope.id, scope)
        if other.document is not scope.document:
            message = f"{scope.title}的编号 {scope.id} 已被文件 {other.document.file} 使用。"
            yield at(scope, message, "请给其中一个流程或子流程换一个编号。")
    for process in files.processes.values():
        for called in _called(files, process):
            ids = {part.id for part in _parts(process)}
            for part in _parts(called):
                if part.id in ids and called.document is not process.document:
                    message = (
                        f"{part.title}的编号 {part.id} 与调用它的文件 {process.document.file} 里的相同。"
                    )
                    yield at(part, message, "请换一个编号，否则流程图会标错正在办理的步骤。")


def _called(files: Files, process: Scope) -> Iterator[Scope]:
    references = {
        n.xml.get("calledElement") for s in process.within() for n in s.nodes if n.type == "callActivity"
    }
    yield from (
        files.processes[found] for found in sorted(filter(None, references)) if found in files.processes
    )


def _parts(process: Scope) -> Iterator[Part]:
    for scope in process.within():
        yield from scope.nodes
        yield from scope.flows


@rule("variable-name")
def variable_name(files: Files) -> Iterator[Fault]:
    """A variable that no expression could name, or with whose name an instance cannot be loaded again."""
    for node in files.nodes():
        for name in written(node):
            if reason := name_fault(name):
                yield at(
                    node, f"{node.title}写入的变量名不可用：{reason}", "请换一个英文变量名，例如 result。"
                )
        for key in _payload_keys(node):
            if reason := name_fault(key):
                yield at(node, f"{node.title}发送的数据里有不可用的名称：{reason}", "请换一个英文名称。")


def written(node: Node) -> list[str]:
    """The variables that a node writes into the data of its process."""
    names: list[str | None] = []
    operator = extension(node.xml, "serviceTaskOperator")
    if node.type == "serviceTask" and operator is not None:
        names.append(operator.get("resultVariable"))
    elif node.type == "businessRuleTask":
        names.append(result_variable(node.xml))
    elif node.type == "scriptTask":
        names += [name for name, _ in _assignments(node)]
    elif node.type == "userTask" and node.decisions:
        names.append("decision")
    for event in node.events:
        variable = extension(event, "messageVariable")
        names.append((variable.text or "").strip() if variable is not None else None)
    if node.loop is not None:
        output = node.loop.find(f"{BPMN}loopDataOutputRef")
        # Each instance writes into data of its own; only the output comes back.
        names = [(output.text or "").strip() if output is not None else None]
    return [name for name in names if name]


def _assignments(node: Node) -> tuple[tuple[str, str], ...]:
    script = node.xml.find(f"{BPMN}script")
    try:
        return assignments((script.text if script is not None else None) or "")
    except ExpressionFailed:  # Rule `script` says so.
        return ()


def _payload_keys(node: Node) -> list[str]:
    keys = []
    for event in node.events:
        payload = extension(event, "messagePayload")
        try:
            tree = tree_of((payload.text if payload is not None else None) or "")
        except ExpressionFailed:  # Rule `message-payload` says so.
            continue
        for part in ast.walk(tree):
            if isinstance(part, ast.Dict):
                keys += [key.value for key in part.keys if isinstance(key, ast.Constant)]
    return [key for key in keys if isinstance(key, str)]
