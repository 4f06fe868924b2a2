"""Every rule, by its two drawings: one that is fine, and one in which that rule alone finds fault."""

import re
from pathlib import Path

import pytest

from service.engine import lint
from service.engine.definitions import Finding, check
from service.engine.packages import Known, Package

FOLDER = Path(__file__).parent
RULES = sorted([*lint.RULES, lint.XML])
KNOWN = Known(
    functions={"now", "workdays_after"},
    services={"applications.close"},
    effects={"applications.submit"},
    forms={"report"},
    articles={"6", "7"},
)


def found(rule: str, kind: str) -> list[Finding]:
    """The findings in a rule's files that begin with `valid` or `invalid`."""
    files = {path.name: path.read_bytes() for path in sorted((FOLDER / rule).glob(f"{kind}*"))}
    assert files, f"{rule} has no {kind} drawing"
    package = Package(
        bpmn={name: content for name, content in files.items() if name.endswith(".bpmn")},
        dmn={name: content for name, content in files.items() if name.endswith(".dmn")},
        lanes={"city": {"office": "industry", "level": "city"}},
    )
    return check(package, KNOWN)


@pytest.mark.parametrize("rule", RULES)
def test_the_valid_drawing_has_no_fault(rule: str) -> None:
    assert found(rule, "valid") == []


@pytest.mark.parametrize("rule", RULES)
def test_the_invalid_drawing_has_this_fault_and_no_other(rule: str) -> None:
    assert {finding.rule for finding in found(rule, "invalid")} == {rule}


@pytest.mark.parametrize("rule", RULES)
def test_a_finding_names_file_element_fault_and_mend(rule: str) -> None:
    for finding in found(rule, "invalid"):
        text = (FOLDER / rule / finding.file).read_text(encoding="utf-8")
        if rule != lint.XML:
            assert f'id="{finding.element}"' in text
            assert all(part in finding.message for part in finding.name.split())
        for sentence in (finding.message, finding.mend):
            assert re.search(r"[\u4e00-\u9fff]", sentence)
            assert sentence.endswith("。")


def test_every_folder_belongs_to_a_rule() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_"} == set(RULES)


def test_every_rule_says_why() -> None:
    assert [name for name, judge in lint.RULES.items() if not judge.__doc__] == []
