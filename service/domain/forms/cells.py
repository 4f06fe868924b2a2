"""One value as people read it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileLink:
    """An attachment."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` (empty: not filled in), or sanitised `html`, or `files`."""

    text: str = ""
    html: str | None = None
    files: tuple[FileLink, ...] = ()
    number: bool = False
    """Whether to align it as a number."""


def as_text(value: object) -> str:
    """Any JSON value as text, for what a field did not expect."""
    return "" if value is None else str(value)
