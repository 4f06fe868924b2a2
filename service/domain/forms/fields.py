"""What every kind of field has in common, and the round for which a form is compiled."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, ClassVar, Self

from service.domain.forms.cells import Cell
from service.domain.forms.errors import ParameterMissing, RowsMissing
from service.domain.forms.nodes import Node

Rows = Mapping[str, Sequence[tuple[str, str]]]
"""What the domain supplies: source name → (key, title) pairs, for dynamic rows and for choices."""

Condition = tuple[Mapping[str, Any], ...]
"""Alternatives of sibling key → value: shown when all pairs of one alternative hold; empty: always."""

_YEAR = re.compile(r"\{T([+-]\d+)?\}")
_ARTICLE = re.compile(r"(\d+)(?:\((\d+)\))?(\d+)?")


@dataclass(frozen=True)
class Scope:
    """What a form is compiled for: the round's year T, lists from the domain, the edition's parameters."""

    year: int
    rows: Rows
    parameters: Mapping[str, Any]

    def title(self, text: str) -> str:
        """`{T-1}年` with its year."""
        return _YEAR.sub(lambda match: str(self.year + int(match[1] or 0)), text)

    def source(self, name: str) -> Sequence[tuple[str, str]]:
        try:
            return self.rows[name]
        except KeyError:
            raise RowsMissing(source=name) from None

    def bound(self, text: str | None) -> str | None:
        """A bound as a decimal string; a parameter's path is looked up."""
        if text is None or not text.startswith("parameters."):
            return text
        value: Any = self.parameters
        for name in text.split(".")[1:]:
            value = value.get(name) if isinstance(value, Mapping) else None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | str)
            or not re.fullmatch(r"-?\d+(\.\d+)?", str(value))
        ):
            raise ParameterMissing(path=text)
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """One thing to fill in. A subclass is a kind: how it is read, judged, cleaned, shown, and sampled."""

    kind: ClassVar[str]

    key: str
    title: str
    article: str | None = None
    note: str | None = None
    required: bool = True
    when: Condition = ()
    copy: str | None = None
    """The field of the same form whose value this one repeats."""
    source: str | None = None
    """Who else supplies the value; the form only shows it."""

    @classmethod
    @abstractmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        """From its YAML; `common` are the attributes of this class."""

    @abstractmethod
    def schema(self, scope: Scope) -> dict[str, Any]:
        """The JSON Schema of its value."""

    @abstractmethod
    def hint(self, scope: Scope) -> str:
        """What to do, as the end of a message: 请填写整数."""

    def control(self, scope: Scope) -> dict[str, Any]:
        """What the page needs to draw it, beside what all kinds have."""
        return {}

    def clean(self, value: Any, scope: Scope) -> Any:
        """Its one spelling; what cannot be brought into it is returned as it is."""
        return value

    @abstractmethod
    def show(self, value: Any, scope: Scope) -> Cell:
        """For reading; also for what never passed a check."""

    @abstractmethod
    def sample(self, random: Random, scope: Scope) -> Any:
        """A value that passes."""

    def label(self, scope: Scope) -> str:
        return scope.title(self.title)

    def find(self, path: Sequence[str | int], scope: Scope) -> "tuple[str, Field]":
        """The label of the cell at `path` below this field, and the field that judges it."""
        return self.label(scope), self

    @cached_property
    def writable(self) -> bool:
        """Whether a form can take its value at all."""
        return self.copy is None and self.source is None

    def parts(self) -> "Iterator[Field]":
        """Itself, and the rows or columns inside."""
        yield self

    def sources(self) -> Iterator[str]:
        """The lists that it needs from the domain."""
        yield from ()


def is_shown(field: Field, siblings: Mapping[str, Any]) -> bool:
    """Whether the values beside it call for this field."""
    if not field.when:
        return True
    return any(
        all(key in siblings and siblings[key] == value for key, value in alternative.items())
        for alternative in field.when
    )


def condition(when: Condition) -> dict[str, Any]:
    """The condition as JSON Schema, for `if` and for the page."""
    alternatives: list[dict[str, Any]] = [
        {"properties": {key: {"const": value} for key, value in pairs.items()}, "required": list(pairs)}
        for pairs in when
    ]
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def object_schema(fields: Sequence[Field], scope: Scope, *, closed: bool = True) -> dict[str, Any]:
    """The schema of an object with these fields; a conditional field is required only when it is shown."""
    writable = [field for field in fields if field.writable]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {f.key: {"title": f.label(scope), **f.schema(scope)} for f in fields},
        "required": [f.key for f in writable if f.required and not f.when],
    }
    rules = [
        {"if": condition(f.when), "then": {"required": [f.key]}} for f in writable if f.required and f.when
    ]
    if rules:
        schema["allOf"] = rules
    if closed:
        schema["additionalProperties"] = False
    return schema


def describe(field: Field, scope: Scope) -> dict[str, Any]:
    """What the page needs to draw a field, without a line of its schema."""
    described: dict[str, Any] = {
        "key": field.key,
        "kind": field.kind,
        "label": field.label(scope),
        "required": field.required and field.writable,
    }
    if field.note:
        described["note"] = scope.title(field.note)
    if field.article:
        described["article"] = article_title(field.article)
    if field.when:
        described["show"] = condition(field.when)
    return described | field.control(scope)


Reader = Callable[[Node, dict[str, Any]], Field]
"""Reads what is particular to a kind; the attributes that all fields have come as the second argument."""


def read_fields(node: Node, name: str, kinds: Mapping[str, Reader]) -> tuple[Field, ...]:
    """The fields listed under `name`; one that cannot be read is left out, after its findings."""
    fields = [field for item in node.nodes(name, least=1) if (field := read_field(item, kinds))]
    return unique(node, fields)


def unique(node: Node, fields: Sequence[Field]) -> tuple[Field, ...]:
    """The fields, after a finding for every key that stands twice."""
    keys = [field.key for field in fields]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        node.fault(f"“{key}”出现了不止一次。", "同一处的 key 不能重复，请改名。")
    return tuple(fields)


def read_field(node: Node, kinds: Mapping[str, Reader]) -> Field | None:
    """One field of the YAML; None, after a finding, when its kind is unknown."""
    name = node.text("kind")
    if name not in kinds:
        node.fault(f"不认识的类型“{name}”。", f"此处可用的类型：{'、'.join(kinds)}。")
        return None
    field = kinds[name](
        node,
        {
            "key": node.key(),
            "title": node.text("title"),
            "article": node.optional_text("article", limit=40),
            "note": node.optional_text("note"),
            "required": node.flag("required", True),
            "when": _read_condition(node),
            "copy": node.optional_text("copy", limit=50),
            "source": node.optional_text("source", limit=50),
        },
    )
    node.close()
    return field


def _read_condition(node: Node) -> Condition:
    value = node.raw("when")
    alternatives = value if isinstance(value, list) else [] if value is None else [value]
    for pairs in alternatives:
        if (
            not isinstance(pairs, dict)
            or not pairs
            or not all(isinstance(v, str | bool) for v in pairs.values())
        ):
            node.fault("“when”的写法不对。", "请写 when: {另一栏的 key: 值}；几种情形之一的，写成列表。")
            return ()
    return tuple({str(key): value for key, value in pairs.items()} for pairs in alternatives)


def article_title(article: str) -> str:
    """`6(3)` as people cite it: 第6条（3）."""
    if match := _ARTICLE.fullmatch(article):
        number, paragraph, item = match.groups()
        return f"第{number}条" + (f"（{paragraph}）" if paragraph else "") + (item or "")
    return f"释义{article.removeprefix('reading ')}" if article.startswith("reading ") else article
