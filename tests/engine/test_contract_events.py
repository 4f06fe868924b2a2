"""What the engine relies on in SpiffWorkflow 3.2.0: timers and messages."""

from datetime import UTC, datetime, timedelta

import pytest
from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from service.engine.errors import TimerInvalid
from service.engine.workflows import correlation_of, receive, thrown, waiting
from tests.engine.contract import START, Drawn, Run
from tests.engine.processes import (
    boundary,
    bpmn,
    call,
    catch,
    date_timer,
    duration_timer,
    end,
    flows,
    gateway,
    message,
    process,
    receives,
    sends,
    start,
    subprocess,
    throw,
    user,
)

ANNOUNCED = message("announced", "round_id", "track")


def waits_for(timer: str) -> Drawn:
    """A process that waits for a timer, then for a person."""
    arrows = flows("begin>wait", "wait>act", "act>done")
    return Drawn(bpmn(process(start(), catch("wait", timer), user("act"), end(), arrows)))


# Timers.


def test_a_timer_fires_at_its_very_instant_and_not_before() -> None:
    due = START + timedelta(days=7)
    run = Run(waits_for(date_timer("ends_at")), ends_at=due.isoformat())
    assert run.ready() == []
    assert [found for _, found in waiting(run.workflow).timers.values()] == [due]
    assert run.at(due - timedelta(microseconds=1)).ready() == []
    assert run.at(due).ready() == ["act"]


def test_a_due_time_is_kept_in_utc_and_fixed_once() -> None:
    run = Run(waits_for(duration_timer('"P5D"')))
    ends = [found for _, found in waiting(run.workflow).timers.values()]
    assert ends == [START + timedelta(days=5)]
    assert ends[0].tzinfo == UTC
    run.at(START + timedelta(days=4))
    assert [found for _, found in waiting(run.workflow).timers.values()] == ends


def test_timers_obey_the_clock_of_their_instance_and_not_the_machine_s() -> None:
    drawn = waits_for(duration_timer('"PT1S"'))
    past = Run(drawn, now=datetime(1999, 1, 1, tzinfo=UTC))
    future = Run(drawn, now=datetime(2099, 1, 1, tzinfo=UTC))
    assert past.ready() == future.ready() == []
    assert past.at(datetime(1999, 1, 1, 0, 0, 1, tzinfo=UTC)).ready() == ["act"]
    assert future.at(datetime(2099, 1, 1, 0, 0, 1, tzinfo=UTC)).ready() == ["act"]


@pytest.mark.parametrize("value", ['"2026-04-01T00:00:00"', '"tomorrow"', "7", "null"])
def test_a_date_without_an_offset_is_refused_by_the_timer_s_name(value: str) -> None:
    with pytest.raises(TimerInvalid, match="等待wait"):
        Run(waits_for(date_timer(value)))


def test_overdue_timers_fire_in_the_order_in_which_they_were_due() -> None:
    body = (start("in"), catch("step", duration_timer('"P2D"')), user("late"), end("out"))
    drawn = Drawn(
        bpmn(
            process(
                start(),
                subprocess("body", *body, flows("in>step", "step>late", "late>out")),
                boundary("deadline", "body", duration_timer('"P1D"')),
                user("after"),
                end("done", "other"),
                flows("begin>body", "body>done", "deadline>after", "after>other"),
            )
        )
    )
    run = Run(drawn).at(START + timedelta(days=30))
    assert run.ready() == ["after"]
    assert "step" not in [task.task_spec.bpmn_id for task in run.moves.passed]


def test_the_engine_s_own_loop_leaves_a_due_timer_unrun() -> None:
    run = Run(waits_for(duration_timer('"P1D"')))
    scripts = run._scripts()
    scripts.horizon = START + timedelta(days=1)
    run.workflow.script_engine = scripts
    run.workflow.do_engine_steps()
    assert [task.task_spec.bpmn_id for task in run.workflow.ready()] == ["wait"]
    assert run.ready() == []


def test_a_called_process_waits_for_its_timer_every_time_it_is_called() -> None:
    main = process(
        start(),
        gateway("again"),
        call("publish", "notice"),
        user("check"),
        gateway("checked", default="done"),
        end(),
        flows(
            "begin>again",
            "again>publish",
            "publish>check",
            "check>checked",
            'checked>again[decision == "again"]',
            "checked>done",
        ),
    )
    notice = process(
        start("opened"),
        catch("period", duration_timer('"P5D"')),
        end("closed"),
        flows("opened>period", "period>closed"),
        id="notice",
    )
    run = Run(Drawn(bpmn(main, notice)))
    for days in (5, 10, 15):
        assert run.ready() == []
        assert run.at(START + timedelta(days=days)).ready() == ["check"]
        run.do("check", decision="again")
    assert run.ready() == []


def test_a_boundary_timer_interrupts_a_task_or_lets_it_stand() -> None:
    def drawn(interrupting: bool) -> Drawn:
        timer = duration_timer('"P1D"')
        parts = (start(), user("act"), boundary("late", "act", timer, interrupting), user("chase"), end())
        arrows = flows("begin>act", "act>done", "late>chase", "chase>over")
        return Drawn(bpmn(process(*parts, end("over"), arrows)))

    tomorrow = START + timedelta(days=1)
    assert Run(drawn(True)).at(tomorrow).ready() == ["chase"]
    assert Run(drawn(False)).at(tomorrow).ready() == ["act", "chase"]


# Messages.


def receiver() -> Drawn:
    """A process that waits for a message at an event gateway, beside a timer."""
    return Drawn(
        bpmn(
            ANNOUNCED,
            process(
                start(),
                gateway("first", "event"),
                catch("told", receives("announced", "result", round_id="round_id", track='"main"')),
                catch("late", duration_timer('"P9D"')),
                user("read"),
                user("give_up"),
                end("done", "over"),
                flows(
                    "begin>first",
                    "first>told",
                    "first>late",
                    "told>read",
                    "late>give_up",
                    "read>done",
                    "give_up>over",
                ),
            ),
        )
    )


def test_what_a_gateway_waits_for_names_its_message_and_correlation() -> None:
    run = Run(receiver(), round_id="r1")
    ((task, definition),) = waiting(run.workflow).subscriptions.values()
    assert isinstance(task.task_spec.event_definition, MultipleEventDefinition)
    assert definition.name == "announced"
    assert correlation_of(task, definition) == {"round_id": "r1", "track": "main"}


def test_the_engine_itself_would_give_a_gateway_any_message_of_the_name() -> None:
    run = Run(receiver(), round_id="r1")
    wrong = BpmnEvent(
        MessageEventDefinition("announced"),
        {"round_id": "another", "track": "main"},
        {"MainCorrelationKey": {"round_id": "another", "track": "main"}},
    )
    assert EventManager.catch(run.workflow.event_manager, wrong, internal=False) == 1


def test_a_received_message_goes_on_from_its_own_event_with_its_payload() -> None:
    run = Run(receiver(), round_id="r1")
    ((task, definition),) = waiting(run.workflow).subscriptions.values()
    receive(task, definition, {"round_id": "r1", "track": "main", "list_id": "l1"})
    run.go_on()
    assert run.ready() == ["read"]
    assert run.data("read")["result"] == {"round_id": "r1", "track": "main", "list_id": "l1"}
    assert run.at(START + timedelta(days=20)).ready() == ["read"]


def test_the_timer_beside_a_message_ends_the_wait_for_it() -> None:
    run = Run(receiver(), round_id="r1").at(START + timedelta(days=9))
    assert run.ready() == ["give_up"]
    assert waiting(run.workflow).subscriptions == {}


def test_a_thrown_message_is_drained_once_with_correlation_and_payload() -> None:
    parts = (
        start(),
        user("act"),
        throw("tell", sends("announced", '{"round_id": round_id, "track": "main", "n": 1}')),
    )
    drawn = Drawn(bpmn(ANNOUNCED, process(*parts, end(), flows("begin>act", "act>tell", "tell>done"))))
    run = Run(drawn, round_id="r7")
    run.do("act", reload=False)
    (event,) = run.workflow.get_events()
    correlation, payload = thrown(run.workflow.script_engine, event)
    assert correlation == {"round_id": "r7", "track": "main"}
    assert payload == {"round_id": "r7", "track": "main", "n": 1}
    assert run.workflow.get_events() == []


def test_no_message_is_caught_inside_the_instance_that_threw_it() -> None:
    drawn = Drawn(
        bpmn(
            ANNOUNCED,
            process(
                start(),
                gateway("split", "parallel"),
                user("act"),
                throw("tell", sends("announced", '{"round_id": "other", "track": "main"}')),
                catch("told", receives("announced", round_id='"mine"', track='"main"')),
                end("done", "over"),
                flows("begin>split", "split>act", "act>tell", "tell>done", "split>told", "told>over"),
            ),
        )
    )
    run = Run(drawn)
    run.do("act", reload=False)
    assert len(run.workflow.get_events()) == 1
    assert len(waiting(run.workflow).subscriptions) == 1


def test_send_event_refuses_a_message_that_nobody_waits_for() -> None:
    run = Run(waits_for(duration_timer('"P1D"')))
    run.workflow.event_manager = EventManager(run.workflow)
    with pytest.raises(WorkflowException, match="not waiting"):
        run.workflow.send_event(BpmnEvent(MessageEventDefinition("announced"), {}, {}))


def test_a_message_boundary_takes_its_subprocess_away() -> None:
    body = (start("in"), user("act"), end("out"), flows("in>act", "act>out"))
    drawn = Drawn(
        bpmn(
            ANNOUNCED,
            process(
                start(),
                subprocess("body", *body),
                boundary("told", "body", receives("announced", round_id="round_id", track='"main"')),
                end("done", "over"),
                flows("begin>body", "body>done", "told>over"),
            ),
        )
    )
    run = Run(drawn, round_id="r1")
    ((task, definition),) = waiting(run.workflow).subscriptions.values()
    receive(task, definition, {"round_id": "r1", "track": "main"})
    run.go_on()
    assert run.workflow.completed
    assert run.workflow.end_events() == ["over"]
    cancelled = [one for one in run.workflow.all_tasks() if one.task_spec.bpmn_id == "act"]
    assert [one.state for one in cancelled] == [TaskState.CANCELLED]
