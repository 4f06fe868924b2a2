"""Forms on paper: submissions as Word and Excel files, and what a version code stands for."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields
from werkzeug.exceptions import BadRequest

from service.api.blueprints import Blueprint
from service.api.user_tasks import SavedSchema
from service.auth.downloads import to_save
from service.auth.numbers import whole
from service.auth.requests import app, current_actor, current_actor_or_none, db, engine
from service.auth.routes import access
from service.domain import user_tasks
from service.domain.forms.statistics.guards import MAXIMUM_BYTES

blueprint = Blueprint("papers", __name__, description="导出和核对：Word、Excel 文件和版本编号")

BINARY = {"type": "string", "format": "binary"}


class RecordSchema(Schema):
    """What anybody may know of a paper with this code."""

    code = fields.String(metadata={"description": "版本编号"})
    form = fields.String(metadata={"description": "表单名称"})
    subject = fields.String()
    division = fields.String()
    number = fields.Integer(metadata={"description": "第几次提交"})
    submitted_at = fields.DateTime()
    latest = fields.Boolean(metadata={"description": "是否为最后一次提交"})
    submission_id = fields.String(
        allow_none=True, metadata={"description": "读者有权查看内容的，为这份表单的编号；否则为 null"}
    )


class TakenSchema(Schema):
    """A workbook that was taken over."""

    saved = fields.Nested(SavedSchema, metadata={"description": "草稿，和其中仍需改正之处"})
    filled = fields.Integer(metadata={"description": "工作簿里有内容的格数"})
    changed = fields.Integer(metadata={"description": "与原来不同的格数"})


class SuggestionSchema(Schema):
    """One empty cell, and what it could be."""

    pointer = fields.String(metadata={"description": "单元格的 JSON Pointer"})
    label = fields.String()
    value = fields.String()
    shown = fields.String(metadata={"description": "供人阅读的值"})
    source = fields.String(metadata={"description": "出自以前年度表单的哪一格"})


class SuggestedSchema(Schema):
    """What an earlier submission says for the empty cells."""

    source = fields.String(metadata={"description": "出自哪一次申报；空：没有可以查看的以前年度的申报"})
    submission_id = fields.String(allow_none=True)
    suggestions = fields.List(fields.Nested(SuggestionSchema))


class CarriedOverSchema(Schema):
    """What was filled in."""

    saved = fields.Nested(SavedSchema)
    source = fields.String()
    suggestions = fields.List(fields.Nested(SuggestionSchema))


@blueprint.get("/submissions/<submission_id>/<format>")
@access("signed_in")
@blueprint.response(200, BINARY, content_type="application/octet-stream")
def submission(submission_id: str, format: str) -> ResponseReturnValue:
    """已提交的表单，导出为 docx 或 xlsx，带版本编号和二维码"""
    file = user_tasks.submission_file(
        db(), current_actor(), submission_id, format, base_url=app().laurel.base_url
    )
    return to_save(file.content, name=file.name, media_type=file.media_type)


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/<format>")
@access("signed_in")
@blueprint.response(200, BINARY, content_type="application/octet-stream")
def form(user_task_id: str, form_key: str, format: str) -> ResponseReturnValue:
    """任务中的表单，导出为 docx 或 xlsx；没有提交的标明草稿"""
    file = user_tasks.form_file(
        db(), current_actor(), user_task_id, form_key, format, base_url=app().laurel.base_url
    )
    return to_save(file.content, name=file.name, media_type=file.media_type)


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/workbook")
@access("official", "expert")
@blueprint.response(200, BINARY, content_type="application/octet-stream")
def template(user_task_id: str, form_key: str) -> ResponseReturnValue:
    """统计工作簿的模板（xlsx），已带有草稿里的数据"""
    file = user_tasks.template(db(), current_actor(), user_task_id, form_key)
    return to_save(file.content, name=file.name, media_type=file.media_type)


@blueprint.post("/user-tasks/<user_task_id>/forms/<form_key>/workbook")
@access("official", "expert")
@blueprint.doc(
    requestBody={
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "version": {
                            "type": "integer",
                            "description": "看到的草稿版本；不给的，以现在的草稿为准",
                        },
                    },
                }
            }
        }
    }
)
@blueprint.response(200, TakenSchema)
def take(user_task_id: str, form_key: str) -> Any:
    """把填好的统计工作簿导入草稿；有错的格按“工作表!单元格”一次列出，改好前不导入任何内容"""
    file, version = request.files.get("file"), request.form.get("version", "")
    if file is None:
        raise BadRequest
    return user_tasks.take(
        db(),
        engine(),
        current_actor(),
        user_task_id,
        form_key,
        file.stream.read(MAXIMUM_BYTES + 1),
        version=whole(version),
    )


@blueprint.get("/user-tasks/<user_task_id>/forms/<form_key>/suggestions")
@access("official", "expert")
@blueprint.response(200, SuggestedSchema)
def suggestions(user_task_id: str, form_key: str) -> Any:
    """以前年度的申报中可以带入空格的数据，和各自的出处"""
    return user_tasks.suggested(db(), current_actor(), user_task_id, form_key)


@blueprint.post("/user-tasks/<user_task_id>/forms/<form_key>/suggestions")
@access("official", "expert")
@blueprint.response(200, CarriedOverSchema)
def carry_over(user_task_id: str, form_key: str) -> Any:
    """把以前年度的数据带入草稿里空着的格；有内容的格不动"""
    return user_tasks.carry_over(db(), engine(), current_actor(), user_task_id, form_key)


@blueprint.get("/verify/<code>")
@access("public")
@blueprint.response(200, RecordSchema)
def verify(code: str) -> Any:
    """版本编号所对应的表单：名称、单位、第几次提交、时间、是否最后一次；不含内容"""
    return user_tasks.verify(db(), current_actor_or_none(), code)
