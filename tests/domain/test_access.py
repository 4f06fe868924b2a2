"""Rights: role × office × division."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from service.domain import access, divisions, offices, people
from service.domain.access import Actor, ActorMembership, OfficeNeeded, RoleNeeded
from service.domain.people import PersonMissing
from tests.domain.conftest import statements


@dataclass
class Task:
    """As much of a user task as rights depend on."""

    office: str | None = None
    division: str | None = None
    assignee_id: str | None = None


def somebody(*memberships: tuple[str, str, str], person_id: str = "wang") -> Actor:
    return Actor(person_id, "王芳", tuple(ActorMembership(*membership) for membership in memberships))


HANGZHOU = somebody(("industry", "330100", "official"))
EXPERT = somebody(("", "", "expert"))


def test_an_official_completes_what_is_given_to_the_office() -> None:
    assert access.may_complete(HANGZHOU, Task("industry", "330100"))


@pytest.mark.parametrize(
    "task",
    [
        Task("industry", "330200"),
        Task("industry", "330000"),
        Task("government", "330100"),
        Task("industry", "330100", assignee_id="li"),
        Task(),
    ],
)
def test_an_official_completes_nothing_else(task: Task) -> None:
    assert not access.may_complete(HANGZHOU, task)


def test_what_is_assigned_is_its_assignees_alone() -> None:
    assert access.may_complete(EXPERT, Task(assignee_id="wang"))
    assert not access.may_complete(EXPERT, Task(assignee_id="li"))


def test_an_expert_completes_nothing_of_an_office() -> None:
    assert not access.may_complete(EXPERT, Task("industry", "330100"))
    assert not access.may_complete(EXPERT, Task("", ""))


@pytest.mark.parametrize("role", ["admin", "auditor"])
def test_admins_and_auditors_complete_nothing(role: str) -> None:
    actor = somebody(("", "", role))
    assert not access.may_complete(actor, Task("industry", "330100"))
    assert not access.may_complete(actor, Task("", ""))
    assert not access.may_complete(actor, Task(assignee_id="wang"))


def test_who_left_the_committee_keeps_no_right_to_what_was_assigned() -> None:
    assert not access.may_complete(somebody(), Task(assignee_id="wang"))


def test_a_role_is_required_by_its_chinese_name() -> None:
    access.require_role(EXPERT, "expert", "official")
    with pytest.raises(RoleNeeded, match="只能由系统管理员、审计员进行"):
        access.require_role(EXPERT, "admin", "auditor")


def test_an_office_is_required() -> None:
    access.require_office(HANGZHOU, "industry", "330100")
    with pytest.raises(OfficeNeeded):
        access.require_office(HANGZHOU, "industry", "330110")
    with pytest.raises(OfficeNeeded):
        access.require_office(somebody(("industry", "330100", "auditor")), "industry", "330100")


@pytest.fixture
def person(session: Session, now: datetime) -> str:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
    person = people.create(session, login="wang.fang", name="王芳", now=now)
    for kind, code in (("industry", "330100"), ("industry", "330110")):
        office = offices.ensure(session, kind, code, now=now)
        people.join(session, person.id, "official", office_id=office.id, now=now)
    return person.id


def test_an_actor_is_a_person_with_the_memberships_of_the_moment(
    session: Session, now: datetime, person: str
) -> None:
    people.join(session, person, "expert", now=now, until=now + timedelta(days=10))
    with statements(session) as executed:
        actor = access.actor(session, person, now)
    assert len(executed) == 1
    assert (actor.person_id, actor.name) == (person, "王芳")
    assert actor.roles == {"official", "expert"}
    assert set(actor.offices()) == {("industry", "330100"), ("industry", "330110")}
    later = access.actor(session, person, now + timedelta(days=10))
    assert later.roles == {"official"}
    assert access.actor(session, person, now - timedelta(days=1)).memberships == ()


def test_a_person_who_was_deactivated_is_no_actor(session: Session, now: datetime, person: str) -> None:
    people.deactivate(session, person, now=now)
    with pytest.raises(PersonMissing):
        access.actor(session, person, now)
    with pytest.raises(PersonMissing):
        access.actor(session, "nobody", now)
