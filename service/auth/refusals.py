"""What the edge answers to each family of errors: status, code, sentence, and the faults by cell."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException

from service.auth.errors import AuthError
from service.domain import errors as domain
from service.domain import forms
from service.domain.user_tasks import FormInvalid
from service.engine import errors as engine

_HTTP_MESSAGES = {
    400: "提交的内容无法识别，请检查后再试。",
    404: "没有找到您要的页面，请检查网址。",
    405: "这个地址不支持这种操作。",
    413: "提交的内容太大，请缩小后再提交。",
    422: "提交的内容有需要改正的地方。",
    415: "提交的内容格式不受支持，请改用 JSON。",
    429: "请求过于频繁，请稍后再试。",
}
UNEXPECTED = "unexpected"
UNEXPECTED_MESSAGE = "系统出现了意外的错误，您的操作没有保存。请稍后再试；如仍不行，请联系管理员。"


class Fault(NamedTuple):
    """One fault: in which form, at which JSON pointer or field, and what to do about it."""

    form: str | None
    pointer: str
    message: str


class Refusal(NamedTuple):
    """An answer that is not a success."""

    status: int
    code: str
    message: str
    faults: list[Fault]


FAMILIES: tuple[tuple[type[Exception], int], ...] = (
    (domain.Forbidden, 403),
    (domain.NotFound, 404),
    (domain.Conflict, 409),
    (domain.Invalid, 422),
    (forms.DraftChanged, 409),
    (forms.ContentRefused, 422),
    (forms.FormError, 500),
    (engine.NotFound, 404),
    (engine.Conflict, 409),
    (engine.DecisionMissing, 422),
    (engine.DecisionUnknown, 422),
    (engine.EngineError, 500),
)


def refusal(error: Exception) -> Refusal:
    """The answer to an error; one that nobody foresaw tells nothing of its inside."""
    if isinstance(error, AuthError):
        faults = [Fault(None, error.field, error.message)] if error.field else []
        return Refusal(error.status, error.code, error.message, faults)
    if isinstance(error, HTTPException):
        return _of_http(error)
    for family, status in FAMILIES:
        if isinstance(error, family):
            return Refusal(status, code_of(type(error)), str(error), _faults(error))
    return Refusal(500, UNEXPECTED, UNEXPECTED_MESSAGE, [])


def code_of(error: type[Exception]) -> str:
    """`UserTaskClosed` as `user_task_closed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()


def _of_http(error: HTTPException) -> Refusal:
    status = error.code or 500
    code = HTTPStatus(status).phrase.lower().replace(" ", "_")
    message = _HTTP_MESSAGES.get(status, UNEXPECTED_MESSAGE)
    data: dict[str, Any] = getattr(error, "data", None) or {}
    return Refusal(status, code, message, list(_schema_faults(data.get("messages", {}))))


def _schema_faults(messages: Mapping[str, Any]) -> Iterator[Fault]:
    """What marshmallow found: {place: {field: [message]}}, nested at will."""
    for fields in messages.values():
        yield from _nested(fields, "")


def _nested(found: object, pointer: str) -> Iterator[Fault]:
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from _nested(value, pointer if key == "_schema" else f"{pointer}/{key}")
    elif isinstance(found, list):
        for message in found:
            yield Fault(None, pointer, str(message))


def _faults(error: Exception) -> list[Fault]:
    if isinstance(error, FormInvalid):
        return [
            Fault(form, problem.pointer, problem.message)
            for form, problems in error.forms.items()
            for problem in problems
            if problem.severity == "error"
        ]
    if isinstance(error, domain.Invalid):
        return [Fault(problem.form, problem.place, problem.message) for problem in error.problems]
    return []
