"""Rules of a round's list: what the edition states, what was decided, and who the candidates are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.orm import Session

from service.domain import applications, divisions, editions, selection, waivers
from service.domain.forms.fields import article_title
from service.domain.rounds import Round
from service.domain.rules import rule
from service.domain.selection import Candidate, Cap, Exclusion, Floor, Rules
from service.domain.shortlists import preceding

REGIONS = {"east": "东部", "central": "中部", "west": "西部", "northeast": "东北"}


class About(NamedTuple):
    """Who a candidate is."""

    name: str
    groups: Mapping[str, str]


def applicants(session: Session, round_: Round, application_ids: Collection[str]) -> dict[str, About]:
    """Names and groups by application id; groups, where rules ask for them, are those of the divisions."""
    codes = applications.divisions_of(session, application_ids)
    names = divisions.full_names(session, codes.values())
    asked = bool(editions.get(session, round_.edition_id).selection)
    groups = divisions.groups(session, codes.values()) if asked else {}
    return {key: About(names[code], groups.get(code, {})) for key, code in codes.items()}


@rule("名单不超过名额和各组上限、不少于各组下限，按得分依次列入", "selection", "quota", given="committee")
def stated(
    session: Session,
    round_: Round,
    candidates: Sequence[Candidate],
    quota: int,
    removed: Mapping[str, str],
    supposed: preceding.Supposed | None = None,
) -> Rules:
    """The edition's rules and what was waived of them, with the quota and who was removed ({id: reason})."""
    edition = editions.get(session, round_.edition_id)
    selected = edition.selection
    caps = [
        Cap(each["group"], each["maximum"], article_title(each["article"]))
        for each in selected.get("caps", ())
    ]
    floors = [
        Floor(
            each["group"],
            each["values"],
            each["minimum"],
            article_title(each["article"]),
            each.get("title") or "",
        )
        for each in selected.get("floors", ())
    ]
    exclusions = [Exclusion(key, "", reason) for key, reason in removed.items()]
    exclusions += selection.repeated(candidates, preceding.repeats(session, round_, supposed))
    rules = Rules(
        quota,
        caps,
        floors,
        exclusions,
        labels=_labels(session, candidates),
        quota_article=article_title(edition.parameters["quota"]["article"]),
    )
    known = selection.describe(candidates, rules)
    return replace(rules, waivers=waivers.in_force(session, round_.id, known.keys()))


def _labels(session: Session, candidates: Sequence[Candidate]) -> dict[str, str]:
    """Names of the provinces and cities to which candidates belong."""
    codes = {each.groups[name] for each in candidates for name in ("province", "city") if name in each.groups}
    return REGIONS | (divisions.names(session, codes) if codes else {})
