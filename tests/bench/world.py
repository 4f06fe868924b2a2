"""Laurel with a round that collects: a county applies again and again, and one application is looked into."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path as File
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from service.domain import (
    applications,
    editions,
    forms,
    objections,
    offices,
    recommendations,
    rounds,
    user_tasks,
)
from service.domain.access import Actor
from service.domain.applications import Application, Status
from service.domain.editions import EditionFolder
from service.domain.simulation.worlds import World
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database, migrate, new_id
from tests.bench.paths import EDITION, OBJECTION, PATHS, ROOT, WAY_UP, Path, Step

COLLECTION = timedelta(days=60)
PROVINCE, CITY, COUNTY = "330000", "330100", "330110"


@dataclass(frozen=True)
class Work:
    """One completion that is ready to be done."""

    task_id: str
    actor: Actor
    decision: str
    opinion: str
    contents: Mapping[str, Mapping[str, Any]]


class Bench:
    """Opens cases, says what is to be completed next, and counts SQL statements."""

    def __init__(self, folder: File) -> None:
        self.file = folder / "laurel.sqlite"
        url = f"sqlite:///{self.file}"
        migrate(url)
        self.database = Database(url)
        self.world = World(self.database, EditionFolder.read(ROOT, EDITION))
        self.engine = self.world.engine
        with self.database.write() as session:
            self.organiser = self.world.organiser(session)
            self.round_id = self._open_round(session)
            self._accepted = self._accept(session)
            names = {form for path in PATHS for step in path.steps for form in step.forms}
            self.contents = {name: self._sample(session, name) for name in sorted(names)}
        self.statements = 0
        self._completing = False

    def open_case(self, path: Path) -> str:
        """A new application, or an objection; its business key."""
        with self.database.write() as session:
            if path is WAY_UP:
                # Always the same one: what it withdrew does not keep it from applying again.
                actor = self.world.official(session, offices.INDUSTRY, COUNTY)
                created = applications.create(
                    session, self.engine, actor, round_id=self.round_id, division_code=COUNTY
                )
                return f"application:{created.id}"
            assert path is OBJECTION
            opened = objections.open_case(
                session,
                self.engine,
                self.organiser,
                application_id=self._accepted,
                statement="反映申报情况与事实不符。",
                evidence="统计公报第三页的数据与申报材料不一致。",
            )
            return f"objection:{opened.id}"

    def next_work(self, business_key: str, step: Step) -> Work:
        """The open user task of the case, which must be the step's, and what its official brings."""
        with self.database.write() as session:
            task = session.scalars(
                select(UserTask).where(
                    UserTask.business_key == business_key, UserTask.status == UserTaskStatus.OPEN
                )
            ).one()
            assert task.element_id == step.element
            actor = self.world.official(session, task.office or "", task.division or "")
            contents = {form: self.contents[form] for form in step.forms}
            return Work(task.id, actor, step.decision, step.opinion, contents)

    def complete(self, work: Work) -> None:
        """By the facade that the pages use: right, forms, opinion, effect, engine, in one transaction."""
        self._completing = True
        with self.database.write() as session:
            user_tasks.complete(
                session,
                self.engine,
                work.actor,
                work.task_id,
                decision=work.decision,
                opinion=work.opinion,
                contents=work.contents,
            )
        self._completing = False

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count the SQL statements of completions; not while they are timed."""
        self.statements = 0
        event.listen(self.database.engine, "before_cursor_execute", self._count)
        yield
        event.remove(self.database.engine, "before_cursor_execute", self._count)

    def _open_round(self, session: Session) -> str:
        """As the ministry's official would."""
        round_ = rounds.create(
            session,
            self.engine,
            self.organiser,
            edition_id=self.world.edition_id,
            year=self.world.year,
            track=self.world.tracks[0],
        )
        (row,) = user_tasks.todo(session, self.organiser).rows
        (form,) = user_tasks.view(session, self.organiser, row.id).forms
        deadline = (self.world.today() + COLLECTION).isoformat()
        content = forms.sample(form.compiled, 1, {"deadline": deadline})
        user_tasks.complete(
            session, self.engine, self.organiser, row.id, decision="publish", contents={form.key: content}
        )
        return round_.id

    def _accept(self, session: Session) -> str:
        """The row of an application that was accepted already, without a process of its own; its id."""
        now = self.world.clock.now()
        row = Application(
            id=new_id(),
            round_id=self.round_id,
            track=self.world.tracks[0],
            recommendation_id=recommendations.of_division(session, self.round_id, PROVINCE).id,
            division_code=CITY,
            province_code=PROVINCE,
            status=Status.ACCEPTED,
            created_by=self.organiser.person_id,
            created_at=now,
            accepted_at=now,
        )
        session.add(row)
        session.flush()
        return row.id

    def _sample(self, session: Session, form_key: str) -> dict[str, Any]:
        definition = editions.form(editions.get(session, self.world.edition_id), form_key)
        step = next(s.element for path in PATHS for s in path.steps if form_key in s.forms)
        compiled = forms.compile(
            definition, year=self.world.year, step=step, parameters=self.world.parameters
        )
        return forms.sample(compiled, 1, on=self.world.today())

    def _count(self, *_: object) -> None:
        self.statements += self._completing
