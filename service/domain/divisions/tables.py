"""Tables of divisions: the CSV file that an admin puts in the place of what stands, and its faults."""

import csv
import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.domain.divisions.models import LEVELS, NATION, REGIONS, Division
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.memberships import require_admin
from service.engine import history

SHIPPED = Path(__file__).parents[2] / "data" / "divisions.csv"
FIELDS = ("code", "name", "level", "parent", "region", "tag")


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
