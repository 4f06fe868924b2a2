"""The registry gives what the editions' BPMN names; forms get their rows, user tasks their offices."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from service.domain import applications, objections, offices, procedures
from service.domain.applications import ApplicationExists
from service.domain.calendars import CalendarYearMissing
from service.domain.objections import PeriodOver
from service.domain.procedures import build_services, functions
from service.domain.procedures.assignments import LevelMissing, assignment
from service.domain.procedures.rows import RowsUnknown
from service.engine.definitions import Element
from service.engine.user_tasks import UserTask
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import HANGZHOU, REPOSITORY, YUHANG, ZHEJIANG, World

NAMED = {
    "services": r'serviceTaskOperator id="([^"]+)"',
    "effects": r'name="effect" value="([^"]+)"',
}


@pytest.mark.parametrize("registry", ["services", "effects"])
def test_everything_that_is_registered_is_named_by_an_edition_and_the_other_way_round(registry: str) -> None:
    drawn = "".join(file.read_text() for file in (REPOSITORY / "processes").rglob("*.bpmn"))
    assert set(re.findall(NAMED[registry], drawn)) == set(getattr(build_services(), registry))


# Who does what.


def element(**properties: str) -> Element:
    return Element("review", "application", "application", "审核", "userTask", properties=properties)


@pytest.mark.parametrize(
    ("level", "division"),
    [
        ("applicant", YUHANG),
        ("county", YUHANG),
        ("city", HANGZHOU),
        ("province", ZHEJIANG),
        ("nation", "000000"),
    ],
)
def test_a_user_task_goes_to_the_office_at_the_ancestor_of_its_level(
    world: World, level: str, division: str
) -> None:
    application = world.apply(world.open_round(), YUHANG)
    with world.database.read() as session:
        command = context(session, business_key=f"application:{application}")
        given = assignment(command, element(office="industry", level=level), {})
    assert (given.office, given.division, given.person_id) == ("industry", division, None)


def test_a_level_that_the_applicant_does_not_have_is_an_error_that_says_so(world: World) -> None:
    application = world.apply(world.open_round(), "110105")
    with world.database.read() as session:
        command = context(session, business_key=f"application:{application}")
        with pytest.raises(LevelMissing, match=r"^“审核”应由朝阳区的市级主管单位办理，"):
            assignment(command, element(office="industry", level="city"), {})


def test_what_has_an_assignee_is_for_that_person_alone(world: World) -> None:
    with world.database.read() as session:
        given = assignment(context(session, business_key="round:1"), element(assignee="member"), {})
    assert (given.office, given.division) == (None, None)


# Dates.


def test_legal_terms_are_refused_in_a_year_without_calendar_and_reminders_are_forecast(world: World) -> None:
    with world.database.read() as session:
        command = context(session)
        assert (
            functions.workdays_after(command, "2018-02-14T09:00:00+08:00", 1) == "2018-02-23T00:00:00+08:00"
        )
        assert functions.workdays_forecast(command, "2018-02-14", 1) == "2018-02-23T00:00:00+08:00"
        assert functions.workdays_forecast(command, "2031-12-31", 2) == "2032-01-03T00:00:00+08:00"
        for legal in (functions.workdays_after, functions.notice_end):
            with pytest.raises(CalendarYearMissing, match="2031"):
                legal(command, "2031-12-30", 1)


# What forms list.


def test_the_committee_form_lists_people_provinces_and_accepted_applications(world: World) -> None:
    round_id, ids = accepted_rows(world, [HANGZHOU, "130100"])
    with world.database.write() as session:
        expert = world.member(session, "expert", 1)
        bureau = world.member(session, "bureau", 1)
        world.person(session, offices.INDUSTRY, ZHEJIANG)
        found = SimpleNamespace(business_key=f"round:{round_id}", status="open", created_at=world.clock.now())
        task = cast(UserTask, found)
        rows = procedures.rows(session, task, ["people", "divisions", "accepted_applications"])
    assert [person for person, _ in rows["people"]] == [bureau, expert]
    assert len(rows["divisions"]) == 32
    assert rows["accepted_applications"] == [
        (ids["130100"], "河北省石家庄市"),
        (ids[HANGZHOU], "浙江省杭州市"),
    ]


def test_a_list_that_no_procedure_gives_is_an_error(world: World) -> None:
    round_id, _ = accepted_rows(world, [HANGZHOU])
    task = cast(UserTask, SimpleNamespace(business_key=f"round:{round_id}", status="open"))
    with world.database.read() as session, pytest.raises(RowsUnknown):
        procedures.rows(session, task, ["winners"])


# Two at once, on each kind of database.


def test_of_two_officials_who_apply_at_once_one_wins(either_world: World) -> None:
    world = either_world
    round_id = world.open_round()
    with world.database.write() as session:
        actor = world.official(session, offices.INDUSTRY, HANGZHOU)

    def apply(_: int) -> bool:
        try:
            with world.database.write() as session:
                applications.create(session, world.engine, actor, round_id=round_id, division_code=HANGZHOU)
        except ApplicationExists:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(apply, range(8))) == [False] * 7 + [True]


def test_an_objection_is_never_lost_when_its_notice_ends_at_the_same_time(either_world: World) -> None:
    world = either_world
    round_id = world.open_round()
    accepted = world.accepted(round_id, [HANGZHOU])
    world.review(round_id, dict.fromkeys(accepted.values(), "90"))
    notice = world.publish(round_id)
    assert notice.ends_at is not None
    world.clock.advance_to(notice.ends_at - timedelta(microseconds=1))

    def object_(_: int) -> bool:
        try:
            world.object_to(notice.id, accepted[HANGZHOU])
        except PeriodOver:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        filed = pool.map(object_, range(8))
        world.clock.advance_to(notice.ends_at)
        world.settle()
        count = sum(filed)
    world.settle()
    with world.database.write() as session:
        assert objections.open_of_notice(session, notice.id) == count
    assert world.open_tasks(f"round:{round_id}") == ([] if count else ["report_to_state_council"])
