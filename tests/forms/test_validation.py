"""What is wrong with a content: the right cell, in Chinese, with what to do."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from service.domain import forms
from service.domain.forms.errors import ParameterMissing, RowsMissing
from service.domain.forms.messages import SENTENCES, SILENT
from tests.forms import shipped
from tests.forms.shipped import compiled, messages, valid

LATIN = re.compile(r"[A-Za-z]{2,}")
OFFICIAL = re.compile("R&D|GDP|OLE")


def keywords(schema: Any) -> Iterator[str]:
    """Every keyword of a schema, wherever it stands."""
    if isinstance(schema, bool):
        return
    for keyword, value in schema.items():
        yield keyword
        if keyword == "properties":
            for inner in value.values():
                yield from keywords(inner)
        elif keyword in ("items", "if", "then", "additionalProperties"):
            yield from keywords(value)
        elif keyword in ("allOf", "anyOf"):
            for inner in value:
                yield from keywords(inner)


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_keyword_of_every_schema_has_a_chinese_sentence(key: str) -> None:
    used = set(keywords(compiled(key).schema))
    assert used <= SENTENCES.keys() | SILENT
    assert "multipleOf" not in used, "it computes with binary fractions"


@pytest.mark.parametrize("key", shipped.KEYS)
def test_every_schema_is_json_schema_2020_12(key: str) -> None:
    schema = compiled(key).schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)


TEXTS = ["", "<b>", "9" * 60, "1.123456789012", "-99999", "99999", "2018-02-30"]
OTHERS: list[Any] = [1.5, True, None, [], [1, 1], {"x": 1}]


@pytest.mark.parametrize("key", shipped.KEYS)
def test_no_english_leaks_whatever_is_wrong(key: str) -> None:
    form, good = compiled(key), valid(key)
    seen = []
    for name in (*form.definition.fields, "内容"):
        for bad in TEXTS + OTHERS:
            seen += forms.validate(form, good | {name: bad})
        seen += forms.validate(form, {k: v for k, v in good.items() if k != name})
    assert seen
    for problem in seen:
        assert not LATIN.search(OFFICIAL.sub("", problem.message)), problem
        assert problem.message.endswith("。"), problem
        assert re.match("[^：，；。]+：.", problem.message), problem


def test_zero_empty_and_missing_are_three_different_things() -> None:
    form, good = compiled("recommendation", "fill_in"), valid("recommendation")
    cell, pointer = good["overall"]["value_added"], "/overall/value_added/t3"
    cell["t3"] = "0"
    assert pointer not in messages(form, good)
    cell["t3"] = ""
    empty = messages(form, good)[pointer]
    del cell["t3"]
    missing = messages(form, good)[pointer]
    assert empty == "2015年工业增加值（亿元）：内容是空的，请填写数字，最多两位小数。"
    assert missing == "2015年工业增加值（亿元）：还没有填写，请填写数字，最多两位小数。"


def test_a_wrong_number_is_told_at_its_year_with_its_unit() -> None:
    form, good = compiled("recommendation", "fill_in"), valid("recommendation")
    good["overall"]["value_added"]["t1"] = "约一百"
    good["overall"]["waste_utilisation"]["t2"] = "100.01"
    good["overall"]["workers"]["t1"] = "12.5"
    good["indicators"]["champions"]["t1"] = "-1"
    assert messages(form, good) == {
        "/overall/value_added/t1": "2017年工业增加值（亿元）：“约一百”不符合要求，请填写数字，最多两位小数。",
        "/overall/waste_utilisation/t2": "2016年工业固体废物综合利用率（%）：不能大于 100，"
        "现在是 100.01；请核对后改正。",
        "/overall/workers/t1": "2017年年末工业从业人数（人）：“12.5”不符合要求，请填写整数。",
        "/indicators/champions/t1": "2017年制造业单项冠军数量（个）：不能小于 0，现在是 -1；请核对后改正。",
    }


def test_growth_and_profit_may_be_negative_and_shares_may_not() -> None:
    form, good = compiled("recommendation", "fill_in"), valid("recommendation")
    for row in ("value_added_growth", "fixed_investment_growth", "revenue_growth"):
        good["overall"][row]["t1"] = "-20.50"
    for row in ("profit_growth", "profit"):
        good["overall"][row]["t1"] = "-120.50"
    assert messages(form, good) == {}
    good["overall"]["high_tech_share"]["t1"] = "-0.01"
    assert list(messages(form, good)) == ["/overall/high_tech_share/t1"]


def test_bounds_are_exact() -> None:
    form = compiled("score_sheet")
    content = {"scores": {key: {"recused": False, "score": "100"} for key, _ in shipped.APPLICATIONS}}
    assert messages(form, content) == {}
    content["scores"]["a1"]["score"] = "100.01"
    content["scores"]["a2"]["score"] = "99.999"
    assert messages(form, content) == {
        "/scores/a1/score": "杭州市余杭区“得分（分）”：不能大于 100，现在是 100.01；请核对后改正。",
        "/scores/a2/score": "湖州市“得分（分）”：“99.999”不符合要求，请填写数字，最多两位小数。",
    }


def test_a_json_number_is_refused_because_it_may_not_be_exact() -> None:
    form, good = compiled("quota"), valid("quota")
    good["quota"] = 12
    assert messages(form, good) == {
        "/quota": '本年度拟遴选市（州）数量（个）：数字应以文字形式提交（如 "12.5"），请填写整数。'
    }


@pytest.mark.parametrize(("quota", "wrong"), [("9", True), ("10", False), ("15", False), ("16", True)])
def test_the_quota_lies_within_the_editions_parameters(quota: str, wrong: bool) -> None:
    assert bool(messages(compiled("quota"), {"quota": quota})) is wrong


def test_a_parameter_that_the_edition_lacks_is_named() -> None:
    with pytest.raises(ParameterMissing, match=re.escape("parameters.quota.minimum")):
        forms.compile(shipped.definition("quota"), year=2018, parameters={"quota": {}})


def test_a_list_that_the_domain_does_not_give_is_named() -> None:
    with pytest.raises(RowsMissing, match="scored_applications"):
        forms.compile(shipped.definition("score_sheet"), year=2018, parameters=shipped.PARAMETERS)


def test_a_definition_names_the_lists_that_it_needs() -> None:
    assert shipped.definition("committee").sources == {"people", "divisions", "accepted_applications"}
    assert shipped.definition("report").sources == frozenset()


def test_unknown_columns_rows_and_fields_are_named() -> None:
    form, good = compiled("recommendation", "fill_in"), valid("recommendation")
    good["admin"] = "x"
    good["overall"]["secret"] = {"t1": "1"}
    good["overall"]["value_added"]["t9"] = "1"
    good["leading_products"][0]["note"] = "1"
    found = messages(form, good)
    assert found["/admin"] == "“admin”：不是本表单的栏目；请删去。"
    assert set(found) == {"/admin", "/overall/secret", "/overall/value_added/t9", "/leading_products/0/note"}
    assert found["/leading_products/0/note"].startswith("主导产业发展情况（2017年）第1行里的“note”：")


def test_too_many_rows_and_too_few_are_told_at_the_table() -> None:
    form, good = compiled("recommendation", "fill_in"), valid("recommendation")
    row = good["leading_products"][0]
    assert (
        "最多 20 项，现在有 21 项"
        in messages(form, good | {"leading_products": [row] * 21})["/leading_products"]
    )
    assert (
        "至少要有 1 项，现在有 0 项" in messages(form, good | {"leading_products": []})["/leading_products"]
    )


def test_a_cell_of_a_repeated_row_is_named_by_row_and_column() -> None:
    form, good = compiled("recommendation", "fill_in"), valid("recommendation", leading_products=[])
    good["leading_products"] = [valid("recommendation")["leading_products"][0] | {"national_share": "abc"}]
    assert messages(form, good) == {
        "/leading_products/0/national_share": "主导产业发展情况（2017年）第1行“产品产量占全国比重（%）”："
        "“abc”不符合要求，请填写数字，最多两位小数。"
    }


def test_a_conditional_field_is_required_only_when_it_is_shown() -> None:
    form, good = compiled("report", "fill_in"), valid("report")
    assert "accident_detail" not in good
    good["environment_accident"] = True
    assert messages(form, good) == {
        "/accident_detail": "发生的时间、经过和处理情况：还没有填写，请填写 4000 字以内的文字。"
    }


def test_a_recused_application_needs_no_score() -> None:
    content = {
        "scores": {"a1": {"recused": True}, "a2": {"recused": False}, "a3": {"recused": True, "score": "9"}}
    }
    form = compiled("score_sheet")
    assert list(messages(form, content)) == ["/scores/a2/score"]
    assert forms.clean(form, content)["scores"]["a3"] == {"recused": True}


def test_a_date_must_be_in_the_calendar() -> None:
    content = valid("approval") | {"date": "2018-02-30"}
    assert messages(compiled("approval"), content) == {
        "/date": "批复日期：“2018-02-30”不是日历上的日期，请按“2018-03-01”的格式填写日期。"
    }


def test_a_step_is_asked_only_for_its_own_sections() -> None:
    found = messages(compiled("recommendation", "province_review"), {})
    assert set(found) == {"/province_opinion", "/province_opinion_date"}
    assert "/province_opinion" not in messages(compiled("recommendation", "fill_in"), {})


def test_problems_come_in_the_order_of_the_form() -> None:
    form = compiled("recommendation", "fill_in")
    pointers = [problem.pointer for problem in forms.validate(form, forms.clean(form, {}))]
    assert pointers[:2] == ["/city", "/recommender"]
    assert pointers[-1] == "/foundation"
    assert pointers.index("/overall/value_added/t3") < pointers.index("/overall/value_added/t1")
    assert pointers.index("/overall/value_added/t1") < pointers.index("/overall/value_added_share/t3")


def test_a_huge_paste_is_not_repeated_in_the_message() -> None:
    good = valid("recommendation") | {"phone": "x" * 5000}
    message = messages(compiled("recommendation", "fill_in"), good)["/phone"]
    assert "x" * 20 + "…" in message
    assert len(message) < 120
