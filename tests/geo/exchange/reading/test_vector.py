"""GeoJSON and GeoPackage become rows with shapes in WGS-84, or are refused."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point

from geo.errors import GeoError
from tests.geo.exchange.reading.files import grid, read_here

POINT = {"type": "Point", "coordinates": [124.35, 40.1]}


def geojson(folder, features, **extra):
    path = folder / "项目.geojson"
    document = {"type": "FeatureCollection", "features": features, **extra}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def refused(path) -> GeoError:
    with pytest.raises(GeoError) as caught:
        read_here(path)
    return caught.value


def test_geojson_attributes_are_cells(tmp_path):
    """Attributes stay what they are: zeros in front, texts that look like dates, missing ones."""
    features = [
        feature(POINT, 项目编码="00123", 开工时间="2023-03", 总投资=12000.0, 内部=True),
        feature(None, 项目编码=None, 备注=["a", 1], 进度=0.5),
    ]
    book = read_here(geojson(tmp_path, features))
    assert grid(book) == [
        ["项目编码", "开工时间", "总投资", "内部", "备注", "进度"],
        ["00123", "2023-03", 12000, True],
        [None, None, None, None, '["a", 1]', 0.5],
    ]
    assert (book.kind, book.sheets[0].name) == ("geojson", "项目")
    assert book.geometries == {2: Point(124.35, 40.1)}


@pytest.mark.parametrize(
    "crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326"]
)
def test_degrees_of_wgs84_and_cgcs2000_stay(tmp_path, crs):
    """Longitude comes first in GeoJSON, whatever order the system's definition has."""
    path = geojson(tmp_path, [feature(POINT)], crs={"type": "name", "properties": {"name": crs}})
    assert read_here(path).geometries == {2: Point(124.35, 40.1)}


def test_metres_become_degrees(tmp_path):
    """CGCS2000 in a Gauss-Krüger zone, the usual system of planning offices, is converted."""
    frame = gpd.GeoSeries([Point(124.35, 40.1)], crs=4490).to_crs(4549)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    path = geojson(tmp_path, [feature(shapely.geometry.mapping(frame[0]))], crs=crs)
    assert read_here(path).geometries[2].distance(Point(124.35, 40.1)) < 1e-9


@pytest.mark.parametrize(
    "name", ["EPSG:4610", "EPSG:4214", "EPSG:999999", "x", "None", "EPSG:5773"]
)
def test_another_datum_is_refused(tmp_path, name):
    """Xian 1980 and Beijing 1954 need the parameters of their region; nonsense is no system."""
    path = geojson(tmp_path, [feature(POINT)], crs={"type": "name", "properties": {"name": name}})
    assert refused(path).code == "file_crs_unknown"


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Point", "coordinates": [40.1, 124.35]}, "file_not_degrees"),
        ({"type": "Point", "coordinates": [41500000, 4441000]}, "file_not_degrees"),
        ({"type": "Point", "coordinates": ["a", 2]}, "file_shape_unreadable"),
        ({"type": "Nothing"}, "file_shape_unreadable"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [2, 3]]]}, "file_shape_unreadable"),
        ("x", "file_shape_unreadable"),
    ],
)
def test_a_shape_that_is_none_is_refused_at_its_row(tmp_path, geometry, code):
    """The row is named as it is counted under the heading row."""
    fault = refused(geojson(tmp_path, [feature(POINT), feature(geometry)]))
    assert (fault.code, fault.details) == (code, {"row": 3})


@pytest.mark.parametrize(
    "text",
    [
        "{", '{"type": "FeatureCollection", "features": 5}', '{"a":' * 200_000,
        '{"features": [{"properties": {"x": NaN}}]}', '{"features": [3]}', "{}",
        '{"features": [{"properties": 7}]}', '{"features": [{"properties": {"x": 1e999}}]}',
    ],
)  # fmt: skip
def test_a_broken_document_is_refused(tmp_path, text):
    """Cut short, nested without end, or not what it says: one code."""
    path = tmp_path / "a.geojson"
    path.write_text(text)
    if "1e999" in text:
        assert read_here(path).sheets[0].rows[1].cells[0].fault == "#NUM!"
    else:
        assert refused(path).code == "file_damaged"


def frame(**columns):
    size = len(next(iter(columns.values())))
    shapes = [LineString([(124, 40), (124.1, 40.1 + i)]) for i in range(size)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def test_geopackage_attributes_are_cells(tmp_path):
    """Dates are dates, texts keep their zeros, and the format's own key is no attribute."""
    path = tmp_path / "项目.gpkg"
    made = frame(项目编码=["00123", None], 总投资=[12000, 5], 进度=[0.5, None], 内部=[True, False])
    made["开工"] = pd.to_datetime(["2023-03-01", None])
    made.to_file(path, layer="清单", engine="pyogrio")
    book = read_here(path)
    assert (book.kind, book.sheets[0].name) == ("gpkg", "清单")
    assert grid(book) == [
        ["项目编码", "总投资", "进度", "内部", "开工"],
        ["00123", 12000, 0.5, True, dt.date(2023, 3, 1)],
        [None, 5, None, False],
    ]
    assert list(book.geometries) == [2, 3]
    assert book.geometries[3].equals(made.geometry[1])


def test_a_projected_geopackage_becomes_degrees(tmp_path):
    """The system is read from the file."""
    path = tmp_path / "a.gpkg"
    made = frame(a=["x"])
    made.to_crs(4549).to_file(path, engine="pyogrio")
    assert read_here(path).geometries[2].hausdorff_distance(made.geometry[0]) < 1e-9


def test_a_geopackage_without_one_layer_of_a_known_system_is_refused(tmp_path):
    """Two layers, none, or a system that cannot be converted: the file says which."""
    two, none, odd = (tmp_path / name for name in ("two.gpkg", "none.gpkg", "odd.gpkg"))
    frame(a=["x"]).to_file(two, layer="甲", engine="pyogrio")
    frame(a=["x"]).to_file(two, layer="乙", engine="pyogrio")
    frame(a=["x"]).iloc[:0].to_file(none, engine="pyogrio")
    frame(a=["x"]).to_crs(4610).to_file(odd, engine="pyogrio")
    assert (refused(two).code, refused(two).details) == ("file_layers_many", {"read": "甲 乙"})
    assert refused(none).code == "file_layers_none"
    assert refused(odd).code == "file_crs_unknown"


def test_the_parts_of_an_exported_list_are_one_sheet(tmp_path):
    """Layers of one list, named and built as parts of it, are read together; others stay refused."""
    path, other = tmp_path / "a.gpkg", tmp_path / "b.gpkg"
    for file, column in ((path, "a"), (other, "b")):
        points = frame(a=["x"])
        points.geometry = [Point(124.3, 40.1)]
        points.to_file(file, layer="甲", engine="pyogrio")
        frame(**{column: ["y"]}).to_file(file, layer="甲_line", engine="pyogrio")
    pyogrio.write_dataframe(
        pd.DataFrame({"a": ["z"]}), path, layer="甲_unplaced", driver="GPKG", append=True
    )
    book = read_here(path)
    assert grid(book) == [["a"], ["x"], ["y"], ["z"]]
    assert {row: shape.geom_type for row, shape in book.geometries.items()} == {
        2: "Point",
        3: "LineString",
    }
    assert refused(other).code == "file_layers_many"


def alter(path, *statements):
    with sqlite3.connect(path) as base:
        triggers = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:  # they call functions that only GDAL has
            base.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            base.execute(statement)
    base.close()
    return path


def test_a_view_in_place_of_a_layer_is_not_run(tmp_path):
    """A view could compute for ever; it is no layer."""
    path = tmp_path / "a.gpkg"
    frame(a=["x"]).to_file(path, engine="pyogrio")
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i a, i geom FROM n"
    )
    alter(path, "ALTER TABLE a RENAME TO b", f"CREATE VIEW a AS {endless}")
    assert refused(path).code == "file_layers_none"


def test_a_geopackage_that_is_none_is_refused(tmp_path):
    """A database of something else, a shape that is no shape, and a file cut short."""
    path, other = tmp_path / "a.gpkg", tmp_path / "other.gpkg"
    with sqlite3.connect(other) as base:
        base.execute("CREATE TABLE x (a)")
    base.close()
    assert refused(other).code == "file_damaged"
    frame(a=["x"]).to_file(path, engine="pyogrio")
    alter(path, "UPDATE a SET geom = x'4750000012345678'")
    assert refused(path).code == "file_shape_unreadable"
    path.write_bytes(path.read_bytes()[:20_000])
    assert refused(path).code == "file_damaged"
