"""Objections: what the public must say, while the notice runs; leads, cases, and what waits for what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from service.clock import SHANGHAI
from service.domain import awards, notices, objections, offices
from service.domain.applications import Application, Status
from service.domain.awards import AwardStatus
from service.domain.errors import Forbidden
from service.domain.notices import Listed, NoticeMissing
from service.domain.objections import (
    AnonymousNotAccepted,
    CaseOpen,
    CaseRefused,
    NotListed,
    ObjectionMissing,
    ObjectionRefused,
    ObjectionStatus,
    PeriodOver,
    UndecidedObjections,
)
from service.domain.procedures.effects.objections import FindingContradicted
from service.domain.rounds import Round
from service.engine.messages import Delivery, Message
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import HANGZHOU, ZHEJIANG, World

OTHER = "130100"


@dataclass
class Published:
    """A running notice that names Hangzhou; another accepted application is not on it."""

    world: World
    notice_id: str
    ids: dict[str, str]

    def object(self, **fields: Any) -> str:
        return self.world.object_to(self.notice_id, self.ids[HANGZHOU], **fields)


@pytest.fixture
def published(world: World) -> Published:
    round_id, ids = accepted_rows(world, [HANGZHOU, OTHER])
    with world.database.write() as session:
        round_ = session.get_one(Round, round_id)
        listed = [Listed(ids[HANGZHOU], HANGZHOU, "浙江省杭州市")]
        notice = notices.prepare(
            context(session), round_, listed, title="公示", text="", contact="李四，010-68205000"
        )
        notices.publish(context(session), notice.id, {"working_days": 5, "count_first_day": False})
        return Published(world, notice.id, ids)


def refused(act: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(ObjectionRefused) as error:
        act()
    return {problem.place: problem.message for problem in error.value.problems}


def test_the_public_files_one_and_gets_a_receipt(published: Published) -> None:
    objection = published.world.objection(published.object())
    assert objection.number.startswith("YY20180301-")
    assert objection.status == ObjectionStatus.FILED
    assert published.world.open_tasks(f"objection:{objection.id}") == ["consider"]
    with published.world.database.read() as session:
        assert objections.by_number(session, f" {objection.number.lower()} ").id == objection.id
        with pytest.raises(ObjectionMissing):
            objections.by_number(session, "YY20180301-0")


def test_a_real_name_a_contact_and_evidence_are_required(published: Published) -> None:
    empty = {"filer": " ", "contact": "", "statement": "", "evidence": "\n"}
    assert list(refused(lambda: published.object(**empty))) == [
        "/filer",
        "/contact",
        "/statement",
        "/evidence",
    ]


def test_an_anonymous_one_needs_leads_only_and_keeps_no_name(published: Published) -> None:
    assert list(refused(lambda: published.object(anonymous=True, evidence=""))) == ["/evidence"]
    row = published.world.objection(published.object(anonymous=True))
    assert (row.anonymous, row.filer, row.contact) == (True, None, None)


def test_what_is_too_long_is_refused(published: Published) -> None:
    assert list(refused(lambda: published.object(statement="长" * 2001, filer="名" * 41))) == [
        "/filer",
        "/statement",
    ]
    assert list(refused(lambda: published.object(files=[{"sha256": "0"}] * 6))) == ["/files"]


def test_only_who_is_on_the_notice_can_be_objected_to(published: Published) -> None:
    with pytest.raises(NotListed):
        published.world.object_to(published.notice_id, published.ids[OTHER])
    with pytest.raises(NoticeMissing):
        published.world.object_to("0" * 32, published.ids[HANGZHOU])


def test_the_period_ends_at_midnight_of_the_last_day(published: Published) -> None:
    midnight = datetime(2018, 3, 9, tzinfo=SHANGHAI)
    published.world.clock.advance_to(midnight - timedelta(seconds=1))
    published.object()
    published.world.clock.advance_to(midnight)
    with pytest.raises(PeriodOver, match="2018年3月8日 24:00"):
        published.object()


def test_an_anonymous_one_is_kept_as_a_lead_and_never_accepted(published: Published) -> None:
    world, objection = published.world, published.object(anonymous=True)
    with pytest.raises(AnonymousNotAccepted):
        world.do(f"objection:{objection}", "consider", "accept")
    world.do(f"objection:{objection}", "consider", "lead", opinion="转有关司局核查。")
    row = world.objection(objection)
    assert (row.status, row.reason) == (ObjectionStatus.LEAD, "转有关司局核查。")
    with world.database.write() as session:
        assert objections.open_of_notice(session, published.notice_id) == 0


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([("consider", "reject")], ObjectionStatus.REJECTED),
        (
            [("consider", "accept"), ("verify", "report"), ("decide_objection", "not_upheld")],
            ObjectionStatus.NOT_UPHELD,
        ),
        (
            [
                ("consider", "accept"),
                ("verify", "report"),
                ("decide_objection", "mendable"),
                ("mend", "submit"),
                ("confirm_mend", "return"),
                ("mend", "submit"),
                ("confirm_mend", "agree"),
            ],
            ObjectionStatus.MENDED,
        ),
        (
            [("consider", "accept"), ("verify", "report"), ("decide_objection", "upheld")],
            ObjectionStatus.UPHELD,
        ),
    ],
)
def test_a_notice_waits_until_the_last_step_of_an_objection(
    published: Published, steps: list[tuple[str, str]], status: ObjectionStatus
) -> None:
    world, objection = published.world, published.object()
    for element, decision in steps:
        with world.database.write() as session:
            assert objections.open_of_notice(session, published.notice_id) == 1
            with pytest.raises(UndecidedObjections, match="浙江省杭州市"):
                objections.require_none_open(session, [published.ids[HANGZHOU]])
        world.do(f"objection:{objection}", element, decision)
    assert world.objection(objection).status == status
    with world.database.write() as session:
        assert objections.open_of_notice(session, published.notice_id) == 0
        objections.require_none_open(session, [published.ids[HANGZHOU]])


def test_mending_is_the_recommending_units_work(published: Published) -> None:
    world, objection = published.world, published.object()
    world.decide_objection(objection, "mendable")
    with world.database.read() as session:
        (task,) = world.tasks(session, f"objection:{objection}")
    assert (task.element_id, task.office, task.division) == ("mend", offices.INDUSTRY, ZHEJIANG)


def test_only_the_ministry_opens_a_case_and_only_one_at_a_time(published: Published) -> None:
    world, application = published.world, published.ids[OTHER]
    with world.database.write() as session:
        province = world.official(session, offices.INDUSTRY, ZHEJIANG)
        with pytest.raises(Forbidden):
            objections.open_case(
                session, world.engine, province, application_id=application, statement="举", evidence="证"
            )
    case = world.open_case(application)
    assert world.objection(case).notice_id is None
    with pytest.raises(CaseOpen, match="河北省石家庄市"):
        world.open_case(application)
    world.decide_objection(case, "not_upheld")
    world.open_case(application)


@pytest.mark.parametrize("status", [Status.UNDER_WAY, Status.DISQUALIFIED, Status.AWARD_REVOKED])
def test_no_case_against_what_never_came_in_or_was_thrown_out_already(
    published: Published, status: Status
) -> None:
    world, application = published.world, published.ids[OTHER]
    with world.database.write() as session:
        row = session.get_one(Application, application)
        row.status = status
        row.accepted_at = None if status == Status.UNDER_WAY else row.accepted_at
    with pytest.raises(CaseRefused, match=status.label):
        world.open_case(application)


def test_fraud_is_found_where_the_verification_says_so_and_nowhere_else(published: Published) -> None:
    world, key = published.world, f"objection:{published.object()}"
    world.do(key, "consider", "accept")
    for conclusion, contradicted, said in (("fraud", "not_upheld", "存在"), ("founded", "fraud", "不存在")):
        world.do(key, "verify", "report", given={"verification": {"conclusion": conclusion}})
        with pytest.raises(FindingContradicted, match=f"核查结论是{said}弄虚作假"):
            world.do(key, "decide_objection", contradicted)
        world.do(key, "decide_objection", "return", opinion="请补充证据。")
    world.do(key, "verify", "report", given={"verification": {"conclusion": "fraud"}})
    world.do(key, "decide_objection", "fraud")
    assert world.open_tasks(key) == ["sanction_decision"]


def test_what_is_upheld_after_the_award_has_ended_takes_the_award_away(world: World) -> None:
    round_id, application = to_be_announced(world)
    world.announce(round_id)
    case = world.open_case(application)
    world.advance_to("2019-04-20")
    assert world.application(application).status == Status.AWARD_ENDED
    world.decide_objection(case, "upheld")
    world.settle()
    assert world.objection(case).status == ObjectionStatus.UPHELD
    assert outcome(world, round_id, application) == (Status.AWARD_REVOKED, [AwardStatus.REVOKED])
    assert "经核查成立：经核查认定。" in (world.application(application).reason or "")


def to_be_announced(world: World) -> tuple[str, str]:
    """Hangzhou's list, of which the public notice has ended; the round's id and the application's."""
    round_id = world.open_round()
    cities = world.accepted(round_id, [HANGZHOU])
    world.review(round_id, dict.fromkeys(cities.values(), "90"))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    return round_id, cities[HANGZHOU]


def hold_up(world: World, message: str, application_id: str, until: str) -> None:
    """What was sent to the application could not be delivered, and is tried again by then."""
    late = datetime.fromisoformat(until).replace(hour=9, tzinfo=SHANGHAI)
    with world.database.write() as session:
        instance_id = session.get_one(Application, application_id).instance_id
        rows = session.scalars(
            select(Delivery)
            .join(Message, Message.id == Delivery.message_id)
            .where(Message.name == message, Delivery.instance_id == instance_id)
        ).all()
        assert rows
        for row in rows:
            row.run_at = late


def outcome(world: World, round_id: str, application_id: str) -> tuple[str, list[str]]:
    with world.database.read() as session:
        granted = [each.status for each in awards.of_round(session, round_id)]
    return world.application(application_id).status, granted


def test_what_was_upheld_before_the_award_ended_takes_it_away_though_the_news_comes_later(
    world: World,
) -> None:
    round_id, application = to_be_announced(world)
    world.announce(round_id)
    case = world.open_case(application)
    world.decide_objection(case, "upheld")
    hold_up(world, "application_disqualified", application, "2019-05-01")
    world.advance_to("2019-05-02")
    assert outcome(world, round_id, application) == (Status.AWARD_REVOKED, [AwardStatus.REVOKED])


def test_what_is_upheld_before_the_applicant_hears_of_its_award_takes_it_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id, application = to_be_announced(world)
    with monkeypatch.context() as patched:
        patched.setattr(World, "settle", lambda self: None)
        world.announce(round_id)
    assert outcome(world, round_id, application) == (Status.ACCEPTED, [AwardStatus.CURRENT])
    case = world.open_case(application)
    world.decide_objection(case, "upheld")
    hold_up(world, "round_announced", application, "2018-05-01")
    world.advance_to("2018-05-02")
    assert outcome(world, round_id, application) == (Status.AWARD_REVOKED, [AwardStatus.REVOKED])
