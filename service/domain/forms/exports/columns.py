"""How lines and columns share the width of a page: a number stays whole, a title breaks where it may."""

import re
from collections.abc import Sequence

from service.domain.forms.exports import rich_text
from service.domain.forms.kinds.grids import Grid

_LEAST, _MOST = 6, 60
"""Characters: a column with less is as wide as with the least, one with more as with the most."""
_NUMBER = re.compile(r"-?[0-9][0-9.,]*%?")
_MILLIMETRES = 25.4 / 72
"""In a point."""
_TITLE_LENGTH = 20
"""Characters of a title in 二号 that a line holds."""
_TITLE_BREAK = re.compile(r"[市县]（(?=[^）]*）(?:推荐表|申报书))|推荐表|申报书|(?<=、)(?![^（]*）)")


def title_lines(title: str) -> list[str]:
    """A title that is longer than a line in two, before its last word that still lets the first one fit."""
    if len(title) <= _TITLE_LENGTH:
        return [title]
    places = [match.start() for match in _TITLE_BREAK.finditer(title)]
    at = max((place for place in places if 0 < place <= _TITLE_LENGTH), default=0)
    return [title[:at], title[at:]] if at else [title]


def needs(grid: Grid, depth: int) -> list[float]:
    """How many characters each column has room for: those of its longest text, within bounds."""
    if grid.corners:
        titles = [
            max(len(text), *(len(row.heads[level].text) for row in grid.rows))
            for level, text in enumerate(grid.corners)
        ]
    else:
        longest_title = max((len(row.heads[-1].text) for row in grid.rows if row.heads), default=0)
        titles = [max(longest_title, len(grid.corner))] * depth
    texts = [[len(title)] for title in grid.columns]
    for row in grid.rows:
        for lengths, cell in zip(texts, row.cells, strict=True):
            text = rich_text.plain(cell.html) if cell.html is not None else cell.text
            lengths.append(sum(map(len, (file.name for file in cell.files))) if cell.files else len(text))
    longest = [*titles, *(max(lengths) for lengths in texts)]
    return [max(_LEAST, min(length, _MOST)) for length in longest]


def widths(
    lengths: Sequence[float], texts: Sequence[Sequence[str]], *, size: float, margin: float, room: float
) -> list[float]:
    """The width of each column, in the unit of `room` (mm); `size` is the type's in points.

    By the root of its longest text, as text fills a cell both ways; but none is narrower than its longest
    number, unless all numbers together are wider than the page.
    """
    floors = [_floor(column, size) + 2 * margin for column in texts]
    if sum(floors) >= room:
        return [room * floor / sum(floors) for floor in floors]
    shares = [length**0.5 for length in lengths]
    narrow: set[int] = set()
    while True:
        left = room - sum(floors[place] for place in narrow)
        wide = sum(share for place, share in enumerate(shares) if place not in narrow)
        found = [
            floors[place] if place in narrow else left * share / wide for place, share in enumerate(shares)
        ]
        short = {place for place, width in enumerate(found) if width < floors[place] and place not in narrow}
        if not short:
            return found
        narrow |= short


def _floor(texts: Sequence[str], size: float) -> float:
    """Millimetres that no column can do without: two characters, or its longest number and a hair more."""
    longest = max((len(number) for text in texts for number in _NUMBER.findall(text)), default=0)
    return max(2 * size, (longest + 0.5) * size / 2) * _MILLIMETRES
