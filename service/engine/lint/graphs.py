"""Walks over the drawing: what follows what, in one scope or through subprocesses."""

from collections.abc import Callable, Collection, Iterable

from service.engine.documents import Node, Scope

Step = Callable[[Node], Iterable[Node]]


def next_nodes(node: Node) -> list[Node]:
    """What may follow a node in its own scope: by its flows, or by a boundary event on it."""
    return [flow.target for flow in node.outgoing if flow.target] + node.boundaries


def sources(node: Node) -> list[Node]:
    """What leads to a node by a flow."""
    return [flow.source for flow in node.incoming if flow.source]


def previous_nodes(node: Node) -> list[Node]:
    """What a node may follow in its own scope: by a flow, or as a boundary event."""
    return sources(node) + ([node.host] if node.host else [])


def steps_forward(node: Node) -> list[Node]:
    """What may follow a node, into subprocesses and out of them."""
    following = next_nodes(node)
    if node.inner:
        return node.inner.starts + following
    if node.type == "endEvent" and node.scope.holder:
        return [flow.target for flow in node.scope.holder.outgoing if flow.target]
    return following


def steps_back(node: Node) -> list[Node]:
    """What a node may follow, out of subprocesses and into them."""
    found: list[Node] = []
    for previous in previous_nodes(node):
        if previous.inner and previous is not node.host:
            found += _ends(previous.inner)
        found.append(previous)
    if node.type == "startEvent" and node.scope.holder:
        found.append(node.scope.holder)
    return found


def _ends(scope: Scope) -> list[Node]:
    return [node for node in scope.nodes if node.type == "endEvent"]


def reach(
    starts: Iterable[Node], step: Step, stop: Collection[Node] | Callable[[Node], bool] = ()
) -> list[Node]:
    """All nodes that can be reached, the starts included; the walk does not go on from where it stops."""
    stops = stop if callable(stop) else lambda node: node in stop
    found: dict[Node, None] = {}
    pending = list(starts)
    while pending:
        node = pending.pop()
        if node not in found:
            found[node] = None
            if not stops(node):
                pending.extend(step(node))
    return list(found)


def join_of(split: Node) -> Node | None:
    """Where all branches of a split come together first; None where they never do."""
    branches = [reach([flow.target], next_nodes, [split]) for flow in split.outgoing if flow.target]
    common = [node for node in (branches[0] if branches else []) if all(node in other for other in branches)]
    for candidate in common:
        without = reach([flow.target for flow in split.outgoing if flow.target], next_nodes, stop=[candidate])
        if not any(other in without for other in common if other is not candidate):
            return candidate
    return None
