"""Layers of a city folder: faults named to the cell, and where each project is drawn."""

from __future__ import annotations

import json

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from geo import layers
from geo.errors import GeoError
from geo.render import payload

REAL, SAMPLE, PARKS = "projects.csv", "projects_sample.csv", "parks.csv"
WEDGE = shapely.Polygon([(124.0, 40.0), (124.1, 40.0), (124.05, 40.1)])
ROAD = shapely.LineString([(124.0, 40.0), (124.4, 40.4), (124.8, 40.4)])


def fault(folder) -> GeoError:
    with pytest.raises(GeoError) as caught:
        layers.load(folder)
    return caught.value


def project(city_copy, id_: str):
    frame = layers.load(city_copy.folder).projects
    return frame[frame["id"] == id_].iloc[0]


@pytest.mark.parametrize(
    ("file", "id_", "column", "read"),
    [
        (REAL, "r01", "invest_wan", "about 3"),
        (REAL, "r01", "invest_wan", "nan"),
        (REAL, "r01", "invest_wan", "inf"),
        (REAL, "r01", "invest_wan", "12.5"),
        (REAL, "r01", "invest_wan", "-1"),
        (REAL, "r01", "plan_wan", "1e300"),
        (SAMPLE, "s007", "done_wan", "1,000"),
        (SAMPLE, "s002", "lon", "east"),
        (SAMPLE, "s002", "lat", "124.5"),
        (SAMPLE, "s002", "progress_pct", "101"),
        (REAL, "r01", "county", "110101"),
        (REAL, "r01", "industry", "gold"),
        (SAMPLE, "s003", "stage", "dreamt"),
        (REAL, "r02", "park", "jurassic"),
        (SAMPLE, "s335", "precision", "exact"),
        (SAMPLE, "s001", "plan_attr", "old"),
        (PARKS, "bec", "area_km2", "0"),
        (PARKS, "bec", "area_km2", "large"),
        (PARKS, "bec", "lat", "91"),
        (PARKS, "bec", "county", "999999"),
        (PARKS, "bec-it", "parent", "nobody"),
    ],
)
def test_a_wrong_cell_is_named(city_copy, file, id_, column, read):
    """A bad number and an unknown id are refused with file, row, column, what stands there and what may."""
    row = city_copy.cells(file, id_, **{column: read})
    error = fault(city_copy.folder)
    assert error.code == "value_invalid"
    expected = error.details.pop("expected")
    assert error.details == {"file": file, "row": row, "column": column, "read": read}
    assert isinstance(expected, str)
    assert expected


def test_what_may_stand_in_a_cell_is_listed(city_copy, atlas):
    """The refusal of an unknown stage lists the stages that the city has."""
    city_copy.cells(REAL, "r01", stage="dreamt")
    assert fault(city_copy.folder).details["expected"] == " / ".join(atlas.catalogue.stages)


@pytest.mark.parametrize(
    ("file", "of", "as_"), [(REAL, "r02", "r01"), (SAMPLE, "s002", "r01"), (PARKS, "bec-it", "bec")]
)
def test_an_id_is_used_once(city_copy, file, of, as_):
    """A second use of an id is refused in the file and row where it stands, across both project files too."""
    row = city_copy.cells(file, of, id=as_)
    error = fault(city_copy.folder)
    assert error.code == "value_invalid"
    assert error.details == {
        "file": file,
        "row": row,
        "column": "id",
        "read": as_,
        "expected": "unique",
    }


def test_a_row_without_id_is_refused(city_copy):
    """A project without an id is refused, and the empty cell is read as nothing."""
    row = city_copy.cells(REAL, "r03", id="")
    details = fault(city_copy.folder).details
    assert (details["file"], details["row"], details["read"]) == (REAL, row, "")


@pytest.mark.parametrize(
    ("values", "column", "read"),
    [
        ({"lat": ""}, "lat", ""),
        ({"lon": ""}, "lon", ""),
        ({"precision": ""}, "precision", ""),
        ({"precision": "none"}, "precision", "none"),
    ],
)
def test_a_position_is_whole(city_copy, values, column, read):
    """Half a position, or one that does not say what it stands for, is refused."""
    row = city_copy.cells(SAMPLE, "s001", **values)
    error = fault(city_copy.folder)
    assert (error.code, error.details["row"]) == ("value_invalid", row)
    assert (error.details["column"], error.details["read"]) == (column, read)


@pytest.mark.parametrize("layer", ["counties", "parks", "projects", "projects_sample", "roads"])
def test_a_missing_layer_file_is_named(city_copy, atlas, layer):
    """The file of a declared layer that is not there is named."""
    file = atlas.catalogue.layers[layer].file
    (city_copy.folder / file).unlink()
    error = fault(city_copy.folder)
    assert (error.code, error.details) == ("file_missing", {"file": file})


@pytest.mark.parametrize(
    "content", [b"", "id,name\nr01,丹东\n".encode("gbk"), b'id,name\n"r01,a\n']
)
@pytest.mark.parametrize("file", [REAL, PARKS])
def test_a_table_that_cannot_be_read_is_named(city_copy, file, content):
    """An empty, a non-UTF-8 and a broken table are refused with the file and a reason."""
    (city_copy.folder / file).write_bytes(content)
    error = fault(city_copy.folder)
    assert (error.code, error.details["file"]) == ("file_unreadable", file)
    assert error.details["reason"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"type": "FeatureCollection", "features": [{'])
def test_a_map_file_that_cannot_be_read_is_named(city_copy, content):
    """A broken GeoJSON file is refused with its name and a reason."""
    (city_copy.folder / "counties.geojson").write_bytes(content)
    error = fault(city_copy.folder)
    assert (error.code, error.details["file"]) == ("file_unreadable", "counties.geojson")


@pytest.mark.parametrize(
    ("file", "column"), [(REAL, "stage"), (PARKS, "parent"), ("counties.geojson", "label_lon")]
)
def test_a_missing_column_is_named(city_copy, file, column):
    """A declared column that a file lacks is refused in row 1, where headers stand."""
    city_copy.edit(file, lambda text: text.replace(column, "other"))
    error = fault(city_copy.folder)
    assert error.code == "value_invalid"
    assert (error.details["file"], error.details["row"]) == (file, 1)
    assert error.details["column"] == column


def test_codes_stay_text_and_money_whole(atlas):
    """Codes keep their digits as text, money is whole 万元, and an empty cell is missing."""
    projects = atlas.projects.set_index("id")
    assert atlas.counties["code"].str.len().eq(6).all()
    assert str(projects["invest_wan"].dtype) == "Int64"
    assert projects.loc["r32", "invest_wan"] == 1_851_000
    assert projects.loc["r02", ["invest_wan", "code", "plan_year"]].isna().all()


def test_both_project_files_are_one_frame(atlas, city_copy):
    """Real and sample projects stand in one frame in file order, each marked as what it is."""
    real, sample = city_copy.rows(REAL), city_copy.rows(SAMPLE)
    assert atlas.projects["id"].tolist() == [row["id"] for row in (*real, *sample)]
    assert atlas.projects["sample"].tolist() == [False] * len(real) + [True] * len(sample)


@pytest.mark.parametrize("file", [REAL, SAMPLE])
def test_a_project_file_may_be_empty(city_copy, file):
    """A project file with a header alone gives no rows and is no fault."""
    kept = REAL if file == SAMPLE else SAMPLE
    city_copy.write_rows(file, [])
    assert len(layers.load(city_copy.folder).projects) == len(city_copy.rows(kept))


@pytest.mark.parametrize("layer", layers.BASE)
def test_a_layer_of_the_base_map_may_be_empty(city_copy, atlas, layer):
    """A city without lakes, coast, roads or towns has none drawn, and all else as it was."""
    file = atlas.catalogue.layers[layer].file
    (city_copy.folder / file).write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    found = layers.load(city_copy.folder)
    assert (len(found.base[layer]), found.base[layer].crs) == (0, atlas.base[layer].crs)
    drawn = json.loads(payload.shapes(found, datum="wgs84"))["layers"]
    assert drawn[layer] == []
    assert len(drawn["counties"]) == len(atlas.counties)


def test_a_park_is_a_circle_of_its_stated_area(atlas):
    """A park with centre and area is a circle round the centre whose area on the ellipsoid is the stated one."""
    geod = Geod(ellps="WGS84")
    circles = atlas.parks[atlas.parks["outline"] == "circle"]
    assert len(circles) >= 4
    for park in circles.itertuples():
        area = abs(geod.geometry_area_perimeter(park.geometry)[0]) / 1e6
        assert area == pytest.approx(park.area_km2, rel=1e-3)
        _, _, off = geod.inv(park.lon, park.lat, park.geometry.centroid.x, park.geometry.centroid.y)
        assert off < 50


def test_an_outline_says_what_is_known(atlas):
    """Without an area a park is a point, without a centre it is nothing."""
    for park in atlas.parks.itertuples():
        area = "point" if pd.isna(park.area_km2) else "circle"
        wanted = "none" if pd.isna(park.lon) else area
        assert park.outline == wanted
        assert (park.geometry is None) == (wanted == "none")
    assert set(atlas.parks["outline"]) == {"circle", "point", "none"}


@pytest.mark.parametrize(
    ("file", "crs"), [("real.geojson", 4326), ("real.gpkg", 4326), ("real.gpkg", 4549)]
)
def test_a_surveyed_park_takes_the_place_of_its_circle(city_copy, atlas, file, crs):
    """A real polygon, as GeoJSON or GeoPackage and in any datum with a code, replaces only its own park's shape."""
    frame = gpd.GeoDataFrame({"id": ["bec", "bec-it"]}, geometry=[WEDGE, WEDGE], crs=4326)
    city_copy.add_layer("park_polygons", frame.to_crs(crs), file=file)
    parks = layers.load(city_copy.folder).parks.set_index("id")
    for park in ("bec", "bec-it"):
        assert parks.loc[park, "outline"] == "polygon"
        assert parks.loc[park, "geometry"].symmetric_difference(WEDGE).area < 1e-8
    others = parks.index.difference(["bec", "bec-it"])
    before = atlas.parks.set_index("id")
    assert parks.loc[others, "outline"].equals(before.loc[others, "outline"])
    assert parks.loc[others].geometry.geom_equals(before.loc[others].geometry).sum() == int(
        before.loc[others].geometry.notna().sum()
    )


def test_surveyed_shapes_need_an_id_each(city_copy):
    """Two outlines for one park are refused in the outlines' file."""
    frame = gpd.GeoDataFrame({"id": ["bec", "bec"]}, geometry=[WEDGE, WEDGE], crs=4326)
    city_copy.add_layer("park_polygons", frame, file="real.geojson")
    details = fault(city_copy.folder).details
    assert (details["file"], details["row"], details["read"]) == ("real.geojson", 3, "bec")


def test_a_line_project_is_drawn_where_its_line_is(city_copy, atlas):
    """A line project is on the map once its course is known, and not before."""
    before = atlas.projects.set_index("id").loc["r09"]
    assert (before["precision"], before["mapped"], before["placed"]) == ("line", False, "none")
    frame = gpd.GeoDataFrame({"id": ["r09"]}, geometry=[ROAD], crs=4326)
    city_copy.add_layer("project_lines", frame, file="lines.geojson")
    projects = layers.load(city_copy.folder).projects.set_index("id")
    assert projects.loc["r09", "geometry"].equals_exact(ROAD, 1e-6)
    assert (projects.loc["r09", "mapped"], projects.loc["r09", "placed"]) == (True, "line")
    others = projects.index != "r09"
    assert projects["placed"][others].equals(atlas.projects.set_index("id")["placed"][others])


def test_a_project_known_to_its_park_stands_at_the_centre(atlas):
    """A project of a park with a known centre is drawn there and says that the point is the park's."""
    centre = atlas.parks.set_index("id").loc["kuandian-south", ["lon", "lat"]]
    row = atlas.projects.set_index("id").loc["r01"]
    assert (row["precision"], row["placed"], row["mapped"]) == ("park", "park", True)
    assert (row["geometry"].x, row["geometry"].y) == (centre["lon"], centre["lat"])


def test_a_project_of_a_park_without_centre_falls_to_its_county(atlas):
    """A project of a park whose centre is unknown is drawn at the county's label point and says so."""
    county = atlas.counties.set_index("code").loc["210603"]
    row = atlas.projects.set_index("id").loc["r02"]
    assert (row["precision"], row["placed"], row["mapped"]) == ("park", "county", True)
    assert (row["geometry"].x, row["geometry"].y) == (county["label_lon"], county["label_lat"])


@pytest.mark.parametrize("precision", ["none", "line", ""])
def test_a_project_without_a_place_is_not_drawn(city_copy, precision):
    """Neither a place that is not known nor a line without a course is drawn, whatever the county."""
    city_copy.cells(REAL, "r20", precision=precision, county="210681", park="donggang")
    row = project(city_copy, "r20")
    assert (row["geometry"], row["mapped"], row["placed"]) == (None, False, "none")


def test_a_project_known_to_nothing_that_is_placed_is_not_drawn(city_copy):
    """A park precision without park and county gives no point."""
    city_copy.cells(REAL, "r01", park="", county="")
    row = project(city_copy, "r01")
    assert (row["geometry"], row["mapped"], row["placed"]) == (None, False, "none")


def test_every_drawn_point_says_what_it_stands_for(atlas):
    """A project is drawn exactly when its place has a name other than none."""
    projects = atlas.projects
    assert (projects["placed"] != "none").tolist() == projects["mapped"].tolist()
    assert projects["mapped"].tolist() == [shape is not None for shape in projects.geometry]


def test_a_column_that_may_be_missing_is_unknown(city_copy):
    """A city folder whose files have no responsible unit loads, as unknown; one that has them gives them."""
    assert "responsible" not in city_copy.rows(REAL)[0]
    assert layers.load(city_copy.folder).projects["responsible"].isna().all()
    city_copy.cells(REAL, "r02", responsible="工信局")
    found = layers.read_projects(city_copy.folder).set_index("id")["responsible"]
    assert found.dropna().to_dict() == {"r02": "工信局"}
