"""Worked example 1 through both processes, with its alternatives by parameter; ties, gaps and links."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from service.domain import (
    awards,
    histories,
    objections,
    offices,
    overviews,
    procedures,
    recommendations,
    redemptions,
    rounds,
    standings,
    subjects,
    targets,
    user_tasks,
    verifying,
)
from service.domain.access import Actor, ActorMembership
from service.domain.applications import Application
from service.domain.objections.filing import CasesUnknown
from service.domain.procedures.effects.standings import NotTheBest
from service.domain.redemptions import RedeemedAlready
from service.domain.standings import Standing, StandingStage, counties
from service.domain.targets import TargetsFiled, TargetsNotFiled, TargetsTooLate
from service.domain.user_tasks.errors import FormInvalid
from service.engine.user_tasks import UserTask, UserTaskStatus
from service.store.database import Database
from tests.databases import SqliteDatabases
from tests.domain.contexts import context
from tests.domain.world import ZHEJIANG
from tests.domain.zhejiang import ZHOUSHAN, A, B, C, D, Zhejiang

AUDITOR = Actor("auditor", "审计", (ActorMembership("", "", "auditor"),))
PROVINCE_OFFICE = (offices.INDUSTRY, ZHEJIANG)
I1, I2, I3 = "robots", "brands", "vocs_projects"
TARGETS = {code: {I1: "200", I2: "100", I3: "50"} for code in (A, B, C, D)}
RATES = {A: (150, 110, 120), B: (120, 120, 100), C: (100, 90, 150), D: (150, 120, 100)}
MET = {A: 18, B: 16, C: 16, D: 11}


def done(rates: tuple[int, int, int]) -> dict[str, str]:
    """What comes to these completion rates."""
    return {I1: str(2 * rates[0]), I2: str(rates[1]), I3: str(rates[2] // 2)}


@pytest.fixture
def make(sqlite_url: str) -> Iterator[Any]:
    """A world in which nothing has been set yet."""
    database = Database(sqlite_url)
    yield lambda: Zhejiang(database)
    database.dispose()


@pytest.fixture(scope="module")
def filed(sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the year's targets on file, once for all tests."""
    path = tmp_path_factory.mktemp("zhejiang") / "filed.sqlite"
    with sqlite_databases.fresh() as url:
        database = Database(url)
        Zhejiang(database).file_targets(TARGETS)
        database.dispose()
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
    return path


@contextmanager
def copied(filed: Path, folder: Path) -> Iterator[Zhejiang]:
    """A world of one's own with the targets on file, in the March after."""
    path = folder / "world.sqlite"
    shutil.copyfile(filed, path)
    database = Database(f"sqlite:///{path}")
    yield Zhejiang.again(database)
    database.dispose()


def called(world: Zhejiang, *, winners: tuple[str, ...] = ()) -> str:
    """The round's id; every county may assess itself."""
    world.advance_to("2020-03-02")
    round_id = world.set_up_round()
    world.call(round_id, winners=winners)
    return round_id


def scored(world: Zhejiang, *, winners: tuple[str, ...] = ()) -> tuple[str, str]:
    """The four counties of the example, scored by their city; the round's id and the recommendation's."""
    round_id = called(world, winners=winners)
    for code in (A, B, C, D):
        world.assess(round_id, code, done(RATES[code]), MET[code])
    pool = world.recommendation(round_id, ZHOUSHAN).id
    world.do(f"recommendation:{pool}", "score_counties", "score")
    return round_id, pool


def totals(world: Zhejiang, pool: str) -> dict[str, str]:
    return {code: row.total for code, row in world.standings(StandingStage.CITY, pool).items()}


def recommend(world: Zhejiang, pool: str, code: str, rows: Mapping[str, Any]) -> None:
    given = {
        row.application_id: {"recommended": each == code, "reason": "按得分。"} for each, row in rows.items()
    }
    key = f"recommendation:{pool}"
    world.do(key, "recommend", "submit", given={"selection": {"applications": given}})


def test_the_example_comes_out_digit_for_digit_and_its_first_is_recommended(
    filed: Path, tmp_path: Path
) -> None:
    with copied(filed, tmp_path) as world:
        follow_the_example(world)


def follow_the_example(world: Zhejiang) -> None:
    _, pool = scored(world)
    assert totals(world, pool) == {A: "94.00", B: "84.67", D: "82.33", C: "76.67"}
    rows = world.standings(StandingStage.CITY, pool)
    assert [rows[code].rank for code in (A, B, D, C)] == [1, 2, 3, 4]
    assert (rows[B].points, rows[B].completion, rows[B].excess, rows[B].mechanism) == (
        "28",
        "56",
        "38/3",
        "16",
    )
    assert [rows[A].lines[key]["points"] for key in (I1, I2, I3)] == ["10", "9", "19/2"]
    with world.database.read() as session:
        (told,) = overviews.explanations(session, AUDITOR, rows[A].application_id)
    assert (told.completion_formula, told.completion, told.excess) == (
        "60 × 28.5 ÷（10 × 3）",
        "57.00",
        "19.00",
    )
    assert told.articles == {
        "completion": "5(1)1",
        "excess": "5(1)2",
        "mechanism": "5(2)",
        "tie": "reading 3",
        "repeat": "reading 19",
    }
    recommend(world, pool, A, rows)
    world.do(f"recommendation:{pool}", "submit_recommendation", "submit")
    world.settle()
    with world.database.read() as session:
        chosen = [key for key, each in recommendations.choices(session, pool).items() if each.chosen]
    assert chosen == [rows[A].application_id]


ALTERNATIVES = [
    ({"standard": "best"}, (), {A: "96.97", B: "87.26", D: "85.04", C: "78.88"}),
    ({"ties": "dense"}, (), {A: "95.33", B: "86.00", D: "82.33", C: "78.67"}),
    ({"winners_ranked": False}, (A,), {B: "87.00", D: "83.33", C: "78.67"}),
]


@pytest.mark.parametrize(("points", "winners", "expected"), ALTERNATIVES)
def test_the_alternatives_are_parameters_of_the_edition(
    filed: Path, tmp_path: Path, points: dict[str, Any], winners: tuple[str, ...], expected: dict[str, str]
) -> None:
    with copied(filed, tmp_path) as world:
        world.publish_with(**points)
        _, pool = scored(world, winners=winners)
        assert totals(world, pool) == expected


def test_last_years_winner_stays_in_the_ranking_and_the_next_is_recommended(
    filed: Path, tmp_path: Path
) -> None:
    with copied(filed, tmp_path) as world:
        _, pool = scored(world, winners=(A,))
        assert totals(world, pool) == {A: "94.00", B: "84.67", D: "82.33", C: "76.67"}
        rows = world.standings(StandingStage.CITY, pool)
        assert rows[A].winner
        with pytest.raises(FormInvalid) as refused:
            recommend(world, pool, A, rows)
        assert "不再重复推荐" in str(refused.value.problems)
        with pytest.raises(FormInvalid) as refused:
            recommend(world, pool, D, rows)
        assert "名列第 3" in str(refused.value.problems)
        recommend(world, pool, B, rows)


def test_a_round_cannot_be_set_up_before_the_years_targets_are_on_file(make: Any) -> None:
    world = make()
    with pytest.raises(TargetsNotFiled, match="还没有制定指标"):
        world.set_up_round()
    year_id = world.set_up_targets()
    world.issue(year_id)
    key = world.submit_counties(year_id, ZHOUSHAN, TARGETS)
    world.do(key, "file_targets", "return", opinion="合计有误。")
    world.submit_counties(year_id, ZHOUSHAN, {A: {I1: "7"}})
    world.do(key, "file_targets", "file")
    world.settle()
    with pytest.raises(TargetsNotFiled, match="还没有备案的有：杭州市、宁波市"):
        world.set_up_round()
    with world.database.read() as session:
        figures = targets.figures(session, year_id, [A, B])
        assert targets.get(session, year_id).status == "issued"
    assert figures == {A: {I1: "7"}, B: {}}


def test_targets_are_set_for_years_that_can_have_a_round(make: Any) -> None:
    world = make()
    with pytest.raises(TargetsTooLate, match="最晚制定 2098 年度的目标任务"):
        world.set_up_targets(year=2099)


def test_what_is_on_file_does_not_change(filed: Path, tmp_path: Path) -> None:
    with copied(filed, tmp_path) as world, world.database.write() as session:
        year = targets.of_year(session, "zhejiang_manufacturing", 2019)
        assert year is not None
        assert year.status == "filed"
        key = context(session, business_key=f"targets:{year.id}")
        with pytest.raises(TargetsFiled):
            targets.fix(key, year.id, {}, number="", issued_on=date(2019, 1, 1))
        (row, *_) = targets.decompositions(session, year.id)
        with pytest.raises(TargetsFiled):
            targets.submit(key, row.id, {}, number="", filing_number="")


def test_an_indicator_without_a_target_leaves_the_countys_n_and_a_gap_blocks(
    filed: Path, tmp_path: Path
) -> None:
    with copied(filed, tmp_path) as world:
        round_id = called(world)
        key = f"application:{world.of_division(round_id, A).id}"
        with pytest.raises(FormInvalid) as refused:
            world.hand_in(key, {I1: "300", I2: "110"}, 18)
        assert "已下达目标 50，还没有填写实际完成数" in str(refused.value.problems)
        for code in (A, B, C):
            world.assess(round_id, code, done(RATES[code]), MET[code])
        pool = world.recommendation(round_id, ZHOUSHAN).id
        with pytest.raises(standings.CountiesOpen, match=r"还有 1 个县（市、区）没有核定完毕，.*嵊泗县"):
            world.do(f"recommendation:{pool}", "score_counties", "score")
        world.advance_to("2020-03-17")  # Who has not assessed itself by then is not ranked.
        assert world.of_division(round_id, D).status == "lapsed"
        assert "到2020年3月16日 24:00 截止" in (world.of_division(round_id, D).reason or "")
        world.do(f"recommendation:{pool}", "score_counties", "score")
        assert totals(world, pool).keys() == {A, B, C}


def test_next_year_shows_what_was_set_and_confirmed_this_year(filed: Path, tmp_path: Path) -> None:
    with copied(filed, tmp_path) as world:
        round_id = called(world)
        application = world.assess(round_id, A, done(RATES[A]), MET[A])
        year_id = world.set_up_targets(2020)
        with world.database.read() as session:
            next_one = rounds.Round(programme=rounds.get(session, round_id).programme, year=2021)
            assert counties.confirmed_before(session, next_one, A) == done(RATES[A])
            assert counties.confirmed_before(session, next_one, B) == {}, "nothing of its own was confirmed"
            mine = subjects.get(session, f"application:{application}")
            assert procedures.supplied(session, mine, {"county_previous"}) == {"county_previous": {}}
            subject = subjects.get(session, f"targets:{year_id}")
            found = procedures.supplied(session, subject, {"previous_targets"})["previous_targets"]
            assert found["robots"] == {"previous": "10000"}


def test_what_a_city_returns_after_the_counties_deadline_can_be_mended_until_its_own(
    filed: Path, tmp_path: Path
) -> None:
    with copied(filed, tmp_path) as world:
        round_id = called(world)
        keys = {code: f"application:{world.of_division(round_id, code).id}" for code in (A, B)}
        for code, key in keys.items():
            world.hand_in(key, done(RATES[code]), MET[code])
        world.advance_to("2020-03-18")
        for key in keys.values():
            world.do(key, "city_review", "return", opinion="请补充证明材料。")
        world.settle()
        assert world.open_tasks(keys[A]) == ["fill_in"]
        world.hand_in(keys[A], done(RATES[A]), MET[A])
        world.confirm(keys[A], "city_review", done(RATES[A]), MET[A])
        world.advance_to("2020-03-28")
        assert world.application(keys[B].partition(":")[2]).reason == (
            "到2020年3月27日 24:00 截止时，还没有办结。"
        )


def test_no_case_is_opened_under_a_document_that_knows_no_objections(filed: Path, tmp_path: Path) -> None:
    with copied(filed, tmp_path) as world:
        _, pool = scored(world)
        rows = world.standings(StandingStage.CITY, pool)
        recommend(world, pool, A, rows)
        world.do(f"recommendation:{pool}", "submit_recommendation", "submit")
        world.settle()
        world.confirm(f"application:{rows[A].application_id}", "province_review", done(RATES[A]), MET[A])
        with world.database.write() as session, pytest.raises(CasesUnknown, match="没有公示和异议的程序"):
            objections.open_case(
                session,
                world.engine,
                world.official(session, *PROVINCE_OFFICE),
                application_id=rows[A].application_id,
                statement="数据不实。",
                evidence="统计公报。",
            )


def test_equals_at_the_top_are_voted_on_and_the_vote_is_recorded(filed: Path, tmp_path: Path) -> None:
    with copied(filed, tmp_path) as world:
        round_id = called(world)
        for code in (A, B, C, D):
            same = code in (A, B)
            world.assess(round_id, code, done(RATES[A if same else code]), MET[A if same else code])
        pool = world.recommendation(round_id, ZHOUSHAN).id
        key = f"recommendation:{pool}"
        world.do(key, "score_counties", "score")
        rows = world.standings(StandingStage.CITY, pool)
        assert (rows[A].rank, rows[B].rank) == (1, 1)
        ids = [rows[code].application_id for code in (A, B)]
        even = {"votes": {each: {"votes": "3"} for each in ids}}
        with pytest.raises(standings.VoteTied):
            world.do(key, "break_tie", "record", given={"tie_break": even})
        votes = {ids[0]: {"votes": "2"}, ids[1]: {"votes": "5"}}
        world.do(key, "break_tie", "record", given={"tie_break": {"votes": votes}})
        with pytest.raises(NotTheBest):
            recommend(world, pool, A, rows)
        world.do(key, "recommend", "return", opinion="发现核定数有误。")
        reopen(world, key, "score_counties", ids[0])
        assert listed_in_votes(world, key) == ["浙江省舟山市定海区", "浙江省舟山市普陀区"], (
            "what was voted stays"
        )
        world.confirm(f"application:{ids[0]}", "city_review", done(RATES[B]), MET[B])
        world.do(key, "score_counties", "score")
        assert world.open_tasks(key) == ["recommend"], "nobody is equal now"
        assert listed_in_votes(world, key) == ["浙江省舟山市定海区", "浙江省舟山市普陀区"]
        recommend(world, pool, B, rows)


def listed_in_votes(world: Zhejiang, business_key: str) -> list[str]:
    """The counties in the form of the vote that was handed in: as its own page shows it, and a later one."""
    with world.database.read() as session:
        query = select(UserTask).where(UserTask.business_key == business_key)
        (voting,) = session.scalars(query.where(UserTask.element_id == "break_tie"))
        (later,) = session.scalars(query.where(UserTask.status == UserTaskStatus.OPEN))
        own, after = (procedures.rows(session, each, {"tied_counties"}) for each in (voting, later))
        assert own == after
        return [name for _, name in own["tied_counties"]]


def test_the_province_ranks_afresh_pays_once_and_everything_can_be_verified(
    filed: Path, tmp_path: Path
) -> None:
    with copied(filed, tmp_path) as world:
        round_id, pool = scored(world)
        rows = world.standings(StandingStage.CITY, pool)
        recommend(world, pool, A, rows)
        world.do(f"recommendation:{pool}", "submit_recommendation", "submit")
        world.settle()
        key = f"application:{rows[A].application_id}"
        world.do(key, "province_review", "return", opinion="请补充证明材料。")
        world.hand_in(key, done(RATES[A]), MET[A], "supplement")
        world.confirm(key, "province_review", done((100, 90, 100)), 11)
        world.settle()
        world.advance_to("2020-03-30")
        of_round = f"round:{round_id}"
        world.do(of_round, "score_recommended", "score")
        # One alone is the best at everything, and had to meet what it did not exceed.
        scored_again = world.standings(StandingStage.PROVINCE, round_id)[A]
        assert (scored_again.total, scored_again.rank) == ("71.00", 1)
        assert "须决定哪一项不适用" in scored_again.reason
        waiver = {"reason": "没有推荐加快发展县。", "decider": "副省长", "number": "浙转升办〔2020〕9号"}
        world.do(of_round, "waive_floor", "waive", given={"waiver": waiver})
        world.do(of_round, "propose", "propose")
        world.do(of_round, "report", "report")
        decided = {"applications": {rows[A].application_id: {"awarded": True, "reason": "综合评选。"}}}
        with pytest.raises(FormInvalid):
            world.do(of_round, "decide", "decide", given={"decision": {**decided, "exception": False}})
        excepted = {"exception": True, "exception_reason": "同上。", "exception_approver": "副省长"}
        world.do(of_round, "decide", "decide", given={"decision": {**decided, **excepted}})
        today = {"date": "2020-03-30"}
        world.do(of_round, "announce", "announce", given={"announcement": today})
        world.settle()
        assert world.round(round_id).outcome == "announced"
        assert world.open_tasks(key) == ["pay"], "not Ningbo's"
        paid = {"demonstration": False, "channel": "industry_fund", "amount": "500", **today}
        world.do(key, "pay", "pay", given={"incentive": paid})
        with world.database.read() as session:
            (award,) = awards.of_round(session, round_id)
            (used,) = redemptions.of_award(session, award.id)
            assert used.purpose == "省工业与信息化发展财政资金，500万元"
            assert list(verifying.broken(session)) == []
        with world.database.write() as session:
            # The ledger had it before the office came to its task: the same payment ends the task.
            person_id = world.person(session, *PROVINCE_OFFICE)
            application = session.get_one(Application, rows[A].application_id)
            again = {**paid, "number": used.document_number}
            assert (
                standings.pay(context(session, world.clock.now()), application, person_id, again).id
                == used.id
            )
            with pytest.raises(RedeemedAlready):
                standings.pay(
                    context(session, world.clock.now()),
                    application,
                    person_id,
                    {**again, "number": "另一文号"},
                )
        with world.database.write() as session:
            session.execute(update(Standing).values(total="99.00"))
        with world.database.read() as session:
            assert any("与核定数和备案目标算出的不符" in text for text in verifying.broken(session))


REOPENED = {"reason": "机器人数与统计年报不一致。"}


def reopen(world: Zhejiang, key: str, element: str, application_id: str) -> None:
    """重新核定: a county's review is taken up again from the step at which its stage is scored."""
    given = {"reopening": {"county": application_id, **REOPENED}}
    world.do(key, element, "reopen", given=given)
    world.settle()


def shown(world: Zhejiang, business_key: str) -> user_tasks.View:
    """The page of the case's one open user task, as its office sees it."""
    with world.database.write() as session:
        (task,) = world.tasks(session, business_key)
        actor = world.official(session, task.office or "", task.division or "")
        return user_tasks.view(session, actor, task.id)


def sentences(world: Zhejiang, business_key: str) -> list[str]:
    with world.database.read() as session:
        return [line.sentence for line in histories.of_case(session, AUDITOR, business_key, size=100).rows]


def test_a_city_takes_up_a_review_again_and_only_what_it_mends_is_done_anew(
    filed: Path, tmp_path: Path
) -> None:
    with copied(filed, tmp_path) as world:
        _, pool = scored(world)
        key, rows = f"recommendation:{pool}", world.standings(StandingStage.CITY, pool)
        recommend(world, pool, A, rows)
        world.do(key, "submit_recommendation", "return", opinion="发现核定数有误。")
        world.do(key, "recommend", "return", opinion="发现核定数有误。")
        mine = f"application:{rows[A].application_id}"
        reopen(world, key, "score_counties", rows[A].application_id)
        assert world.standings(StandingStage.CITY, pool) == {}, "what was computed no longer counts"
        assert world.open_tasks(mine) == ["city_review"]
        assert shown(world, mine).warnings == [f"这是重新核定，理由：{REOPENED['reason']}"]
        assert shown(world, key).forms[0].content == {}, "the next reason is another one"
        with pytest.raises(standings.CountiesOpen, match=r"还有 1 个县（市、区）没有核定完毕，.*定海区"):
            world.do(key, "score_counties", "score")
        mended = {**done(RATES[A]), I1: "200"}
        world.confirm(mine, "city_review", mended, MET[A])
        world.do(key, "score_counties", "score")
        assert totals(world, pool) == {A: "85.33", B: "86.00", D: "82.33", C: "77.67"}
        told = sentences(world, key)
        assert any("重新核定浙江省舟山市定海区，原得分：定海区 94.00（第1名）" in text for text in told)
        assert any("定海区 85.33（第2名）" in text for text in told)
        assert any("更改核定数：新增工业机器人 300 改为 200" in text for text in sentences(world, mine))
        again = world.standings(StandingStage.CITY, pool)
        recommend(world, pool, B, again)
        world.do(key, "submit_recommendation", "submit")
        world.settle()
        with world.database.read() as session:
            (corrected,) = overviews.corrections(session, AUDITOR, rows[A].application_id)
            assert corrected.reason == REOPENED["reason"]
            (change,) = corrected.changes
            assert (change.title, change.before, change.after) == ("新增工业机器人", "300", "200")
            assert list(verifying.broken(session)) == []
        assert world.open_tasks(f"application:{again[B].application_id}") == ["province_review"]


def test_only_a_county_whose_review_is_finished_is_taken_up_again(filed: Path, tmp_path: Path) -> None:
    with copied(filed, tmp_path) as world:
        round_id = called(world)
        ready = world.assess(round_id, A, done(RATES[A]), MET[A])
        open_ = world.of_division(round_id, B).id
        key = f"recommendation:{world.recommendation(round_id, ZHOUSHAN).id}"
        with pytest.raises(FormInvalid):
            reopen(world, key, "score_counties", open_)
        with pytest.raises(FormInvalid):
            world.do(key, "score_counties", "reopen", given={"reopening": {"county": ready, "reason": ""}})
        reopen(world, key, "score_counties", ready)
        with pytest.raises(FormInvalid):
            reopen(world, key, "score_counties", ready)


def test_the_province_takes_up_a_review_again_until_its_list_goes_up(filed: Path, tmp_path: Path) -> None:
    with copied(filed, tmp_path) as world:
        round_id, pool = scored(world)
        rows = world.standings(StandingStage.CITY, pool)
        recommend(world, pool, A, rows)
        world.do(f"recommendation:{pool}", "submit_recommendation", "submit")
        world.settle()
        mine, of_round = f"application:{rows[A].application_id}", f"round:{round_id}"
        world.confirm(mine, "province_review", done(RATES[A]), MET[A])
        world.advance_to("2020-03-30")
        world.do(of_round, "score_recommended", "score")
        world.do(of_round, "waive_floor", "return", opinion="政策机制得分有误。")
        reopen(world, of_round, "score_recommended", rows[A].application_id)
        assert world.open_tasks(mine) == ["province_review"]
        with pytest.raises(standings.RecommendationsOpen, match="定海区"):
            world.do(of_round, "score_recommended", "score")
        world.confirm(mine, "province_review", done(RATES[A]), MET[A] - 4)
        world.do(of_round, "score_recommended", "score")
        (scored_again,) = world.standings(StandingStage.PROVINCE, round_id).values()
        assert scored_again.mechanism == str(MET[A] - 4)
        waiver = {"reason": "没有推荐加快发展县。", "decider": "副省长", "number": "浙转升办〔2020〕9号"}
        world.do(of_round, "waive_floor", "waive", given={"waiver": waiver})
        world.do(of_round, "propose", "return", opinion="再核一次。")
        world.do(of_round, "score_recommended", "score")
        world.do(of_round, "propose", "propose")
        with world.database.read() as session:
            (corrected,) = overviews.corrections(session, AUDITOR, rows[A].application_id)
            assert (corrected.stage, [each.after for each in corrected.changes]) == ("province", ["否", "0"])
            assert list(verifying.broken(session)) == []
