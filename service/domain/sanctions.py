"""Sanctions for fraud: a city barred from selection, a province from applying, for recorded years (S0 article 13)."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import Conflict
from service.store.database import Base, UTCDateTime, new_id

CITY = "city"  # bars the division itself (评选资格)
PROVINCE = "province"  # bars every applicant below the division (申报资格)


class Sanction(Base):
    """A decision against one division; bars the rounds of `first_year`..`last_year`, both included."""

    __tablename__ = "sanction"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    programme: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(10))
    division_code: Mapped[str] = mapped_column(ForeignKey("division.code"), index=True)
    first_year: Mapped[int]
    last_year: Mapped[int]
    decision_number: Mapped[str] = mapped_column(String(80))
    decided_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(
        String(80)
    )  # business key of the objection or application it came from
    imposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    appeal_number: Mapped[str | None] = mapped_column(String(80))
    lifted_on: Mapped[date | None]


class Bar(NamedTuple):
    """Why a division may not apply: the decision that stands against it or its province."""

    sanction_id: str
    scope: str
    division_code: str
    division_name: str
    decision_number: str
    decided_on: date
    first_year: int
    last_year: int

    @property
    def message(self) -> str: ...


class Barred(Conflict):
    """{message}"""


def impose(
    session: Session,
    *,
    programme: str,
    division_code: str,
    year: int,
    city_years: int,
    province_years: int,
    decision_number: str,
    decided_on: date,
    reason: str,
    subject: str,
    now: datetime,
    actor_id: str | None,
) -> list[Sanction]:
    """Bars the division for `city_years` and its province for `province_years` rounds after round `year`."""
    ...


def check(session: Session, division_code: str, programme: str, year: int) -> Bar | None:
    """The standing decision against the division or its province for the round of that year."""
    ...


def lift(
    session: Session,
    sanction_id: str,
    *,
    appeal_number: str,
    lifted_on: date,
    now: datetime,
    actor_id: str | None,
) -> None: ...
