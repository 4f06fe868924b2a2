"""Published editions: rows that never change, from which every round of their kind runs."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import String, UniqueConstraint, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column, undefer

from service.domain import forms, pages
from service.domain.articles import Account, Article, Mark
from service.domain.citations import Marks, cited
from service.domain.editions import comments
from service.domain.editions.checks import check
from service.domain.editions.folders import EditionFolder, form_path
from service.domain.errors import Invalid, NotFound, Problem
from service.domain.forms import Definition
from service.domain.memberships import require_admin
from service.domain.pages import Page
from service.engine import definitions, history, seals
from service.engine.lint.findings import Finding
from service.engine.packages import Known
from service.engine.seals import Sealed
from service.store.database import Base, CompressedJSON, JSONText, UTCDateTime, find

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Edition(Sealed, Base):
    """`id` = SHA-256 over all files, shared ones too; `files` holds them, so that export is byte for byte."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("programme", "key", "version"),)

    TITLE = "办法"
    SEALED = (
        "programme",
        "key",
        "version",
        "title",
        "first_year",
        "definitions",
        "published_at",
        "published_by",
        "stored",
        "files",
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    programme: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(40))
    """The folder's name: 2018."""
    version: Mapped[int]
    """1, 2 … as the same key is published anew."""
    title: Mapped[str] = mapped_column(String(200))
    first_year: Mapped[int]
    definitions: Mapped[dict[str, str]] = mapped_column(JSONText)
    """Kind of instance → id of its process definition."""
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_by: Mapped[str | None] = mapped_column(String(36))
    stored: Mapped[dict[str, Any]] = mapped_column("document", CompressedJSON, deferred=True)
    files: Mapped[dict[str, str]] = mapped_column(CompressedJSON, deferred=True)
    """Path below the root → text."""

    @property
    def document(self) -> Mapping[str, Any]:
        """edition.yaml as JSON. The same object for all who ask, so never to be changed."""
        return _remembered(_documents, self.id, lambda: self.stored["content"])

    @property
    def articles(self) -> Mapping[str, str]:
        """Number → verbatim text."""
        return _remembered(_articles, self.id, lambda: self.stored["articles"])

    @property
    def shared_articles(self) -> Marks:
        """What the marks of the files that it shares stand for; `citations.cited` tells them apart."""
        marks: Marks = self.document.get("shared_articles", {})
        return marks

    @property
    def selection(self) -> Mapping[str, Any]:
        """Caps and floors of the list; empty where the document has none."""
        selection: Mapping[str, Any] = self.document.get("selection") or {}
        return selection

    @property
    def parameters(self) -> Mapping[str, Any]:
        parameters: Mapping[str, Any] = self.document["parameters"]
        return parameters


class EditionMissing(NotFound):
    """没有找到办法“{name}”，请先部署它。"""


class ArticleMissing(NotFound):
    """办法“{title}”没有条文“{number}”。"""


class DrawingMissing(NotFound):
    """办法“{title}”没有流程图“{name}”。"""


class EditionRefused(Invalid):
    """办法“{name}”有 {count} 处错误，没有部署任何内容。"""

    def __init__(self, name: str, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        """Errors and warnings, of all files."""
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__(
            [Problem(f"{each.file} {each.element}".strip(), f"{each.message}{each.mend}") for each in errors],
            name=name,
        )


def publish(
    session: Session, folder: EditionFolder, known: Known, *, now: datetime, actor_id: str | None = None
) -> Edition:
    """Deploy a folder as a new version; the same content again gives the edition that stands.

    Raises EditionRefused with every finding of every file; then nothing is written. Of two who publish at the
    same moment the second waits, deploying, for the first: its own content is the next version.
    """
    require_admin(session, actor_id, now)
    standing = session.get(Edition, folder.digest)
    if standing is not None:
        return standing
    findings = check(folder, known)
    if any(finding.severity == "error" for finding in findings):
        raise EditionRefused(folder.name, findings)
    document = folder.document
    deployed = definitions.deploy(session, folder.package, now, edition_id=folder.digest)
    same = (Edition.programme == document.programme, Edition.key == document.key)
    edition = Edition(
        id=folder.digest,
        programme=document.programme,
        key=document.key,
        version=(session.scalar(select(func.max(Edition.version)).where(*same)) or 0) + 1,
        title=document.title,
        first_year=document.first_year,
        definitions={kind: deployed[process] for kind, process in document.processes.items()},
        published_at=now,
        published_by=actor_id,
        stored={"content": document.content, "articles": document.articles},
        files={path: content.decode("utf-8") for path, content in sorted(folder.files.items())},
    )
    try:
        with session.begin_nested():
            session.add(edition)
    except IntegrityError:  # Whoever published it has committed: the database waited for that.
        return get(session, folder.digest)
    data = {
        "edition": edition.id,
        "name": folder.name,
        "version": edition.version,
        "sealed": seals.of(edition),
    }
    history.record(session, history.SYSTEM, "edition_published", now, actor_id=actor_id, data=data)
    return edition


def get(session: Session, edition_id: str) -> Edition:
    if (edition := find(session, Edition, edition_id)) is None:
        raise EditionMissing(name=edition_id)
    return edition


def latest(session: Session, programme: str, key: str | None = None) -> Edition:
    """The newest version of an edition, or of a programme's newest edition; EditionMissing."""
    criteria = [Edition.programme == programme] + ([Edition.key == key] if key else [])
    order = (Edition.first_year.desc(), Edition.version.desc())
    edition = session.scalar(select(Edition).where(*criteria).order_by(*order).limit(1))
    if edition is None:
        raise EditionMissing(name=f"{programme}/{key}" if key else programme)
    return edition


def listed(session: Session, *, number: int = 1, size: int = pages.SIZE) -> Page[Edition]:
    """A page of all versions with their documents, by programme, the newest first."""
    query = select(Edition).order_by(*_NEWEST_FIRST).options(undefer(Edition.stored))
    found = pages.page(session, query, number=number, size=size)
    return found.holding([row[0] for row in found.rows])


def newest(session: Session) -> Sequence[Edition]:
    """The newest version of every edition with its document, by programme, the newest edition first."""
    other = aliased(Edition)
    newer = exists().where(
        other.programme == Edition.programme, other.key == Edition.key, other.version > Edition.version
    )
    query = select(Edition).where(~newer).order_by(*_NEWEST_FIRST).options(undefer(Edition.stored))
    return session.scalars(query).all()


def get_all(session: Session, edition_ids: Collection[str]) -> dict[str, Edition]:
    """Editions with their documents, by id, in one statement."""
    query = select(Edition).where(Edition.id.in_(edition_ids)).options(undefer(Edition.stored))
    return {edition.id: edition for edition in session.scalars(query)}


_NEWEST_FIRST = (Edition.programme, Edition.first_year.desc(), Edition.version.desc())


def article(edition: Edition, number: str) -> str:
    """The verbatim text of an article: `6`, `7(1)`, `附件1`, or of a reading: `reading 2`. ArticleMissing.

    The mark of a shared file will do as well.
    """
    number = cited_in(edition, number)
    if number not in edition.articles:
        raise ArticleMissing(title=edition.title, number=number)
    return edition.articles[number]


def cited_in(edition: Edition, number: str) -> str:
    """The number of an article in the edition's document, where a shared file's mark may be given too."""
    return cited(number, edition.shared_articles)


def account(edition: Edition) -> Account:
    """What carries out each article of its document."""
    return _remembered(_accounts, edition.id, lambda: _folder(edition).account)


def accounted(edition: Edition, number: str) -> Article:
    """An article, annex, item or reading with what carries it out; ArticleMissing."""
    article(edition, number)
    return account(edition).articles[cited_in(edition, number)]


def remarks(edition: Edition) -> Mapping[str, str]:
    """Parameter → what edition.yaml remarks on it in a comment, if anything."""
    path = f"processes/{edition.programme}/{edition.key}/edition.yaml"
    return _remembered(_remarks, edition.id, lambda: comments.of_parameters(edition.files[path]))


class Drawing(NamedTuple):
    """A BPMN file of an edition, with the elements to be pointed out in it."""

    file: str
    name: str
    """What its process is called."""
    xml: str
    marks: list[Mark]
    """Its elements that carry out an article, in the order of the drawing."""
    marked: list[str]
    """Ids of those that were asked for."""


def drawing(edition: Edition, name: str, *, article: str = "", element: str = "") -> Drawing:
    """`name` is the file's: `round`. Pointed out are one element, or those of an article; DrawingMissing."""
    file = next((path for path in edition.files if path.endswith(f"/{name}.bpmn")), None)
    if file is None:
        raise DrawingMissing(title=edition.title, name=name)
    marks = [mark for each in account(edition).articles.values() for mark in each.marks if mark.file == file]
    asked = [mark.key for mark in marks if mark.key == element or (article and mark.article == article)]
    return Drawing(file, marks[0].place if marks else name, edition.files[file], marks, asked)


def _folder(edition: Edition) -> EditionFolder:
    """The files as they were read when it was published."""
    files = {path: text.encode("utf-8") for path, text in edition.files.items()}
    return EditionFolder(f"{edition.programme}/{edition.key}", files)


def form(edition: Edition, form_key: str) -> Definition:
    """The definition of one of its forms."""
    return _remembered(_forms, (edition.id, form_key), lambda: _parse(edition, form_key))


def export(edition: Edition, root: Path) -> list[Path]:
    """Write the folder as it was published, byte for byte, below `root`; returns what was written."""
    written = []
    for path, text in edition.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))
        written.append(target)
    return written


def _parse(edition: Edition, form_key: str) -> Definition:
    name = f"{edition.programme}/{edition.key}"
    path = form_path(name, form_key, edition.document.get("shared", ()))
    text = edition.files[path].removeprefix("\ufeff")
    return forms.parse(text, key=form_key, file=path, marks=edition.shared_articles)


# An edition never changes, so what was read of one stays true for all transactions.
_documents: dict[str, Mapping[str, Any]] = {}
_articles: dict[str, Mapping[str, str]] = {}
_accounts: dict[str, Account] = {}
_remarks: dict[str, Mapping[str, str]] = {}
_forms: dict[tuple[str, str], Definition] = {}


def _remembered(store: dict[Key, Value], key: Key, make: Callable[[], Value]) -> Value:
    if key not in store:
        store[key] = make()
    return store[key]
