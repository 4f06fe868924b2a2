"""Who sees which application: SQL criteria for lists, and the same rule for one subject (404 where hidden)."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from service.domain.access import Actor


def applications(actor: Actor) -> ColumnElement[bool]:
    """A criterion on Application: own office, offices it has reached, own committee's accepted ones, auditors all."""
    ...


def sees(session: Session, actor: Actor, business_key: str) -> bool: ...


def require(session: Session, actor: Actor, business_key: str) -> None:
    """NotFound (never Forbidden) for a subject that the actor may not see."""
    ...
