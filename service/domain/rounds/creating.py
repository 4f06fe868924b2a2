"""Setting a round up: who may, for which year and track."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.domain import editions, organisers, people, targets
from service.domain.access import Actor
from service.domain.editions import Edition
from service.domain.errors import Conflict, Forbidden, Invalid
from service.domain.forms import LATEST_YEAR
from service.domain.rounds.models import Round
from service.domain.rounds.stages import Stage
from service.domain.rules import rule
from service.engine import history, seals
from service.engine.engine import ProcessEngine
from service.store.database import new_id


class RoundExists(Conflict):
    """“{title}”已经建立，同一办法、年度和名单只能有一个轮次。请直接打开已有的轮次。"""


class YearTooEarly(Invalid):
    """这一办法自 {first_year} 年度起施行，不能建立 {year} 年度的轮次。请改选年度，或选用当年施行的办法。"""

    place = "/year"


class YearTooLate(Invalid):
    """年度最晚是 {latest} 年，不能是 {year} 年度。请改正。"""

    place = "/year"


class TrackMissing(Invalid):
    """这一办法没有名为“{track}”的名单。可选的有：{tracks}。"""

    place = "/track"


def openable(session: Session, actor: Actor) -> list[Edition]:
    """The newest editions whose rounds the actor may set up: its office organises them, or it administers."""
    return [each for each in editions.newest(session) if _may_open(actor, each)]


def require_opener(session: Session, actor: Actor) -> list[Edition]:
    """The same; Forbidden where there are editions, but none is the actor's."""
    every = editions.newest(session)
    own = [each for each in every if _may_open(actor, each)]
    if every and not own:
        raise Forbidden
    return own


def _may_open(actor: Actor, edition: Edition) -> bool:
    organiser = organisers.of(edition.parameters)
    return people.ADMIN in actor.roles or organisers.organises(actor, organiser.division)


@rule("一个名单一个轮次，不建立施行之前年度的轮次", "first_year", "tracks")
def create(
    session: Session, engine: ProcessEngine, actor: Actor, *, edition_id: str, year: int, track: str
) -> Round:
    """Set up the round of year T (考核年度 + 1) and start its process.

    Raises Forbidden, EditionMissing, YearTooEarly, YearTooLate, TrackMissing, TargetsNotFiled, RoundExists.
    """
    edition = editions.get(session, edition_id)
    organiser = organisers.of(edition.parameters)
    if not _may_open(actor, edition):
        organisers.require(actor, organiser.division)
    if year < edition.first_year:
        raise YearTooEarly(first_year=edition.first_year, year=year)
    if year > LATEST_YEAR:
        raise YearTooLate(latest=LATEST_YEAR, year=year)
    tracks = {each["key"]: each["title"] for each in edition.document["tracks"]}
    if track not in tracks:
        raise TrackMissing(
            track=track, tracks="、".join(f"{title}（{key}）" for key, title in tracks.items())
        )
    targets.require_filed(session, edition, year)
    row = Round(
        id=new_id(),
        edition_id=edition.id,
        programme=edition.programme,
        year=year,
        track=track,
        division_code=organiser.division,
        title=f"{year}年度{tracks[track]}",
        stage=Stage.OPENING,
        created_by=actor.person_id,
        created_at=engine.clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise RoundExists(title=row.title) from None
    instance = engine.start(
        session,
        edition.definitions["round"],
        business_key=f"round:{row.id}",
        variables={"round_id": row.id, "track": track},
        actor_id=actor.person_id,
    )
    row.instance_id = instance.id
    session.flush()
    data = {"round_id": row.id, "sealed": seals.of(row)}
    history.record(session, instance.id, "round_created", row.created_at, actor_id=actor.person_id, data=data)
    return row
