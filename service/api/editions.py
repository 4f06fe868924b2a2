"""Editions: procedures in force, and the clauses that they carry out."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields

from service.api.blueprints import Blueprint
from service.api.pages import TOTAL, PageQuerySchema, listed
from service.auth.articles import require_reader
from service.auth.downloads import to_save
from service.auth.requests import db
from service.auth.routes import access
from service.domain import editions
from service.domain.articles import Kind, Standing

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


class MarkSchema(Schema):
    """What carries an article out."""

    kind = fields.Enum(Kind, by_value=True, metadata={"description": "环节、参数、表单……"})
    title = fields.String()
    place = fields.String(metadata={"description": "所在的流程、判定表、表单"})
    key = fields.String(metadata={"description": "环节的编号、参数的路径、表单的名称"})
    file = fields.String()


class ReasonSchema(Schema):
    """Why an article, or part of one, cannot be executed."""

    extent = fields.String(metadata={"description": "whole 整条，part 部分"})
    reason = fields.String()


class ArticleSchema(Schema):
    """A clause, verbatim, and what carries it out."""

    number = fields.String()
    title = fields.String(metadata={"description": "第6条（2）"})
    text = fields.String()
    above = fields.String(allow_none=True, metadata={"description": "所属的条或者项"})
    standing = fields.Enum(Standing, by_value=True, metadata={"description": "执行到什么程度"})
    marks = fields.List(fields.Nested(MarkSchema))
    reasons = fields.List(fields.Nested(ReasonSchema))


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


@blueprint.get("/<edition_id>/articles")
@access("public")
@blueprint.response(200, ArticleSchema(many=True))
def articles(edition_id: str) -> Any:
    """全部条文，以及各由什么执行（发布过公示的办法无需登录）"""
    require_reader(edition_id)
    return list(editions.account(editions.get(db(), edition_id)).articles.values())


@blueprint.get("/<edition_id>/articles/<number>")
@access("public")
@blueprint.response(200, ArticleSchema)
def article(edition_id: str, number: str) -> Any:
    """一条原文，例如 6、7(1)、reading 2，以及由什么执行"""
    require_reader(edition_id)
    return editions.accounted(editions.get(db(), edition_id), number)


@blueprint.get("/<edition_id>/files")
@access("signed_in")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def files(edition_id: str) -> ResponseReturnValue:
    """一个办法的全部文件（zip），与部署时一字不差"""
    edition = editions.get(db(), edition_id)
    content = editions.archive(edition)
    return to_save(content, name=editions.archive_name(edition), media_type="application/zip")
