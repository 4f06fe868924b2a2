"""A database with the shipped edition and applications, against which objections are opened by turns."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from service.domain import forms, objections, user_tasks
from service.domain.access import Actor
from service.domain.applications import Application, Status
from service.domain.divisions import Division
from service.domain.editions import EditionFolder
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round, Stage
from service.domain.simulation.worlds import World
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database, migrate, new_id
from tests.bench.path import EDITION, PATH, ROOT, Step

APPLICATIONS = 40


@dataclass(frozen=True)
class Work:
    """One completion that is ready to be done."""

    task_id: str
    actor: Actor
    decision: str
    opinion: str
    contents: dict[str, dict[str, Any]]


class Bench:
    """Opens objections, says what is to be completed next, and counts SQL statements."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "laurel.sqlite"
        url = f"sqlite:///{self.path}"
        migrate(url)
        self.database = Database(url)
        self.world = World(self.database, EditionFolder.read(ROOT, EDITION))
        self.engine = self.world.engine
        self.statements = 0
        self.statements_of: defaultdict[str, list[int]] = defaultdict(list)
        event.listen(self.database.engine, "before_cursor_execute", self._count)
        with self.database.write() as session:
            self.applications = list(self._accepted(session))
            self.organiser = self.world.organiser(session)
        self._turn = count()
        self._content = {step.form: self._sample(step.form) for step in PATH if step.form}

    def open_case(self) -> str:
        """An objection of the ministry's own; its business key."""
        application = self.applications[next(self._turn) % len(self.applications)]
        with self.database.write() as session:
            opened = objections.open_case(
                session,
                self.engine,
                self.organiser,
                application_id=application,
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
            return Work(task.id, actor, step.decision, step.opinion, self.contents(step))

    def contents(self, step: Step) -> dict[str, dict[str, Any]]:
        """What the step's form, if it has one, is filled in with."""
        return {step.form: self._content[step.form]} if step.form else {}

    def walk_once(self) -> str:
        """A finished case; its business key."""
        case = self.open_case()
        for step in PATH:
            self.complete(self.next_work(case, step))
        return case

    def complete(self, work: Work) -> None:
        """By the facade that the pages use: right, forms, opinion, effect, engine, in one transaction."""
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

    def command(self, work: Work) -> None:
        """The engine's command alone: state, projections, history, and the element's effect."""
        with self.database.write() as session:
            self.engine.complete(
                session,
                work.task_id,
                person_id=work.actor.person_id,
                decision=work.decision,
                content=work.contents,
            )

    def _accepted(self, session: Session) -> list[str]:
        """Rows of a round in which everything has been accepted already, without their own processes."""
        now = self.world.clock.now()
        cities = session.scalars(
            select(Division).where(Division.level == "city").order_by(Division.code).limit(APPLICATIONS)
        ).all()
        round_ = Round(
            id=new_id(),
            edition_id=self.world.edition_id,
            programme=EDITION.split("/")[0],
            year=self.world.year,
            track=self.world.tracks[0],
            title="测速",
            stage=Stage.DELIBERATION,
            created_by=self.world.organiser(session).person_id,
            created_at=now,
        )
        session.add(round_)
        session.flush()
        recommendations = {
            code: Recommendation(id=new_id(), round_id=round_.id, division_code=code)
            for code in sorted({city.parent_code or "" for city in cities})
        }
        session.add_all(recommendations.values())
        session.flush()
        rows = [
            Application(
                id=new_id(),
                round_id=round_.id,
                track=round_.track,
                recommendation_id=recommendations[city.parent_code or ""].id,
                division_code=city.code,
                province_code=city.parent_code or "",
                status=Status.ACCEPTED,
                created_by=round_.created_by,
                created_at=now,
                accepted_at=now,
            )
            for city in cities
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]

    def _sample(self, form_key: str) -> dict[str, Any]:
        text = (ROOT / f"forms/{EDITION}/{form_key}.yaml").read_text(encoding="utf-8")
        definition = forms.parse(text, key=form_key)
        compiled = forms.compile(definition, year=self.world.year, parameters=self.world.parameters)
        return forms.sample(compiled, 1)

    def _count(self, *_: object) -> None:
        self.statements += 1
