import io
import json
import math

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiPolygon,
    Point,
    Polygon,
    box,
    shape,
)

from geo.errors import GeoError
from geo.exchange import geojson
from geo.exchange.table import clean
from tests.geo.exchange.samples import COLUMNS, HOSTILE, SHOWN, anything, mixed, texts

HOLED = Polygon(
    box(124, 40, 124.2, 40.2).exterior.coords[::-1],
    [box(124.1, 40.1, 124.15, 40.15).exterior.coords],
)
SHAPES = [Point(124.39150004, 40.1149), None, LineString([(124, 40, 9), (124.5, 40.25, 9)]), HOLED]


def read(table, shapes):
    return json.loads(geojson.write(table, shapes))


def test_rows_come_back_as_features():
    """Each row is a feature in the table's order with its values by column id and kind."""
    features = read(mixed(), SHAPES)["features"]
    ids = [column.id for column in COLUMNS]
    assert [list(feature["properties"]) for feature in features] == [ids] * len(SHOWN)
    assert [tuple(feature["properties"].values()) for feature in features] == SHOWN


def test_geometries_follow_the_standard():
    """Coordinates are flat with six decimals, rings turn as RFC 7946 says, unmapped is null."""
    point, gap, line, polygon = (f["geometry"] for f in read(mixed(), SHAPES)["features"])
    assert point == {"type": "Point", "coordinates": [124.3915, 40.1149]}
    assert gap is None
    assert line == {"type": "LineString", "coordinates": [[124, 40], [124.5, 40.25]]}
    area = shape(polygon)
    assert area.exterior.is_ccw
    assert not area.interiors[0].is_ccw
    assert area.equals(HOLED)


def test_collections_and_multiparts_survive():
    """Multi-part geometries and collections come back equal; empty and infinite ones are null."""
    many = MultiPolygon([box(124, 40, 124.1, 40.1), box(125, 40, 125.1, 40.1)])
    both = GeometryCollection([Point(1, 2), box(0, 0, 1, 1)])
    shapes = [many, both, Point(), Point(math.inf, 1)]
    found = [f["geometry"] for f in read(texts("abcd"), shapes)["features"]]
    assert shape(found[0]).equals(many)
    assert shape(found[1]).equals(both)
    assert found[2:] == [None, None]


def test_metadata_says_what_the_file_is():
    """Title, datum, headings and notes stand in the member metadata."""
    metadata = read(mixed(), SHAPES)["metadata"]
    assert metadata["title"] == "重点项目"
    assert metadata["datum"] == "WGS-84"
    assert metadata["columns"][3] == {"id": "invest_wan", "title": "总投资（万元）"}
    assert metadata["notes"] == ["来源：示例", "筛选：全部"]


def test_geopandas_reads_it():
    """GDAL reads the rows in order, in WGS-84, with numbers as numbers."""
    frame = gpd.read_file(io.BytesIO(geojson.write(mixed(), SHAPES)))
    assert frame.crs == "EPSG:4326"
    assert frame["id"].tolist() == [row[0] for row in SHOWN]
    assert frame["invest_wan"].dropna().tolist() == [123456, -5, 10**15]
    assert frame.geometry.isna().tolist() == [False, True, False, False]
    assert frame.geometry.iloc[0].equals(Point(124.3915, 40.1149))


@given(st.lists(anything, max_size=8))
def test_arbitrary_text_comes_back(values):
    """Any text is read back as it was, apart from what no format can hold."""
    features = read(texts(values, notes=values), [None] * len(values))
    found = [feature["properties"]["text"] for feature in features["features"]]
    assert found == [clean(value) or None for value in values]
    assert features["metadata"]["notes"] == [clean(value) for value in values]


def test_hostile_text_cannot_leave_a_script_block():
    """The bytes hold no tag, so the file is safe inside a page too, and reads back the same."""
    data = geojson.write(texts(HOSTILE, notes=HOSTILE), [None] * len(HOSTILE))
    assert b"<" not in data
    assert b">" not in data
    found = [feature["properties"]["text"] for feature in json.loads(data)["features"]]
    assert "</script><script>alert(1)</script>" in found


def test_geometries_must_pair_with_rows():
    """One geometry a row, or an error."""
    with pytest.raises(GeoError) as caught:
        geojson.write(mixed(), SHAPES[:2])
    assert caught.value.code == "export.geometry_count"


def test_empty_table_is_an_empty_collection():
    """No rows gives a valid collection without features."""
    found = read(mixed(rows=[], sample_rows=set()), [])
    assert found["type"] == "FeatureCollection"
    assert found["features"] == []
