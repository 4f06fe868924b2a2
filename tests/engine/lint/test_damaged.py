"""Damaged files: whatever stands in them, the answer is findings, never a crash."""

import copy
import random
from pathlib import Path

import pytest
from lxml import etree

from service.engine.definitions import check
from service.engine.packages import Known, Package

DRAWINGS = sorted(path for kind in ("bpmn", "dmn") for path in Path(__file__).parent.glob(f"*/valid*.{kind}"))
VALUES = ["", "x", "begin", "None", "1", "{", "((", "a b", 'ß"<', "1..2", "decision == 1"]
NOTHING = Known(functions=set(), services=set(), effects=set(), forms=set(), articles=set())


def damage(root: etree._Element, chance: random.Random) -> None:
    """Remove, change, rename or repeat one element or attribute."""
    elements = list(root.iter())
    element = chance.choice(elements[1:])
    attribute = chance.choice([str(name) for name in element.attrib] or ["id"])
    match chance.randrange(6):
        case 0:
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)
        case 1:
            element.attrib.pop(attribute, "")
        case 2:
            element.set(attribute, chance.choice(VALUES))
        case 3:
            element.text = chance.choice(VALUES)
        case 4:
            element.tag = chance.choice(elements).tag
        case _:
            element.addnext(copy.deepcopy(element))


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_judged_and_never_a_crash(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        path = chance.choice(DRAWINGS)
        root = etree.fromstring(path.read_bytes())
        for _ in range(chance.randint(1, 4)):
            damage(root, chance)
        file = {path.name: etree.tostring(root)}
        package = Package(dmn=file, bpmn={}) if path.suffix == ".dmn" else Package(bpmn=file)
        for finding in check(package, chance.choice([None, NOTHING])):
            assert finding.message
            assert finding.mend
