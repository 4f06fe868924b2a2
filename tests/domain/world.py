"""A small ministry: the 2018 edition deployed, officials on demand, a virtual clock, steps by their names."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url
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
    replacements,
    rounds,
    sanctions,
    user_tasks,
)
from service.domain.access import Actor
from service.domain.applications import Application
from service.domain.divisions import NATION, Division
from service.domain.notices import Notice
from service.domain.objections import Objection
from service.domain.procedures import build_services
from service.domain.recommendations import Recommendation
from service.domain.replacements import Replacement
from service.domain.rounds import Round
from service.domain.scores import assignments
from service.engine.engine import ProcessEngine
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database, new_id
from tests.databases import SqliteDatabases

REPOSITORY = Path(__file__).parent.parent.parent
START = datetime(2018, 3, 1, 9, 0, tzinfo=SHANGHAI)
HANGZHOU, ZHEJIANG, YUHANG = "330100", "330000", "330110"
MINISTRY = (offices.INDUSTRY, NATION)
STATE_COUNCIL = (offices.STATE_COUNCIL, NATION)

IN_ORDER = {"complete": True, "letter": True, "data": True, "seals": True, "authentic": True}
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

    edition: ClassVar[str] = "miit_industry/2018"
    track: ClassVar[str] = "main"

    def __init__(self, database: Database, start: datetime = START) -> None:
        self.database = database
        self.clock = VirtualClock(start)
        self.engine = ProcessEngine(self.clock, build_services())
        with database.write() as session:
            if session.get(Division, NATION) is None:
                _set_up(session, self.engine, self.edition)
            self.edition_id = editions.latest(session, self.edition.partition("/")[0]).id

    # People.

    def person(self, session: Session, kind: str, division: str) -> str:
        """The id of an official of an office, who is appointed on first use."""
        return self._appointed(session, f"{kind}-{division}".replace("_", "-"), kind, division)

    def official(self, session: Session, kind: str, division: str) -> Actor:
        return access.actor(session, self.person(session, kind, division), self.clock.now())

    def member(self, session: Session, role: str, number: int) -> str:
        """The id of somebody who may be seated: an `expert`, or a `bureau`'s official of the ministry."""
        office = None if role == "expert" else offices.INDUSTRY
        return self._appointed(session, f"{role}{number}", office, NATION)

    def _appointed(self, session: Session, login: str, kind: str | None, division: str) -> str:
        now = self.clock.now()
        if (known := people.by_login(session, login)) is not None:
            return known.id
        person = people.create(session, login=login, name=login, now=now)
        if kind is None:
            people.join(session, person.id, people.EXPERT, now=now)
        else:
            office = offices.ensure(session, kind, division, now=now)
            people.join(session, person.id, people.OFFICIAL, now=now, office_id=office.id)
        return person.id

    # Rounds and applications.

    def open_round(self, year: int = 2018, deadline: str = "2018-04-10") -> str:
        """A round that takes applications; its id."""
        with self.database.write() as session:
            ministry = self.official(session, *MINISTRY)
            round_ = rounds.create(
                session, self.engine, ministry, edition_id=self.edition_id, year=year, track=self.track
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
        self.do(key, "submit_recommendation", "submit", given=self.all_there)
        self.settle()

    all_there: Mapping[str, dict[str, Any]] = {
        "submission": dict.fromkeys(("report", "letter", "recommendation", "declaration", "consent"), True)
    }

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
        self.open_scores(round_id, self.seats(), quota=quota, deadline=deadline)
        self.score(round_id, scores)

    def open_scores(
        self,
        round_id: str,
        seats: Sequence[Mapping[str, Any]],
        *,
        quota: int = 10,
        deadline: str = "2018-04-11",
    ) -> None:
        """From the end of the collection to the members' score sheets."""
        self.form_committee(round_id, seats, deadline=deadline)
        self.do(f"round:{round_id}", "record_quota", "record", given={"quota": {"quota": str(quota)}})

    def form_committee(
        self, round_id: str, seats: Sequence[Mapping[str, Any]], *, deadline: str = "2018-04-11"
    ) -> None:
        """From the end of the collection to a committee; scores are not open yet."""
        self.advance_to(deadline)
        key = f"round:{round_id}"
        self.do(key, "close_intake", "close")
        self.do(key, "form_committee", "seat", given={"committee": {"members": list(seats)}})

    def replace(self, round_id: str, leaver: str, alternate: str, **decided: Any) -> None:
        """The ministry replaces a member of the committee."""
        given: dict[str, Any] = {
            "reason": "因病住院，不能继续评审。",
            "decision_number": "工信厅函〔2018〕12号",
            "decided_on": self.clock.now().astimezone(SHANGHAI).date(),
            **decided,
        }
        with self.database.write() as session:
            ministry = self.official(session, *MINISTRY)
            decision = Replacement(leaver_id=leaver, alternate_id=alternate, **given)
            replacements.replace(session, self.engine, ministry, round_id, decision)

    def seats(self) -> list[dict[str, Any]]:
        """Five experts and four of the ministry's departments, the first of which is in the chair."""
        with self.database.write() as session:
            return [
                {
                    "person": self.member(session, kind, number),
                    "role": kind,
                    "recused": [],
                    "chair": (kind, number) == ("bureau", 1),
                }
                for kind, count in (("expert", 5), ("bureau", 4))
                for number in range(1, count + 1)
            ]

    def score(self, round_id: str, scores: Mapping[str, str]) -> None:
        """Every member that is asked hands in these scores."""
        key = f"round:{round_id}"
        with self.database.read() as session:
            members = [task.assignee_id for task in self.tasks(session, key)]
        for member in members:
            self.do(key, "score", "submit", given=self.sheet(round_id, scores, member), person_id=member)

    def sheet(
        self, round_id: str, scores: Mapping[str, str], member: str | None
    ) -> dict[str, dict[str, Any]]:
        with self.database.read() as session:
            accepted = applications.applicants(session, round_id)
            mine = assignments(session, session.get_one(Round, round_id), accepted).get(member or "", [])
        lines = {
            each.application_id: {"recused": False, "score": scores[each.application_id]} for each in mine
        }
        return {"score_sheet": {"scores": lines}}

    @property
    def chair(self) -> str:
        with self.database.write() as session:
            return self.member(session, "bureau", 1)

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
            return notices.of_round(session, round_id)

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
            return sorted(task.element_id for task in self.tasks(session, business_key))

    def tasks(self, session: Session, business_key: str) -> list[UserTask]:
        """The open user tasks of a case."""
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
        """Complete the open user task of this element as its owner would; forms by sample and `given`."""
        with self.database.write() as session:
            found = [
                task
                for task in self.tasks(session, business_key)
                if task.element_id == element and person_id in (None, task.assignee_id)
            ]
            assert found, (
                f"{element} is not open, but {[t.element_id for t in self.tasks(session, business_key)]}"
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
        fields = form.compiled.definition.fields
        supplied = {key: value for key, value in form.content.items() if fields[key].source}
        today = self.clock.now().astimezone(SHANGHAI).date()
        content = forms.sample(form.compiled, 1, {**supplied, **given}, on=today)
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

    def objection(self, objection_id: str) -> Objection:
        with self.database.read() as session:
            return session.get_one(Objection, objection_id)

    def object_to(self, notice_id: str, application_id: str, **fields: Any) -> str:
        """An objection of the public; its id."""
        complaint = {
            "statement": "技术改造投资数据不实。",
            "evidence": "统计公报第12页所列数据不同。",
            "filer": "张三",
            "contact": "13800000000",
        }
        with self.database.write() as session:
            return objections.file_objection(
                session,
                self.engine,
                notice_id=notice_id,
                application_id=application_id,
                **{**complaint, **fields},
            ).id

    def decide_objection(self, objection_id: str, finding: str) -> None:
        """From 受理 over 核查 to the ministry's finding."""
        key = f"objection:{objection_id}"
        self.do(key, "consider", "accept")
        conclusion = "fraud" if finding == "fraud" else "founded"
        self.do(key, "verify", "report", given={"verification": {"conclusion": conclusion}})
        self.do(key, "decide_objection", finding, opinion="经核查认定。")

    def bar(self, division: str, year: int, *, province: bool = False) -> None:
        """A decision bars the division from the round of `year`, and its province from none unless told."""
        with self.database.write() as session:
            sanctions.impose(
                session,
                programme="miit_industry",
                division_code=division,
                year=year - 1,
                city_years=1,
                province_years=int(province),
                decision_number="工信处〔2017〕9号",
                decided_on=date(2017, 12, 1),
                reason="虚报技术改造投资。",
                subject=f"objection:{new_id()}",
                now=self.clock.now(),
                actor_id=None,
            )

    def open_case(self, application_id: str) -> str:
        """The ministry looks into it outside a notice; the case's id."""
        with self.database.write() as session:
            return objections.open_case(
                session,
                self.engine,
                self.official(session, *MINISTRY),
                application_id=application_id,
                statement="举报反映申报数据造假。",
                evidence="统计部门来函。",
            ).id


def _set_up(session: Session, engine: ProcessEngine, edition: str) -> None:
    now = engine.clock.now()
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
    folder = editions.EditionFolder.read(REPOSITORY, edition)
    editions.publish(session, folder, editions.known(engine.services), now=now)


def copy_of(database: Database, path: Path) -> None:
    with (
        closing(sqlite3.connect(make_url(database.url).database or "")) as source,
        closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)


W = TypeVar("W", bound=World)


def template_of(kind: type[World], databases: SqliteDatabases, folder: Path) -> Path:
    """A SQLite file in which a kind of world was set up: its divisions and its edition."""
    path = folder / "template.sqlite"
    with databases.fresh() as url:
        database = Database(url)
        kind(database)
        copy_of(database, path)
        database.dispose()
    return path


@contextmanager
def copied(kind: type[W], template: Path, folder: Path) -> Iterator[W]:
    """A world of one's own, in a copy of such a file."""
    path = folder / "world.sqlite"
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}")
    yield kind(database)
    database.dispose()


@pytest.fixture(scope="session")
def world_template(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Set up once a worker."""
    return template_of(World, sqlite_databases, tmp_path_factory.mktemp("world"))


@pytest.fixture
def world(world_template: Path, tmp_path: Path) -> Iterator[World]:
    """A world of one's own, for the tests to which the kind of database makes no difference."""
    with copied(World, world_template, tmp_path) as world:
        yield world


@pytest.fixture
def either_world(database: Database) -> World:
    """A world on each kind of database."""
    return World(database)


@pytest.fixture(scope="session")
def accepted_template(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The world when the applications of all CITIES have been accepted; and the round's id."""
    folder = tmp_path_factory.mktemp("accepted")
    shutil.copyfile(world_template, folder / "work.sqlite")
    database = Database(f"sqlite:///{folder / 'work.sqlite'}")
    world = World(database)
    round_id = world.open_round()
    world.accepted(round_id, CITIES)
    world.advance_to("2018-04-11")
    copy_of(database, folder / "template.sqlite")
    database.dispose()
    return folder / "template.sqlite", round_id


@pytest.fixture
def twelve(
    accepted_template: tuple[Path, str], tmp_path: Path
) -> Iterator[tuple[World, str, dict[str, str]]]:
    """A world of one's own with twelve accepted applications: world, round id, {division: application id}."""
    template, round_id = accepted_template
    path = tmp_path / "world.sqlite"
    shutil.copyfile(template, path)
    database = Database(f"sqlite:///{path}")
    world = World(database, datetime(2018, 4, 11, 9, 0, tzinfo=SHANGHAI))
    with database.read() as session:
        accepted = applications.applicants(session, round_id)
    yield world, round_id, {each.division_code: each.application_id for each in accepted}
    database.dispose()
