"""Plain text, rich text, telephone numbers."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Self

import nh3

from service.domain.forms.cells import Cell, as_text
from service.domain.forms.fields import Field
from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope

# Invisible characters that reorder or hide text, and control characters but for newline and tab.
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_TAGS = {"p", "br", "strong", "em", "u", "s", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "hr"}
_TABLE_TAGS = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
_PHONE = r"[0-9+(][0-9 ()+\-转]{5,29}"


def tidy(text: str) -> str:
    """Trimmed, composed (NFC), with \\n as the only line end and nothing invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()


def narrow(text: str) -> str:
    """Full-width digits and signs as the ordinary ones, which is how numbers and dates are kept."""
    return unicodedata.normalize("NFKC", text).translate({0x2212: "-", 0x2013: "-", 0x2014: "-"}).strip()


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """Plain text of one line, or of `lines` lines."""

    kind: ClassVar[str] = "text"
    lines: int = 1
    max_length: int = 200

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(
            **common,
            lines=node.count("lines", 1, low=1, high=40),
            max_length=node.count("max_length", 200, low=1, high=20_000),
        )

    def schema(self, scope: Scope) -> dict[str, Any]:
        return {"type": "string", "minLength": int(self.required), "maxLength": self.max_length}

    def hint(self, scope: Scope) -> str:
        return f"请填写 {self.max_length} 字以内的文字"

    def control(self, scope: Scope) -> dict[str, Any]:
        return {"lines": self.lines}

    def clean(self, value: Any, scope: Scope) -> Any:
        if not isinstance(value, str):
            return value
        return tidy(value) if self.lines > 1 else re.sub(r"\s+", " ", tidy(value))

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(as_text(value))

    def sample(self, random: Random, scope: Scope) -> str:
        return f"{self.label(scope)}{random.randint(1, 99)}"[: self.max_length]


@dataclass(frozen=True, kw_only=True)
class RichText(Field):
    """Text with headings, lists and tables, kept as sanitised HTML."""

    kind: ClassVar[str] = "rich_text"
    max_length: int = 100_000

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(**common, max_length=node.count("max_length", 100_000, low=100, high=400_000))

    def schema(self, scope: Scope) -> dict[str, Any]:
        return {
            "type": "string",
            "minLength": int(self.required),
            "maxLength": self.max_length,
            "contentMediaType": "text/html",
        }

    def hint(self, scope: Scope) -> str:
        return "请填写正文"

    def clean(self, value: Any, scope: Scope) -> Any:
        return sanitise(value) if isinstance(value, str) else value

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(html=sanitise(value)) if isinstance(value, str) and value else Cell(as_text(value))

    def sample(self, random: Random, scope: Scope) -> str:
        title = self.label(scope)
        sentence = random.choice(
            ("有关工作扎实推进，成效明显。", "制定了年度工作计划并按月调度。", "主要指标好于全省平均水平。")
        )
        return f"<h3>{title}</h3><p>{sentence}</p><ul><li><p>政策措施落实到位</p></li></ul>"


def sanitise(html: str) -> str:
    """What the editor can write, and nothing that could run; empty where no text is left."""
    cleaned = nh3.clean(
        _UNWANTED.sub("", html),
        tags=_TAGS | _TABLE_TAGS,
        attributes={tag: {"colspan", "rowspan"} for tag in ("th", "td")},
        clean_content_tags={"script", "style"},
    )
    return cleaned.strip() if nh3.clean(cleaned, tags=set()).replace("&nbsp;", "").strip() else ""


@dataclass(frozen=True, kw_only=True)
class Phone(Field):
    """A telephone number, as people write it."""

    kind: ClassVar[str] = "phone"

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(**common)

    def schema(self, scope: Scope) -> dict[str, Any]:
        return {"type": "string", "minLength": int(self.required), "pattern": f"^(?:{_PHONE})?$"}

    def hint(self, scope: Scope) -> str:
        return "请填写电话号码，如 010-12345678 或 13800000000"

    def clean(self, value: Any, scope: Scope) -> Any:
        return tidy(narrow(value)) if isinstance(value, str) else value

    def show(self, value: Any, scope: Scope) -> Cell:
        return Cell(as_text(value))

    def sample(self, random: Random, scope: Scope) -> str:
        return f"0{random.randint(10, 29)}-{random.randint(60_000_000, 89_999_999)}"
