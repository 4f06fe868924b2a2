"""Which rounds there are."""

from collections.abc import Collection

from sqlalchemy import exists, func, select
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
    """The latest year of the programme whose rounds take no more applications; at least this round's own."""
    last = session.scalar(
        select(func.max(Round.year)).where(
            Round.programme == round_.programme, Round.stage.not_in([Stage.OPENING, *RECEIVING])
        )
    )
    return max(round_.year, last or 0)


def organised(session: Session, divisions: Collection[str]) -> bool:
    """Whether one of these divisions organises any round."""
    return bool(session.scalar(select(exists().where(Round.division_code.in_(divisions)))))
