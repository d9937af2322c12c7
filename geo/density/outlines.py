"""Which outline each of many points is in: most are answered by a grid, the rest exactly.

A grid square that no outline's border touches lies in the same outlines everywhere, so its centre
answers for all its points; only points in the other squares are tested one by one. A point on a
border belongs to the lowest code, so that it is counted once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

OUTSIDE = -1
_OPEN = -2  # a square that a border touches
_FEW = 5_000  # points that are tested sooner than a grid is made
_START, _FINEST = 3, 10  # squares along a side, as powers of two
# A square is widened by so much of itself, and by so many degrees: rounding may put a point into
# its neighbour.
_WIDER, _LEAST = 1e-6, 1e-12


@dataclass
class Outlines:
    """Hold outlines in the order of their codes, to be asked again and again.

    `shapes` are valid flat polygons in degrees WGS-84; `areas.outline` makes them so.
    """

    codes: tuple[str, ...]
    shapes: np.ndarray = field(repr=False)

    def __post_init__(self) -> None:
        shapely.prepare(self.shapes)
        self._tree = shapely.STRtree(self.shapes)
        self._grids: dict[int, _Grid] = {}

    @classmethod
    def of(cls, codes: Iterable[str], shapes: Iterable[BaseGeometry]) -> Outlines:
        """Sort outlines by their codes."""
        order = sorted(zip(codes, shapes, strict=True), key=lambda pair: pair[0])
        return cls(tuple(code for code, _ in order), np.array([s for _, s in order], dtype=object))

    def __reduce__(self) -> tuple[type[Outlines], tuple[tuple[str, ...], np.ndarray]]:
        """Send codes and shapes to another process, which prepares them again."""
        return Outlines, (self.codes, self.shapes)

    def place(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Return the position in `codes` of the outline around each point, -1 where there is none.

        Points are in degrees WGS-84. On a border, or where outlines overlap, it is the lowest code.
        """
        lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        if len(lon) < _FEW or not len(self.codes):
            return self.exact(lon, lat)
        found = self._grid(len(lon)).look(lon, lat)
        open_ = np.flatnonzero(found == _OPEN)
        found[open_] = self.exact(lon[open_], lat[open_])
        return found

    def exact(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Return what `place` returns, by testing each point."""
        none = len(self.codes)
        found = np.full(len(lon), none, dtype=np.int32)
        known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        point, outline = self._tree.query(shapely.points(lon[known], lat[known]))
        order = np.argsort(outline, kind="stable")
        point, outline = known[point[order]], outline[order]
        starts = np.searchsorted(outline, np.arange(none + 1))
        for number, (start, end) in enumerate(pairwise(starts)):
            rows = point[start:end]
            rows = rows[found[rows] == none]  # a lower code has not taken it
            inside = shapely.intersects_xy(self.shapes[number], lon[rows], lat[rows])
            found[rows[inside]] = number
        found[found == none] = OUTSIDE
        return found

    def _grid(self, points: int) -> _Grid:
        """Return the grid for so many points: a finer one costs more to make and leaves fewer open."""
        depth = min(_FINEST, max(_START, round(np.log2(points) / 2) - 1))
        if depth not in self._grids:
            self._grids[depth] = _made(self, depth)
        return self._grids[depth]


@dataclass(frozen=True)
class _Grid:
    """Hold 2^depth × 2^depth squares over the outlines' bounds: an outline, OUTSIDE or _OPEN."""

    west: float
    south: float
    width: float
    height: float
    squares: np.ndarray

    def look(self, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        """Return what the square of each point says; what is not finite is OUTSIDE."""
        # The grid reaches beyond the outlines, so its outermost squares stand for all beyond them.
        last = float(len(self.squares) - 1)
        column, row = (
            np.fmin(np.fmax((v - low) / step, 0.0), last).astype(np.int32)
            for v, low, step in ((lon, self.west, self.width), (lat, self.south, self.height))
        )
        return self.squares[row, column]


def _made(outlines: Outlines, depth: int) -> _Grid:
    """Halve the squares that a border touches until they are small; the others are settled."""
    west, south, east, north = shapely.total_bounds(outlines.shapes)
    side = 2**depth
    width, height = (max(1e-9, span) / (side - 4) for span in (east - west, north - south))
    west, south = west - 2 * width, south - 2 * height
    squares = np.full((side, side), _OPEN, dtype=np.int32)
    borders = shapely.STRtree(_segments(outlines.shapes))
    row, column = (part.ravel() for part in np.indices((2**_START, 2**_START)))
    for level in range(_START, depth + 1):
        size = 2 ** (depth - level)
        left, below = west + column * size * width, south + row * size * height
        touched = _touched(borders, left, below, (size * width, size * height))
        centre = left + size * width / 2, below + size * height / 2
        settled = outlines.exact(centre[0][~touched], centre[1][~touched])
        for y, x, outline in zip(
            row[~touched] * size, column[~touched] * size, settled, strict=True
        ):
            squares[y : y + size, x : x + size] = outline
        row = (2 * row[touched, None] + [0, 0, 1, 1]).ravel()
        column = (2 * column[touched, None] + [0, 1, 0, 1]).ravel()
    return _Grid(west, south, width, height, squares)


def _segments(shapes: np.ndarray) -> np.ndarray:
    """Return each side of each ring as a line."""
    points, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(shapes)), return_index=True
    )
    same = ring[1:] == ring[:-1]
    return shapely.linestrings(np.stack([points[:-1][same], points[1:][same]], axis=1))


def _touched(
    borders: shapely.STRtree, left: np.ndarray, below: np.ndarray, size: tuple[float, float]
) -> np.ndarray:
    """Tell which squares, a little widened, a border touches."""
    more_x, more_y = (_WIDER * step + _LEAST for step in size)
    boxes = shapely.box(
        left - more_x, below - more_y, left + size[0] + more_x, below + size[1] + more_y
    )
    touched = np.zeros(len(boxes), dtype=bool)
    touched[borders.query(boxes, predicate="intersects")[0]] = True
    return touched
