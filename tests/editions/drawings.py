"""The drawing of a BPMN file: its shapes, lines and labels as boxes and points, to be judged by geometry."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from lxml import etree

ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"

CONTAINERS = {"participant", "lane"}
NOT_DRAWN = {"laneSet", "property", "documentation", "extensionElements"}
TOLERANCE = 0.6
"""Shapes are stored in whole or half pixels."""


class Point(NamedTuple):
    x: float
    y: float


class Box(NamedTuple):
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def meets(self, other: "Box") -> bool:
        """Whether the insides have anything in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: "Box") -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def on_border(self, point: Point) -> bool:
        """Whether the point lies on one of the four sides."""
        inside = self.grown(TOLERANCE)
        if not (inside.left <= point.x <= inside.right and inside.top <= point.y <= inside.bottom):
            return False
        to_side = (point.x - self.left, self.right - point.x, point.y - self.top, self.bottom - point.y)
        return min(map(abs, to_side)) <= TOLERANCE

    @property
    def middle(self) -> Point:
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)


@dataclass
class Shape:
    """A node, lane or pool."""

    id: str
    type: str
    name: str
    box: Box
    label: Box | None = None
    host: str | None = None
    """For a boundary event: what it sits on."""


@dataclass
class Line:
    """A sequence flow."""

    id: str
    name: str
    source: str
    target: str
    points: list[Point]
    label: Box | None = None

    def segments(self) -> Iterator[tuple[Point, Point]]:
        return pairwise(self.points)


@dataclass
class Drawing:
    """One file. `undrawn` are the ids of what it holds without showing it."""

    path: Path
    shapes: dict[str, Shape] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    """Node id → its lane's id."""
    undrawn: list[str] = field(default_factory=list)

    @property
    def nodes(self) -> list[Shape]:
        return [shape for shape in self.shapes.values() if shape.type not in CONTAINERS]

    @property
    def bands(self) -> list[Shape]:
        """The lanes, from top to bottom."""
        found = [shape for shape in self.shapes.values() if shape.type == "lane"]
        return sorted(found, key=lambda shape: shape.box.top)

    def labels(self) -> dict[str, Box]:
        """Id of a node or flow → the box of the label beside it."""
        items: list[Shape | Line] = [*self.nodes, *self.lines.values()]
        return {item.id: item.label for item in items if item.label is not None and item.name}


def files() -> list[Path]:
    """Every BPMN file that is shipped."""
    return sorted(PROCESSES.rglob("*.bpmn"))


def read(path: Path) -> Drawing:
    """The drawing of a file."""
    root = etree.parse(path).getroot()
    drawing = Drawing(path)
    shapes = {shape.get("bpmnElement"): shape for shape in root.iter(f"{BPMNDI}BPMNShape")}
    edges = {edge.get("bpmnElement"): edge for edge in root.iter(f"{BPMNDI}BPMNEdge")}
    for element in _drawable(root):
        key, kind = element.get("id", ""), etree.QName(element).localname
        if kind == "sequenceFlow" and key in edges:
            points = [_point(each) for each in edges[key].iterfind(f"{DI}waypoint")]
            ends = element.get("sourceRef", ""), element.get("targetRef", "")
            drawing.lines[key] = Line(key, element.get("name", ""), *ends, points, _label(edges[key]))
        elif kind != "sequenceFlow" and key in shapes:
            box = _box(shapes[key].find(f"{DC}Bounds"))
            label, host = _label(shapes[key]), element.get("attachedToRef")
            drawing.shapes[key] = Shape(key, kind, element.get("name", ""), box, label, host)
        else:
            drawing.undrawn.append(key)
    for lane in root.iter(f"{BPMN}lane"):
        for reference in lane.iterfind(f"{BPMN}flowNodeRef"):
            drawing.lanes[reference.text or ""] = lane.get("id", "")
    return drawing


def _drawable(root: etree._Element) -> Iterator[etree._Element]:
    yield from root.iter(f"{BPMN}participant", f"{BPMN}lane")
    for scope in root.iter(f"{BPMN}process", f"{BPMN}subProcess"):
        for child in scope:
            kind = etree.QName(child).localname
            # A flow node has an id; an activity's own parts (incoming, loop …) belong to its shape.
            if child.get("id") and kind not in NOT_DRAWN and not kind.endswith("Characteristics"):
                yield child


def _box(bounds: etree._Element | None) -> Box:
    assert bounds is not None
    x, y, width, height = (float(bounds.get(key, "nan")) for key in ("x", "y", "width", "height"))
    return Box(x, y, x + width, y + height)


def _label(shape: etree._Element) -> Box | None:
    bounds = shape.find(f"{BPMNDI}BPMNLabel/{DC}Bounds")
    return None if bounds is None else _box(bounds)


def _point(waypoint: etree._Element) -> Point:
    return Point(float(waypoint.get("x", "nan")), float(waypoint.get("y", "nan")))
