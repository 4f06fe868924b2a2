"""What a rule is: an id, and a function from files to faults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from service.engine.decisions import Decision
from service.engine.documents import Document, Flow, Node, Part, Scope
from service.engine.lint.findings import Finding, Severity
from service.engine.packages import Known, Package


@dataclass(frozen=True)
class Table:
    """A decision table and the file that it stands in."""

    file: str
    decision: Decision


@dataclass(frozen=True)
class Files:
    """All that is linted together."""

    documents: list[Document]
    tables: list[Table]
    package: Package
    known: Known

    def nodes(self, *types: str) -> Iterator[Node]:
        """The nodes of these types; without types, all."""
        for document in self.documents:
            yield from (node for node in document.nodes if not types or node.type in types)

    @property
    def flows(self) -> Iterator[Flow]:
        for document in self.documents:
            yield from document.flows

    @property
    def scopes(self) -> Iterator[Scope]:
        for document in self.documents:
            yield from document.scopes

    @cached_property
    def processes(self) -> Mapping[str, Scope]:
        """By id."""
        return {process.id: process for document in self.documents for process in document.processes}


@dataclass(frozen=True)
class Fault:
    """A finding on its way out of a rule."""

    file: str
    element: str
    name: str
    message: str
    mend: str
    severity: Severity = "error"


def at(part: Part, message: str, mend: str, severity: Severity = "error") -> Fault:
    """A fault of a process, node or flow."""
    return Fault(part.document.file, part.id, part.label, message, mend, severity)


def at_file(document: Document, message: str, mend: str, element: str = "", name: str = "") -> Fault:
    """A fault of a file, or of something in it that is neither node nor flow."""
    return Fault(document.file, element, name, message, mend)


Judge = Callable[[Files], Iterator[Fault]]

_rules: dict[str, Judge] = {}
RULES: Mapping[str, Judge] = MappingProxyType(_rules)
"""By id."""


def rule(name: str) -> Callable[[Judge], Judge]:
    """Register a rule under its id."""

    def register(judge: Judge) -> Judge:
        if name in _rules:
            raise ValueError(f"{name} is registered twice")
        _rules[name] = judge
        return judge

    return register


def findings(files: Files) -> Iterator[Finding]:
    """What all rules find, in the order of their modules."""
    for name, judge in RULES.items():
        for fault in judge(files):
            yield Finding(
                file=fault.file,
                element=fault.element,
                rule=name,
                name=fault.name,
                message=fault.message,
                mend=fault.mend,
                severity=fault.severity,
            )
