"""A small ministry: the 2018 edition deployed, officials on demand, a virtual clock, and steps by their names."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.clock import SHANGHAI, VirtualClock
from service.domain import (
    access,
    applications,
    divisions,
    editions,
    forms,
    notices,
    objections,
    offices,
    people,
    rounds,
    user_tasks,
)
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.notices import Notice
from service.domain.objections import Objection
from service.domain.procedures import build_services
from service.domain.recommendations import Recommendation
from service.domain.rounds import Round
from service.domain.scores import assigned
from service.engine.engine import ProcessEngine
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database

REPOSITORY = Path(__file__).parent.parent.parent
START = datetime(2018, 3, 1, 9, 0, tzinfo=SHANGHAI)
HANGZHOU, ZHEJIANG, YUHANG = "330100", "330000", "330110"
MINISTRY = (offices.INDUSTRY, divisions.NATION)
STATE_COUNCIL = (offices.STATE_COUNCIL, divisions.NATION)

IN_ORDER = {"complete": True, "letter": True, "data": True, "seals": True, "authentic": True}
ALL_THERE = {"report": True, "letter": True, "recommendation": True, "declaration": True, "consent": True}
CITIES = [
    "130100",
    "140100",
    "210200",
    "220100",
    "320500",
    "330100",
    "340100",
    "350200",
    "360100",
    "370200",
    "410300",
    "420500",
]
"""Cities of twelve provinces, in the order of their codes."""


class World:
    """Everything that a test of a whole procedure needs; every act is a transaction of its own."""

    def __init__(self, database: Database, start: datetime = START) -> None:
        self.database = database
        self.clock = VirtualClock(start)
        self.services = build_services()
        self.engine = ProcessEngine(self.clock, self.services)
        self._people: dict[tuple[str, str], str] = {}
        now = self.clock.now()
        with database.write() as session:
            divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
            folder = editions.EditionFolder.read(REPOSITORY, "miit_industry/2018")
            edition = editions.publish(session, folder, editions.known(self.services), now=now)
            self.edition_id = edition.id
            self.experts = [self._expert(session, number) for number in range(1, 8)]

    # People.

    def person(self, session: Session, kind: str, division: str) -> str:
        """The id of an official of an office, who is appointed on first use."""
        if (kind, division) not in self._people:
            now = self.clock.now()
            office = offices.ensure(session, kind, division, now=now)
            person = people.create(
                session, login=f"{kind}.{division}".replace("_", "-"), name=office.name, now=now
            )
            people.join(session, person.id, people.OFFICIAL, now=now, office_id=office.id)
            self._people[kind, division] = person.id
        return self._people[kind, division]

    def official(self, session: Session, kind: str, division: str) -> Actor:
        return access.actor(session, self.person(session, kind, division), self.clock.now())

    def _expert(self, session: Session, number: int) -> str:
        person = people.create(session, login=f"expert{number}", name=f"专家{number}", now=self.clock.now())
        people.join(session, person.id, people.EXPERT, now=self.clock.now())
        return person.id

    def bureau(self, session: Session, number: int) -> str:
        """The id of a further official of the ministry."""
        key = (f"bureau{number}", divisions.NATION)
        if key not in self._people:
            now = self.clock.now()
            office = offices.ensure(session, *MINISTRY, now=now)
            person = people.create(session, login=f"bureau{number}", name=f"司局{number}", now=now)
            people.join(session, person.id, people.OFFICIAL, now=now, office_id=office.id)
            self._people[key] = person.id
        return self._people[key]

    # Rounds and applications.

    def open_round(self, year: int = 2018, deadline: str = "2018-04-10") -> str:
        """A round that takes applications; its id."""
        with self.database.write() as session:
            ministry = self.official(session, *MINISTRY)
            round_ = rounds.create(
                session, self.engine, ministry, edition_id=self.edition_id, year=year, track="main"
            )
            round_id = round_.id
        self.do(f"round:{round_id}", "open_round", "publish", given={"opening": {"deadline": deadline}})
        return round_id

    def apply(self, round_id: str, division: str) -> str:
        """A new application; its id."""
        with self.database.write() as session:
            actor = self.official(session, offices.INDUSTRY, division)
            return applications.create(
                session, self.engine, actor, round_id=round_id, division_code=division
            ).id

    def bring_up(self, round_id: str, division: str) -> str:
        """An application that its recommending unit may compare; its id."""
        application = self.apply(round_id, division)
        key = f"application:{application}"
        self.do(key, "fill_in", "submit")
        if self.application(application).city_code:
            self.do(key, "city_review", "agree")
        self.do(key, "province_review", "agree")
        self.settle()
        return application

    def recommend(self, round_id: str, province: str) -> None:
        """All that is ready there goes to the ministry."""
        key = f"recommendation:{self.recommendation(round_id, province).id}"
        self.do(key, "compare", "submit", given=self.verdicts(key))
        self.do(key, "letter", "submit")
        self.do(key, "government_consent", "agree")
        self.do(key, "submit_recommendation", "submit", given={"submission": ALL_THERE})
        self.settle()

    def verdicts(self, key: str, refused: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
        """The comparison form: everybody recommended but `refused`."""
        with self.database.read() as session:
            ready = applications.ready(session, key.removeprefix("recommendation:"))
        verdict = {each: {"recommended": each not in refused, "reason": "比选情况见说明。"} for each in ready}
        return {"selection": {"applications": verdict}}

    def accept(self, application: str) -> None:
        """The ministry takes the material in."""
        self.do(f"application:{application}", "intake_check", "accept", given={"intake": IN_ORDER})

    def accepted(self, round_id: str, cities: Sequence[str]) -> dict[str, str]:
        """Applications of cities of different provinces, all accepted: {division code: application id}."""
        found = {}
        for city in cities:
            found[city] = self.bring_up(round_id, city)
            self.recommend(round_id, city[:2] + "0000")
            self.accept(found[city])
        return found

    # The review.

    def review(
        self, round_id: str, scores: Mapping[str, str], *, quota: int = 10, deadline: str = "2018-04-11"
    ) -> None:
        """From the end of the collection to the ranking; everybody gives an application the same score."""
        self.advance_to(deadline)
        key = f"round:{round_id}"
        self.do(key, "close_intake", "close")
        self.do(key, "form_committee", "seat", given={"committee": {"members": self.seats()}})
        self.do(key, "record_quota", "record", given={"quota": {"quota": str(quota)}})
        self.score(round_id, scores)

    def seats(self) -> list[dict[str, Any]]:
        """Five experts and four of the ministry's departments, the first of which is in the chair."""
        with self.database.write() as session:
            bureau = [self.bureau(session, number) for number in range(1, 5)]
        rows = [(person, "expert") for person in self.experts[:5]] + [(person, "bureau") for person in bureau]
        return [
            {"person": person, "role": role, "recused": [], "chair": person == bureau[0]}
            for person, role in rows
        ]

    def score(self, round_id: str, scores: Mapping[str, str]) -> None:
        """Every member that is asked hands in these scores."""
        key = f"round:{round_id}"
        with self.database.read() as session:
            members = [task.assignee_id for task in self._open(session, key)]
        for member in members:
            self.do(key, "score", "submit", given=self.sheet(round_id, scores, member), person_id=member)

    def sheet(
        self, round_id: str, scores: Mapping[str, str], member: str | None
    ) -> dict[str, dict[str, Any]]:
        with self.database.read() as session:
            accepted = applications.applicants(session, round_id)
            mine = assigned(session, session.get_one(Round, round_id), accepted, member or "")
        lines = {
            each.application_id: {"recused": False, "score": scores[each.application_id]} for each in mine
        }
        return {"score_sheet": {"scores": lines}}

    @property
    def chair(self) -> str:
        return self._people["bureau1", divisions.NATION]

    def publish(self, round_id: str) -> Notice:
        """From the committee's opinion to the public notice."""
        key = f"round:{round_id}"
        self.do(key, "committee_opinion", "propose")
        self.do(key, "decide_list", "agree")
        self.do(key, "publish_notice", "publish")
        return self.notices(round_id)[0]

    def notices(self, round_id: str) -> Sequence[Notice]:
        """The newest first."""
        with self.database.read() as session:
            return notices.published(session, round_id=round_id)

    def entries(self, notice: Notice) -> list[str]:
        """Division codes, in the order of the notice."""
        with self.database.read() as session:
            return [each.division_code for each in notices.entries(session, [notice.id])[notice.id]]

    def announce(self, round_id: str) -> None:
        """From the report to the announcement."""
        key = f"round:{round_id}"
        self.do(key, "report_to_state_council", "report")
        self.do(key, "state_council_approval", "agree")
        today = self.clock.now().astimezone(SHANGHAI).date().isoformat()
        self.do(key, "announce", "announce", given={"announcement": {"date": today}})
        self.settle()

    # Steps.

    def open_tasks(self, business_key: str) -> list[str]:
        """The element ids of what is to be done for a case."""
        with self.database.read() as session:
            return sorted(task.element_id for task in self._open(session, business_key))

    def _open(self, session: Session, business_key: str) -> list[UserTask]:
        query = select(UserTask).where(
            UserTask.business_key == business_key, UserTask.status == UserTaskStatus.OPEN
        )
        return list(session.scalars(query.order_by(UserTask.id)))

    def do(
        self,
        business_key: str,
        element: str,
        decision: str,
        *,
        opinion: str | None = None,
        given: Mapping[str, Mapping[str, Any]] | None = None,
        person_id: str | None = None,
    ) -> None:
        """Complete the open user task of this element as its owner would, forms by the samples and `given`."""
        with self.database.write() as session:
            found = [
                task
                for task in self._open(session, business_key)
                if task.element_id == element and person_id in (None, task.assignee_id)
            ]
            assert found, (
                f"{element} is not open, but {[t.element_id for t in self._open(session, business_key)]}"
            )
            task = found[0]
            owner = task.assignee_id or self.person(session, task.office or "", task.division or "")
            actor = access.actor(session, owner, self.clock.now())
            view = user_tasks.view(session, actor, task.id)
            contents = {
                each.key: self._content(each, (given or {}).get(each.key, {}))
                for each in view.forms
                if each.editable
            }
            user_tasks.complete(
                session,
                self.engine,
                actor,
                task.id,
                decision=decision,
                opinion=opinion or ("同意。" if view.opinion != "none" else None),
                contents=contents,
            )

    def _content(self, form: Any, given: Mapping[str, Any]) -> dict[str, Any]:
        content = forms.sample(form.compiled, 1, given)
        return {key: value for key, value in content.items() if key != "files"}

    # Time.

    def settle(self) -> None:
        """Let the worker do what is due."""
        while self.engine.run_due(self.database, strict=True):
            pass

    def advance_to(self, when: datetime | str) -> None:
        """Move the clock (an ISO date means its 09:00 in Shanghai), stopping wherever something falls due."""
        target = (
            datetime.fromisoformat(when).replace(hour=9, tzinfo=SHANGHAI) if isinstance(when, str) else when
        )
        while True:
            self.settle()
            with self.database.read() as session:
                due = self.engine.next_due(session)
            if due is None or due > target:
                break
            self.clock.advance_to(max(due, self.clock.now()))
        if target > self.clock.now():
            self.clock.advance_to(target)
        self.settle()

    def advance(self, days: int) -> None:
        self.advance_to(self.clock.now() + timedelta(days=days))

    # What stands in the tables.

    def application(self, application_id: str) -> Application:
        with self.database.read() as session:
            return session.get_one(Application, application_id)

    def round(self, round_id: str) -> Round:
        with self.database.read() as session:
            return session.get_one(Round, round_id)

    def recommendation(self, round_id: str, division: str) -> Recommendation:
        with self.database.read() as session:
            return session.scalars(
                select(Recommendation).where(
                    Recommendation.round_id == round_id, Recommendation.division_code == division
                )
            ).one()

    def object_to(self, notice_id: str, application_id: str, **fields: Any) -> Objection:
        with self.database.write() as session:
            return objections.file_objection(
                session,
                self.engine,
                notice_id=notice_id,
                application_id=application_id,
                **{
                    "statement": "技术改造投资数据不实。",
                    "evidence": "统计公报第12页所列数据不同。",
                    "filer": "张三",
                    "contact": "13800000000",
                    **fields,
                },
            )
