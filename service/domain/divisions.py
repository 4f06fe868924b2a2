"""Administrative divisions (行政区划): a table that an admin may replace, 000000 全国 as its root."""

import csv
import hashlib
import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    ForeignKey,
    Integer,
    Select,
    String,
    bindparam,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from service.domain.errors import Conflict, Invalid, NotFound, Problem
from service.domain.memberships import require_admin
from service.engine import history
from service.store.database import Base

SHIPPED = Path(__file__).parent.parent / "data" / "divisions.csv"
NATION = "000000"
LEVELS = ("nation", "province", "city", "county")  # from the root downwards
REGIONS = ("east", "central", "west", "northeast")
GROUPS = ("province", "city", "region", "tag", "level")
"""What the rules of a list may group divisions by."""
FIELDS = ("code", "name", "level", "parent", "region", "tag")


class Division(Base):
    """One division by its GB/T 2260 code; one that a newer table lacks stays, with `active` false."""

    __tablename__ = "division"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("division.code"), index=True)
    region: Mapped[str] = mapped_column(String(20), default="")
    tag: Mapped[str] = mapped_column(String(40), default="")
    active: Mapped[bool] = mapped_column(default=True)


class DivisionMissing(NotFound):
    """没有代码为 {code} 的行政区划，请核对代码，或请管理员更新行政区划表。"""


class DivisionsRefused(Invalid):
    """行政区划表有 {count} 处错误，没有载入任何一行。请改正后重新载入。"""


class DivisionsChanged(Conflict):
    """行政区划表刚由别人载入过，这次没有载入。请重新核对变动后再载入。"""


class Differences(NamedTuple):
    """What a load changed, as codes; `changed` maps a code to {field: (old, new)}."""

    added: list[str]
    changed: dict[str, dict[str, tuple[str, str]]]
    retired: list[str]
    unchanged: int
    digest: str
    """Of the file."""

    @property
    def fingerprint(self) -> str:
        """Of all that the load would change: who approves it approves this and nothing else."""
        told = repr((self.added, sorted(self.changed.items()), sorted(self.retired), self.digest))
        return hashlib.sha256(told.encode()).hexdigest()


def load_divisions(
    session: Session,
    content: bytes,
    *,
    now: datetime,
    actor_id: str | None = None,
    approved: str | None = None,
) -> Differences:
    """Put a CSV file (see data/README.md) in the place of the table; the same file again changes nothing.

    Raises DivisionsRefused with every fault and its line, before anything is written; DivisionsChanged where
    the changes are no longer those whose fingerprint was `approved`.
    """
    require_admin(session, actor_id, now)
    rows = _read(content)
    result = _compared(session, rows, content)
    if approved is not None and approved != result.fingerprint:
        raise DivisionsChanged
    added, changed, retired = list(result.added), result.changed, result.retired
    if added:
        # Parents first: the foreign key is checked row by row.
        added.sort(key=lambda code: (LEVELS.index(rows[code]["level"]), code))
        session.execute(insert(Division), [_columns(rows[code]) for code in added])
    if changed:
        session.execute(update(Division), [_columns(rows[code]) for code in changed])
    if retired:
        session.execute(update(Division), [{"code": code, "active": False} for code in retired])
    if added or changed or retired:
        session.expire_all()
        counts = {"added": len(added), "changed": len(changed), "retired": len(retired)}
        history.record(
            session,
            history.SYSTEM,
            "divisions_loaded",
            now,
            actor_id=actor_id,
            data={"digest": result.digest, **counts},
        )
    return result


def compare(session: Session, content: bytes) -> Differences:
    """What loading the file would change; DivisionsRefused."""
    return _compared(session, _read(content), content)


def _compared(session: Session, rows: dict[str, dict[str, str]], content: bytes) -> Differences:
    stored = {division.code: division for division in session.scalars(select(Division))}
    added = sorted(code for code in rows if code not in stored)
    changed = {
        code: difference
        for code, row in rows.items()
        if code in stored and (difference := _difference(stored[code], row))
    }
    retired = [code for code, division in stored.items() if division.active and code not in rows]
    unchanged = len(rows) - len(added) - len(changed)
    return Differences(added, changed, retired, unchanged, hashlib.sha256(content).hexdigest())


def get(session: Session, code: str) -> Division:
    """The division, retired or not; DivisionMissing for an unknown code."""
    if (division := session.get(Division, code)) is None:
        raise DivisionMissing(code=code)
    return division


def codes_upwards(code: ColumnElement[str]) -> Select[str]:
    """For statements: the codes of a division and of its parents upwards."""
    return select(_walk(Division.code == code).c.code)


def codes_downwards(start: ColumnElement[bool]) -> Select[str]:
    """For statements: the codes of the divisions that meet a criterion, and of all below them."""
    walk = select(Division.code).where(start).cte(recursive=True)
    child = aliased(Division)
    walk = walk.union(select(child.code).join(walk, child.parent_code == walk.c.code))
    return select(walk.c.code)


def codes_within(division: str) -> Select[str]:
    """For statements: a division, by its code or part of its name, and all below it."""
    is_code = division.isascii() and division.isdigit()
    named = Division.name.contains(division, autoescape=True)
    return codes_downwards(Division.code == division if is_code else named)


def _walk(start: ColumnElement[bool]) -> CTE:
    """The divisions that meet a criterion, each the `origin` of a walk to its parents upwards."""
    walk = (
        select(
            Division.code.label("origin"),
            Division.code,
            Division.parent_code,
            literal(0, Integer).label("distance"),
        )
        .where(start)
        .cte("walk", recursive=True)
    )
    parent = aliased(Division)
    return walk.union_all(
        select(walk.c.origin, parent.code, parent.parent_code, walk.c.distance + 1).join(
            walk, parent.code == walk.c.parent_code
        )
    )


_UPWARDS = _walk(Division.code.in_(bindparam("codes", expanding=True)))
_CHAINS = (
    select(_UPWARDS.c.origin, Division)
    .join(_UPWARDS, Division.code == _UPWARDS.c.code)
    .order_by(_UPWARDS.c.origin, _UPWARDS.c.distance)
)


def chains(session: Session, codes: Collection[str]) -> dict[str, list[Division]]:
    """By code, each division and its parents upwards to 全国, in one statement; DivisionMissing."""
    found: dict[str, list[Division]] = {code: [] for code in codes}
    if found:
        for origin, division in session.execute(_CHAINS, {"codes": list(found)}):
            found[origin].append(division)
    if unknown := next((code for code, chain in found.items() if not chain), None):
        raise DivisionMissing(code=unknown)
    return found


def chain(session: Session, code: str) -> list[Division]:
    """The division and its parents upwards to 全国, in one statement; DivisionMissing for an unknown code."""
    return chains(session, [code])[code]


def ancestor_at(session: Session, code: str, level: str) -> Division | None:
    """The division itself or its ancestor at the level; None where the chain has no such level."""
    return next((division for division in chain(session, code) if division.level == level), None)


def at_level(session: Session, level: str, *, below: str = NATION) -> list[Division]:
    """Every division of the level that stands today, in the order of the codes; of one division's alone."""
    query = select(Division).where(Division.level == level, Division.active).order_by(Division.code)
    if below != NATION:
        query = query.where(Division.code.in_(codes_downwards(Division.code == below)))
    return list(session.scalars(query))


def children(session: Session, code: str) -> list[Division]:
    """What stands today directly below the division, in the order of the codes."""
    return list(
        session.scalars(
            select(Division).where(Division.parent_code == code, Division.active).order_by(Division.code)
        )
    )


def counts(session: Session) -> dict[str, int]:
    """How many divisions stand today at each level, from the root downwards."""
    found = dict(
        session.execute(
            select(Division.level, func.count()).where(Division.active).group_by(Division.level)
        ).all()
    )
    return {level: found.get(level, 0) for level in LEVELS}


def names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The names of many divisions in one statement."""
    if not codes:
        return {}
    statement = select(Division.code, Division.name).where(Division.code.in_(set(codes)))
    return dict(session.execute(statement).all())


def full_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Divisions by code with their province and city before them: 浙江省杭州市余杭区; in one statement."""
    parent, grandparent = aliased(Division), aliased(Division)
    query = (
        select(Division.code, Division.name, parent.code, parent.name, grandparent.code, grandparent.name)
        .outerjoin(parent, parent.code == Division.parent_code)
        .outerjoin(grandparent, grandparent.code == parent.parent_code)
        .where(Division.code.in_(set(codes)))
    )
    return {
        row[0]: "".join(
            name for code, name in ((row[4], row[5]), (row[2], row[3])) if code not in (None, NATION)
        )
        + row[1]
        for row in session.execute(query)
    }


def groups(session: Session, codes: Collection[str]) -> dict[str, dict[str, str]]:
    """What each division belongs to, by GROUPS: province and city by code, a 计划单列市 in its province.

    A division has no value for a level above which it stands, and none for the tag that it lacks.
    """
    found = {}
    for code, (own, *above) in chains(session, codes).items():
        levels = {each.level: each.code for each in (own, *above)}
        values = {
            "province": levels.get("province", ""),
            "city": levels.get("city", ""),
            "region": own.region,
            "tag": own.tag,
            "level": own.level,
        }
        found[code] = {name: value for name, value in values.items() if value}
    return found


def _columns(row: dict[str, str]) -> dict[str, str | bool | None]:
    columns = {field: row[field] for field in ("code", "name", "level", "region", "tag")}
    return {**columns, "parent_code": row["parent"] or None, "active": True}


def _difference(division: Division, row: dict[str, str]) -> dict[str, tuple[str, str]]:
    new = _columns(row)
    return {
        field: (_shown(getattr(division, field)), _shown(value))
        for field, value in new.items()
        if getattr(division, field) != value
    }


def _shown(value: str | bool | None) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else value or ""


def _read(content: bytes) -> dict[str, dict[str, str]]:
    """The rows by code; raises DivisionsRefused with all faults."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DivisionsRefused(
            [Problem(f"第{line}行", "文件不是 UTF-8 编码，请另存为 UTF-8 后再载入。")]
        ) from None
    reader = csv.reader(text.splitlines())
    header = next(reader, [])
    if tuple(header) != FIELDS:
        raise DivisionsRefused(
            [Problem("第1行", f"表头应为“{','.join(FIELDS)}”，现为“{','.join(header)}”。")]
        )
    rows: dict[str, dict[str, str]] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for cells in reader:
        if not any(cells):
            continue
        place = f"第{reader.line_num}行"
        if len(cells) != len(FIELDS):
            problems.append(Problem(place, f"应有 {len(FIELDS)} 列，现有 {len(cells)} 列。"))
            continue
        row = dict(zip(FIELDS, (cell.strip() for cell in cells), strict=True))
        faults = _faults(row)
        if row["code"] in rows:
            faults.append(f"代码 {row['code']} 与第{lines[row['code']]}行重复。")
        problems += [Problem(place, fault) for fault in faults]
        rows.setdefault(row["code"], row)
        lines.setdefault(row["code"], reader.line_num)
    problems += [
        Problem(f"第{lines[code]}行", fault)
        for code, row in rows.items()
        for fault in _parent_faults(row, rows)
    ]
    if rows.get(NATION, {}).get("level") != "nation":
        problems.append(Problem("全表", f"缺少根：应有一行“{NATION},全国,nation,,,”。"))
    if problems:
        raise DivisionsRefused(sorted(problems, key=_line))
    return rows


def _line(problem: Problem) -> int:
    digits = re.search(r"\d+", problem.place)
    return int(digits.group()) if digits else 0


def _faults(row: dict[str, str]) -> list[str]:
    """What is wrong with a row by itself."""
    faults = []
    if not re.fullmatch(r"\d{6}", row["code"], re.ASCII):
        faults.append(f"代码“{row['code']}”应为六位数字。")
    if not 1 <= len(row["name"]) <= 80:
        faults.append("名称应为 1 至 80 个字。")
    if row["level"] not in LEVELS:
        faults.append(f"层级“{row['level']}”应为 {'、'.join(LEVELS)} 之一。")
    if row["level"] != "nation" and row["region"] not in REGIONS:
        faults.append(f"地区“{row['region']}”应为 {'、'.join(REGIONS)} 之一。")
    if not re.fullmatch(r"([a-z][a-z0-9-]{0,39})?", row["tag"]):
        faults.append(f"标记“{row['tag']}”只能用小写字母、数字和连字符。")
    return faults


def _parent_faults(row: dict[str, str], rows: dict[str, dict[str, str]]) -> list[str]:
    """What is wrong between a row and its parent: the level above, in the table, in the same region."""
    if row["level"] == "nation":
        return [] if row["code"] == NATION and not row["parent"] else [f"只有 {NATION} 是全国，且没有上级。"]
    parent = rows.get(row["parent"])
    if parent is None:
        return [f"上级“{row['parent']}”不在表中。"]
    if row["level"] not in LEVELS or parent["level"] not in LEVELS:
        return []
    faults = []
    if LEVELS.index(parent["level"]) >= LEVELS.index(row["level"]):
        faults.append(f"上级 {parent['name']} 的层级（{parent['level']}）应高于 {row['level']}。")
    if parent["level"] != "nation" and parent["region"] != row["region"]:
        faults.append(f"地区应与上级 {parent['name']} 相同（{parent['region']}）。")
    return faults
