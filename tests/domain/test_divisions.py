"""The table of administrative divisions: loading it, and walking up its chains."""

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import divisions
from service.domain.divisions import DivisionMissing, DivisionsRefused
from service.domain.memberships import AdminNeeded
from service.engine import history
from service.store.database import Database
from tests.domain.conftest import statements

HEADER = "code,name,level,parent,region,tag\n"
ROOT = "000000,全国,nation,,,\n"
ZHEJIANG = "330000,浙江省,province,000000,east,\n"
HANGZHOU = "330100,杭州市,city,330000,east,\n"
YUHANG = "330110,余杭区,county,330100,east,\n"
SMALL = HEADER + ROOT + ZHEJIANG + HANGZHOU + YUHANG


def load(session: Session, text: str, now: datetime) -> divisions.Differences:
    return divisions.load_divisions(session, text.encode(), now=now)


def problems(session: Session, text: str, now: datetime) -> list[str]:
    with pytest.raises(DivisionsRefused) as refused:
        load(session, text, now)
    return [f"{problem.place}：{problem.message}" for problem in refused.value.problems]


def test_the_shipped_table_loads_and_a_second_time_changes_nothing(session: Session, now: datetime) -> None:
    content = divisions.SHIPPED.read_bytes()
    first = divisions.load_divisions(session, content, now=now)
    assert (len(first.added), first.changed, first.retired) == (3217, {}, [])
    assert len(divisions.at_level(session, "province")) == 32
    assert len(divisions.at_level(session, "city")) == 333
    again = divisions.load_divisions(session, content, now=now)
    assert (again.added, again.changed, again.retired, again.unchanged) == ([], {}, [], 3217)


def test_the_chain_of_a_county_goes_up_to_the_nation(session: Session, now: datetime) -> None:
    load(session, SMALL, now)
    assert [d.name for d in divisions.chain(session, "330110")] == ["余杭区", "杭州市", "浙江省", "全国"]
    assert [d.code for d in divisions.chain(session, "000000")] == ["000000"]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("110105", ["朝阳区", "北京市", "全国"]),
        ("659001", ["石河子市", "新疆生产建设兵团", "全国"]),
        ("210200", ["大连市", "辽宁省", "全国"]),
    ],
)
def test_a_level_that_a_chain_lacks_is_skipped(
    session: Session, now: datetime, code: str, names: list[str]
) -> None:
    divisions.load_divisions(session, divisions.SHIPPED.read_bytes(), now=now)
    assert [d.name for d in divisions.chain(session, code)] == names


def test_the_ancestor_at_a_level_is_found_or_there_is_none(session: Session, now: datetime) -> None:
    load(session, SMALL + "330184,某县,county,330000,east,\n", now)
    city = divisions.ancestor_at(session, "330110", "city")
    assert city is not None
    assert city.code == "330100"
    assert divisions.ancestor_at(session, "330184", "city") is None
    itself = divisions.ancestor_at(session, "330100", "city")
    assert itself is not None
    assert itself.code == "330100"


def test_an_unknown_code_is_named(session: Session, now: datetime) -> None:
    load(session, SMALL, now)
    with pytest.raises(DivisionMissing, match="没有代码为 999999 的行政区划"):
        divisions.chain(session, "999999")
    with pytest.raises(DivisionMissing):
        divisions.get(session, "999999")


def test_walking_up_a_chain_takes_one_statement(database: Database, now: datetime) -> None:
    with database.write() as session:
        load(session, SMALL, now)
    with database.read() as session, statements(session) as executed:
        divisions.ancestor_at(session, "330110", "province")
    assert len(executed) == 1


def test_the_groups_of_many_divisions_take_one_statement(session: Session, now: datetime) -> None:
    load(session, SMALL, now)
    codes = ["330110", "330100", "330000"]
    session.expire_all()
    with statements(session) as executed:
        found = divisions.groups(session, codes)
    assert found["330110"] == {
        "province": "330000",
        "city": "330100",
        "region": "east",
        "level": "county",
    }
    assert list(found) == codes
    assert len(executed) == 1


def test_a_new_table_adds_changes_and_retires_but_never_deletes(session: Session, now: datetime) -> None:
    load(session, SMALL, now)
    new = (
        HEADER
        + ROOT
        + ZHEJIANG
        + HANGZHOU.replace("杭州市", "杭城市")
        + "330113,临平区,county,330100,east,\n"
    )
    found = load(session, new, now)
    assert found.added == ["330113"]
    assert found.changed == {"330100": {"name": ("杭州市", "杭城市")}}
    assert found.retired == ["330110"]
    assert not divisions.get(session, "330110").active
    assert [d.name for d in divisions.children(session, "330100")] == ["临平区"]
    back = load(session, SMALL, now)
    assert back.changed["330110"] == {"active": ("no", "yes")}
    assert divisions.get(session, "330110").active


def test_a_load_that_changes_something_is_on_record(session: Session, now: datetime) -> None:
    found = load(session, SMALL, now)
    load(session, SMALL, now)
    events = [e for e in history.of_chain(session, history.SYSTEM) if e.type == "divisions_loaded"]
    assert [e.data for e in events] == [{"digest": found.digest, "added": 4, "changed": 0, "retired": 0}]


def test_every_bad_row_is_named_by_its_line_and_nothing_is_loaded(session: Session, now: datetime) -> None:
    found = problems(
        session,
        HEADER
        + ROOT
        + ZHEJIANG
        + "3301,杭州市,city,330000,east,\n"
        + "330110,余杭区,district,330100,east,\n"
        + "330111,,county,330000,esat,Big Tag\n"
        + "330000,浙江省,province,000000,east,\n"
        + "330112,临安区,county\n",
        now,
    )
    assert found == [
        "第4行：代码“3301”应为六位数字。",
        "第5行：层级“district”应为 nation、province、city、county 之一。",
        "第5行：上级“330100”不在表中。",
        "第6行：名称应为 1 至 80 个字。",
        "第6行：地区“esat”应为 east、central、west、northeast 之一。",
        "第6行：标记“Big Tag”只能用小写字母、数字和连字符。",
        "第6行：地区应与上级 浙江省 相同（east）。",
        "第7行：代码 330000 与第3行重复。",
        "第8行：应有 6 列，现有 3 列。",
    ]
    assert session.scalar(select(func.count()).select_from(divisions.Division)) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "第1行：表头应为“code,name,level,parent,region,tag”，现为“”。"),
        (HEADER, "全表：缺少根：应有一行“000000,全国,nation,,,”。"),
        (SMALL + "330120,某区,county,330110,east,\n", "第6行：上级 余杭区 的层级（county）应高于 county。"),
        (SMALL + "100000,另一国,nation,,,\n", "第6行：只有 000000 是全国，且没有上级。"),
    ],
)
def test_a_wrong_table_says_what_is_wrong(session: Session, now: datetime, text: str, expected: str) -> None:
    assert problems(session, text, now) == [expected]


def test_a_file_of_another_encoding_is_refused_at_its_first_bad_line(session: Session, now: datetime) -> None:
    with pytest.raises(DivisionsRefused) as refused:
        divisions.load_divisions(session, SMALL.encode("gbk"), now=now)
    assert refused.value.problems[0].place == "第2行"
    assert "UTF-8" in refused.value.problems[0].message


def test_a_byte_order_mark_and_blank_lines_do_no_harm(session: Session, now: datetime) -> None:
    found = divisions.load_divisions(session, b"\xef\xbb\xbf" + (SMALL + "\n\n").encode(), now=now)
    assert len(found.added) == 4


def test_only_an_administrator_loads_a_table(session: Session, now: datetime, admin: str) -> None:
    with pytest.raises(AdminNeeded):
        divisions.load_divisions(session, SMALL.encode(), now=now, actor_id="somebody")
    divisions.load_divisions(session, SMALL.encode(), now=now, actor_id=admin)
    assert history.of_chain(session, history.SYSTEM)[-1].actor_id == admin
