"""Rules of a round's list: what the edition states, and which groups the candidates belong to."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications, divisions, editions
from service.domain.forms.fields import article_title
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.selection import Cap, Exclusion, Floor, Rules

REGIONS = {"east": "东部", "central": "中部", "west": "西部", "northeast": "东北"}


class About(NamedTuple):
    """Who a candidate is."""

    name: str
    groups: Mapping[str, str]


def applicants(session: Session, round_: Round, application_ids: Collection[str]) -> dict[str, About]:
    """Names and groups by application id; groups, where rules ask for them, are those of the divisions."""
    codes = applications.divisions_of(session, application_ids)
    names = applications.full_names(session, codes.values())
    asked = bool(editions.get(session, round_.edition_id).selection)
    groups = divisions.groups(session, codes.values()) if asked else {}
    return {key: About(names[code], groups.get(code, {})) for key, code in codes.items()}


@rule("名单不超过名额和各组上限、不少于各组下限，按得分依次列入", "selection", "quota")
def stated(session: Session, round_: Round, quota: int, exclusions: Sequence[Exclusion]) -> Rules:
    """The edition's caps and floors, with the quota that applies and who cannot be listed."""
    selection = editions.get(session, round_.edition_id).selection
    caps = [
        Cap(each["group"], each["maximum"], article_title(each["article"]))
        for each in selection.get("caps", ())
    ]
    floors = [
        Floor(
            each["group"],
            each["values"],
            each["minimum"],
            article_title(each["article"]),
            each.get("title") or "",
        )
        for each in selection.get("floors", ())
    ]
    provinces = divisions.at_level(session, "province") if caps or floors else ()
    labels = REGIONS | {each.code: each.name for each in provinces}
    return Rules(quota, caps, floors, exclusions, labels=labels)
