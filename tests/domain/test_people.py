"""People and their memberships."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from service.domain import divisions, offices, people
from service.domain.memberships import AdminNeeded
from service.domain.people import (
    LastAdministrator,
    LoginTaken,
    MembershipInvalid,
    MembershipMissing,
    Person,
    PersonInvalid,
    PersonMissing,
    RolesIncompatible,
)
from service.engine import history
from service.store.database import Database
from tests.databases import until_blocked


@pytest.fixture(autouse=True)
def table(session: Session, now: datetime) -> None:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)


@pytest.fixture
def hangzhou(session: Session, now: datetime) -> str:
    return offices.ensure(session, "industry", "330100", now=now).id


def another_admin(session: Session, now: datetime, *, until: datetime | None = None) -> str:
    person = people.create(session, login="zhou.min", name="周敏", now=now)
    people.join(session, person.id, "admin", now=now, until=until)
    return person.id


@pytest.fixture
def person(session: Session, now: datetime) -> Person:
    return people.create(session, login="wang.fang", name="王芳", now=now)


def test_a_person_is_created_and_found_by_login(session: Session, person: Person) -> None:
    found = people.by_login(session, "wang.fang")
    assert found is person
    assert (found.name, found.active, found.password_hash) == ("王芳", True, None)
    assert people.by_login(session, "nobody") is None


@pytest.mark.parametrize("login", ["", "a", "Wang", "王芳", "-wang", "wang fang", "w" * 65, "wang\n"])
def test_a_login_of_another_form_is_refused(session: Session, now: datetime, login: str) -> None:
    with pytest.raises(PersonInvalid) as refused:
        people.create(session, login=login, name="", now=now)
    assert [problem.place for problem in refused.value.problems] == ["/login", "/name"]


def test_a_login_is_given_once(session: Session, now: datetime, person: Person) -> None:
    with pytest.raises(LoginTaken, match=r"登录名“wang\.fang”已有人使用"):
        people.create(session, login="wang.fang", name="另一人", now=now)


def test_a_membership_stands_from_its_beginning_until_its_end(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    until = now + timedelta(days=30)
    people.join(session, person.id, "official", office_id=hangzhou, now=now, until=until)
    day = timedelta(days=1)
    assert people.memberships(session, person.id, now - day) == []
    assert len(people.memberships(session, person.id, now)) == 1
    assert people.memberships(session, person.id, until) == []


def test_the_same_membership_again_is_the_one_that_stands(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    first = people.join(session, person.id, "official", office_id=hangzhou, now=now)
    assert people.join(session, person.id, "official", office_id=hangzhou, now=now) is first


def test_a_membership_can_be_ended_once(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    membership = people.join(session, person.id, "official", office_id=hangzhou, now=now)
    later = now + timedelta(days=1)
    people.leave(session, membership.id, now=later)
    assert people.memberships(session, person.id, later) == []
    with pytest.raises(MembershipMissing):
        people.leave(session, membership.id, now=later)


def test_officials_need_an_office_and_others_have_none(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    for role, office in (("official", None), ("expert", hangzhou), ("king", None)):
        with pytest.raises(MembershipInvalid):
            people.join(session, person.id, role, office_id=office, now=now)


def test_who_works_on_cases_cannot_administer_or_audit_them(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    people.join(session, person.id, "official", office_id=hangzhou, now=now)
    people.join(session, person.id, "expert", now=now + timedelta(seconds=1))
    for role in ("admin", "auditor"):
        with pytest.raises(RolesIncompatible, match="王芳现任经办人员，不能兼任"):
            people.join(session, person.id, role, now=now)


def test_an_admin_cannot_become_an_official_before_leaving(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    another_admin(session, now)
    admin = people.join(session, person.id, "admin", now=now)
    with pytest.raises(RolesIncompatible):
        people.join(session, person.id, "official", office_id=hangzhou, now=now)
    people.leave(session, admin.id, now=now)
    assert people.join(session, person.id, "official", office_id=hangzhou, now=now).role == "official"


def test_memberships_are_described_in_words(
    session: Session, now: datetime, person: Person, hangzhou: str
) -> None:
    people.join(session, person.id, "official", office_id=hangzhou, now=now)
    people.join(session, person.id, "expert", now=now + timedelta(seconds=1))
    described = people.described(session, person.id, now + timedelta(days=1))
    assert [(m.role, m.office) for m in described] == [
        ("经办人员", "杭州市工业和信息化主管部门"),
        ("评审专家", ""),
    ]


def test_what_changes_about_people_is_on_record_without_names(
    session: Session, now: datetime, hangzhou: str, admin: str
) -> None:
    person = people.create(session, login="li.na", name="李娜", now=now, actor_id=admin)
    membership = people.join(session, person.id, "official", office_id=hangzhou, now=now, actor_id=admin)
    people.leave(session, membership.id, now=now, actor_id=admin)
    people.deactivate(session, person.id, now=now, actor_id=admin)
    people.activate(session, person.id, now=now, actor_id=admin)
    events = [e for e in history.of_chain(session, history.SYSTEM) if e.actor_id == admin]
    assert [e.type for e in events] == [
        "person_created",
        "membership_begun",
        "membership_ended",
        "person_deactivated",
        "person_activated",
    ]
    assert "李娜" not in str([e.data for e in events])
    assert "li.na" not in str([e.data for e in events])


def test_only_an_administrator_keeps_people(
    session: Session, now: datetime, person: Person, hangzhou: str, admin: str
) -> None:
    official = people.join(session, person.id, "official", office_id=hangzhou, now=now, actor_id=admin)
    for attempt in (
        lambda: people.create(session, login="li.na", name="李娜", now=now, actor_id=person.id),
        lambda: people.join(session, person.id, "expert", now=now, actor_id=person.id),
        lambda: people.leave(session, official.id, now=now, actor_id=person.id),
        lambda: people.deactivate(session, person.id, now=now, actor_id=person.id),
        lambda: people.activate(session, person.id, now=now, actor_id="nobody"),
    ):
        with pytest.raises(AdminNeeded, match="只能由系统管理员进行"):
            attempt()


def test_who_was_an_administrator_is_none_any_longer(session: Session, now: datetime, admin: str) -> None:
    another_admin(session, now)
    (membership,) = people.memberships(session, admin, now)
    people.leave(session, membership.id, now=now, actor_id=admin)
    with pytest.raises(AdminNeeded):
        people.create(session, login="li.na", name="李娜", now=now, actor_id=admin)


def test_the_last_administrator_stays(session: Session, now: datetime, admin: str) -> None:
    (membership,) = people.memberships(session, admin, now)

    def is_kept() -> None:
        with pytest.raises(LastAdministrator, match="不能结束任职，否则没有人能再管理系统。请先让另一人担任"):
            people.leave(session, membership.id, now=now)
        with pytest.raises(LastAdministrator, match="不能停用账号"):
            people.deactivate(session, admin, now=now, actor_id=admin)

    is_kept()
    other = another_admin(session, now, until=now + timedelta(days=1))
    is_kept()  # Who is one until tomorrow leaves nobody the day after.
    people.join(session, other, "auditor", now=now)
    (temporary,) = [each for each in people.memberships(session, other, now) if each.role == "admin"]
    people.leave(session, temporary.id, now=now)
    people.join(session, other, "admin", now=now)
    people.deactivate(session, other, now=now)
    is_kept()
    people.activate(session, other, now=now)
    people.leave(session, membership.id, now=now)
    assert people.memberships(session, admin, now) == []


@pytest.mark.parametrize("act", ["leave", "deactivate"])
def test_of_two_who_remove_each_other_one_stays(postgresql_url: str, now: datetime, act: str) -> None:
    database = Database(postgresql_url)
    with database.write() as session:
        first = people.create(session, login="first", name="甲", now=now).id
        second = people.create(session, login="second", name="乙", now=now).id
        joined = {each: people.join(session, each, "admin", now=now).id for each in (first, second)}

    def remove(session: Session, actor: str, other: str) -> None:
        if act == "leave":
            people.leave(session, joined[other], now=now + timedelta(seconds=1), actor_id=actor)
        else:
            people.deactivate(session, other, now=now + timedelta(seconds=1), actor_id=actor)

    def the_other_way() -> None:
        with database.write() as session:
            remove(session, second, first)

    with ThreadPoolExecutor(1) as thread:
        with database.write() as session:
            remove(session, first, second)
            later = thread.submit(the_other_way)
            until_blocked(session)
        with pytest.raises(LastAdministrator, match="甲是唯一"):
            later.result()
    database.dispose()


def test_an_unknown_person_is_not_found(session: Session, now: datetime) -> None:
    with pytest.raises(PersonMissing):
        people.deactivate(session, "nobody", now=now)


def test_names_of_many_come_at_once(session: Session, person: Person) -> None:
    assert people.names(session, [person.id, None, "nobody"]) == {person.id: "王芳"}
    assert people.names(session, []) == {}
