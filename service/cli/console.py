"""What the commands print: sentences and tables, in colour on a terminal and plain elsewhere."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 160  # What is no terminal has no width, and a wrapped table is hard to read in a log.


def console(*, stderr: bool = False) -> Console:
    """Standard output, or standard error, as it is at this moment."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str = "", style: str | None = None) -> None:
    """Print a line."""
    console().print(text, style=style)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None) -> None:
    """Print rows under their headings."""
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    console().print(shown, soft_wrap=False)


class HelpFormatter(click.HelpFormatter):
    """Click's help in Chinese."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "用法：")

    def write_heading(self, heading: str) -> None:
        super().write_heading({"Options": "选项", "Commands": "命令"}.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        shown = [(term, _HELP.get(text, text)) for term, text in rows]
        super().write_dl(shown, col_max, col_spacing)


_HELP = {"Show this message and exit.": "显示帮助。", "Show the version and exit.": "显示版本。"}


class Misuse(click.ClickException):
    """A command that was called with arguments that do not go together."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        console(stderr=True).print(f"错误：{self.message}", style="bold red")


class Refusal(click.ClickException):
    """What the service refused: its sentence, then each fault on a line of its own."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        problems = getattr(error, "problems", ())
        self.faults = [f"{problem.place} {problem.message}".strip() for problem in problems]

    def show(self, file: Any = None) -> None:
        out = console(stderr=True)
        out.print(f"错误：{self.message}", style="bold red")
        for fault in self.faults:
            if fault != self.message:
                out.print(f"  {fault}")
