"""The table of applications: what one division submits to one round."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.domain.errors import NotFound
from service.engine.seals import Sealed
from service.store.database import Base, UTCDateTime, find, hold


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
    NOT_APPROVED = "not_approved"
    APPROVED = "approved"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]


BEFORE_ACCEPTANCE = (Status.UNDER_WAY, Status.READY, Status.RECOMMENDED)
"""What still hinders the end of the intake."""

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
    Status.AWARDED: "入选",
    Status.AWARD_ENDED: "激励期已满",
    Status.AWARD_REVOKED: "激励已撤销",
    Status.NOT_APPROVED: "实施方案未予批复",
    Status.APPROVED: "实施方案已批复，试点示范中",
    Status.SUSPENDED: "试点示范已中止",
    Status.COMPLETED: "试点示范期满",
    Status.CANCELLED: "中止和通报取消",
}


LEVEL_LABELS = {
    "province": "省级行政区",
    "city": "地级行政区（含计划单列市）",
    "district": "直辖市辖区（县）",
    "county": "县级行政区",
    "xpcc": "新疆生产建设兵团的市",
}


class Application(Sealed, Base):
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

    TITLE = "申报"
    SEALED = (
        "round_id",
        "track",
        "recommendation_id",
        "division_code",
        "city_code",
        "province_code",
        "status",
        "reason",
        "submitted_at",
        "accepted_at",
        "closed_at",
    )
    SEALED_IF_SET = ("copied_at",)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"), index=True)
    track: Mapped[str] = mapped_column(String(40))
    recommendation_id: Mapped[str | None] = mapped_column(ForeignKey("recommendation.id"), index=True)
    """None where the document knows no recommending unit."""
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
    copied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    """When the province's industry office was sent a copy of what goes past it (计划单列市)."""
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Applicant(NamedTuple):
    """An accepted application as the review needs to know it."""

    application_id: str
    name: str
    """浙江省杭州市"""
    division_code: str
    city_code: str | None
    province_code: str

    def part(self, level: str) -> str:
        """The code of the city or province in which it lies, or which it is."""
        return self.province_code if level == "province" else self.city_code or self.division_code


class ApplicationMissing(NotFound):
    """没有找到这份申报，或者您无权查看。"""


def get(session: Session, application_id: str) -> Application:
    """The application; ApplicationMissing."""
    found = find(session, Application, application_id)
    if found is None:
        raise ApplicationMissing
    return found


def locked(session: Session, application_id: str) -> Application:
    """The application with its row held until the transaction ends: before the system's history, always."""
    found = hold(session, Application, application_id)
    if found is None:
        raise ApplicationMissing
    return found
