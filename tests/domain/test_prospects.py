"""What a candidate lacks: in points, or by which rule no score would help; for those whom it concerns."""

from decimal import Decimal

import pytest

from service.domain import access, divisions, overviews, people
from service.domain.editions import Edition
from service.domain.overviews import ProspectHidden, ProspectView, RankingSealed
from tests.domain.test_selection_rules import RULES, Twelve, scores
from tests.domain.world import CITIES, MINISTRY, World


def told(world: World, round_id: str, application_id: str, kind: str, division: str) -> ProspectView:
    with world.database.write() as session:
        actor = world.official(session, kind, division)
        return overviews.prospect(session, actor, round_id, application_id)


def test_the_points_that_are_missing_are_told_and_would_do(twelve: Twelve) -> None:
    world, round_id, ids = twelve
    world.review(round_id, scores(ids))
    last = told(world, round_id, ids[CITIES[11]], *MINISTRY)
    assert (last.rank, last.score, last.state_label) == (12, "84.00", "未入选")
    assert (last.needed, last.missing, last.rules) == ("86.01", "2.01", [])
    assert last.sentences[0] == "公布得分达到 86.01 即可列入，还差 2.01 分。"
    assert "都不变" in last.sentences[1]
    first = told(world, round_id, ids[CITIES[0]], *MINISTRY)
    assert (first.needed, first.missing, first.sentences) == ("95.00", "0.00", ["已列入名单。"])


def test_with_so_many_points_it_is_listed_and_with_a_hundredth_less_only_a_vote_could_help(
    twelve: Twelve,
) -> None:
    world, round_id, ids = twelve
    key, given = f"round:{round_id}", scores(ids)
    world.review(round_id, given)
    needed = Decimal(told(world, round_id, ids[CITIES[11]], *MINISTRY).needed or "")
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "rescore")
    world.score(round_id, given | {ids[CITIES[11]]: str(needed - Decimal("0.01"))})
    assert told(world, round_id, ids[CITIES[11]], *MINISTRY).state == "tied"
    votes = {ids[CITIES[n]]: {"votes": str(n - 4)} for n in (9, 11)}
    world.do(key, "break_tie", "record", given={"tie_break": {"votes": votes}})
    world.do(key, "committee_opinion", "propose")
    world.do(key, "decide_list", "rescore")
    world.score(round_id, given | {ids[CITIES[11]]: str(needed)})
    assert told(world, round_id, ids[CITIES[11]], *MINISTRY).state == "selected"


def test_the_rule_by_which_no_score_helps_is_named(twelve: Twelve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two 计划单列市 of the east must be listed and one more eastern city at most: the worst never is."""
    rules = {
        "caps": [{"group": "region", "maximum": 2, "article": "5"}],
        "floors": [{**RULES["floors"][0], "minimum": 3}],
    }
    monkeypatch.setattr(Edition, "selection", rules)
    world, round_id, ids = twelve
    world.review(round_id, scores(ids))
    view = told(world, round_id, ids[CITIES[0]], *MINISTRY)
    assert (view.state_label, view.needed, view.missing) == ("未入选", None, None)
    assert view.sentences == [
        "无论多少分都不能列入：第5条（东部至多 2 个）；第5条（计划单列市合计至少 3 个）。"
    ]
    assert view.rules == ["第5条（东部至多 2 个）", "第5条（计划单列市合计至少 3 个）"]


def test_it_is_for_the_organiser_and_auditors_and_in_the_end_for_the_applicant_itself(
    twelve: Twelve,
) -> None:
    world, round_id, ids = twelve
    own, other = ids[CITIES[11]], ids[CITIES[0]]
    with pytest.raises(RankingSealed):
        told(world, round_id, own, *MINISTRY)
    world.review(round_id, scores(ids))
    for kind, division in (
        ("industry", CITIES[11]),
        ("industry", "420000"),
        ("state_council", divisions.NATION),
    ):
        with pytest.raises(ProspectHidden):
            told(world, round_id, own, kind, division)
    with world.database.write() as session:
        auditor = people.create(session, login="auditor", name="审计员", now=world.clock.now())
        people.join(session, auditor.id, people.AUDITOR, now=world.clock.now())
        actor = access.actor(session, auditor.id, world.clock.now())
        assert overviews.prospect(session, actor, round_id, own).missing == "2.01"
        application = overviews.of_application(session, actor, own)
        assert application.has_prospect
    world.publish(round_id)
    world.advance(14)
    world.announce(round_id)
    assert told(world, round_id, own, "industry", CITIES[11]).missing == "2.01"
    with pytest.raises(ProspectHidden):
        told(world, round_id, other, "industry", CITIES[11])
