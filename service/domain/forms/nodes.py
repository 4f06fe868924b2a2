"""Reading a YAML file that a person wrote: a fault becomes a finding with its line, and reading goes on."""

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken, TagToken

from service.domain.citations import Marks, cited
from service.engine.lint.findings import Finding

MAXIMUM_CHARACTERS = 200_000
KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_COUNT = re.compile(r"[0-9]{1,5}")
_SPECIAL = re.compile(r"(?:^|[\s\[{,:-])[&*!]")
PARAMETER = re.compile(r"parameters(\.[a-z][a-z0-9_]*)+")


class Findings:
    """The faults of one file."""

    def __init__(self, file: str, marks: Marks | None = None) -> None:
        self.file = file
        self.marks = marks or {}
        """What the marks of a shared file stand for."""
        self.all: list[Finding] = []

    def add(self, place: str, message: str, mend: str, *, rule: str = "form-definition") -> None:
        """`place` tells the reader where: `第12行 cover.city`."""
        self.all.append(Finding(self.file, place, rule, "", message, mend))


class Node:
    """A mapping of the file. Its keys are taken one by one; `close` names those that nobody took."""

    def __init__(self, findings: Findings, value: CommentedMap, place: str) -> None:
        self.findings = findings
        self._value = value
        self._place = place
        self._taken: set[str] = set()

    @property
    def place(self) -> str:
        return f"第{self._value.lc.line + 1}行 {self._place}".strip()

    def fault(self, message: str, mend: str) -> None:
        self.findings.add(self.place, message, mend)

    def has(self, name: str) -> bool:
        return name in self._value

    def raw(self, name: str) -> Any:
        """The value as YAML gave it; None when absent."""
        self._taken.add(name)
        return self._value.get(name)

    def text(self, name: str, *, limit: int = 300) -> str:
        """A text that must be there."""
        value = self.raw(name)
        if isinstance(value, str) and value.strip():
            return self._within(name, value.strip(), limit)
        self.fault(f"缺少“{name}”，或它不是文字。", f"请写上 {name}: …；像数字的文字要加引号。")
        return ""

    def optional_text(self, name: str, *, limit: int = 1000) -> str | None:
        return self.text(name, limit=limit) if self.raw(name) is not None else None

    def article(self) -> str | None:
        """The article that this part carries out; a shared file's mark gives that of the edition."""
        article = self.optional_text("article", limit=40)
        return None if article is None else cited(article, self.findings.marks)

    def key(self, name: str = "key") -> str:
        """An identifier: `tech_share`."""
        value = self.text(name)
        if value and not KEY.fullmatch(value):
            self.fault(
                f"“{value}”不能作为 {name}。",
                "请用小写字母开头，只含小写字母、数字和下划线，不超过 50 个字符。",
            )
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.raw(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.fault(f"“{name}”应为 true 或 false。", f"请改为 {name}: true 或 {name}: false。")
            return default
        return value

    def count(self, name: str, default: int, *, low: int = 0, high: int) -> int:
        value = self.raw(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.fault(f"“{name}”应为 {low} 至 {high} 的整数。", f"请改正 {name} 的值。")
            return default
        return value

    def bound(self, name: str, *, whole: bool = False) -> str | None:
        """A number as text, or the path of a parameter of the edition (`parameters.quota.minimum`)."""
        value = self.raw(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        pattern = _COUNT if whole else _DECIMAL
        if isinstance(value, str) and (PARAMETER.fullmatch(value) or pattern.fullmatch(value)):
            return value
        self.fault(
            f"“{name}”应为{'不小于 0 的整数' if whole else '加引号的数字'}，或参数的路径。",
            f'请改为 {name}: "0" 或 {name}: parameters.名称.名称。',
        )
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, or one text."""
        value = self.raw(name)
        if value is None:
            return ()
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(item, str) and item for item in listed):
            return tuple(listed)
        self.fault(f"“{name}”应为文字的列表。", f"请改为 {name}: [甲, 乙]。")
        return ()

    def mapping(self, name: str) -> "Node | None":
        """A mapping inside this one; None when absent or no mapping."""
        value = self.raw(name)
        if isinstance(value, CommentedMap):
            return Node(self.findings, value, f"{self._place}.{name}".strip("."))
        if value is not None:
            self.fault(f"“{name}”应为“名称: 值”的形式。", f"请在 {name}: 下缩进书写各项。")
        return None

    def nodes(self, name: str, *, least: int = 0) -> "list[Node]":
        """A list of mappings."""
        value = self.raw(name)
        if value is None and not least:
            return []
        if isinstance(value, CommentedSeq) and len(value) >= least:
            if all(isinstance(item, CommentedMap) for item in value):
                return [
                    Node(self.findings, item, f"{self._place}.{name}[{i}]".strip("."))
                    for i, item in enumerate(value)
                ]
            self.fault(f"“{name}”的每一项应为“名称: 值”的形式。", "请检查缩进和短横线。")
            return []
        self.fault(f"“{name}”应为列表，至少 {least} 项。", f"请在 {name}: 下用短横线逐项书写。")
        return []

    def items(self) -> Iterator[tuple[str, Any]]:
        """Every key and value; all count as taken."""
        for name, value in self._value.items():
            self._taken.add(name)
            yield str(name), value

    def close(self) -> None:
        """Name the keys that nothing reads: a misspelt one would otherwise be ignored in silence."""
        for name in self._value:
            if name not in self._taken:
                known = "、".join(sorted(self._taken))
                self.fault(f"不认识的栏目“{name}”。", f"请检查拼写；此处可用：{known}。")

    def _within(self, name: str, value: str, limit: int) -> str:
        if len(value) > limit:
            self.fault(f"“{name}”超过 {limit} 个字。", "请缩短。")
        return value


def read(text: str, findings: Findings) -> Node | None:
    """The file's mapping; None, with a finding, where it is none."""
    if len(text) > MAXIMUM_CHARACTERS:
        findings.add("", f"文件超过 {MAXIMUM_CHARACTERS} 个字符。", "请拆分或精简。")
        return None
    try:
        yaml = YAML(typ="rt", pure=True)
        # Scanning is slow; what a token could begin with is looked for first.
        for token in yaml.scan(text) if _SPECIAL.search(text) else ():
            if isinstance(token, AliasToken | AnchorToken | TagToken):
                line = token.start_mark.line + 1
                findings.add(f"第{line}行", "不能使用锚点、别名或标签（& * !）。", "请把内容直接写出来。")
                return None
        value = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"第{mark.line + 1}行" if mark else ""
        findings.add(place, "不是正确的 YAML。", "请检查缩进、冒号、引号，以及有没有重复的名称。")
        return None
    except (YAMLError, RecursionError, ValueError):
        findings.add("", "不是正确的 YAML，或嵌套过深。", "请检查缩进、冒号和引号。")
        return None
    if not isinstance(value, CommentedMap):
        findings.add("", "文件应由“名称: 值”组成。", "请从 title: 和 sections: 写起。")
        return None
    return Node(findings, value, "")
