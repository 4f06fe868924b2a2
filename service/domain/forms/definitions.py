"""A form definition: the YAML an admin edits, read into what the rest of this package works with.

    title: 工业稳增长和转型升级成效明显市（州）推荐表
    article: 附件2
    sections:
      - title: 封面
        step: [fill_in, supplement]        # the user tasks in which it can be edited; absent: wherever the form appears
        fields:
          - {key: city, title: 市（州）名称, kind: text, max_length: 40}
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.engine.definitions import Finding


@dataclass(frozen=True)
class Definition:
    """One form as its author wrote it; `digest` is the SHA-256 of the YAML text."""

    key: str
    title: str
    article: str | None
    digest: str
    sections: tuple[Any, ...]
    checks: tuple[Any, ...]
    figures: dict[str, str]


def parse(text: str, *, key: str, file: str = "") -> Definition:
    """Read a definition; raises DefinitionRefused with every finding at once. Cached by text."""
    raise NotImplementedError


def check(text: str, *, key: str, file: str) -> "list[Finding]":
    """Everything that is wrong with a definition; an empty list when it can be used."""
    raise NotImplementedError
