"""Sheets are whole, sealed and final; their means are ranked by the published figure."""

from dataclasses import dataclass

import pytest

from service.domain import access, applications, committees, overviews, scores, scoring, user_tasks
from service.domain.committees import NotMember, Seat, TooFewSheets
from service.domain.overviews import RankingSealed
from service.domain.rounds import QuotaMissing, Round
from service.domain.scores import Line, SheetRefused, SheetsMissing, SheetSubmitted
from service.domain.user_tasks import UserTaskHidden
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import HANGZHOU, World

SUZHOU = "320500"
# Sheets.


@dataclass
class Panel:
    """A round whose scores are open: nine members, Hangzhou and Suzhou."""

    world: World
    round_id: str
    ids: dict[str, str]
    members: list[str]

    def submit(self, member: str, given: dict[str, str | None], *, recused: tuple[str, ...] = ()) -> None:
        """Hand in a sheet: {division code: score}."""
        lines = {self.ids[code]: Line(score, None, code in recused) for code, score in given.items()}
        with self.world.database.write() as session:
            round_ = session.get_one(Round, self.round_id)
            accepted = applications.applicants(session, self.round_id)
            scores.submit(context(session), round_, member, accepted, lines, PARAMETERS)

    def rank(self) -> dict[str, tuple[str, int, int]]:
        """{division code: (published score, sheets, rank)}."""
        codes = {application: code for code, application in self.ids.items()}
        with self.world.database.read() as session:
            round_ = session.get_one(Round, self.round_id)
            results = scores.rank(session, round_, applications.applicants(session, self.round_id))
        return {
            codes[key]: (scoring.text(each.published), each.sheets, each.rank)
            for key, each in results.items()
        }


PARAMETERS = {"scoring": {"maximum": 100}, "committee": {"minimum_sheets": 8}}


@pytest.fixture
def panel(world: World) -> Panel:
    round_id, ids = accepted_rows(world, [HANGZHOU, SUZHOU], quota=10)
    rows = world.seats()
    with world.database.write() as session:
        round_ = session.get_one(Round, round_id)
        accepted = applications.applicants(session, round_id)
        seats = [Seat(row["person"], row["role"], row["chair"]) for row in rows]
        rules = {"minimum": 9, "odd": True, "minimum_sheets": 5, "article": "8"}
        committees.form(context(session), round_, seats, accepted, rules)
        scores.open_pass(context(session), round_id)
    return Panel(world, round_id, ids, [row["person"] for row in rows])


def test_the_mean_of_all_sheets_is_ranked_by_its_published_figure(panel: Panel) -> None:
    for member in panel.members[:8]:
        panel.submit(member, {HANGZHOU: "90.5", SUZHOU: "90.5"})
    panel.submit(panel.members[8], {HANGZHOU: "90.5", SUZHOU: "90.52"})
    # 90.5022… and 90.5 are published as 90.50 both: equal.
    assert panel.rank() == {HANGZHOU: ("90.50", 9, 1), SUZHOU: ("90.50", 9, 1)}


def test_nothing_is_ranked_while_a_sheet_is_out(panel: Panel) -> None:
    for member in panel.members[:8]:
        panel.submit(member, {HANGZHOU: "90", SUZHOU: "80"})
    with pytest.raises(SheetsMissing, match="2 份"):
        panel.rank()


def test_a_sheet_is_handed_in_once(panel: Panel) -> None:
    panel.submit(panel.members[0], {HANGZHOU: "90", SUZHOU: "80"})
    with pytest.raises(SheetSubmitted):
        panel.submit(panel.members[0], {HANGZHOU: "91", SUZHOU: "81"})


@pytest.mark.parametrize("score", ["100.01", "-1", "90.555", "9e1", "", "优", "٩٠", " 90", None])
def test_a_score_is_from_0_to_100_with_two_decimals_at_most(panel: Panel, score: str | None) -> None:
    with pytest.raises(SheetRefused) as refused:
        panel.submit(panel.members[0], {HANGZHOU: score, SUZHOU: "100.00"})
    assert [each.place for each in refused.value.problems] == [f"/scores/{panel.ids[HANGZHOU]}/score"]
    with panel.world.database.read() as session:
        assert scores.sheets(session, panel.round_id, 1) == []


def test_a_sheet_is_whole_and_names_no_stranger(panel: Panel) -> None:
    with pytest.raises(SheetRefused, match="1 处"):
        panel.submit(panel.members[0], {HANGZHOU: "90"})
    panel.ids["110101"] = "0" * 32
    with pytest.raises(SheetRefused, match="1 处"):
        panel.submit(panel.members[0], {HANGZHOU: "90", SUZHOU: "80", "110101": "70"})


def test_who_has_no_seat_hands_in_nothing(panel: Panel) -> None:
    with pytest.raises(NotMember):
        panel.submit("0" * 32, {HANGZHOU: "90", SUZHOU: "80"})


def test_a_recusal_while_scoring_removes_one_sheet_but_never_leaves_too_few(panel: Panel) -> None:
    panel.submit(panel.members[0], {HANGZHOU: None, SUZHOU: "80"}, recused=(HANGZHOU,))
    with pytest.raises(TooFewSheets, match="浙江省杭州市只剩 7 份评分，少于要求的 8 份"):
        panel.submit(panel.members[1], {HANGZHOU: None, SUZHOU: "80"}, recused=(HANGZHOU,))
    for member in panel.members[1:]:
        panel.submit(member, {HANGZHOU: "90", SUZHOU: "80"})
    assert panel.rank() == {HANGZHOU: ("90.00", 8, 1), SUZHOU: ("80.00", 9, 2)}


def test_a_new_pass_scores_afresh_and_leaves_the_earlier_sheets(panel: Panel) -> None:
    for member in panel.members:
        panel.submit(member, {HANGZHOU: "90", SUZHOU: "80"})
    with panel.world.database.write() as session:
        scores.open_pass(context(session), panel.round_id)
    with pytest.raises(SheetsMissing, match="18 份"):
        panel.rank()
    for member in panel.members:
        panel.submit(member, {HANGZHOU: "70", SUZHOU: "80"})
    assert panel.rank() == {HANGZHOU: ("70.00", 9, 2), SUZHOU: ("80.00", 9, 1)}
    with panel.world.database.read() as session:
        assert len(scores.sheets(session, panel.round_id, 1)) == 18


def test_scores_are_not_opened_before_the_quota_is_recorded(world: World) -> None:
    round_id, _ = accepted_rows(world, [HANGZHOU])
    with world.database.write() as session, pytest.raises(QuotaMissing):
        scores.open_pass(context(session), round_id)


def test_nobody_sees_the_sheet_or_the_task_of_another_member(world: World) -> None:
    round_id = world.open_round()
    accepted = world.accepted(round_id, ["130100"])
    world.advance_to("2018-04-11")
    key = f"round:{round_id}"
    world.do(key, "close_intake", "close")
    world.do(key, "form_committee", "seat", given={"committee": {"members": world.seats()}})
    world.do(key, "record_quota", "record", given={"quota": {"quota": "10"}})
    with world.database.write() as session:
        first, second = (world.member(session, "expert", number) for number in (1, 2))
        tasks = {task.assignee_id: task.id for task in world.tasks(session, key)}
    sheet = world.sheet(round_id, dict.fromkeys(accepted.values(), "91.5"), first)
    world.do(key, "score", "submit", given=sheet, person_id=first)
    with world.database.read() as session:
        other = access.actor(session, second, world.clock.now())
        with pytest.raises(UserTaskHidden):
            user_tasks.view(session, other, tasks[first])
        mine = user_tasks.view(session, other, tasks[second])
        assert "91.5" not in str([form.content for form in mine.forms])
        with pytest.raises(RankingSealed):
            overviews.ranking(session, other, round_id)
