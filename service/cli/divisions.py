"""`laurel divisions`: the table of administrative divisions without the pages."""

from pathlib import Path

import click

from service.cli import settings
from service.cli.console import say, table
from service.domain import divisions
from service.domain.divisions import Differences

FIELDS = {
    "name": "名称",
    "level": "层级",
    "parent_code": "上级",
    "region": "地区",
    "tag": "标记",
    "active": "有效",
}
MOST_SHOWN = 60


@click.group()
def command() -> None:
    """行政区划表。"""


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
@click.option("--check", is_flag=True, help="只核对文件、列出变动，不载入。")
def load(file: Path, check: bool) -> None:
    """载入行政区划表（CSV，格式见 service/data/README.md），有一处错误就一行也不载入。

    新表没有的区划停用，不删除：以前的案卷仍要用它的名称。
    """
    config = settings.load()
    with settings.opened(config) as database:
        content = file.read_bytes()
        if check:
            with database.read() as session:
                _tell(divisions.compare(session, content))
            say("只作了核对，没有载入。")
            return
        with database.write() as session:
            now = settings.clock_of(config, database).now()
            differences = divisions.load_divisions(session, content, now=now)
        _tell(differences)
        say("已载入行政区划表。", "green")


def _tell(differences: Differences) -> None:
    rows = [(code, "新增", "") for code in differences.added]
    rows += [
        (
            code,
            "修改",
            "；".join(f"{FIELDS[name]}：{old or '空'} → {new or '空'}" for name, (old, new) in each.items()),
        )
        for code, each in differences.changed.items()
    ]
    rows += [(code, "停用", "") for code in differences.retired]
    say(
        f"新增 {len(differences.added)} 个，修改 {len(differences.changed)} 个，"
        f"停用 {len(differences.retired)} 个，不变 {differences.unchanged} 个。"
    )
    if rows:
        table(("代码", "变动", "内容"), rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        say(f"其余 {len(rows) - MOST_SHOWN} 项没有列出。")
