"""`laurel deploy`: publish the folders of editions."""

from pathlib import Path

import click

from service.cli import editions, settings
from service.cli.console import say, table
from service.cli.lint import show
from service.domain.editions import EditionRefused
from service.domain.procedures import build_services
from service.engine.engine import ProcessEngine


@click.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="文件夹…",
)
def command(folders: tuple[Path, ...]) -> None:
    """部署办法：processes/办法/年份。有一处错误就不部署；内容相同的不重复部署。"""
    config = settings.load()
    rows = []
    with settings.opened(config) as database:
        engine = ProcessEngine(settings.clock_of(config, database), build_services())
        for folder in folders:
            try:
                edition = editions.publish(database, engine, folder)
            except EditionRefused as refused:
                show(refused.findings)
                raise
            rows.append(
                (f"{edition.programme}/{edition.key}", edition.version, edition.title, edition.id[:12])
            )
    say("已部署：")
    table(("办法", "版本", "名称", "内容摘要"), rows)
