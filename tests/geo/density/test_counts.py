"""Many points are counted as one by one: by outline, by hexagon, in chunks and in parts."""

from __future__ import annotations

import geopandas as gpd
import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.density import areas, cells, counts, outlines
from geo.density.outlines import OUTSIDE, Outlines
from geo.errors import GeoError

MANY = 30_000  # enough for a grid to be made


@pytest.fixture(scope="module")
def counties(atlas) -> Outlines:
    return areas.lookup(atlas.counties, key="code")


def around(shapes: Outlines, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points in and beside the outlines, a tenth of them exactly on corners."""
    random = np.random.default_rng(seed)
    west, south, east, north = shapely.total_bounds(shapes.shapes)
    lon, lat = random.uniform(west - 0.1, east + 0.1, size), random.uniform(south, north, size)
    corners = random.choice(shapely.get_coordinates(shapes.shapes), size // 10)
    lon[: len(corners)], lat[: len(corners)] = corners.T
    return lon, lat


def by_join(shapes: Outlines, lon: np.ndarray, lat: np.ndarray) -> list[int]:
    """Return the lowest code's position for each point by a plain spatial join, -1 without."""
    frame = gpd.GeoDataFrame({"place": range(len(shapes.codes))}, geometry=list(shapes.shapes))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat))
    found = points.sjoin(frame, predicate="intersects")["place"].groupby(level=0).min()
    return found.reindex(points.index, fill_value=OUTSIDE).tolist()


def test_outlines_are_found_as_by_a_spatial_join(counties):
    """Each point is in the county that a plain join of geopandas gives, the lowest on a border."""
    lon, lat = around(counties, MANY, seed=1)
    expected = by_join(counties, lon, lat)
    assert counties.place(lon, lat).tolist() == expected
    assert counties.place(lon[:300], lat[:300]).tolist() == expected[:300]
    assert set(expected) == {OUTSIDE, *range(len(counties.codes))}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_grid_answers_as_exact_tests_do(seed, number):
    """Overlapping, holed and touching outlines: grid and exact tests agree on every point."""
    random = np.random.default_rng(seed)
    middles = shapely.points(random.integers(0, 6, (number, 2)))
    shapes = shapely.buffer(middles, random.integers(1, 4, number), quad_segs=2)
    hole = shapely.buffer(middles, 0.5, quad_segs=1)
    made = Outlines.of(map(str, range(number)), shapely.difference(shapes, hole))
    lon, lat = around(made, MANY, seed)
    whole = random.random(MANY) < 0.2  # on the edges of many, and of grid squares
    lon[whole], lat[whole] = np.rint(lon[whole]), np.rint(lat[whole])
    assert (made.place(lon, lat) == made.exact(lon, lat)).all()


def test_a_border_counts_once_for_the_lowest_code():
    """Four squares meet in a point: it counts for the first code, whatever the order given."""
    squares = {"d": (0, 0), "b": (1, 0), "c": (0, 1), "e": (1, 1)}
    shapes = [shapely.box(x, y, x + 1, y + 1) for x, y in squares.values()]
    made = Outlines.of(squares, shapes)
    lon, lat = np.array([1.0, 1.0, 0.5, 2.0, 2.1]), np.array([1.0, 0.5, 1.0, 2.0, 2.0])
    assert [made.codes[n] for n in made.place(lon, lat)[:4]] == ["b", "b", "c", "e"]
    found = counts.by_outline(made, lon, lat, np.array([1, 2, 4, 8, 16]))
    assert found.places == ("b", "c", "d", "e")
    assert (found.counts, found.sums, found.outside) == ((2, 1, 0, 1), (3, 4, 0, 8), 1)


@pytest.mark.parametrize("size", [4, MANY])
def test_a_point_that_is_not_finite_is_outside(counties, size):
    """What has no coordinates counts as outside, in outlines and in hexagons, few points or many."""
    inside = shapely.point_on_surface(counties.shapes[0])
    lon, lat = np.full(size, inside.x), np.full(size, inside.y)
    lon[:2], lat[1:3] = np.nan, np.inf
    for found in (counts.by_outline(counties, lon, lat), counts.by_cell(lon, lat, 7)):
        assert (found.outside, sum(found.counts)) == (3, size - 3)


def test_nothing_is_counted_as_nothing(counties):
    """Without points every outline has 0 and there is no hexagon; without outlines all is outside."""
    none = np.empty(0)
    found = counts.by_outline(counties, none, none, none.astype(int))
    assert (found.places, set(found.counts), set(found.sums)) == (counties.codes, {0}, {0})
    assert counts.by_cell(none, none, 7) == counts.EMPTY
    empty = Outlines.of([], [])
    assert counts.by_outline(empty, np.zeros(MANY), np.zeros(MANY)).outside == MANY


# Cells


def one_by_one(lon: np.ndarray, lat: np.ndarray, resolution: int) -> list[int]:
    pairs = zip(lat.tolist(), lon.tolist(), strict=True)
    return [h3.latlng_to_cell(y, x, resolution) for y, x in pairs]


def together(lon: np.ndarray, lat: np.ndarray, resolution: int) -> list[int]:
    often = cells._FEW // len(lon) + 1  # few points are asked one by one
    found = cells.grouped(np.tile(lon, often), np.tile(lat, often), resolution)
    assert (np.diff(found.ids.astype(object)) > 0).all()
    return found.ids[found.group[: len(lon)]].tolist()


@settings(deadline=None)
@given(
    st.integers(0, cells.FINEST),
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=50),
)
def test_cells_are_the_librarys(resolution, points):
    """Anywhere on earth, poles and date line included, a point's cell is the library's."""
    lon, lat = np.array(points).T
    assert together(lon, lat, resolution) == one_by_one(lon, lat, resolution)


@pytest.mark.parametrize("resolution", range(cells.FINEST + 1))
def test_cells_are_the_librarys_where_rounding_decides(resolution):
    """Corners of cells, points near a face's centre and on the rims of faces: the same cell."""
    random = np.random.default_rng(resolution)
    where = random.normal(size=(1000, 3))
    lon, lat = degrees(where)
    corners = [p for cell in one_by_one(lon, lat, resolution) for p in h3.cell_to_boundary(cell)]
    centre = np.array([face.centre for face in cells._faces(False)])
    near = np.repeat(centre, 100, axis=0)
    near = near + random.normal(size=near.shape) * 10.0 ** random.uniform(-12, -1, (len(near), 1))
    one, other = np.nonzero((centre @ centre.T > 0.7) & ~np.eye(20, dtype=bool))
    rims = np.repeat(centre[one] + centre[other], 20, axis=0)
    across = np.repeat(np.cross(centre[one], centre[other]), 20, axis=0)
    rims = rims + across * random.uniform(-0.6, 0.6, (len(rims), 1))
    rims = rims + random.normal(size=rims.shape) * 10.0 ** random.uniform(-17, -5, (len(rims), 1))
    lat, lon = np.array(corners).T
    assert together(lon, lat, resolution) == one_by_one(lon, lat, resolution)
    lon, lat = degrees(np.concatenate([near, rims]))
    assert together(lon, lat, resolution) == one_by_one(lon, lat, resolution)


def degrees(where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    where = where / np.linalg.norm(where, axis=1)[:, None]
    return np.degrees(np.arctan2(where[:, 1], where[:, 0])), np.degrees(np.arcsin(where[:, 2]))


def test_only_a_few_points_are_asked_one_by_one(counties, monkeypatch):
    """The library is asked little more than once a cell: the lattice is the right one."""
    lon, lat = around(counties, MANY, seed=3)
    asked = []
    ask = cells._ask
    monkeypatch.setattr(cells, "_ask", lambda *args: asked.append(len(args[0])) or ask(*args))
    for resolution in (6, 7):
        assert asked.clear() is None
        found = cells.grouped(lon, lat, resolution)
        assert sum(asked) <= 1.1 * len(found.ids)  # a cell on a face's rim is asked twice


def test_a_resolution_that_there_is_not_is_refused():
    """Resolutions are 0 to 15."""
    with pytest.raises(GeoError) as refused:
        counts.by_cell(np.zeros(1), np.zeros(1), 16)
    assert refused.value.code == "density.choice"


# Chunks, parts and sums


def test_parts_add_up_to_the_whole(counties, monkeypatch):
    """Counts of chunks and of parts, in any order, equal the counts of everything at once."""
    lon, lat = around(counties, 5000, seed=4)
    worth = np.random.default_rng(4).integers(-(10**6), 10**6, len(lon))
    ways = (
        lambda *a: counts.by_outline(counties, a[0], a[1], a[2]),
        lambda *a: counts.by_cell(a[0], a[1], 7, a[2]),
    )
    whole = [way(lon, lat, worth) for way in ways]
    assert [sum(w.counts) + w.outside for w in whole] == [len(lon)] * 2
    assert sum(whole[1].sums) == int(worth.sum())
    split = np.array_split(np.random.default_rng(5).permutation(len(lon)), 4)
    parts = [[way(lon[p], lat[p], worth[p]) for p in split] for way in ways]
    assert [counts.merged(reversed(part)) for part in parts] == whole
    monkeypatch.setattr(counts, "CHUNK", 700)
    assert [way(lon, lat, worth) for way in ways] == whole


@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_sums_are_exact_beyond_what_an_integer_of_64_bits_holds(values):
    """A sum of whole numbers is exact, however large or negative."""
    here = np.full(len(values), 0.5)
    box = Outlines.of(["a"], [shapely.box(0, 0, 1, 1)])
    worth = np.array(values, dtype=np.int64)
    assert counts.by_outline(box, here, here, worth).sums == (sum(values),)
    assert sum(counts.by_cell(here, here, 7, worth).sums) == sum(values)


def test_values_that_are_not_whole_are_refused(counties):
    """Floats would be cut off in silence, so they are an error."""
    with pytest.raises(TypeError):
        counts.by_outline(counties, np.zeros(2), np.zeros(2), np.array([0.5, 1]))


def test_a_grid_is_made_once_for_a_size(counties, monkeypatch):
    """Asked again for as many points, the outlines keep their grid."""
    lon, lat = around(counties, MANY, seed=6)
    counties.place(lon, lat)
    monkeypatch.setattr(outlines, "_made", lambda *_: pytest.fail("made again"))
    assert len(counties.place(lon, lat)) == MANY
