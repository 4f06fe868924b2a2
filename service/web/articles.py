"""Articles as the pages cite them: linked to their text, whose beginning shows at the link."""

import re
from functools import lru_cache

from flask import url_for
from markupsafe import Markup, escape

from service.auth.requests import db
from service.domain import articles, editions
from service.domain.articles import SILENT
from service.domain.forms.fields import article_title


def anchor(number: str) -> str:
    """Where the page of the articles shows it: `6(3)`, `附件1`, `reading-2`."""
    return number.replace(" ", "-")


def link(edition_id: str, number: str | None, text: str = "") -> Markup:
    """第6条（3）, linked; 办法未规定 where the document is silent, nothing where nothing is cited."""
    if not number:
        return Markup()
    if number == SILENT:
        return Markup("办法未规定")
    edition = editions.get(db(), edition_id)
    cited = editions.cited_in(edition, number)
    url = url_for("editions.articles", edition_id=edition_id, _anchor=anchor(cited))
    title = articles.beginning(edition.articles.get(cited, ""))
    shown = text or article_title(cited)
    return Markup('<a href="{}" title="{}">{}</a>').format(url, title, shown)


def with_links(text: str | None, edition_id: str) -> Markup:
    """A sentence with every article of the edition that it cites linked; 《…法》第9条 is another's."""
    if not text:
        return Markup()
    edition = editions.get(db(), edition_id)
    numbers, pattern = _cited(edition_id, tuple(edition.articles))
    shown, at = Markup(), 0
    for match in pattern.finditer(text):
        shown += escape(text[at : match.start()]) + link(edition_id, numbers[match[0]], match[0])
        at = match.end()
    return shown + escape(text[at:])


@lru_cache(maxsize=64)
def _cited(edition_id: str, numbers: tuple[str, ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    """The articles of an edition by what people call them, and where a sentence does."""
    titles = {article_title(number): number for number in numbers}
    titles |= {_in_full(title): number for title, number in titles.items()}
    longest_first = sorted(titles, key=len, reverse=True)
    alternatives = "|".join(re.escape(title) for title in longest_first)
    return titles, re.compile(rf"(?<![》法例])(?:{alternatives})(?!\d)")


def _in_full(title: str) -> str:
    """第6条（3） as documents write it: 第6条第（3）项."""
    return re.sub(r"条（(\d+)）$", r"条第（\1）项", title)


FUNCTIONS = {"article_link": link}
FILTERS = {"article_anchor": anchor, "with_articles": with_links}
