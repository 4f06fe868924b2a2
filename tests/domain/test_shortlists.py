"""The list fills its places down the ranking, gives everybody a reason, and never breaks a tie by itself."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import selection, shortlists
from service.domain.objections import UndecidedObjections
from service.domain.rounds import Round
from service.domain.shortlists import (
    CandidateState,
    TieReopened,
    VotesIncomplete,
    VotesRefused,
    VoteTied,
)
from service.domain.user_tasks import FormInvalid
from tests.domain.world import CITIES, World

SELECTED, PASSED_OVER = CandidateState.SELECTED, CandidateState.PASSED_OVER
TIED, REMOVED = CandidateState.TIED, CandidateState.REMOVED


@dataclass(frozen=True)
class Ranked:
    """A candidate of an edition that has neither caps nor floors."""

    key: str
    score: Fraction
    removed: str | None = None
    vote_order: int | None = None


class Placement(NamedTuple):
    """What the list says of a candidate."""

    key: str
    rank: int
    state: CandidateState
    reason: str


def select(candidates: list[Ranked], places: int, *, promotion: bool = False) -> list[Placement]:
    """The list by the selection's rules, in the states of a shortlist."""
    exclusions = [
        selection.Exclusion(each.key, "", each.removed) for each in candidates if each.removed is not None
    ]
    ranked = [selection.Candidate(each.key, each.score, place=each.vote_order) for each in candidates]
    rules = selection.Rules(places, exclusions=exclusions)
    found = selection.select(ranked, rules, kept=() if promotion else None)
    states = {"excluded": REMOVED, "selected": SELECTED, "passed_over": PASSED_OVER, "tied": TIED}
    return [Placement(each.id, each.rank, states[each.standing], each.reason) for each in found.placements]


def states(candidates: list[Ranked], places: int) -> dict[str, CandidateState]:
    return {each.key: each.state for each in select(candidates, places)}


def test_places_are_filled_down_the_ranking() -> None:
    candidates = [Ranked("甲", Fraction(90)), Ranked("乙", Fraction(95)), Ranked("丙", Fraction(80))]
    assert states(candidates, 2) == {"乙": SELECTED, "甲": SELECTED, "丙": PASSED_OVER}
    assert [each.key for each in select(candidates, 2)] == ["乙", "甲", "丙"]


def test_a_tie_within_the_places_needs_no_vote() -> None:
    candidates = [Ranked("甲", Fraction(10)), Ranked("乙", Fraction(10)), Ranked("丙", Fraction(9))]
    placed = select(candidates, 3)
    assert {each.key: each.rank for each in placed} == {"甲": 1, "乙": 1, "丙": 3}
    assert {each.state for each in placed} == {SELECTED}


def test_a_tie_at_the_last_place_waits_for_a_vote() -> None:
    candidates = [
        Ranked("甲", Fraction(95)),
        *(Ranked(key, Fraction(90)) for key in "乙丙"),
        Ranked("丁", Fraction(1)),
    ]
    assert states(candidates, 2) == {"甲": SELECTED, "乙": TIED, "丙": TIED, "丁": PASSED_OVER}


def test_the_vote_decides_whatever_the_order_of_the_keys() -> None:
    candidates = [Ranked("甲", Fraction(90), vote_order=2), Ranked("乙", Fraction(90), vote_order=1)]
    assert states(candidates, 1) == {"乙": SELECTED, "甲": PASSED_OVER}


def test_votes_that_are_equal_at_the_last_place_leave_only_those_tied() -> None:
    orders = {"甲": 1, "乙": 2, "丙": 2, "丁": 4}
    candidates = [Ranked(key, Fraction(90), vote_order=order) for key, order in orders.items()]
    assert states(candidates, 2) == {"甲": SELECTED, "乙": TIED, "丙": TIED, "丁": PASSED_OVER}


def test_whom_an_objection_removed_keeps_the_rank_and_takes_no_place() -> None:
    candidates = [
        Ranked("甲", Fraction(95), removed="异议成立"),
        Ranked("乙", Fraction(90)),
        Ranked("丙", Fraction(85)),
    ]
    placed = {each.key: each for each in select(candidates, 1)}
    assert (placed["甲"].state, placed["甲"].rank, placed["甲"].reason) == (REMOVED, 1, "异议成立")
    assert (placed["乙"].state, placed["乙"].rank) == (SELECTED, 2)
    assert placed["丙"].state == PASSED_OVER


def test_the_reason_names_score_rank_and_places() -> None:
    candidates = [Ranked("甲", Fraction("95.5")), Ranked("乙", Fraction("95.25"))]
    reasons = [each.reason for each in select(candidates, 1)]
    assert reasons == [
        "得分 95.50，第 1 名，在 1 个名额之内。",
        "得分 95.25，第 2 名，名额 1 个已由排在前面的用完。",
    ]


def test_the_reason_of_who_moved_up_says_so_and_never_that_the_rank_was_within_the_places() -> None:
    falling = [
        Ranked(str(rank), Fraction(100 - rank), removed="移出" if rank <= 4 else None)
        for rank in range(1, 17)
    ]
    reasons = {each.rank: each.reason for each in select(falling, 10)}
    assert reasons[10] == "得分 90.00，第 10 名，在 10 个名额之内。"
    assert reasons[11] == "得分 89.00，第 11 名，前面有 4 个申报被移出，依次列入（名额 10 个）。"
    assert reasons[14] == "得分 86.00，第 14 名，前面有 4 个申报被移出，依次列入（名额 10 个）。"
    assert reasons[15] == "得分 85.00，第 15 名，名额 10 个已由排在前面的用完。"


def test_an_equal_that_was_removed_made_room_as_well() -> None:
    equals = [Ranked("甲", Fraction(90), removed="移出"), Ranked("乙", Fraction(90))]
    (reason,) = [each.reason for each in select(equals, 1) if each.key == "乙"]
    assert reason == "得分 90.00，第 1 名，前面或同分有 1 个申报被移出，依次列入（名额 1 个）。"


def test_the_reason_of_who_is_promoted_names_what_the_list_is_filled_up_to() -> None:
    candidates = [Ranked("甲", Fraction(90), removed="移出"), Ranked("乙", Fraction(80), vote_order=1)]
    candidates.append(Ranked("丙", Fraction(80), vote_order=2))
    reasons = {each.key: each.reason for each in select(candidates, 1, promotion=True)}
    assert reasons["乙"] == "得分 80.00，第 2 名，同分表决第 1 位，名单不足 1 个，依次递补。"
    assert reasons["丙"] == "得分 80.00，第 2 名，同分表决第 2 位，按名额 1 个，名单已补足。"


candidate_lists = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=0, max_size=8).map(
    lambda rows: [
        Ranked(str(index), Fraction(score), removed="移出" if removed else None)
        for index, (score, removed) in enumerate(rows)
    ]
)


@settings(deadline=None)
@given(candidate_lists, st.integers(0, 9))
def test_the_list_is_what_every_legal_list_agrees_on(candidates: list[Ranked], places: int) -> None:
    """Brute force: all full lists in which nobody left out has a better score than somebody on it."""
    legal = [each for each in candidates if each.removed is None]
    lists = [
        set(chosen)
        for chosen in combinations(legal, min(places, len(legal)))
        if not any(out.score > chosen_one.score for out in set(legal) - set(chosen) for chosen_one in chosen)
    ]
    always, ever = set.intersection(*lists), set.union(*lists)
    found = states(candidates, places)
    for each in legal:
        expected = SELECTED if each in always else TIED if each in ever else PASSED_OVER
        assert found[each.key] == expected
    assert all(found[each.key] == REMOVED for each in candidates if each.removed)


@settings(deadline=None)
@given(candidate_lists, st.integers(0, 9), st.randoms())
def test_the_order_of_entry_changes_nothing(candidates: list[Ranked], places: int, random: object) -> None:
    shuffled = list(candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert states(candidates, places) == states(shuffled, places)


@settings(deadline=None)
@given(candidate_lists, st.integers(0, 9))
def test_everybody_gets_a_reason(candidates: list[Ranked], places: int) -> None:
    placed = select(candidates, places)
    assert sorted(each.key for each in placed) == sorted(each.key for each in candidates)
    assert all(each.reason for each in placed)


# The list of a round.

Twelve = tuple[World, str, dict[str, str]]


def falling(ids: dict[str, str], **equal: str) -> dict[str, str]:
    """95, 94, 93 … in the order of the division codes, but for `equal` ({place: score})."""
    places = {application: str(95 - place) for place, application in enumerate(ids.values())}
    return {**places, **{list(ids.values())[int(key[1:])]: score for key, score in equal.items()}}


def listed(world: World, round_id: str, ids: dict[str, str]) -> list[str]:
    """Division codes of the selected, in rank order."""
    codes = {application: code for code, application in ids.items()}
    with world.database.read() as session:
        found = shortlists.candidates(session, session.get_one(Round, round_id), SELECTED)
    return [codes[each.application_id] for each in found]


def votes(ids: dict[str, str], **counts: int) -> dict[str, Any]:
    given = {list(ids.values())[int(key[1:])]: {"votes": str(count)} for key, count in counts.items()}
    return {"tie_break": {"votes": given}}


def test_a_tie_at_the_cut_off_goes_to_the_committee_until_its_vote_decides(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key = f"round:{round_id}"
    world.review(round_id, falling(ids, p9="85", p10="85", p11="85"))
    assert world.open_tasks(key) == ["break_tie"]
    assert listed(world, round_id, ids) == CITIES[:9]
    for refused, counts in (
        (VoteTied, {"p9": 4, "p10": 4, "p11": 1}),
        ((VotesIncomplete, FormInvalid), {"p9": 5, "p10": 4}),
    ):
        with pytest.raises(refused):
            world.do(key, "break_tie", "record", given=votes(ids, **counts))
    world.do(key, "break_tie", "record", given=votes(ids, p9=2, p10=2, p11=5))
    assert listed(world, round_id, ids) == [*CITIES[:9], CITIES[11]]
    with world.database.read() as session:
        out = shortlists.of_application(session, session.get_one(Round, round_id), ids[CITIES[9]])
    assert out is not None
    assert out.reason == "得分 85.00，第 10 名，同分表决第 2 位，第5条（名额 10 个）已由排在前面的用完。"


def test_nobody_gets_more_votes_than_there_are_members_without_those_who_withdrew(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    key, (ninth, tenth) = f"round:{round_id}", list(ids.values())[9:11]
    world.do(key, "close_intake", "close")
    first, *others = world.seats()
    given = {"committee": {"members": [{**first, "recused": [tenth]}, *others]}}
    world.do(key, "form_committee", "seat", given=given)
    world.do(key, "record_quota", "record", given={"quota": {"quota": "10"}})
    world.score(round_id, falling(ids, p9="85", p10="85"))
    with pytest.raises(VotesRefused) as refused:
        world.do(key, "break_tie", "record", given=votes(ids, p9=99, p10=9))
    end = "请核对会议纪要后重新登记。"
    assert {each.place: each.message for each in refused.value.problems} == {
        f"/votes/{ninth}/votes": f"评审委员会有 9 名委员，赞成票数不能超过 9 票；{end}",
        f"/votes/{tenth}/votes": f"评审委员会有 9 名委员，其中 1 名回避，赞成票数不能超过 8 票；{end}",
    }
    world.do(key, "break_tie", "record", given=votes(ids, p9=9, p10=8))
    assert listed(world, round_id, ids) == CITIES[:10]


def test_whom_a_case_disqualifies_before_the_decision_is_replaced_down_the_ranking(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.do(f"round:{round_id}", "committee_opinion", "propose")
    case = world.open_case(ids[CITIES[0]])
    with pytest.raises(UndecidedObjections, match="河北省石家庄市"):
        world.do(f"round:{round_id}", "decide_list", "agree")
    world.decide_objection(case, "upheld")
    world.do(f"round:{round_id}", "decide_list", "agree")
    assert listed(world, round_id, ids) == CITIES[1:11]


def test_a_tie_that_a_disqualification_brings_up_sends_the_list_back(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids, p10="80", p11="80"))
    world.do(f"round:{round_id}", "committee_opinion", "propose")
    world.decide_objection(world.open_case(ids[CITIES[0]]), "upheld")
    with pytest.raises(TieReopened):
        world.do(f"round:{round_id}", "decide_list", "agree")
    world.do(f"round:{round_id}", "decide_list", "rescore")
    world.score(round_id, falling(ids))
    world.do(f"round:{round_id}", "committee_opinion", "propose")
    world.do(f"round:{round_id}", "decide_list", "agree")
    assert listed(world, round_id, ids) == CITIES[1:11]


def test_the_list_is_not_reported_while_a_case_against_one_of_it_is_open(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, falling(ids))
    world.publish(round_id)
    world.advance_to("2018-04-19")
    case = world.open_case(ids[CITIES[3]])
    with pytest.raises(UndecidedObjections, match="吉林省长春市"):
        world.do(f"round:{round_id}", "report_to_state_council", "report")
    world.decide_objection(case, "not_upheld")
    world.announce(round_id)
    assert listed(world, round_id, ids) == CITIES[:10]
