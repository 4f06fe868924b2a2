"""`make bench`: the variants walk the same paths by turns; medians, ratios, SQL statements and bytes."""

import argparse
import gc
import json
import sqlite3
from pathlib import Path as File
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from service.cli.console import say, table
from service.engine.instances import Instance
from service.store.database import Database
from tests.bench.clients import server
from tests.bench.paths import PATHS, Path
from tests.bench.recordings import record
from tests.bench.walks import BareOverHttp, LaurelOverHttp, LaurelWalk, StockWalk, Walk
from tests.bench.world import Bench

STOCK = "SpiffWorkflow 原样：一个 JSON 字段、一行待办"
LAUREL = "Laurel：权限、表单、意见、状态、投影、历史"
BARE_HTTP = "Flask + SQLAlchemy，写同样的行"
LAUREL_HTTP = "Laurel 接口"
YARDSTICKS = {LAUREL: (STOCK, "1.00"), LAUREL_HTTP: (BARE_HTTP, "0.60")}
"""Variant → what it is measured by, and the ratio that it should reach."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--turns", type=int, default=7, help="how often each variant has its turn")
    parser.add_argument("--cases", type=int, default=6, help="cases a turn and path")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="laurel-bench-") as name:
        run(File(name), chosen.turns, chosen.cases)


def run(folder: File, turns: int, cases: int) -> None:
    bench = Bench(folder)
    (folder / "now").write_text(bench.world.clock.now().isoformat())
    (folder / "contents.json").write_text(json.dumps(bench.contents))
    recordings = {path.process: record(bench, path) for path in PATHS}
    for process, recording in recordings.items():
        recording.save(folder / f"{process}.json")
    with sqlite3.connect(bench.file) as source, sqlite3.connect(folder / "bare.sqlite") as target:
        source.backup(target)
    bare_database = Database(f"sqlite:///{folder / 'bare.sqlite'}")
    stock, laurel = StockWalk(folder), LaurelWalk(bench)
    with server("laurel", folder) as laurel_client, server("bare", folder) as bare_client:
        variants: dict[str, Walk] = {
            STOCK: stock,
            LAUREL: laurel,
            BARE_HTTP: BareOverHttp(bench, bare_database, recordings, bare_client),
            LAUREL_HTTP: LaurelOverHttp(bench, laurel_client),
        }
        for path in PATHS:
            for walk in variants.values():
                walk(path)  # Once, so that nothing is compiled or cached while it is measured.
            gc.collect()
            gc.freeze()  # As the server does.
            report_rates(path, measure(path, variants, turns, cases))
            report_costs(path, bench, stock, laurel, folder, cases)
    stock.close()
    bare_database.dispose()
    bench.database.dispose()


def measure(path: Path, variants: dict[str, Walk], turns: int, cases: int) -> dict[str, list[float]]:
    """Completions a second, one figure a turn; the variants take turns, so that all see the same load."""
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(turns):
        for name, walk in variants.items():
            rates[name].append(cases * len(path.steps) / sum(walk(path) for _ in range(cases)))
    return rates


def report_rates(path: Path, rates: dict[str, list[float]]) -> None:
    rows = []
    for name, figures in rates.items():
        yardstick, aim = YARDSTICKS.get(name, (name, ""))
        # Ratios turn by turn: what slows one variant slows its neighbour too.
        ratio = median(mine / theirs for mine, theirs in zip(figures, rates[yardstick], strict=True))
        spread = f"{min(figures):.0f}–{max(figures):.0f}"
        place = "HTTP" if "HTTP" in yardstick or yardstick == BARE_HTTP else "进程内"
        rows.append((place, name, f"{median(figures):.0f}", spread, f"{ratio:.2f}", aim))
    columns = ("", "办结用户任务", "每秒（中位数）", "最低–最高", "与标尺之比", "目标")
    table(columns, rows, f"{path.title}（{len(path.steps)} 项任务，{len(next(iter(rates.values())))} 轮）")


def report_costs(
    path: Path, bench: Bench, stock: StockWalk, laurel: LaurelWalk, folder: File, cases: int
) -> None:
    """SQL statements a completion, bytes of an instance's state, bytes by which the database grows a case."""
    rows = []
    for name, walk, file in (
        (STOCK, stock, folder / f"stock-{path.process}.sqlite"),
        (LAUREL, laurel, bench.file),
    ):
        before = _bytes_in_use(file)
        with bench.counting():
            for _ in range(cases):
                walk(path)
        grown = (_bytes_in_use(file) - before) // cases
        if walk is stock:
            statements, state = stock.statements / len(path.steps), stock.state
        else:
            statements = bench.statements / cases / len(path.steps)
            state = _state_bytes(bench, laurel.case)
        rows.append((name, f"{statements:.1f}", f"{state:,}", f"{grown:,}"))
    table(("", "每次办结的 SQL 语句", "流程状态的字节", "每个案件使数据库增加的字节"), rows)
    say()


def _state_bytes(bench: Bench, business_key: str) -> int:
    with bench.database.read() as session:
        query = select(func.length(Instance.state)).where(Instance.business_key == business_key)
        return session.scalars(query).one()


def _bytes_in_use(file: File) -> int:
    with sqlite3.connect(file) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


if __name__ == "__main__":
    main()
