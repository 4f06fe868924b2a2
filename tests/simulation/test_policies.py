"""Policies: each shipped edition has one, it names what the edition has, fates are dealt by their shares."""

import csv
from collections import Counter
from collections.abc import Mapping
from random import Random

import pytest

from service.cli.editions import ROOT, shipped, split
from service.domain.divisions import SHIPPED
from service.domain.editions import EditionFolder
from service.domain.simulation import PolicyMissing, policies
from service.domain.simulation.policies import Fate
from service.engine.documents import Document
from tests.editions.walks import unused_lanes

EDITIONS = [split(folder)[1] for folder in shipped()]


def user_tasks(folder: EditionFolder) -> dict[str, Mapping[str, str]]:
    """Element id → its decisions, of every process that the edition has or shares, where it goes."""
    found: dict[str, Mapping[str, str]] = {}
    for path, content in folder.package.bpmn.items():
        drawing = Document(path, content)
        unused = unused_lanes(drawing, folder.package.lanes)
        tasks = (node for node in drawing.nodes if node.type == "userTask" and not set(node.lanes) & unused)
        found |= {task.id: task.element().decisions for task in tasks}
    return found


LETTERS = {"miit_industry": "工信", "shandong_industry": "鲁工信"}


@pytest.mark.parametrize("name", EDITIONS)
def test_who_replaces_a_member_signs_with_the_letters_of_its_own_office(name: str) -> None:
    policy = policies.load(name)
    number = policy.replacement_number.format(year=2024)
    assert bool(policy.illnesses) == bool(number)
    if policy.illnesses:
        assert number.startswith(LETTERS[name.partition("/")[0]])
        assert "〔2024〕" in number


@pytest.mark.parametrize("name", EDITIONS)
def test_a_policy_decides_every_user_task_of_its_edition_and_no_other(name: str) -> None:
    policy, tasks = policies.load(name), user_tasks(EditionFolder.read(ROOT, name))
    assert policy.tasks.keys() == tasks.keys()
    for element, rule in policy.tasks.items():
        # Where nothing is to be decided, nothing is.
        assert rule.decide in (tasks[element] or [None])
        assert rule.hours or rule.hours_left


@pytest.mark.parametrize("name", EDITIONS)
def test_the_fates_of_a_policy_name_tasks_decisions_and_forms_that_there_are(name: str) -> None:
    policy, folder = policies.load(name), EditionFolder.read(ROOT, name)
    tasks = user_tasks(folder)
    for fate in (fate for fates in policy.fates.values() for fate in fates):
        for element, acts in fate.acts.items():
            for act in acts:
                assert act.decide is None or act.decide in tasks[element]
                assert set(act.fill) <= set(folder.document.forms)


def test_an_edition_without_a_policy_is_named() -> None:
    with pytest.raises(PolicyMissing, match="miit_industry/1999"):
        policies.load("miit_industry/1999")


COMMON, RARE = Fate("common", 90), Fate("rare", 10)
OF_COUNTIES = Fate("of counties", 10, levels=frozenset({"county"}))


@pytest.mark.parametrize("seed", range(20))
def test_fates_come_as_often_as_their_shares(seed: int) -> None:
    dealt = Counter(fate.name for fate in policies.deal([COMMON, RARE], ["city"] * 45, Random(seed)))
    assert dealt["rare"] in (4, 5)
    assert dealt.total() == 45


@pytest.mark.parametrize("seed", range(20))
def test_a_fate_of_counties_befalls_a_county(seed: int) -> None:
    kinds = ["city"] * 9 + ["county"]
    dealt = policies.deal([COMMON, OF_COUNTIES], kinds, Random(seed))
    assert [fate.name for fate, kind in zip(dealt, kinds, strict=True) if kind == "city"] == ["common"] * 9


def test_where_a_fate_fits_nobody_the_plain_one_stands_in() -> None:
    assert policies.deal([COMMON, OF_COUNTIES], ["city"] * 30, Random(1)) == [COMMON] * 30


def test_shandong_is_simulated_with_all_its_counties() -> None:
    with SHIPPED.open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["code"].startswith("37")]
    assert policies.load("shandong_industry/2023").applications == sum(
        row["level"] == "county" for row in rows
    )
