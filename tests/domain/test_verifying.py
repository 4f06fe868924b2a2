"""Verifying: a whole chain holds, and whatever is changed in it past the service is named."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.domain import (
    access,
    attachments,
    awards,
    claims,
    offices,
    people,
    redemptions,
    user_tasks,
    verifying,
)
from service.domain.recommendations import Choice
from service.engine import history, seals
from service.engine.seals import Sealed
from service.engine.user_tasks import open_of
from service.store.database import Database
from tests.domain.world import HANGZHOU, MINISTRY, ZHEJIANG, World

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF\n"


class Finished:
    """A round with everything: scores, a notice, awards, an objection, a case of fraud, an attachment."""

    def __init__(self, database: Database, uploads: Path) -> None:
        self.database = database
        self.uploads = uploads
        world = World(database)
        round_id = world.open_round()
        _release_a_claim(world, round_id)
        cities = world.accepted(round_id, [HANGZHOU, "320500", "130100"])
        seats = world.seats()
        world.open_scores(round_id, [{**seats[0], "division": ZHEJIANG}, *seats[1:]])
        with database.write() as session:
            alternate = world.member(session, "expert", 6)
        world.replace(round_id, seats[1]["person"], alternate)
        world.score(round_id, {each: str(95 - place) for place, each in enumerate(cities.values())})
        notice = world.publish(round_id)
        world.decide_objection(world.object_to(notice.id, cities["130100"]), "upheld")
        world.advance_to("2018-04-19")
        world.announce(round_id)
        _use_an_incentive(world, round_id)
        case = world.open_case(cities[HANGZHOU])
        world.decide_objection(case, "fraud")
        decision = {"number": "工信处〔2018〕7号", "date": "2018-04-19", "facts": "虚报技术改造投资。"}
        world.do(f"objection:{case}", "sanction_decision", "impose", given={"sanction": decision})
        world.settle()
        with database.write() as session:
            self.sha256 = attachments.add(
                session,
                uploads,
                io.BytesIO(PDF),
                name="证据.pdf",
                business_key=f"objection:{case}",
                user_task_id=None,
                person_id=None,
                now=world.clock.now(),
                maximum_bytes=1_000,
            ).sha256

    def broken(self, tampering: str | None = None) -> list[str]:
        """What verifying finds after a statement that changes one row, which is undone again."""
        with self.database.engine.connect() as connection:
            if tampering is not None:
                assert connection.execute(text(tampering)).rowcount == 1
            with Session(connection) as session:
                return list(verifying.broken(session, self.uploads))


def _use_an_incentive(world: World, round_id: str) -> None:
    with world.database.write() as session:
        award = awards.of_round(session, round_id)[0]
        redemptions.redeem(
            session,
            world.official(session, *MINISTRY),
            award.id,
            incentive=1,
            used_by="高新技术产业开发区",
            purpose="申报国家新型工业化产业示范基地",
            used_on=award.starts_on,
            document_number="工信部规函〔2018〕18号",
            now=world.clock.now(),
        )


def _release_a_claim(world: World, round_id: str) -> None:
    """An application whose official is away, and which comes to nothing."""
    key = f"application:{world.apply(round_id, '610100')}"
    with world.database.write() as session:
        official, now = world.official(session, offices.INDUSTRY, "610100"), world.clock.now()
        (task,) = open_of(session, key)
        user_tasks.claim(session, world.engine, official, task.id)
        chief = people.create(session, login="chief", name="管理员", now=now).id
        people.join(session, chief, people.ADMIN, now=now)
        actor = access.actor(session, chief, now)
        claims.release(session, world.engine, actor, task.id, reason="休假两周。")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finished]:
    name = "sqlite_databases" if request.param == "sqlite" else "postgres_databases"
    with request.getfixturevalue(name).fresh() as url:
        database = Database(url)
        yield Finished(database, tmp_path_factory.mktemp("uploads"))
        database.dispose()


def one(table: str, change: str, *, key: str = "id", where: str = "true") -> str:
    """A statement that changes one row of a table."""
    return f"UPDATE {table} SET {change} WHERE {key} = (SELECT min({key}) FROM {table} WHERE {where})"


def test_a_whole_chain_that_nobody_touched_holds(finished: Finished) -> None:
    assert finished.broken() == []


TAMPERINGS = {
    "form_submission": one("form_submission", "content = '{}'"),
    "opinion": one("opinion", "text = '不同意。'"),
    "score_sheet": (
        "UPDATE score_sheet SET score = '1' WHERE (person_id, application_id) = "
        "(SELECT person_id, application_id FROM score_sheet LIMIT 1)"
    ),
    "committee_member": one(
        "committee_member", "ended_reason = '另有公务。'", key="person_id", where="ended_at IS NOT NULL"
    ),
    "recusal": one("recusal", "reason = '不必回避'", key="person_id"),
    "recommendation": one("recommendation", "letter_number = '别的文号'", where="status = 'submitted'"),
    "recommendation_choice": one("recommendation_choice", "chosen = NOT chosen", key="application_id"),
    "candidate": one("candidate", "state = 'removed'", key="application_id", where="state = 'selected'"),
    "eligibility_finding": one("eligibility_finding", "met = NOT met"),
    "process_definition": one("process_definition", "name = '别的流程'"),
    "edition": one("edition", "first_year = 2017"),
    "round": one("round", "quota = 15"),
    "application": one("application", "status = 'awarded'", where="status <> 'awarded'"),
    "attachment": one("attachment", "name = '别的.pdf'"),
    "notice": one("notice", "text = '别的公示'"),
    "notice_entry": one("notice_entry", "division_name = '别的市'", key="application_id"),
    "objection": one("objection", "finding = 'not_upheld'"),
    "award": one("award", "ends_on = '2030-01-01'"),
    "redemption": one("redemption", "used_on = '2018-12-31'"),
    "sanction": one("sanction", "last_year = 2018"),
    "claim_release": one("claim_release", "reason = '没有理由'"),
    "user_task": one("user_task", "completed_by = 'another'", where="status = 'completed'"),
    "process_instance": one("process_instance", "business_key = 'application:another'"),
    "history_event": "UPDATE history_event SET actor_id = 'another' WHERE chain = 'system' AND seq = 2",
}

ELSEWHERE = {
    "eligibility_override": "tests/domain/test_overrides.py: nothing of the 2018 edition is overridden",
    "waiver": "tests/domain/test_waivers.py: a list of the 2018 edition has no rule that could be set aside",
    **dict.fromkeys(
        (
            "evaluation",
            "cycle",
            "cycle_target",
            "cycle_assessment",
            "cycle_result",
            "rectification",
            "adjustment",
        ),
        "tests/simulation/test_pilot_2016.py: only pilot cities go through cycles",
    ),
    **dict.fromkeys(
        ("target_year", "decomposition", "target", "standing", "proposal"),
        "tests/simulation/test_zhejiang_2020.py: only Zhejiang's counties are scored by targets",
    ),
}


@pytest.mark.parametrize("table", TAMPERINGS)
def test_a_row_that_was_changed_is_named(finished: Finished, table: str) -> None:
    found = finished.broken(TAMPERINGS[table])
    named = f"（{table} " if table != "history_event" else "办理记录 system 第2条"
    assert any(named in sentence and sentence.endswith("。") for sentence in found), found


def test_every_sealed_table_is_verified_and_has_such_a_test() -> None:
    tables = {model.__tablename__ for model in verifying.SEALED}
    assert tables == {model.__tablename__ for model in Sealed.__subclasses__()}
    assert tables <= TAMPERINGS.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize(
    ("tampering", "sentence"),
    [
        (
            one("user_task", "decision = 'refuse'", where="decision = 'agree'"),
            "的决定被改动，与办理记录不符。",
        ),
        (one("process_instance", "state = state || state"), "的运行数据被改动，与办理记录不符。"),
        ("DELETE FROM sanction WHERE scope = 'city'", "被删除。"),
        (
            one("sanction", "id = 'forged'", where="scope = 'city'"),
            "限制（sanction forged）没有登记在办理记录中。",
        ),
    ],
)
def test_it_says_what_was_done(finished: Finished, tampering: str, sentence: str) -> None:
    if "state ||" in tampering and finished.database.engine.dialect.name == "sqlite":
        tampering = one("process_instance", "state = CAST(state || state AS BLOB)")
    assert any(each.endswith(sentence) for each in finished.broken(tampering))


def test_a_row_that_was_taken_out_in_the_course_of_things_is_not_missed(finished: Finished) -> None:
    with finished.database.engine.connect() as connection, Session(connection) as session:
        row = session.scalars(select(Choice).order_by(Choice.application_id)).first()
        assert row is not None
        values = {column.name: getattr(row, column.name) for column in Choice.__table__.columns}
        later = datetime(2030, 1, 1, tzinfo=UTC)
        history.record(session, history.SYSTEM, "compared", later, data={"sealed": seals.gone(row)})
        session.delete(row)
        session.flush()
        assert list(verifying.broken(session)) == []
        session.add(Choice(**values))  # Whoever puts it back does so past the service.
        session.flush()
        assert [each.endswith("没有登记在办理记录中。") for each in verifying.broken(session)] == [True]


def test_a_changed_score_shows_in_the_ranking_too(finished: Finished) -> None:
    found = finished.broken(TAMPERINGS["score_sheet"])
    assert any("的平均分与评分表算出的不符。" in each for each in found)


def test_a_file_that_was_changed_or_is_gone_is_named(finished: Finished) -> None:
    path = attachments.path(finished.uploads, finished.sha256)
    path.write_bytes(PDF + b"\n")
    assert [each.endswith("内容被改动。") for each in finished.broken()] == [True]
    path.unlink()
    assert [each.endswith("缺失。") for each in finished.broken()] == [True]
    path.write_bytes(PDF)
