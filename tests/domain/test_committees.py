"""Committees: odd, large enough, of both kinds, one chair; recusals declared and found; alternates."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import applications, committees, offices, people, scores
from service.domain.committees import CommitteeFrozen, CommitteeRefused, Role, Seat
from service.domain.divisions import NATION
from service.domain.editions.documents import SEATED
from service.domain.rounds import Round
from tests.domain.contexts import accepted_rows, context
from tests.domain.world import HANGZHOU, ZHEJIANG, World

PARAMETERS: dict[str, Any] = {
    "minimum": 9,
    "odd": True,
    "roles": ["expert", "bureau"],
    "minimum_sheets": 5,
    "article": "8",
}


@pytest.fixture
def seats(world: World) -> list[Seat]:
    """A committee that satisfies everything."""
    return [Seat(row["person"], row["role"], row["chair"]) for row in world.seats()]


@pytest.fixture
def round_id(world: World) -> str:
    """A round with Hangzhou's and Suzhou's applications accepted."""
    return accepted_rows(world, [HANGZHOU, "320500"])[0]


def form(world: World, round_id: str, seats: Sequence[Seat], **changed: Any) -> None:
    with world.database.write() as session:
        round_ = session.get_one(Round, round_id)
        accepted = applications.applicants(session, round_id)
        committees.form(context(session), round_, seats, accepted, {**PARAMETERS, **changed})


def problems(world: World, round_id: str, seats: Sequence[Seat], **changed: Any) -> list[str]:
    with pytest.raises(CommitteeRefused) as refused:
        form(world, round_id, seats, **changed)
    return [problem.message for problem in refused.value.problems]


def recused(world: World, round_id: str) -> set[tuple[str, str]]:
    """(division code, person id)."""
    with world.database.read() as session:
        codes = {
            each.application_id: each.division_code for each in applications.applicants(session, round_id)
        }
        return {
            (codes[each.application_id], each.person_id) for each in committees.recusals(session, round_id)
        }


def test_a_good_committee_is_seated_in_its_order(world: World, round_id: str, seats: list[Seat]) -> None:
    form(world, round_id, seats)
    with world.database.read() as session:
        seated = committees.members(session, round_id)
    assert [member.person_id for member in seated] == [seat.person_id for seat in seats]
    assert [member.role for member in seated] == [Role.EXPERT] * 5 + [Role.BUREAU] * 4
    assert recused(world, round_id) == set()


def test_an_even_number_is_refused(world: World, round_id: str, seats: list[Seat]) -> None:
    with world.database.write() as session:
        tenth = Seat(world.member(session, "expert", 6), "expert", False)
    assert problems(world, round_id, [*seats, tenth]) == [
        "评审委员会人数应为单数（第8条），现有 10 人；请增加或减少一名委员。"
    ]
    form(world, round_id, [*seats, tenth], odd=False)


def test_every_fault_is_told_at_once(world: World, round_id: str, seats: list[Seat]) -> None:
    experts = [seat._replace(chair=True) for seat in seats[:3]]
    assert problems(world, round_id, [*experts, experts[0]]) == [
        "评审委员会不得少于 9 人（第8条），现有 4 人；请增补委员。",
        "评审委员会人数应为单数（第8条），现有 4 人；请增加或减少一名委员。",
        "主任委员应恰好一名，现在是 4 名；请在名单中只指定一人。",
        "评审委员会应由专家和主办部门代表组成（第8条），现在没有主办部门代表；请增补。",
        "委员名单中有人重复，请删去重复的一行。",
        "回避后只有 4 名委员评审江苏省苏州市，少于要求的 5 名；请增补、更换委员，或列出候补委员。",
        "回避后只有 4 名委员评审浙江省杭州市，少于要求的 5 名；请增补、更换委员，或列出候补委员。",
    ]


def test_who_has_to_sit_in_it_is_the_documents_to_say(world: World, round_id: str, seats: list[Seat]) -> None:
    with world.database.write() as session:
        others = [Seat(world.member(session, "expert", number), "expert", False) for number in range(6, 10)]
    experts = [seats[0]._replace(chair=True), *seats[1:5], *others]
    assert problems(world, round_id, experts, roles=["expert", "bureau"]) == [
        "评审委员会应由专家和主办部门代表组成（第8条），现在没有主办部门代表；请增补。"
    ]
    form(world, round_id, experts, roles=[])
    assert {*SEATED} == {*Role} - {Role.ALTERNATE}


def test_only_experts_and_officials_of_the_ministry_are_seated(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    with world.database.write() as session:
        stranger = world.person(session, offices.INDUSTRY, ZHEJIANG)
    found = problems(world, round_id, [*seats[:-1], Seat(stranger, "bureau", False)])
    assert found == ["此人不在专家和部内人员名单中，或者任职已经结束，请另选。"]


def test_nobody_is_seated_whose_membership_has_ended(world: World, round_id: str, seats: list[Seat]) -> None:
    gone, now = seats[0].person_id, world.clock.now()
    with world.database.write() as session:
        assert gone in dict(committees.eligible_people(session, NATION, now))
        (membership,) = people.memberships(session, gone, now)
        people.leave(session, membership.id, now=now)
    with world.database.read() as session:
        assert gone not in dict(committees.eligible_people(session, NATION, now))
        # A list that was handed in before still names everybody.
        assert gone in dict(committees.eligible_people(session, NATION, now - timedelta(days=1)))
    found = problems(world, round_id, seats)
    assert found == ["此人不在专家和部内人员名单中，或者任职已经结束，请另选。"]


def test_nobody_is_seated_as_what_they_are_not(world: World, round_id: str, seats: list[Seat]) -> None:
    swapped = [seats[0]._replace(role="bureau"), *seats[1:-1], seats[-1]._replace(role="expert")]
    assert problems(world, round_id, swapped) == [
        "此人不是主办部门人员，不能作为主办部门代表；请改正身份，或另选一人。",
        "此人不是评审专家，不能作为专家；请改正身份，或另选一人。",
    ]


def test_the_state_councils_officials_are_not_the_ministrys(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    with world.database.write() as session:
        stranger = world.person(session, offices.STATE_COUNCIL, NATION)
    found = problems(world, round_id, [*seats[:-1], Seat(stranger, "bureau", False)])
    assert found == ["此人不在专家和部内人员名单中，或者任职已经结束，请另选。"]


def test_who_lives_in_the_applicants_province_does_not_score_it(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    form(world, round_id, [seats[0]._replace(division_code=ZHEJIANG), *seats[1:]])
    assert recused(world, round_id) == {(HANGZHOU, seats[0].person_id)}
    with world.database.read() as session:
        (recusal,) = committees.recusals(session, round_id)
    assert recusal.automatic
    assert "所在省" in recusal.reason


def test_an_expert_with_an_office_in_the_province_does_not_score_it(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    with world.database.write() as session:
        now = world.clock.now()
        office = offices.ensure(session, offices.INDUSTRY, "330200", now=now)
        people.join(session, seats[1].person_id, people.OFFICIAL, now=now, office_id=office.id)
    form(world, round_id, seats)
    assert recused(world, round_id) == {(HANGZHOU, seats[1].person_id)}


def test_a_declared_recusal_removes_only_that_sheet(world: World, round_id: str, seats: list[Seat]) -> None:
    with world.database.read() as session:
        suzhou = applications.applicants(session, round_id)[0].application_id
    form(world, round_id, [seats[0]._replace(recused=[suzhou]), *seats[1:]])
    assert recused(world, round_id) == {("320500", seats[0].person_id)}


def test_an_application_that_too_few_would_score_is_named(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    away = [seat._replace(division_code=ZHEJIANG) for seat in seats[:5]]
    assert problems(world, round_id, [*away, *seats[5:]]) == [
        "回避后只有 4 名委员评审浙江省杭州市，少于要求的 5 名；请增补、更换委员，或列出候补委员。"
    ]


def test_an_alternate_scores_only_what_would_have_too_few_sheets(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    with world.database.write() as session:
        alternate = Seat(world.member(session, "expert", 6), "alternate", False)
    away = [seat._replace(division_code=ZHEJIANG) for seat in seats[:5]]
    form(world, round_id, [*away, *seats[5:], alternate])
    with world.database.read() as session:
        round_ = session.get_one(Round, round_id)
        given = scores.assignments(session, round_, applications.applicants(session, round_id))
    assert [each.division_code for each in given[alternate.person_id]] == [HANGZHOU]
    assert [each.division_code for each in given[seats[0].person_id]] == ["320500"]
    assert [each.division_code for each in given[seats[8].person_id]] == ["320500", HANGZHOU]


def test_the_list_may_be_handed_in_again_until_scores_are_opened(
    world: World, round_id: str, seats: list[Seat]
) -> None:
    form(world, round_id, [seats[0]._replace(division_code=ZHEJIANG), *seats[1:]])
    form(world, round_id, seats)
    assert recused(world, round_id) == set()
    with world.database.write() as session:
        session.get_one(Round, round_id).scoring_pass = 1
    with pytest.raises(CommitteeFrozen):
        form(world, round_id, seats)


@given(
    st.lists(st.tuples(st.text("abcdefgh", min_size=1, max_size=1), st.booleans()), unique_by=lambda p: p[0]),
    st.sets(st.text("abcdefgh", min_size=1, max_size=1)),
    st.integers(0, 6),
)
def test_alternates_come_in_their_order_and_no_more_than_are_needed(
    seated: list[tuple[str, bool]], recused: set[str], minimum: int
) -> None:
    scoring = committees.scorers(seated, recused, minimum)
    regular = [person for person, alternate in seated if not alternate and person not in recused]
    spare = [person for person, alternate in seated if alternate and person not in recused]
    assert scoring[: len(regular)] == regular
    came_in = scoring[len(regular) :]
    assert came_in == spare[: len(came_in)]
    assert len(came_in) == min(len(spare), max(0, minimum - len(regular)))
