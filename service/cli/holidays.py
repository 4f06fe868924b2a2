"""`laurel holidays`: the work calendar without the pages."""

from pathlib import Path

import click

from service.cli import settings
from service.cli.console import say, table
from service.domain import holidays
from service.domain.calendars import chinese
from service.domain.holidays import CalendarYear, Plan

KINDS = {True: "上班", False: "放假", None: "（没有安排）"}
MOST_SHOWN = 60


@click.group()
def command() -> None:
    """工作日历：各年的放假和调休安排。"""


@command.command("list")
def show() -> None:
    """列出哪些年份有安排、哪些没有。没有安排的年份不能确定期限。"""
    config = settings.load()
    with settings.opened(config) as database, database.read() as session:
        years = holidays.years(session, settings.clock_of(config, database).now())
    table(("年份", "安排", "载入的天数"), [(each.year, source(each), each.days or "") for each in years])


@command.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件")
@click.option("--check", is_flag=True, help="只核对文件、列出变动，不载入。")
def load(file: Path, check: bool) -> None:
    """载入一年的放假安排（CSV，格式见 service/data/README.md）。有一处错误就一天也不载入。"""
    config = settings.load()
    with settings.opened(config) as database:
        now = settings.clock_of(config, database).now()
        content = file.read_bytes()
        if check:
            with database.read() as session:
                _tell(holidays.plan(session, content, now=now))
            say("只作了核对，没有载入。")
            return
        with database.write() as session:
            planned = holidays.load(session, content, now=now)
            _tell(planned)
        say(f"已载入 {planned.year} 年的放假安排。", "green")


def source(year: CalendarYear) -> str:
    """By whose word a year's days are known."""
    if year.missing:
        return "没有，请载入"
    if year.loaded_at is None:
        return "随程序提供"
    return f"{chinese(year.loaded_at)} 载入" + ("（更正程序所带的安排）" if year.packaged else "")


def _tell(planned: Plan) -> None:
    shown = planned.changes[:MOST_SHOWN]
    if not shown:
        say(f"{planned.year} 年没有哪一天会因此改变。")
        return
    rows = [(each.day, each.name, KINDS[each.before], KINDS[each.after]) for each in shown]
    table(
        ("日期", "名称", "原为", "改为"), rows, title=f"{planned.year} 年的变动（{len(planned.changes)} 天）"
    )
    for notice in planned.notices:
        assert notice.ends_on is not None
        say(
            f"注意：公示（{notice.number}）正在进行，"
            f"截止日期 {chinese(notice.ends_on)} 已经公布，不随日历改变。",
            "yellow",
        )
