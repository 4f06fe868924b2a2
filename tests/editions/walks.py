"""Walks through the processes of an edition on the real engine, with answers given for the domain."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from service.clock import VirtualClock
from service.domain.editions import EditionFolder
from service.domain.procedures import build_services, functions
from service.engine import definitions, instances
from service.engine.documents import Document, extension
from service.engine.engine import ProcessEngine
from service.engine.history import HistoryEvent
from service.engine.instances import Instance
from service.engine.messages import Message, Subscription
from service.engine.services import Completion, Context, Services
from service.store.database import new_id
from tests.engine.engines import World

PLAIN = {"has_city": False, "verified_by_statistics": False, "joint": False}
"""Instances start without what only some editions, or some applicants, go through."""
START = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)
TIME = "time"
"""A step: the clock moves to what is due next."""

Answer = Mapping[str, Any] | None | Callable[..., Mapping[str, Any] | None]
Answers = Mapping[str, Answer | list[Answer]]

EVENTS = {"safety_accident": "no", "environment_accident": "no", "stability_incident": "no"}
"""The figures of an applicant to whom nothing has happened."""


def in_days(days: int, **named: str | bool) -> Callable[..., dict[str, str | bool]]:
    """An answer whose one deadline, the name with the empty value, lies so many days ahead."""

    def answer(context: Context, *_: object) -> dict[str, str | bool]:
        ahead = (context.now + timedelta(days=days)).isoformat()
        return {name: value if value != "" else ahead for name, value in named.items()}

    return answer


def judged(_: Context, findings: list[dict[str, object]]) -> dict[str, bool]:
    """What the domain makes of the decision table's findings."""
    return {"passed": all(finding["met"] for finding in findings)}


def of_applications() -> dict[str, Answer]:
    """The domain's answers to the shared drawing of an application where nothing goes wrong."""
    return {
        "sanctions.check": {"barred": False},
        "eligibility.figures": EVENTS,
        "eligibility.record": judged,
        "applications.recommendation_result": {"recommended": True},
        "applications.result": in_days(365, awarded=True, award_ends=""),
    }


@dataclass
class Case:
    """One way through a process: what the domain answers, what people and time do, and how it ends.

    A step is `element: decision`, `message: name`, or TIME. An answer that is a list is given item by item,
    the last one for good.
    """

    why: str
    steps: Sequence[str]
    end: str
    answers: Answers = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


# What the editions that share the drawing of a recommendation walk alike.
COMPARED = ["message: application_ready", "compare: submit"]
WRITTEN = [*COMPARED, "letter: submit"]
_AGAIN = ["compare: submit", "letter: submit"]
SENT_BACK = [
    *COMPARED,
    "letter: return",
    *_AGAIN,
    "government_consent: return",
    *_AGAIN,
    "government_consent: agree",
    "submit_recommendation: return",
    *_AGAIN,
    "government_consent: agree",
    "submit_recommendation: submit",
]


@dataclass(frozen=True)
class Coverage:
    """How much of a process the walks have passed."""

    process: str
    elements: int
    flows: int
    missed: list[str]

    def __str__(self) -> str:
        total = self.elements + self.flows
        share = 100 * (total - len(self.missed)) // total
        return f"{self.process}: {share}% of {self.elements} elements and {self.flows} flows"


class Stage:
    """An edition deployed on a fresh database, with a stand-in for everything that the domain does."""

    def __init__(
        self,
        database_url: str,
        folder: EditionFolder,
        usual: Mapping[str, Answer],
        variables: Mapping[str, Any] | None = None,
        lanes: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """`lanes` beside the edition's own: offices for what only other editions ask somebody to do."""
        self.usual: Mapping[str, Answer] = dict(usual)
        self.variables: Mapping[str, Any] = {**PLAIN, **(variables or {})}
        package = replace(folder.package, lanes={**folder.package.lanes, **(lanes or {})})
        self.lanes = package.lanes
        self.given: dict[str, list[Answer]] = {}
        self.called: Counter[str] = Counter()
        self.world = World(database_url, self._stand_ins())
        # The work calendar reaches from 2004 to 2026, and every case takes months.
        self.world.clock = VirtualClock(START)
        self.world.engine = ProcessEngine(self.world.clock, self.world.services)
        with self.world.database.write() as session:
            self.definitions = definitions.deploy(session, package, self.world.clock.now())
        self.drawings = {
            process.id: drawing
            for path, content in folder.package.bpmn.items()
            for drawing in [Document(path, content)]
            for process in drawing.processes
        }

    def _stand_ins(self) -> Services:
        """Every name that the real registry knows, so that a file cannot use another."""
        services, real = Services(), build_services()
        functions.register(services)
        for name in real.services:
            services.service(name)(self._stand_in(name))
        for name in real.effects:
            services.effect(name)(self._stand_in(name))
        return services

    def _stand_in(self, name: str) -> Callable[..., Mapping[str, Any] | None]:
        def answer(context: Context, *completion: Completion, **parameters: Any) -> Mapping[str, Any] | None:
            self.called[name] += 1
            waiting = self.given.get(name)
            found = self.usual.get(name)
            if waiting:
                found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            return found(context, *completion, **parameters) if callable(found) else found

        return answer

    def later(self, days: int) -> str:
        """So many days from now, as ISO text."""
        return (self.world.clock.now() + timedelta(days=days)).isoformat()

    # Walking.

    def walk(self, process: str, case: Case) -> Instance:
        """The instance, at the end that the case names."""
        self.given = {
            name: list(answer) if isinstance(answer, list) else [answer]
            for name, answer in case.answers.items()
        }
        instance = self.begin(process, case.variables)
        for step in case.steps:
            self.step(instance, step)
        ended = self.world.instance(instance)
        assert ended.status == instances.InstanceStatus.COMPLETED, f"{case.why}: {self.world.open(instance)}"
        assert ended.end_elements == [case.end], case.why
        return ended

    def begin(self, process: str, variables: Mapping[str, Any]) -> Instance:
        """A new instance; ids that are not given are made up."""
        kinds = ("application", "recommendation", "round", "objection", "notice")
        ids = {f"{kind}_id": new_id() for kind in kinds}
        ends = {"collection_ends": self.later(30)}
        given = {**ids, "track": "main", **self.variables, **ends, **variables}
        return self.world.start(self.definitions[process], f"{process}:{new_id()}", **given)

    def step(self, instance: Instance, step: str) -> None:
        what, _, which = step.partition(": ")
        if what == TIME:
            with self.world.database.read() as session:
                due = self.world.engine.next_due(session)
            assert due is not None, f"nothing is due: {self.world.open(instance)}"
            self.world.clock.advance_to(due)
        elif what == "message":
            self.send(instance, which)
        else:
            assert what in self.world.open(instance), f"{step}: open is {self.world.open(instance)}"
            self.world.complete(instance, what, which or None)
        self.world.work()

    def send(self, instance: Instance, name: str) -> None:
        """The message that an instance waits for, as another instance would throw it."""
        correlation = self.subscription(instance, name)
        with self.world.database.write() as session:
            self.world.engine.correlate(session, name, correlation, correlation)

    def subscription(self, instance: Instance, name: str) -> dict[str, str]:
        with self.world.database.read() as session:
            found = session.scalars(
                select(Subscription).where(Subscription.instance_id == instance.id, Subscription.name == name)
            ).all()
        assert len(found) == 1, f"{name}: {len(found)} subscriptions"
        correlation: dict[str, str] = json.loads(found[0].correlation)
        return correlation

    # Looking.

    def coverage(self, process: str, *, without: Collection[str] = ()) -> Coverage:
        """What instances have passed of a process so far, by the history."""
        drawing, passed = self.drawings[process], self.passed()
        nodes, flows = (
            [part.id for part in parts if part.id not in without] for parts in (drawing.nodes, drawing.flows)
        )
        missed = [part for part in (*nodes, *flows) if part not in passed]
        return Coverage(process, len(nodes), len(flows), missed)

    def all_passed(self, process: str, *, without: Collection[str] = ()) -> Coverage:
        """The coverage of a process of which everything has been passed, but what must not have been."""
        coverage, passed = self.coverage(process, without=without), self.passed()
        assert coverage.missed == []
        assert passed.isdisjoint(without)
        return coverage

    def passed(self) -> set[str]:
        with self.world.database.read() as session:
            events = session.scalars(select(HistoryEvent).where(HistoryEvent.type == "elements_passed"))
            return {element for event in events for element in event.data["ids"]}

    def all_called(self, process: str) -> bool:
        """Whether every service and effect that the drawing names has been called."""
        return self.named(process) <= self.called.keys()

    def beyond(self, process: str) -> list[str]:
        """Lanes that the edition gives to nobody, and what leads there and back."""
        drawing = self.drawings[process]
        lanes = unused_lanes(drawing, self.lanes)
        nodes = {node.id for node in drawing.nodes if set(node.lanes) & lanes}
        ends = {flow.id: {each.id for each in (flow.source, flow.target) if each} for flow in drawing.flows}
        flows = {flow for flow, joined in ends.items() if joined & nodes}
        return [part.id for part in (*drawing.nodes, *drawing.flows) if part.id in nodes | flows]

    def named(self, process: str) -> set[str]:
        """The services and effects that the drawing of a process names."""
        nodes = self.drawings[process].nodes
        operators = (extension(node.xml, "serviceTaskOperator") for node in nodes)
        named = {operator.get("id") or "" for operator in operators if operator is not None}
        return named | {node.properties["effect"] for node in nodes if "effect" in node.properties}

    def thrown(self, name: str) -> int:
        """How many messages of a name there are."""
        with self.world.database.read() as session:
            query = select(func.count()).select_from(Message).where(Message.name == name)
            return session.scalar(query) or 0


def unused_lanes(drawing: Document, given: Mapping[str, Mapping[str, str]]) -> set[str]:
    """Lanes whose user tasks are for an office, but for none in this edition."""
    asked = {
        lane
        for node in drawing.nodes
        if node.type == "userTask" and "assignee" not in node.properties
        for lane in node.lanes
    }
    return {lane for lane in asked if not given[lane]}
