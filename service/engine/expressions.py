"""The one evaluator of everything that a file may compute: conditions, timers, table cells, assignments.

Expressions look like Python's but run none of it: a grammar that is allowed node by node, on simpleeval,
within limits of length, depth, steps and size. Numbers are exact: literals, JSON numbers and results are
fractions, never binary floats. `a.b` and `a["b"]` read a key of a map, and nothing has attributes. What is
missing is an error that names it, and values of different kinds are never compared: "16" is not a number
until `number(x)` makes it one.
"""

import ast
from collections import ChainMap
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import simpleeval  # type: ignore[import-untyped]

from service.engine.grammar import (
    CONSTANTS,
    RESERVED,
    ExpressionFailed,
    assignments,
    fault,
    name_fault,
    names_of,
    parse,
    tree_of,
)
from service.engine.values import (
    BUILTINS,
    OPERATORS,
    Fault,
    Functions,
    NotDecimal,
    exact,
    items,
    kind,
    plain,
    truth,
)

__all__ = [
    "BUILTINS",
    "RESERVED",
    "ExpressionFailed",
    "Functions",
    "assign",
    "assignments",
    "evaluate",
    "fault",
    "holds",
    "name_fault",
    "names_of",
    "plain",
    "tree_of",
]

MAX_STEPS = 20_000


def evaluate(expression: str, names: Mapping[str, Any], functions: Functions | None = None) -> Any:
    """The value: text, bool, None, int, Fraction (where it is no whole number), list or dict.

    `functions` come on top of BUILTINS; they are called with the arguments only, so bind a context before.
    Named errors that they raise come through unchanged; all else becomes ExpressionFailed.
    """
    parsed = parse(expression)
    try:
        return _Evaluator(expression, names, functions or {}).value(parsed.tree)
    except (Fault, NotDecimal) as error:
        raise ExpressionFailed(expression, str(error)) from error
    except ZeroDivisionError as error:
        raise ExpressionFailed(expression, "除数为 0。") from error
    except (simpleeval.InvalidExpression, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise ExpressionFailed(expression, f"{error}。") from error


def holds(expression: str, names: Mapping[str, Any], functions: Functions | None = None) -> bool:
    """Whether a condition is true. A value that is neither True nor False is an error."""
    value = evaluate(expression, names, functions)
    try:
        return truth(value, "条件")
    except Fault as error:
        raise ExpressionFailed(expression, str(error)) from error


def assign(script: str, data: dict[str, Any], functions: Functions | None = None) -> None:
    """Run `name = expression` lines; a later one sees what an earlier one set. If one fails, none is set."""
    values: dict[str, Any] = {}
    for name, expression in assignments(script):
        values[name] = plain(evaluate(expression, ChainMap(values, data), functions))
    data.update(values)


class _Evaluator(simpleeval.EvalWithCompoundTypes):
    """simpleeval, with all that touches Python objects replaced. One a call: it counts its steps."""

    def __init__(self, expression: str, names: Mapping[str, Any], functions: Functions) -> None:
        # Not super().__init__: its defaults are not wanted, and setting them costs more than evaluating.
        self.expr = expression
        self.names = names
        self.functions = functions
        self.operators = OPERATORS
        self.steps = 0

    def value(self, node: ast.AST) -> Any:
        """The value of a node that `_examine` has passed."""
        return self._eval(node)

    def _eval(self, node: ast.AST) -> Any:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Fault(f"它要算的步数超过 {MAX_STEPS}。")
        return exact(self._EVALUATED_BY[type(node)](self, node))

    def _eval_constant(self, node: ast.Constant) -> Any:
        return node.value

    def _eval_name(self, node: ast.Name) -> Any:
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id in self.names:
            return self.names[node.id]
        raise Fault(f"没有变量 {node.id}。")

    def _eval_boolop(self, node: ast.BoolOp) -> bool:
        either = isinstance(node.op, ast.Or)
        what = f"{'or' if either else 'and'} 两边的值"
        values = (truth(self._eval(operand), what) for operand in node.values)
        return any(values) if either else all(values)

    def _eval_ifexp(self, node: ast.IfExp) -> Any:
        return self._eval(node.body if truth(self._eval(node.test), "if 后面的值") else node.orelse)

    def _eval_call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        function = BUILTINS.get(name) or self.functions.get(name)
        if function is None:
            raise Fault(f"没有函数 {name}。")
        return function(*[self._eval(argument) for argument in node.args])

    def _eval_attribute(self, node: ast.Attribute) -> Any:
        return self._item(self._eval(node.value), node.attr)

    def _eval_subscript(self, node: ast.Subscript) -> Any:
        return self._item(self._eval(node.value), self._eval(node.slice))

    def _item(self, container: Any, key: Any) -> Any:
        if isinstance(container, Mapping):
            if isinstance(key, str) and key in container:
                return container[key]
            raise Fault(f"这组数据里没有 {key}。")
        if isinstance(container, list | tuple) and isinstance(key, int) and not isinstance(key, bool):
            if -len(container) <= key < len(container):
                return container[key]
            raise Fault(f"列表里没有第 {key} 项（从 0 数起，共 {len(container)} 项）。")
        raise Fault(f"不能从{kind(container)}里读取 {key}。")

    def _eval_comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> list[Any]:
        (generator,) = node.generators
        assert isinstance(generator.target, ast.Name)
        outer, values = self.names, []
        try:
            for item in items("for … in", self._eval(generator.iter)):
                self.names = ChainMap({generator.target.id: item}, outer)  # type: ignore[arg-type]
                if all(truth(self._eval(test), "if 后面的值") for test in generator.ifs):
                    values.append(self._eval(node.elt))
        finally:
            self.names = outer
        return values

    _EVALUATED_BY: ClassVar[Mapping[type[ast.AST], Callable[..., Any]]] = {
        ast.Constant: _eval_constant,
        ast.Name: _eval_name,
        ast.UnaryOp: simpleeval.EvalWithCompoundTypes._eval_unaryop,
        ast.BinOp: simpleeval.EvalWithCompoundTypes._eval_binop,
        ast.BoolOp: _eval_boolop,
        ast.Compare: simpleeval.EvalWithCompoundTypes._eval_compare,
        ast.IfExp: _eval_ifexp,
        ast.Call: _eval_call,
        ast.Attribute: _eval_attribute,
        ast.Subscript: _eval_subscript,
        ast.List: simpleeval.EvalWithCompoundTypes._eval_list,
        ast.Tuple: simpleeval.EvalWithCompoundTypes._eval_list,
        ast.Dict: simpleeval.EvalWithCompoundTypes._eval_dict,
        ast.ListComp: _eval_comprehension,
        ast.GeneratorExp: _eval_comprehension,
    }
