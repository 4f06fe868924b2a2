"""The table of administrative divisions: one row a division, under its parent, with region and tag."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.errors import NotFound
from service.store.database import Base

NATION = "000000"
LEVELS = ("nation", "province", "city", "county")  # from the root downwards
REGIONS = ("east", "central", "west", "northeast")
GROUPS = ("province", "city", "region", "tag", "level")
"""What the rules of a list may group divisions by."""


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
