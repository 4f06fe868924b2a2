"""Content as labelled rows and cells, for pages that show a form without editing it, and for printing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain.forms.cells import Cell
from service.domain.forms.compiler import Compiled
from service.domain.forms.conditions import is_met
from service.domain.forms.fields import Field, article_title
from service.domain.forms.kinds.grids import Grid, Table


@dataclass(frozen=True, slots=True)
class Block:
    """A labelled value, or a table: exactly one of `cell` and `table` is given."""

    key: str
    title: str
    cell: Cell | None = None
    table: Grid | None = None


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the form, in the order of the document."""

    title: str
    article: str | None
    """As people cite it: 第6条（3）."""
    blocks: tuple[Block, ...]


def present(compiled: Compiled, content: Mapping[str, Any]) -> list[ShownSection]:
    """What `content` says, section by section, without what conditions hide, be it all of a section."""
    return [
        ShownSection(
            title=compiled.scope.title(section.title),
            article=article_title(section.article) if section.article else None,
            blocks=tuple(_block(compiled, field, content.get(field.copy or field.key)) for field in shown),
        )
        for section in compiled.definition.sections
        if (shown := [field for field in section.fields if is_met(field.when, content)])
    ]


def _block(compiled: Compiled, field: Field, value: Any) -> Block:
    label = field.label(compiled.scope)
    if isinstance(field, Table):
        return Block(field.key, label, table=field.grid(value, compiled.scope))
    return Block(field.key, label, cell=field.show(value, compiled.scope))
