"""Yes or no, one of several, any of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Self

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import Field
from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class YesNo(Field):
    """是 or 否; a boolean, which is missing until somebody has chosen."""

    kind: ClassVar[str] = "yes_no"

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(**common)

    def schema(self, scope: Scope) -> dict[str, Any]:
        return {"type": "boolean"}

    def hint(self, scope: Scope) -> str:
        return "请选择“是”或“否”"

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell({True: "是", False: "否"}[value] if isinstance(value, bool) else as_text(value))

    def sample(self, random: Random, scope: Scope) -> bool:
        return random.random() < 0.5


@dataclass(frozen=True, kw_only=True)
class _Options(Field):
    """Options written in the form (value → label), or a list that the domain supplies."""

    options: tuple[tuple[str, str], ...] = ()
    options_from: str | None = None

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        options = node.mapping("options")
        if options is None:
            node.fault("缺少 options。", "请写 options: {值: 显示的文字}，或 options: {from: 名单}。")
            return cls(**common)
        if options.has("from"):
            source = options.key("from")
            options.close()
            return cls(**common, options_from=source)
        pairs = tuple((value, label) for value, label in options.items() if isinstance(label, str))
        if len(pairs) < 2 or len(pairs) != sum(1 for _ in options.items()):
            node.fault("options 至少要有两个选项，且显示的文字不能为空。", "请写 options: {值: 显示的文字}。")
        return cls(**common, options=pairs)

    def pairs(self, scope: Scope) -> Sequence[tuple[str, str]]:
        return scope.source(self.options_from) if self.options_from else self.options

    def control(self, scope: Scope) -> dict[str, Any]:
        return {"options": [{"value": value, "label": label} for value, label in self.pairs(scope)]}

    def sources(self) -> Any:
        if self.options_from:
            yield self.options_from


@dataclass(frozen=True, kw_only=True)
class Choice(_Options):
    """One of several."""

    kind: ClassVar[str] = "choice"

    def schema(self, scope: Scope) -> dict[str, Any]:
        values = [value for value, _ in self.pairs(scope)]
        return {"type": "string", "minLength": int(self.required), "enum": ["", *values]}

    def hint(self, scope: Scope) -> str:
        return "请选择一项"

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(
            dict(self.pairs(scope)).get(value, as_text(value)) if isinstance(value, str) else as_text(value)
        )

    def sample(self, random: Random, scope: Scope) -> str:
        pairs = self.pairs(scope)
        return random.choice(pairs)[0] if pairs else ""  # A list of the domain's may hold nobody yet.


@dataclass(frozen=True, kw_only=True)
class Choices(_Options):
    """Any of several, as a list."""

    kind: ClassVar[str] = "choices"

    def schema(self, scope: Scope) -> dict[str, Any]:
        return {
            "type": "array",
            "items": {"type": "string", "enum": [value for value, _ in self.pairs(scope)]},
            "minItems": int(self.required),
            "uniqueItems": True,
        }

    def hint(self, scope: Scope) -> str:
        return "请从列出的选项中选择"

    def show(self, value: Any, scope: Scope) -> Cell:
        labels = dict(self.pairs(scope))
        return Cell(
            "、".join(labels.get(item, as_text(item)) for item in value)
            if isinstance(value, list)
            else as_text(value)
        )

    def sample(self, random: Random, scope: Scope) -> list[str]:
        return [random.choice(self.pairs(scope))[0]] if self.required else []
