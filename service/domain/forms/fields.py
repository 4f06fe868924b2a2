"""What every kind of field has in common."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, ClassVar, Self

from service.domain.forms.cells import Cell
from service.domain.forms.conditions import Condition, as_schema
from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope

_ARTICLE = re.compile(r"([^(.]*)(.*)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """One thing to fill in. A subclass is a kind: how it is read, judged, cleaned, shown, and sampled."""

    kind: ClassVar[str]
    always: ClassVar[bool] = False
    """Whether cleaning gives it a value where there is none: a table's cells are to be named one by one."""

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
    formula: str | None = None
    """How a number follows from the fields beside it; nobody types it."""

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

    def describe(self, scope: Scope) -> dict[str, Any]:
        """What the page needs to draw it, without a line of its schema."""
        described: dict[str, Any] = {
            "key": self.key,
            "kind": self.kind,
            "label": self.label(scope),
            "required": self.required and self.writable,
        }
        if self.note:
            described["note"] = scope.title(self.note)
        if self.article:
            described["article"] = article_title(self.article)
        if self.when:
            described["show"] = as_schema(self.when)
        if not self.writable:
            described["readonly"] = True
        return described | self.control(scope)

    def control(self, scope: Scope) -> dict[str, Any]:
        """What a kind adds to `describe`."""
        return {}

    def as_name(self, value: Any) -> Any:
        """Its value as expressions read it."""
        return value

    def each(self, value: Any, scope: Scope) -> "Iterator[tuple[str | int, str, Mapping[str, Any]]]":
        """What a check of every row goes through: its key or number, what messages call it, its cells."""
        yield from ()

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
        return self.copy is None and self.source is None and self.formula is None

    def parts(self) -> "Iterator[Field]":
        """Itself, and the rows or columns inside."""
        yield self

    def sources(self) -> Iterator[str]:
        """The lists that it needs from the domain."""
        yield from ()

    def bounds(self) -> Iterator[str]:
        """What warnings about its cells compare with: numbers, or paths of parameters."""
        yield from ()

    def cited(self) -> Iterator[str]:
        """The articles that it names, and its rows and columns."""
        yield from (part.article for part in self.parts() if part.article)


def article_title(article: str) -> str:
    """`6(3)` as people cite it: 第6条（3）; 附件1, 通知二 as they are."""
    if article.startswith("reading "):
        return f"释义{article.removeprefix('reading ')}"
    number, below = _ARTICLE.fullmatch(article).groups()  # type: ignore[union-attr]  # It matches every text.
    below = below.replace("(", "（").replace(")", "）").replace(".", "第", 1)
    below += "项" if below.startswith("第") else ""
    return (f"第{number}条" if number.isdecimal() else number) + below
