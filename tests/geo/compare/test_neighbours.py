"""The nearest-neighbour index of known patterns, and Moran's I equal to esda's."""

from __future__ import annotations

import math

import esda
import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.weights import W

from geo import crs
from geo.compare import neighbours
from geo.density import areas, hexagons, places
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_rows


def at(*points):
    return [{"lon": lon, "lat": lat, "precision": "site"} for lon, lat in points]


def inner(atlas):
    shape = max(atlas.counties.geometry, key=lambda shape: shape.area)
    return shape.representative_point()


def test_the_index_worked_by_hand(atlas):
    """Mean geodesic distance to the next, over 1 / (2 √density); a far point is measured too."""
    middle = inner(atlas)
    x, y = middle.x, middle.y
    points = [(x, y), (x + 0.01, y), (x, y + 0.03)]
    found = neighbours.nearest(with_rows(atlas, *at(*points)), np.ones(3, dtype=bool))
    near = float(crs.distance_km(x, y, x + 0.01, y)) * 1000
    far = float(crs.distance_km(x, y, x, y + 0.03)) * 1000
    assert found.observed_m == pytest.approx((2 * near + far) / 3)
    km2 = float(sum(area.km2 for area in areas.of_counties(atlas).values()))
    assert found.km2 == pytest.approx(km2)
    assert found.expected_m == pytest.approx(500 * math.sqrt(km2 / 3))
    assert found.index < 1
    assert found.z == pytest.approx(
        (found.observed_m - found.expected_m) / (261.36 * math.sqrt(km2) / 3)
    )


def test_projects_at_one_spot_are_no_distance_apart(atlas):
    """Three at one place have a nearest neighbour at 0 m, never themselves."""
    middle = inner(atlas)
    world = with_rows(atlas, *at(*[(middle.x, middle.y)] * 3))
    assert neighbours.nearest(world, every(world)).index == 0


def test_what_is_no_point_inside_is_named(atlas):
    """Points beyond the counties, lines and vague places are left out by name."""
    middle = inner(atlas)
    x, y = middle.x, middle.y
    line = shapely.LineString([(x, y), (x + 0.01, y)])
    world = with_rows(
        atlas,
        *at((x, y), (x + 0.01, y), (x, y + 0.01), (0.0, 0.0)),
        {"shape": line, "precision": "line"},
        {"county": atlas.counties["code"].iloc[0], "precision": "county"},
    )
    found = neighbours.nearest(world, every(world))
    assert found.n == 3
    assert {reason: rows.tolist() for reason, rows in found.left_out.items()} == {
        "beyond": [3],
        "line": [4],
        "county_only": [5],
    }


def test_two_points_are_too_few(atlas):
    """The index needs three points."""
    middle = inner(atlas)
    world = with_rows(atlas, *at((middle.x, middle.y), (middle.x + 0.1, middle.y)))
    with pytest.raises(GeoError, match=r"compare\.few"):
        neighbours.nearest(world, every(world))


def grid(side):
    """Return a square lattice's rook neighbours by name."""
    cells = [(i, j) for i in range(side) for j in range(side)]
    steps = ((0, 1), (1, 0), (0, -1), (-1, 0))
    return {
        f"{i}-{j}": [f"{i + a}-{j + b}" for a, b in steps if (i + a, j + b) in set(cells)]
        for i, j in cells
    }


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_global_and_local_equal_esda(seed):
    """I, its expectation, score and p, and every local I and quadrant, are esda's own."""
    links = grid(6)
    y = np.random.default_rng(seed).lognormal(size=len(links))
    found = neighbours.moran(dict(zip(links, y, strict=True)), links, seed=1, permutations=99)
    weights = W(links, id_order=list(links), silence_warnings=True)
    whole = esda.Moran(y, weights, permutations=0)
    each = esda.Moran_Local(y, weights, permutations=99, seed=1)
    assert found.value == pytest.approx(whole.I, rel=1e-12)
    assert found.expected == whole.EI
    assert (found.z, found.p_normal) == (whole.z_norm, whole.p_norm)
    assert [one.value for one in found.local] == each.Is.tolist()
    assert [one.p for one in found.local] == each.p_sim.tolist()
    names = ("", "high_high", "low_high", "low_low", "high_low")
    assert [one.quadrant for one in found.local] == [names[q] for q in each.q]


def test_the_pseudo_p_is_esdas():
    """With many permutations, ours and esda's p agree within what chance leaves."""
    links = grid(5)
    y = np.random.default_rng(3).normal(size=25) + np.repeat(np.arange(5), 5) * 0.3
    found = neighbours.moran(dict(zip(links, y, strict=True)), links, permutations=9999)
    state = np.random.get_state()
    np.random.seed(0)
    theirs = esda.Moran(y, W(links, silence_warnings=True), permutations=9999)
    np.random.set_state(state)
    assert found.p == pytest.approx(theirs.p_sim, abs=0.01)


def test_moran_worked_by_hand():
    """Four in a row, 1 1 0 0: deviations ±1/2, lagged 1/2, 0, 0, -1/2 give I = 1/2."""
    links = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"], "d": ["c"]}
    found = neighbours.moran({"a": 1.0, "b": 1.0, "c": 0.0, "d": 0.0}, links)
    assert found.value == pytest.approx(0.5)
    assert found.expected == pytest.approx(-1 / 3)


def test_the_same_seed_gives_the_same_p_and_leaves_numpy_alone():
    """Permutations come from the seed; numpy's global state is what it was."""
    links = grid(4)
    y = dict(zip(links, np.arange(16.0), strict=True))
    np.random.seed(5)
    wanted = np.random.random()
    np.random.seed(5)
    one, other = (neighbours.moran(y, links, seed=2, permutations=99) for _ in range(2))
    assert np.random.random() == wanted
    assert one == other


def test_a_place_without_neighbours_is_left_out():
    """An isolated place is named and does not change the others' I."""
    links = {**grid(3), "far": []}
    y = {name: float(n) for n, name in enumerate(links)}
    with_far = neighbours.moran(y, links, permutations=9)
    y.pop("far")
    assert with_far.isolated == ("far",)
    assert with_far.value == neighbours.moran(y, links, permutations=9).value


@pytest.mark.parametrize(
    ("values", "code"), [([1.0, 2.0], "compare.few"), ([3.0] * 4, "compare.constant")]
)
def test_what_has_no_moran_is_refused(values, code):
    """Two places, or equal ones, have no I."""
    y = {str(n): value for n, value in enumerate(values)}
    links = {name: [other for other in y if other != name] for name in y}
    with pytest.raises(GeoError) as caught:
        neighbours.moran(y, links)
    assert caught.value.code == code


def test_county_neighbours_are_mutual(atlas):
    """Who borders is bordered, and nobody borders itself."""
    links = neighbours.county_neighbours(atlas)
    assert all(one in links[other] for one, others in links.items() for other in others)
    assert all(one not in others for one, others in links.items())
    assert all(links.values())
    figures = places.by_county(atlas, every(atlas), measure="projects").figures
    found = neighbours.moran({f.place: float(f.per_km2) for f in figures}, links)
    assert found.n == len(figures)


def test_empty_hexagons_take_part(atlas):
    """Cells of the counties without a project are there with 0, and each full one with its density."""
    found = hexagons.by_hexagon(atlas, every(atlas), measure="projects", resolution=6)
    cells = neighbours.with_empty_cells(atlas, found)
    full = {figure.place: float(figure.per_km2) for figure in found.figures}
    assert {cell: density for cell, density in cells.items() if density} == full
    assert len(cells) > 3 * len(full)
    links = neighbours.cell_neighbours(cells)
    assert max(map(len, links.values())) == 6
    assert all(h3.are_neighbor_cells(a, b) for a in list(links)[:50] for b in links[a])
