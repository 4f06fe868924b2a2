"""Offices: founded on demand under their usual names."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import divisions, offices
from service.domain.divisions import DivisionMissing
from service.domain.memberships import AdminNeeded
from service.domain.offices import Office, OfficeKindUnknown, OfficeNameInvalid
from service.engine import history
from tests.domain.conftest import statements


@pytest.fixture(autouse=True)
def table(session: Session, now: datetime) -> None:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        ("industry", "330110", "余杭区工业和信息化主管部门"),
        ("industry", "660000", "新疆生产建设兵团工业和信息化主管部门"),
        ("industry", "000000", "工业和信息化部"),
        ("government", "330000", "浙江省人民政府"),
        ("state_council", "000000", "国务院办公厅"),
    ],
)
def test_an_office_is_founded_under_its_usual_name(
    session: Session, now: datetime, kind: str, code: str, name: str
) -> None:
    assert offices.ensure(session, kind, code, now=now).name == name


def test_an_office_is_founded_once(session: Session, now: datetime) -> None:
    first = offices.ensure(session, "industry", "330100", now=now)
    assert offices.ensure(session, "industry", "330100", now=now) is first
    assert session.scalar(select(func.count()).select_from(Office)) == 1
    founded = [e for e in history.of_chain(session, history.SYSTEM) if e.type == "offices_founded"]
    assert [e.data for e in founded] == [{"offices": [first.id]}]


def test_many_offices_come_in_a_few_statements(session: Session, now: datetime) -> None:
    needed = [("industry", division.code) for division in divisions.at_level(session, "province")]
    with statements(session) as executed:
        founded = offices.ensure_all(session, needed, now=now)
    assert [office.division_code for office in founded] == [code for _, code in needed]
    reads = [statement for statement in executed if statement.startswith("SELECT office")]
    assert len(reads) == 1
    assert len(executed) < 10


def test_a_kind_that_a_level_lacks_is_refused_with_those_that_it_has(session: Session, now: datetime) -> None:
    with pytest.raises(
        OfficeKindUnknown,
        match="没有“state_council”这一类单位，可设的有：工业和信息化主管部门（industry）、人民政府（government）",
    ):
        offices.ensure(session, "state_council", "330100", now=now)
    with pytest.raises(DivisionMissing):
        offices.ensure(session, "industry", "999999", now=now)


def test_offices_that_were_not_founded_have_names_too(session: Session, now: datetime) -> None:
    founded = offices.ensure(session, "industry", "330000", now=now)
    offices.rename(session, founded.id, "浙江省经济和信息化厅", now=now)
    pairs = [("industry", "330000"), ("government", "330000"), ("industry", "330100"), ("industry", "999999")]
    with statements(session) as executed:
        names = offices.names(session, pairs)
    assert len(executed) == 1
    assert names == {
        ("industry", "330000"): "浙江省经济和信息化厅",
        ("government", "330000"): "浙江省人民政府",
        ("industry", "330100"): "杭州市工业和信息化主管部门",
    }


def test_an_office_can_be_renamed_and_the_old_name_is_on_record(
    session: Session, now: datetime, admin: str
) -> None:
    office = offices.ensure(session, "industry", "330000", now=now)
    offices.rename(session, office.id, "浙江省经济和信息化厅", now=now, actor_id=admin)
    assert offices.get(session, office.id).name == "浙江省经济和信息化厅"
    event = history.of_chain(session, history.SYSTEM)[-1]
    assert (event.type, event.actor_id) == ("office_renamed", admin)
    assert event.data["before"] == "浙江省工业和信息化主管部门"
    with pytest.raises(AdminNeeded):
        offices.rename(session, office.id, "别的名称", now=now, actor_id="somebody")
    with pytest.raises(OfficeNameInvalid):
        offices.rename(session, office.id, "  ", now=now)
