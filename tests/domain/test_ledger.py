"""The ledger: awards, their incentives and what was used of them, across programmes, years and divisions."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.domain import awards, divisions, incentives, ledger, people, redemptions, sanctions
from service.domain.access import Actor, ActorMembership, OfficeNeeded
from service.domain.awards import Award, AwardMissing
from service.domain.divisions import DivisionMissing
from service.domain.editions import Edition
from service.domain.redemptions import RedeemedAlready, Redemption, RedemptionInvalid
from service.engine import history, seals
from tests.domain.conftest import statements

HANGZHOU, NINGBO, SUZHOU, YUHANG, YINZHOU = "330100", "330200", "320500", "330110", "330212"
NOW = datetime(2020, 6, 1, 1, 0, tzinfo=UTC)
EDITIONS: dict[str, list[dict[str, Any]]] = {
    "miit_industry": [
        {"article": "10(1)", "title": "示范基地", "points": 3, "maximum": 100},
        {"article": "10(2)", "title": "技改导向计划", "points": 1, "maximum": 100},
        {"article": "10(3)", "title": "示范项目", "preference": "同等条件下优先支持"},
        {"article": "13", "title": "仅限甲类", "preference": "优先", "tracks": ["a"]},
        {"article": "14", "title": "仅限县", "preference": "优先", "levels": ["county"]},
    ],
    "zhejiang_manufacturing": [
        {
            "article": "7(1)",
            "title": "财政资金奖励",
            "amount": "500万元",
            "once": True,
            "exceptions": [{"division": NINGBO, "text": "宁波市参照自行统筹兑现。"}],
        }
    ],
}


@pytest.fixture(autouse=True)
def registers(session: Session) -> None:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=NOW)
    for programme, listed in EDITIONS.items():
        content = {
            "incentives": listed,
            "tracks": [{"key": "main", "title": "主榜"}, {"key": "b", "title": "乙类"}],
        }
        session.add(
            Edition(
                id=f"ledger-{programme}",
                programme=programme,
                key="2018",
                version=1,
                title={"miit_industry": "工业激励", "zhejiang_manufacturing": "制造业激励"}[programme],
                first_year=2018,
                definitions={},
                published_at=NOW,
                published_by=None,
                stored={"content": content, "articles": {}},
                files={},
            )
        )
    session.flush()


def grant(
    session: Session,
    code: str = HANGZHOU,
    *,
    programme: str = "miit_industry",
    year: int = 2020,
    track: str = "main",
) -> Award:
    return awards.grant(
        session,
        programme=programme,
        edition_id=f"ledger-{programme}",
        round_id=f"{programme}-{year}",
        track=track,
        year=year,
        application_id=f"{programme[:8]}-{year}-{track}-{code}",
        division_code=code,
        starts_on=date(year, 5, 1),
        years=1,
        now=NOW,
        actor_id=None,
    )


def official(session: Session, code: str, office: str = "industry") -> Actor:
    person = people.by_login(session, f"{office}-{code}") or people.create(
        session, login=f"{office}-{code}", name="经办人", now=NOW
    )
    return Actor(person.id, "经办人", (ActorMembership(office, code, "official"),))


AUDITOR = Actor("auditor", "审计", (ActorMembership("", "", "auditor"),))
USE: dict[str, Any] = {
    "incentive": 1,
    "used_by": "杭州高新技术产业开发区",
    "purpose": "申报国家新型工业化产业示范基地",
    "used_on": date(2020, 5, 20),
    "document_number": "工信部规函〔2020〕18号",
}


def redeem(session: Session, award: Award, actor: Actor | None = None, **changes: Any) -> Redemption:
    given = {**USE, "now": NOW, **changes}
    return redemptions.redeem(session, actor or official(session, "000000"), award.id, **given)


# Incentives.


def test_an_award_entitles_to_what_its_edition_lists_for_its_track_and_level(session: Session) -> None:
    found = incentives.of(session, grant(session))
    assert [(each.number, each.benefit) for each in found] == [
        (1, "加3分（满分100分）"),
        (2, "加1分（满分100分）"),
        (3, "同等条件下优先支持"),
    ]
    assert {(each.starts_on, each.ends_on) for each in found} == {(date(2020, 5, 1), date(2021, 4, 30))}
    assert [each.number for each in incentives.of(session, grant(session, YUHANG))] == [1, 2, 3, 5]


def test_the_exception_for_a_division_holds_below_it_and_nowhere_else(session: Session) -> None:
    notes = {
        code: incentives.of(session, grant(session, code, programme="zhejiang_manufacturing"))[0].note
        for code in (YUHANG, YINZHOU)
    }
    assert notes == {YUHANG: None, YINZHOU: "宁波市参照自行统筹兑现。"}


# Redemptions.


def test_a_use_is_recorded_with_who_what_when_and_document_and_sealed(session: Session) -> None:
    award = grant(session)
    used = redeem(session, award)
    assert (used.article, used.used_by, used.document_number) == (
        "10(1)",
        "杭州高新技术产业开发区",
        "工信部规函〔2020〕18号",
    )
    event = history.of_chain(session, history.SYSTEM)[-1]
    assert (event.type, event.data["division"]) == ("incentive_redeemed", HANGZHOU)
    assert event.data["sealed"] == seals.of(used)
    assert list(seals.broken(session, (Redemption,))) == []


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"used_on": date(2020, 4, 30)}, "/used_on", "激励期为2020年5月1日至2021年4月30日"),
        ({"used_on": date(2021, 5, 1)}, "/used_on", "这一天不在其中"),
        ({"used_on": date(2020, 6, 2)}, "/used_on", "不能晚于今天"),
        ({"used_on": None}, "/used_on", "请填写使用的日期"),
        ({"incentive": 4}, "/incentive", "请选择使用的是哪一项激励"),
        ({"incentive": None}, "/incentive", "请选择"),
        ({"used_by": " "}, "/used_by", "请填写由谁使用"),
        ({"purpose": ""}, "/purpose", "请写明用于什么"),
        ({"document_number": "号" * 121}, "/document_number", "不超过 120 个字"),
    ],
)
def test_what_is_wrong_with_a_use_is_said_where_it_is(
    session: Session, changes: dict[str, Any], place: str, message: str
) -> None:
    award = grant(session)
    with pytest.raises(RedemptionInvalid) as refused:
        redeem(session, award, **changes)
    (problem,) = refused.value.problems
    assert problem.place == place
    assert message in problem.message
    assert redemptions.of_award(session, award.id) == []


@pytest.mark.parametrize("day", [date(2020, 5, 1), date(2021, 4, 30)])
def test_the_first_and_the_last_day_count(session: Session, day: date) -> None:
    redeem(session, grant(session), used_on=day, now=datetime(2022, 1, 1, tzinfo=UTC))


def test_what_was_used_before_an_award_was_revoked_is_recorded_and_nothing_later(session: Session) -> None:
    award = grant(session)
    awards.revoke(session, award.application_id, reason="弄虚作假。", now=NOW, actor_id=None)
    redeem(session, award, used_on=date(2020, 5, 31))
    with pytest.raises(RedemptionInvalid) as refused:
        redeem(session, award, used_on=date(2020, 6, 1))
    assert "已于2020年6月1日撤销" in refused.value.problems[0].message


def test_what_is_due_once_may_be_paid_after_the_year_but_not_before_it(session: Session) -> None:
    award = grant(session, YUHANG, programme="zhejiang_manufacturing")
    finance, later = official(session, "330000"), datetime(2022, 1, 1, tzinfo=UTC)
    with pytest.raises(RedemptionInvalid):
        redeem(session, award, finance, used_on=date(2020, 4, 30), now=later)
    redeem(session, award, finance, used_on=date(2021, 5, 1), now=later)


def test_what_is_paid_once_is_used_once(session: Session) -> None:
    award = grant(session, YUHANG, programme="zhejiang_manufacturing")
    finance = official(session, "330000")
    redeem(session, award, finance, used_by="余杭区政府", document_number="浙财建〔2020〕9号")
    with pytest.raises(RedeemedAlready, match="已由余杭区政府于2020年5月20日使用（浙财建〔2020〕9号）"):
        redeem(session, award, finance)
    other = grant(session)
    redeem(session, other)
    redeem(session, other)  # Points are given in every selection.


def test_only_industry_departments_above_the_winner_record_a_use(session: Session) -> None:
    award = grant(session)
    redeem(session, award, official(session, "330000"))
    for code, office in ((HANGZHOU, "industry"), ("320000", "industry"), ("330000", "government")):
        with pytest.raises(OfficeNeeded):
            redeem(session, award, official(session, code, office))
    with pytest.raises(AwardMissing):
        redemptions.redeem(session, official(session, "000000"), "0" * 32, **USE, now=NOW)


# The ledger.


def codes(page: Any) -> list[str]:
    return [line.award.division_code for line in page.rows]


def test_awards_are_listed_across_programmes_and_years_and_narrowed(session: Session) -> None:
    grant(session, HANGZHOU, year=2019)
    grant(session, SUZHOU)
    grant(session, YUHANG, programme="zhejiang_manufacturing")
    assert codes(ledger.awards(session)) == [SUZHOU, YUHANG, HANGZHOU]
    assert codes(ledger.awards(session, division="330000")) == [YUHANG, HANGZHOU]
    assert codes(ledger.awards(session, division="杭州")) == [YUHANG, HANGZHOU]
    assert codes(ledger.awards(session, division="330110")) == [YUHANG]
    assert codes(ledger.awards(session, division="%")) == []
    assert codes(ledger.awards(session, programme="miit_industry", year=2019)) == [HANGZHOU]
    second = ledger.awards(session, number=2, size=2)
    assert (codes(second), second.total) == ([HANGZHOU], 3)
    line = ledger.awards(session, division=YUHANG).rows[0]
    assert (line.division_name, line.title, line.track_title) == ("浙江省杭州市余杭区", "制造业激励", "主榜")
    assert line.status_label == "有效"
    assert ledger.choices(session) == (
        [("miit_industry", "工业激励"), ("zhejiang_manufacturing", "制造业激励")],
        [2020, 2019],
    )


def test_awards_and_uses_are_narrowed_by_what_they_give_and_what_became_of_them(session: Session) -> None:
    points, money = grant(session), grant(session, YUHANG, programme="zhejiang_manufacturing")
    redeem(session, points)
    redeem(session, money)
    for kind, winners in (("points", [HANGZHOU]), ("amount", [YUHANG]), ("preference", [HANGZHOU])):
        assert codes(ledger.awards(session, kind=kind)) == winners
    assert codes(ledger.awards(session, kind="other")) == []

    def used(**narrowed: str) -> list[str]:
        return [line.award.award.division_code for line in ledger.used(session, AUDITOR, **narrowed).rows]  # type: ignore[arg-type]

    assert (used(kind="points"), used(kind="amount"), used(kind="preference")) == ([HANGZHOU], [YUHANG], [])
    found = ledger.entitlements(session, HANGZHOU, kind="preference").rows
    assert [[each.title for each in one.incentives] for one in found] == [["示范项目"]]
    assert ledger.entitlements(session, HANGZHOU, kind="amount").total == 0
    awards.revoke(session, points.application_id, reason="弄虚作假。", now=NOW, actor_id=None)
    assert codes(ledger.awards(session, status="revoked")) == used(status="revoked") == [HANGZHOU]
    assert codes(ledger.awards(session, status="current")) == [YUHANG]
    assert codes(ledger.awards(session, status="expired")) == []


def test_a_division_is_entitled_to_what_its_awards_give_while_they_last(session: Session) -> None:
    grant(session, year=2018)
    standing = grant(session)
    grant(session, SUZHOU)

    def points(on: date | None) -> list[tuple[int, list[str | None]]]:
        found = ledger.entitlements(session, HANGZHOU, on=on)
        return [(each.award.award.year, [one.points for one in each.incentives]) for each in found.rows]

    assert points(None) == [(2020, ["3", "1", None]), (2018, ["3", "1", None])]
    assert points(date(2021, 4, 30)) == [(2020, ["3", "1", None])]
    assert points(date(2021, 5, 1)) == []
    awards.revoke(session, standing.application_id, reason="弄虚作假。", now=NOW, actor_id=None)
    assert points(date(2020, 6, 1)) == []
    with pytest.raises(DivisionMissing):
        ledger.entitlements(session, "999999")


def test_what_was_used_is_read_by_offices_at_or_above_the_winner_and_by_auditors(session: Session) -> None:
    award, other = grant(session), grant(session, SUZHOU)
    used = redeem(session, award)
    for reader in (
        official(session, HANGZHOU),
        official(session, "330000", "government"),
        official(session, "000000", "state_council"),
        AUDITOR,
    ):
        view = ledger.award(session, reader, award.id)
        assert [row.id for row in view.uses[0].redemptions] == [used.id]
        assert not view.uses[1].redemptions
        assert [line.redemption.id for line in ledger.used(session, reader).rows] == [used.id]
    assert ledger.award(session, official(session, "330000"), award.id).may_record
    assert not ledger.award(session, AUDITOR, award.id).may_record
    for stranger in (official(session, SUZHOU), official(session, YUHANG)):
        with pytest.raises(AwardMissing):
            ledger.award(session, stranger, award.id)
        assert ledger.used(session, stranger).total == 0
    assert ledger.award(session, official(session, SUZHOU), other.id).line.award is other
    assert ledger.used(session, AUDITOR, division="江苏").total == 0
    assert ledger.used(session, AUDITOR, division="浙江", programme="miit_industry", year=2020).total == 1
    assert ledger.used(session, AUDITOR, year=2019).total == 0


def test_the_uses_of_many_awards_take_as_many_statements_as_of_one(session: Session) -> None:
    counted: list[int] = []
    for code in (HANGZHOU, SUZHOU, "330200", "330300"):
        redeem(session, grant(session, code))
        session.expire_all()
        with statements(session) as executed:
            assert ledger.used(session, AUDITOR).total == len(counted) + 1
        counted.append(len(executed))
    assert len(set(counted)) == 1


def test_a_divisions_awards_take_as_many_statements_as_one(session: Session) -> None:
    counted: list[int] = []
    for year in (2018, 2019, 2020):
        grant(session, year=year)
        session.expire_all()
        with statements(session) as executed:
            assert ledger.entitlements(session, HANGZHOU).total == len(counted) + 1
        counted.append(len(executed))
    assert len(set(counted)) == 1


def test_sanctions_are_read_for_where_one_acts(session: Session) -> None:
    sanctions.impose(
        session,
        programme="miit_industry",
        division_code=HANGZHOU,
        year=2020,
        city_years=3,
        province_years=2,
        decision_number="工信处〔2020〕1号",
        decided_on=date(2020, 5, 30),
        reason="虚报数据。",
        subject="objection:1",
        now=NOW,
        actor_id=None,
    )

    def seen(reader: Actor, **narrowed: Any) -> list[str]:
        return [
            line.sanction.division_code
            for line in ledger.sanctioned(session, reader, **{"now": NOW, **narrowed}).rows
        ]

    assert seen(AUDITOR) == [HANGZHOU, "330000"]
    assert seen(official(session, "330000")) == [HANGZHOU, "330000"]
    assert seen(official(session, HANGZHOU)) == [HANGZHOU]
    assert seen(official(session, SUZHOU)) == []
    assert seen(AUDITOR, division="330000") == [HANGZHOU, "330000"]
    assert seen(AUDITOR, year=2020) == []
    assert seen(AUDITOR, year=2023) == [HANGZHOU]
    assert seen(AUDITOR, programme="zhejiang_manufacturing") == []
    assert seen(AUDITOR, kind="province") == ["330000"]
    assert seen(AUDITOR, status="in_force") == [HANGZHOU, "330000"]
    assert seen(AUDITOR, status="over") == seen(AUDITOR, status="lifted") == []
    later = {"now": datetime(2023, 1, 1, 1, tzinfo=UTC)}
    assert (seen(AUDITOR, status="over", **later), seen(AUDITOR, status="in_force", **later)) == (
        ["330000"],
        [HANGZHOU],
    )
    assert ledger.sanction_choices(session, AUDITOR) == ([("miit_industry", "工业激励")], [2023, 2022, 2021])
    assert ledger.sanction_choices(session, official(session, SUZHOU)) == ([], [])


def test_repeats_name_the_division_its_city_and_its_counties(session: Session) -> None:
    city, county = grant(session), grant(session, YUHANG)
    grant(session, YUHANG, year=2019)
    grant(session, NINGBO)
    asked = {"programme": "miit_industry", "year": 2020}
    of_city = ledger.repeats(session, HANGZHOU, **asked)  # type: ignore[arg-type]
    assert of_city.itself is not None
    assert of_city.itself.award is city
    assert (of_city.city, [line.award for line in of_city.counties]) == (None, [county])
    of_county = ledger.repeats(session, "330106", **asked)  # type: ignore[arg-type]
    assert of_county.city is not None
    assert (of_county.itself, of_county.city.award, of_county.counties) == (None, city, [])
    last_year = ledger.repeats(session, YUHANG, programme="miit_industry", year=2019)
    assert (last_year.itself is not None, last_year.city) == (True, None)


def test_a_repeat_is_of_the_same_programme_year_and_track_and_stands(session: Session) -> None:
    award = grant(session)

    def repeated(**changes: Any) -> bool:
        asked = {"programme": "miit_industry", "year": 2020, "track": "main", **changes}
        return ledger.repeats(session, HANGZHOU, **asked).itself is not None

    assert repeated()
    assert repeated(track=None)
    assert not repeated(track="b")
    assert not repeated(year=2021)
    assert not repeated(programme="zhejiang_manufacturing")
    awards.revoke(session, award.application_id, reason="弄虚作假。", now=NOW, actor_id=None)
    assert not repeated()
    with pytest.raises(DivisionMissing):
        ledger.repeats(session, "999999", programme="miit_industry", year=2020)
