"""Last year's figures in this year's form: only what means the same, only where nothing stands yet."""

from typing import Any

import pytest

from service.domain import forms
from service.domain.forms import prefill
from service.domain.forms.kinds.metric_tables import MetricTable
from service.domain.forms.kinds.row_tables import RepeatedTable
from tests.forms.folders import REVIEW, Folder
from tests.forms.shipped import ROOT, compiled, valid

MIIT = Folder("miit_industry/2022", 2022, {"review": REVIEW})
THEN = compiled("recommendation", year=2018)
NOW = compiled("recommendation", "fill_in", year=2019)


def suggested(
    content: dict[str, Any], earlier: dict[str, Any], key: str = "recommendation"
) -> dict[str, str]:
    now, then = compiled(key, "fill_in", year=2019), compiled(key, year=2018)
    cleaned = forms.clean(now, content)
    return {each.pointer: each.value for each in prefill.suggestions(now, cleaned, then, earlier)}


def test_the_years_of_then_move_to_their_places_of_now() -> None:
    earlier = valid("recommendation")
    found = suggested({}, earlier)
    then = earlier["overall"]["value_added"]
    assert found["/overall/value_added/t2"] == then["t1"]
    assert found["/overall/value_added/t3"] == then["t2"]
    assert "/overall/value_added/t1" not in found
    assert not [pointer for pointer in found if pointer.startswith("/indicators")]


def test_each_says_what_it_is_and_where_it_comes_from() -> None:
    earlier = valid("recommendation")
    found = {each.pointer: each for each in prefill.suggestions(NOW, forms.clean(NOW, {}), THEN, earlier)}
    each = found["/overall/revenue/t2"]
    assert each.label == each.source == "2017年规模以上工业主营业务收入（亿元）"
    assert each.shown == earlier["overall"]["revenue"]["t1"]


def test_only_empty_cells_are_filled() -> None:
    earlier = valid("recommendation")
    typed = {"overall": {"value_added": {"t2": "0", "t3": ""}}, "city": "新名", "area": ""}
    cleaned = forms.clean(NOW, typed)
    found = prefill.suggestions(NOW, cleaned, THEN, earlier)
    content = prefill.filled(cleaned, found)
    assert content["overall"]["value_added"] == {"t2": "0", "t3": earlier["overall"]["value_added"]["t2"]}
    assert (content["city"], content["area"]) == ("新名", earlier["area"])
    assert prefill.suggestions(NOW, forms.clean(NOW, content), THEN, earlier) == []
    assert cleaned["overall"]["value_added"]["t2"] == "0"


def test_judgements_texts_dates_and_files_are_made_anew() -> None:
    report = valid("report") | {"attachments": [{"name": "a.pdf", "size": 1, "sha256": "0" * 64}]}
    found = suggested({}, report, "report")
    assert not [p for p in found if p.split("/")[1] in ("overview", "safety_accident", "attachments")]
    recommendation = suggested({}, valid("recommendation"))
    assert {"/filled_in", "/foundation", "/province_opinion"}.isdisjoint(recommendation)
    assert {"/city", "/contact", "/phone", "/area"} <= recommendation.keys()


def test_a_table_of_another_year_brings_its_names_and_not_its_figures() -> None:
    earlier = valid("recommendation")
    found = suggested({}, earlier)
    products = [pointer for pointer in found if pointer.startswith("/leading_products")]
    assert products == [f"/leading_products/{n}/name" for n in range(len(earlier["leading_products"]))]
    kept = suggested({"leading_products": [{"name": "新材料"}]}, earlier)
    assert not [pointer for pointer in kept if pointer.startswith("/leading_products")]


def test_a_target_of_then_is_a_target_of_now_for_the_same_year_only() -> None:
    earlier = valid("report")
    found = suggested({}, earlier, "report")
    first = earlier["targets"][0]
    assert found["/targets/0/name"] == first["name"]
    assert found["/targets/0/level"] == first["level"]
    assert found["/targets/0/t0"] == first["n1"]
    assert found["/targets/0/n1"] == first["n2"]
    assert {"/targets/0/t1", "/targets/0/n2"}.isdisjoint(found)


def test_what_this_form_would_refuse_is_not_suggested() -> None:
    earlier = valid("recommendation") | {"area": "约九百", "population": "5.12345", "phone": "无"}
    found = suggested({}, earlier)
    assert {"/area", "/population", "/phone"}.isdisjoint(found)
    assert "/city" in found


def test_a_gap_of_years_leaves_only_the_years_that_both_have() -> None:
    then = compiled("recommendation", year=2017)
    earlier = valid("recommendation")
    found = prefill.suggestions(NOW, forms.clean(NOW, {}), then, earlier)
    years = {each.path[2]: each.value for each in found if each.path[:2] == ("overall", "profit")}
    assert years == {"t3": earlier["overall"]["profit"]["t1"]}


# From one edition to the next.


def carried(key: str, earlier: dict[str, Any], year: int = 2022) -> dict[str, str]:
    """What a form of the 2022 edition is offered from last year's recommendation of the 2018 edition."""
    now, then = MIIT.compiled(key), compiled("recommendation", year=year - 1)
    found = prefill.suggestions(now, forms.clean(now, {}), then, earlier)
    return {each.pointer: each.value for each in found}


def test_figures_that_the_next_edition_calls_otherwise_are_carried_over_by_year() -> None:
    earlier = valid("recommendation")
    found = carried("recommendation_a", earlier)
    assert found["/indicators/profit_growth/t2"] == earlier["overall"]["profit_growth"]["t1"]
    invested, renovated = (
        earlier["overall"]["fixed_investment_growth"],
        earlier["indicators"]["tech_investment_growth"],
    )
    assert found["/indicators/fixed_investment_growth/t2"] == invested["t1"]
    assert found["/indicators/tech_investment_growth/t2"] == renovated["t1"]
    assert found["/leading_products/0/name"] == earlier["leading_products"][0]["name"]
    assert not [pointer for pointer in found if pointer.endswith(("/t1", "/revenue", "/value_added_share"))]
    assert not [pointer for pointer in found if "high_tech" in pointer or "value_added_growth" in pointer], (
        "高技术制造业 is not 高技术产业, and 规模以上 is not the whole"
    )


def test_the_other_track_is_offered_the_cover_alone() -> None:
    found = carried("recommendation_b", valid("recommendation"))
    assert found.keys() == {"/recommender", "/contact", "/phone"}


@pytest.mark.parametrize("key", ["recommendation_a", "recommendation_b"])
def test_what_is_told_of_the_earlier_form_stands_in_it(key: str) -> None:
    fields = THEN.definition.fields
    for there in MIIT.compiled(key).definition.earlier["recommendation"].values():
        field = fields[there[0]]
        if isinstance(field, MetricTable):
            assert there[1] in {row.key for row in field.rows}
        elif isinstance(field, RepeatedTable):
            assert there[1] in {column.key for column in field.columns}


def test_a_mapping_of_what_the_form_does_not_have_is_a_fault() -> None:
    text = (ROOT / "forms/miit_industry/2022/recommendation_a.yaml").read_text()
    for old, new in (
        ("indicators.profit_growth:", "indicators.profits:"),
        ("    phone: phone", "    telephone: phone"),
    ):
        assert old in text
        (found,) = forms.check(text.replace(old, new), key="recommendation_a")
        assert found.message.startswith("表单里没有“")
