"""A surface as areas between levels, in degrees, so that any map can draw it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import contourpy
import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.density.surface import Surface

Filled = tuple[list[np.ndarray], list[np.ndarray]]  # points of each area, where its rings begin


def bands(found: Surface, bounds: Sequence[float]) -> list[BaseGeometry]:
    """Return, for each upper bound from the lowest, the area of its class, WGS-84.

    `bounds` are in the surface's own units (个 or 万元 a km²); the lowest class begins above 0 and
    the highest has no end. An area is empty where the grid has none. The outlines follow the middles
    of the cells.
    """
    values = np.pad(found.values, 1)  # so that every area closes within the grid
    y, x = (found.south, found.west)
    rows = y + (np.arange(-1, found.values.shape[0] + 1) + 0.5) * found.cell_m
    columns = x + (np.arange(-1, found.values.shape[1] + 1) + 0.5) * found.cell_m
    generator = contourpy.contour_generator(
        columns, rows, values, fill_type=contourpy.FillType.OuterOffset
    )
    least = bounds[0] / 1000 if bounds else 0.0  # a kernel fades out; 0 itself has no edge
    lows = [least, *bounds[:-1]]
    highs = [*bounds[:-1], np.inf]
    return [
        _area(found, cast(Filled, generator.filled(low, high)))
        for low, high in zip(lows, highs, strict=True)
    ]


def _area(found: Surface, filled: Filled) -> BaseGeometry:
    polygons = []
    for points, offsets in zip(*filled, strict=True):
        rings = [points[a:b] for a, b in pairwise(offsets)]
        plain = Polygon(rings[0], rings[1:]).simplify(found.cell_m / 4)
        if not plain.is_empty:
            polygons.append(plain)
    return shapely.transform(MultiPolygon(polygons), lambda xy: _degrees(found, xy))


def _degrees(found: Surface, xy: np.ndarray) -> np.ndarray:
    return np.column_stack(found.plane.degrees(xy[:, 0], xy[:, 1]))
