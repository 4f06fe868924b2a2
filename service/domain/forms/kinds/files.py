"""Lists of uploaded files, by name, size and SHA-256."""

from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, Self

from service.domain.forms.cells import Cell, FileLink, as_text
from service.domain.forms.fields import Field
from service.domain.forms.kinds.texts import tidy
from service.domain.forms.nodes import Node
from service.domain.forms.scopes import Scope


@dataclass(frozen=True, kw_only=True)
class Files(Field):
    """Files that were uploaded beforehand; the form holds what identifies them."""

    kind: ClassVar[str] = "files"
    max_files: int = 10

    @classmethod
    def read(cls, node: Node, common: dict[str, Any]) -> Self:
        return cls(**common, max_files=node.count("max_files", 10, low=1, high=100))

    def schema(self, scope: Scope) -> dict[str, Any]:
        file = {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 200},
                "size": {"type": "integer", "minimum": 0},
                "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            },
            "required": ["name", "size", "sha256"],
            "additionalProperties": False,
        }
        return {
            "type": "array",
            "items": file,
            "minItems": int(self.required),
            "maxItems": self.max_files,
            "uniqueItems": True,
        }

    def hint(self, scope: Scope) -> str:
        return f"请上传文件，最多 {self.max_files} 个"

    def control(self, scope: Scope) -> dict[str, Any]:
        return {"max_files": self.max_files}

    def clean(self, value: Any, scope: Scope) -> Any:
        if not isinstance(value, list):
            return value
        return [
            {**item, "name": tidy(item["name"])}
            if isinstance(item, dict) and isinstance(item.get("name"), str)
            else item
            for item in value
        ]

    def show(self, value: Any, scope: Scope) -> Cell:
        if not isinstance(value, list):
            return Cell(as_text(value))
        known = [
            item for item in value if isinstance(item, dict) and {"name", "size", "sha256"} <= item.keys()
        ]
        return Cell(
            "、".join(str(item["name"]) for item in known),
            files=tuple(FileLink(str(item["name"]), item["size"], str(item["sha256"])) for item in known),
        )

    def find(self, path: Any, scope: Scope) -> tuple[str, Field]:
        label = self.label(scope)
        return (f"{label}第{path[0] + 1}个文件" if path and isinstance(path[0], int) else label), self

    def sample(self, random: Random, scope: Scope) -> list[dict[str, Any]]:
        if not self.required:
            return []
        sha256 = f"{random.getrandbits(256):064x}"
        return [
            {"name": f"{self.label(scope)}.pdf", "size": random.randint(1_000, 900_000), "sha256": sha256}
        ]
