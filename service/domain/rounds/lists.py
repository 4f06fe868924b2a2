"""Which rounds there are."""

from collections.abc import Collection

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from service.domain import pages
from service.domain.pages import Page
from service.domain.rounds.models import Round
from service.domain.rounds.stages import RECEIVING, Stage


def listed(
    session: Session, *, year: int | None = None, number: int = 1, size: int = pages.SIZE
) -> Page[Round]:
    """A page of all rounds, or of one year's; the newest year first."""
    query = select(Round).order_by(Round.year.desc(), Round.programme, Round.track)
    if year is not None:
        query = query.where(Round.year == year)
    found = pages.page(session, query, number=number, size=size)
    return found.holding([row[0] for row in found.rows])


def years(session: Session) -> list[int]:
    """The years that have a round, the newest first."""
    return list(session.scalars(select(Round.year).distinct().order_by(Round.year.desc())))


def last_closed_year(session: Session, round_: Round) -> int:
    """The latest year of the programme whose rounds take no more applications; at least this round's own.

    A year of which one list is still open has not closed: who is barred must not apply for that one.
    """
    open_ = func.max(case((Round.stage.in_([Stage.OPENING, *RECEIVING]), 1), else_=0))
    closed = select(Round.year).where(Round.programme == round_.programme).group_by(Round.year)
    years = session.scalars(closed.having(open_ == 0))
    return max([round_.year, *years])


def organised(session: Session, divisions: Collection[str]) -> bool:
    """Whether one of these divisions organises any round."""
    return bool(session.scalar(select(exists().where(Round.division_code.in_(divisions)))))
