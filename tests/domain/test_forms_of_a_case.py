"""Forms of one case beside one another: what two of them say of one thing, and what the case itself says."""

from typing import Any

from sqlalchemy import select

from service.domain import forms, user_tasks
from service.domain.forms import FormSubmission
from service.domain.offices import INDUSTRY
from service.engine.user_tasks import UserTask
from tests.domain.world import HANGZHOU, World
from tests.domain.world_2022 import World2022

CENTRES = "indicators.innovation_centres_national.t1"
VALUE_ADDED = [f"overall.value_added.{year}" for year in ("t3", "t2", "t1")]
PROJECT = {
    "category": "innovation_centre",
    "name": "省增材制造创新中心",
    "unit": "市研究院",
    "schedule": "2017年",
}
PROJECTS = [PROJECT, dict(PROJECT)]
TARGET = {"targets.0.level": "overall", "targets.0.name": "工业增加值", "targets.0.unit": "亿元"}


def warned(world: World, recommendation: dict[str, Any], report: dict[str, Any]) -> list[str]:
    """What the province is asked to look into, of an application with these forms."""
    application = world.apply(world.open_round(), HANGZHOU)
    key = f"application:{application}"
    world.do(key, "fill_in", "submit", given={"recommendation": recommendation, "report": report})
    with world.database.write() as session:
        province = world.official(session, INDUSTRY, "330000")
        (task,) = world.tasks(session, key)
        view = user_tasks.view(session, province, task.id)
    return [each.message for form in (*view.forms, *view.materials) for each in form.remarks]


def test_a_project_of_the_report_that_the_recommendation_does_not_count_is_pointed_out(world: World) -> None:
    (told,) = warned(world, {CENTRES: "1"}, {"national_projects": PROJECTS})
    assert told == ("申报书列出制造业创新中心建设工程国家级项目 2 个，此处为 1 个，少于所列；请核对两处。")


def test_a_figure_that_stands_in_two_forms_is_to_be_the_same(world: World) -> None:
    figures = {
        "overall.value_added.t1": "1000.00",
        "overall.value_added.t2": "950",
        "overall.value_added.t3": "900",
    }
    rows = {**TARGET, "targets.0.t1": "998"}
    (told,) = warned(world, figures, rows)
    assert "工业增加值的2017年基数为 998 亿元，推荐表中为 1000.00 亿元" in told


def test_forms_that_agree_are_passed_without_a_word(world: World) -> None:
    figures = {CENTRES: "2", **dict(zip(VALUE_ADDED, ("900", "950", "1000.00"), strict=True))}
    report = {"national_projects": PROJECTS, **TARGET, "targets.0.t1": "1000.0"}
    assert warned(world, figures, report) == []


def test_a_year_unlike_the_one_before_is_pointed_out(world: World) -> None:
    (told,) = warned(
        world, {"overall.patents.t2": "100", "overall.patents.t1": "190", "overall.patents.t3": "99"}, {}
    )
    assert told == "2017年有效发明专利数（件）：由2016年的 100 变为 190，增加 90 件，变动较大；请核对。"


def test_a_draft_is_told_what_the_other_draft_says(world: World) -> None:
    application = world.apply(world.open_round(), HANGZHOU)
    with world.database.write() as session:
        city = world.official(session, INDUSTRY, HANGZHOU)
        (task,) = world.tasks(session, f"application:{application}")
        views = {each.key: each for each in user_tasks.view(session, city, task.id).forms}
        contents = {
            "recommendation": forms.sample(views["recommendation"].compiled, 1, {CENTRES: "1"}),
            "report": forms.sample(views["report"].compiled, 1, {"national_projects": PROJECTS}),
        }

        def saved(key: str) -> list[str]:
            found = user_tasks.save_draft(session, world.engine, city, task.id, key, contents[key], version=0)
            return [each.pointer for each in found.problems]

        assert saved("report") == []
        assert saved("recommendation") == ["/indicators/innovation_centres_national/t1"]


def test_the_applicant_and_the_track_in_its_forms_are_the_applications(world_2022: World2022) -> None:
    world = world_2022
    for track, other in (("a", "b"), ("b", "a")):
        application = world.apply(world.open_track(track), HANGZHOU)
        key = f"application:{application}"
        world.do(key, "fill_in", "submit")
        with world.database.write() as session:
            (task,) = world.tasks(session, key)
            bureau = world.official(session, task.office or "", task.division or "")
            (form,) = user_tasks.view(session, bureau, task.id).forms
            assert form.content == {"city": "浙江省杭州市", "track": track}
            assert not {"city", "track"} & form.compiled.editable
            content = forms.sample(form.compiled, 1, dict(form.content), on=world.clock.now().date())
            content |= {"track": other, "city": "别的市"}
            user_tasks.complete(
                session, world.engine, bureau, task.id, decision="agree", contents={"statistics": content}
            )
            assert session.get_one(UserTask, task.id).status == "completed"
        with world.database.read() as session:
            table = forms.latest(session, key, f"recommendation_{track}")
            assert table is not None
            assert table.content["city"] == table.content["general_city"] == "浙江省杭州市"
            query = select(FormSubmission).where(FormSubmission.business_key == key)
            handed_in = session.scalars(query.where(FormSubmission.form_key == "statistics")).one().content
        assert (handed_in["track"], handed_in["city"]) == (track, "浙江省杭州市")
        assert f"indicators_{track}" in handed_in
        assert f"indicators_{other}" not in handed_in
