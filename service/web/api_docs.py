"""The documentation page of the API."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from service.auth.routes import access

blueprint = Blueprint("api_docs", __name__)


@blueprint.get("/api/v1/docs")
@access("public")
def show() -> ResponseReturnValue:
    """Swagger UI, served from here."""
    return render_template("api_docs.html")
