"""Files that are made for the reader, of pages and API alike."""

import io

from flask import Response, send_file


def to_save(content: bytes, *, name: str, media_type: str) -> Response:
    """A file that is saved under its name, and that no cache keeps."""
    file = io.BytesIO(content)
    response = send_file(file, mimetype=media_type, as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "no-store"
    return response
