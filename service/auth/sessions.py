"""Sessions on the server: a random token at the browser, its digest in the table."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, String, bindparam, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.database import Base, UTCDateTime, new_id

IDLE = timedelta(
    hours=2
)  # A long form is filled in with its draft saved now and then, so the session stays awake.
ABSOLUTE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=5)


class UserSession(Base):
    """One sign-in of one person on one device."""

    __tablename__ = "user_session"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))

    @property
    def expires_at(self) -> datetime:
        """When it ends if nobody uses it before."""
        return min(self.seen_at + IDLE, self.created_at + ABSOLUTE)


_BY_TOKEN = select(UserSession).where(UserSession.token_digest == bindparam("token_digest"))


def digest(token: str) -> str:
    """What the table keeps of a token; a stolen table opens no session."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(session: Session, person_id: str, now: datetime, *, address: str, agent: str) -> str:
    """Begin a session and return its token, which is told this once."""
    token = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_digest=digest(token),
            person_id=person_id,
            created_at=now,
            seen_at=now,
            address=address[:64],
            agent=agent[:200],
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, now: datetime) -> UserSession | None:
    """The living session of a token."""
    found = session.scalar(_BY_TOKEN, {"token_digest": digest(token)})
    return found if found is not None and now < found.expires_at else None


def wants_touch(user_session: UserSession, now: datetime) -> bool:
    """Whether it was seen so long ago that the table should learn of it."""
    return now - user_session.seen_at >= TOUCH_EVERY


def touch(session: Session, session_id: str, now: datetime) -> None:
    """Remember that the session was used."""
    found = session.get(UserSession, session_id)
    if found is not None:
        found.seen_at = max(found.seen_at, now)


def of_person(session: Session, person_id: str, now: datetime) -> Sequence[UserSession]:
    """The person's living sessions, latest use first."""
    mine = session.scalars(
        select(UserSession).where(UserSession.person_id == person_id).order_by(UserSession.seen_at.desc())
    )
    return [one for one in mine if now < one.expires_at]


def revoke(session: Session, person_id: str, session_id: str) -> bool:
    """End one of the person's own sessions; False when it is not theirs or has gone."""
    return bool(_end(session, UserSession.id == session_id, UserSession.person_id == person_id))


def revoke_all(session: Session, person_id: str, *, keep: str | None = None) -> int:
    """End all the person's sessions but the one to keep; how many ended."""
    return _end(session, UserSession.person_id == person_id, UserSession.id != (keep or ""))


def sweep(session: Session, now: datetime) -> int:
    """Remove the sessions that have expired; how many they were."""
    idle, old = UserSession.seen_at <= now - IDLE, UserSession.created_at <= now - ABSOLUTE
    return _end(session, or_(idle, old))


def _end(session: Session, *criteria: ColumnElement[bool]) -> int:
    return len(session.scalars(delete(UserSession).where(*criteria).returning(UserSession.id)).all())
