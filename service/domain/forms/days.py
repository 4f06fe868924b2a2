"""Days that must have come: what was decided, held or found bears no later day than that of handing in."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from service.domain.forms.compiler import Compiled
from service.domain.forms.kinds.dates import Date, is_date
from service.domain.forms.kinds.row_tables import GivenTable, RepeatedTable
from service.domain.forms.places import Place, pointer, value_at
from service.domain.forms.problems import Problem


def postdated(compiled: Compiled, content: Mapping[str, Any], today: date) -> list[Problem]:
    """A problem at every `past` day of a cell that this step may edit, if it is later than `today`."""
    found = []
    for place in _days(compiled, content):
        value = value_at(content, place)
        if isinstance(value, str) and is_date(value) and value > today.isoformat():
            label, _ = compiled.definition.fields[str(place[0])].find(place[1:], compiled.scope)
            found.append(Problem(pointer(place), f"{label}：不能晚于今天；请改正。"))
    return found


def _days(compiled: Compiled, content: Mapping[str, Any]) -> Iterator[Place]:
    for key, field in compiled.definition.fields.items():
        if key not in compiled.editable:
            continue
        if isinstance(field, Date) and field.past:
            yield (key,)
        elif isinstance(field, RepeatedTable | GivenTable):
            columns = [each.key for each in field.columns if isinstance(each, Date) and each.past]
            for row, _, _ in field.each(content.get(key), compiled.scope) if columns else ():
                yield from ((key, row, column) for column in columns)
