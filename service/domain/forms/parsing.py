"""The YAML of a form, which an admin edits, as a Definition.

title: 工业稳增长和转型升级成效明显市（州）推荐表
article: 附件2
sections:
  - title: 封面
    step: [fill_in, supplement]        # the user tasks that can edit it; absent: every one
    fields:
      - {key: city, title: 市（州）名称, kind: text, max_length: 40}
checks:
  - key: share_stands_twice            # `expression` must be true, or the cell at `at` must equal `equals`
    at: /indicators/share/t1
    equals: number(overall.share.t1)
    tolerance: "0.1"
    message: 两处不一致：此处为 {value}，基本情况中为 {expected}；请核对后改为一致。
    severity: error                    # or warning, which lets the submission pass
figures:
  share: number(indicators.share.t1)   # what decision tables read
example:                               # how the simulation fills it in: range, choice, formula
  overall.share.t1: [1, 12]
"""

import hashlib
import re
from functools import lru_cache
from typing import Any

from service.domain.citations import Marks
from service.domain.forms.consistency import follow, placeholders
from service.domain.forms.definitions import COVER, Check, Definition, Section
from service.domain.forms.errors import DefinitionRefused
from service.domain.forms.kinds import KINDS
from service.domain.forms.nodes import KEY, Findings, Node, read
from service.domain.forms.reading import read_fields
from service.domain.forms.references import Path
from service.engine.expressions import fault
from service.engine.lint.findings import Finding

_POINTER = re.compile(r"(/[a-z0-9_]+)+|/[a-z0-9_]+/\*/[a-z0-9_]+")


def parse(text: str, *, key: str, file: str = "", marks: Marks | None = None) -> Definition:
    """Read a definition; raises DefinitionRefused with every finding at once.

    `marks` are what a file that editions share means in this one.
    """
    definition, findings = _examine(text, key, file or f"{key}.yaml", _frozen(marks))
    if definition is None or findings:
        raise DefinitionRefused(list(findings))
    return definition


def check(text: str, *, key: str, file: str = "", marks: Marks | None = None) -> list[Finding]:
    """Everything that is wrong with a definition; an empty list when it can be used."""
    return list(_examine(text, key, file or f"{key}.yaml", _frozen(marks))[1])


def _frozen(marks: Marks | None) -> tuple[tuple[str, str | None], ...]:
    return tuple(sorted((marks or {}).items(), key=lambda each: each[0]))


@lru_cache(maxsize=256)
def _examine(
    text: str, key: str, file: str, marks: tuple[tuple[str, str | None], ...]
) -> tuple[Definition | None, tuple[Finding, ...]]:
    findings = Findings(file, dict(marks))
    node = read(text, findings)
    if node is None:
        return None, tuple(findings.all)
    definition = Definition(
        key=key,
        title=node.text("title"),
        article=node.article(),
        note=node.optional_text("note"),
        imprint=node.optional_text("imprint", limit=40),
        internal=node.flag("internal", False),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        sections=tuple(_section(section) for section in node.nodes("sections", least=1)),
        checks=tuple(_check(check) for check in node.nodes("checks")),
        figures=_figures(node.mapping("figures")),
        example=_example(node.mapping("example")),
        earlier=_earlier(node.mapping("earlier")),
    )
    if definition.imprint and all(section.title != COVER for section in definition.sections):
        node.fault("imprint 印在封面上，这份表单没有封面。", f"请删去，或者增加标题为“{COVER}”的一节。")
    node.close()
    if not findings.all:  # Names can be followed only where all fields could be read.
        follow(definition, findings)
    return definition, tuple(findings.all)


def _section(node: Node) -> Section:
    section = Section(
        title=node.text("title"),
        article=node.article(),
        note=node.optional_text("note"),
        steps=frozenset(node.texts("step")) if node.has("step") else None,
        fields=read_fields(node, "fields", KINDS),
    )
    node.close()
    return section


def _check(node: Node) -> Check:
    severity = node.optional_text("severity") or "error"
    if severity not in ("error", "warning"):
        node.fault(f"不认识的 severity“{severity}”。", "请写 error（不能提交）或 warning（只提醒）。")
    expression = node.optional_text("expression")
    equals = node.optional_text("equals")
    if (expression is None) == (equals is None):
        node.fault("expression 和 equals 应写且只写一个。", "请留下其中一个。")
    at = node.text("at")
    if not _POINTER.fullmatch(at):
        node.fault(f"“{at}”不是位置。", "请写 /栏目、/栏目/行/列，或 /栏目/*/列（每一行）。")
    check = Check(
        key=node.key(),
        at=at,
        message=node.text("message"),
        severity="warning" if severity == "warning" else "error",
        article=node.article(),
        expression=expression,
        equals=equals,
        tolerance=node.bound("tolerance") or "0",
        form=node.key("form") if node.has("form") else None,
    )
    if bool(check.form) != bool(check.reads_there()):
        node.fault("form 和表达式里的 other 应同时写。", "请写明与哪一份表单核对，以 other.栏目 引用它。")
    for text in (expression, equals, *placeholders(check.message)):
        if text and (reason := fault(text, known_functions=frozenset())):
            node.fault(f"表达式“{text}”有误：{reason}", "请改正。")
    node.close()
    return check


def _earlier(node: Node | None) -> dict[str, dict[Path, Path]]:
    found: dict[str, dict[Path, Path]] = {}
    for form, _ in node.items() if node else ():
        cells = node.mapping(form) if node else None
        for here, there in cells.items() if cells else ():
            if isinstance(there, str):
                found.setdefault(form, {})[tuple(here.split("."))] = tuple(there.split("."))
            elif cells:
                cells.fault(f"“{here}”没有写明以前的栏目。", "请写 栏目: 以前的栏目，或 栏目.行、栏目.列。")
    return found


def _figures(node: Node | None) -> dict[str, str]:
    figures: dict[str, str] = {}
    for name, expression in node.items() if node else ():
        assert node is not None
        if not KEY.fullmatch(name) or not isinstance(expression, str):
            node.fault(f"“{name}”不是“名称: 表达式”。", "请写 名称: number(栏目.行.列)。")
        elif reason := fault(expression, known_functions=frozenset()):
            node.fault(f"“{name}”的表达式有误：{reason}", "请改正。")
        else:
            figures[name] = expression
    return figures


def _example(node: Node | None) -> dict[str, Any]:
    example: dict[str, Any] = {}
    for path, recipe in node.items() if node else ():
        assert node is not None
        if isinstance(recipe, str) and (reason := fault(recipe, known_functions=frozenset())):
            node.fault(f"“{path}”的公式有误：{reason}", "请改正。")
        elif not isinstance(recipe, str | list | bool):
            node.fault(f"“{path}”应为范围、选项或公式。", "请写 [低, 高]、[甲, 乙] 或公式。")
        else:
            example[path] = list(recipe) if isinstance(recipe, list) else recipe
    return example
