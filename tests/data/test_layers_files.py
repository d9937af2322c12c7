"""What the shipped geographic layers hold, against figures measured apart from the build script."""

from __future__ import annotations

import heapq
import json
import math
import re
from pathlib import Path

import geopandas as gpd
import pyproj
import pytest
import shapely

DATA = Path(__file__).resolve().parents[2] / "data"
GEOD = pyproj.Geod(ellps="WGS84")
ALBERS = "+proj=aea +lat_1=39.9 +lat_2=41.0 +lat_0=40.45 +lon_0=124.5 +datum=WGS84"
TIANDITU_KM2 = dict(
    zip(
        ["210602", "210603", "210604", "210624", "210681", "210682"],
        [95, 262, 668, 6290, 2125, 5518],
        strict=True,
    )
)
AMAP_KM2 = dict(zip(TIANDITU_KM2, [91, 222, 651, 6131, 2172, 5512], strict=True))
DANDONG = (124.3947, 40.1292)  # GeoNames 2037886
ROAD_KM = {  # by road from there, measured on the source's own lengths
    "Donggang": ((124.163, 39.861), 39.8),
    "Fengcheng": ((124.0717, 40.4536), 50.6),
    "Kuandian": ((124.7847, 40.7286), 82.8),
    "Tongyuanpu": ((123.9158, 40.7922), 93.0),
}
FAR_BANK = (  # junctions of the source beyond the river
    (124.407, 40.102),
    (124.534, 40.182),
    (124.547, 40.198),
    (124.726, 40.29),
    (124.785, 40.382),
    (124.948, 40.449),
)
BUDGET = 1_200_000  # bytes
BUILT = ("counties", "counties_amap", "land", "water", "roads", "towns")


def layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / f"{name}.geojson")


@pytest.fixture(scope="module")
def counties() -> gpd.GeoDataFrame:
    return layer("counties").set_index("code")


@pytest.fixture(scope="module")
def towns() -> gpd.GeoDataFrame:
    return layer("towns")


@pytest.fixture(scope="module")
def roads() -> gpd.GeoDataFrame:
    return layer("roads")


def geodesic_km2(shape: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0]) / 1e6


def road_km(roads: gpd.GeoDataFrame, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the shortest way between the junctions nearest to two lon/lat pairs, in km."""
    near: dict = {}
    for line, km in zip(roads.geometry, roads["length_km"], strict=True):
        a, b = line.coords
        near.setdefault(a, {})[b] = near.setdefault(b, {})[a] = km
    start, end = (min(near, key=lambda n: GEOD.inv(*n, *place)[2]) for place in (start, end))
    best, queue = {start: 0.0}, [(0.0, start)]
    while queue:
        km, node = heapq.heappop(queue)
        if node == end:
            return km
        for other, step in near[node].items():
            if km + step < best.get(other, math.inf):
                best[other] = km + step
                heapq.heappush(queue, (km + step, other))
    return math.inf


@pytest.mark.parametrize("code", TIANDITU_KM2)
def test_county_areas_agree_with_the_measured_ones(counties, code):
    """Both area columns lie within 0.5 % (or the rounding to 1 km²) of figures taken elsewhere."""
    row = counties.loc[code]
    assert row["area_km2"] == pytest.approx(TIANDITU_KM2[code], rel=0.005, abs=0.5)
    assert row["area_km2_amap"] == pytest.approx(AMAP_KM2[code], rel=0.005, abs=0.5)


@pytest.mark.parametrize("name", ["counties", "counties_amap"])
def test_stated_areas_are_those_of_the_drawn_outlines(name):
    """Each stated area is the geodesic area, and an equal-area projection agrees to 0.1 %."""
    frame = layer(name)
    projected = frame.to_crs(ALBERS).area / 1e6
    for shape, stated, flat in zip(frame.geometry, frame["area_km2"], projected, strict=True):
        assert stated == pytest.approx(geodesic_km2(shape), abs=0.01)
        assert stated == pytest.approx(flat, rel=0.001)


def test_the_second_source_has_the_same_six_counties(counties):
    """Codes, names and areas of the second outlines match the columns of the drawn ones."""
    second = layer("counties_amap").set_index("code")
    assert list(second.index) == list(counties.index) == list(TIANDITU_KM2)
    assert list(second["name"]) == list(counties["name"])
    assert list(second["area_km2"]) == list(counties["area_km2_amap"])


def test_counties_neither_overlap_nor_leave_gaps(counties):
    """The six outlines tile one region: no shared area, one part, no hole."""
    metric = counties.to_crs(ALBERS).geometry
    whole = shapely.union_all(metric.to_numpy())
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert metric.area.sum() - whole.area < 1.0  # m2


def test_label_points_lie_inside_their_county(counties):
    """A county's label stands on the county, at least 1 km from its outline."""
    points = gpd.GeoSeries.from_xy(
        counties["label_lon"], counties["label_lat"], crs=4326, index=counties.index
    )
    assert counties.contains(points).all()
    assert counties.to_crs(ALBERS).boundary.distance(points.to_crs(ALBERS)).min() > 1000


def test_english_names_are_complete_and_distinct(counties):
    """Every county has an English name of its own."""
    assert counties["name_en"].str.fullmatch(r"[A-Z][A-Za-z' ]+").all()
    assert counties["name_en"].is_unique


def test_land_lies_under_the_counties(counties):
    """Nine tenths of each county, and 95 % of all, is land by the coastline's own source."""
    land = shapely.union_all(layer("land").to_crs(ALBERS).geometry.to_numpy())
    metric = counties.to_crs(ALBERS).geometry
    share = metric.intersection(land).area / metric.area
    assert share.min() > 0.9
    assert metric.intersection(land).area.sum() / metric.area.sum() > 0.95


def test_the_sea_is_not_land():
    """A point in the Yellow Sea south of the city lies on no land."""
    assert not layer("land").contains(shapely.Point(123.9, 39.5)).any()


def test_the_named_river_meets_the_reservoir_and_passes_the_bridge():
    """The named lines end at the reservoir, and one passes the broken bridge within 1 km."""
    water = layer("water").to_crs(ALBERS)
    reservoir = water[water["kind"] == "reservoir"].geometry.item()
    river = water[(water["kind"] == "river") & water["name"].notna()]
    bridge = gpd.GeoSeries([shapely.Point(124.3915, 40.1149)], crs=4326).to_crs(ALBERS).item()
    assert len(river) == 2
    assert river.distance(reservoir).max() <= 1000
    assert river.distance(bridge).min() < 1000


def test_no_layer_is_a_border():
    """No built layer has a feature whose kind or name speaks of a border."""
    for name in BUILT:
        frame = layer(name)
        cells = frame.drop(columns="geometry").select_dtypes(["object", "string"])
        words = " ".join(cells.fillna("").to_numpy().ravel())
        assert not re.search("border|boundary|国界|边界", words, re.IGNORECASE)


@pytest.mark.parametrize("place", ROAD_KM)
def test_road_distances_agree_with_the_measured_ones(roads, place):
    """The shortest way from the city to each place is the figure measured before, within 2 %."""
    end, km = ROAD_KM[place]
    assert road_km(roads, DANDONG, end) == pytest.approx(km, rel=0.02)


def test_the_ties_shorten_the_way_along_the_coast(roads):
    """Without the joined dead ends the way to the port town is more than three times as long."""
    end, km = ROAD_KM["Donggang"]
    assert road_km(roads[~roads["joined"]], DANDONG, end) > 3 * km


def test_roads_are_schematic_and_measured(roads):
    """Every edge is a straight two-point line, says so, and states its geodesic length."""
    assert roads["schematic"].all()
    assert (shapely.get_num_points(roads.geometry.to_numpy()) == 2).all()
    drawn = [GEOD.geometry_length(line) / 1000 for line in roads.geometry]
    assert list(roads["straight_km"]) == pytest.approx(drawn, abs=0.001)
    assert roads.loc[roads["joined"], "straight_km"].max() <= 0.3
    assert (roads["length_km"] > 0).all()


def test_roads_form_one_network(roads):
    """Every junction can be reached from every other."""
    merged = shapely.union_all(roads.geometry.to_numpy(), grid_size=1e-6)
    assert len(shapely.get_parts(shapely.line_merge(merged).buffer(1e-6))) == 1


def test_roads_touch_the_city(roads, counties):
    """No edge lies wholly farther than 3 km from the counties."""
    whole = shapely.union_all(counties.to_crs(ALBERS).geometry.to_numpy())
    assert (
        roads.to_crs(ALBERS).distance(whole).max() < 3050
    )  # two equal-area planes differ a little


def test_no_road_crosses_to_the_other_bank(roads):
    """No road ends within 500 m of the source's junctions across the river."""
    ends = {end for line in roads.geometry for end in line.coords}
    assert min(GEOD.inv(*end, *far)[2] for end in ends for far in FAR_BANK) > 500


def test_towns_are_complete(towns):
    """All 89 towns are listed once; 65 have a point, and precision says which."""
    assert len(towns) == 89
    assert towns["code"].is_unique
    assert towns["code"].str.fullmatch(r"\d{9}").all()
    assert (towns["code"].str[:6] == towns["county"]).all()
    placed = towns.geometry.notna()
    assert placed.sum() == 65
    assert (towns["precision"] == placed.map({True: "town", False: "none"})).all()
    assert (towns["source"].notna() == placed).all()


def test_towns_lie_in_their_county(towns, counties):
    """Every known position lies inside the county whose code the town carries."""
    placed = towns[towns.geometry.notna()]
    home = counties.geometry.loc[placed["county"]].to_numpy()
    assert placed[~shapely.contains(home, placed.geometry.to_numpy())].empty


def test_town_ranks_mark_the_towns_named_like_their_county(towns):
    """Rank 1 is rare, everything else is rank 2."""
    assert set(towns["rank"]) == {1, 2}
    assert list(towns.loc[towns["rank"] == 1, "code"]) == ["210624100", "210681002"]


def test_the_built_layers_stay_small():
    """All built layers together stay within 1.2 MB, the land within 250 kB."""
    sizes = {name: (DATA / f"{name}.geojson").stat().st_size for name in BUILT}
    assert sum(sizes.values()) < BUDGET
    assert sizes["land"] < 250_000


@pytest.mark.parametrize("name", BUILT)
def test_files_follow_the_geojson_standard(name):
    """No crs member, outer rings counter-clockwise, one feature a line, LF at the end (RFC 7946)."""
    content = (DATA / f"{name}.geojson").read_bytes()
    document = json.loads(content)
    assert set(document) == {"type", "features"}
    assert content.endswith(b"\n]}\n")
    assert b"\r" not in content
    assert content.count(b"\n") == len(document["features"]) + 2
    shapes = [shapely.geometry.shape(f["geometry"]) for f in document["features"] if f["geometry"]]
    polygons = [p for s in shapes for p in shapely.get_parts(s) if p.geom_type == "Polygon"]
    assert all(p.exterior.is_ccw for p in polygons)
