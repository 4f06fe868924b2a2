"""Multi-instances: over a map, with a map of results."""

import re
from collections.abc import Iterator

from lxml import etree

from service.engine.documents import BPMN, Node, text_of
from service.engine.lint.rules import Fault, Files, at, rule

_PATH = re.compile(r"[A-Za-z]\w*(\.\w+)*", re.ASCII)


@rule("multi-instance")
def multi_instance(files: Files) -> Iterator[Fault]:
    """By number or over a list, results come in order of completion, overwrite each other, and loops fail."""
    for node in files.nodes():
        loop = node.loop
        if loop is None:
            continue
        if loop.find(f"{BPMN}loopCardinality") is not None:
            message = f"{node.title}按份数生成任务，分不清哪一份是谁的。"
            yield at(node, message, "请改为对一组“编号: 人员”的数据逐项生成（loopDataInputRef）。")
            continue
        parts = {
            "loopDataInputRef": text_of(loop.find(f"{BPMN}loopDataInputRef")),
            "inputDataItem": _id(loop.find(f"{BPMN}inputDataItem")),
            "loopDataOutputRef": text_of(loop.find(f"{BPMN}loopDataOutputRef")),
            "outputDataItem": _id(loop.find(f"{BPMN}outputDataItem")),
        }
        missing = [name for name, value in parts.items() if not value]
        if missing:
            message = f"{node.title}逐项生成任务，但缺少 {'、'.join(missing)}，各人的结果会互相覆盖。"
            yield at(node, message, "请写明来源（一组“编号: 人员”）、每项的变量、结果的变量和每项的结果。")
        elif not _PATH.fullmatch(parts["loopDataInputRef"] or ""):
            message = f"{node.title}的来源 {parts['loopDataInputRef']} 不是变量。"
            yield at(node, message, "请写变量名，或 scoring.members 这样的一项。")
        elif unresolved := _unresolved(node, parts):
            message = (
                f"{node.title}引用的 {'、'.join(unresolved)} 在文件里没有声明，建模工具保存时会把它丢掉。"
            )
            declared = " ".join(f'<bpmn:property id="{name}"/>' for name in unresolved)
            mend = f"请在流程里声明：{declared}。"
            yield at(node, message, mend)


def _id(element: etree._Element | None) -> str | None:
    return element.get("id") if element is not None else None


def _unresolved(node: Node, parts: dict[str, str | None]) -> list[str]:
    declared = {found.get("id") for found in node.document.root.iter(f"{BPMN}property")}
    wanted = [parts["loopDataInputRef"], parts["loopDataOutputRef"]]
    return [name for name in wanted if name and name not in declared]


@rule("multi-instance-boundary")
def multi_instance_boundary(files: Files) -> Iterator[Fault]:
    """A flow from its own boundary event straight back to it fails; through a gateway it works."""
    for node in files.nodes("boundaryEvent"):
        for flow in node.outgoing:
            if node.host and node.host.loop is not None and flow.target is node.host:
                message = f"{flow.title}从边界事件直接回到它所附的多实例任务，引擎会在这里出错。"
                yield at(flow, message, "请先接到一个排他网关，再由网关回到这一任务。")
