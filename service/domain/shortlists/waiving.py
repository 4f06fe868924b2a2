"""Waiving: which rules of a list a recorded decision may set aside, and what follows from it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.domain import selection, waivers
from service.domain.errors import Conflict, Invalid, Problem
from service.domain.rounds import Round
from service.domain.selection import Rule
from service.domain.shortlists.models import candidates
from service.domain.shortlists.placing import Next, considered, place, preview
from service.domain.waivers import Decision, Exemption
from service.engine.services import Context


class NothingToWaive(Conflict):
    """本名单没有可以作出例外的规则。"""


class RulesChanged(Conflict):
    """名单的规则有变，不能按原来的决定登记。请刷新页面后重新登记。"""


class ConflictStands(Invalid):
    """没有符合全部规则的名单，须决定其中至少一项作出例外：{rules}。"""

    place = "/rules"


class WaiversRefused(Invalid):
    """规则的例外有 {count} 处需要改正，没有登记。"""


def waivable(session: Session, round_: Round, promote_below: int) -> list[Rule]:
    """The rules that may be set aside: of those that conflict, else of all that can keep somebody off."""
    conflict = preview(session, round_, promote_below, {}).conflict
    if conflict is not None:
        return [each for each in conflict.rules if each.waivable]
    ranked, stated = considered(session, round_, candidates(session, round_), {})
    known = selection.describe(ranked, stated)
    binding = {bound.key for bound in selection.bounds(ranked, stated)}
    binding |= {selection.exclusion_key(each) for each in selection.excluded(stated).values()}
    return [known[key] for key in sorted(binding) if known[key].waivable]


def row_key(rule: Rule | waivers.Waiver) -> str:
    """By what a form's row names a rule: its own key may hold what the path of a row may not."""
    key = rule.key if isinstance(rule, Rule) else rule.rule
    return "r" + hashlib.sha256(key.encode()).hexdigest()[:16]


def waive(
    context: Context,
    round_: Round,
    given: Mapping[str, Mapping[str, Any]],
    decision: Decision,
    person_id: str,
    promote_below: int,
) -> Next:
    """Record what the decision says of each rule, by `row_key`, and place the list anew; what comes next.

    It may be that no rule is set aside. Raises RulesChanged, WaiversRefused, ConflictStands.
    """
    known = {row_key(each): each for each in waivable(context.session, round_, promote_below)}
    if given.keys() - known.keys():
        raise RulesChanged
    ranked, stated = considered(context.session, round_, candidates(context.session, round_), {})
    limits = selection.limits(ranked, stated)
    exemptions, problems = [], []
    for key, row in given.items():
        if not row.get("waived"):
            continue
        rule, limit = known[key], row.get("limit")
        if limit is not None and not selection.eases(limits.get(rule.key), int(limit)):
            text = f"“{rule.text}”改按 {limit} 个执行，没有放宽；完全不适用的，此处不填。"
            problems.append(Problem(f"/rules/{key}/limit", text))
        exemptions.append(Exemption(rule, None if limit is None else int(limit), row["reason"]))
    if problems:
        raise WaiversRefused(problems)
    if exemptions:
        waivers.record(context, round_, exemptions, decision, person_id)
    else:
        _require_some_list(context.session, round_, promote_below)
    return place(context, round_, promote_below)


def _require_some_list(session: Session, round_: Round, promote_below: int) -> None:
    """ConflictStands where no rule was set aside and no list keeps to all of them."""
    conflict = preview(session, round_, promote_below, {}).conflict
    if conflict is not None:
        raise ConflictStands(rules="；".join(selection.cite(each) for each in conflict.rules))


def require_waivable(session: Session, round_: Round, promote_below: int) -> None:
    """NothingToWaive where there is no rule that a decision could set aside."""
    if not waivable(session, round_, promote_below):
        raise NothingToWaive
