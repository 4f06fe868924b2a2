"""Assignments: which office at which division a user task is for."""

from collections.abc import Mapping
from typing import Any

from service.domain import divisions, subjects
from service.domain.divisions import NATION
from service.domain.errors import Conflict
from service.engine.definitions import Element
from service.engine.services import Assignment, Context, Services

APPLICANT = "applicant"


class LevelMissing(Conflict):
    """“{element}”应由{division}的上级（{level}）办理，但行政区划表中没有这一级。请联系管理员。"""


def register(services: Services) -> None:
    services.assignment = assignment


def assignment(context: Context, element: Element, data: Mapping[str, Any]) -> Assignment:
    """The element's office at the subject's division, or at its ancestor of the element's level.

    `office` and `level` come from the element or its lane. What has an `assignee` is for that person alone.
    """
    if "assignee" in element.properties:
        return Assignment()
    office, level = element.properties.get("office"), element.properties.get("level", APPLICANT)
    if level == "nation":
        return Assignment(office, NATION)
    division_code = subjects.get(context.session, context.instance.business_key).division_code
    if level != APPLICANT:
        ancestor = divisions.ancestor_at(context.session, division_code, level)
        if ancestor is None:
            raise LevelMissing(division=division_code, level=level, element=element.name or element.id)
        division_code = ancestor.code
    return Assignment(office, division_code)
