"""Files that are made for the reader, of pages and API alike."""

from flask import Response


def to_save(content: bytes, *, name: str, media_type: str) -> Response:
    """A file that is saved under its name, and that no cache keeps."""
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
