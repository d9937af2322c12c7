"""Areas carry their source and year, agree with an independent computation, and outlines are checked."""

from __future__ import annotations

import math
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo import crs
from geo.density import areas, places
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_outlines, with_rows

SQUARE = shapely.box(124.0, 40.0, 124.1, 40.1)


def authalic_km2(shape) -> float:
    """Return the area on WGS-84 from the closed formula of the authalic latitude (Snyder 1987, 3-12).

    Edges are straight in longitude and sine of authalic latitude; no line of pyproj's is used.
    """
    a, f = 6378137.0, 1 / 298.257223563
    e = math.sqrt(f * (2 - f))

    def q(lat):
        s = np.sin(np.radians(lat))
        log = np.log((1 - e * s) / (1 + e * s)) / (2 * e)
        return (1 - e * e) * (s / (1 - (e * s) ** 2) - log)

    def ring(coords):
        x, y = np.radians(coords[:, 0]), a * a * q(coords[:, 1]) / 2
        return abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) / 2

    total = 0.0
    for part in shapely.get_parts(shape):
        total += ring(shapely.get_coordinates(part.exterior))
        total -= sum(ring(shapely.get_coordinates(hole)) for hole in part.interiors)
    return total / 1e6


def test_county_areas_agree_with_an_independent_formula(atlas):
    """Stated, geodesic and independently computed areas are within 0.01 % of each other."""
    for area, shape in zip(areas.of_counties(atlas).values(), atlas.counties.geometry, strict=True):
        wanted = authalic_km2(shape)
        assert crs.area_km2(shape) == pytest.approx(wanted, rel=1e-4)
        assert float(area.km2) == pytest.approx(wanted, rel=1e-4)


def test_a_county_area_names_source_and_year(atlas):
    """Each provider's area has its own layer and date; a stated decimal stays exact."""
    one, other = (areas.of_counties(atlas, source=s) for s in ("tianditu", "amap"))
    code, stated = atlas.counties["code"].iloc[0], atlas.counties["area_km2"].iloc[0]
    assert one[code].km2 == Fraction(str(stated))
    assert (one[code].source, one[code].year) == ("counties", "2025-09")
    assert (other[code].source, other[code].year) == ("counties_amap", "2025-12")
    assert one[code].km2 != other[code].km2


def test_a_park_area_of_another_kind_does_not_stand_in(atlas):
    """Asked for one kind of area, a park that states another or none has a reason instead."""
    kinds = dict(zip(atlas.parks["id"], atlas.parks["area_kind"], strict=True))
    found = areas.of_parks(atlas, kind="planned")
    for id_, area in found.items():
        if isinstance(kinds[id_], str) and kinds[id_] == "planned":
            assert area.km2 is not None
            assert area.source
        else:
            assert area.km2 is None
            assert area.reason in ("area_kind_other", "area_not_stated")
    assert {a.reason for a in areas.of_parks(atlas, kind="approved").values()} == {
        "area_kind_other",
        "area_not_stated",
    }


def test_a_surveyed_outline_gives_a_measured_area(atlas):
    """With an outline the geodesic area can be asked for, without one the reason says so."""
    park = atlas.parks["id"].iloc[0]
    found = areas.of_parks(with_outlines(atlas, **{park: SQUARE}), kind="outline")
    assert float(found[park].km2) == pytest.approx(authalic_km2(SQUARE), rel=1e-4)
    assert {area.reason for id_, area in found.items() if id_ != park} == {"no_outline"}


def frame(*shapes, crs_="EPSG:4326"):
    ids = [f"p{n}" for n in range(len(shapes))]
    return gpd.GeoDataFrame({"id": ids}, geometry=list(shapes), crs=crs_)


def test_a_polygon_in_another_system_is_converted():
    """A declared CRS is turned into degrees, with a note, and the area stays."""
    metric = frame(SQUARE).to_crs("EPSG:32651")
    clean, notes = areas.checked(metric, key="id")
    assert [note.code for note in notes] == ["reprojected"]
    assert crs.area_km2(clean.geometry[0]) == pytest.approx(crs.area_km2(SQUARE), rel=1e-6)


def test_heights_are_dropped_and_said():
    """A three-dimensional polygon becomes flat, with a note."""
    clean, notes = areas.checked(frame(shapely.force_3d(SQUARE, 10.0)), key="id")
    assert not clean.geometry[0].has_z
    assert [note.code for note in notes] == ["flattened"]


def test_a_crossed_outline_is_rebuilt_and_said():
    """A bow tie becomes two triangles, whose areas add up."""
    bow = shapely.Polygon([(124, 40), (124.1, 40.1), (124.1, 40), (124, 40.1)])
    clean, notes = areas.checked(frame(bow), key="id")
    assert [note.code for note in notes] == ["rebuilt"]
    assert clean.geometry[0].is_valid
    assert crs.area_km2(clean.geometry[0]) == pytest.approx(crs.area_km2(SQUARE) / 2, rel=1e-3)


def test_an_overlap_is_named_with_its_size():
    """Two outlines that share ground are both named; a shared border is no overlap."""
    shifted = shapely.box(124.05, 40.0, 124.15, 40.1)
    _, notes = areas.checked(frame(SQUARE, shifted), key="id")
    assert [(n.code, n.place, n.other) for n in notes] == [("overlap", "p0", "p1")]
    assert notes[0].km2 == pytest.approx(crs.area_km2(SQUARE) / 2, rel=1e-3)
    beside = shapely.box(124.1, 40.0, 124.2, 40.1)
    assert areas.checked(frame(SQUARE, beside), key="id")[1] == ()


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "density.outline_empty"),
        (shapely.Polygon(), "density.outline_empty"),
        (shapely.Polygon([(124, 40), (124, 40.5), (124, 41)]), "density.outline_empty"),
        (shapely.Point(124, 40), "density.outline_kind"),
        (shapely.box(500_000, 4_400_000, 501_000, 4_401_000), "density.outline_degrees"),
    ],
)
def test_what_cannot_be_measured_is_refused(shape, code):
    """An empty outline, one without area, a point and undeclared metres are errors with the place."""
    with pytest.raises(GeoError) as caught:
        areas.outline(shape, place="p9")
    assert (caught.value.code, caught.value.details["area"]) == (code, "p9")


def test_a_point_on_a_border_is_counted_once(atlas):
    """A project without a county, exactly on the border of two, belongs to the lower code alone."""
    counties = atlas.counties.sort_values("code").reset_index(drop=True)
    shared = [
        point
        for one in range(len(counties))
        for other in range(one + 1, len(counties))
        for point in shapely.get_coordinates(
            shapely.intersection(counties.geometry[one], counties.geometry[other])
        )[:1]
    ]
    assert shared
    world = with_rows(
        atlas,
        *({"lon": point[0], "lat": point[1], "precision": "site"} for point in shared),
    )
    found = places.by_county(world, every(world), measure="projects")
    assert sum(f.amount.total for f in found.figures) == len(shared)
    lowest = [
        counties["code"][int(counties.intersects(shapely.Point(point)).to_numpy().argmax())]
        for point in shared
    ]
    assert areas.county_of(world).tolist() == lowest


def test_a_project_without_a_county_takes_its_parks(atlas):
    """Where only the park is stated, its county counts; where neither is, none is made up."""
    park = atlas.parks[atlas.parks["county"].notna()].iloc[0]
    world = with_rows(atlas, {"park": park["id"], "precision": "park"}, {"precision": "none"})
    assert areas.county_of(world).tolist() == [park["county"], ""]
