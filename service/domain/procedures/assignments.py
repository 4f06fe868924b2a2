"""Assignments: which office at which division a user task is for."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, select

from service.domain import divisions, organisers, recommendations, rounds, subjects, targets, tracks
from service.domain.applications import Application
from service.domain.divisions import NATION
from service.domain.errors import Conflict
from service.domain.objections import Objection
from service.engine.definitions import Element
from service.engine.services import Assignment, Context, Services

APPLICANT = "applicant"
_LEVELS = {"nation": "国家级", "province": "省级", "city": "市级", "county": "县级"}


class LevelMissing(Conflict):
    """“{element}”应由{division}的{level}主管单位办理，但行政区划表中，{division}没有这一级上级。请联系管理员。"""


def register(services: Services) -> None:
    services.assignment = assignment


def assignment(context: Context, element: Element, data: Mapping[str, Any]) -> Assignment:
    """The element's office at the subject's division, or at its ancestor of the element's level.

    `office` and `level` come from the element or its lane. What has an `assignee` is for that person alone.
    Which forms the element's are in the subject's track, the edition says.
    """
    keys = tuple(tracks.form_keys(context.parameters, data.get("track", ""), element.form_keys))
    return replace(_whom(context, element), form_keys=keys)


def _whom(context: Context, element: Element) -> Assignment:
    if "assignee" in element.properties:
        return Assignment()
    office, level = element.properties.get("office"), element.properties.get("level", APPLICANT)
    known = {"nation": NATION} if level == "nation" else _divisions(context)
    if level in known:
        return Assignment(office, known[level])
    ancestor = divisions.ancestor_at(context.session, known[APPLICANT], level)
    if ancestor is None:
        raise LevelMissing(
            division=divisions.get(context.session, known[APPLICANT]).name,
            level=_LEVELS.get(level, level),
            element=element.name or element.id,
        )
    return Assignment(office, ancestor.code)


def _divisions(context: Context) -> dict[str, str]:
    """Divisions by level, as far as the subject's own row knows them."""
    kind, subject_id = subjects.split(context.instance.business_key)
    if kind == subjects.ROUND:
        return {APPLICANT: rounds.get(context.session, subject_id).division_code}
    if kind == subjects.RECOMMENDATION:
        code = recommendations.get(context.session, subject_id).division_code
        return {APPLICANT: code, organisers.of(context.parameters).recommending or "": code}
    if kind == subjects.TARGETS:
        return {APPLICANT: targets.get(context.session, subject_id).division_code}
    if kind == subjects.DECOMPOSITION:
        return {APPLICANT: targets.decomposition(context.session, subject_id).division_code}
    applicant = context.session.connection().execute(_APPLICANTS[kind], {"subject_id": subject_id}).one()
    known = {APPLICANT: applicant.division_code, "province": applicant.province_code}
    return known | ({"city": applicant.city_code} if applicant.city_code else {})


_APPLICANT = select(Application.division_code, Application.province_code, Application.city_code)
_APPLICANTS = {
    subjects.APPLICATION: _APPLICANT.where(Application.id == bindparam("subject_id")),
    subjects.OBJECTION: _APPLICANT.join(Objection, Objection.application_id == Application.id).where(
        Objection.id == bindparam("subject_id")
    ),
}
