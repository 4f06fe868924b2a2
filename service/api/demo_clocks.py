"""The demo's clock, where the service runs as a demo."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, fields, validate

from service.api.blueprints import Blueprint
from service.auth.demo import advance, require_demo
from service.auth.requests import db, now
from service.auth.routes import access
from service.domain import demos
from service.domain.demo_clocks import LONGEST_STEP

blueprint = Blueprint("demo_clock", __name__, url_prefix="/demo-clock", description="演示时间（仅演示环境）")


class TimeSchema(Schema):
    """The demo's time."""

    now = fields.DateTime()


STEP = validate.Range(0, LONGEST_STEP.days * 24, error="应为 {min} 至 {max} 的整数。")


class MoveSchema(Schema):
    """How far to move on."""

    days = fields.Integer(load_default=0, validate=STEP)
    hours = fields.Integer(load_default=0, validate=STEP)


class AccountSchema(Schema):
    """Somebody to sign in as."""

    login = fields.String()
    password = fields.String()
    name = fields.String()
    duty = fields.String()


@blueprint.get("")
@access("signed_in")
@blueprint.response(200, TimeSchema)
def show() -> Any:
    """演示时间"""
    require_demo()
    return {"now": now()}


@blueprint.post("")
@access("admin", own_transaction=True)
@blueprint.arguments(MoveSchema)
@blueprint.response(200, TimeSchema)
def move(step: dict[str, int]) -> Any:
    """推进演示时间，到期的事项随即办理"""
    advance(timedelta(**step))
    return {"now": now()}


@blueprint.get("/accounts")
@access("public")
@blueprint.response(200, AccountSchema(many=True))
def accounts() -> Any:
    """演示账号"""
    require_demo()
    return [{**account._asdict(), "password": demos.PASSWORD} for account in demos.accounts(db())]
