"""A file changed at random is read or refused; nothing else ever comes out of a reader."""

from __future__ import annotations

import json
from contextlib import suppress

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from geo.errors import GeoError
from geo.exchange.reading.grid import Book
from tests.geo.exchange.reading import biff
from tests.geo.exchange.reading.files import inline, pack, parts, read_here


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """One good file of each kind, as bytes, and the parts of the workbook."""
    folder = tmp_path_factory.mktemp("originals")
    rows = f'<row r="1">{inline("A1", "项目")}<c r="B1" s="0"><f>1+1</f><v>2</v></c></row>'
    book = parts(rows, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>')
    layer = gpd.GeoDataFrame({"a": ["x"]}, geometry=[Point(124, 40)], crs=4326)
    layer.to_file(folder / "a.gpkg", engine="pyogrio")
    sheet = biff.XlsSheet("a", [["项目", (1.5, 9), ("error", "#REF!")]], merged=[(1, 1, 1, 2)])
    feature = {
        "type": "Feature",
        "properties": {"a": 1},
        "geometry": {"type": "Point", "coordinates": [124, 40]},
    }
    return book, {
        ".xlsx": pack(book, folder / "a.xlsx").read_bytes(),
        ".xls": biff.write(biff.Xls([sheet])),
        ".csv": "项目,投资\n甲,1\n".encode("gb18030"),
        ".geojson": json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(),
        ".gpkg": (folder / "a.gpkg").read_bytes(),
    }


edits = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4)), min_size=1, max_size=6
)


def damage(data: bytes, changes) -> bytes:
    """Put other bytes at some places."""
    out = bytearray(data)
    for share, piece in changes:
        place = int(share * len(out))
        out[place : place + len(piece)] = piece
    return bytes(out)


def outcome(path, data: bytes) -> None:
    path.write_bytes(data)
    with suppress(GeoError):
        assert isinstance(read_here(path), Book)


@settings(max_examples=60)
@given(kind=st.sampled_from([".xlsx", ".xls", ".csv", ".geojson", ".gpkg"]), changes=edits)
def test_damaged_files(tmp_path_factory, originals, kind, changes):
    """Bytes changed anywhere in a file of any kind."""
    path = tmp_path_factory.mktemp("fuzz") / f"a{kind}"
    outcome(path, damage(originals[1][kind], changes))


@settings(max_examples=60)
@given(number=st.integers(0, 4), changes=edits)
def test_damaged_parts(tmp_path_factory, originals, number, changes):
    """Bytes changed in a part of a workbook whose archive is sound."""
    book = originals[0]
    name = sorted(book)[number]
    path = tmp_path_factory.mktemp("fuzz") / "a.xlsx"
    pack(book | {name: damage(book[name], changes)}, path)
    outcome(path, path.read_bytes())


@settings(max_examples=60)
@given(text=st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "features", "properties", "geometry", "coordinates", "crs", "name"]),
        inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_any_json(tmp_path_factory, text):
    """Whatever JSON calls itself a collection of features."""
    path = tmp_path_factory.mktemp("fuzz") / "a.geojson"
    outcome(path, json.dumps({"type": "FeatureCollection", "features": text, "crs": None}).encode())
    outcome(
        path,
        json.dumps(
            {"features": [text, {"properties": text, "geometry": text}], "crs": text}
        ).encode(),
    )
