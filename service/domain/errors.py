"""The families of domain errors, by what the reader can do about them; only the edge maps them to HTTP.

A concrete error is a subclass beside the verb that raises it. Its docstring is its message, in Chinese, with
the constructor's keyword arguments filled in: `class RoundClosed(Conflict): "轮次“{title}”已经结束。"`.
"""

import inspect
from typing import Any, ClassVar, NamedTuple

from service.domain.quotes import nested


class Problem(NamedTuple):
    """One fault in what was handed in: where (a JSON pointer, a field or `第3行`) and a Chinese sentence."""

    place: str
    message: str
    form: str | None = None
    """The key of the form whose cell `place` points to; None where it is no form's."""


class DomainError(Exception):
    """操作没有完成。"""

    def __init__(self, **fields: Any) -> None:
        super().__init__(fields)
        self.fields = fields

    @property
    def message(self) -> str:
        return nested(inspect.cleandoc(type(self).__doc__ or "").format(**self.fields))

    def __str__(self) -> str:
        return self.message


class Invalid(DomainError):
    """填写的内容有 {count} 处需要改正。"""

    place: ClassVar[str] = ""
    """Where the one fault lies that a subclass stands for; its message is the problem's."""
    form: ClassVar[str | None] = None
    """Of which form that place is a cell."""

    def __init__(self, problems: list[Problem] | None = None, **fields: Any) -> None:
        super().__init__(count=len(problems or [self]), **fields)
        named = problems or [Problem(self.place, self.message, self.form)]
        self.problems = [each._replace(message=nested(each.message)) for each in named]


class Forbidden(DomainError):
    """您没有权限进行这项操作。"""


class NotFound(DomainError):
    """没有找到您要的内容，或者您无权查看。"""


class Conflict(DomainError):
    """情况已经改变，操作没有完成。请刷新页面后再试。"""
