"""Services, effects and functions of a drawing: what they get and give, and what their faults undo."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from service.engine import definitions as deployment
from service.engine import history
from service.engine.errors import (
    EffectUnknown,
    EndlessLoop,
    InstanceStuck,
    ServiceUnknown,
)
from service.engine.expressions import ExpressionFailed
from service.engine.services import Completion, Context, Services
from service.engine.specs import ConditionsOverlap
from tests.engine.engines import START, World
from tests.engine.processes import (
    bpmn,
    end,
    flows,
    gateway,
    one_step,
    process,
    script,
    service,
    start,
    user,
)


class Refusal(Exception):
    """An error of the domain's own."""


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def world(database_url: str, services: Services) -> Iterator[World]:
    world = World(database_url, services)
    yield world
    world.database.dispose()


def test_a_service_gets_its_parameters_and_puts_its_result_under_its_variable(
    world: World, services: Services
) -> None:
    seen: dict[str, Any] = {}

    @services.service("quota.check")
    def check(context: Context, *, province: str, share: str, nested: dict[str, Any]) -> dict[str, Any]:
        seen.update(province=province, share=share, nested=nested, element=context.element, now=context.now)
        seen.update(key=context.instance.business_key, limit=context.parameters["limit"])
        context.record("quota_checked", province=province)
        return {"left": Fraction(5, 2), "whole": Fraction(4, 2)}

    called = service(
        "check", "quota.check", "quota", province="province", share="1 / 4", nested='{"a": parameters.limit}'
    )
    definition = world.deploy(one_step(called, user("after")), parameters={"limit": 3})["main"]
    case = world.start(definition, "round:1", province="330000")
    world.complete(case, "act")
    assert (seen["province"], seen["share"], seen["nested"], seen["limit"]) == ("330000", "0.25", {"a": 3}, 3)
    assert (seen["element"].id, seen["key"], seen["now"]) == ("check", "round:1", START)
    with world.read() as session:
        assert "quota_checked" in [event.type for event in history.of_chain(session, case.id)]
    assert world.data(case) == {"province": "330000", "quota": {"left": "2.5", "whole": 2}}


def test_an_effect_runs_before_the_step_and_decides_what_follows(world: World, services: Services) -> None:
    @services.effect("scores.submit")
    def submit(context: Context, completion: Completion) -> dict[str, Any]:
        assert context.actor_id == completion.person_id == "wang"
        assert completion.user_task.element_id == "act"
        return {"high": completion.content["sheet"]["total"] > 90, "sheet_id": completion.forms["sheet"]}

    parts = (
        start(),
        user("act", effect="scores.submit"),
        gateway("judged", default="low"),
        user("high_path"),
        user("low"),
        end("done", "over"),
        flows(
            "begin>act", "act>judged", "judged>high_path[high]", "judged>low", "high_path>done", "low>over"
        ),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"])
    world.complete(case, "act", person="wang", forms={"sheet": "s1"}, content={"sheet": {"total": 95}})
    assert world.open(case) == ["high_path"]


@pytest.mark.parametrize("where", ["effect", "service", "function", "assignment"])
def test_an_error_of_the_domain_s_reaches_the_caller_unchanged_and_nothing_is_saved(
    world: World, services: Services, where: str
) -> None:
    error = Refusal("额度已满")

    def refuse(*arguments: Any, **options: Any) -> Any:
        raise error

    services.effects["refuse"] = refuse if where == "effect" else lambda context, completion: None
    services.services["refuse"] = refuse if where == "service" else lambda context: None
    services.functions["refuse"] = refuse if where == "function" else lambda context: 1
    parts = (
        start(),
        user("act", effect="refuse"),
        service("call_it", "refuse"),
        script("compute", "x = refuse()"),
        user("after"),
        end(),
        flows("begin>act", "act>call_it", "call_it>compute", "compute>after", "after>done"),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"])
    if where == "assignment":
        services.assignment = refuse
    before = world.snapshot()
    with pytest.raises(Refusal) as raised:
        world.complete(case, "act")
    assert raised.value is error
    assert world.snapshot() == before


def test_what_an_effect_wrote_is_undone_with_the_command_that_fails(world: World, services: Services) -> None:
    @services.effect("start.another")
    def start_another(context: Context, completion: Completion) -> None:
        context.engine.start(
            context.session, context.instance.definition_id, business_key="case:2", variables={}
        )
        context.record("another_started")

    parts = (
        start(),
        user("act", effect="start.another"),
        gateway("judged", default="else_"),
        end("done", "over", "else_"),
        flows("begin>act", "act>judged", "judged>done[n > 0]", "judged>over[n > 1]", "judged>else_"),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"], n=2)
    before = world.snapshot()
    with pytest.raises(ConditionsOverlap, match="网关judged"):
        world.complete(case, "act")
    assert world.snapshot() == before


def test_a_command_on_the_instance_that_is_being_moved_is_a_programming_error(
    world: World, services: Services
) -> None:
    @services.effect("suspend.itself")
    def suspend(context: Context, completion: Completion) -> None:
        context.engine.suspend(context.session, context.instance.id, None, "自己")

    parts = (start(), user("act", effect="suspend.itself"), end(), flows("begin>act", "act>done"))
    case = world.start(world.deploy(bpmn(process(*parts)))["main"])
    with pytest.raises(RuntimeError, match="already runs"):
        world.complete(case, "act")


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ((service("missing", "no.such"),), ServiceUnknown),
        ((script("compute", "x = unknown + 1"),), ExpressionFailed),
        ((script("compute", "x = 1 / 0"),), ExpressionFailed),
    ],
)
def test_what_cannot_be_computed_is_named_and_saves_nothing(
    world: World, parts: tuple[str, ...], error: type[Exception]
) -> None:
    case = world.start(world.deploy(one_step(*parts))["main"])
    before = world.snapshot()
    with pytest.raises(error):
        world.complete(case, "act")
    assert world.snapshot() == before


def test_an_unknown_effect_is_named(world: World) -> None:
    parts = (start(), user("act", effect="no.such"), end(), flows("begin>act", "act>done"))
    case = world.start(world.deploy(bpmn(process(*parts)))["main"])
    with pytest.raises(EffectUnknown, match=r"no\.such"):
        world.complete(case, "act")


def test_a_loop_that_waits_for_nobody_is_stopped(world: World) -> None:
    parts = (
        start(),
        user("act"),
        gateway("again"),
        script("count", "n = n + 1"),
        gateway("enough", default="done"),
        end(),
        flows("begin>act", "act>again", "again>count", "count>enough", "enough>again[n > 0]", "enough>done"),
    )
    case = world.start(world.deploy(bpmn(process(*parts)))["main"], n=1)
    with pytest.raises(EndlessLoop):
        world.complete(case, "act")
    assert world.open(case) == ["act"]


def test_an_instance_that_would_wait_for_nothing_is_not_saved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = (
        start(),
        user("act"),
        gateway("either", default="right"),
        script("left", "x = 1"),
        script("right", "x = 2"),
        gateway("both", "parallel"),
        end(),
        flows("begin>act", "act>either", "either>left[n > 1]", "either>right", "left>both", "right>both"),
        flows("both>done"),
    )
    monkeypatch.setattr(deployment, "check", lambda package, known: [])  # Lint would refuse it: stuck-join.
    case = world.start(world.deploy(bpmn(process(*parts)))["main"], n=1)
    with pytest.raises(InstanceStuck, match="赋值right"):
        world.complete(case, "act")
    assert world.open(case) == ["act"]
