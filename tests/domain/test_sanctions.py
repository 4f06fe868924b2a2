"""Sanctions: article 13 of the 2018 measure, three assessed years for the city and for its province."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from service.domain import divisions, overviews, sanctions
from service.domain.access import Actor, ActorMembership, OfficeNeeded
from service.domain.divisions import DivisionMissing
from service.domain.editions import Edition
from service.domain.sanctions import (
    Barred,
    LiftingInvalid,
    Sanction,
    SanctionInvalid,
    SanctionLifted,
    SanctionMissing,
)
from service.engine import history, seals

PROGRAMME = "miit_industry"
MINISTRY = Actor("ministry", "部", (ActorMembership("industry", "000000", "official"),))
AUDITOR = Actor("auditor", "审计", (ActorMembership("", "", "auditor"),))
ZHEJIANG = Actor("zhejiang", "省", (ActorMembership("industry", "330000", "official"),))


@pytest.fixture(autouse=True)
def table(session: Session, now: datetime) -> None:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
    edition = Edition(
        id="sanctions",
        programme=PROGRAMME,
        key="2018",
        version=1,
        title="工业激励",
        first_year=2018,
        definitions={},
        published_at=now,
        stored={"content": {"parameters": {}}, "articles": {}},
        files={},
    )
    session.add(edition)
    session.flush()


def impose(session: Session, now: datetime, code: str = "330100", **changes: object) -> list[Sanction]:
    values: dict[str, object] = {
        "programme": PROGRAMME,
        "year": 2018,
        "city_years": 3,
        "province_years": 3,
        "decision_number": "工信部规函〔2018〕99号",
        "decided_on": date(2018, 9, 3),
        "reason": "申报数据与统计机构公开数据不符，系编造。",
        "subject": "objection:1",
        "actor_id": "ministry",
    }
    now = max(now, datetime(2018, 9, 3, 1, tzinfo=UTC))
    return sanctions.impose(session, division_code=code, now=now, **{**values, **changes})  # type: ignore[arg-type]


def barred(session: Session, code: str, year: int, programme: str = PROGRAMME) -> bool:
    return sanctions.check(session, code, programme, year) is not None


def test_the_city_and_its_province_are_barred_for_three_years(session: Session, now: datetime) -> None:
    imposed = impose(session, now)
    assert [(s.scope, s.division_code, s.first_year, s.last_year) for s in imposed] == [
        ("city", "330100", 2019, 2021),
        ("province", "330000", 2019, 2021),
    ]
    assert [year for year in range(2017, 2024) if barred(session, "330100", year)] == [2019, 2020, 2021]


def test_the_province_bars_all_below_it_and_nobody_else(session: Session, now: datetime) -> None:
    impose(session, now)
    assert barred(session, "330200", 2020)  # 宁波市
    assert barred(session, "330110", 2020)  # 余杭区
    assert not barred(session, "320100", 2020)  # 南京市
    assert not barred(session, "330100", 2020, "another_programme")


def test_the_city_alone_bars_itself_only(session: Session, now: datetime) -> None:
    impose(session, now, province_years=0)
    assert barred(session, "330100", 2019)
    assert not barred(session, "330200", 2019)
    assert not barred(session, "330110", 2019)


def test_each_span_has_its_own_length(session: Session, now: datetime) -> None:
    impose(session, now, city_years=5, province_years=1)
    assert [y for y in range(2019, 2025) if barred(session, "330100", y)] == [2019, 2020, 2021, 2022, 2023]
    assert [y for y in range(2019, 2025) if barred(session, "330200", y)] == [2019]


def test_the_message_names_the_decision_its_date_and_the_span(session: Session, now: datetime) -> None:
    impose(session, now)
    with pytest.raises(Barred) as refused:
        sanctions.refuse_barred(session, "330100", PROGRAMME, 2020)
    assert str(refused.value) == (
        "根据2018年9月3日的处理决定（工信部规函〔2018〕99号），杭州市在2019至2021年度被取消评选资格，不能申报。"
    )
    with pytest.raises(Barred) as refused:
        sanctions.refuse_barred(session, "330200", PROGRAMME, 2020)
    assert str(refused.value) == (
        "根据2018年9月3日的处理决定（工信部规函〔2018〕99号），浙江省在2019至2021年度被取消申报资格，不能申报。"
    )
    sanctions.refuse_barred(session, "330100", PROGRAMME, 2022)


def test_a_district_of_a_municipality_bars_its_municipality(session: Session, now: datetime) -> None:
    imposed = impose(session, now, "310115")  # 浦东新区
    assert [(s.scope, s.division_code) for s in imposed] == [("city", "310115"), ("province", "310000")]
    assert barred(session, "310101", 2019)


def test_a_division_of_province_level_is_barred_once(session: Session, now: datetime) -> None:
    assert [s.scope for s in impose(session, now, "660000")] == ["province"]
    assert barred(session, "660000", 2019)


def test_a_decision_of_tomorrow_is_refused_for_no_appeal_could_lift_it(
    session: Session, now: datetime
) -> None:
    with pytest.raises(SanctionInvalid) as refused:
        impose(session, now, decided_on=date(2018, 9, 4))
    assert [problem.message for problem in refused.value.problems] == ["处理决定的日期不能晚于今天，请改正。"]


def test_the_same_decision_twice_is_one(session: Session, now: datetime) -> None:
    assert impose(session, now) == impose(session, now)
    assert len(sanctions.of_programme(session, PROGRAMME)) == 2


APPEAL = {"appeal_number": "复议〔2019〕1号", "lifted_on": date(2019, 1, 15), "reason": "原认定的事实不清。"}
AFTER = datetime(2019, 2, 1, tzinfo=UTC)


def lift(session: Session, sanction_id: str, actor: Actor = MINISTRY, **changes: Any) -> Sanction:
    values: dict[str, Any] = {**APPEAL, "now": AFTER, **changes}
    return sanctions.lift(session, actor, sanction_id, **values)


def test_an_appeal_lifts_the_bar_and_stays_on_record(session: Session, now: datetime) -> None:
    city, province = impose(session, now)
    lift(session, province.id)
    assert not barred(session, "330200", 2020)
    assert barred(session, "330100", 2020)  # The city's own bar stands.
    with pytest.raises(SanctionLifted, match=r"申诉决定（复议〔2019〕1号）于2019年1月15日解除"):
        lift(session, province.id)
    with pytest.raises(SanctionMissing):
        lift(session, "nothing")
    with pytest.raises(OfficeNeeded):
        lift(session, city.id, ZHEJIANG)
    types = [e.type for e in history.of_chain(session, history.SYSTEM)]
    assert types[-3:] == ["sanction_imposed", "sanction_imposed", "sanction_lifted"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"appeal_number": " "}, "/appeal_number"),
        ({"lifted_on": None}, "/lifted_on"),
        ({"lifted_on": date(2018, 9, 2)}, "/lifted_on"),  # The day before the decision itself.
        ({"lifted_on": date(2019, 2, 2)}, "/lifted_on"),  # Tomorrow.
        ({"reason": ""}, "/reason"),
    ],
)
def test_an_appeal_needs_its_number_its_day_and_a_reason(
    session: Session, now: datetime, changes: dict[str, Any], place: str
) -> None:
    city, _ = impose(session, now)
    with pytest.raises(LiftingInvalid) as refused:
        lift(session, city.id, **changes)
    assert [problem.place for problem in refused.value.problems] == [place]
    assert barred(session, "330100", 2020)


def test_a_reason_for_lifting_that_was_changed_shows_and_older_seals_hold(
    session: Session, now: datetime
) -> None:
    city, province = impose(session, now)
    assert list(seals.broken(session, [Sanction])) == []
    lift(session, city.id)
    assert list(seals.broken(session, [Sanction])) == []
    for reason in ("另一个理由", None):
        session.execute(update(Sanction).where(Sanction.id == city.id).values(lift_reason=reason))
        (sentence,) = seals.broken(session, [Sanction])
        assert "被改动" in sentence
    session.execute(update(Sanction).where(Sanction.id == province.id).values(lift_reason="冒充的理由"))
    assert len(list(seals.broken(session, [Sanction]))) == 2


def test_the_ministry_and_auditors_read_the_list_a_page_at_a_time(session: Session, now: datetime) -> None:
    city, province = impose(session, now)
    lift(session, city.id)
    page = overviews.visible_sanctions(session, MINISTRY, now=now, size=1)
    assert (page.total, [row.division_name for row in page.rows]) == (2, ["浙江省杭州市"])
    second = overviews.visible_sanctions(session, AUDITOR, now=now, number=2, size=1).rows[0]
    assert (second.sanction.id, second.division_name) == (province.id, "浙江省")
    assert (second.lost, second.span) == ("申报资格", "2019至2021年度")
    assert [row.status_label for row in (*page.rows, second)] == ["已解除", "限制中"]
    last_day = datetime(2021, 12, 31, 15, 59, tzinfo=UTC)
    for on, label in ((last_day, "限制中"), (last_day + timedelta(minutes=1), "已期满")):
        assert overviews.of_sanction(session, AUDITOR, province.id, now=on).status_label == label
    assert (
        overviews.of_sanction(session, MINISTRY, city.id, now=now).sanction.lift_reason
        == "原认定的事实不清。"
    )
    for attempt in (
        lambda: overviews.visible_sanctions(session, ZHEJIANG, now=now),
        lambda: overviews.of_sanction(session, ZHEJIANG, city.id, now=now),
    ):
        with pytest.raises(OfficeNeeded):
            attempt()


def test_a_decision_needs_its_number_its_reason_and_years(session: Session, now: datetime) -> None:
    with pytest.raises(SanctionInvalid) as refused:
        impose(session, now, decision_number=" ", reason="", city_years=0, province_years=0)
    assert [problem.place for problem in refused.value.problems] == ["/decision_number", "/reason", "/years"]
    with pytest.raises(DivisionMissing):
        impose(session, now, "999999")
