"""Forms on paper: Word and Excel files that carry a version code, and the way back from the code."""

from collections.abc import Callable
from typing import NamedTuple

from service.domain.forms.exports.codes import code, find
from service.domain.forms.exports.documents import document
from service.domain.forms.exports.papers import Paper, qr_png
from service.domain.forms.exports.workbooks import workbook


class Format(NamedTuple):
    """A kind of file that a form can be exported to."""

    media_type: str
    make: Callable[[Paper], bytes]


FORMATS = {
    "docx": Format("application/vnd.openxmlformats-officedocument.wordprocessingml.document", document),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
}
"""By extension."""

__all__ = ["FORMATS", "Format", "Paper", "code", "document", "find", "qr_png", "workbook"]
