"""What is put on paper: a form with one content, whose it is, and the code that leads back to it."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno

from service.domain.forms.compiler import Compiled

# What neither XML nor Office can hold.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Paper:
    """A form to be printed; `code` and `address` are empty where it is a draft."""

    compiled: Compiled
    content: Mapping[str, Any]
    subject: str
    """余杭区 · 2018年度…"""
    number: int = 0
    """Which submission of the form in its case; 0: a draft."""
    submitted_at: datetime | None = None
    code: str = ""
    address: str = ""
    """Where the code is resolved; what the QR code says."""

    @property
    def is_draft(self) -> bool:
        return not self.code

    @property
    def version(self) -> str:
        """The line that stands beside the QR code."""
        return (
            f"版本编号 {self.code}（第 {self.number} 次提交）" if self.code else "草稿，未提交，没有版本编号"
        )


def qr_png(address: str) -> bytes:
    """The QR code of an address."""
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=4)
    return picture.getvalue()


def writable(text: str) -> str:
    """The text without what Office files cannot hold; a draft may hold anything."""
    return _UNWRITABLE.sub("", text)
