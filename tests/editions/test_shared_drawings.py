"""What editions share is drawn once, and between them they go through the whole of it."""

from collections.abc import Mapping
from functools import cache

import pytest

from service.domain.editions import EditionFolder
from service.engine.documents import Document
from tests.editions.drawings import ROOT
from tests.editions.walks import unused_lanes

SHARED = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("processes/shared/*.bpmn"))
NAMES = sorted(
    path.parent.relative_to(ROOT / "processes").as_posix() for path in ROOT.glob("processes/*/*/edition.yaml")
)


@cache
def folders(path: str) -> list[EditionFolder]:
    """The editions that use a shared drawing."""
    read = [EditionFolder.read(ROOT, name) for name in NAMES]
    return [folder for folder in read if path in folder.document.shared]


def lanes(folder: EditionFolder) -> Mapping[str, Mapping[str, str]]:
    return folder.package.lanes


def needless(folder: EditionFolder) -> set[str]:
    """Marks of what follows from rules of the list alone, where the edition has no such rule."""
    rules = folder.document.content.get("selection") or {}
    awaited = set() if rules.get("no_repeat") else {"preceding"}
    waived = set() if {"caps", "floors", "no_repeat"} & rules.keys() else {"waiver"}
    return awaited | waived


@pytest.mark.parametrize("path", SHARED)
def test_more_than_one_edition_uses_it(path: str) -> None:
    assert len(folders(path)) > 1


@pytest.mark.parametrize("path", SHARED)
def test_no_lane_is_left_that_every_edition_gives_to_nobody(path: str) -> None:
    """Each edition's coverage reaches all of it but such lanes, so together they reach everything."""
    drawing = Document(path, (ROOT / path).read_bytes())
    unused = [unused_lanes(drawing, lanes(folder)) for folder in folders(path)]
    assert set.intersection(*unused) == set()


@pytest.mark.parametrize("path", SHARED)
def test_what_an_edition_has_no_article_for_lies_where_it_gives_the_work_to_nobody(path: str) -> None:
    """A mark told as null promises that nobody comes there: only gateways before such a lane may carry it.

    Or that the edition states no rule of the list that would lead there.
    """
    drawing = Document(path, (ROOT / path).read_bytes())
    for folder in folders(path):
        null = {mark for mark, article in folder.document.shared_articles.items() if article is None}
        null -= needless(folder)
        unused = unused_lanes(drawing, lanes(folder))
        for node in drawing.nodes:
            if node.properties.get("article") in null and node.type != "exclusiveGateway":
                assert set(node.lanes) & unused, f"{folder.name}: {node.id}"
