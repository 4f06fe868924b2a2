"""Timers on the project's clock. The serializer puts them in place of SpiffWorkflow's own."""

from datetime import UTC, datetime
from typing import Any, cast

from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    DurationTimerEventDefinition,
    TimeDateEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.task import Task

from service.engine.errors import TimerInvalid

_DUE = "event_value"
_FIRED = "event_fired"


def due_of(task: Task) -> datetime | None:
    """When the timer that a waiting task waits for is due; None for a task without one."""
    due = task.internal_data.get(_DUE)
    return datetime.fromisoformat(due) if due is not None else None


class _Clocked(TimerEventDefinition):
    """A timer on the clock of the script engine: its due time is fixed once, it fires when due <= horizon.

    The engine's own timers read the machine's clock, and compare with `<`: never fired at the very instant.
    """

    def has_fired(self, my_task: Task) -> bool:
        scripts = my_task.workflow.script_engine
        due = due_of(my_task)
        if due is None:
            value = scripts.evaluate(my_task, self.expression)
            try:
                due = self.due(value, scripts.now)
            except Exception as error:
                name = my_task.task_spec.bpmn_name or my_task.task_spec.bpmn_id
                raise TimerInvalid(name, self.expression, value) from error
            my_task._set_internal_data(**{_DUE: due.astimezone(UTC).isoformat()})
        if due <= scripts.horizon:
            my_task._set_internal_data(**{_FIRED: True})
        return cast(bool, my_task._get_internal_data(_FIRED, False))

    def due(self, value: str, now: datetime) -> datetime:
        """The instant at which a timer with this value, begun now, fires."""
        raise NotImplementedError


class DateTimer(_Clocked, TimeDateEventDefinition):
    """A timer for one instant: ISO text, which must name its offset."""

    def due(self, value: str, now: datetime) -> datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return instant


class DurationTimer(_Clocked, DurationTimerEventDefinition):
    """A timer for a span of time from now: an ISO duration."""

    def due(self, value: str, now: datetime) -> datetime:
        return now + cast(Any, self.get_timedelta_from_start(self.parse_iso_duration(value), now))
