"""Selections: what edition.yaml says that a list must keep to, and every fault of it."""

from collections.abc import Iterable

from service.domain.divisions import GROUPS
from service.domain.editions.citing import cite
from service.domain.forms.nodes import Node

REPEATED = ("province", "city")
"""Groups by which a list may keep clear of another: whose value is a division of its own."""


def check(node: Node, articles: Iterable[str]) -> None:
    """Caps, floors and repeats: by which group, how many or against which list, by which article."""
    selection = node.mapping("selection") if node.has("selection") else None
    if selection is None:
        return
    for each in selection.nodes("caps"):
        _group(each, GROUPS)
        _limit(each, "maximum")
        _close(each, articles)
    for each in selection.nodes("floors"):
        _group(each, GROUPS)
        _limit(each, "minimum")
        each.optional_text("title", limit=40)
        if not each.texts("values"):
            each.fault("缺少“values”。", "请写明下限适用于哪些值，如 values: [west, northeast]。")
        _close(each, articles)
    tracks = [track.text("key") for track in node.nodes("tracks")]
    for each in selection.nodes("no_repeat"):
        _group(each, REPEATED)
        _tracks(each, tracks)
        each.flag("principle", False)
        _close(each, articles)
    _in_order(selection)
    selection.close()


def _group(rule: Node, known: Iterable[str]) -> None:
    group = rule.text("group")
    if group and group not in known:
        rule.fault(f"没有“{group}”这种分组。", f"group 可以是：{'、'.join(known)}。")


def _limit(rule: Node, name: str) -> None:
    if not rule.has(name):
        rule.fault(f"缺少“{name}”。", f"请写明 {name}: 一个整数。")
    rule.count(name, 0, high=9999)


def _close(rule: Node, articles: Iterable[str]) -> None:
    cite(rule, articles)
    if rule.has("reading"):
        cite(rule, articles, "reading")
    rule.close()


def _tracks(rule: Node, known: list[str]) -> None:
    """On whose lists it bars, and against which."""
    barred, against = rule.texts("tracks"), rule.text("against")
    if not barred:
        rule.fault("缺少“tracks”。", "请写明适用于哪些名单，如 tracks: [county]。")
    for unknown in sorted({*barred, *([against] if against else [])} - {*known}):
        rule.fault(f"tracks 中没有“{unknown}”。", f"可以是：{'、'.join(known)}。")


def _in_order(selection: Node) -> None:
    """No list may wait for itself, by however many others."""
    waits: dict[str, set[str]] = {}
    for rule in selection.nodes("no_repeat"):
        against = rule.raw("against")
        for track in rule.raw("tracks") if isinstance(rule.raw("tracks"), list) else ():
            reached = {str(against)}
            while more := {one for each in reached for one in waits.get(each, ())} - reached:
                reached |= more
            if track in reached:
                rule.fault(f"“{track}”的名单要等它自己先确定。", "请改正 tracks 或者 against。")
            waits.setdefault(str(track), set()).add(str(against))
