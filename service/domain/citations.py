"""Citations: the article that each edition means by what a file shared by several says.

A shared file cannot know the numbers of every document. It carries a mark (`article: notice`), and the
edition's `shared_articles` says which of its articles that is. A file of an edition's own carries numbers.
"""

from collections.abc import Mapping

Marks = Mapping[str, str | None]
"""Mark → article, as `shared_articles` of edition.yaml gives them; None: the edition has no such step."""


def cited(article: str, marks: Marks) -> str:
    """The article, as its document numbers it, that a mark or a number stands for in one edition."""
    return marks.get(article) or article


def is_taken(article: str, marks: Marks) -> bool:
    """Whether the edition goes this way at all: a shared drawing may hold steps that only others ask for."""
    return marks.get(article, article) is not None
