"""Officials: what synthetic people do with the user tasks that come to them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.domain import subjects, user_tasks
from service.domain.access import Actor
from service.domain.errors import Conflict
from service.domain.simulation.answers import Desk, NothingToFillIn
from service.domain.simulation.courses import Case, Course
from service.domain.simulation.policies import Act
from service.domain.simulation.scenes import Scene
from service.engine.user_tasks import UserTask, UserTaskStatus

HOUR = timedelta(hours=1)
RETRY_AFTER = 8 * HOUR
MOST_TRIES = 200


class Stuck(Exception):
    """A synthetic official was refused again and again."""


class Officials:
    """Notices new user tasks, and works each off when its time has come."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.world = scene.world
        self._seen: set[str] = set()
        self._looked_at: datetime | None = None

    def look(self, session: Session) -> None:
        """Put the user tasks that are new since the last look on the agenda."""
        query = select(UserTask).where(UserTask.status == UserTaskStatus.OPEN)
        if self._looked_at is not None:
            query = query.where(UserTask.created_at >= self._looked_at)
        self._looked_at = self.world.clock.now()
        for task in session.scalars(query):
            if task.id not in self._seen:
                self._seen.add(task.id)
                self._plan(session, task)

    def _plan(self, session: Session, task: UserTask) -> None:
        course, case = self._case(session, task.business_key)
        member = course.member(task.assignee_id)
        who = "" if member is None else str(member)
        visit = case.visits[task.element_id, who]
        case.visits[task.element_id, who] += 1
        rule, act = self.scene.policy.tasks[task.element_id], case.fate.act(task.element_id, visit)
        if act.waits:
            return
        label = f"{case.label}/{task.element_id}/{who}/{visit}"
        job = _Job(self, task.id, course, case, rule, act, label)
        self.scene.agenda.add(self._moment(task, rule, act, visit, label), label, job.work)

    def _moment(self, task: UserTask, rule: Act, act: Act, visit: int, label: str) -> datetime:
        """When it will be done: some hours after it came up, or some before it is due."""
        timed = act if act.hours or act.hours_left else rule
        random = self.scene.random(label, "moment")
        if timed.hours_left:
            assert task.due_at is not None, f"{task.element_id} has no due date to count back from"
            before = self.world.hours.before(task.due_at, HOUR * random.uniform(*timed.hours_left))
            return max(before, task.created_at)
        assert timed.hours is not None, f"the policy does not say how long {task.element_id} takes"
        # Who does it again is quicker.
        spent = HOUR * random.uniform(*timed.hours) / (visit + 1)
        return self.world.hours.after(task.created_at, spent)

    def _case(self, session: Session, business_key: str) -> tuple[Course, Case]:
        subject = subjects.get(session, business_key)
        # Targets come before their round.
        course = self.scene.courses[subject.round_id or f"targets/{subject.year}"]
        if business_key not in self.scene.cases:  # The engine started it.
            self.scene.cases[business_key] = course.begun(subject.kind, subject.division_code)
        return course, self.scene.cases[business_key]


class _Job:
    """One user task on the agenda."""

    def __init__(
        self, officials: Officials, task_id: str, course: Course, case: Case, rule: Act, act: Act, label: str
    ) -> None:
        self.scene, self.world = officials.scene, officials.world
        self.task_id, self.course, self.case = task_id, course, case
        self.rule, self.act, self.label = rule, act, label
        self.tries = 0

    def work(self) -> None:
        """Open the page, fill in the forms, decide; who is refused for now tries again the next day."""
        with self.world.database.write() as session:
            task = session.get_one(UserTask, self.task_id)
            if task.status != UserTaskStatus.OPEN:
                return  # Its deadline came first.
            actor = self._actor(session, task)
        try:
            self._complete(actor)
        except Conflict as refused:
            self.tries += 1
            if self.tries == MOST_TRIES:
                raise Stuck(f"{self.label}: {refused}") from refused
            moment = self.world.hours.after(self.world.clock.now(), RETRY_AFTER)
            self.scene.agenda.add(moment, self.label, self.work)

    def _complete(self, actor: Actor) -> None:
        with self.world.database.read() as session:
            view = user_tasks.view(session, actor, self.task_id)
            desk = Desk(
                session=session,
                policy=self.scene.policy,
                course=self.course,
                case=self.case,
                member=self.course.member(view.user_task.assignee_id),
                act=self.act,
                today=self.world.today(),
                random=self.scene.random(self.label, "answers"),
                business_key=view.user_task.business_key,
                programme=view.subject.programme,
            )
            decision = (self.act.decide or self.rule.decide) if view.decisions else None
            if self.tries % 2 and self.rule.refused is not None:
                decision = self.rule.refused
            try:
                contents = {form.key: desk.answer(form.compiled) for form in view.forms if form.editable}
            except NothingToFillIn:
                decision, contents = self.rule.otherwise, {}
        assert decision or not view.decisions, (
            f"the policy does not say what {view.user_task.element_id} decides"
        )
        with self.world.database.write() as session:
            user_tasks.complete(
                session,
                self.world.engine,
                actor,
                self.task_id,
                decision=decision,
                opinion=self.act.say or f"{view.decisions.get(decision or '', '已办')}。",
                contents=contents,
                version=view.instance_version,
            )

    def _actor(self, session: Session, task: UserTask) -> Actor:
        if task.assignee_id is not None:
            return self.world.person(session, task.assignee_id)
        assert task.office is not None
        assert task.division is not None
        return self.world.official(session, task.office, task.division)
