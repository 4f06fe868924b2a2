"""Citing: an article that edition.yaml names is one that it has."""

from collections.abc import Iterable

from service.domain.forms.nodes import Node


def cite(node: Node, articles: Iterable[str], name: str = "article") -> str:
    """The number that stands under `name`; a fault where there is no such article."""
    number = node.text(name, limit=20)
    if number and number not in articles:
        node.fault(
            f"条文“{number}”不在办法中。", "请写 document.articles 中的编号，如 6、7(1)、附件1、reading 2。"
        )
    return number
