"""A step writes its own sections; what others wrote stays, whatever is sent."""

from service.domain import forms
from tests.forms import shipped
from tests.forms.shipped import compiled, valid


def test_the_province_cannot_change_what_the_city_filled_in() -> None:
    base = valid("recommendation")
    sent = valid("recommendation", 2) | {
        "province_opinion": "同意推荐。",
        "province_opinion_date": "2018-02-20",
    }
    content, problems = forms.prepare(compiled("recommendation", "province_review"), base, sent)
    assert problems == []
    assert content["overall"] == base["overall"]
    assert content["city"] == base["city"]
    assert content["province_opinion"] == "同意推荐。"


def test_the_city_cannot_write_the_provinces_opinion() -> None:
    sent = valid("recommendation") | {"province_opinion": "同意推荐。", "government_opinion": "agree"}
    content, problems = forms.prepare(compiled("recommendation", "fill_in"), None, sent)
    assert problems == []
    assert "province_opinion" not in content
    assert "government_opinion" not in content


def test_what_the_step_leaves_out_of_its_own_sections_is_gone() -> None:
    base = valid("recommendation")
    sent = {key: value for key, value in base.items() if key != "contact"}
    merged = forms.merge(shipped.definition("recommendation"), base, sent, "fill_in")
    assert "contact" not in merged
    _, problems = forms.prepare(compiled("recommendation", "fill_in"), base, sent)
    assert [problem.pointer for problem in problems] == ["/contact"]


def test_a_supplement_keeps_the_provinces_opinion() -> None:
    base = valid("recommendation") | {"province_opinion": "同意推荐。", "province_opinion_date": "2018-02-20"}
    content, problems = forms.prepare(
        compiled("recommendation", "supplement"), base, valid("recommendation", 3)
    )
    assert problems == []
    assert content["province_opinion"] == "同意推荐。"
    assert content["contact"] == valid("recommendation", 3)["contact"]


def test_an_unknown_key_is_named_and_not_lost_in_silence() -> None:
    sent = valid("recommendation") | {"hidden": "x"}
    _, problems = forms.prepare(compiled("recommendation", "fill_in"), None, sent)
    assert [problem.pointer for problem in problems] == ["/hidden"]


def test_what_an_older_definition_left_in_the_base_is_nobodys_fault() -> None:
    base = valid("recommendation") | {"dropped_since": "x"}
    content, problems = forms.prepare(compiled("recommendation", "fill_in"), base, valid("recommendation"))
    assert problems == []
    assert "dropped_since" not in content


def test_the_governments_opinion_is_supplied_by_its_consent() -> None:
    base = valid("recommendation")
    content = forms.supply(
        shipped.definition("recommendation"), base, {"government_consent": "agree", "other": 1}
    )
    assert content == base | {"government_opinion": "agree"}
    (cover, *_) = forms.present(compiled("recommendation"), content)
    assert [block.cell and block.cell.text for block in cover.blocks][-1] == "同意"


def test_a_step_that_may_write_nothing_gets_a_form_to_read() -> None:
    form = compiled("recommendation", "city_review")
    assert form.readonly
    groups = form.uischema["elements"]
    assert all(group["options"]["readonly"] for group in groups)
    assert all(control["options"]["readonly"] for group in groups for control in group["elements"])
