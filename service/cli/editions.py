"""Where the shipped editions lie, and how they are published."""

from pathlib import Path

from service.domain import editions
from service.domain.editions import Edition, EditionFolder
from service.domain.procedures import build_services
from service.engine.engine import ProcessEngine
from service.store.database import Database

ROOT = Path(__file__).parent.parent.parent
"""The project's own root, which holds processes/ and forms/."""


def split(folder: Path) -> tuple[Path, str]:
    """(root, name) of an edition's folder: `…/processes/miit_industry/2018`."""
    folder = folder.resolve()
    return folder.parent.parent.parent, f"{folder.parent.name}/{folder.name}"


def shipped() -> list[Path]:
    """The folders of the project's own editions."""
    return [file.parent for file in sorted(ROOT.glob("processes/*/*/edition.yaml"))]


def folder_of(name: str) -> Path:
    """The folder that a person means: itself, or 办法/年份 of the project's own."""
    given = Path(name)
    return given if (given / "edition.yaml").is_file() else ROOT / "processes" / name


def read(name: str) -> EditionFolder:
    """What lies there; FolderMissing."""
    return EditionFolder.read(*split(folder_of(name)))


def publish(database: Database, engine: ProcessEngine, folder: Path) -> Edition:
    """Publish one folder in a transaction of its own; EditionRefused holds every finding."""
    root, name = split(folder)
    content = EditionFolder.read(root, name)
    with database.write() as session:
        edition = editions.publish(session, content, editions.known(build_services()), now=engine.clock.now())
        session.expunge(edition)
    return edition


def publish_shipped(database: Database, engine: ProcessEngine) -> list[Edition]:
    """Publish all shipped editions; one that stands already stays as it is."""
    return [publish(database, engine, folder) for folder in shipped()]
