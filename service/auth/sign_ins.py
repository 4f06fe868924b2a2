"""Signing in and out, and changing a password."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.auth import passwords, sessions, throttles
from service.auth.errors import SignInBlocked, SignInRefused, WrongPassword
from service.clock import Clock
from service.domain import people
from service.engine import history
from service.store.database import Database


class SignedIn(NamedTuple):
    """A new session: its token is told this once."""

    person_id: str
    token: str


def sign_in(
    database: Database, clock: Clock, *, login: str, password: str, address: str, agent: str
) -> SignedIn:
    """Open a session; SignInRefused or SignInBlocked otherwise, the failure counted in the table.

    Several transactions rather than one: Argon2 is slow on purpose, and nobody else should wait for it.
    """
    now = clock.now()
    with database.read() as session:
        wait = throttles.blocked_for(session, login, address, now)
        person = people.by_login(session, login)
        known = (person.id, person.password_hash) if person is not None and person.active else None
    if wait is not None:
        raise SignInBlocked(int(wait.total_seconds()))
    person_id, password_hash = known or (None, None)
    if not passwords.matches(password_hash, password) or person_id is None:
        with database.write() as session:
            throttles.record_failure(session, login, address, now)
            if person_id is not None:  # Strangers' guesses are counted, but may not fill the chain.
                history.record(session, history.SYSTEM, "sign_in_refused", now, actor_id=person_id)
        raise SignInRefused
    renewed = (
        passwords.hash_password(password) if password_hash and passwords.outdated(password_hash) else None
    )
    with database.write() as session:
        throttles.forget(session, login, address)
        if renewed and (row := session.get(people.Person, person_id)) is not None:
            row.password_hash = renewed
        token = sessions.open_session(session, person_id, now, address=address, agent=agent)
        history.record(session, history.SYSTEM, "signed_in", now, actor_id=person_id)
    return SignedIn(person_id, token)


def sign_out(session: Session, person_id: str, session_id: str, now: datetime) -> None:
    """End the session."""
    sessions.revoke(session, person_id, session_id)
    history.record(session, history.SYSTEM, "signed_out", now, actor_id=person_id)


def change_password(
    database: Database, clock: Clock, *, person_id: str, session_id: str, old: str, new: str
) -> None:
    """Replace the own password and end all other sessions; WrongPassword or WeakPassword otherwise."""
    with database.read() as session:
        person = people.get(session, person_id)
        login, known = person.login, person.password_hash
    if not passwords.matches(known, old):
        raise WrongPassword
    password_hash = passwords.new_hash(new, login)
    with database.write() as session:
        person = session.get_one(people.Person, person_id, with_for_update=True)
        if person.password_hash != known:  # It was changed while we computed.
            raise WrongPassword
        person.password_hash = password_hash
        sessions.revoke_all(session, person_id, keep=session_id)
        history.record(session, history.SYSTEM, "password_changed", clock.now(), actor_id=person_id)


def reset_password(
    database: Database, clock: Clock, *, person_id: str, new: str, admin_id: str | None
) -> None:
    """Give somebody a new password, as an admin or from the command line (None); all their sessions end."""
    with database.read() as session:
        login = people.get(session, person_id).login
    password_hash = passwords.new_hash(new, login)
    with database.write() as session:
        people.get(session, person_id).password_hash = password_hash
        sessions.revoke_all(session, person_id)
        data = {"person_id": person_id}
        history.record(session, history.SYSTEM, "password_reset", clock.now(), actor_id=admin_id, data=data)


def add_person(
    session: Session,
    *,
    login: str,
    name: str,
    password_hash: str,
    role: str,
    office_id: str | None,
    admin_id: str | None,
    now: datetime,
) -> people.Person:
    """Add somebody with a first role and a first password (`passwords.new_hash`)."""
    person = people.create(
        session,
        login=login,
        name=name,
        now=now,
        password_hash=password_hash,
        actor_id=admin_id,
    )
    people.join(session, person.id, role, now=now, office_id=office_id, actor_id=admin_id)
    return person
