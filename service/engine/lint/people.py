"""User tasks: who does them, how they are called, and the article that each task carries out."""

from collections.abc import Iterator

from service.engine.documents import BPMN, Node
from service.engine.lint.rules import Fault, Files, at, at_file, rule

ARTICLED = {"userTask", "serviceTask", "businessRuleTask", "scriptTask", "callActivity"}


@rule("name-missing")
def name_missing(files: Files) -> Iterator[Fault]:
    """What stands in a person's list of tasks needs words."""
    for node in files.nodes("userTask"):
        if not node.name:
            yield at(
                node,
                f"用户任务 {node.id} 没有名称，待办列表里会是空白。",
                "请写上办法里的说法，例如“市级审核”。",
            )


@rule("nobody")
def nobody(files: Files) -> Iterator[Fault]:
    """A user task outside every lane, without office or assignee: it would wait for nobody."""
    for node in files.nodes("userTask"):
        if not _has_someone(files, node, set()):
            message = f"{node.title}没有办理人：不在泳道里，也没有 office 或 assignee 属性。"
            yield at(
                node, message, "请把它放进办理单位的泳道，或写上属性 office（单位种类）和 level（层级）。"
            )


def _has_someone(files: Files, node: Node, seen: set[str]) -> bool:
    if node.lanes or "office" in node.properties or "assignee" in node.properties:
        return True
    process = node.scope.process
    if process.id in seen:
        return False
    callers = [
        caller for caller in files.nodes("callActivity") if caller.xml.get("calledElement") == process.id
    ]
    return bool(callers) and all(_has_someone(files, caller, seen | {process.id}) for caller in callers)


@rule("lane-unknown")
def lane_unknown(files: Files) -> Iterator[Fault]:
    """A lane that the edition gives to no office."""
    known = files.package.lanes
    for document in files.documents if known else ():
        used = {lane for node in document.nodes if node.type == "userTask" for lane in node.lanes[:1]}
        for lane in document.root.iter(f"{BPMN}lane"):
            lane_id = lane.get("id") or ""
            if lane_id in used and lane_id not in known:
                message = f"泳道“{lane.get('name') or lane_id}”（{lane_id}）没有对应的办理单位。"
                mend = f"请把泳道的编号改为 {'、'.join(known)} 之一，或在 edition.yaml 的 lanes 里写明它。"
                yield at_file(document, message, mend, lane_id, lane.get("name") or "")


@rule("article")
def article(files: Files) -> Iterator[Fault]:
    """Each step carries out an article; in an edition, one that its document has."""
    known = files.known.articles
    for node in files.nodes():
        cited = node.properties.get("article")
        if cited is None and node.type in ARTICLED:
            message = f"{node.title}没有注明依据办法的哪一条。"
            mend = "请写上属性 article，例如 6、7(1) 或 reading 2。"
            yield at(node, message, mend, "warning" if known is None else "error")
        elif cited and known is not None and cited not in known and cited.partition("(")[0] not in known:
            message = f"{node.title}注明依据 {cited}，办法里没有这一条。"
            yield at(node, message, f"办法有 {'、'.join(sorted(known))}。请改正条文编号。")


@rule("form-unknown")
def form_unknown(files: Files) -> Iterator[Fault]:
    """A form key that no form of the edition has."""
    known = files.known.forms
    for node in files.nodes("userTask"):
        for key in node.form_keys if known is not None else ():
            if known is not None and key not in known:
                message = f"{node.title}要填的表单 {key} 不存在。"
                yield at(
                    node, message, f"可用的表单有 {'、'.join(sorted(known)) or '（没有）'}。请改正 formKey。"
                )


@rule("effect-unknown")
def effect_unknown(files: Files) -> Iterator[Fault]:
    """An effect that nothing above the engine has registered."""
    known = files.known.effects
    for node in files.nodes("userTask"):
        effect = node.properties.get("effect")
        if known is not None and effect and effect not in known:
            message = f"{node.title}办结时要执行的 {effect} 不存在。"
            yield at(node, message, f"可用的有 {'、'.join(sorted(known)) or '（没有）'}。请改正属性 effect。")
