"""User tasks: lists, one task, drafts, claiming, attachments, completion."""

from typing import Any

from flask import request
from marshmallow import Schema, fields, validate
from werkzeug.exceptions import BadRequest

from service.api.attachments import AttachmentSchema
from service.api.blueprints import Blueprint
from service.api.numbers import COUNT
from service.api.pages import PageQuerySchema, PageSchema
from service.auth.requests import app, current_actor, db, engine
from service.auth.routes import access
from service.domain import user_tasks

blueprint = Blueprint("user_tasks", __name__, url_prefix="/user-tasks", description="任务：待办、已办、办理")


class ListQuerySchema(PageQuerySchema):
    """Which list and which page of it."""

    status = fields.String(
        load_default="todo", validate=validate.OneOf(["todo", "done"], error="应为 todo 或 done。")
    )


class RowSchema(Schema):
    """One line of a list."""

    id = fields.String()
    name = fields.String()
    subject = fields.String()
    business_key = fields.String()
    office = fields.String(metadata={"description": "办理单位；指定个人办理的为此人姓名"})
    personal = fields.Boolean(metadata={"description": "是否指定个人办理"})
    created_at = fields.DateTime()
    due_at = fields.DateTime(allow_none=True)
    claimed_by = fields.String(allow_none=True)
    claimed_name = fields.String(allow_none=True)
    status = fields.String()
    completed_at = fields.DateTime(allow_none=True)
    decision = fields.String(allow_none=True)


class RowsSchema(PageSchema):
    """A page of a list."""

    rows = fields.List(fields.Nested(RowSchema))


class ProblemSchema(Schema):
    """A fault or a warning at one cell."""

    pointer = fields.String()
    message = fields.String()
    severity = fields.String()


class FormSchema(Schema):
    """A form, to fill in or to read."""

    key = fields.String()
    title = fields.String(attribute="compiled.title")
    json_schema = fields.Dict(attribute="compiled.schema", metadata={"description": "JSON Schema 2020-12"})
    ui_schema = fields.Dict(attribute="compiled.uischema")
    content = fields.Dict()
    editable = fields.Boolean()
    version = fields.Integer(metadata={"description": "草稿的版本，保存时交回；0 表示还没有草稿"})
    saved_at = fields.DateTime(allow_none=True)
    saved_by = fields.String(allow_none=True)
    submission_id = fields.String(allow_none=True, metadata={"description": "内容是哪一次提交；草稿为 null"})
    remarks = fields.List(
        fields.Nested(ProblemSchema), metadata={"description": "已提交的内容中提请核对之处，不影响办理"}
    )


class StepSchema(Schema):
    """One user task in the course of a case."""

    user_task_id = fields.String()
    name = fields.String()
    office = fields.String()
    person = fields.String()
    created_at = fields.DateTime()
    completed_at = fields.DateTime(allow_none=True)
    status = fields.String()
    decision = fields.String()
    opinion = fields.String()


class ReleasedSchema(Schema):
    """A claim that an administrator has ended."""

    by = fields.String()
    at = fields.DateTime()
    reason = fields.String()


class UserTaskSchema(Schema):
    """A user task with all that its page shows."""

    id = fields.String(attribute="user_task.id")
    name = fields.String(attribute="user_task.name")
    element_id = fields.String(attribute="user_task.element_id")
    business_key = fields.String(attribute="user_task.business_key")
    status = fields.String(attribute="user_task.status")
    created_at = fields.DateTime(attribute="user_task.created_at")
    due_at = fields.DateTime(attribute="user_task.due_at", allow_none=True)
    subject = fields.String(attribute="subject.title")
    owner = fields.String()
    may_complete = fields.Boolean()
    may_claim = fields.Boolean()
    released = fields.Nested(
        ReleasedSchema,
        allow_none=True,
        metadata={"description": "管理员解除了读者的签收：何人、何时、为何；重新签收后为 null"},
    )
    claimed_by = fields.String(allow_none=True)
    version = fields.Function(
        lambda view: view.instance_version if view.user_task.assignee_id is None else None,
        metadata={
            "type": ["integer", "null"],
            "description": "流程的版本，办结时可交回；指定个人办理的任务为 null，不受他人办理的影响",
        },
    )
    forms = fields.List(fields.Nested(FormSchema))
    materials = fields.List(fields.Nested(FormSchema))
    decisions = fields.Dict(keys=fields.String(), values=fields.String())
    opinion = fields.String()
    opinion_needed = fields.List(fields.String())
    attachments = fields.List(fields.Nested(AttachmentSchema))
    may_attach = fields.Boolean()
    article = fields.String(allow_none=True)
    warnings = fields.List(fields.String(), metadata={"description": "提醒，不影响办理"})
    course = fields.List(fields.Nested(StepSchema))


class DraftSchema(Schema):
    """What was typed so far."""

    content = fields.Dict(required=True)
    version = fields.Integer(
        load_default=0, validate=COUNT, metadata={"description": "看到的草稿版本；0 表示还没有草稿"}
    )


class SavedSchema(Schema):
    """A draft as it was saved, and what is still wrong with it."""

    version = fields.Integer()
    saved_at = fields.DateTime()
    problems = fields.List(fields.Nested(ProblemSchema))


class CompletionSchema(Schema):
    """A decision, an opinion, and the forms' contents where they are not in the drafts."""

    decision = fields.String(load_default=None, allow_none=True)
    opinion = fields.String(load_default=None, allow_none=True)
    contents = fields.Dict(keys=fields.String(), values=fields.Dict(), load_default=None, allow_none=True)
    version = fields.Integer(load_default=None, allow_none=True)


class InstanceSchema(Schema):
    """The process after the command."""

    id = fields.String()
    business_key = fields.String()
    status = fields.String()
    version = fields.Integer()


class ClaimSchema(Schema):
    """Who has the task."""

    id = fields.String()
    claimed_by = fields.String(allow_none=True)
    claimed_at = fields.DateTime(allow_none=True)


@blueprint.get("")
@access("signed_in")
@blueprint.arguments(ListQuerySchema, location="query")
@blueprint.response(200, RowsSchema)
def index(query: dict[str, Any]) -> Any:
    """待办或已办"""
    listed = user_tasks.todo if query["status"] == "todo" else user_tasks.done
    return listed(db(), current_actor(), number=query["number"], size=query["size"])


@blueprint.get("/<user_task_id>")
@access("signed_in")
@blueprint.response(200, UserTaskSchema)
def show(user_task_id: str) -> Any:
    """一项任务：表单、材料、附件、办理过程"""
    return user_tasks.view(db(), current_actor(), user_task_id)


@blueprint.put("/<user_task_id>/drafts/<form_key>")
@access("official", "expert")
@blueprint.arguments(DraftSchema)
@blueprint.response(200, SavedSchema)
def save_draft(draft: dict[str, Any], user_task_id: str, form_key: str) -> Any:
    """保存草稿；有误之处随即告知，不影响保存"""
    return user_tasks.save_draft(
        db(),
        engine(),
        current_actor(),
        user_task_id,
        form_key,
        draft["content"],
        version=draft["version"],
    )


@blueprint.post("/<user_task_id>/claim")
@access("official", "expert")
@blueprint.response(200, ClaimSchema)
def claim(user_task_id: str) -> Any:
    """签收"""
    return user_tasks.claim(db(), engine(), current_actor(), user_task_id)


@blueprint.post("/<user_task_id>/release")
@access("official", "expert")
@blueprint.response(200, ClaimSchema)
def release(user_task_id: str) -> Any:
    """退回签收"""
    return user_tasks.release(db(), engine(), current_actor(), user_task_id)


@blueprint.post("/<user_task_id>/complete")
@access("official", "expert")
@blueprint.arguments(CompletionSchema)
@blueprint.response(200, InstanceSchema)
def complete(completion: dict[str, Any], user_task_id: str) -> Any:
    """办结：内容、意见、决定一并提交，全部成立才算办结"""
    return user_tasks.complete(db(), engine(), current_actor(), user_task_id, **completion)


@blueprint.post("/<user_task_id>/attachments")
@access("official", "expert")
@blueprint.doc(
    requestBody={
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            }
        }
    }
)
@blueprint.response(201, AttachmentSchema)
def attach(user_task_id: str) -> Any:
    """上传附件"""
    file = request.files.get("file")
    if file is None:
        raise BadRequest
    return user_tasks.attach(
        db(),
        engine(),
        current_actor(),
        user_task_id,
        app().laurel.uploads,
        file.stream,
        name=file.filename or "",
        maximum_bytes=app().laurel.attachment_bytes,
    )


@blueprint.delete("/<user_task_id>/attachments/<attachment_id>")
@access("official", "expert")
@blueprint.response(204)
def detach(user_task_id: str, attachment_id: str) -> None:
    """移除本任务中上传的附件"""
    user_tasks.detach(db(), engine(), current_actor(), user_task_id, attachment_id)
