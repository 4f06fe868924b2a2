"""Editions: an award scheme's procedure as one immutable, content-addressed version, read from a folder."""

from service.domain.editions.archives import archive, archive_name, version
from service.domain.editions.checks import check, known
from service.domain.editions.differences import Change, Differences, compare
from service.domain.editions.folders import EditionFolder, FolderMissing
from service.domain.editions.published import (
    ArticleMissing,
    Drawing,
    DrawingMissing,
    Edition,
    EditionMissing,
    EditionRefused,
    account,
    accounted,
    article,
    cited_in,
    drawing,
    export,
    form,
    get,
    get_all,
    latest,
    listed,
    newest,
    publish,
)

__all__ = [
    "ArticleMissing",
    "Change",
    "Differences",
    "Drawing",
    "DrawingMissing",
    "Edition",
    "EditionFolder",
    "EditionMissing",
    "EditionRefused",
    "FolderMissing",
    "account",
    "accounted",
    "archive",
    "archive_name",
    "article",
    "check",
    "cited_in",
    "compare",
    "drawing",
    "export",
    "form",
    "get",
    "get_all",
    "known",
    "latest",
    "listed",
    "newest",
    "publish",
    "version",
]
