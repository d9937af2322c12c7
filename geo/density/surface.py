"""A smooth surface of density: quartic kernels in an equal-area plane, their radius in metres.

Kernel: Silverman (1986), Density Estimation for Statistics and Data Analysis, eq. 4.5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.density import areas
from geo.density.located import Located, locate, plane_of
from geo.density.measures import Amount, amount, values
from geo.density.plane import Plane
from geo.errors import GeoError
from geo.layers import Atlas

BANDWIDTHS_M = (100.0, 50_000.0)
MAX_CELLS = 4_000_000
FINE, COARSE = 10, 5  # cells a bandwidth: what is wanted, and what still integrates within 1 %


@dataclass(frozen=True)
class Surface:
    """Hold the density at the middles of square cells, 个 or 万元 a km², rows from the south up.

    `west`, `south`: the grid's corner in metres of `plane`; `outside`: the part of the whole that
    the kernels carry beyond the counties, where nothing corrects for the edge; `total`: what the
    surface integrates to.
    """

    values: np.ndarray = field(repr=False)
    west: float
    south: float
    cell_m: float
    bandwidth_m: float
    plane: Plane
    total: Fraction
    outside: float
    whole: Amount
    left_out: Mapping[str, np.ndarray]

    @property
    def integral(self) -> float:
        """Return what the grid sums to: the total within 1 %."""
        return float(self.values.sum()) * self.cell_m**2 / 1e6

    def peak(self) -> tuple[float, float, float]:
        """Return lon, lat and value of the densest cell."""
        row, column = np.unravel_index(int(self.values.argmax()), self.values.shape)
        x = self.west + (float(column) + 0.5) * self.cell_m
        y = self.south + (float(row) + 0.5) * self.cell_m
        lon, lat = self.plane.degrees(np.array([x]), np.array([y]))
        return float(lon[0]), float(lat[0]), float(self.values[row, column])


def surface(
    atlas: Atlas,
    rows: np.ndarray,
    *,
    measure: str,
    bandwidth_m: float = 3000.0,
    vague: str = "left_out",
) -> Surface:
    """Compute the surface of the marked rows; areas over which a project is spread stay uniform.

    Errors: `density.bandwidth`, `density.grid_large`, `density.nothing` where nothing has a place.
    """
    low, high = BANDWIDTHS_M
    if not low <= bandwidth_m <= high:
        raise GeoError("density.bandwidth", read=f"{bandwidth_m:g}", expected=f"{low:g} … {high:g}")
    found, plane = locate(atlas, rows, vague=vague), plane_of(atlas)
    worth, known = values(atlas, measure)
    shapes = [plane.shape(extent.shape) for extent in found.extents]
    sums = [int(worth[e.rows[known[e.rows]]].sum()) for e in found.extents]
    x, y, weight = _weighted(found, plane, worth)
    grid = _grid(x, y, shapes, bandwidth_m)
    for at in zip(x, y, weight, strict=True):
        grid.add_kernel(*at, radius=bandwidth_m)
    for shape, sum_ in zip(shapes, sums, strict=True):
        grid.add_uniform(shape, sum_)
    placed = np.unique(np.concatenate([found.row, *(e.rows for e in found.extents)]))
    mask = np.zeros(len(rows), dtype=bool)
    mask[placed.astype(np.int64)] = True
    return Surface(
        values=grid.values,
        west=grid.west,
        south=grid.south,
        cell_m=grid.cell,
        bandwidth_m=bandwidth_m,
        plane=plane,
        total=amount(atlas, mask, measure).total,
        outside=_outside(atlas, grid, plane),
        whole=amount(atlas, rows, measure),
        left_out=found.left_out,
    )


@dataclass(frozen=True)
class _Grid:
    west: float
    south: float
    cell: float
    values: np.ndarray

    def middles(self, axis: int, first: int, last: int) -> np.ndarray:
        start = (self.south, self.west)[axis]
        return start + (np.arange(first, last) + 0.5) * self.cell

    def window(self, low: float, high: float, axis: int) -> tuple[int, int]:
        start, n = (self.south, self.west)[axis], self.values.shape[axis]
        first = max(0, math.floor((low - start) / self.cell))
        return first, min(n, math.ceil((high - start) / self.cell))

    def add_kernel(self, x: float, y: float, weight: float, *, radius: float) -> None:
        left, right = self.window(x - radius, x + radius, 1)
        bottom, top = self.window(y - radius, y + radius, 0)
        across = (self.middles(1, left, right) - x)[None, :] ** 2
        up = (self.middles(0, bottom, top) - y)[:, None] ** 2
        rest = np.clip(1 - (across + up) / radius**2, 0, None) ** 2
        peak = 3 / (math.pi * radius**2) * 1e6  # per km²
        self.values[bottom:top, left:right] += weight * peak * rest

    def add_uniform(self, shape: BaseGeometry, sum_: int) -> None:
        west, south, east, north = shape.bounds
        left, right = self.window(west, east, 1)
        bottom, top = self.window(south, north, 0)
        x, y = np.meshgrid(self.middles(1, left, right), self.middles(0, bottom, top))
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, x, y)
        if not inside.any():  # narrower than a cell
            inner = shape.representative_point()
            inside = (x - inner.x) ** 2 + (y - inner.y) ** 2
            inside = inside == inside.min()
        density = sum_ / (int(inside.sum()) * self.cell**2 / 1e6)
        self.values[bottom:top, left:right] += density * inside


def _weighted(
    found: Located, plane: Plane, worth: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, y = plane.metres(found.lon, found.lat)
    return x, y, worth[found.row] / found.pieces


def _grid(x: np.ndarray, y: np.ndarray, shapes: list[BaseGeometry], radius: float) -> _Grid:
    boxes = [shape.bounds for shape in shapes]
    if len(x):
        reach = (x.min() - radius, y.min() - radius, x.max() + radius, y.max() + radius)
        boxes.append(tuple(map(float, reach)))
    if not boxes:
        raise GeoError("density.nothing")
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    width, height = max(b[2] for b in boxes) - west, max(b[3] for b in boxes) - south
    for per_bandwidth in (FINE, COARSE):
        cell = radius / per_bandwidth
        columns, lines = math.ceil(width / cell), math.ceil(height / cell)
        if columns * lines <= MAX_CELLS:
            return _Grid(west, south, cell, np.zeros((lines, columns)))
    raise GeoError("density.grid_large", read=columns * lines, expected=MAX_CELLS)


def _outside(atlas: Atlas, grid: _Grid, plane: Plane) -> float:
    mass = grid.values.sum()
    if not mass:
        return 0.0
    codes = zip(atlas.counties["code"], atlas.counties.geometry, strict=True)
    land = shapely.union_all([areas.outline(shape, place=code)[0] for code, shape in codes])
    land = plane.shape(land)
    shapely.prepare(land)
    lines, columns = np.nonzero(grid.values)
    x = grid.middles(1, 0, grid.values.shape[1])[columns]
    y = grid.middles(0, 0, grid.values.shape[0])[lines]
    out = ~shapely.contains_xy(land, x, y)
    return float(grid.values[lines[out], columns[out]].sum() / mass)
