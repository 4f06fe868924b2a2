"""Process instances: one run of a definition. Its state is a blob; what is asked of it has columns."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, select
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column

from service.engine.errors import NotFound
from service.store.database import Base, JSONText, UTCDateTime


class InstanceStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Instance(Base):
    """A process instance. Only the engine writes it; `version` counts the commands that moved it."""

    __tablename__ = "process_instance"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    definition_id: Mapped[str] = mapped_column(ForeignKey("process_definition.id"), index=True)
    business_key: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    end_elements: Mapped[list[str]] = mapped_column(JSONText)
    """The end events of the process itself that were reached."""
    history_seq: Mapped[int]
    history_hash: Mapped[str] = mapped_column(String(64))
    """The head of the instance's history chain: a removed tail shows."""
    state: Mapped[bytes] = deferred(mapped_column(LargeBinary))


def get(session: Session, instance_id: str) -> Instance:
    """The instance; NotFound."""
    found = session.get(Instance, instance_id)
    if found is None:
        raise NotFound(f"流程实例 {instance_id}")
    return found


def with_business_key(session: Session, business_key: str) -> Sequence[Instance]:
    """The instances of one business object, oldest first."""
    query = select(Instance).where(Instance.business_key == business_key)
    return session.scalars(query.order_by(Instance.started_at, Instance.id)).all()
