"""Each invariant sees the fault that it is there for."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.domain import simulation
from service.domain.editions import Edition
from service.domain.simulation import Check
from service.domain.simulation.facts import gather
from service.domain.simulation.list_checks import groups, repeats
from service.domain.simulation.round_checks import cap
from service.domain.waivers import Waiver
from service.store.database import Database
from tests.simulation.conftest import Finished

FIRST = "(SELECT id FROM round ORDER BY year LIMIT 1)"
# One whose award still stands: of the fraud's a disqualification would be the truth.
WINNER = (
    f"(SELECT application_id FROM award WHERE round_id = {FIRST} AND status <> 'revoked' "
    "ORDER BY division_code LIMIT 1)"
)
OF_WINNER = f"business_key = 'application:' || {WINNER}"
NOTICE = "(SELECT id FROM notice ORDER BY sequence LIMIT 1)"

TAMPERINGS = [
    ("quota", f"UPDATE round SET quota = 16 WHERE id = {FIRST}"),
    ("quota", f"UPDATE round SET quota = 9 WHERE id = {FIRST}"),
    ("quota", f"UPDATE round SET quota = NULL WHERE id = {FIRST}"),
    ("quota", "UPDATE history_event SET type = 'forgotten' WHERE type = 'quota_recorded'"),
    ("committee", "DELETE FROM committee_member WHERE position = 3"),
    ("committee", "UPDATE committee_member SET role = 'expert'"),
    ("committee", "UPDATE committee_member SET chair = 1"),
    ("committee", "UPDATE candidate SET sheets = 4 WHERE rank = 1"),
    ("scores", "UPDATE score_sheet SET score = '1.00'"),
    ("scores", "UPDATE candidate SET score = '99.99' WHERE rank = 1"),
    ("scores", "UPDATE candidate SET rank = rank + 1 WHERE rank = 1"),
    ("scores", "DELETE FROM recusal"),
    ("order", "UPDATE candidate SET state = 'passed_over' WHERE rank = 1"),
    ("order", "UPDATE candidate SET reason = '' WHERE rank = 1"),
    ("entitlement", f"UPDATE eligibility_finding SET met = 0 WHERE application_id = {WINNER}"),
    ("entitlement", f"DELETE FROM eligibility_finding WHERE application_id = {WINNER}"),
    ("entitlement", f"DELETE FROM form_submission WHERE form_key = 'conditions' AND {OF_WINNER}"),
    (
        "entitlement",
        'UPDATE form_submission SET content = replace(content, \'"met":"met"\', \'"met":"unmet"\') '
        f"WHERE form_key = 'conditions' AND {OF_WINNER}",
    ),
    ("entitlement", f"UPDATE recommendation_choice SET chosen = 0 WHERE application_id = {WINNER}"),
    ("entitlement", f"UPDATE application SET accepted_at = NULL WHERE id = {WINNER}"),
    ("entitlement", "UPDATE recommendation SET submitted_at = '2018-12-01 00:00:00.000000'"),
    ("notices", f"UPDATE notice SET ends_on = date(ends_on, '-1 day') WHERE id = {NOTICE}"),
    ("notices", f"UPDATE notice SET ends_at = datetime(ends_at, '-1 hour') WHERE id = {NOTICE}"),
    ("notices", f"UPDATE notice SET closed_at = published_at WHERE id = {NOTICE}"),
    ("notices", f"UPDATE objection SET closed_at = NULL WHERE notice_id = {NOTICE}"),
    ("notices", f"DELETE FROM notice_entry WHERE notice_id = {NOTICE}"),
    ("awards", f"DELETE FROM award WHERE application_id = {WINNER}"),
    ("awards", f"UPDATE award SET ends_on = date(ends_on, '+1 day') WHERE application_id = {WINNER}"),
    ("awards", f"UPDATE candidate SET state = 'removed' WHERE application_id = {WINNER}"),
    ("awards", f"DELETE FROM notice_entry WHERE application_id = {WINNER}"),
    ("awards", f"UPDATE round SET approved_on = NULL WHERE id = {FIRST}"),
    (
        "awards",
        f"UPDATE objection SET application_id = {WINNER}, closed_at = filed_at WHERE status = 'fraud'",
    ),
    ("endings", f"UPDATE application SET reason = '' WHERE id = {WINNER}"),
    ("endings", f"UPDATE application SET status = 'accepted' WHERE id = {WINNER}"),
    ("endings", f"UPDATE application SET status = 'disqualified' WHERE id = {WINNER}"),
    ("endings", f"UPDATE round SET outcome = NULL WHERE id = {FIRST}"),
    ("sanctions", "UPDATE sanction SET last_year = last_year - 1"),
    ("sanctions", "DELETE FROM sanction WHERE scope = 'province'"),
    ("sanctions", "UPDATE sanction SET decision_number = '另一文号'"),
    ("leftovers", "UPDATE process_instance SET status = 'active'"),
    ("leftovers", "UPDATE user_task SET status = 'open'"),
    ("leftovers", "UPDATE delivery SET status = 'pending'"),
    ("history", "DELETE FROM history_event WHERE seq = 2"),
]


@pytest.mark.parametrize(("key", "tampering"), TAMPERINGS)
def test_what_was_tampered_with_is_found(
    checks_after: Callable[..., dict[str, Check]], key: str, tampering: str
) -> None:
    assert checks_after(tampering)[key].broken


def test_every_invariant_of_this_edition_was_seen_broken(
    checks_after: Callable[..., dict[str, Check]],
) -> None:
    assert set(checks_after()) == {key for key, _ in TAMPERINGS} | {"cap", "groups", "repeats"}


def test_an_attempt_that_nothing_refused_is_found(finished: Finished) -> None:
    unhindered = replace(
        finished.run, attempts=[replace(each, refusal=None) for each in finished.run.attempts]
    )
    database = Database(f"sqlite:///{finished.path}")
    with database.read() as session:
        broken = {check.key for check in simulation.check(session, unhindered) if check.broken}
    database.dispose()
    assert broken == {"sanctions"}


def test_more_recommendations_than_the_cap_are_found(finished: Finished) -> None:
    database = Database(f"sqlite:///{finished.path}")
    with database.read() as session:
        facts = gather(session, finished.run, finished.run.rounds[0])
        capped = replace(facts, parameters={**facts.parameters, "recommendation": {"cap": 0}})
        assert list(cap(capped))
        assert not list(cap(facts))
    database.dispose()


def test_a_list_that_breaks_a_cap_or_a_floor_of_a_group_is_found(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{finished.path}")
    with database.read() as session:
        facts = gather(session, finished.run, finished.run.rounds[0])
        assert not list(groups(facts))
        rule = {"group": "level", "values": ["city"], "article": "5"}
        monkeypatch.setattr(Edition, "selection", {"caps": [{**rule, "maximum": 1}]})
        assert any("超过上限 1" in fault for fault in groups(facts))
        monkeypatch.setattr(Edition, "selection", {"floors": [{**rule, "minimum": 99}]})
        assert any("少于 99 个" in fault for fault in groups(facts))
        waiver = Waiver(rule="floor:第5条:level:city:99", limit=None)
        assert not list(groups(replace(facts, waivers=[waiver])))
        waiver.limit = 98
        assert any("少于 98 个" in fault for fault in groups(replace(facts, waivers=[waiver])))
    database.dispose()


def test_an_award_of_a_place_that_another_list_bars_is_found_unless_a_decision_admits_it(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if every award of the round were on a list that goes before it."""
    database = Database(f"sqlite:///{finished.path}")
    with database.read() as session:
        facts = gather(session, finished.run, finished.run.rounds[0])
        assert facts.awards
        assert not list(repeats(facts))
        rule = {"tracks": ["main"], "against": "main", "group": "province", "article": "5"}
        monkeypatch.setattr(Edition, "selection", {"no_repeat": [rule]})
        assert len(list(repeats(facts))) >= len(facts.awards) - 1  # One may have been revoked.
        admitted = [Waiver(rule=f"exclusion:第5条:{key}", limit=None) for key in facts.awards]
        assert not list(repeats(replace(facts, waivers=admitted)))
    database.dispose()
