"""Reading fields from YAML, whatever their kind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from service.domain.forms.conditions import Condition
from service.domain.forms.fields import Field
from service.domain.forms.nodes import Node
from service.engine.expressions import fault

COMPUTED = ("decimal", "integer")
"""The kinds that a formula can give."""

Reader = Callable[[Node, dict[str, Any]], Field]
"""Reads what is particular to a kind; the attributes that all fields have come as the second argument."""


def read_fields(node: Node, name: str, kinds: Mapping[str, Reader]) -> tuple[Field, ...]:
    """The fields listed under `name`; one that cannot be read is left out, after its findings."""
    fields = [field for item in node.nodes(name, least=1) if (field := read_field(item, kinds))]
    return unique(node, fields)


class Keyed(Protocol):
    """A field, or a row that the form writes out."""

    @property
    def key(self) -> str: ...


Part = TypeVar("Part", bound=Keyed)


def unique(node: Node, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, after a finding for every key that stands twice."""
    keys = [part.key for part in parts]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        node.fault(f"“{key}”出现了不止一次。", "同一处的 key 不能重复，请改名。")
    return tuple(parts)


def read_field(node: Node, kinds: Mapping[str, Reader]) -> Field | None:
    """One field of the YAML; None, after a finding, when its kind is unknown."""
    name = node.text("kind")
    if name not in kinds:
        node.fault(f"不认识的类型“{name}”。", f"此处可用的类型：{'、'.join(kinds)}。")
        return None
    formula = node.optional_text("formula")
    if formula is not None and name not in COMPUTED:
        node.fault(f"“{name}”不能有 formula。", f"只有 {'、'.join(COMPUTED)} 可以按公式计算。")
    elif formula is not None and (reason := fault(formula, known_functions=frozenset())):
        node.fault(f"公式“{formula}”有误：{reason}", "请改正。")
    field = kinds[name](
        node,
        {
            "key": node.key(),
            "title": node.text("title"),
            "article": node.article(),
            "note": node.optional_text("note"),
            "required": node.flag("required", True),
            "when": _read_condition(node),
            "copy": node.optional_text("copy", limit=50),
            "source": node.optional_text("source", limit=50),
            "formula": formula,
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
