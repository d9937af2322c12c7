"""What every entry of the catalogue promises about its file."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pytest

DATA = Path(__file__).resolve().parents[2] / "data"
CITY = tomllib.loads((DATA / "city.toml").read_text(encoding="utf-8"))
LAYERS = {layer["id"]: layer for layer in CITY["layers"]}
POLYGON, LINE, POINT = (
    {"Polygon", "MultiPolygon"},
    {"LineString", "MultiLineString"},
    {"Point", "MultiPoint"},
)
SHAPES = {"polygon": POLYGON, "line": LINE, "point": POINT, "mixed": POLYGON | LINE | POINT}
WIDE_BOX = (119.4, 36.9, 129.6, 44.1)  # degrees; the land, so that a wide screen shows no edge
SANE_BOX = (122.5, 38.5, 126.5, 42.0)  # degrees; the city with its surroundings and its sea
CJK = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
VECTORS = [name for name, layer in LAYERS.items() if layer["geometry"] != "table"]
TABLES = [name for name, layer in LAYERS.items() if layer["file"].endswith(".csv")]

pytestmark = pytest.mark.filterwarnings("error")


def path(name: str) -> Path:
    return DATA / LAYERS[name]["file"]


def features(name: str) -> list[dict]:
    return json.loads(path(name).read_text(encoding="utf-8"))["features"]


def rows(name: str) -> list[dict[str, str]]:
    with path(name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, strict=True))


def test_the_layers_that_the_map_is_made_of_are_declared():
    """The catalogue names at least the built geographic layers, each id and file once."""
    built = {"counties", "counties_amap", "land", "water", "roads", "towns"}
    assert built <= set(LAYERS)
    assert len(LAYERS) == len(CITY["layers"])
    assert len({layer["file"] for layer in CITY["layers"]}) == len(LAYERS)


def test_every_geographic_file_is_declared():
    """No layer file lies in the city folder without an entry that says where it comes from."""
    found = {p.name for p in DATA.iterdir() if p.suffix in {".geojson", ".gpkg", ".csv"}}
    assert found == {layer["file"] for layer in LAYERS.values()}


@pytest.mark.parametrize("name", LAYERS)
def test_an_entry_says_where_its_data_come_from(name):
    """Title, source, licence and every change are said in both languages, with an ISO date."""
    layer = LAYERS[name]
    texts = [layer["title"], layer["source"], layer["licence"], *layer["changes"]]
    assert [text for text in texts if set(text) != {"zh", "en"}] == []
    assert [text for text in texts if not all(value.strip() for value in text.values())] == []
    assert [
        text
        for text in texts
        if text["en"] != text["en"].strip() or CJK.search(text["en"].replace("示例", ""))
    ] == []
    assert layer["changes"]
    assert ISO_DATE.fullmatch(str(layer["date"]))
    assert layer["geometry"] in {*SHAPES, "table"}
    assert layer["crs"] == "EPSG:4326"


@pytest.mark.parametrize("name", LAYERS)
def test_a_licence_has_the_same_identifier_in_both_languages(name):
    """A licence's identifiers do not change with the language: the Latin words are the same."""
    licence = LAYERS[name]["licence"]
    identifiers = r"(?:MIT|ODbL|LGPL|CC0|CC BY|WTFPL)(?:[- ]\d[\w.-]*)?"
    zh, en = (re.findall(identifiers, licence[language]) for language in ("zh", "en"))
    assert zh == en
    assert zh or "事实" in licence["zh"]


def test_only_a_layer_that_is_not_drawn_lacks_a_credit():
    """Each drawn layer has a short credit in both languages for the foot of a picture."""
    credits = {name: layer.get("credit") for name, layer in LAYERS.items()}
    assert {name for name, credit in credits.items() if credit is None} == {
        "counties_amap",
        "series",
        "series_sample",
    }
    texts = [text for credit in credits.values() if credit for text in (credit["zh"], credit["en"])]
    assert [text for text in texts if not 0 < len(text) <= 40] == []
    assert "OpenStreetMap" in credits["roads"]["zh"]
    assert "OpenStreetMap" in credits["roads"]["en"]


@pytest.mark.parametrize("name", LAYERS)
def test_a_package_source_is_pinned(name):
    """A layer that comes from registry packages names each with its exact version."""
    packages = LAYERS[name].get("source_package", "")
    assert all(re.match(r"[\w.-]+==[\d.]+", item.strip()) for item in packages.split(",") if item)


@pytest.mark.parametrize("name", LAYERS)
def test_a_column_has_an_id_a_unit_and_two_titles(name):
    """Every column is described once, in both languages; the unit may be empty, not missing."""
    columns = LAYERS[name]["columns"]
    assert all(set(column) == {"id", "unit", "zh", "en"} for column in columns)
    assert all(column[field].strip() for column in columns for field in ("id", "zh", "en"))
    assert len({column["id"] for column in columns}) == len(columns) > 0


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_exactly_the_columns_stated(name):
    """A CSV file's header is the catalogue's columns, in order, and no row is longer or shorter."""
    stated = [column["id"] for column in LAYERS[name]["columns"]]
    with path(name).open(encoding="utf-8", newline="") as handle:
        header, *body = csv.reader(handle, strict=True)
    assert header == stated
    assert [row for row in body if len(row) != len(stated)] == []
    assert body


@pytest.mark.parametrize("name", sorted(set(VECTORS) - set(TABLES)))
def test_a_vector_file_has_exactly_the_columns_stated(name):
    """Each feature carries the catalogue's columns, in order, no more and no fewer."""
    stated = [column["id"] for column in LAYERS[name]["columns"]]
    found = features(name)
    assert found
    assert [f["properties"] for f in found if list(f["properties"]) != stated] == []


@pytest.mark.parametrize("name", sorted(set(VECTORS) - set(TABLES)))
def test_a_vector_file_has_the_stated_geometry_and_crs(name):
    """GeoPandas reads the file in the stated reference system, valid, of the stated type."""
    layer = LAYERS[name]
    frame = gpd.read_file(path(name))
    known = frame[frame.geometry.notna()]
    assert frame.crs == layer["crs"]
    assert set(known.geom_type) <= SHAPES[layer["geometry"]]
    assert known.geometry.is_valid.all()
    assert not known.geometry.is_empty.any()


@pytest.mark.parametrize("name", sorted(set(VECTORS) - set(TABLES)))
def test_a_vector_file_lies_where_the_city_is(name):
    """Coordinates are longitude before latitude, in degrees, around the city."""
    box = WIDE_BOX if name == "land" else SANE_BOX
    west, south, east, north = gpd.read_file(path(name)).total_bounds
    assert box[0] <= west < east <= box[2]
    assert box[1] <= south < north <= box[3]


@pytest.mark.parametrize("name", TABLES)
def test_positions_in_a_table_lie_where_the_city_is(name):
    """A row has both coordinates, inside the box, or neither."""
    west, south, east, north = SANE_BOX
    pairs = [(row.get("lon", ""), row.get("lat", "")) for row in rows(name)]
    assert [pair for pair in pairs if bool(pair[0]) != bool(pair[1])] == []
    placed = [(float(lon), float(lat)) for lon, lat in pairs if lon]
    assert [p for p in placed if not (west <= p[0] <= east and south <= p[1] <= north)] == []


@pytest.mark.parametrize("name", LAYERS)
def test_the_readme_speaks_of_every_layer(name):
    """data/README.md names the file or the id of each layer, so that no source goes unsaid."""
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert f"`{name}`" in readme or f"`{LAYERS[name]['file']}`" in readme
