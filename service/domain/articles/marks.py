"""What says of itself which article it carries out: elements, table rows, parameters, forms, and the like."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from service.domain import forms
from service.domain.citations import cited, is_taken
from service.domain.forms import Definition
from service.domain.quotes import nested
from service.domain.rules import Rule
from service.engine import decisions, xml
from service.engine.documents import Document as Drawing
from service.engine.documents import Node

SILENT = "silent"
"""The article of a parameter on which the document says nothing."""


class Kind(StrEnum):
    """What carries an article out."""

    ELEMENT = "element"
    DECISION_ROW = "decision_row"
    RULE = "rule"
    PARAMETER = "parameter"
    FORM = "form"
    FORM_PART = "form_part"
    MATERIAL = "material"
    INCENTIVE = "incentive"
    DUTY = "duty"
    SANCTION = "sanction"
    IN_FORCE = "in_force"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Kind.ELEMENT: "流程",
    Kind.DECISION_ROW: "判定表",
    Kind.RULE: "规则",
    Kind.PARAMETER: "参数",
    Kind.FORM: "表单",
    Kind.FORM_PART: "表单栏目",
    Kind.MATERIAL: "材料",
    Kind.INCENTIVE: "激励",
    Kind.DUTY: "义务",
    Kind.SANCTION: "惩戒",
    Kind.IN_FORCE: "施行",
}


_WITHOUT_KEY = {
    Kind.DUTY,
    Kind.FORM_PART,
    Kind.INCENTIVE,
    Kind.IN_FORCE,
    Kind.MATERIAL,
    Kind.SANCTION,
}
"""Kinds whose key is but a place in a list."""


@dataclass(frozen=True)
class Mark:
    """One thing that names an article.

    `title` is what people call it, `place` the process, table or form that it is part of, `key` its id there
    (of a decision row its number), `file` where it is written.
    """

    article: str
    kind: Kind
    title: str
    place: str
    key: str
    file: str

    @property
    def called(self) -> str:
        """In words, with the id by which it is found."""
        if self.kind in _WITHOUT_KEY:
            return self.title
        if self.kind == Kind.DECISION_ROW:
            return f"第 {self.key} 行 {self.title}"
        if self.kind == Kind.PARAMETER:
            return f"{self.key}（{self.title}）" if self.title else self.key
        return f"{self.title}（{self.key}）"


class Group(NamedTuple):
    """Marks of one kind in one process, table or form: what is told of in one line."""

    kind: Kind
    place: str
    marks: list[Mark]

    @property
    def called(self) -> str:
        """表单栏目“推荐表”; quotation marks within are single ones."""
        return nested(f"{self.kind.label}“{self.place}”") if self.place else self.kind.label


class Source(NamedTuple):
    """An edition as far as articles are concerned."""

    main: str
    """The path of edition.yaml."""
    content: Mapping[str, Any]
    """What it says, as JSON."""
    articles: Mapping[str, str]
    """Number → verbatim text, items and readings too."""
    files: Mapping[str, bytes]
    """BPMN and DMN files by path, as far as they can be read."""
    forms: Mapping[str, Definition]
    """Path → definition."""


_LISTS = {"incentives": Kind.INCENTIVE, "duties": Kind.DUTY, "sanctions": Kind.SANCTION}
_NOT_PARAMETERS = {
    "document",
    "forms",
    "materials",
    "not_executable",
    "readings",
    "shared_articles",
    *_LISTS,
}


def grouped(marks: Iterable[Mark]) -> list[Group]:
    """Together what stands together; a rule's place is its parameter, which stands before it anyway."""

    def key(mark: Mark) -> tuple[Kind, str]:
        return mark.kind, "" if mark.kind in (Kind.RULE, Kind.MATERIAL) else mark.place

    return [Group(kind, place, [*same]) for (kind, place), same in groupby(marks, key=key)]


def marks(source: Source, rules: Iterable[Rule]) -> Iterator[Mark]:
    """All of them, file by file; a rule comes with each parameter that steers it."""
    rules = [*rules]
    shared = source.content.get("shared_articles") or {}
    for path, content in sorted(source.files.items()):
        found = _of_drawing(path, content) if path.endswith(".bpmn") else _of_tables(path, content)
        # What editions share calls an article by a word; each says which of its own that is.
        taken = (mark for mark in found if is_taken(mark.article, shared))
        yield from (replace(mark, article=cited(mark.article, shared)) for mark in taken)
    yield from _of_parameters(source, rules)
    yield from _of_forms(source)
    yield from _of_lists(source)
    yield from _of_in_force(source, rules)


_MET = {"true": "：具备", "false": "：不具备"}


def _of_drawing(path: str, content: bytes) -> Iterator[Mark]:
    for node in Drawing(path, content).nodes:
        if article := node.properties.get("article"):
            place = node.scope.process.label
            yield Mark(article, Kind.ELEMENT, _called(node), place, node.id, path)


def _called(node: Node) -> str:
    """A gateway that only joins has no words of its own."""
    return node.name or node.title


def _of_tables(path: str, content: bytes) -> Iterator[Mark]:
    for table in decisions.read(xml.parse(content, path)):
        columns = [output.name for output in table.outputs]
        for row in table.rules if "article" in columns else ():
            cells = dict(zip(columns, row.results, strict=False))
            title = _unquoted(cells.get("label", "")) + _MET.get(cells.get("met", ""), "")
            article = _unquoted(cells["article"])
            yield Mark(article, Kind.DECISION_ROW, title, table.title, str(row.row), path)


def _unquoted(cell: str) -> str:
    return cell.strip().removeprefix('"').removesuffix('"')


def _of_parameters(source: Source, rules: list[Rule]) -> Iterator[Mark]:
    known = {*_paths({**source.content, **_mapping(source.content.get("parameters"))}, "")}
    groups = [
        (path, group)
        for name, value in source.content.items()
        if name not in _NOT_PARAMETERS
        for path, group in _groups(value, "" if name == "parameters" else name)
    ]
    marked = {path for path, group in groups if isinstance(group.get("article"), str)}
    for path, group in groups:
        for article in (group.get("article"), group.get("reading")):
            if isinstance(article, str) and article != SILENT:
                yield Mark(article, Kind.PARAMETER, _values(group), "", path, source.main)
                steered = (rule for rule in rules if rule.is_steered_by(path, known, marked))
                yield from (_of_rule(rule, article, path) for rule in steered)


def _of_rule(rule: Rule, article: str, parameter: str) -> Mark:
    return Mark(article, Kind.RULE, rule.title, parameter, rule.name, "")


def _paths(value: Any, path: str) -> Iterator[str]:
    """Every path below: `quota`, `quota.minimum`."""
    for name, inner in _mapping(value).items():
        below = f"{path}.{name}" if path else name
        yield below
        yield from _paths(inner, below)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _groups(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping below, with its path: `quota`, `selection.caps[0]`."""
    if isinstance(value, Mapping):
        if path:
            yield path, value
        for name, inner in value.items():
            yield from _groups(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _groups(inner, f"{path}[{number}]")


def _values(group: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in group.items() if name not in ("article", "reading")}
    return "，".join(f"{name}: {_value(value)}" for name, value in shown.items() if not _holds_groups(value))


def _holds_groups(value: Any) -> bool:
    """What is itself a group, or a list of such, is told with its own path."""
    return isinstance(value, Mapping) or (
        isinstance(value, list) and any(isinstance(each, Mapping) for each in value)
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    return "无" if value is None else str(value)


def _of_forms(source: Source) -> Iterator[Mark]:
    titles = {form.key: forms.in_any_year(form.title) for form in source.forms.values()}
    for listed in _items(source.content, "forms"):
        key = str(listed.get("key"))
        yield _mark(listed, Kind.FORM, titles.get(key, key), "", key, source.main)
    document = source.content.get("document")
    for annex in _items(document if isinstance(document, Mapping) else {}, "annexes"):
        if annex.get("form"):
            key = str(annex["form"])
            yield Mark(str(annex.get("number")), Kind.FORM, titles.get(key, key), "", key, source.main)
    shared = source.content.get("shared_articles") or {}
    for path, form in source.forms.items():
        for title, article in dict.fromkeys(_cited(form)):
            if not is_taken(article, shared):
                continue
            yield Mark(
                article,
                Kind.FORM_PART,
                forms.in_any_year(title),
                forms.in_any_year(form.title),
                form.key,
                path,
            )


def _cited(form: Definition) -> Iterator[tuple[str, str]]:
    """(title, article) of the form itself and of all that it holds."""
    named: list[Any] = [form, *form.sections]
    for field in form.fields.values():
        named += [*field.parts(), *getattr(field, "written", ())]
    yield from ((part.title, part.article) for part in named if part.article)
    yield from ((f"核对：{check.message}", check.article) for check in form.checks if check.article)


def _of_lists(source: Source) -> Iterator[Mark]:
    for material in _items(source.content, "materials"):
        place = str(material.get("form", ""))
        mark = _mark(material, Kind.MATERIAL, str(material.get("title", "")), place, place, source.main)
        yield from _read_so(mark, material)
    for name, kind in _LISTS.items():
        for number, item in enumerate(_items(source.content, name)):
            title = str(item.get("title") or item.get("act") or "")
            mark = _mark(item, kind, title, "", f"{name}[{number}]", source.main)
            yield from _read_so(mark, item)


def _read_so(mark: Mark, item: Mapping[str, Any]) -> Iterator[Mark]:
    """A mark, and the same of the reading by which its article is carried out so."""
    yield mark
    if item.get("reading"):
        yield replace(mark, article=str(item["reading"]))


def _of_in_force(source: Source, rules: list[Rule]) -> Iterator[Mark]:
    document = source.content.get("document")
    if isinstance(document, Mapping) and document.get("in_force_article"):
        article, key = str(document["in_force_article"]), "first_year"
        title = f"{document.get('in_force')} 起施行，轮次自 {source.content.get(key)} 年度起"
        yield Mark(article, Kind.IN_FORCE, title, "", key, source.main)
        yield from (_of_rule(rule, article, key) for rule in rules if key in rule.parameters)


def _items(content: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    listed = content.get(name)
    yield from (item for item in (listed if isinstance(listed, list) else ()) if isinstance(item, Mapping))


def _mark(item: Mapping[str, Any], kind: Kind, title: str, place: str, key: str, file: str) -> Mark:
    return Mark(str(item.get("article", "")), kind, title, place, key, file)
