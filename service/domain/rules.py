"""Which functions of the domain carry out rules of documents, and by which parameters of an edition.

A rule never names an article: the next edition has it in another one. The edition's parameter names it.
"""

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


class Rule(NamedTuple):
    """A function that carries out a kind of rule."""

    name: str
    """`service.domain.rounds.record_quota`"""
    title: str
    """What it sees to, in words."""
    parameters: tuple[str, ...]
    """Paths in edition.yaml: `quota`, `committee.minimum_sheets`."""
    given: str | None = None
    """The parameter by which one knows an edition whose procedure follows it; None: any that has its own."""

    def is_steered_by(self, path: str, known: Collection[str], marked: Collection[str]) -> bool:
        """Whether it reads the parameter at the path in an edition that knows these paths, and no others.

        `marked`: those that name an article. What lies in one of them is that one's, not what holds it.
        """
        if self.given is not None and self.given not in known:
            return False
        return any(
            _is_within(path, own)
            or (own in known and _is_within(own, path) and path == _nearest(own, marked))
            for own in self.parameters
        )


_registered: dict[str, Rule] = {}


def rule(title: str, *parameters: str, given: str | None = None) -> Callable[[Function], Function]:
    """Declare that a function carries out a rule with these parameters of the edition.

    `given`: where editions of another procedure have such parameters too, one that only this procedure has.
    """

    def declare(function: Function) -> Function:
        name = f"{function.__module__}.{function.__qualname__}"
        _registered[name] = Rule(name, title, parameters, given)
        return function

    return declare


def registered() -> Iterator[Rule]:
    """The rules of all modules that have been imported, by name."""
    yield from (_registered[name] for name in sorted(_registered))


def _nearest(path: str, marked: Collection[str]) -> str:
    return max((each for each in marked if _is_within(path, each)), key=len, default="")


def _is_within(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))
