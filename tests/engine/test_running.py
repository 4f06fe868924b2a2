"""What runs of a definition that was deployed: conditions, tables, services, multi-instances."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.engine.errors import ConditionFailed
from service.engine.services import Services
from service.engine.specs import CollectionInvalid, ConditionInvalid, ConditionsOverlap
from tests.engine.contract import Drawn, Run
from tests.engine.engines import World
from tests.engine.processes import (
    JUDGE,
    bpmn,
    each,
    end,
    flows,
    gateway,
    process,
    service,
    start,
    user,
    variables,
)

TABLE = (Path(__file__).parent / "lint/dmn-cell/valid.dmn").read_bytes()


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url)
    yield world
    world.database.dispose()


def run(world: World, file: bytes, dmn: dict[str, bytes] | None = None, **data: Any) -> list[str]:
    """Where an instance of the file comes to wait, started with these data."""
    definition_id = world.deploy(file, dmn=dmn)["main"]
    return world.open(world.start(definition_id, **data))


def choice(left: str = "quota > 10", right: str = "quota < 5") -> bytes:
    """A gateway with these two conditions and a default."""
    return bpmn(
        process(
            start(),
            gateway("decide", default="other"),
            user("left"),
            user("right"),
            user("other"),
            end(),
            flows("begin>decide", f"decide>left[{left}]", f"decide>right[{right}]", "decide>other"),
            flows("left>done", "right>done", "other>done"),
        )
    )


@pytest.mark.parametrize(("quota", "way"), [(12, "left"), (3, "right"), (7, "other")])
def test_a_gateway_takes_the_one_condition_that_holds(world: World, quota: int, way: str) -> None:
    assert run(world, choice(), quota=quota) == [way]


@pytest.mark.parametrize("heights", [(100, 400), (400, 100)])
def test_moving_a_shape_changes_no_decision(world: World, heights: tuple[int, int]) -> None:
    shapes = "".join(
        f'<s:BPMNShape id="{node}_di" bpmnElement="{node}"><dc:Bounds x="1" y="{y}" width="9" height="9"/>'
        "</s:BPMNShape>"
        for node, y in zip(("left", "right"), heights, strict=True)
    )
    drawing = (
        '<s:BPMNDiagram xmlns:s="http://www.omg.org/spec/BPMN/20100524/DI" id="d" '
        'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"><s:BPMNPlane id="p" bpmnElement="main">'
        f"{shapes}</s:BPMNPlane></s:BPMNDiagram></definitions>"
    )
    file = choice().replace(b"</definitions>", drawing.encode())
    assert run(world, file, quota=12) == ["left"]
    both = choice("quota > 10", "quota > 11")
    with pytest.raises(ConditionsOverlap):
        run(world, both.replace(b"</definitions>", drawing.encode()), quota=12)


def test_a_condition_that_fails_names_gateway_and_expression(world: World) -> None:
    with pytest.raises(ConditionInvalid) as failed:
        run(world, choice(), other=1)
    assert str(failed.value).startswith("网关“网关decide”的条件 quota > 10 无法判断：没有变量 quota。")


def test_a_condition_that_is_neither_true_nor_false_is_an_error(world: World) -> None:
    file = choice("quota", "false")
    with pytest.raises(ConditionInvalid, match="条件应为“是/否”，得到的却是文字 “no”"):
        run(world, file, quota="no")


def test_two_conditions_that_hold_are_an_error_that_names_both(world: World) -> None:
    file = choice("quota > 10", "quota > 11")
    with pytest.raises(ConditionsOverlap, match="quota > 10、quota > 11 同时成立"):
        run(world, file, quota=12)


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_no_condition_that_holds_is_an_error_that_names_the_gateway(kind: str) -> None:
    arrows = flows("begin>decide", "decide>yes[quota > 10]", "decide>no[quota < 5]")
    file = bpmn(process(start(), gateway("decide"), end("yes", "no"), arrows))
    with pytest.raises(ConditionFailed, match="网关decide"):
        Run(Drawn(file.replace(b"exclusive", kind.encode())), quota=7)


def test_a_business_rule_task_decides_by_the_exact_table(world: World) -> None:
    parts = (
        start(),
        JUDGE,
        gateway("decide", default="other"),
        user("city"),
        user("other"),
        end(),
        flows(
            "begin>judge",
            "judge>decide",
            "decide>city[judge.level == 'city']",
            "decide>other",
            "city>done",
            "other>done",
        ),
    )
    assert run(world, bpmn(process(*parts)), {"level.dmn": TABLE}, value=100) == ["city"]
    assert run(world, bpmn(process(*parts)), {"level.dmn": TABLE}, value=99) == ["other"]


def test_a_service_without_a_result_variable_leaves_no_trace(sqlite_url: str) -> None:
    services = Services()
    calls: list[str] = []

    @services.service("applications.close")
    def close(context: Any, reason: str) -> dict[str, str]:
        calls.append(reason)
        return {"closed": reason}

    world = World(sqlite_url, services)
    closing = service("close", "applications.close", reason="'lapsed'")
    parts = (start(), closing, gateway("decide", default="other"), user("left"), user("other"), end())
    arrows = flows(
        "begin>close", "close>decide", "decide>left[closed == 1]", "decide>other", "left>done", "other>done"
    )
    with pytest.raises(ConditionInvalid, match="没有变量 closed"):
        run(world, bpmn(process(*parts, arrows)))
    assert calls == ["lapsed"]
    world.database.dispose()


def test_a_multi_instance_runs_over_a_key_of_a_map(world: World) -> None:
    scored = user("score", inner=each("scoring.members", "member", "sheets", "sheet"))
    parts = (
        variables("scoring.members", "sheets"),
        start(),
        scored,
        end(),
        flows("begin>score", "score>done"),
    )
    file = bpmn(process(*parts))
    assert run(world, file, scoring={"members": {"li": "li", "wang": "wang"}}) == ["score", "score"]
    with pytest.raises(CollectionInvalid, match=r"scoring\.members 里的每一项.*它是列表"):
        run(world, file, scoring={"members": ["li", "wang"]})
