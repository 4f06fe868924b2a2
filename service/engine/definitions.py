"""Process definitions: checked, content-addressed, deployed once, loaded once and shared by all instances."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from sqlalchemy import String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.engine import history, lint, seals, xml
from service.engine.decisions import Decision, read
from service.engine.documents import Element
from service.engine.errors import EngineError
from service.engine.lint.findings import Finding
from service.engine.packages import Known, Package
from service.engine.parsing import ParsedPackage
from service.engine.seals import Sealed
from service.engine.serializer import spec_from_dict, spec_to_dict
from service.store.database import Base, CompressedJSON, UTCDateTime

__all__ = [
    "Definition",
    "DefinitionMissing",
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

FORMAT = 1
"""What `spec` and `elements` look like. Raise it with them: the same files then get new ids."""

CACHE_SIZE = 64


class Definition(Sealed, Base):
    """One process of a package, never changed.

    `id` is the SHA-256 of all that it can run: its file, what that calls, tables, parameters, lanes, edition.
    """

    __tablename__ = "process_definition"

    TITLE = "流程定义"
    SEALED = (
        "process_id",
        "name",
        "edition_id",
        "files",
        "bpmn",
        "spec",
        "elements",
        "decisions",
        "parameters",
        "lanes",
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(120), index=True)
    name: Mapped[str] = mapped_column(String(200))
    edition_id: Mapped[str | None] = mapped_column(String(64))
    files: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # file name → SHA-256, its own file first
    bpmn: Mapped[dict[str, str]] = mapped_column(CompressedJSON)  # file name → XML text, its own file first
    spec: Mapped[dict[str, Any]] = mapped_column(CompressedJSON)  # {"spec": …, "subprocess_specs": {name: …}}
    elements: Mapped[list[dict[str, Any]]] = mapped_column(CompressedJSON)  # called processes' too
    decisions: Mapped[list[str]] = mapped_column(CompressedJSON)  # the XML text of each DMN file that it uses
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
        super().__init__(listed, sum(finding.severity == "error" for finding in listed))


@dataclass(frozen=True)
class Loaded:
    """A definition ready to run, deserialized once. Instances and threads share it, so nobody changes it."""

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


# Checking.


def check(package: Package, known: Known | None = None) -> list[Finding]:
    """Every finding at once over all files; if none is an error, the engine's own parse is the last gate."""
    findings = lint.check(package, known or Known())
    if not any(finding.severity == "error" for finding in findings):
        findings += _gate(package)
    return findings


def check_files(paths: Iterable[Path], known: Known | None = None) -> list[Finding]:
    """`check` for BPMN and DMN files outside an edition. What they call may lie elsewhere: a warning."""
    contents = {str(path): path.read_bytes() for path in paths}
    package = Package(
        bpmn={name: content for name, content in contents.items() if not name.endswith(".dmn")},
        dmn={name: content for name, content in contents.items() if name.endswith(".dmn")},
        is_whole=False,
    )
    return check(package, known)


def _gate(package: Package) -> Iterator[Finding]:
    parsed = ParsedPackage(package)
    for process_id, process in parsed.processes.items():
        try:
            parsed.specs(process_id, package.is_whole)
        except Exception as error:  # Whatever the engine finds fault with, in whatever form.
            yield Finding(
                rule=lint.ENGINE,
                file=process.document.file,
                element=process.id,
                name=process.name,
                message=f"流程引擎不能解析这一流程：{error}。",
                mend="请按这一提示改正文件；看不明白时，请把文件和提示一并发给技术支持。",
            )


# Deploying.


def deploy(
    session: Session,
    package: Package,
    now: datetime,
    *,
    known: Known | None = None,
    edition_id: str | None = None,
) -> dict[str, str]:
    """Store every process of the package: process id → definition id. Refused (nothing stored) on any error.

    Same content, same id: deploying again stores nothing new.
    """
    findings = check(package, known)
    if any(finding.severity == "error" for finding in findings):
        raise Refused(findings)
    parsed = ParsedPackage(package)
    ids = {process_id: _address(parsed, package, process_id, edition_id) for process_id in parsed.processes}
    # In the order of their ids: two that deploy the same at once wait for each other on the first.
    for definition_id, process_id in sorted((id, process_id) for process_id, id in ids.items()):
        if session.get(Definition, definition_id) is None:
            _store(session, _definition(parsed, package, process_id, definition_id, edition_id, now))
    return ids


def _store(session: Session, definition: Definition) -> None:
    """Add the row, unless somebody else did so meanwhile: theirs says the same."""
    definition_id = definition.id
    try:
        with session.begin_nested():
            session.add(definition)
    except IntegrityError:
        if session.get(Definition, definition_id) is None:
            raise
    else:
        data = {"definition_id": definition_id, "sealed": seals.of(definition)}
        history.record(session, history.SYSTEM, "definition_deployed", definition.created_at, data=data)


def _contents(parsed: ParsedPackage, package: Package, process_id: str) -> dict[str, bytes]:
    processes = parsed.called(process_id)
    files = {process.document.file: package.bpmn[process.document.file] for process in processes}
    return files | {name: package.dmn[name] for name in parsed.decision_files(processes)}


def _address(parsed: ParsedPackage, package: Package, process_id: str, edition_id: str | None) -> str:
    content = {
        "format": FORMAT,
        "process": process_id,
        "files": sorted(_digest(file) for file in _contents(parsed, package, process_id).values()),
        "parameters": package.parameters,
        "lanes": package.lanes,
        "edition": edition_id,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=dict)
    return _digest(text.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _definition(
    parsed: ParsedPackage,
    package: Package,
    process_id: str,
    definition_id: str,
    edition_id: str | None,
    now: datetime,
) -> Definition:
    processes = parsed.called(process_id)
    scopes = [scope for process in processes for scope in process.within()]
    spec, subprocess_specs = parsed.specs(process_id)
    return Definition(
        id=definition_id,
        process_id=process_id,
        name=processes[0].name,
        edition_id=edition_id,
        files={name: _digest(content) for name, content in _contents(parsed, package, process_id).items()},
        bpmn={
            process.document.file: package.bpmn[process.document.file].decode("utf-8-sig")
            for process in processes
        },
        spec={
            "spec": spec_to_dict(spec),
            "subprocess_specs": {name: spec_to_dict(inner) for name, inner in subprocess_specs.items()},
        },
        elements=[asdict(node.element()) for scope in scopes for node in scope.nodes],
        decisions=[package.dmn[name].decode("utf-8-sig") for name in parsed.decision_files(processes)],
        parameters=dict(package.parameters),
        lanes={lane: dict(content) for lane, content in package.lanes.items()},
        created_at=now,
    )


# Loading.

_cache: OrderedDict[str, Loaded] = OrderedDict()
_cache_lock = Lock()


def loaded(session: Session, definition_id: str) -> Loaded:
    """The definition ready to run, from a bounded cache; DefinitionMissing."""
    with _cache_lock:
        if definition_id in _cache:
            _cache.move_to_end(definition_id)
            return _cache[definition_id]
    definition = session.get(Definition, definition_id)
    if definition is None:
        raise DefinitionMissing(definition_id)
    fresh = _load(definition)
    with _cache_lock:
        # Whoever came first wins, so that all instances share one spec.
        kept = _cache.setdefault(definition_id, fresh)
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return kept


def _load(definition: Definition) -> Loaded:
    content = json.loads(json.dumps(definition.spec))  # A copy: making specs of it uses it up.
    elements = [_element(stored) for stored in definition.elements]
    decisions = [
        decision
        for text in definition.decisions
        for decision in read(xml.parse(text.encode(), definition.process_id))
    ]
    return Loaded(
        id=definition.id,
        process_id=definition.process_id,
        name=definition.name,
        edition_id=definition.edition_id,
        spec=spec_from_dict(content["spec"]),
        subprocess_specs={name: spec_from_dict(inner) for name, inner in content["subprocess_specs"].items()},
        elements={(element.scope, element.id): element for element in elements},
        decisions={decision.id: decision for decision in decisions},
        parameters=definition.parameters,
        lanes=definition.lanes,
    )


def _element(stored: Mapping[str, Any]) -> Element:
    return Element(**{**stored, "lanes": tuple(stored["lanes"]), "form_keys": tuple(stored["form_keys"])})
