"""Process definitions: checked, content-addressed, deployed once, loaded once and shared by all instances."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine.decisions import Decision
from service.engine.errors import EngineError
from service.engine.lint.findings import Finding
from service.engine.packages import Known, Package
from service.store.database import Base, CompressedJSON, UTCDateTime

__all__ = [
    "Definition",
    "Element",
    "Finding",
    "Known",
    "Loaded",
    "Package",
    "Refused",
    "check",
    "check_files",
    "deploy",
    "loaded",
]


class Definition(Base):
    """One process of a package. `id` is the SHA-256 of all that it can run: its file, what it calls, its tables,
    parameters and lanes; so the same content has the same id, and a row never changes."""

    __tablename__ = "process_definition"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(120), index=True)
    name: Mapped[str] = mapped_column(String(200))
    edition_id: Mapped[str | None] = mapped_column(String(64))
    files: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # file name -> SHA-256
    bpmn: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # file name -> XML text, its own file first
    spec: Mapped[dict[str, Any]] = mapped_column(CompressedJSON)  # {"spec": …, "subprocess_specs": {name: …}}
    elements: Mapped[list[dict[str, Any]]] = mapped_column(CompressedJSON)
    decisions: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # decision id -> DMN XML text
    parameters: Mapped[dict[str, Any]] = mapped_column(CompressedJSON)
    lanes: Mapped[dict[str, dict[str, str]]] = mapped_column(CompressedJSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class DefinitionMissing(EngineError):
    """没有找到流程定义 {definition_id}。请先部署它。"""

    fields: ClassVar[tuple[str, ...]] = ("definition_id",)
    definition_id: str


class Refused(EngineError):
    """流程文件有 {count} 处错误，没有部署任何内容。"""

    fields: ClassVar[tuple[str, ...]] = ("findings", "count")
    findings: list[Finding]
    count: int

    def __init__(self, findings: Iterable[Finding]) -> None:
        listed = list(findings)
        super().__init__(listed, len(listed))


@dataclass(frozen=True)
class Element:
    """What the drawing says of one element beyond what the engine's spec knows.

    `scope` is the id of the process or embedded subprocess that directly holds it, which is the engine's name of
    the workflow in which its tasks run (`task.workflow.spec.name`). `lanes` are lane ids, innermost first, those
    of the enclosing subprocesses after its own. `decisions` keep the order of the XML.
    """

    id: str
    scope: str
    process_id: str
    name: str
    type: str
    lanes: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    form_keys: tuple[str, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)
    article: str | None = None


@dataclass(frozen=True)
class Loaded:
    """A definition ready to run: specs deserialized once. Shared by all instances and threads, so never changed."""

    id: str
    process_id: str
    name: str
    edition_id: str | None
    spec: BpmnProcessSpec
    subprocess_specs: Mapping[str, BpmnProcessSpec]
    elements: Mapping[tuple[str, str], Element]  # (scope, element id)
    decisions: Mapping[str, Decision]
    parameters: Mapping[str, Any]
    lanes: Mapping[str, Mapping[str, str]]

    def element(self, scope: str, element_id: str) -> Element:
        """The element of a task: `element(task.workflow.spec.name, task.task_spec.bpmn_id)`."""
        return self.elements[scope, element_id]


def check(package: Package, known: Known = Known()) -> list[Finding]:
    """Every finding at once over all files; where there is no error, the engine's own parse comes last as a gate."""
    raise NotImplementedError


def check_files(paths: Iterable[Path], known: Known = Known()) -> list[Finding]:
    """`check` for BPMN and DMN files outside an edition: a called process or table may be missing."""
    raise NotImplementedError


def deploy(
    session: Session,
    package: Package,
    now: datetime,
    *,
    known: Known = Known(),
    edition_id: str | None = None,
) -> dict[str, str]:
    """Store every process of the package: process id -> definition id. Refused (nothing stored) on any error.

    Same content, same id: deploying again stores nothing new.
    """
    raise NotImplementedError


def loaded(session: Session, definition_id: str) -> Loaded:
    """The definition ready to run, from a bounded cache; DefinitionMissing."""
    raise NotImplementedError
