"""A case that is sent back again and again goes on: SpiffWorkflow's limits of depth are lifted."""

import subprocess as processes
import sys
from datetime import timedelta

from SpiffWorkflow.util.task import TaskIterator

from service.engine.serializer import dump_state
from tests.engine.contract import START, Drawn, Run
from tests.engine.processes import (
    boundary,
    bpmn,
    date_timer,
    duration_timer,
    end,
    flows,
    gateway,
    process,
    script,
    start,
    subprocess,
    user,
)

TIMES = 200
WAY_UP = subprocess(
    "way_up",
    start("way_begin"),
    user("fill"),
    user("city"),
    user("province"),
    gateway("judged", default="way_done"),
    boundary("slow", "city", duration_timer('"P15D"'), interrupting=False),
    script("remind", "reminded = true"),
    end("way_done", "reminded_done"),
    flows(
        "way_begin>fill",
        "fill>city",
        "city>province",
        "province>judged",
        'judged>fill[decision == "return"]',
        "judged>way_done",
        "slow>remind",
        "remind>reminded_done",
    ),
)


def test_200_returns_inside_a_subprocess_go_on_and_end_by_decision_or_by_deadline() -> None:
    drawn = Drawn(
        bpmn(
            process(
                start(),
                WAY_UP,
                boundary("deadline", "way_up", date_timer("ends_at")),
                user("intake"),
                end("done", "lapsed"),
                flows("begin>way_up", "way_up>intake", "intake>done", "deadline>lapsed"),
            )
        )
    )
    ends_at = START + timedelta(days=10)
    run = Run(drawn, ends_at=ends_at.isoformat())
    for _ in range(TIMES):
        run.do("fill", reload=False).do("city", reload=False).do("province", decision="return")
    assert max(task.depth for task in run.workflow.all_tasks()) > 1000, "deeper than the engine's own limit"
    state = dump_state(run.workflow)
    assert len(state) < 150_000

    run.do("fill").do("city").do("province", decision="agree").do("intake")
    assert run.workflow.completed
    assert run.workflow.end_events() == ["done"]

    run.load(state).at(ends_at)
    assert run.workflow.completed
    assert run.workflow.end_events() == ["lapsed"]


def test_the_unpatched_engine_loses_what_lies_deeper_than_1000() -> None:
    code = "from SpiffWorkflow.util.task import TaskIterator; print(TaskIterator.__init__.__defaults__)"
    stock = processes.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert stock.strip() == "(None, 1000, True, None)"
    assert TaskIterator.__init__.__defaults__[1] == 10**9
