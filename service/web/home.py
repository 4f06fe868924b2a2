"""The front door."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from service.auth.requests import current_actor_or_none, db
from service.auth.routes import access

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@access("public")
def index() -> ResponseReturnValue:
    """Officials go to their tasks, the public to the notices."""
    signed_in = current_actor_or_none() is not None
    return redirect(url_for("user_tasks.todo" if signed_in else "notices.index"))


@blueprint.get("/health")
@access("public")
def health() -> ResponseReturnValue:
    """Whether the service can reach its database."""
    db().execute(select(1))
    return {"status": "ok"}
