"""`make bench`: the variants walk the same path by turns; medians, ratios, SQL statements and bytes."""

import argparse
import sqlite3
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

from service.cli.console import say, table
from service.store.database import Database
from tests.bench import walks
from tests.bench.clients import server
from tests.bench.path import PATH
from tests.bench.shapes import Shape
from tests.bench.walks import StockWalk, Walk
from tests.bench.world import Bench

STOCK = "SpiffWorkflow 原样（一个 JSON 字段、一行待办）"
COMMAND = "Laurel 引擎命令（状态、投影、历史）"
COMPLETE = "Laurel 办结（另加权限、表单、意见）"
BARE_HTTP = "Flask + SQLAlchemy 写同样的行"
COMPLETE_HTTP = "Laurel 办结接口"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--turns", type=int, default=7, help="how often each variant has its turn")
    parser.add_argument("--cases", type=int, default=8, help="cases a turn, of five completions each")
    chosen = parser.parse_args()
    with TemporaryDirectory(prefix="laurel-bench-") as name:
        run(Path(name), chosen.turns, chosen.cases)


def run(folder: Path, turns: int, cases: int) -> None:
    bench, stock = Bench(folder), StockWalk(folder / "stock.sqlite")
    variants: dict[str, Walk] = {
        STOCK: stock,
        COMMAND: lambda: walks.laurel(bench, bench.command),
        COMPLETE: lambda: walks.laurel(bench, bench.complete),
    }
    for walk in variants.values():  # Once, so that nothing is compiled or cached while it is measured.
        walk()
    say(f"每个案件 {len(PATH)} 项任务；{turns} 轮，每轮每种 {cases} 件，轮流进行，取中位数。")
    shape = prepare_servers(bench, folder)
    with server("laurel", folder) as laurel, server("bare", folder) as bare:
        bare_database = Database(f"sqlite:///{folder / 'bare.sqlite'}")
        variants[BARE_HTTP] = walks.BareOverHttp(bench, bare_database, bare)
        variants[COMPLETE_HTTP] = walks.LaurelOverHttp(bench, laurel)
        variants[BARE_HTTP]()
        variants[COMPLETE_HTTP]()
        report_rates(measure(variants, turns, cases))
        bare_database.dispose()
    report_costs(bench, stock, shape, cases)
    bench.database.dispose()
    stock.close()


def prepare_servers(bench: Bench, folder: Path) -> Shape:
    """What the servers read: the clock, what a completion writes, a copy of the database for the bare one."""
    case = bench.walk_once()
    with bench.database.read() as session:
        shape = Shape.of(session, case)
    shape.save(folder / "shape.json")
    (folder / "now").write_text(bench.world.clock.now().isoformat())
    with sqlite3.connect(bench.path) as source, sqlite3.connect(folder / "bare.sqlite") as target:
        source.backup(target)
    return shape


def measure(variants: dict[str, Walk], turns: int, cases: int) -> dict[str, list[float]]:
    """Completions a second, one figure a turn; the variants take turns, so that all see the same load."""
    rates: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(turns):
        for name, walk in variants.items():
            rates[name].append(cases * len(PATH) / sum(walk() for _ in range(cases)))
    return rates


def report_rates(rates: dict[str, list[float]]) -> None:
    rows = []
    for name, yardstick, aim in (
        (STOCK, STOCK, ""),
        (COMMAND, STOCK, "1.00"),
        (COMPLETE, STOCK, "1.00"),
        (BARE_HTTP, BARE_HTTP, ""),
        (COMPLETE_HTTP, BARE_HTTP, "0.60"),
    ):
        # Ratios turn by turn: what slows one variant slows its neighbour too.
        ratio = median(mine / theirs for mine, theirs in zip(rates[name], rates[yardstick], strict=True))
        low, high = min(rates[name]), max(rates[name])
        place = "HTTP" if yardstick == BARE_HTTP else "进程内"
        rows.append((place, name, f"{median(rates[name]):.0f}", f"{low:.0f}–{high:.0f}", f"{ratio:.2f}", aim))
    table(("", "办结", "每秒（中位数）", "最低–最高", "与标尺之比", "目标不低于"), rows)


def report_costs(bench: Bench, stock: StockWalk, shape: Shape, cases: int) -> None:
    """SQL statements a completion, and by how many bytes a whole case lets the database grow."""
    costs: tuple[tuple[str, list[int], Path, Walk], ...] = (
        (STOCK, stock.statements, stock.path, stock),
        (COMMAND, bench.statements_of["command"], bench.path, lambda: walks.laurel(bench, bench.command)),
        (COMPLETE, bench.statements_of["complete"], bench.path, lambda: walks.laurel(bench, bench.complete)),
    )
    rows = [
        (name, f"{mean(statements):.1f}", f"{grown(path, walk, cases):,}")
        for name, statements, path, walk in costs
    ]
    table(("", "每次办结的 SQL 语句", "每个案件使数据库增加的字节"), rows)
    say(f"流程状态：Laurel {shape.state_bytes:,} 字节，SpiffWorkflow 原样 {stock.state_bytes:,} 字节。")
    say(f"Laurel 每次办结写 {shape.events} 条历史。")


def grown(path: Path, walk: Walk, cases: int) -> int:
    """By how many bytes in use a case lets the database grow."""
    before = _bytes_in_use(path)
    for _ in range(cases):
        walk()
    return (_bytes_in_use(path) - before) // cases


def _bytes_in_use(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


if __name__ == "__main__":
    main()
