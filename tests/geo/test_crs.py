import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from geo import crs
from geo.errors import GeoError

LON, LAT = 124.3915, 40.1149
SHIFTED = ("gcj02", "bd09")
# Half a degree inside the coarse box, where every shift stays inside as well.
# EAST_EDGE is inside, but its shifted image is not.
EAST_EDGE = (137.8346, 30.0)
inside = st.tuples(st.floats(72.6, 137.2), st.floats(1.4, 55.2))


def metres(lon1, lat1, lon2, lat2):
    return crs.distance_km(lon1, lat1, lon2, lat2) * 1000


@pytest.mark.parametrize(("datum", "east", "north"), [("gcj02", 497, 178), ("bd09", 1059, 818)])
def test_offset_has_the_right_size(datum, east, north):
    """At a point on the lower Yalu the shift is the stated number of metres east and north."""
    lon, lat = crs.shift(LON, LAT, target=datum)
    assert np.sign(lon - LON) * metres(LON, LAT, lon, LAT) == pytest.approx(east, abs=3)
    assert np.sign(lat - LAT) * metres(LON, LAT, LON, lat) == pytest.approx(north, abs=3)


@pytest.mark.parametrize(
    ("source", "target", "point", "expected"),
    [
        ("wgs84", "gcj02", (121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ("wgs84", "gcj02", (113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ("wgs84", "gcj02", (116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ("wgs84", "gcj02", (116.404, 39.915), (116.41024449916938, 39.91640428150164)),
        ("gcj02", "bd09", (116.404, 39.915), (116.41036949371029, 39.92133699351021)),
    ],
)
def test_shift_agrees_with_public_implementations(source, target, point, expected):
    """Known pairs are met within 2 cm (googollee/eviltransform, wandergis/coordtransform)."""
    assert metres(*crs.shift(*point, source=source, target=target), *expected) < 0.02


@given(inside, st.sampled_from(SHIFTED))
@example(EAST_EDGE, "gcj02")
@example(EAST_EDGE, "bd09")
def test_round_trip_from_wgs84(point, datum):
    """Going to a shifted datum and back returns the same point within a micrometre's order."""
    back = crs.shift(*crs.shift(*point, target=datum), source=datum, target="wgs84")
    assert metres(*point, *back) < 1e-5
    assert np.abs(np.subtract(point, back)).max() <= 1e-9


@given(inside)
def test_round_trip_between_shifted_datums(point):
    """GCJ-02 to BD-09 and back returns the same point."""
    middle = crs.shift(*point, source="gcj02", target="bd09")
    back = crs.shift(*middle, source="bd09", target="gcj02")
    assert np.abs(np.subtract(point, back)).max() <= 1e-9


@given(inside)
@example(EAST_EDGE)
def test_paths_agree(point):
    """WGS-84 to BD-09 directly equals the way through GCJ-02."""
    direct = crs.shift(*point, target="bd09")
    through = crs.shift(*crs.shift(*point, target="gcj02"), source="gcj02", target="bd09")
    assert np.abs(np.subtract(direct, through)).max() <= 1e-9


@pytest.mark.parametrize("datum", SHIFTED)
@pytest.mark.parametrize("point", [(139.69, 35.69), (-74.0, 40.7), (116.4, 60.0), (0.0, 0.0)])
def test_nothing_moves_outside_the_box(point, datum):
    """Outside the coarse box both directions are the identity."""
    assert tuple(map(float, crs.shift(*point, target=datum))) == point
    assert tuple(map(float, crs.shift(*point, source=datum, target="wgs84"))) == point


def test_arrays_keep_shape_order_and_holes():
    """A 2-D array comes back in its shape, each cell as if shifted alone, NaN as NaN."""
    lon = np.array([[LON, 120.0, np.nan], [139.7, 110.0, 100.0]])
    lat = np.array([[LAT, 30.0, 40.0], [35.7, 20.0, 30.0]])
    kept = lon.copy(), lat.copy()
    out_lon, out_lat = crs.shift(lon, lat, target="bd09")
    assert out_lon.shape == out_lat.shape == (2, 3)
    assert np.isnan(out_lon[0, 2])
    for cell in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2)]:
        alone = crs.shift(lon[cell], lat[cell], target="bd09")
        assert (out_lon[cell], out_lat[cell]) == (alone[0], alone[1])
    np.testing.assert_array_equal(lon, kept[0])
    np.testing.assert_array_equal(lat, kept[1])


def test_same_datum_returns_new_equal_arrays():
    """Shifting to the same datum gives equal values in arrays of their own."""
    lon = np.array([LON])
    out, _ = crs.shift(lon, [LAT], target="wgs84")
    assert out[0] == LON
    assert not np.shares_memory(out, lon)


def test_unknown_datum_is_refused():
    """A datum outside the three is an error with a stable code."""
    with pytest.raises(GeoError) as caught:
        crs.shift(LON, LAT, target="wgs72")
    assert caught.value.code == "crs.unknown_datum"


@pytest.mark.parametrize(
    "geometry",
    [
        Point(LON, LAT),
        Point(LON, LAT, 55.5),
        LineString([(LON, LAT), (124.0, 40.0)]),
        Polygon(box(124, 40, 124.2, 40.2).exterior, [box(124.05, 40.05, 124.1, 40.1).exterior]),
        MultiPolygon([box(124, 40, 124.1, 40.1), box(124.3, 40, 124.4, 40.1)]),
        Polygon(),
    ],
)
def test_every_vertex_of_a_geometry_moves(geometry):
    """A shifted geometry keeps its type, rings and heights, and its vertices are the shifted ones."""
    before = geometry.wkb
    moved = crs.shift_geometry(geometry, "gcj02")
    old, new = (shapely.get_coordinates(g, include_z=True) for g in (geometry, moved))
    expected = np.column_stack(crs.shift(old[:, 0], old[:, 1], target="gcj02"))
    assert moved.geom_type == geometry.geom_type
    assert moved.has_z == geometry.has_z
    np.testing.assert_array_equal(new[:, :2], expected)
    np.testing.assert_array_equal(new[:, 2], old[:, 2])
    assert geometry.wkb == before


def test_no_geometry_stays_none():
    """An unmapped project has no geometry in any datum."""
    assert crs.shift_geometry(None, "gcj02") is None


def frame():
    shapes = [Point(LON, LAT), None, Point(124.0, 40.0, 7.0), Polygon(), box(124, 40, 124.1, 40.1)]
    return gpd.GeoDataFrame(
        {"id": list("abcde")}, geometry=shapes, crs="EPSG:4490", index=range(5, 10)
    )


def test_shifted_frame_is_a_copy():
    """A shifted frame keeps rows, index and gaps; the input frame is untouched."""
    original, kept = frame(), frame()
    moved = crs.shift_frame(original, "gcj02")
    assert list(moved.index) == list(kept.index)
    assert list(moved["id"]) == list(kept["id"])
    assert moved.geometry.isna().tolist() == [False, True, False, False, False]
    assert moved.geometry.iloc[0].equals(crs.shift_geometry(kept.geometry.iloc[0], "gcj02"))
    assert moved.geometry.iloc[2].z == 7.0
    assert not moved.geometry.iloc[0].has_z
    moved.loc[5, "id"] = "changed"
    assert original["id"].iloc[0] == "a"
    assert original.crs == kept.crs
    assert original.attrs == {}
    assert list(original.geometry.to_wkb()) == list(kept.geometry.to_wkb())


def test_shifted_frame_knows_its_datum():
    """A shifted frame has no CRS, is not shifted twice, and comes back to where it was."""
    moved = crs.shift_frame(frame(), "gcj02")
    assert moved.crs is None
    again = crs.shift_frame(moved, "gcj02")
    assert again.geometry.iloc[0].equals(moved.geometry.iloc[0])
    back = crs.shift_frame(moved, "wgs84")
    assert back.crs == "EPSG:4326"
    assert back.geometry.iloc[0].distance(frame().geometry.iloc[0]) < 1e-9


@pytest.mark.parametrize("code", [None, "EPSG:3857"])
def test_frame_must_be_in_degrees(code):
    """A frame without CRS or with metres is refused, never shifted as if it were degrees."""
    metric = gpd.GeoDataFrame(geometry=[Point(LON, LAT)], crs=code)
    with pytest.raises(GeoError) as caught:
        crs.shift_frame(metric, "gcj02")
    assert caught.value.code == "crs.not_degrees"


def test_distance_of_a_degree():
    """One degree of latitude at 40° N is 111.04 km, and shapes broadcast."""
    away = crs.distance_km(LON, [39.5, 39.5], LON, [40.5, 39.5])
    assert away[0] == pytest.approx(111.035, abs=0.01)
    assert away[1] == 0


def test_area_takes_out_holes_whatever_their_direction():
    """Area is positive, without the holes, and the same for either ring direction."""
    outer, hole = box(124, 40, 124.2, 40.2), box(124.05, 40.05, 124.1, 40.1)
    expected = crs.area_km2(outer) - crs.area_km2(hole)
    for ring in (hole.exterior.coords, hole.exterior.coords[::-1]):
        for shell in (outer.exterior.coords, outer.exterior.coords[::-1]):
            assert crs.area_km2(Polygon(shell, [ring])) == pytest.approx(expected)
    both = GeometryCollection([outer, Point(0, 0), LineString([(0, 0), (1, 1)])])
    assert crs.area_km2(both) == pytest.approx(crs.area_km2(outer))


def test_area_of_a_known_quadrangle():
    """A 0.1° quadrangle at 40° N has the area of the ellipsoid's closed formula."""
    a, e2 = 6378137.0, 0.0066943799901413165

    def zone(lat):  # area between the equator and a parallel, per radian of longitude
        e, s = np.sqrt(e2), np.sin(np.radians(lat))
        return a**2 * (1 - e2) / 2 * (s / (1 - e2 * s * s) + np.arctanh(e * s) / e)

    expected = (zone(40.1) - zone(40.0)) * np.radians(0.1) / 1e6
    ring = shapely.segmentize(box(124, 40, 124.1, 40.1), 0.001)
    assert crs.area_km2(ring) == pytest.approx(expected, rel=1e-6)


@given(inside, st.floats(0.01, 20_000))
def test_circle_has_the_stated_area(point, area):
    """A drawn circle has the stated area within 0.1 % and all its vertices equally far out."""
    circle = crs.geodesic_circle(*point, area)
    lon, lat = np.array(circle.exterior.coords[:-1]).T
    reach = crs.distance_km(*point, lon, lat)
    measured = abs(Geod(ellps="WGS84").geometry_area_perimeter(circle)[0]) / 1e6
    assert measured == pytest.approx(area, rel=1e-3)
    assert len(lon) == 72
    assert circle.exterior.is_ccw
    assert np.ptp(reach) <= 1e-6 * reach.max()


@pytest.mark.parametrize("area", [0, -1, float("nan"), float("inf")])
def test_circle_needs_an_area(area):
    """No area, no circle."""
    with pytest.raises(GeoError) as caught:
        crs.geodesic_circle(LON, LAT, area)
    assert caught.value.code == "crs.area_not_positive"
