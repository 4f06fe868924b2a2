"""For every shipped form: a valid content has no problem, and one wrong cell is told at exactly that cell."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import forms
from service.domain.forms.places import pointer
from tests.forms import shipped
from tests.forms.shipped import compiled, valid

Path = tuple[str | int, ...]
CHECKED = {check.cell for key in shipped.KEYS for check in shipped.definition(key).checks}

keys = st.sampled_from(shipped.KEYS)
seeds = st.integers(0, 10_000)


def cells(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every cell of a content; a file, a date and a choice is one cell."""
    if isinstance(value, dict) and "sha256" not in value:
        for key, inner in value.items():
            yield from cells(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict) and "sha256" not in value[0]:
        for index, inner in enumerate(value):
            yield from cells(inner, (*path, index))
    else:
        yield path


def changed(content: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    copied = copy.deepcopy(content)
    container: Any = copied
    for part in path[:-1]:
        container = container[part]
    container[path[-1]] = value
    return copied


@given(keys, seeds)
@settings(max_examples=150)
def test_a_sample_has_no_problem_and_is_clean(key: str, seed: int) -> None:
    form, content = compiled(key), valid(key, seed)
    assert forms.validate(form, content) == []
    assert forms.clean(form, content) == content


@given(keys, seeds, st.data())
@settings(max_examples=300)
def test_one_wrong_cell_is_told_at_exactly_that_cell(key: str, seed: int, data: st.DataObject) -> None:
    form, content = compiled(key), valid(key, seed)
    readonly = {field.key for field in form.definition.fields.values() if not field.writable}
    path = data.draw(st.sampled_from([path for path in cells(content) if path[0] not in readonly]))
    wrong = changed(content, path, data.draw(st.sampled_from([{"x": "1"}, 1.5, None])))
    found = [problem.pointer for problem in forms.validate(form, wrong)]
    # A check that reads the cell waits; a field that it hides or shows is no longer judged the same.
    expected = pointer(path)
    assert expected in found
    conditional = {
        field.key for field in form.definition.fields.values() for part in field.parts() if part.when
    }
    assert all(other == expected or other.split("/")[1] in conditional for other in found)


@given(seeds, st.data())
@settings(max_examples=150)
def test_a_number_that_is_none_is_told_at_exactly_its_cell(seed: int, data: st.DataObject) -> None:
    form, content = compiled("recommendation", "fill_in"), valid("recommendation", seed)
    numbers = [path for path in cells(content) if path[0] in ("overall", "indicators")]
    path = data.draw(st.sampled_from(numbers))
    wrong = changed(content, path, data.draw(st.sampled_from(["", "abc", "1.23456789", "九", "1e3", "--1"])))
    assert [problem.pointer for problem in forms.validate(form, wrong)] == [pointer(path)]
