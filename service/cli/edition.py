"""`laurel edition`: the editions that are deployed, and their files out again."""

from pathlib import Path

import click

from service.cli import settings
from service.cli.console import Misuse, say, table
from service.cli.editions import read
from service.domain import editions
from service.domain.calendars import chinese


@click.group()
def command() -> None:
    """已部署的办法。"""


@command.command("list")
def show() -> None:
    """列出已部署的办法。"""
    config = settings.load()
    with settings.opened(config) as database, database.read() as session:
        rows = [
            (f"{each.programme}/{each.key}", each.version, each.title, chinese(each.published_at))
            for each in editions.listed(session, size=100).rows
        ]
    table(("办法", "版本", "名称", "部署时间"), rows)


@command.command("export")
@click.argument("name", metavar="办法/年份")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="文件夹")
@click.option("--version", type=click.IntRange(1), metavar="版本", help="默认是最新的一版。")
def export(name: str, folder: Path, version: int | None) -> None:
    """把办法的全部文件原样写到一个文件夹里，改好之后可以用 laurel deploy 部署。不覆盖已有的文件。"""
    programme, slash, key = name.partition("/")
    if not slash:
        raise Misuse("办法应写作 办法/年份，例如 miit_industry/2018；laurel edition list 列出全部。")
    config = settings.load()
    with settings.opened(config) as database, database.read() as session:
        edition = editions.version(session, programme, key, version)
        if present := next((path for path in edition.files if (folder / path).exists()), None):
            raise click.ClickException(f"{folder / present} 已经存在，没有写出任何文件。请另选一个文件夹。")
        written = editions.export(edition, folder)
        say(f"已写出 {edition.title} 第 {edition.version} 版的 {len(written)} 个文件：", "green")
        for path in written:
            say(f"  {path}")


@command.command("diff")
@click.argument("before", metavar="原办法")
@click.argument("after", metavar="新办法")
def diff(before: str, after: str) -> None:
    """两个办法有什么不同：条文、参数、环节和表单。办法写作 办法/年份，或它的文件夹。"""
    found = editions.compare(read(before), read(after))
    say(f"{before} → {after}", "bold")
    for title, changes in (
        ("条文", found.articles),
        ("参数", found.parameters),
        ("环节", found.elements),
        ("表单", found.forms),
    ):
        say(f"{title}：{len(changes)} 处不同。" if changes else f"{title}：相同。", "bold")
        for change in changes:
            sign = "修改" if change.before and change.after else "新增" if change.after else "删去"
            say(f"  {sign} {change.what}")
            if change.before:
                say(f"    - {' '.join(change.before.split())}", "red")
            if change.after:
                say(f"    + {' '.join(change.after.split())}", "green")
