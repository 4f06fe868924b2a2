"""What the diagram island draws."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.auth.requests import current_actor, db
from service.auth.routes import access
from service.domain import diagrams

blueprint = Blueprint("diagrams", __name__)


@blueprint.get("/diagrams/<business_key>")
@access("signed_in")
def show(business_key: str) -> ResponseReturnValue:
    """A case's BPMN files, the elements that were passed, and those that wait."""
    return dict(diagrams.get(db(), current_actor(), business_key)._asdict())
