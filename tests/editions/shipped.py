"""A shipped edition as the tests of what it says read it."""

from functools import cached_property
from typing import Any

from service.domain.editions import EditionFolder
from service.engine.documents import Document, Node
from tests.editions.drawings import ROOT


class Shipped:
    """An edition, read when it is first asked for."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def folder(self) -> EditionFolder:
        return EditionFolder.read(ROOT, self.name)

    @property
    def content(self) -> dict[str, Any]:
        """Of edition.yaml."""
        return dict(self.folder.document.content)

    @property
    def parameters(self) -> dict[str, Any]:
        return dict(self.folder.document.parameters)

    @property
    def texts(self) -> dict[str, str]:
        """The articles, by number."""
        return dict(self.folder.document.articles)

    @cached_property
    def drawings(self) -> list[Document]:
        return [Document(path, content) for path, content in sorted(self.folder.package.bpmn.items())]

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Every node of every drawing, by id."""
        return {node.id: node for drawing in self.drawings for node in drawing.nodes}


def before(node: Node) -> set[str]:
    """What can have been done before a node, however far, in its own process."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for flow in waiting.pop().incoming:
            if flow.source is not None and flow.source.id not in found:
                found.add(flow.source.id)
                waiting.append(flow.source)
    return found
