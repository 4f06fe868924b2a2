"""Commands on instances: one transaction each, checked, and nothing saved where anything fails."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from service.engine.errors import (
    AlreadyClaimed,
    DataRefused,
    DeadlinePassed,
    DecisionMissing,
    DecisionUnknown,
    InstanceEnded,
    InstanceSuspended,
    NotClaimed,
    NotFound,
    NotSuspended,
    UserTaskClosed,
    UserTaskWithdrawn,
    VersionChanged,
)
from service.engine.instances import with_business_key
from service.engine.messages import Subscription
from service.engine.services import Assignment, Completion, Context, Services
from service.engine.timers import Timer
from service.engine.user_tasks import UserTask
from tests.engine.engines import START, World
from tests.engine.processes import (
    boundary,
    bpmn,
    call,
    catch,
    date_timer,
    duration_timer,
    each,
    end,
    flows,
    gateway,
    lanes,
    message,
    process,
    receives,
    start,
    user,
    variables,
)

REVIEW = bpmn(
    process(
        start(),
        user("fill"),
        user("review", "agree", "return", "refuse"),
        gateway("judged", default="agreed"),
        end("agreed", "refused"),
        flows(
            "begin>fill",
            "fill>review",
            "review>judged",
            'judged>fill[decision == "return"]',
            'judged>refused[decision == "refuse"]',
            "judged>agreed",
        ),
    )
)


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def world(database_url: str, services: Services) -> Iterator[World]:
    world = World(database_url, services)
    yield world
    world.database.dispose()


# Going through a process.


def test_a_case_goes_through_its_steps_and_returns_to_its_end(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"], "application:7")
    assert world.open(case) == ["fill"]
    world.complete(case, "fill")
    world.complete(case, "review", "return")
    world.complete(case, "fill")
    ended = world.complete(case, "review", "agree")
    assert (ended.status, ended.end_elements, ended.ended_at) == ("completed", ["agreed"], START)
    assert world.open(case) == []
    with world.read() as session:
        (kept,) = with_business_key(session, "application:7")
        assert (kept.status, kept.end_elements, kept.version) == ("completed", ["agreed"], 5)


def test_a_user_task_shows_what_the_drawing_says_of_it(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    world.complete(case, "fill", person="wang")
    review = world.task(case, "review")
    assert (review.name, review.office, review.business_key) == ("办理review", "industry", "case:1")
    assert list(review.decisions.items()) == [
        ("agree", "选项agree"),
        ("return", "选项return"),
        ("refuse", "选项refuse"),
    ]
    with world.read() as session:
        done = session.scalars(select(UserTask).where(UserTask.element_id == "fill")).one()
        assert (done.status, done.completed_by, done.completed_at) == ("completed", "wang", START)


def test_two_processes_of_one_definition_do_not_touch_each_other(world: World) -> None:
    definition = world.deploy(REVIEW)["main"]
    first, second = world.start(definition, "a:1"), world.start(definition, "a:2")
    world.complete(first, "fill")
    assert (world.open(first), world.open(second)) == (["review"], ["fill"])


# Refusals.


def test_a_repeated_completion_names_who_did_it_when_and_how(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    world.complete(case, "fill")
    review = world.task(case, "review")
    world.complete(case, "review", "agree", person="wang")
    before = world.snapshot()
    with pytest.raises(UserTaskClosed) as refused:
        world.write("complete", review.id, person_id="li", decision="refuse")
    assert (refused.value.who, refused.value.when) == ("wang", START)
    assert str(refused.value) == (
        "“办理review”已由wang于2026年3月2日 09:00办结（选项agree），本次提交没有生效。请刷新页面查看结果。"
    )
    assert world.snapshot() == before


def test_a_claimed_user_task_is_refused_to_others_until_it_is_given_back(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    fill = world.task(case, "fill")
    assert world.write("claim", fill.id, "wang").claimed_by == "wang"
    for command in ("claim", "unclaim"):
        with pytest.raises(AlreadyClaimed) as refused:
            world.write(command, fill.id, "li")
        assert (refused.value.who, refused.value.when) == ("wang", START)
    with pytest.raises(AlreadyClaimed):
        world.complete(case, "fill", person="li")
    assert world.write("unclaim", fill.id, "wang").claimed_by is None
    with pytest.raises(NotClaimed):
        world.write("unclaim", fill.id, "wang")
    world.complete(case, "fill", person="li")


def test_claiming_one_s_own_user_task_again_changes_nothing(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    fill = world.task(case, "fill")
    world.write("claim", fill.id, "wang")
    before = world.snapshot()
    world.write("claim", fill.id, "wang")
    assert world.snapshot() == before
    world.complete(case, "fill", person="wang")


def test_a_stale_version_is_refused_and_leaves_the_instance_intact(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    seen = world.instance(case).version
    world.complete(case, "fill", version=seen)
    before = world.snapshot()
    with pytest.raises(VersionChanged, match="第1版，现为第2版"):
        world.complete(case, "review", "agree", version=seen)
    assert world.snapshot() == before


def test_a_decision_must_be_one_of_the_drawing_s(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    with pytest.raises(DecisionUnknown):
        world.complete(case, "fill", "agree")
    world.complete(case, "fill")
    with pytest.raises(DecisionMissing, match="“选项agree”“选项return”“选项refuse”"):
        world.complete(case, "review")
    with pytest.raises(DecisionUnknown, match="没有“burn”这一选项"):
        world.complete(case, "review", "burn")
    assert world.open(case) == ["review"]


@pytest.mark.parametrize("command", ["claim", "unclaim"])
def test_an_unknown_user_task_is_not_found(world: World, command: str) -> None:
    with pytest.raises(NotFound):
        world.write(command, "0" * 32, "li")
    with pytest.raises(NotFound):
        world.write("complete", "0" * 32, person_id="li")


# Suspend, resume, cancel.


def test_a_suspended_instance_refuses_every_command_until_it_is_resumed(world: World) -> None:
    case = world.start(world.deploy(REVIEW)["main"])
    fill = world.task(case, "fill")
    world.write("suspend", case.id, "admin", "核查")
    refused = [("claim", (fill.id, "li")), ("unclaim", (fill.id, "li")), ("fire", (case.id,))]
    for command, arguments in refused:
        with pytest.raises(InstanceSuspended):
            world.write(command, *arguments)
    with pytest.raises(InstanceSuspended):
        world.complete(case, "fill")
    with pytest.raises(InstanceSuspended):
        world.write("suspend", case.id, "admin", "核查")
    assert world.write("resume", case.id, "admin", "核查完毕").status == "active"
    with pytest.raises(NotSuspended):
        world.write("resume", case.id, "admin", "")
    world.complete(case, "fill")


def test_cancelling_withdraws_user_tasks_timers_and_subscriptions(world: World) -> None:
    parts = (
        start(),
        gateway("split", "parallel"),
        user("act"),
        boundary("late", "act", duration_timer('"P3D"')),
        catch("told", receives("announced", round_id="round_id")),
        end("done", "over", "missed"),
        flows("begin>split", "split>act", "act>done", "split>told", "told>over", "late>missed"),
    )
    definition = world.deploy(bpmn(message("announced", "round_id"), process(*parts)))["main"]
    case = world.start(definition, round_id="r1")
    act = world.task(case, "act")
    world.write("suspend", case.id, "admin", "停")
    cancelled = world.write("cancel", case.id, "admin", "撤销")
    assert (cancelled.status, cancelled.ended_at) == ("cancelled", START)
    with world.read() as session:
        assert session.scalar(select(func.count()).select_from(Timer)) == 0
        assert session.scalar(select(func.count()).select_from(Subscription)) == 0
    with pytest.raises(UserTaskWithdrawn):
        world.write("complete", act.id, person_id="li")
    for command in ("suspend", "cancel"):
        with pytest.raises(InstanceEnded):
            world.write(command, case.id, "admin", "")


# Task data.


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"typename": 1}, "given.typename"),
        ({"deep": [{"typename": 1}]}, r"given.deep\[0\].typename"),
        (0.1, "given"),
        (START, "given"),
        ({1: 2}, "given.1"),
        (Fraction(1, 3), "given"),
        ({"a", "b"}, "given"),
    ],
)
def test_data_that_could_not_be_loaded_again_is_refused(world: World, value: Any, path: str) -> None:
    definition = world.deploy(REVIEW)["main"]
    with pytest.raises(DataRefused, match=path):
        world.start(definition, given=value)
    case = world.start(definition)
    with pytest.raises(DataRefused, match=path):
        world.complete(case, "fill", variables={"given": value})
    assert world.open(case) == ["fill"]


def test_an_instance_that_is_moved_again_and_again_keeps_its_data(world: World) -> None:
    given: dict[str, Any] = {"name": "余杭区", "share": Fraction(1, 8), "list": [1, {"z": 1, "a": None}]}
    case = world.start(world.deploy(REVIEW)["main"], **given)
    for _ in range(3):
        world.complete(case, "fill", variables={"round": {"n": 1}})
        world.complete(case, "review", "return")
    assert world.data(case) == {
        "name": "余杭区",
        "share": "0.125",
        "list": [1, {"z": 1, "a": None}],
        "round": {"n": 1},
        "decision": "return",
    }


# Assignments.


def test_an_office_comes_from_the_element_its_lane_or_the_calling_activity(world: World) -> None:
    world.services.assignment = lambda context, element, data: Assignment(
        office=element.properties.get("office"), division=element.properties.get("level")
    )
    called = bpmn(
        process(
            lanes(inside=["own_lane", "own_office"]),
            start("in"),
            user("no_lane", office=None),
            user("own_lane", office=None),
            user("own_office", office="bureau"),
            end("out"),
            flows("in>no_lane", "no_lane>own_lane", "own_lane>own_office", "own_office>out"),
            id="called",
        )
    )
    main = bpmn(
        process(
            lanes(city=["first", "calling"]),
            start(),
            user("first", office=None, level="county"),
            call("calling", "called"),
            end(),
            flows("begin>first", "first>calling", "calling>done"),
        )
    )
    places = {
        "city": {"office": "industry", "level": "city"},
        "inside": {"office": "statistics", "level": "x"},
    }
    case = world.start(world.deploy(main, called, lanes=places)["main"])
    found = {}
    while todo := world.todo(case):
        found[todo[0].element_id] = (todo[0].office, todo[0].division)
        world.complete(case, todo[0].element_id)
    assert found == {
        "first": ("industry", "county"),
        "no_lane": ("industry", "city"),
        "own_lane": ("statistics", "x"),
        "own_office": ("bureau", None),
    }


def test_an_assignee_and_a_due_time_are_expressions(world: World) -> None:
    given = {"assignee": "member", "due": '"2026-03-10T00:00:00+08:00"'}
    scoring = user("score", inner=each("members", "member", "sheets", "sheet"), office=None, **given)
    parts = (variables("members", "sheets"), start(), scoring, end(), flows("begin>score", "score>done"))
    case = world.start(world.deploy(bpmn(process(*parts)))["main"], members={"a": "p1", "b": "p2"})
    todo = world.todo(case)
    assert sorted(user_task.assignee_id or "" for user_task in todo) == ["p1", "p2"]
    assert {str(user_task.due_at) for user_task in todo} == {"2026-03-09 16:00:00+00:00"}


def test_parallel_members_complete_their_own_user_tasks_in_any_order(
    world: World, services: Services
) -> None:
    @services.effect("scores.submit")
    def submit(context: Context, completion: Completion) -> dict[str, Any]:
        return {"sheet": f"sheet of {completion.person_id}"}

    scoring = user(
        "score",
        inner=each("members", "member", "sheets", "sheet"),
        office=None,
        assignee="member",
        effect="scores.submit",
    )
    parts = (
        variables("members", "sheets"),
        start(),
        user("form"),
        gateway("again"),
        scoring,
        user("decide", "rescore", "agree"),
        gateway("decided", default="done"),
        end(),
        flows(
            "begin>form",
            "form>again",
            "again>score",
            "score>decide",
            "decide>decided",
            'decided>again[decision == "rescore"]',
            "decided>done",
        ),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"])
    world.complete(case, "form", variables={"members": {name: name for name in ("a", "b", "c")}})
    for decision in ("rescore", "agree"):
        for user_task in sorted(world.todo(case), key=lambda found: found.assignee_id or "", reverse=True):
            world.write("complete", user_task.id, person_id=user_task.assignee_id)
        assert world.open(case) == ["decide"]
        assert world.data(case)["sheets"] == {name: f"sheet of {name}" for name in ("a", "b", "c")}
        world.complete(case, "decide", decision)
    assert world.instance(case).status == "completed"


def test_a_deadline_that_has_passed_refuses_the_completion_before_a_worker_comes(world: World) -> None:
    parts = (
        start(),
        user("act"),
        boundary("late", "act", date_timer("ends_at")),
        user("after"),
        end("done", "over"),
        flows("begin>act", "act>done", "late>after", "after>over"),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"], ends_at="2026-03-03T00:00:00+08:00")
    act = world.task(case, "act")
    world.clock.advance_to(world.clock.now().replace(day=2, hour=16))
    before = world.snapshot()
    with pytest.raises(DeadlinePassed):
        world.write("complete", act.id, person_id="li")
    assert world.snapshot() == before
    assert world.work() == 1
    assert world.open(case) == ["after"]
    with pytest.raises(UserTaskWithdrawn):
        world.write("complete", act.id, person_id="li")
