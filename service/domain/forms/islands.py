"""What the form page hands to the browser."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from service.domain.forms.cleaning import clean
from service.domain.forms.compiler import Compiled
from service.domain.forms.problems import Problem


def island(
    compiled: Compiled, content: Mapping[str, Any] | None, *, version: int, problems: Iterable[Problem] = ()
) -> dict[str, Any]:
    """The JSON of one form for `service/web/src/form/main.js`; the page adds `urls` and `csrf`.

    `version` is the draft's, 0 when there is none; `content` is the draft, else what was submitted before.
    """
    return {
        "form": compiled.key,
        "title": compiled.title,
        "schema": compiled.schema,
        "uischema": compiled.uischema,
        "content": clean(compiled, dict(content or {})),
        "readonly": compiled.readonly,
        "version": version,
        "problems": [asdict(problem) for problem in problems],
    }
