"""Awards: granted for full years, expired or revoked."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from service.domain import awards, divisions
from service.domain.awards import Award, AwardClosed, AwardMissing
from service.engine import history


@pytest.fixture(autouse=True)
def table(session: Session, now: datetime) -> None:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)


def grant(session: Session, now: datetime, application_id: str = "a1", code: str = "330100") -> Award:
    return awards.grant(
        session,
        programme="miit_industry",
        edition_id="e" * 64,
        round_id="r1",
        track="main",
        year=2018,
        application_id=application_id,
        division_code=code,
        starts_on=date(2018, 5, 1),
        years=1,
        now=now,
        actor_id="ministry",
    )


def test_an_award_of_one_year_lasts_until_the_day_before_at_24_00(session: Session, now: datetime) -> None:
    award = grant(session, now)
    assert (award.status, award.starts_on, award.ends_on) == ("current", date(2018, 5, 1), date(2019, 4, 30))
    assert award.ends_at == datetime(2019, 4, 30, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        (date(2018, 1, 1), 1, date(2018, 12, 31)),
        (date(2020, 2, 29), 1, date(2021, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 28)),
        (date(2019, 3, 1), 1, date(2020, 2, 29)),
    ],
)
def test_a_period_is_full_years(start: date, years: int, end: date) -> None:
    assert awards.period_end(start, years) == end


def test_an_application_is_granted_once(session: Session, now: datetime) -> None:
    assert grant(session, now) is grant(session, now)


def test_the_awards_of_a_round_come_by_division_code(session: Session, now: datetime) -> None:
    grant(session, now, "a1", "420100")
    grant(session, now, "a2", "330100")
    assert [award.application_id for award in awards.of_round(session, "r1")] == ["a2", "a1"]


def test_an_award_expires_once(session: Session, now: datetime) -> None:
    grant(session, now)
    awards.expire(session, "a1", now=now)
    award = awards.expire(session, "a1", now=now)
    assert (award.status, award.closed_at) == ("expired", now)
    types = [e.type for e in history.of_chain(session, history.SYSTEM)]
    assert types[-2:] == ["award_granted", "award_expired"]


def test_a_revoked_award_does_not_expire(session: Session, now: datetime) -> None:
    grant(session, now)
    award = awards.revoke(session, "a1", reason="弄虚作假，见〔2018〕99号", now=now, actor_id="ministry")
    assert (award.status, award.reason) == ("revoked", "弄虚作假，见〔2018〕99号")
    with pytest.raises(AwardClosed, match="已不在激励期内（已撤销），不能再期满"):
        awards.expire(session, "a1", now=now)


def test_what_fraud_won_is_revoked_after_its_period_too(session: Session, now: datetime) -> None:
    grant(session, now)
    awards.expire(session, "a1", now=now)
    assert awards.revoke(session, "a1", reason="弄虚作假", now=now, actor_id=None).status == "revoked"


def test_no_award_no_end_of_it(session: Session, now: datetime) -> None:
    with pytest.raises(AwardMissing):
        awards.expire(session, "nothing", now=now)
