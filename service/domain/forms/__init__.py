"""Forms: a short YAML definition compiled to JSON Schema; content judged, kept and shown.

Content is one flat JSON object: field key → value. A number is a decimal string (`"12.50"`), yes/no a
boolean, a date `"2018-03-01"`, a month `"2018-03"`, a metric table `{row: {"t1": "12.5"}}`,
repeated rows a list of objects, given rows `{row key: {column: value}}`, files
`[{"name", "size", "sha256"}]`. `"0"`, `""` (emptied) and a missing key are three different things.
"""

from service.domain.forms.checks import Others, figures, names_of, remarks
from service.domain.forms.cleaning import clean
from service.domain.forms.compiler import Compiled, compile
from service.domain.forms.consistency import check_against
from service.domain.forms.days import postdated
from service.domain.forms.definitions import Definition
from service.domain.forms.errors import (
    ContentRefused,
    DefinitionRefused,
    DraftChanged,
    FormError,
    ParameterMissing,
    RowsMissing,
)
from service.domain.forms.islands import island
from service.domain.forms.kinds.dates import LATEST_YEAR
from service.domain.forms.kinds.row_tables import WAIVER_COLUMNS, GivenTable
from service.domain.forms.merging import merge, prepare, supply
from service.domain.forms.parsing import check, parse
from service.domain.forms.present import present
from service.domain.forms.problems import Problem
from service.domain.forms.samples import sample
from service.domain.forms.scopes import in_any_year, in_year
from service.domain.forms.submissions import (
    Answer,
    FormDraft,
    FormSubmission,
    draft,
    drop_drafts,
    latest,
    latest_of,
    save_draft,
    submission,
    submissions,
    submit,
)
from service.domain.forms.validation import validate

__all__ = [
    "LATEST_YEAR",
    "WAIVER_COLUMNS",
    "Answer",
    "Compiled",
    "ContentRefused",
    "Definition",
    "DefinitionRefused",
    "DraftChanged",
    "FormDraft",
    "FormError",
    "FormSubmission",
    "GivenTable",
    "Others",
    "ParameterMissing",
    "Problem",
    "RowsMissing",
    "check",
    "check_against",
    "clean",
    "compile",
    "draft",
    "drop_drafts",
    "figures",
    "in_any_year",
    "in_year",
    "island",
    "latest",
    "latest_of",
    "merge",
    "names_of",
    "parse",
    "postdated",
    "prepare",
    "present",
    "remarks",
    "sample",
    "save_draft",
    "submission",
    "submissions",
    "submit",
    "supply",
    "validate",
]
