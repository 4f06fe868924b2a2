"""What the engine relies on in SpiffWorkflow 3.2.0: specs and state."""

import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from service.engine.serializer import dump_state, spec_to_dict
from service.engine.trees import Workflow
from tests.engine.contract import Drawn, Run
from tests.engine.processes import (
    bpmn,
    call,
    each,
    end,
    flows,
    gateway,
    process,
    script,
    start,
    subprocess,
    user,
)

REVIEW = bpmn(
    process(
        start(),
        user("fill"),
        user("review"),
        gateway("judged", default="done"),
        end(),
        flows(
            "begin>fill", "fill>review", "review>judged", 'judged>fill[decision == "return"]', "judged>done"
        ),
    )
)
SCORING = bpmn(
    process(
        start(),
        user("form"),
        gateway("again"),
        user("score", inner=each("members", "member", "sheets", "sheet")),
        user("decide"),
        gateway("decided", default="done"),
        end(),
        flows(
            "begin>form",
            "form>again",
            "again>score",
            "score>decide",
            "decide>decided",
            'decided>again[decision == "rescore"]',
            "decided>done",
        ),
    )
)


def test_instances_do_not_change_the_spec_that_they_share() -> None:
    drawn = Drawn(SCORING)
    before = json.dumps(spec_to_dict(drawn.spec), default=str)

    def whole_run(number: int) -> bool:
        run = Run(drawn).do("form", members={f"m{i}": f"m{i}" for i in range(number % 4)})
        for decision in ("rescore", "agree"):
            while "score" in run.ready():
                run.do("score", sheet=number)
            run.do("decide", decision=decision)
        return bool(run.workflow.completed)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(whole_run, range(40)))
    assert json.dumps(spec_to_dict(drawn.spec), default=str) == before


def test_a_running_multi_instance_needs_a_deserialized_spec_when_loaded_elsewhere() -> None:
    run = Run(Drawn(SCORING)).do("form", members={"a": "a", "b": "b"})
    state = dump_state(run.workflow)

    def left_after_scoring(drawn: Drawn) -> list[str]:
        run.drawn = drawn
        return run.load(state).do("score", sheet=1).do("score", sheet=2).ready()

    assert left_after_scoring(Drawn(SCORING)) == ["decide"]
    freshly_parsed = Drawn(SCORING)
    freshly_parsed.spec = freshly_parsed.parsed
    assert left_after_scoring(freshly_parsed) == []


def test_a_multi_instance_over_a_map_can_be_repeated_with_other_members() -> None:
    run = Run(Drawn(SCORING)).do("form", members={"a": "a", "b": "b", "c": "c"})
    members = [task.data["member"] for task in run.workflow.all_tasks() if _is_ready(task, "score")]
    assert members == ["a", "b", "c"]
    for number in range(3):
        run.do("score", sheet=f"first {number}")
    assert run.data("decide")["sheets"] == {"a": "first 0", "b": "first 1", "c": "first 2"}

    run.do("decide", decision="rescore", members={"a": "a", "d": "d"})
    for number in range(2):
        run.do("score", sheet=f"second {number}")

    # A member who has left keeps an output, which is why the scores stand in a table by pass.
    assert run.data("decide")["sheets"] == {"a": "second 0", "b": "first 1", "c": "first 2", "d": "second 1"}
    assert run.do("decide", decision="agree").workflow.completed


def test_a_member_of_a_running_multi_instance_may_change_in_its_data() -> None:
    run = Run(Drawn(SCORING)).do("form", members={"a": "a", "b": "b"})
    run.task("score").data["member"] = "c"
    run.reload()
    scoring = [task for task in run.workflow.all_tasks() if _is_ready(task, "score")]
    assert [task.data["member"] for task in scoring] == ["c", "b"]
    run.do("score", sheet="by c").do("score", sheet="by b")
    # The output goes under the key with which the instance was created, whatever its item says by now.
    assert run.data("decide")["sheets"] == {"a": "by c", "b": "by b"}
    assert run.data("decide")["members"] == {"a": "a", "b": "b"}


def test_what_is_changed_in_a_running_multi_instance_itself_is_what_comes_after_it_reads() -> None:
    run = Run(Drawn(SCORING)).do("form", members={"a": "a", "b": "b"}, chair="a")
    for task in run.workflow.all_tasks():
        if not task.has_state(TaskState.FINISHED_MASK) and "chair" in task.data:
            task.data["chair"] = "b"
    run.reload()
    run.do("score", sheet=1).do("score", sheet=2)
    assert run.data("decide")["chair"] == "b"


def test_an_empty_committee_leaves_nothing_to_score() -> None:
    assert Run(Drawn(SCORING)).do("form", members={}).ready() == ["decide"]


def test_run_on_a_task_that_is_not_ready_raises_nothing() -> None:
    run = Run(Drawn(REVIEW)).do("fill")
    done = next(task for task in run.workflow.all_tasks() if task.task_spec.bpmn_id == "fill")
    assert done.state == TaskState.COMPLETED
    assert done.run() is True


def test_a_parent_stands_before_its_children_in_the_state() -> None:
    run = Run(Drawn(SCORING)).do("form", members={"a": "a", "b": "b"})
    for _ in range(2):
        run.do("score", sheet="x")
    run.do("decide", decision="rescore")
    seen: set[str | None] = {None}
    for row in _state(run.workflow)["top"]["tasks"]:
        assert row[1] in seen
        seen.add(row[0])


def test_the_state_keeps_a_value_once_where_it_was_set() -> None:
    run = Run(Drawn(REVIEW), long="x" * 1000)
    for _ in range(5):
        run.do("fill").do("review", decision="return")
    assert json.dumps(_state(run.workflow)).count("x" * 1000) == 1


def test_state_survives_being_stored_and_loaded_exactly() -> None:
    values: dict[str, Any] = {
        "nothing": None,
        "empty": "",
        "zero": 0,
        "truth": False,
        "map": {"z": 1, "a": {"b": [1, {"c": "市"}]}},
        "list": [],
    }
    run = Run(Drawn(REVIEW), **values)
    assert dict(run.data("fill")) == values
    assert list(run.data("fill")["map"]) == ["z", "a"]
    once = dump_state(run.workflow)
    run.reload()
    assert dump_state(run.workflow) == once


def test_a_variable_that_was_removed_stays_removed() -> None:
    run = Run(Drawn(REVIEW), secret="1")
    del run.task("fill").data["secret"]
    run.do("fill")
    assert "secret" not in run.data("review")


def test_what_can_still_run_shares_no_value_with_what_has_ended() -> None:
    run = Run(Drawn(REVIEW), map={"inner": {"a": 1}}).do("fill")
    run.task("review").data["map"]["inner"]["a"] = 2
    done = next(task for task in run.workflow.all_tasks() if task.task_spec.bpmn_id == "fill")
    assert done.data["map"]["inner"]["a"] == 1


def test_a_called_process_can_be_looped_back_to() -> None:
    notice = process(
        start("opened"), user("post"), end("closed"), flows("opened>post", "post>closed"), id="notice"
    )
    main = process(
        start(),
        gateway("again"),
        call("publish", "notice"),
        user("check"),
        gateway("checked", default="done"),
        end(),
        flows(
            "begin>again",
            "again>publish",
            "publish>check",
            "check>checked",
            'checked>again[decision == "again"]',
            "checked>done",
        ),
    )
    run = Run(Drawn(bpmn(main, notice)))
    for number in range(3):
        run.do("post", posted=number)
        assert run.data("check")["posted"] == number
        run.do("check", decision="again" if number < 2 else "agree")
    assert run.workflow.completed


def test_exclusive_flows_are_tried_in_the_order_of_the_file() -> None:
    def order(upper: int, lower: int) -> list[str]:
        shapes = "".join(
            f'<s:BPMNShape id="{name}_shape" bpmnElement="{name}">'
            f'<c:Bounds x="0" y="{y}" width="1" height="1"/></s:BPMNShape>'
            for name, y in (("a", upper), ("b", lower))
        )
        drawing = (
            '<s:BPMNDiagram xmlns:s="http://www.omg.org/spec/BPMN/20100524/DI" id="drawing" '
            'xmlns:c="http://www.omg.org/spec/DD/20100524/DC"><s:BPMNPlane id="plane" bpmnElement="main">'
            f"{shapes}</s:BPMNPlane></s:BPMNDiagram>"
        )
        nodes = (start(), gateway("choice"), user("a"), user("b"), end())
        arrows = flows("begin>choice", "choice>a[x]", "choice>b[y]", "a>done", "b>done")
        drawn = Drawn(bpmn(process(*nodes, arrows), drawing))
        return [name for _, name in drawn.spec.task_specs["choice"].cond_task_specs]

    assert order(10, 20) == order(20, 10) == ["a", "b"]


def test_parallel_branches_run_and_join_with_their_own_keys() -> None:
    drawn = Drawn(
        bpmn(
            process(
                start(),
                gateway("split", "parallel"),
                user("left"),
                user("right"),
                gateway("join", "parallel"),
                user("after"),
                end(),
                flows(
                    "begin>split",
                    "split>left",
                    "split>right",
                    "left>join",
                    "right>join",
                    "join>after",
                    "after>done",
                ),
            )
        )
    )
    run = Run(drawn).do("right", of_right=1)
    assert run.ready() == ["left"]
    run.do("left", of_left=2)
    assert dict(run.data("after")) == {"of_right": 1, "of_left": 2}


def test_settle_does_what_the_engine_s_own_loop_does() -> None:
    drawn = Drawn(
        bpmn(
            process(
                start(),
                script("first", "x = 1"),
                subprocess(
                    "inner",
                    start("inner_begin"),
                    script("second", "x = x + 1"),
                    gateway("split", "parallel"),
                    script("left", "l = x"),
                    script("right", "r = x * 10"),
                    gateway("join", "parallel"),
                    end("inner_done"),
                    flows(
                        "inner_begin>second",
                        "second>split",
                        "split>left",
                        "split>right",
                        "left>join",
                        "right>join",
                        "join>inner_done",
                    ),
                ),
                user("look"),
                end(),
                flows("begin>first", "first>inner", "inner>look", "look>done"),
            )
        )
    )
    ours, own = Run(drawn), Run(drawn)
    own.workflow = BpmnWorkflow(drawn.spec, drawn.subprocess_specs, script_engine=own._scripts())
    own.workflow.do_engine_steps()
    (look,) = own.workflow.get_tasks(state=TaskState.READY, manual=True)
    assert dict(ours.data("look")) == look.data == {"x": 2, "l": 2, "r": 20}
    assert _shape(ours.workflow) == _shape(own.workflow)


def _shape(workflow: BpmnWorkflow) -> Any:
    """The tree without its ids."""

    def below(task: Any) -> Any:
        sub = workflow.subprocesses.get(task.id)
        inside = below(sub.task_tree) if sub is not None else None
        return (task.task_spec.name, task.state, inside, [below(child) for child in task.children])

    return below(workflow.task_tree)


def _is_ready(task: Any, element_id: str) -> bool:
    return task.task_spec.bpmn_id == element_id and task.state == TaskState.READY and task.task_spec.manual


def _state(workflow: Workflow) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(zlib.decompress(dump_state(workflow)))
    return content
