"""People and their memberships, for admins."""

from typing import Any

from marshmallow import Schema, fields, validate

from service.api.blueprints import Blueprint
from service.api.pages import PageQuerySchema, PageSchema
from service.api.sessions import MembershipSchema
from service.auth import passwords, sign_ins
from service.auth.requests import app, current_actor, db, now
from service.auth.routes import access
from service.domain import directories, people

blueprint = Blueprint("people", __name__, url_prefix="/people", description="人员（管理员）")


class HeldSchema(MembershipSchema):
    """A role that a person holds, by the id that it is ended with."""

    id = fields.String()
    since = fields.DateTime()
    until = fields.DateTime(allow_none=True)


class PersonSchema(Schema):
    """A person."""

    id = fields.String()
    login = fields.String()
    name = fields.String()
    active = fields.Boolean()
    created_at = fields.DateTime()
    memberships = fields.List(fields.Nested(HeldSchema))


class NewPersonSchema(Schema):
    """A person to be added, with a first role and a first password."""

    login = fields.String(required=True)
    name = fields.String(required=True)
    password = fields.String(required=True, load_only=True)
    role = fields.String(
        required=True, validate=validate.OneOf(list(people.ROLES), error="角色应为 {choices} 之一。")
    )
    office_id = fields.String(load_default=None, allow_none=True)


class NewPasswordSchema(Schema):
    """A password that an admin sets."""

    password = fields.String(required=True, load_only=True)


class NewMembershipSchema(Schema):
    """A role to be given."""

    role = fields.String(required=True)
    office_id = fields.String(load_default=None, allow_none=True)


class PeopleQuerySchema(PageQuerySchema):
    """Which of the people, and which page of them."""

    search = fields.String(load_default="", metadata={"description": "姓名或登录名中的一段"})


class PeoplePageSchema(PageSchema):
    """A page of people."""

    rows = fields.List(fields.Nested(PersonSchema))


@blueprint.get("")
@access("admin", "auditor")
@blueprint.arguments(PeopleQuerySchema, location="query")
@blueprint.response(200, PeoplePageSchema)
def index(query: dict[str, Any]) -> Any:
    """人员名单"""
    return directories.page(db(), now(), **query)


@blueprint.post("")
@access("admin")
@blueprint.arguments(NewPersonSchema)
@blueprint.response(201, PersonSchema)
def create(new: dict[str, Any]) -> Any:
    """新增人员"""
    password_hash = passwords.new_hash(new.pop("password"), new["login"])
    person = sign_ins.add_person(
        db(), admin_id=current_actor().person_id, now=now(), password_hash=password_hash, **new
    )
    return directories.entry(db(), person.id, now())


@blueprint.get("/<person_id>")
@access("admin", "auditor")
@blueprint.response(200, PersonSchema)
def show(person_id: str) -> Any:
    """一位人员"""
    return directories.entry(db(), person_id, now())


@blueprint.put("/<person_id>/password")
@access("admin", own_transaction=True)
@blueprint.arguments(NewPasswordSchema)
@blueprint.response(204)
def reset_password(password: dict[str, str], person_id: str) -> None:
    """重置密码，并结束此人的全部会话"""
    sign_ins.reset_password(
        app().database,
        app().session_clock,
        person_id=person_id,
        new=password["password"],
        admin_id=current_actor().person_id,
    )


@blueprint.post("/<person_id>/memberships")
@access("admin")
@blueprint.arguments(NewMembershipSchema)
@blueprint.response(201)
def join(membership: dict[str, Any], person_id: str) -> None:
    """任职"""
    people.join(db(), person_id, now=now(), actor_id=current_actor().person_id, **membership)


@blueprint.delete("/memberships/<membership_id>")
@access("admin")
@blueprint.response(204)
def leave(membership_id: str) -> None:
    """结束任职"""
    people.leave(db(), membership_id, now=now(), actor_id=current_actor().person_id)


@blueprint.put("/<person_id>/active")
@access("admin")
@blueprint.response(204)
def activate(person_id: str) -> None:
    """恢复账号"""
    people.activate(db(), person_id, now=now(), actor_id=current_actor().person_id)


@blueprint.delete("/<person_id>/active")
@access("admin")
@blueprint.response(204)
def deactivate(person_id: str) -> None:
    """停用账号"""
    people.deactivate(db(), person_id, now=now(), actor_id=current_actor().person_id)
