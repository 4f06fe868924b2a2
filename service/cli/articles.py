"""`laurel articles`: what carries out each article of each document, or why nothing can."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click
from rich.table import Table

from service.cli import settings
from service.cli.console import console, say
from service.cli.editions import read, shipped
from service.cli.lint import show
from service.domain import editions
from service.domain.articles import Account, Article
from service.domain.procedures import build_services


@click.command()
@click.option(
    "--edition",
    "names",
    multiple=True,
    metavar="办法",
    help="办法/年份，或它的文件夹；默认为随本系统提供的全部办法。",
)
@click.option("--deployed", is_flag=True, help="查已经部署的最新一版，而不是 processes/ 下的文件。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def command(names: tuple[str, ...], deployed: bool, as_json: bool) -> None:
    """逐条列出办法由哪些环节、参数、表单和规则执行，或者为什么不能执行；有问题时返回 1。"""
    build_services()  # The rules of the code are known once their modules have been loaded.
    found = dict(_deployed(names) if deployed else _folders(names))
    if as_json:
        click.echo(json.dumps([_json(*each) for each in found.items()], ensure_ascii=False, indent=2))
    else:
        for name, account in found.items():
            _print(name, account)
    if any(account.findings for account in found.values()):
        raise SystemExit(1)


def _folders(names: Sequence[str]) -> Iterator[tuple[str, Account]]:
    for name in names or [str(folder) for folder in shipped()]:
        folder = read(name)
        yield folder.name, folder.account


def _deployed(names: Sequence[str]) -> Iterator[tuple[str, Account]]:
    config = settings.load()
    with settings.opened(config) as database, database.read() as session:
        for name in names:
            programme, _, key = name.partition("/")
            edition = editions.latest(session, programme, key or None)
            yield f"{edition.programme}/{edition.key}", editions.account(edition)
        for edition in () if names else editions.newest(session):
            yield f"{edition.programme}/{edition.key}", editions.account(edition)


def _print(name: str, account: Account) -> None:
    out = console()
    say(name, "bold")
    if out.is_terminal:
        shown = Table(header_style="bold", show_lines=True)
        for column, ratio in (("条文", 2), ("开头", 5), ("执行", 2), ("由什么执行，或为什么不能", 11)):
            shown.add_column(column, overflow="fold", ratio=ratio)
        for article in account.articles.values():
            shown.add_row(article.title, article.beginning, _standing(article), "\n".join(_told(article)))
        out.print(shown, soft_wrap=False)
    else:
        for article in account.articles.values():
            say(f"{article.title}　{_standing(article)}　{article.beginning}")
            for line in _told(article):
                say(f"  {line}")
    show(account.findings)
    count = len(account.findings)
    say(f"{name}：{count} 处问题。" if count else f"{name}：每一条都有交代。", "red" if count else "green")


def _standing(article: Article) -> str:
    return "" if article.is_reading else article.standing.label


def _told(article: Article) -> Iterator[str]:
    """A line for each process, table or form, then the reasons."""
    for group in article.groups:
        yield f"{group.called}：{'；'.join(mark.called for mark in group.marks)}"
    for reason in article.reasons:
        yield f"{reason.label}：{reason.reason}"


def _json(name: str, account: Account) -> dict[str, Any]:
    return {
        "edition": name,
        "articles": [
            asdict(article) | {"title": article.title, "marks": [asdict(mark) for mark in article.marks]}
            for article in account.articles.values()
        ],
        "findings": [asdict(finding) for finding in account.findings],
    }
