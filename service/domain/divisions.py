"""Administrative divisions (行政区划): a table that an admin may replace, 000000 全国 as its root."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Invalid, NotFound
from service.store.database import Base

NATION = "000000"
LEVELS = ("nation", "province", "city", "county")  # from the root downwards


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
    """没有代码为 {code} 的行政区划，请核对代码，或由管理员更新行政区划表。"""


class DivisionsRefused(Invalid):
    """行政区划表有 {count} 处错误，没有载入任何一行。请改正后重新载入。"""


class Differences(NamedTuple):
    """What a load changed, as codes; `changed` maps a code to {field: (old, new)}."""

    added: list[str]
    changed: dict[str, dict[str, tuple[str, str]]]
    retired: list[str]
    unchanged: int
    digest: str


def load_divisions(session: Session, content: bytes, *, actor_id: str | None = None) -> Differences: ...


def get(session: Session, code: str) -> Division: ...


def chain(session: Session, code: str) -> list[Division]:
    """The division and its parents upwards to 全国, in one statement; DivisionMissing for an unknown code."""
    ...


def ancestor_at(session: Session, code: str, level: str) -> Division | None:
    """The division itself or its ancestor at the level; None where the chain has no such level."""
    ...


def names(session: Session, codes: Sequence[str]) -> dict[str, str]: ...
