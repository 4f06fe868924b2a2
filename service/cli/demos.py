"""The demo: accounts for the offices of every edition, a clock in a covered year, and rounds to apply to."""

from datetime import datetime, timedelta

from sqlalchemy import select

from service.auth import sign_ins
from service.auth.passwords import new_hash
from service.cli.console import say, table
from service.cli.editions import publish_shipped
from service.clock import SHANGHAI, Clock, SystemClock
from service.config import Config
from service.domain import access, demo_clocks, editions, forms, offices, people, rounds, user_tasks
from service.domain.demo_clocks import DemoClock, DemoShift
from service.domain.demos import ACCOUNTS as ACCOUNTS
from service.domain.demos import OTHER_EDITIONS
from service.domain.demos import PASSWORD as PASSWORD
from service.domain.procedures import build_services
from service.domain.rounds import Round
from service.engine.engine import ProcessEngine
from service.engine.user_tasks import open_of
from service.store.database import Database

START = datetime(2018, 3, 1, 9, 0, tzinfo=SHANGHAI)
"""A working Thursday soon after the 2018 measure came into force; the work calendar covers what follows."""
PROGRAMME = "miit_industry"
EDITIONS = {2018: "2018", 2022: "2022"}
"""The rounds that are open from the start, year → edition; all of them live by the demo's own clock."""
COLLECTION = timedelta(days=45)


def set_up(database: Database) -> None:
    """Whatever of the demo is not there yet; a second time nothing is changed."""
    with database.write() as session:
        if session.get(DemoShift, 1) is None:
            demo_clocks.start_at(session, START, SystemClock().now())
    clock = DemoClock(database)
    engine = ProcessEngine(clock, build_services())
    publish_shipped(database, engine)
    _add_accounts(database, clock)
    for year, edition in EDITIONS.items():
        _open_rounds(database, engine, year, edition)


def show(config: Config) -> None:
    """Where the demo is served, and who can sign in."""
    say(f"演示环境：{config.base_url}", "bold green")
    say(f"下列账号的密码都是 {PASSWORD}；演示时间从{_day(START)}开始，可由 admin 推进。{OTHER_EDITIONS}")
    rows = [(account.login, PASSWORD, account.name, account.duty) for account in ACCOUNTS]
    table(("登录名", "密码", "姓名", "身份"), rows)


def _add_accounts(database: Database, clock: Clock) -> None:
    with database.write() as session:
        present = set(session.scalars(select(people.Person.login)))
        for account in ACCOUNTS:
            if account.login in present:
                continue
            places = offices.ensure_all(session, account.offices(), now=clock.now())
            person = sign_ins.add_person(
                session,
                login=account.login,
                name=account.name,
                password_hash=new_hash(PASSWORD, account.login),
                role=account.role,
                office_id=places[0].id if places else None,
                admin_id=None,
                now=clock.now(),
            )
            for each in places[1:]:
                people.join(session, person.id, account.role, now=clock.now(), office_id=each.id)


def _open_rounds(database: Database, engine: ProcessEngine, year: int, key: str) -> None:
    """As the ministry's official would: set up a round a track, and publish the call with its deadline."""
    with database.write() as session:
        if session.scalar(select(Round.id).where(Round.programme == PROGRAMME, Round.year == year)):
            return
        official = people.by_login(session, "ministry")
        assert official is not None
        actor = access.actor(session, official.id, engine.clock.now())
        edition = editions.latest(session, PROGRAMME, key)
        for track in edition.document["tracks"]:
            round_ = rounds.create(
                session, engine, actor, edition_id=edition.id, year=year, track=track["key"]
            )
            (task,) = open_of(session, f"round:{round_.id}")
            (form,) = user_tasks.view(session, actor, task.id).forms
            deadline = (engine.clock.now().astimezone(SHANGHAI) + COLLECTION).date()
            given = {
                "deadline": deadline.isoformat(),
                "contact": official.name,
                "phone": "010-68200000",
                "number": f"工信厅规函〔{year}〕号（演示）",
            }
            content = forms.sample(form.compiled, year, given)
            user_tasks.complete(
                session, engine, actor, task.id, decision="publish", contents={form.key: content}
            )
            assert round_.collection_ends_at is not None


def _day(instant: datetime) -> str:
    return f"{instant.year}年{instant.month}月{instant.day}日"
