"""The shipped definitions of miit_industry/2018, compiled as a round of 2018 would."""

import re
from pathlib import Path
from typing import Any

from service.domain import forms
from service.domain.editions import EditionFolder

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "forms/miit_industry/2018"
EDITION = EditionFolder.read(ROOT, "miit_industry/2018")
KEYS = sorted(EDITION.document.forms)
YEAR = 2018
PARAMETERS = {
    "quota": {"minimum": 10, "maximum": 15},
    "committee": {"minimum": 9, "odd": True, "roles": ["expert", "bureau"]},
    "scoring": {"maximum": 100},
    "review": {"rate_points": "15", "share_points": "10", "amount_percent": "50", "count_by": "10"},
}
APPLICATIONS = [("a1", "杭州市余杭区"), ("a2", "湖州市"), ("a3", "宜昌市")]
ROWS: dict[str, list[tuple[str, str]]] = {
    "people": [(f"p{number}", f"委员{number}") for number in range(1, 14)],
    "divisions": [("330000", "浙江省"), ("420000", "湖北省")],
    "ready_applications": APPLICATIONS,
    "accepted_applications": APPLICATIONS,
    "scored_applications": APPLICATIONS,
    "tied_applications": APPLICATIONS[:2],
    "waivable_rules": [("cap", "同一省最多1个"), ("floor", "西部和东北不少于2个")],
}
# What a random draw cannot know: nobody sits twice, one is in the chair.
MEMBERS = [
    {
        "person": f"p{number}",
        "role": "expert" if number < 6 else "bureau",
        "chair": number == 1,
        "recused": ["a1"] if number == 2 else [],
    }
    for number in range(1, 10)
]


OTHERS = [file for file in sorted((ROOT / "forms").glob("*/20*/*.yaml")) if file.parent != FOLDER]
"""The forms of the other editions."""


def name_of(file: Path) -> str:
    """`pilot_city/2016/plan`."""
    return "/".join(file.parts[-3:]).removesuffix(".yaml")


def compiled_file(file: Path) -> forms.Compiled:
    """A form of any edition, with some rows in every list, and bounds that are none of the edition's."""
    text = file.read_text(encoding="utf-8")
    parameters: dict[str, Any] = {}
    for path in re.findall(r"parameters((?:\.[a-z_]+)+)", text):
        *above, last = path[1:].split(".")
        at = parameters
        for name in above:
            at = at.setdefault(name, {})
        at[last] = 10
    found = forms.parse(text, key=file.stem)
    rows = dict.fromkeys(found.sources, APPLICATIONS) | ROWS
    return forms.compile(found, year=2023, rows=rows, parameters=parameters)


def definition(key: str) -> forms.Definition:
    text = (ROOT / EDITION.form_path(key)).read_text()
    return forms.parse(text, key=key, marks=EDITION.document.shared_articles)


def compiled(key: str, step: str | None = None, year: int = YEAR) -> forms.Compiled:
    return forms.compile(definition(key), year=year, rows=ROWS, step=step, parameters=PARAMETERS)


def valid(key: str, seed: int = 1, **given: Any) -> dict[str, Any]:
    """Content without a problem."""
    if key == "committee":
        given.setdefault("members", MEMBERS)
    return forms.sample(compiled(key), seed, given)


def messages(form: forms.Compiled, content: object) -> dict[str, str]:
    """Pointer → message, of the errors in the cleaned content."""
    found = forms.validate(form, forms.clean(form, content))
    return {problem.pointer: problem.message for problem in found if problem.severity == "error"}
