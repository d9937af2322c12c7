"""The areas between levels of a surface: one in the other, as large as the grid says, in degrees."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from geo.density import surface
from geo.density.contours import bands
from geo.density.measures import Amount
from geo.density.plane import Plane
from geo.density.surface import Surface
from tests.geo.density.worlds import every

CENTRE = (124.3, 40.1)
CELL_M, N = 100.0, 120
NONE = np.empty(0, dtype=np.int64)


def of(values: np.ndarray) -> Surface:
    """Return a surface with these values, its middle at the centre of its plane."""
    rows, columns = values.shape
    return Surface(
        values=values,
        west=-columns * CELL_M / 2,
        south=-rows * CELL_M / 2,
        cell_m=CELL_M,
        bandwidth_m=1000.0,
        plane=Plane(*CENTRE),
        total=Fraction(0),
        outside=0.0,
        whole=Amount("projects", Fraction(0), NONE, NONE),
        left_out={},
    )


def cone(x: float = 0.0, y: float = 0.0, *, high: float = 100.0) -> np.ndarray:
    """Return a cone of 5 km around a point (metres): `high` at the top, 0 at its edge."""
    at = (np.arange(N) + 0.5 - N / 2) * CELL_M
    away = np.hypot(at[None, :] - x, at[:, None] - y)
    return np.clip(high * (1 - away / 5000), 0, None)


def grid_km2(values: np.ndarray, low: float, high: float) -> float:
    return int(((values > low) & (values <= high)).sum()) * CELL_M**2 / 1e6


def test_a_cone_has_rings_of_known_area():
    """Each ring has the area that its two radii give, within 2 %; the outermost reaches at most half
    a cell too far, where the surface ends between two cells.
    """
    bounds = (25.0, 50.0, 75.0, 100.0)
    found = bands(of(cone()), bounds)
    radii_km = [5 * (1 - low / 100) for low in (0.025, 25, 50, 75)] + [0.0]
    wanted = [np.pi * (outer**2 - inner**2) for outer, inner in pairwise(radii_km)]
    sizes = [crs.area_km2(shape) for shape in found]
    assert sizes[1:] == pytest.approx(wanted[1:], rel=0.02)
    assert wanted[0] <= sizes[0] <= wanted[0] + 2 * np.pi * 5 * CELL_M / 2000
    west, south, east, north = shapely.union_all(found).bounds
    assert (west + east) / 2 == pytest.approx(CENTRE[0], abs=1e-3)
    assert (south + north) / 2 == pytest.approx(CENTRE[1], abs=1e-3)


@settings(max_examples=12, deadline=None)
@given(
    hills=st.lists(
        st.tuples(st.integers(-30, 30), st.integers(-30, 30), st.integers(20, 200)),
        min_size=1,
        max_size=4,
    ),
    k=st.integers(2, 5),
)
def test_classes_tile_what_is_above_zero(hills, k):
    """No two classes overlap, a higher one lies in what the lower ones surround, areas are the grid's."""
    values = sum(cone(x * 100, y * 100, high=high) for x, y, high in hills)
    bounds = np.linspace(values.max() / k, values.max(), k).tolist()
    found = bands(of(values), bounds)
    lows = [bounds[0] / 1000, *bounds[:-1]]
    edge_km = CELL_M / 1000
    for number, (shape, low, high) in enumerate(zip(found, lows, bounds, strict=True)):
        wanted = grid_km2(values, low, high)
        # outlines run through the middles of cells: what may differ is a part of a cell along them
        around = sum(length_km(part) for part in shapely.get_parts(shape))
        assert abs(crs.area_km2(shape) - wanted) <= 0.03 * wanted + 0.35 * edge_km * around
        for above in found[number + 1 :]:
            shared = shapely.intersection(shapely.make_valid(shape), shapely.make_valid(above))
            assert crs.area_km2(_flat(shared)) <= 0.3 * edge_km * around
            assert shapely.covers(shapely.convex_hull(shapely.union_all(found)), above)


def _flat(shape):
    parts = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts)


def length_km(shape) -> float:
    plane = Plane(*CENTRE)
    return shapely.length(plane.shape(shape)) / 1000


def test_a_class_without_a_cell_is_empty_and_in_its_place():
    """Between a plain and a tower there is no cell: that class is empty, the others keep their order."""
    values = np.zeros((40, 40))
    values[5:35, 5:35] = 1.0
    values[18:22, 18:22] = 100.0
    low, gap, high = bands(of(values), (2.0, 2.000001, 100.0))
    assert not low.is_empty
    assert gap.is_empty or crs.area_km2(gap) < 1e-3
    assert not high.is_empty
    assert bands(of(np.zeros((10, 10))), (1.0, 2.0)) == [shapely.MultiPolygon()] * 2


def test_an_area_at_the_edge_of_the_grid_is_closed():
    """What is dense up to the grid's edge still has an outline, half a cell beyond it at most."""
    values = np.full((20, 20), 5.0)
    (shape,) = bands(of(values), (5.0,))
    assert crs.area_km2(shape) == pytest.approx(20 * 20 * CELL_M**2 / 1e6, rel=0.12)
    assert shape.is_valid


def test_the_city_is_drawn_within_reach_of_its_counties(atlas):
    """The shipped city's surface is drawn in degrees, within one kernel radius of its counties."""
    found = surface.surface(atlas, every(atlas), measure="invest", bandwidth_m=3000.0)
    top = float(found.values.max())
    drawn = bands(found, (top / 4, top / 2, top))
    west, south, east, north = atlas.counties.total_bounds
    for shape in drawn:
        a, b, c, d = shape.bounds
        assert west - 0.05 < a < c < east + 0.05
        assert south - 0.05 < b < d < north + 0.05
    flat = found.values[found.values > top / 4000]
    wanted = len(flat) * found.cell_m**2 / 1e6
    assert sum(map(crs.area_km2, drawn)) == pytest.approx(wanted, rel=0.03)
