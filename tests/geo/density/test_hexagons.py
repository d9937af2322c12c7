"""Hexagons hold exactly what is placed, and spread or leave out the rest by choice."""

from __future__ import annotations

from fractions import Fraction

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import crs
from geo.density import hexagons, measures
from geo.density.located import locate
from geo.errors import GeoError
from tests.geo.density.test_areas import authalic_km2
from tests.geo.density.worlds import every, with_rows


@pytest.mark.parametrize("vague", measures.VAGUE)
@pytest.mark.parametrize("resolution", [6, 7])
def test_cells_and_the_left_out_add_up_to_the_whole(atlas, resolution, vague):
    """The cells' amounts and those left out are the whole, exactly, spread or not."""
    worth, _ = measures.values(atlas, "invest")
    found = hexagons.by_hexagon(
        atlas, every(atlas), measure="invest", resolution=resolution, vague=vague
    )
    left = np.concatenate(list(found.left_out.values()))
    parts = sum((figure.amount.total for figure in found.figures), Fraction(0))
    assert parts + int(worth[left].sum()) == found.whole.total


def test_what_is_known_to_a_park_or_county_is_no_point(atlas):
    """Left out it is named by level; spread it lies in its own extent, and nowhere by itself."""
    county, park = atlas.counties["code"].iloc[0], drawn(atlas)
    world = with_rows(
        atlas,
        {"county": county, "precision": "county"},
        {"park": park, "county": county, "precision": "park"},
        {"county": county, "precision": "town", "lon": 124.3, "lat": 40.2},
        {"precision": "none"},
        {"county": county, "precision": "line", "lon": 124.3, "lat": 40.2},
    )
    kept = locate(world, every(world))
    assert len(kept.lon) == 0
    assert {reason: rows.tolist() for reason, rows in kept.left_out.items()} == {
        "county_only": [0],
        "park_only": [1],
        "town_only": [2],
        "nowhere": [3],
        "line_only": [4],
    }
    spread = locate(world, every(world), vague="spread")
    extents = {(e.kind, e.place): e.rows.tolist() for e in spread.extents}
    assert extents == {("county", county): [0, 2, 4], ("park", park): [1]}
    assert list(spread.left_out) == ["nowhere"]


def drawn(atlas) -> str:
    return atlas.parks.loc[atlas.parks["outline"] == "circle", "id"].iloc[0]


def test_what_is_spread_is_even(atlas):
    """Spread over a county, every cell has the same density, within a square metre a cell."""
    county = atlas.counties["code"].iloc[0]
    world = with_rows(atlas, {"county": county, "precision": "county", "invest_wan": 1_000_000})
    found = hexagons.by_hexagon(world, every(world), measure="invest", vague="spread")
    assert len(found.figures) > 10
    assert len({figure.per_km2 for figure in found.figures}) == 1


@given(st.integers(0, 2**32 - 1), st.sampled_from(hexagons.RESOLUTIONS))
def test_shares_add_up_to_one(seed, resolution):
    """The parts of any area add up to exactly 1, also of one smaller than a cell."""
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(123.5, 125), random.uniform(39.9, 41)
    size = random.choice([0.0001, 0.01, 0.1])
    shares = hexagons.shares(shapely.box(lon, lat, lon + size, lat + size), resolution)
    assert sum(shares.values()) == 1
    assert min(shares.values()) > 0


def test_a_project_on_an_edge_is_counted_once(atlas):
    """Corners that three cells share belong to one cell each."""
    cell = h3.latlng_to_cell(40.2, 124.3, 8)
    corners = h3.cell_to_boundary(cell)
    world = with_rows(
        atlas, *({"lon": lon, "lat": lat, "precision": "site"} for lat, lon in corners)
    )
    found = hexagons.by_hexagon(world, every(world), measure="projects", resolution=8)
    assert sum(figure.amount.total for figure in found.figures) == len(corners)


def test_a_line_is_shared_out_by_its_length(atlas):
    """A drawn line of two cells gives each the part of its length there, and one project in all."""
    line = shapely.LineString([(124.30, 40.2), (124.40, 40.2)])
    world = with_rows(atlas, {"shape": line, "precision": "line", "invest_wan": 1000})
    found = hexagons.by_hexagon(world, every(world), measure="projects", resolution=7)
    assert sum(figure.amount.total for figure in found.figures) == 1
    for figure in found.figures:
        ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(figure.place)]
        part = shapely.intersection(line, shapely.Polygon(ring)).length / line.length
        assert float(figure.amount.total) == pytest.approx(part, abs=0.03)


def test_a_cell_has_its_geodesic_area():
    """The area is that of the ellipsoid, from which the library's sphere differs by 0.1 %."""
    cell = h3.latlng_to_cell(40.2, 124.3, 7)
    ring = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
    assert hexagons.cell_m2(cell) / 1e6 == pytest.approx(crs.area_km2(ring), abs=1e-6)
    assert hexagons.cell_m2(cell) / 1e6 == pytest.approx(authalic_km2(ring), rel=1e-4)


def test_another_resolution_is_refused(atlas):
    """Only resolutions 6 to 9 are computed."""
    with pytest.raises(GeoError, match=r"density\.choice"):
        hexagons.by_hexagon(atlas, every(atlas), measure="projects", resolution=10)
