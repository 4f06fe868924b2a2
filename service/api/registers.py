"""The work calendar and the table of divisions: what a file changes, and loading it."""

from typing import Any

from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth.requests import current_actor, db, now
from service.auth.routes import access
from service.domain import divisions, holidays
from service.domain.divisions import Differences

blueprint = Blueprint(
    "registers", __name__, url_prefix="/registers", description="工作日历和行政区划（管理员）"
)


class YearSchema(Schema):
    """Whether a year has a calendar."""

    year = fields.Integer()
    packaged = fields.Boolean(metadata={"description": "程序带有这一年的安排"})
    days = fields.Integer(metadata={"description": "管理员载入的天数"})
    loaded_at = fields.DateTime(allow_none=True)
    missing = fields.Boolean(metadata={"description": "没有安排，这一年的期限不能确定"})


class DayChangeSchema(Schema):
    """A day that becomes another kind of day."""

    day = fields.Date()
    name = fields.String()
    before = fields.Boolean(
        allow_none=True, metadata={"description": "原来是否上班；这一年没有安排时为 null"}
    )
    after = fields.Boolean()


class RunningNoticeSchema(Schema):
    """A notice over whose days the calendar changes; its end stays."""

    id = fields.String()
    number = fields.String()
    title = fields.String()
    ends_on = fields.Date()


class HolidayPlanSchema(Schema):
    """What a year's file changes."""

    year = fields.Integer()
    changes = fields.List(fields.Nested(DayChangeSchema))
    notices = fields.List(fields.Nested(RunningNoticeSchema))
    standing = fields.String(metadata={"description": "现有安排的摘要，载入时交回，以免覆盖别人刚载入的"})


class FileSchema(Schema):
    """A file's text."""

    content = fields.String(required=True, metadata={"description": "CSV，格式见 service/data/README.md"})


class HolidayFileSchema(FileSchema):
    """A year's file, and against what its changes were approved."""

    standing = fields.String(load_default=None, allow_none=True)


class DivisionPlanSchema(Schema):
    """What a table of divisions changes."""

    added = fields.List(fields.String())
    changed = fields.Dict(keys=fields.String(), metadata={"description": "代码 → {字段: [原值, 新值]}"})
    retired = fields.List(fields.String(), metadata={"description": "停用的代码"})
    unchanged = fields.Integer()
    fingerprint = fields.String(metadata={"description": "这些变动的摘要，载入时交回为 approved"})


class DivisionFileSchema(FileSchema):
    """A table of divisions, and the changes that were approved."""

    approved = fields.String(load_default=None, allow_none=True)


@blueprint.get("/calendar")
@access("admin", "auditor")
@blueprint.response(200, YearSchema(many=True))
def calendar() -> Any:
    """哪些年份有放假安排"""
    return holidays.years(db(), now())


@blueprint.post("/calendar/plan")
@access("admin")
@blueprint.arguments(FileSchema)
@blueprint.response(200, HolidayPlanSchema)
def plan_holidays(file: dict[str, str]) -> Any:
    """核对一年的放假安排，列出变动，不载入"""
    return holidays.plan(db(), file["content"].encode(), now=now())


@blueprint.post("/calendar")
@access("admin")
@blueprint.arguments(HolidayFileSchema)
@blueprint.response(200, HolidayPlanSchema)
def load_holidays(file: dict[str, Any]) -> Any:
    """载入一年的放假安排"""
    content = file.pop("content").encode()
    return holidays.load(db(), content, now=now(), actor_id=current_actor().person_id, **file)


@blueprint.get("/divisions")
@access("admin", "auditor")
@blueprint.response(200)
def division_table() -> Any:
    """各级行政区划的个数"""
    return divisions.counts(db())


@blueprint.post("/divisions/plan")
@access("admin")
@blueprint.arguments(FileSchema)
@blueprint.response(200, DivisionPlanSchema)
def plan_divisions(file: dict[str, str]) -> Differences:
    """核对行政区划表，列出变动，不载入"""
    return divisions.compare(db(), file["content"].encode())


@blueprint.post("/divisions")
@access("admin")
@blueprint.arguments(DivisionFileSchema)
@blueprint.response(200, DivisionPlanSchema)
def load_divisions(file: dict[str, Any]) -> Differences:
    """载入行政区划表"""
    content = file.pop("content").encode()
    return divisions.load_divisions(db(), content, now=now(), actor_id=current_actor().person_id, **file)
