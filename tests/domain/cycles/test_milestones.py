"""What is due when: three years, a meeting each, the mid-term in the middle, the final one last."""

from datetime import date

from service.domain.cycles import Kind, milestones, months_after

PARAMETERS = {
    "cycle": {"years": 3},
    "meeting": {"every_months": 12},
    "assessment": {"midterm_after_months": 18},
}


def test_three_years_from_january() -> None:
    assert [(str(each.on), each.kind) for each in milestones(date(2017, 1, 1), PARAMETERS)] == [
        ("2018-01-01", Kind.MEETING),
        ("2018-07-01", Kind.MIDTERM),
        ("2019-01-01", Kind.MEETING),
        ("2020-01-01", Kind.MEETING),
        ("2020-01-01", Kind.FINAL),
    ]


def test_other_parameters_give_other_days() -> None:
    changed = {**PARAMETERS, "cycle": {"years": 2}, "assessment": {"midterm_after_months": 12}}
    kinds = [each.kind for each in milestones(date(2017, 1, 1), changed)]
    assert kinds == [Kind.MEETING, Kind.MIDTERM, Kind.MEETING, Kind.FINAL]


def test_the_final_assessment_is_the_last_whatever_falls_on_its_day() -> None:
    changed = {**PARAMETERS, "assessment": {"midterm_after_months": 36}}
    assert milestones(date(2017, 1, 1), changed)[-1].kind == Kind.FINAL


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    assert months_after(date(2016, 8, 31), 18) == date(2018, 2, 28)
    assert months_after(date(2016, 1, 31), 1) == date(2016, 2, 29)
    assert months_after(date(2016, 12, 1), 1) == date(2017, 1, 1)
