"""Signing in by the API, one's sessions and password."""

from typing import Any

from flask import abort, request
from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.auth import csrf, sessions, sign_ins
from service.auth.requests import address, app, current_actor, current_session_id, db, now
from service.auth.routes import access
from service.domain import people

blueprint = Blueprint("sessions", __name__, description="登录、会话和密码")


class SignInSchema(Schema):
    """Login and password."""

    login = fields.String(required=True)
    password = fields.String(required=True, load_only=True)


class TokenSchema(Schema):
    """A session's token, told this once."""

    token = fields.String(metadata={"description": "之后的请求放在 Authorization: Bearer 中"})
    person_id = fields.String()


class MembershipSchema(Schema):
    """A role, and the office that it is held in."""

    role = fields.String()
    office = fields.String()


class SessionSchema(Schema):
    """A session: where and when it was begun."""

    id = fields.String()
    created_at = fields.DateTime()
    seen_at = fields.DateTime()
    expires_at = fields.DateTime()
    address = fields.String()
    agent = fields.String()


class CurrentSchema(Schema):
    """Who is signed in."""

    person_id = fields.String()
    name = fields.String()
    roles = fields.List(fields.String())
    memberships = fields.List(fields.Nested(MembershipSchema))
    csrf_token = fields.String(metadata={"description": "以 Cookie 登录时，写操作须放在 X-CSRF-Token 中"})
    now = fields.DateTime(metadata={"description": "系统时间；演示环境中不是真实时间"})


class PasswordSchema(Schema):
    """The old password and the new one."""

    old = fields.String(required=True, load_only=True)
    new = fields.String(required=True, load_only=True)


@blueprint.post("/session")
@access("public", own_transaction=True)
@blueprint.arguments(SignInSchema)
@blueprint.response(201, TokenSchema)
def sign_in(credentials: dict[str, str]) -> Any:
    """登录，得到令牌"""
    return sign_ins.sign_in(
        app().database, app().session_clock, address=address(), agent=request.user_agent.string, **credentials
    )


@blueprint.get("/session")
@access("signed_in")
@blueprint.response(200, CurrentSchema)
def show() -> Any:
    """当前登录的人"""
    actor = current_actor()
    return {
        "person_id": actor.person_id,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "memberships": people.described(db(), actor.person_id, now()),
        "csrf_token": csrf.csrf_token(),
        "now": now(),
    }


@blueprint.delete("/session")
@access("signed_in")
@blueprint.response(204)
def sign_out() -> None:
    """退出"""
    sign_ins.sign_out(db(), current_actor().person_id, current_session_id(), app().session_clock.now())


@blueprint.get("/sessions")
@access("signed_in")
@blueprint.response(200, SessionSchema(many=True))
def index() -> Any:
    """自己的全部会话"""
    return sessions.of_person(db(), current_actor().person_id, app().session_clock.now())


@blueprint.delete("/sessions/<session_id>")
@access("signed_in")
@blueprint.response(204)
def revoke(session_id: str) -> None:
    """结束自己的一个会话"""
    if not sessions.revoke(db(), current_actor().person_id, session_id):
        abort(404)


@blueprint.put("/password")
@access("signed_in", own_transaction=True)
@blueprint.arguments(PasswordSchema)
@blueprint.response(204)
def change_password(passwords: dict[str, str]) -> None:
    """修改自己的密码，并结束其他会话"""
    sign_ins.change_password(
        app().database,
        app().session_clock,
        person_id=current_actor().person_id,
        session_id=current_session_id(),
        **passwords,
    )
