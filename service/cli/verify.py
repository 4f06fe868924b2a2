"""`laurel verify`: whether the history is as it was written."""

import click

from service.cli import settings
from service.cli.console import say, table
from service.engine import history


@click.command()
def command() -> None:
    """核对全部办理记录的哈希链；有改动、缺失或插入时逐条列出，并返回 1。"""
    config = settings.load()
    with settings.opened(config) as database, database.read() as session:
        broken = history.verify(session)
    if broken:
        table(("记录链", "序号", "问题"), [(each.chain, each.seq, each.reason) for each in broken])
        say(f"办理记录有 {len(broken)} 处与写入时不符。", "bold red")
        raise SystemExit(1)
    say("办理记录完整，与写入时一致。", "green")
