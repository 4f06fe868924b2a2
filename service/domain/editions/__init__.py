"""Editions: an award scheme's procedure as one immutable, content-addressed version, read from a folder."""

from service.domain.editions.archives import archive, archive_name, version
from service.domain.editions.checks import check, known
from service.domain.editions.folders import EditionFolder, FolderMissing
from service.domain.editions.published import (
    ArticleMissing,
    Edition,
    EditionMissing,
    EditionRefused,
    account,
    article,
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
    "Edition",
    "EditionFolder",
    "EditionMissing",
    "EditionRefused",
    "FolderMissing",
    "account",
    "archive",
    "archive_name",
    "article",
    "check",
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
