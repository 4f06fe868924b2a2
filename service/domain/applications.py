"""Applications: what one division submits to one round."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.database import Base, UTCDateTime


class Status(StrEnum):
    """Where an application stands; who has it at the moment is told by its open user task."""

    UNDER_WAY = "under_way"
    READY = "ready"
    RECOMMENDED = "recommended"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    BARRED = "barred"
    LAPSED = "lapsed"
    REFUSED = "refused"
    NOT_RECOMMENDED = "not_recommended"
    NOT_ACCEPTED = "not_accepted"
    NOT_SELECTED = "not_selected"
    DISQUALIFIED = "disqualified"
    AWARDED = "awarded"
    AWARD_ENDED = "award_ended"
    AWARD_REVOKED = "award_revoked"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def final(self) -> bool:
        """Whether nothing more is to be decided about the application."""
        return self not in (Status.UNDER_WAY, Status.READY, Status.RECOMMENDED, Status.ACCEPTED)


_LABELS = {
    Status.UNDER_WAY: "逐级申报中",
    Status.READY: "待推荐单位比选",
    Status.RECOMMENDED: "已推荐，待受理",
    Status.ACCEPTED: "已受理",
    Status.WITHDRAWN: "已撤回",
    Status.BARRED: "限制申报",
    Status.LAPSED: "逾期未报",
    Status.REFUSED: "未通过审核",
    Status.NOT_RECOMMENDED: "未获推荐",
    Status.NOT_ACCEPTED: "不予受理",
    Status.NOT_SELECTED: "未入选",
    Status.DISQUALIFIED: "取消资格",
    Status.AWARDED: "入选，激励期内",
    Status.AWARD_ENDED: "激励期已满",
    Status.AWARD_REVOKED: "激励已撤销",
}


class Application(Base):
    """One division's application to one round; at most one that was not withdrawn."""

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "ix_application_round_id_division_code",
            "round_id",
            "division_code",
            unique=True,
            sqlite_where=text("status <> 'withdrawn'"),
            postgresql_where=text("status <> 'withdrawn'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    track: Mapped[str] = mapped_column(String(40))
    recommendation_id: Mapped[str] = mapped_column(ForeignKey("recommendation.id"), index=True)
    division_code: Mapped[str] = mapped_column(String(6), index=True)
    city_code: Mapped[str | None] = mapped_column(String(6), index=True)
    """The prefecture-level division that reviews it on its way; None where there is none to review it."""
    province_code: Mapped[str] = mapped_column(String(6), index=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    status: Mapped[str] = mapped_column(String(20), default=Status.UNDER_WAY)
    reason: Mapped[str | None]
    """Why the status is what it is, as the applicant reads it."""
    created_by: Mapped[str] = mapped_column(String(36))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
