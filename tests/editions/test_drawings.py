"""Every shipped drawing reads at a glance: nothing overlaps, lines keep clear of shapes and of labels."""

import json
import subprocess
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from tests.editions.drawings import ROOT, Box, Drawing, Line, Point, files, read

LINTER = Path(__file__).parent / "bpmnlint.mjs"
NODE = ROOT / ".venv/bin/node"
CLEARANCE = 8
"""Pixels between two shapes, at least."""
HEAD = 25
"""Pixels at the left of a lane that its name takes, turned by a quarter, with some room beside it."""


@pytest.fixture(params=files(), ids=lambda path: path.stem)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return read(request.param)


def test_every_element_and_every_flow_is_drawn(drawing: Drawing) -> None:
    assert drawing.undrawn == []
    assert drawing.nodes
    assert drawing.lines


def test_no_shape_overlaps_another(drawing: Drawing) -> None:
    close = [
        (one.id, other.id)
        for one, other in combinations(drawing.nodes, 2)
        if one.host != other.id and other.host != one.id and one.box.grown(CLEARANCE).meets(other.box)
    ]
    assert close == []


def test_a_boundary_event_sits_on_the_border_of_its_host(drawing: Drawing) -> None:
    stray = [
        node.id
        for node in drawing.nodes
        if node.host and not drawing.shapes[node.host].box.on_border(node.box.middle)
    ]
    assert stray == []


def test_lines_begin_and_end_on_the_border_of_their_shapes(drawing: Drawing) -> None:
    loose = [
        line.id
        for line in drawing.lines.values()
        if not drawing.shapes[line.source].box.on_border(line.points[0])
        or not drawing.shapes[line.target].box.on_border(line.points[-1])
    ]
    assert loose == []


def test_lines_run_level_or_upright(drawing: Drawing) -> None:
    slanting = [
        line.id for line in drawing.lines.values() for a, b in line.segments() if a.x != b.x and a.y != b.y
    ]
    assert slanting == []


def test_no_line_runs_through_a_shape(drawing: Drawing) -> None:
    through = []
    for line in drawing.lines.values():
        ends = {line.source, line.target, drawing.shapes[line.source].host}
        for node in drawing.nodes:
            # A line may touch the border of its own ends, and must keep clear of all others.
            box = node.box.grown(-1 if node.id in ends or node.host in ends else CLEARANCE / 2)
            if _runs_through(line, box):
                through.append((line.id, node.id))
    assert through == []


def test_no_line_lies_on_another(drawing: Drawing) -> None:
    # Flows out of one gateway may leave it together and part later.
    hidden = [
        (one.id, other.id)
        for one, other in combinations(drawing.lines.values(), 2)
        if one.source != other.source and _shared_length(one, other) > 1
    ]
    assert hidden == []


def test_labels_keep_clear_of_shapes_labels_and_lines(drawing: Drawing) -> None:
    labels = drawing.labels()
    covered = [
        (owner, node.id) for owner, box in labels.items() for node in drawing.nodes if box.meets(node.box)
    ]
    covered += [(one, other) for (one, a), (other, b) in combinations(labels.items(), 2) if a.meets(b)]
    covered += [
        (owner, line.id)
        for owner, box in labels.items()
        for line in drawing.lines.values()
        if _runs_through(line, box)
    ]
    borders = [band.box.top for band in drawing.bands[1:]]
    covered += [
        (owner, "lane") for owner, box in labels.items() if any(box.top < y < box.bottom for y in borders)
    ]
    heads = [(band.id, band.box._replace(right=band.box.left + HEAD)) for band in drawing.bands]
    covered += [(owner, id_) for owner, box in labels.items() for id_, head in heads if box.meets(head)]
    assert covered == []


def test_what_needs_a_label_has_one_with_a_place(drawing: Drawing) -> None:
    beside = [item for item in drawing.nodes if item.type.endswith(("Event", "Gateway")) and item.name] + [
        line for line in drawing.lines.values() if line.name
    ]
    assert [item.id for item in beside if item.label is None] == []


def test_lanes_are_swim_bands_and_hold_their_nodes(drawing: Drawing) -> None:
    (pool,) = [shape for shape in drawing.shapes.values() if shape.type == "participant"]
    assert [node.id for node in drawing.nodes if not pool.box.holds(node.box)] == []
    if not drawing.bands:
        return
    edges = [band.box for band in drawing.bands]
    assert all(upper.bottom == lower.top for upper, lower in pairwise(edges))
    assert (edges[0].top, edges[-1].bottom) == (pool.box.top, pool.box.bottom)
    assert {(box.left, box.right) for box in edges} == {(pool.box.left + 30, pool.box.right)}
    outside = [
        node.id
        for node in drawing.nodes
        if not drawing.shapes[drawing.lanes[node.id]].box.grown(1).holds(node.box)
    ]
    assert outside == []


def test_the_path_without_incident_runs_from_left_to_right(drawing: Drawing) -> None:
    (start,) = [node for node in drawing.nodes if node.type == "startEvent"]
    ends = [node for node in drawing.nodes if node.type == "endEvent"]
    assert all(start.box.right < node.box.left for node in drawing.nodes if node is not start)
    backwards = [
        line.id
        for line in drawing.lines.values()
        if drawing.shapes[line.target] in ends and line.points[-1].x < line.points[0].x
    ]
    assert backwards == []


def test_bpmnlint_recommends_no_change_and_moddle_reads_all_of_it() -> None:
    command = [str(NODE), str(LINTER), str(ROOT / "service/web"), *map(str, files())]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found == []


def _runs_through(line: Line, box: Box) -> bool:
    return any(_span(a, b).meets(box) for a, b in line.segments())


def _span(a: Point, b: Point) -> Box:
    """A stretch of a line as a box of next to no width."""
    return Box(min(a.x, b.x), min(a.y, b.y), max(a.x, b.x), max(a.y, b.y)).grown(0.01)


def _shared_length(one: Line, other: Line) -> float:
    longest = 0.0
    for a, b in one.segments():
        for c, d in other.segments():
            if a.x == b.x == c.x == d.x:
                longest = max(longest, min(max(a.y, b.y), max(c.y, d.y)) - max(min(a.y, b.y), min(c.y, d.y)))
            elif a.y == b.y == c.y == d.y:
                longest = max(longest, min(max(a.x, b.x), max(c.x, d.x)) - max(min(a.x, b.x), min(c.x, d.x)))
    return longest
