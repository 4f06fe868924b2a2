"""Decision tables: exact, FEEL as people write it, and every silence of SpiffWorkflow's own an error."""

from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engine import xml
from service.engine.decisions import Decision, DecisionFailed, decide, read
from service.engine.unary_tests import CellFault, Stretch, stretches, translate

Row = tuple[list[str], list[str]]


def table(
    *rows: Row,
    hit_policy: str = "UNIQUE",
    inputs: tuple[str, ...] = ("value",),
    outputs: tuple[str, ...] = ("result",),
    types: tuple[str, ...] = (),
    more: str = "",
) -> Decision:
    columns = "".join(
        f'<input id="in{n}" label="输入{n}"><inputExpression id="e{n}" typeRef="{kind}">'
        f"<text>{escape(expression)}</text></inputExpression>{more}</input>"
        for n, (expression, kind) in enumerate(zip(inputs, types or ("",) * len(inputs), strict=True), 1)
    )
    columns += "".join(f'<output id="out{n}" name="{name}"/>' for n, name in enumerate(outputs, 1))
    listed = "".join(
        f'<rule id="r{n}"><description>说明</description>'
        + "".join(
            f'<inputEntry id="r{n}i{i}"><text>{escape(c)}</text></inputEntry>' for i, c in enumerate(ins)
        )
        + "".join(
            f'<outputEntry id="r{n}o{i}"><text>{escape(c)}</text></outputEntry>' for i, c in enumerate(outs)
        )
        + "<annotationEntry><text>注释</text></annotationEntry></rule>"
        for n, (ins, outs) in enumerate(rows)
    )
    content = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" namespace="n">'
        f'<decision id="table" name="条件"><decisionTable id="t" hitPolicy="{hit_policy}">{columns}'
        f'<annotation name="依据"/>{listed}</decisionTable></decision></definitions>'
    )
    (decision,) = read(xml.parse(content.encode(), "test.dmn"))
    return decision


def matches(cell: str, value: Any, **names: Any) -> bool:
    """Whether one cell takes a value."""
    found = decide(table(([cell], ["true"]), hit_policy="COLLECT"), {"value": value, **names})
    return bool(found)


# Cells.


@pytest.mark.parametrize(
    ("cell", "value", "taken"),
    [
        ("-", 5, True),
        ("", 5, True),
        ("5", 5, True),
        ("5", 6, False),
        (">= 40", 40, True),
        ("> 40", 40, False),
        ("< 40", Fraction(799, 20), True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("1, 5", 5, True),
        ("< 1, > 9", 5, False),
        ("[1..10]", 1, True),
        ("[1..10]", 10, True),
        ("(0..5]", 0, False),
        ("(0..5]", 5, True),
        ("[0..5)", 5, False),
        ("(0..5)", 3, True),
        ("[-5..-1]", -3, True),
        ("[0.1..0.3]", 0.3, True),
        ("1, [5..6], > 9", 6, True),
        ("not(5)", 5, False),
        ("not(1, [3..4])", 5, True),
        ("not(> 4)", 5, False),
        ('"a"', "a", True),
        ('"a","b"', "b", True),
        ('"a","b"', "c", False),
        ('not("a")', "a", False),
        ('not("a","b")', "c", True),
        ('"a,b"', "a,b", True),
        ('"not(a)"', "not(a)", True),
        ('"1..2"', "1..2", True),
        ('"who?"', "who?", True),
        ("'a', 'b'", "b", True),
        ('["a","b"]', "b", True),
        ('["a","b"], "c"', "c", True),
        ("true", True, True),
        ("false", True, False),
        ("not(true)", False, True),
        ("? > 4 and ? < 6", 5, True),
        ("(? + 1) * 2 == 12", 5, True),
        ("max(1, 5)", 5, True),
        (">= limit + 1", 5, True),
        ("[limit..limit + 1]", 5, True),
        ("not(1) and not(? == 2)", 5, None),
    ],
)
def test_cells_are_read_as_feel(cell: str, value: object, taken: bool | None) -> None:
    if taken is None:
        with pytest.raises((DecisionFailed, CellFault)):
            matches(cell, value)
    else:
        assert matches(cell, value, limit=4) is taken


@pytest.mark.parametrize(
    "cell",
    [
        "1 .. 10",
        "[1..]",
        "[..5]",
        "]0..5[",
        "1,,2",
        ",",
        "[1..2..3]",
        '"a',
        "> ",
        "not(",
        "a b",
        "date('2025-01-01'",
    ],
)
def test_a_cell_that_cannot_be_read_is_a_fault(cell: str) -> None:
    with pytest.raises(CellFault):
        translate(cell)


@pytest.mark.parametrize(
    "cell", ["__import__('os')", "().__class__", "? .__class__", "[x for x in y for z in x]"]
)
def test_no_python_runs_from_a_cell(cell: str) -> None:
    with pytest.raises((CellFault, DecisionFailed)):
        matches(cell, 1)


@given(st.integers(min_value=-(10**6), max_value=10**6), st.integers(min_value=0, max_value=6))
def test_thresholds_are_exact(digits: int, places: int) -> None:
    value = Fraction(digits, 10**places)
    assert matches(">= 40", value) is (value >= 40)
    assert matches("(0..15]", value) is (0 < value <= 15)


# Hit policies.


def level(*cells: str, hit_policy: str = "UNIQUE") -> Decision:
    rows: list[Row] = [([cell], [f'"{number}"']) for number, cell in enumerate(cells, 1)]
    return table(*rows, hit_policy=hit_policy)


def test_unique_gives_the_row_that_matches() -> None:
    assert decide(level("< 10", ">= 10"), {"value": 10}) == {"result": "2"}


def test_an_overlap_under_unique_is_an_error_that_names_rows_and_inputs() -> None:
    with pytest.raises(DecisionFailed) as failed:
        decide(level("<= 10", "< 5", ">= 10"), {"value": 10})
    assert str(failed.value) == (
        "决策表“条件”无法得出结果：第 1、3 条规则同时符合（输入1 = 10）。请让它们不再重叠。"
    )


@pytest.mark.parametrize("hit_policy", ["UNIQUE", "ANY", "FIRST"])
def test_no_match_is_an_error_that_names_the_inputs(hit_policy: str) -> None:
    with pytest.raises(DecisionFailed, match="没有一条规则符合（输入1 = 7）"):
        decide(level("< 5", "> 9", hit_policy=hit_policy), {"value": 7})


def test_any_takes_rows_that_agree_and_refuses_others() -> None:
    agreeing = table((["> 1"], ["'x'"]), (["> 2"], ["'x'"]), hit_policy="ANY")
    assert decide(agreeing, {"value": 3}) == {"result": "x"}
    with pytest.raises(DecisionFailed, match="第 1、2 条规则同时符合"):
        decide(level("> 1", "> 2", hit_policy="ANY"), {"value": 3})


def test_first_takes_the_first_and_does_not_look_further() -> None:
    first = table((["> 1"], ["'x'"]), (["> missing"], ["'y'"]), hit_policy="FIRST")
    assert decide(first, {"value": 3}) == {"result": "x"}


def test_collect_lists_all_rows_in_order() -> None:
    collected = decide(level("> 1", "> 9", "> 2", hit_policy="COLLECT"), {"value": 3})
    assert collected == [{"result": "1"}, {"result": "3"}]
    assert decide(level("> 9", hit_policy="COLLECT"), {"value": 3}) == []


# Inputs.


def test_a_missing_input_is_an_error_and_not_zero() -> None:
    with pytest.raises(DecisionFailed, match=r"输入“输入1”（figures\.share）缺失或有误：.*没有 share"):
        decide(table((["< 5"], ["1"]), inputs=("figures.share",)), {"figures": {}})


def test_an_input_that_no_row_asks_for_must_be_there_too() -> None:
    with pytest.raises(DecisionFailed, match="没有变量 value"):
        decide(level("-"), {})


def test_an_empty_input_is_an_error_unless_a_cell_asks_for_it() -> None:
    with pytest.raises(DecisionFailed, match="是空的"):
        decide(level("< 5", ">= 5"), {"value": None})
    assert decide(table((["null"], ["1"]), (["not(null)"], ["2"])), {"value": None}) == {"result": 1}


def test_text_is_not_compared_with_numbers() -> None:
    with pytest.raises(DecisionFailed, match=r"第 1 条规则“输入1”一格 >= 40 无法判断.*number"):
        decide(level(">= 40", "< 40"), {"value": "39.9"})


def test_an_input_is_held_to_its_type() -> None:
    with pytest.raises(DecisionFailed, match="应为数字，得到的却是文字 “40”"):
        decide(table((["-"], ["1"]), types=("number",)), {"value": "40"})


def test_an_input_is_held_to_its_allowed_values() -> None:
    allowed = '<inputValues id="v"><text>"yes","no"</text></inputValues>'
    decision = table((["-"], ["1"]), more=allowed)
    assert decide(decision, {"value": "no"}) == {"result": 1}
    with pytest.raises(DecisionFailed, match='只能是 "yes","no"，得到的却是 “maybe”'):
        decide(decision, {"value": "maybe"})


def test_an_input_expression_may_call_functions() -> None:
    decision = table((["> 5"], ["true"]), inputs=("twice(number(figures.share))",))
    data = {"figures": {"share": "2.6"}}
    assert decide(decision, data, {"twice": lambda n: 2 * n}) == {"result": True}


# Results.


def test_results_are_expressions_and_plain_json() -> None:
    decision = table(
        (["< 40", "-"], ["'share'", "false", "number(share) - 40", "share"]),
        ([">= 40", "-"], ["'share'", "true", "0", "share"]),
        inputs=("number(share)", "year"),
        outputs=("condition", "met", "by", "figure"),
    )
    assert decide(decision, {"share": "39.9", "year": 2018}) == {
        "condition": "share",
        "met": False,
        "by": "-0.1",
        "figure": "39.9",
    }


def test_a_result_that_cannot_be_computed_names_its_row() -> None:
    with pytest.raises(DecisionFailed, match=r"第 1 条规则的结果“result”无法计算.*没有变量 missing"):
        decide(table((["-"], ["missing"])), {"value": 1})


def test_a_result_that_has_no_decimal_text_must_be_rounded() -> None:
    with pytest.raises(DecisionFailed, match="round"):
        decide(table((["-"], ["1 / 3"])), {"value": 1})


# Stretches, by which lint finds gaps and overlaps.


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-", [Stretch()]),
        ("< 5", [Stretch(high=Fraction(5))]),
        (">= 5", [Stretch(low=Fraction(5), low_in=True)]),
        ("(0..2.5]", [Stretch(Fraction(0), Fraction(5, 2), False, True)]),
        ("3, > 5", [Stretch(Fraction(3), Fraction(3), True, True), Stretch(low=Fraction(5))]),
        ("not(5)", None),
        ('"a"', None),
        ("> limit", None),
        ("!= 5", None),
    ],
)
def test_stretches_are_what_can_be_seen_beforehand(cell: str, expected: list[Stretch] | None) -> None:
    assert stretches(cell) == expected


bound = st.integers(min_value=0, max_value=6)
stretch = st.builds(
    lambda low, size, low_in, high_in: Stretch(
        Fraction(low), Fraction(low + size), low_in or not size, high_in or not size
    ),
    bound,
    bound,
    st.booleans(),
    st.booleans(),
)


def lies_in(value: Fraction, one: Stretch) -> bool:
    assert one.low is not None
    assert one.high is not None
    return (one.low < value or (one.low_in and one.low == value)) and (
        value < one.high or (one.high_in and one.high == value)
    )


@given(stretch, stretch)
def test_stretches_meet_where_they_share_a_number(left: Stretch, right: Stretch) -> None:
    halves = [Fraction(n, 2) for n in range(30)]
    assert left.meets(right) is any(lies_in(value, left) and lies_in(value, right) for value in halves)
