"""Content for the simulation, the demo and the tests."""

from fractions import Fraction

from service.domain import forms
from tests.forms import shipped
from tests.forms.shipped import compiled, valid


def figures(content: dict[str, object]) -> dict[str, Fraction]:
    found = forms.figures(shipped.definition("recommendation"), content, 2018)
    return {name: Fraction(value) for name, value in found.items()}


def test_the_same_seed_gives_the_same_content() -> None:
    assert valid("recommendation", 7) == valid("recommendation", 7)
    assert valid("recommendation", 7) != valid("recommendation", 8)


def test_a_sample_meets_the_conditions_of_article_6() -> None:
    for seed in range(30):
        found = figures(valid("recommendation", seed))
        assert found["tech_investment_share"] >= 40
        assert found["tech_investment_growth"] > 15
        assert found["leading_product_share"] >= 5
        assert not any(valid("report", seed)[key] for key in ("safety_accident", "environment_accident"))


def test_one_figure_can_be_made_to_fail_without_a_contradiction_elsewhere() -> None:
    for path, value, name in (
        ("indicators.tech_investment_growth.t1", "12.30", "tech_investment_growth"),
        ("indicators.tech_investment_share.t1", "38.00", "tech_investment_share"),
        ("leading_products.*.national_share", "4.99", "leading_product_share"),
    ):
        content = valid("recommendation", 5, **{path: value})
        assert figures(content)[name] == Fraction(value)
        assert forms.validate(compiled("recommendation"), content) == []


def test_whole_fields_can_be_given() -> None:
    content = valid("recommendation", 5, city="湖州市", leading_products=[{"name": "绿色家居"}])
    assert content["city"] == content["general_city"] == "湖州市"
    assert content["leading_products"][0]["name"] != "", "the example fills in the rest"


def test_one_row_of_those_that_are_given_can_be_told_from_the_others() -> None:
    items = valid("conditions", 3, **{"items.quality.met": "unmet"})["items"]
    assert {key: row["met"] for key, row in items.items() if row["met"] != "met"} == {"quality": "unmet"}
