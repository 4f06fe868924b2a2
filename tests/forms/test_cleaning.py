"""One spelling for what people type and paste; the dangerous is taken out, the wrong left to the judge."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import forms
from service.domain.forms.errors import ContentRefused
from service.domain.forms.kinds.numbers import plain
from service.domain.forms.kinds.texts import sanitise, tidy
from service.domain.forms.limits import MAXIMUM_CHARACTERS, MAXIMUM_DEPTH, MAXIMUM_VALUES, admit
from tests.forms.shipped import compiled, messages, valid


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４．５", "1234.5"),
        (" 12 ", "12"),
        ("+5", "5"),
        ("-0", "0"),
        ("−3.5", "-3.5"),
        ("007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1 234", "1234"),
        ("0", "0"),
        ("0.00", "0.00"),
        ("", ""),
        ("1e5", "1e5"),
        ("1,23", "1,23"),
        ("12.5%", "12.5%"),
        ("NaN", "NaN"),
        (".", "."),
        ("-", "-"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_numbers_are_spelt_plainly_and_what_is_none_stays(typed: str, spelt: str) -> None:
    assert plain(typed) == spelt


def test_a_percent_sign_is_dropped_where_the_unit_says_it() -> None:
    content = valid("recommendation")
    content["overall"]["value_added_growth"]["t1"] = "12.5%"
    content["overall"]["value_added"]["t1"] = "12.5%"
    cleaned = forms.clean(compiled("recommendation"), content)["overall"]
    assert cleaned["value_added_growth"]["t1"] == "12.5"
    assert cleaned["value_added"]["t1"] == "12.5%"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_no_number_changes_its_value(number: Any) -> None:
    assert Decimal(plain(f"{number:,}")) == number
    assert plain(plain(f"{number:,}")) == plain(f"{number:,}")


@given(st.text())
def test_cleaning_a_text_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert plain(plain(text)) == plain(text)
    assert sanitise(sanitise(text)) == sanitise(text)


def test_scripts_and_handlers_are_taken_out_of_rich_text() -> None:
    dirty = (
        '<p onclick="x()">成效<script>alert(1)</script><img src=x onerror=x()>'
        '<a href="javascript:x()">明显</a><iframe src="//x"></iframe></p>'
        '<table style="x"><tr><td colspan="2" style="x">表</td></tr></table>'
    )
    content = valid("report") | {"overview": dirty}
    overview = forms.clean(compiled("report"), content)["overview"]
    assert overview == '<p>成效明显</p><table><tbody><tr><td colspan="2">表</td></tr></tbody></table>'


@pytest.mark.parametrize(
    "empty",
    ["", "<p></p>", "<p> </p>", "<p>&nbsp;</p>", "<script>x</script>", "<table><tr><td></td></tr></table>"],
)
def test_rich_text_without_any_text_is_empty(empty: str) -> None:
    found = messages(compiled("report"), valid("report") | {"overview": empty})
    assert found == {"/overview": "申报市（州）工业发展基本情况：内容是空的，请填写正文。"}


def test_a_script_in_plain_text_stays_text() -> None:
    content = valid("recommendation") | {"contact": "<script>alert(1)</script>"}
    assert forms.clean(compiled("recommendation"), content)["contact"] == "<script>alert(1)</script>"


def test_invisible_characters_are_taken_out() -> None:
    content = valid("recommendation") | {"contact": "\u202e王\u200b小\x00\x07明\ud800 \r\n"}
    assert forms.clean(compiled("recommendation"), content)["contact"] == "王小明"


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [("2018/3/1", "2018-03-01"), ("2018年3月1日", "2018-03-01"), ("２０１８-03-01", "2018-03-01")],
)
def test_dates_are_taken_as_people_write_them(typed: str, spelt: str) -> None:
    assert forms.clean(compiled("approval"), {"date": typed})["date"] == spelt


def test_the_first_tables_city_repeats_the_covers() -> None:
    form = compiled("recommendation")
    assert forms.clean(form, {"city": " 湖州市 ", "general_city": "别的市"})["general_city"] == "湖州市"


def test_what_a_condition_hides_is_dropped() -> None:
    content = valid("report") | {"accident_detail": "某年某月"}
    assert "accident_detail" not in forms.clean(compiled("report"), content)


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "text",
        deep(MAXIMUM_DEPTH + 1),
        deep(100_000),
        {"a": "x" * (MAXIMUM_CHARACTERS + 1)},
        {"a": ["1"] * (MAXIMUM_VALUES + 1)},
        {str(number): None for number in range(MAXIMUM_VALUES + 1)},
        {"a": float("nan")},
        {"a": float("inf")},
        {"a": 10**5000},
        {"a": object()},
    ],
    ids=[
        "none",
        "list",
        "text",
        "deep",
        "deepest",
        "long",
        "many",
        "keys",
        "nan",
        "infinite",
        "huge",
        "object",
    ],
)
def test_what_no_store_should_take_is_refused_with_a_sentence(content: Any) -> None:
    with pytest.raises(ContentRefused) as refused:
        forms.clean(compiled("quota"), content)
    assert str(refused.value).startswith("表单内容无法接收，没有保存：")
    assert str(refused.value).endswith("。")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=25,
)


@given(
    st.dictionaries(
        st.sampled_from(["overall", "city", "leading_products", "phone", "x"]) | st.text(), json_values
    )
)
def test_no_json_crashes_the_judge(content: dict[str, Any]) -> None:
    form = compiled("recommendation", "fill_in")
    try:
        cleaned, problems = forms.prepare(form, None, content)
    except ContentRefused:
        return
    assert problems
    assert forms.clean(form, cleaned) == cleaned, "cleaning is done once and for all"
    admit(cleaned)
