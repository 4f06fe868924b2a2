"""The drawing: what is not drawn cannot be shown, and nobody sees that it is there."""

from collections.abc import Iterator

from service.engine.documents import BPMNDI, Document, Part
from service.engine.lint.findings import Severity
from service.engine.lint.rules import Fault, Files, at, rule


@rule("not-drawn")
def not_drawn(files: Files) -> Iterator[Fault]:
    """A node without a shape or a flow without a line; an error for an edition, which people are to read."""
    severity: Severity = "warning" if files.known.articles is None else "error"
    for document in files.documents:
        drawn = _drawn(document)
        parts: list[Part] = [*document.nodes, *document.flows]
        for part in parts:
            if part.id not in drawn:
                message = f"{part.title}没有画在图上，浏览时看不到它。"
                yield at(part, message, "请在建模工具里打开文件，把它画出来或删去，再保存。", severity)


def _drawn(document: Document) -> set[str | None]:
    shapes = document.root.iter(f"{BPMNDI}BPMNShape", f"{BPMNDI}BPMNEdge")
    return {shape.get("bpmnElement") for shape in shapes if len(shape)}
