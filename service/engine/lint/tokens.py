"""The token game: every way that a process can go, to find joins that wait for ever and steps done twice.

A condition may hold or not, a boundary event may come or not: what could only happen with data that never
come is found too. Such a drawing reads as wrong, and can be drawn otherwise.
"""

from collections.abc import Iterable, Iterator

from service.engine.documents import Flow, Node, Scope
from service.engine.lint.parallels import escapes
from service.engine.lint.rules import Fault, Files, at, rule

MAX_STATES = 20_000
"""Beyond so many states a scope is given up: some eight branches of a dozen steps each."""

State = frozenset[Flow]


@rule("stuck-join")
def stuck_join(files: Files) -> Iterator[Fault]:
    """A parallel join waits for a branch that was never begun: nothing is open, and nothing ever ends."""
    for scope in _playable(files):
        waiting = {
            node: None for state in _states(scope) if not _moves(scope, state) for node in _joins(state)
        }
        for node in waiting:
            message = (
                f"{node.title}要等齐 {len(node.incoming)} 条进线，但有的走法到不齐，流程会永远停在这里。"
            )
            yield at(node, message, "排他网关分出的分支请用排他网关汇合；并行网关只汇合并行网关分出的分支。")


@rule("done-twice")
def done_twice(files: Files) -> Iterator[Fault]:
    """Parallel branches that come together without a join: all that follows is done once for each of them."""
    for scope in _playable(files):
        doubled = {node: None for state in _states(scope) for node in _doubled(scope, state)}
        for node in doubled:
            message = f"并行的几个分支都走到{node.title}，它和它之后的步骤会各做几遍。"
            yield at(node, message, "请先用并行网关把这些分支汇合，再接到它。")


def _playable(files: Files) -> Iterator[Scope]:
    """The scopes in which more than one token can be, and whose splits no other rule has found fault with."""
    for scope in files.scopes:
        parallel = [node for node in scope.nodes if node.type == "parallelGateway"]
        inclusive = any(node.type == "inclusiveGateway" for node in scope.nodes)
        if parallel and not inclusive and not any(escapes(node) for node in parallel):
            yield scope


def _states(scope: Scope) -> set[State]:
    """Every set of flows that can hold a token at one time; empty where there are too many."""
    first = frozenset(flow for start in scope.starts for flow in start.outgoing)
    seen, pending = {first}, [first]
    while pending:
        state = pending.pop()
        if _doubled(scope, state):
            continue  # What follows from there is doubled too.
        for following in _moves(scope, state):
            if following not in seen:
                seen.add(following)
                pending.append(following)
        if len(seen) > MAX_STATES:
            return set()
    return seen


def _moves(scope: Scope, state: State) -> set[State]:
    """The states that may follow: one node takes its token, or a join its tokens, and gives what it gives."""
    found: set[State] = set()
    for node in {flow.target for flow in state if flow.target}:
        arrived = [flow for flow in node.incoming if flow in state]
        if node.type == "parallelGateway":
            if len(arrived) == len(node.incoming):
                found.add(state.difference(arrived) | frozenset(node.outgoing))
            continue
        for flow in arrived:
            if node.event("terminate") is not None:
                found.add(frozenset())
            else:
                found |= {(state - {flow}) | given for given in _gives(node)}
    return found


def _gives(node: Node) -> list[State]:
    """What a node may pass on: one way out of a gateway, all ways out of others, or a boundary event's."""
    if node.type in {"exclusiveGateway", "eventBasedGateway"}:
        return [frozenset({flow}) for flow in node.outgoing]
    done = frozenset(node.outgoing)
    given = [done]
    for boundary in node.boundaries:
        left = frozenset(boundary.outgoing)
        given.append(left if boundary.is_interrupting else done | left)
    return given


def _doubled(scope: Scope, state: State) -> list[Node]:
    """The nodes, no joins and no ends, to which two tokens come."""
    targets = _counted(flow.target for flow in state if flow.target)
    return [
        node
        for node, tokens in targets.items()
        if tokens > 1 and node.type not in {"parallelGateway", "endEvent"}
    ]


def _joins(state: State) -> list[Node]:
    return list(dict.fromkeys(flow.target for flow in state if flow.target))


def _counted(nodes: Iterable[Node]) -> dict[Node, int]:
    counts: dict[Node, int] = {}
    for node in nodes:
        counts[node] = counts.get(node, 0) + 1
    return counts
