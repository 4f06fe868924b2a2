"""What is different between two editions of a programme: for whoever makes next year's of this year's."""

import json
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from service.domain import forms
from service.domain.editions.folders import EditionFolder
from service.domain.forms.fields import article_title
from service.engine.documents import Document as Drawing

ALIKE = 0.6
"""From which share of common text on an article counts as the other's, in new words or under a new number."""


class Change(NamedTuple):
    """One difference; `before` or `after` is empty where there is nothing on that side."""

    what: str
    """第6条 → 第8条, quota.minimum, 遴选：record_quota …"""
    before: str
    after: str


class Differences(NamedTuple):
    """Everything that is different, in the order of the later edition."""

    articles: list[Change]
    parameters: list[Change]
    elements: list[Change]
    forms: list[Change]


def compare(before: EditionFolder, after: EditionFolder) -> Differences:
    """From one edition to the other. XmlRefused where a drawing of either cannot be read."""
    return Differences(
        articles=[*_articles(before, after)],
        parameters=[*_changes(_flat(before.document.parameters), _flat(after.document.parameters))],
        elements=[*_changes(_elements(before), _elements(after))],
        forms=[*_changes(_forms(before), _forms(after))],
    )


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for what in dict.fromkeys((*after, *before)):
        if before.get(what) != after.get(what):
            yield Change(what, before.get(what, ""), after.get(what, ""))


def _articles(before: EditionFolder, after: EditionFolder) -> Iterator[Change]:
    """Paired by their words, for a new edition numbers them anew: the same text is no change."""
    old, new = _texts(before), _texts(after)
    pairs = _pairs(old, new)
    for number, text in new.items():
        source = pairs.get(number)
        if source is None:
            yield Change(article_title(number), "", text)
        elif old[source] != text:
            moved = source != number
            title = f"{article_title(source)} → {article_title(number)}" if moved else article_title(number)
            yield Change(title, old[source], text)
    for number, text in old.items():
        if number not in pairs.values():
            yield Change(article_title(number), text, "")


def _texts(folder: EditionFolder) -> dict[str, str]:
    document = folder.document.content.get("document", {})
    return {str(each["number"]): str(each["text"]) for each in document.get("articles", [])}


def _pairs(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """New number → old number: the most alike first, each only once."""
    likeness = sorted(
        (
            (_alike(text, other), number == source, number, source)
            for number, text in new.items()
            for source, other in old.items()
        ),
        reverse=True,
    )
    pairs: dict[str, str] = {}
    for share, _, number, source in likeness:
        if share >= ALIKE and number not in pairs and source not in pairs.values():
            pairs[number] = source
    return pairs


def _alike(text: str, other: str) -> float:
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0  # Bounds from above: the exact share costs the product of both lengths.
    return matcher.ratio()


def _flat(value: Any, path: str = "") -> dict[str, str]:
    """Every parameter by its path; a list of plain values is one value."""
    if isinstance(value, Mapping):
        return {
            key: text
            for name, inner in value.items()
            for key, text in _flat(inner, f"{path}.{name}" if path else str(name)).items()
        }
    if isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        return {
            key: text for i, inner in enumerate(value) for key, text in _flat(inner, f"{path}[{i}]").items()
        }
    if isinstance(value, list):
        return {path: "、".join(str(each) for each in value)}
    return {path: json.dumps(value) if value is None or isinstance(value, bool) else str(value)}


def _elements(folder: EditionFolder) -> dict[str, str]:
    """Named elements of all drawings, by process and id."""
    return {
        f"{node.scope.process.id}: {node.id}": node.name
        for path, content in sorted(folder.package.bpmn.items())
        for node in Drawing(path, content).nodes
        if node.name
    }


def _forms(folder: EditionFolder) -> dict[str, str]:
    return {form.key: forms.in_any_year(form.title) for form in folder.forms.values()}
