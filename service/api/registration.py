"""The API put together: its blueprints, its one error envelope, its OpenAPI document."""

from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from service.api import (
    applications,
    attachments,
    cases,
    claims,
    cycles,
    demo_clocks,
    editions,
    ledger,
    notices,
    objections,
    operations,
    papers,
    people,
    registers,
    replacements,
    rounds,
    sanctions,
    sessions,
    standings,
    targets,
    user_tasks,
)
from service.auth.refusals import Refusal
from service.auth.requests import EdgeApp
from service.auth.routes import access

PREFIX = "/api/v1"
PARTS = (
    sessions,
    user_tasks,
    papers,
    attachments,
    applications,
    rounds,
    targets,
    standings,
    cycles,
    replacements,
    notices,
    objections,
    ledger,
    cases,
    editions,
    people,
    sanctions,
    claims,
    registers,
    operations,
    demo_clocks,
)


class FaultSchema(Schema):
    """One fault in what was sent."""

    form = fields.String(allow_none=True, metadata={"description": "表单的键；与表单无关时为 null"})
    pointer = fields.String(metadata={"description": "JSON Pointer（RFC 6901），指出有误的单元格或字段"})
    message = fields.String(metadata={"description": "哪里不对、怎样改正"})


class ErrorSchema(Schema):
    """The one envelope of everything that is not a success."""

    code = fields.String(metadata={"description": "供程序判断的错误代码"})
    message = fields.String(metadata={"description": "供人阅读的说明"})
    problems = fields.List(fields.Nested(FaultSchema))


class LaurelApi(flask_smorest.Api):
    """flask-smorest, but for its error handlers and pages: the project has its own for both edges."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Leave errors to the application."""


def register(app: EdgeApp) -> None:
    """Put the API into the application."""
    app.config.update(API_TITLE="桂冠 Laurel", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = LaurelApi(
        app,
        spec_kwargs={
            "info": {"description": DESCRIPTION},
            "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
            "security": [{"bearer": []}],
        },
    )
    whole = flask_smorest.Blueprint("api", __name__, url_prefix=PREFIX)
    for module in PARTS:
        whole.register_blueprint(module.blueprint)

    @whole.get("/openapi.json")
    @whole.doc(security=[])
    @access("public", own_transaction=True)
    def document() -> ResponseReturnValue:
        """本文件"""
        return api.spec.to_dict()

    api.register_blueprint(whole)


def envelope(refused: Refusal) -> dict[str, Any]:
    """An error as the API answers it."""
    return {
        "code": refused.code,
        "message": refused.message,
        "problems": [fault._asdict() for fault in refused.faults],
    }


DESCRIPTION = """\
页面能做的事，接口都能做，并且遵守同样的权限。登录（`POST /session`）后得到令牌，之后的请求带上
`Authorization: Bearer <令牌>`。使用浏览器会话 Cookie 的请求，凡是会改变数据的，都要带上 `X-CSRF-Token`。

出错时返回 `{code, message, problems}`：`message` 是给人看的说明，`problems` 逐处指出有误的表单和单元格。
"""
