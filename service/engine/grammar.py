"""What an expression may consist of: Python's syntax, allowed node by node, within limits, numbers exact."""

import ast
from collections.abc import Set
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from service.engine.errors import EngineError
from service.engine.values import BUILTINS, OPERATORS, Fault, exact

MAX_LENGTH = 1_000
MAX_DEPTH = 40

RESERVED = frozenset({"typename", "data_objects"})
"""Keys that no data may have: with `typename` in its data, the engine cannot load an instance again."""

TAKEN = frozenset({"parameters", "cell_input"})
"""Names that expressions find without a variable: parameters, and the value that a table's cell judges."""

CONSTANTS = {"true": True, "false": False, "null": None}
"""As FEEL writes them, beside Python's own."""

_SHOWN = 160
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


@dataclass(frozen=True)
class Parsed:
    """An expression that keeps to the grammar. It is shared: nobody changes its tree."""

    tree: ast.expr
    names: frozenset[str]
    functions: frozenset[str]


@lru_cache(maxsize=8_192)
def parse(expression: str) -> Parsed:
    """The expression, parsed once. ExpressionFailed where it does not keep to the grammar."""
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


def _examine(tree: ast.expr, source: str) -> Parsed:
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
            case ast.Name(id=name, ctx=ast.Load()) if node not in callees and name not in CONSTANTS:
                read.add(name)
            case _ if not isinstance(node, _GRAMMAR):
                raise Fault(f"不支持这种写法（{type(node).__name__}）。")
        pending.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return Parsed(tree, frozenset(read - bound), frozenset(called))


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
            parse(expression)
            return name, expression
    raise ExpressionFailed(script, f"第 {statement.lineno} 行不是“名称 = 表达式”。")


def fault(expression: str, known_functions: Set[str] | None = None) -> str | None:
    """Why the expression can never be evaluated, as a Chinese sentence; None where nothing is wrong."""
    try:
        called = parse(expression).functions
    except ExpressionFailed as error:
        return error.reason
    if known_functions is None:
        return None
    known = known_functions | BUILTINS.keys()
    unknown = "、".join(sorted(called - known))
    return f"没有函数 {unknown}。可用的函数有 {'、'.join(sorted(known))}。" if unknown else None


def name_fault(name: str) -> str | None:
    """Why a variable cannot have this name; None where it can."""
    if name in RESERVED or name in TAKEN or name in CONSTANTS:
        return f"{name} 是保留的名称，不能用作变量。"
    if not name.isidentifier() or name.startswith("_") or name in _WORDS:
        return f"{name} 不能用作变量名：只能用字母、数字和下划线，且以字母开头。"
    return None


def names_of(expression: str) -> frozenset[str]:
    """The variables that it reads. ExpressionFailed where it cannot be parsed."""
    return parse(expression).names


def tree_of(expression: str) -> ast.expr:
    """Its syntax tree, numbers exact; not to be changed. ExpressionFailed where it cannot be parsed."""
    return parse(expression).tree
