"""Editions: procedures in force, and the clauses that they carry out."""

import io
from typing import Any

from flask import send_file
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.requests import db
from service.auth.routes import access
from service.domain import editions

blueprint = Blueprint("editions", __name__, url_prefix="/editions", description="办法")


class EditionSchema(Schema):
    """One edition in a list."""

    id = fields.String()
    programme = fields.String()
    key = fields.String()
    version = fields.Integer()
    title = fields.String()
    first_year = fields.Integer()
    published_at = fields.DateTime()


class EditionViewSchema(EditionSchema):
    """One edition with its document and parameters (edition.yaml)."""

    document = fields.Dict()
    definitions = fields.Dict(keys=fields.String(), values=fields.String())


class ArticleSchema(Schema):
    """A clause, verbatim."""

    number = fields.String()
    text = fields.String()


@blueprint.get("")
@access("signed_in")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, EditionSchema(many=True), headers=TOTAL)
def index(query: dict[str, int]) -> Any:
    """已部署的办法"""
    return listed(editions.listed(db(), **query))


@blueprint.get("/<edition_id>")
@access("signed_in")
@blueprint.response(200, EditionViewSchema)
def show(edition_id: str) -> Any:
    """一个办法：原文、参数、流程"""
    return editions.get(db(), edition_id)


@blueprint.get("/<edition_id>/articles/<number>")
@access("signed_in")
@blueprint.response(200, ArticleSchema)
def article(edition_id: str, number: str) -> Any:
    """一条原文，例如 6、7(1)、reading 2"""
    return {"number": number, "text": editions.article(editions.get(db(), edition_id), number)}


@blueprint.get("/<edition_id>/files")
@access("signed_in")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def files(edition_id: str) -> ResponseReturnValue:
    """一个办法的全部文件（zip），与部署时一字不差"""
    edition = editions.get(db(), edition_id)
    return send_file(
        io.BytesIO(editions.archive(edition)),
        mimetype="application/zip",
        as_attachment=True,
        download_name=editions.archive_name(edition),
    )
