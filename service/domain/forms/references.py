"""Which cells of a form an expression reads."""

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from service.engine.expressions import tree_of

Path = tuple[str, ...]
"""`overall.value_added.t1`, as its parts; `*` stands for each row that a comprehension goes through."""


@lru_cache(maxsize=2_048)
def paths(expression: str) -> frozenset[Path]:
    """`max([number(p.share) for p in products])` reads products and products.*.share.

    Raises ExpressionFailed where it cannot be parsed.
    """
    return frozenset(_walk(tree_of(expression), {}))


def is_filled(value: Any, path: Path) -> bool:
    """Whether there is a value at `path`; for `*`, in every row, and at least one row."""
    if not path:
        return value is not None and value != ""
    if path[0] == "*":
        return isinstance(value, list) and bool(value) and all(is_filled(row, path[1:]) for row in value)
    return isinstance(value, Mapping) and path[0] in value and is_filled(value[path[0]], path[1:])


def _walk(node: ast.AST, bound: Mapping[str, Path]) -> Iterator[Path]:
    if (path := _chain(node)) is not None:
        head, *rest = path
        yield (*bound[head], *rest) if head in bound else path
        return
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        generator = node.generators[0]
        yield from _walk(generator.iter, bound)
        rows = _chain(generator.iter)
        if isinstance(generator.target, ast.Name):
            bound = {**bound, generator.target.id: (*(rows or ("?",)), "*")}
        for inner in (node.elt, *generator.ifs):
            yield from _walk(inner, bound)
        return
    # The name of a function is no cell.
    children = node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    for child in children:
        yield from _walk(child, bound)


def _chain(node: ast.AST) -> Path | None:
    if isinstance(node, ast.Name) and node.id not in ("true", "false", "null"):
        return (node.id,)
    if isinstance(node, ast.Attribute) and (base := _chain(node.value)) is not None:
        return (*base, node.attr)
    return None
