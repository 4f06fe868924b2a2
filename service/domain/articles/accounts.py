"""The account of a document: what carries out each article, item, annex and reading, or why nothing can."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from service.domain.articles.marks import SILENT, Group, Kind, Mark, Source, grouped, marks
from service.domain.forms.fields import article_title
from service.domain.rules import Rule, registered
from service.engine.lint.findings import Finding, Severity

WHOLE, PART = "whole", "part"
READING = "reading "
BEGINNING = 60
"""How many characters of a text a list or a tooltip shows."""


class Standing(StrEnum):
    """How much of an article the system carries out."""

    CARRIED_OUT = "carried_out"
    PARTLY = "partly"
    NOT_EXECUTABLE = "not_executable"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return {
            "carried_out": "执行",
            "partly": "部分执行",
            "not_executable": "不能执行",
            "missing": "没有交代",
        }[self]


@dataclass(frozen=True)
class Reason:
    """Why an article, or part of one, is carried out by no system."""

    article: str
    extent: str
    """`whole` or `part`."""
    reason: str

    @property
    def label(self) -> str:
        return "不能执行" if self.extent == WHOLE else "部分不能执行"


@dataclass(frozen=True)
class Article:
    """An article, annex or reading, or an item of one, with what names exactly it.

    An item without marks or reasons of its own is carried out with what it is part of.
    """

    number: str
    text: str
    above: str | None
    """The number of the article, or item, that it is an item of."""
    standing: Standing
    """Of it and of all its items."""
    marks: tuple[Mark, ...]
    reasons: tuple[Reason, ...]

    @property
    def title(self) -> str:
        """As people cite it: 第6条（2）."""
        return article_title(self.number)

    @property
    def is_reading(self) -> bool:
        return self.number.startswith(READING)

    @property
    def groups(self) -> list[Group]:
        """Its marks, line by line."""
        return grouped(self.marks)

    @property
    def beginning(self) -> str:
        """Its first words, on one line."""
        return beginning(self.text)


@dataclass(frozen=True)
class Account:
    """A document's articles, annexes and readings in its order, and what is wrong between them and marks."""

    articles: Mapping[str, Article]
    findings: tuple[Finding, ...]

    @cached_property
    def whole(self) -> list[Article]:
        """Those that are no item of another: 第1条 …, 附件1 …, 释义0 …"""
        return [article for article in self.articles.values() if article.above is None]

    def parts(self, number: str) -> tuple[str, list[Article]]:
        """Its text up to its first item, and its own items; theirs are told in them."""
        own = [each for each in self.articles.values() if each.above == number]
        text = self.articles[number].text
        return (text[: text.index(own[0].text)] if own else text), own

    def items(self, number: str) -> list[Article]:
        """The items of an article, and theirs, in its order."""
        return [each for each in self.articles.values() if number in _above(each.number, self.articles)]


def beginning(text: str) -> str:
    """The first words of an article, on one line."""
    line = "".join(text.split())
    return line if len(line) <= BEGINNING else f"{line[: BEGINNING - 1]}…"


def account(source: Source, rules: Iterable[Rule] | None = None) -> Account:
    """Who carries out what; `rules` are those of the code, all that are known unless given."""
    found = [*dict.fromkeys(marks(source, registered() if rules is None else rules))]
    reasons = [*_reasons(source.content)]
    standings = _standings(source.articles, found, reasons)
    articles = {
        number: Article(
            number=number,
            text=text,
            above=next(iter(_above(number, source.articles)), None),
            standing=standings[number],
            marks=tuple(mark for mark in found if mark.article == number),
            reasons=tuple(reason for reason in reasons if reason.article == number),
        )
        for number, text in source.articles.items()
    }
    return Account(articles, tuple(_findings(source.main, articles, found)))


def _reasons(content: Mapping[str, Any]) -> Iterator[Reason]:
    listed = content.get("not_executable")
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, Mapping):
            yield Reason(*(str(item.get(name, "")) for name in ("article", "extent", "reason")))


def _above(number: str, numbers: Iterable[str]) -> list[str]:
    """What it is an item of, the nearest first."""
    found = [other for other in numbers if _is_item(number, other)]
    return sorted(found, key=len, reverse=True)


def _below(number: str, numbers: Iterable[str]) -> list[str]:
    return [other for other in numbers if _is_item(other, number)]


def _is_item(number: str, of: str) -> bool:
    """7(1)2 of 7(1), and both of 7; but not 附件12 of 附件1."""
    rest = number.removeprefix(of)
    return rest != number and (rest[:1] in ("(", ".") or (of.endswith(")") and rest[:1].isdigit()))


def _standings(numbers: Iterable[str], found: list[Mark], reasons: list[Reason]) -> Mapping[str, Standing]:
    """Of each article with its items; an item of which nothing tells stands as what it is part of."""
    told = {mark.article for mark in found}
    standings: dict[str, Standing] = {}
    for number in sorted(numbers, key=len):  # What holds others comes before them.
        family = {number, *_below(number, numbers)}
        mine = [reason for reason in reasons if reason.article in family]
        above = _above(number, numbers)
        if any(reason.extent == WHOLE and reason.article == number for reason in mine):
            standings[number] = Standing.NOT_EXECUTABLE
        elif family & told:
            standings[number] = Standing.PARTLY if mine else Standing.CARRIED_OUT
        elif above and not mine and any(each in told or _explained(each, reasons) for each in above):
            standings[number] = standings[above[0]]
        else:
            standings[number] = Standing.MISSING
    return standings


def _explained(number: str, reasons: list[Reason]) -> bool:
    return any(reason.article == number for reason in reasons)


def _findings(main: str, articles: Mapping[str, Article], found: list[Mark]) -> Iterator[Finding]:
    yield from _unknown(articles, found)
    for article in articles.values():
        for rule, message, mend, severity in _faults(article, articles, found):
            yield Finding(main, article.number, rule, "", f"{article.title}{message}", mend, severity)


def _unknown(articles: Mapping[str, Article], found: list[Mark]) -> Iterator[Finding]:
    for mark in found:
        if mark.kind != Kind.RULE and mark.article not in articles and mark.article != SILENT:
            called = f"{mark.kind.label}“{mark.title or mark.key}”"
            message = f"{called}注明的条文“{mark.article}”不在办法中。"
            mend = "请改正 article，或在 edition.yaml 中列出条文。"
            yield Finding(mark.file, mark.key, "article-unknown", "", message, mend)


def _faults(
    article: Article, articles: Mapping[str, Article], found: list[Mark]
) -> Iterator[tuple[str, str, str, Severity]]:
    """(rule, what is wrong, what to do, how bad)"""
    if any(reason.extent not in (WHOLE, PART) for reason in article.reasons):
        mend = "请写 whole（整条不能执行）或 part（部分不能执行）。"
        yield "article-extent", "没有写明整条还是部分不能执行（extent）。", mend, "error"
    if article.is_reading:
        if not article.marks:
            mend = "请在依照它办理之处注明，或删去它。"
            yield "reading-unused", "没有任何地方引用。", mend, "warning"
    elif article.standing == Standing.MISSING:
        if article.above is None or articles[article.above].standing != Standing.MISSING:
            rest = "注明部分不能执行，其余部分却" if article.reasons else ""
            message = f"{rest}没有环节、参数或表单执行{'' if rest else '，也没有说明原因'}。"
            mend = "请在执行它的地方注明 article，或在 not_executable 中写明原因。"
            yield "article-missing", message, mend, "warning"
    elif any(reason.extent == WHOLE for reason in article.reasons):
        family = {article.number, *_below(article.number, articles)}
        if contrary := [mark.title or mark.key for mark in found if mark.article in family]:
            message = f"列为整条不能执行，却有“{'”“'.join(contrary[:5])}”执行它。"
            mend = "请把 extent 改为 part，或改正这些地方的 article。"
            yield "article-contradicted", message, mend, "warning"
