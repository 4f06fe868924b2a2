"""Which divisions there are: above and below one another, by level, by name, and what rules group them by."""

from collections.abc import Collection

from sqlalchemy import CTE, ColumnElement, Integer, Select, bindparam, func, literal, select
from sqlalchemy.orm import Session, aliased

from service.domain.divisions.models import LEVELS, NATION, Division, DivisionMissing


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


_PARENT, _GRANDPARENT = aliased(Division), aliased(Division)
_FULL_NAMES = (
    select(Division.code, Division.name, _PARENT.code, _PARENT.name, _GRANDPARENT.code, _GRANDPARENT.name)
    .outerjoin(_PARENT, _PARENT.code == Division.parent_code)
    .outerjoin(_GRANDPARENT, _GRANDPARENT.code == _PARENT.parent_code)
    .where(Division.code.in_(bindparam("codes", expanding=True)))
)
"""Built once: every page asks, and building it takes longer than executing it."""


def full_names(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Divisions by code with their province and city before them: 浙江省杭州市余杭区; in one statement."""
    rows = session.execute(_FULL_NAMES, {"codes": list(set(codes))})
    return {
        row[0]: "".join(
            name for code, name in ((row[4], row[5]), (row[2], row[3])) if code not in (None, NATION)
        )
        + row[1]
        for row in rows
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
