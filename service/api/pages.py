"""Pages of lists: which one is asked for, and how many rows there are on all of them."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, validate

from service.auth.numbers import LARGEST
from service.domain import pages
from service.domain.pages import Page

TOTAL = {"X-Total-Count": {"description": "全部页的项数", "schema": {"type": "integer"}}}


class PageQuerySchema(Schema):
    """Which page of a list."""

    number = fields.Integer(
        data_key="page",
        load_default=1,
        validate=validate.Range(min=1, max=LARGEST, error="页码从 1 开始，不超过 {max}。"),
    )
    size = fields.Integer(
        load_default=pages.SIZE, validate=validate.Range(min=1, max=100, error="每页 1 至 100 项。")
    )


class PageSchema(Schema):
    """Where a page stands, for answers that hold its rows beside it."""

    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


def one_of(statuses: type[StrEnum]) -> validate.OneOf:
    """A list is narrowed to a status that exists."""
    return validate.OneOf([each.value for each in statuses], error="应为 {choices} 之一。")


def listed(page: Page[Any]) -> tuple[Any, int, dict[str, str]]:
    """The rows, with their total in a header."""
    return page.rows, 200, {"X-Total-Count": str(page.total)}
