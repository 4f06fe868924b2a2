"""The one evaluator of everything that a file may compute: conditions, timers, table cells, assignments.

Expressions look like Python's but run none of it: a grammar that is allowed node by node, on simpleeval,
within limits of length, depth, steps and size. Numbers are exact: literals, JSON numbers and results are
fractions, never binary floats. `a.b` and `a["b"]` read a key of a map, and nothing has attributes. What is
missing is an error that names it, and values of different kinds are never compared: "16" is not a number
until `number(x)` makes it one.
"""

import ast
from collections import ChainMap
from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

import simpleeval  # type: ignore[import-untyped]

from service.engine.errors import EngineError
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

MAX_LENGTH = 1_000
MAX_DEPTH = 40
MAX_STEPS = 20_000

RESERVED = frozenset({"typename", "data_objects"})
"""Keys that no data may have: with `typename` in its data, the engine cannot load an instance again."""

TAKEN = frozenset({"parameters", "cell_input"})
"""Names that expressions find without a variable: parameters, and the value that a table's cell judges."""

_SHOWN = 160
_CONSTANTS = {"true": True, "false": False, "null": None}
_WORDS = {"and", "or", "not", "in", "if", "else", "for", "is", "lambda", "None", "True", "False"}
_GRAMMAR = (
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.Store,  # Only what a comprehension binds.
    ast.UnaryOp,
    ast.BinOp,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Compare,
    ast.IfExp,
    ast.Call,
    ast.Attribute,
    ast.Subscript,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.ListComp,
    ast.GeneratorExp,
    ast.comprehension,
    *OPERATORS,
)


class ExpressionFailed(EngineError):
    """表达式 {expression} 无法计算：{reason}"""

    fields: ClassVar[tuple[str, ...]] = ("expression", "reason")
    expression: str
    reason: str

    def __init__(self, expression: str, reason: str) -> None:
        shown = " ".join(expression.split())
        super().__init__(shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…", reason)


# Using expressions.


def evaluate(expression: str, names: Mapping[str, Any], functions: Functions | None = None) -> Any:
    """The value: text, bool, None, int, Fraction (where it is no whole number), list or dict.

    `functions` come on top of BUILTINS; they are called with the arguments only, so bind a context before.
    Named errors that they raise come through unchanged; all else becomes ExpressionFailed.
    """
    parsed = _parse(expression)
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


@lru_cache(maxsize=512)
def assignments(script: str) -> tuple[tuple[str, str], ...]:
    """The (name, expression) pairs of a script. ExpressionFailed where it holds anything else."""
    source = "\n".join(line.strip() for line in script.strip().splitlines())
    if len(source) > 10 * MAX_LENGTH:
        raise ExpressionFailed(script, "脚本太长。")
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionFailed(script, "脚本只能由“名称 = 表达式”组成，每行一个。") from error
    if not statements:
        raise ExpressionFailed(script, "脚本是空的。")
    return tuple(_assignment(script, source, statement) for statement in statements)


def _assignment(script: str, source: str, statement: ast.stmt) -> tuple[str, str]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if reason := name_fault(name):
                raise ExpressionFailed(script, reason)
            expression = ast.get_source_segment(source, value) or ""
            _parse(expression)
            return name, expression
    raise ExpressionFailed(script, f"第 {statement.lineno} 行不是“名称 = 表达式”。")


# Judging expressions.


def fault(expression: str, known_functions: Set[str] | None = None) -> str | None:
    """Why the expression can never be evaluated, as a Chinese sentence; None where nothing is wrong."""
    try:
        called = _parse(expression).functions
    except ExpressionFailed as error:
        return error.reason
    if known_functions is None:
        return None
    known = known_functions | BUILTINS.keys()
    unknown = "、".join(sorted(called - known))
    return f"没有函数 {unknown}。可用的函数有 {'、'.join(sorted(known))}。" if unknown else None


def name_fault(name: str) -> str | None:
    """Why a variable cannot have this name; None where it can."""
    if name in RESERVED or name in TAKEN or name in _CONSTANTS:
        return f"{name} 是保留的名称，不能用作变量。"
    if not name.isidentifier() or name.startswith("_") or name in _WORDS:
        return f"{name} 不能用作变量名：只能用字母、数字和下划线，且以字母开头。"
    return None


def names_of(expression: str) -> frozenset[str]:
    """The variables that it reads. ExpressionFailed where it cannot be parsed."""
    return _parse(expression).names


def tree_of(expression: str) -> ast.expr:
    """Its syntax tree, numbers exact; not to be changed. ExpressionFailed where it cannot be parsed."""
    return _parse(expression).tree


# Parsing.


@dataclass(frozen=True)
class _Parsed:
    tree: ast.expr
    names: frozenset[str]
    functions: frozenset[str]


@lru_cache(maxsize=8_192)
def _parse(expression: str) -> _Parsed:
    source = expression.strip()
    if not source:
        raise ExpressionFailed(expression, "它是空的。")
    if len(source) > MAX_LENGTH:
        raise ExpressionFailed(expression, f"它超过 {MAX_LENGTH} 个字符。请拆成几步。")
    if "\n" in source:
        if "#" in source:  # A comment would swallow the lines that follow it.
            raise ExpressionFailed(expression, "多行的表达式里不能有 #。")
        source = " ".join(source.splitlines())
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        reason = "它的写法有误，请检查括号、引号和比较符号（相等写作 ==）。"
        raise ExpressionFailed(expression, reason) from error
    try:
        return _examine(tree, source)
    except Fault as error:
        raise ExpressionFailed(expression, str(error)) from error


def _examine(tree: ast.expr, source: str) -> _Parsed:
    """Judge every node, and make its numbers exact."""
    read, bound, called = set(), set(), set()
    callees: set[ast.AST] = set()
    pending: list[tuple[ast.AST, int]] = [(tree, 1)]
    while pending:
        node, depth = pending.pop()
        if depth > MAX_DEPTH:
            raise Fault(f"它嵌套超过 {MAX_DEPTH} 层。请拆成几步。")
        match node:
            case ast.Constant():
                node.value = _literal(node, source)
            case ast.Call(func=ast.Name(id=name), keywords=[]):
                called.add(name)
                callees.add(node.func)
            case ast.Call():
                raise Fault("只能写成 函数名(参数, …)。")
            case ast.Attribute(attr=name) if name.startswith("_"):
                raise Fault(f"不能读取以下划线开头的 {name}。")
            case ast.Dict(keys=keys) if None in keys:
                raise Fault("不支持 ** 这种写法。")
            case ast.ListComp(generators=[_, _, *_]) | ast.GeneratorExp(generators=[_, _, *_]):
                raise Fault("只能有一个 for。")
            case ast.comprehension(target=ast.Name(id=name)):
                bound.add(name)
            case ast.comprehension():
                raise Fault("for 后面只能写一个名称。")
            case ast.Name(id=name, ctx=ast.Load()) if node not in callees and name not in _CONSTANTS:
                read.add(name)
            case _ if not isinstance(node, _GRAMMAR):
                raise Fault(f"不支持这种写法（{type(node).__name__}）。")
        pending.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return _Parsed(tree, frozenset(read - bound), frozenset(called))


def _literal(node: ast.Constant, source: str) -> Any:
    value = node.value
    if isinstance(value, float):  # As written: 0.1 is one tenth, not the nearest binary number.
        written = ast.get_source_segment(source, node) or ""
        if "e" in written.lower():
            raise Fault("数字请写成小数，不要用科学记数法。")
        return exact(Fraction(written))
    if value is None or isinstance(value, bool | int | Fraction | str):
        return value
    raise Fault("这里只能写数字、文字、True、False 或 None。")


# Evaluating.


class _Evaluator(simpleeval.EvalWithCompoundTypes):
    """simpleeval, with all that touches Python objects replaced. One a call: it counts its steps."""

    def __init__(self, expression: str, names: Mapping[str, Any], functions: Functions) -> None:
        # Not super().__init__: its defaults are not wanted, and setting them costs more than evaluating.
        self.expr = expression
        self.names = names
        self.functions = functions
        self.operators = OPERATORS
        self.steps = 0
        self.nodes = {
            ast.Constant: self._eval_constant,
            ast.Name: self._eval_name,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._eval_boolop,
            ast.Compare: self._eval_compare,
            ast.IfExp: self._eval_ifexp,
            ast.Call: self._eval_call,
            ast.Attribute: self._eval_attribute,
            ast.Subscript: self._eval_subscript,
            ast.List: self._eval_list,
            ast.Tuple: self._eval_list,
            ast.Dict: self._eval_dict,
            ast.ListComp: self._eval_comprehension,
            ast.GeneratorExp: self._eval_comprehension,
        }

    def value(self, node: ast.AST) -> Any:
        """The value of a node that `_examine` has passed."""
        return self._eval(node)

    def _eval(self, node: ast.AST) -> Any:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Fault(f"它要算的步数超过 {MAX_STEPS}。")
        return exact(self.nodes[type(node)](node))

    def _eval_constant(self, node: ast.Constant) -> Any:
        return node.value

    def _eval_name(self, node: ast.Name) -> Any:
        if node.id in _CONSTANTS:
            return _CONSTANTS[node.id]
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
