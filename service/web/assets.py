"""Front-end files as Vite built them: the manifest tells each entry's script and stylesheets."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import url_for
from markupsafe import Markup

DIST = Path(__file__).parent / "static" / "dist"


class NotBuilt(Exception):
    """The front end has not been built: run `make front-end`."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


@cache
def manifest() -> dict[str, Any]:
    """The manifest of the last build; read once."""
    try:
        loaded: dict[str, Any] = json.loads((DIST / ".vite" / "manifest.json").read_text())
    except FileNotFoundError:
        raise NotBuilt from None
    return loaded


def entry(name: str) -> Markup:
    """The tags that load an entry: its stylesheets, those of what it imports, and its script."""
    chunk = next(c for c in manifest().values() if c.get("isEntry") and c["name"] == name)
    styles = dict.fromkeys(_styles(chunk))
    tags = [Markup('<link rel="stylesheet" href="{}">').format(_url(style)) for style in styles]
    tags.append(Markup('<script type="module" src="{}"></script>').format(_url(chunk["file"])))
    return Markup("\n").join(tags)


def _styles(chunk: dict[str, Any]) -> list[str]:
    imported = [style for key in chunk.get("imports", ()) for style in _styles(manifest()[key])]
    return [*imported, *chunk.get("css", ())]


def _url(file: str) -> str:
    return url_for("static", filename=f"dist/{file}")
