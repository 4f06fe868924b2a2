"""The one evaluator of everything that a file may compute: conditions, timers, table cells, assignments.

Expressions look like Python's but run none of it. Numbers are exact: literals, JSON numbers and results are
fractions, never binary floats. `a.b` and `a["b"]` read a key of a map; nothing has attributes. Names that are
missing are errors that name them.
"""

from collections.abc import Callable, Mapping, Set
from typing import Any, ClassVar

from service.engine.errors import EngineError

Functions = Mapping[str, Callable[..., Any]]


class ExpressionFailed(EngineError):
    """表达式 {expression} 无法计算：{reason}"""

    fields: ClassVar[tuple[str, ...]] = ("expression", "reason")
    expression: str
    reason: str


def evaluate(expression: str, names: Mapping[str, Any], functions: Functions | None = None) -> Any:
    """The value: text, bool, None, int, Fraction (where it is no whole number), list or dict.

    `functions` come on top of BUILTINS; they are called with the arguments only, so bind a context before.
    """
    raise NotImplementedError


def assign(script: str, data: dict[str, Any], functions: Functions | None = None) -> None:
    """Run `name = expression` lines; a later line sees what an earlier one set. Nothing is set where one fails."""
    raise NotImplementedError


def fault(expression: str, known_functions: Set[str] | None = None) -> str | None:
    """Why the expression could never be evaluated, as a Chinese sentence; None where nothing is wrong with it."""
    raise NotImplementedError


def names_of(expression: str) -> Set[str]:
    """The variables that it reads."""
    raise NotImplementedError


def plain(value: Any) -> Any:
    """As JSON: whole numbers as int, other fractions as exact decimal text; one that has none (1/3) is an error."""
    raise NotImplementedError
