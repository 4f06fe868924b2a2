"""`laurel lint`: everything that is wrong with files of an edition, before anything is deployed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from service.cli.console import Misuse, console, say
from service.cli.editions import split
from service.domain import editions, forms
from service.domain.editions import EditionFolder
from service.domain.procedures import build_services
from service.engine import definitions
from service.engine.lint.findings import Finding

DRAWINGS = (".bpmn", ".dmn")
FORMS = (".yaml", ".yml")


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="文件…"
)
def command(files: tuple[Path, ...]) -> None:
    """检查 BPMN、DMN、表单文件，或办法的整个文件夹；有错误时返回 1。

    单个的文件，只检查它自身；文件之间的引用，用 processes/办法/年份 文件夹一并检查。
    """
    findings = sorted(_check(files))
    show(findings)
    errors = sum(finding.severity == "error" for finding in findings)
    if errors:
        say(f"共 {errors} 处错误，{len(findings) - errors} 处提醒。", "bold red")
        raise SystemExit(1)
    say(f"没有错误，{len(findings)} 处提醒。" if findings else "没有发现问题。", "green")


def show(findings: Sequence[Finding]) -> None:
    """Each with its file, element, rule, what is wrong and how to mend it."""
    out = console()
    for finding in findings:
        where = " ".join(part for part in (finding.file, finding.element, finding.name) if part)
        is_error = finding.severity == "error"
        kind, style = ("错误", "red") if is_error else ("提醒", "yellow")
        out.print(f"{where}", style="bold")
        out.print(f"  {kind} [{finding.rule}] {finding.message}", style=style)
        out.print(f"  {finding.mend}")


def _check(files: Sequence[Path]) -> Iterator[Finding]:
    known = editions.known(build_services())
    yield from definitions.check_files([path for path in files if path.suffix in DRAWINGS], known)
    for path in files:
        if path.is_dir() or path.name == "edition.yaml":
            root, name = split(path if path.is_dir() else path.parent)
            yield from editions.check(EditionFolder.read(root, name), known)
        elif path.suffix in FORMS:
            yield from _form(path)
        elif path.suffix not in DRAWINGS:
            raise Misuse(f"{path} 不是 BPMN、DMN、表单文件，也不是办法的文件夹。")


def _form(path: Path) -> Iterator[Finding]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        yield Finding(str(path), "", "encoding", "", "文件不是 UTF-8 编码。", "请另存为 UTF-8。")
        return
    for finding in forms.check(text, key=path.stem, file=str(path)):
        yield replace(finding, file=str(path))
