"""`laurel verify`: whether history and records are as they were written."""

import click
from sqlalchemy.exc import OperationalError

from service.cli import settings
from service.cli.console import say
from service.domain import operations, verifying
from service.engine import history


@click.command()
def command() -> None:
    """核对办理记录的哈希链，再按它核对表单、意见、评分、排名、决定和附件；有不符的逐条列出，并返回 1。"""
    config = settings.load()
    with settings.opened(config) as database:
        with database.snapshot() as session:
            broken = list(verifying.broken(session, config.uploads))
            events = history.count(session)
        for sentence in broken:
            say(sentence)
        if broken:
            say(f"共有 {len(broken)} 处与写入时不符。", "bold red")
            raise SystemExit(1)
        say(f"办理记录完整（{events} 条），各项数据与写入时一致。", "green")
        try:
            with database.write() as session:
                operations.note_verified(session, events, settings.clock_of(config, database).now())
        except OperationalError:  # A copy to be looked at need not be one to write into.
            say("数据库不可写，这次核对没有记入办理记录。")
