"""Which functions of the domain carry out rules of documents, and by which parameters of an edition.

A rule never names an article: the next edition has it in another one. The edition's parameter names it.
"""

from collections.abc import Callable, Iterator
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

    def reads(self, path: str) -> bool:
        """Whether the parameter at the path is one of its own, part of one, or holds one."""
        return any(_is_within(path, own) or _is_within(own, path) for own in self.parameters)


_registered: dict[str, Rule] = {}


def rule(title: str, *parameters: str) -> Callable[[Function], Function]:
    """Declare that a function carries out a rule with these parameters of the edition."""

    def declare(function: Function) -> Function:
        name = f"{function.__module__}.{function.__qualname__}"
        _registered[name] = Rule(name, title, parameters)
        return function

    return declare


def registered() -> Iterator[Rule]:
    """The rules of all modules that have been imported, by name."""
    yield from (_registered[name] for name in sorted(_registered))


def _is_within(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))
