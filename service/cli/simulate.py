"""`laurel simulate`: a whole round by synthetic officials, its result and whether every invariant holds."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.cli.console import console, say, table
from service.cli.editions import ROOT
from service.domain import simulation
from service.domain.editions import EditionFolder
from service.domain.simulation import Check, Outcome
from service.domain.simulation.outcomes import RoundResult


@click.command()
@click.argument("edition", metavar="办法/年份")
@click.option(
    "--applications",
    "count",
    type=int,
    help="每个名单的申报数；默认按该办法的模拟设定。",
)
@click.option("--seed", type=int, default=1, show_default=True, help="随机数种子；相同的种子结果相同。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，包含全部经过。")
def command(edition: str, count: int | None, seed: int, as_json: bool) -> None:
    """模拟一个轮次：由虚拟的经办人员走完全部流程，核对各项不变式；有一项不成立时返回 1。

    用临时的数据库和虚拟的时间，调用与页面相同的业务函数；不读写任何数据目录。
    """
    folder = EditionFolder.read(ROOT, edition)
    if count is None:
        count = simulation.policies.load(edition).applications
    with simulation.throw_away_database() as database:
        with _shown(count) as progress:
            run = simulation.run(database, folder, count=count, seed=seed, progress=progress)
        with database.read() as session:
            outcome = simulation.tell(session, run)
            checks = simulation.check(session, run)
    holds = not any(check.broken for check in checks)
    if as_json:
        content = asdict(outcome) | {"checks": [check._asdict() for check in checks], "holds": holds}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        _print(outcome, checks)
    if not holds:
        raise SystemExit(1)


@contextmanager
def _shown(total: int) -> Iterator[Callable[[date, int], None]]:
    """A progress bar on a terminal, on standard error; nothing elsewhere."""
    out = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("准备", total=total)

        def show(day: date, settled: int) -> None:
            bar.update(task, description=f"{day}", completed=min(settled, total))

        yield show


def _print(outcome: Outcome, checks: Sequence[Check]) -> None:
    say(f"模拟 {outcome.edition}：每个名单 {outcome.count} 个申报，种子 {outcome.seed}。", "bold")
    rows = [(entry.at, entry.subject, entry.text) for entry in outcome.timeline if entry.notable]
    table(("时间", "事项", "经过"), rows, f"经过（共 {len(outcome.timeline)} 项，列出 {len(rows)} 项）")
    for round_ in outcome.rounds:
        say(f"\n{round_.title}：{round_.outcome}", "bold")
        if round_.ranking:
            say(f"名额 {round_.quota} 个。{_committee(round_)}")
            table(
                ("名次", "申报地", "得分", "评分数", "状态", "理由"),
                [(r.rank, r.division, r.score, r.sheets or "", r.state, r.reason) for r in round_.ranking],
                "排名",
            )
        for city, ranking in round_.cities.items():
            table(
                ("名次", "县（市、区）", "得分"),
                [(r.rank, r.division, r.score) for r in ranking],
                f"{city}的排名",
            )
        for notice in round_.notices:
            say(
                f"公示（{notice.number}）：{notice.starts_on} 至 {notice.ends_on} 24:00，"
                f"{notice.closed_at} 结束，{len(notice.divisions)} 个申报。"
            )
        if round_.pilots:
            table(
                ("城市", "结果", "打分", "目标", "考核评估", "整改"),
                [
                    (
                        pilot.division,
                        pilot.status,
                        pilot.score,
                        f"{pilot.targets} 项，第 {pilot.version} 版",
                        "；".join(pilot.assessments),
                        "；".join(pilot.rectifications),
                    )
                    for pilot in round_.pilots
                ],
                "试点示范",
            )
        if round_.results:
            table(
                ("代码", "申报地", "结果", "理由"),
                [(r.code, r.division, r.status, r.reason) for r in round_.results],
                "结果",
            )
    say("\n不变式", "bold")
    for check in checks:
        say(f"{'✗' if check.broken else '✓'} {check.title}", "red" if check.broken else "green")
        for sentence in check.broken:
            say(f"  {sentence}", "red")
    say(f"结果摘要（SHA-256）：{outcome.digest}")


def _committee(round_: RoundResult) -> str:
    """Nothing where no committee scores."""
    if not round_.committee:
        return ""
    return (
        f"评审委员会 {round_.committee} 人，候补 {round_.alternates} 人，"
        f"回避 {round_.recusals} 人次，评分 {round_.scoring_passes} 次"
        + (f"，规则的例外 {round_.waivers} 项。" if round_.waivers else "。")
    )
