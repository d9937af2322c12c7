import html
import re
import xml.etree.ElementTree as ET

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPoint, Point, Polygon, box

from geo.errors import GeoError
from geo.exchange import kml
from geo.exchange.table import clean
from tests.geo.exchange.samples import COLUMNS, HEADINGS, HOSTILE, SHOWN, anything, mixed, texts

NS = {"k": "http://www.opengis.net/kml/2.2"}
HOLED = Polygon(box(124, 40, 124.2, 40.2).exterior, [box(124.1, 40.1, 124.15, 40.15).exterior])
SHAPES = [Point(124.39150004, 40.1149), None, LineString([(124, 40), (124.5, 40.25)]), HOLED]


def placemarks(table, shapes):
    return ET.fromstring(kml.write(table, shapes)).findall("k:Document/k:Placemark", NS)


def values(placemark):
    data = placemark.findall("k:ExtendedData/k:Data", NS)
    return {one.get("name"): one.findtext("k:value", namespaces=NS) for one in data}


def plain(description):
    """What a viewer shows that treats a description as HTML."""
    assert set(re.findall(r"<[^>]*>", description)) <= {"<br>"}
    return html.unescape(description.replace("<br>\n", "\n"))


def test_rows_come_back_as_placemarks():
    """Each row is a placemark in the table's order with its known values by column id."""
    ids = [column.id for column in COLUMNS]
    for placemark, row in zip(placemarks(mixed(), SHAPES), SHOWN, strict=True):
        known = {key: str(v) for key, v in zip(ids, row, strict=True) if v is not None}
        assert values(placemark) == known
        assert placemark.findtext("k:name", namespaces=NS) == (row[1] or "")
    first = placemarks(mixed(), SHAPES)[0]
    titles = [e.text for e in first.findall("k:ExtendedData/k:Data/k:displayName", NS)]
    assert titles == HEADINGS


def test_samples_have_a_style_of_their_own():
    """Sample rows point to the sample style, real rows to the real one, and both exist."""
    urls = [p.findtext("k:styleUrl", namespaces=NS) for p in placemarks(mixed(), SHAPES)]
    assert urls == ["#real", "#sample", "#real", "#real"]
    root = ET.fromstring(kml.write(mixed(), SHAPES))
    assert [s.get("id") for s in root.findall("k:Document/k:Style", NS)] == ["real", "sample"]


def test_unmapped_rows_have_no_geometry():
    """A row without a place is a placemark without coordinates; a multi-part one keeps its parts."""
    shapes = [*SHAPES, MultiPoint([(1, 2), (3, 4)])]
    parts = [len(p.findall(".//k:coordinates", NS)) for p in placemarks(texts("abcde"), shapes)]
    assert parts == [1, 0, 1, 2, 2]


def test_gdal_reads_the_geometries(tmp_path):
    """An independent reader finds points, lines and polygons with holes where they are."""
    path = tmp_path / "rows.kml"
    path.write_bytes(kml.write(texts("abcd"), SHAPES))
    drawn = {g.geom_type: g for g in gpd.read_file(path).geometry if g is not None}
    assert drawn["Point"].equals_exact(Point(124.3915, 40.1149), 1e-9)
    assert drawn["LineString"].equals_exact(SHAPES[2], 1e-9)
    assert drawn["Polygon"].equals(HOLED)


@given(st.lists(anything, max_size=6))
def test_arbitrary_text_comes_back(texts_in):
    """Any text is read back as it was, as name, value, note and description."""
    table = texts(texts_in, notes=texts_in)
    document = ET.fromstring(kml.write(table, [None] * len(texts_in)))
    found = document.findall("k:Document/k:Placemark", NS)
    assert [values(p).get("text", "") for p in found] == [clean(t) for t in texts_in]
    for placemark, text in zip(found, texts_in, strict=True):
        shown = plain(placemark.findtext("k:description", namespaces=NS))
        assert shown.endswith(f"文字: {clean(text)}") or not clean(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_description_is_never_markup(text):
    """A description has no tag but line breaks and no `$[…]` to replace, yet shows the text."""
    table = texts([text], notes=["note", text])
    root = ET.fromstring(kml.write(table, [None]))
    found = [element.text for element in root.iter(f"{{{NS['k']}}}description")]
    assert len(found) == 2
    for description in found:
        assert "$" not in description
        assert clean(text) in plain(description)


def test_balloons_show_the_description_only():
    """The balloon's template is constant: no raw value of a row is put into it."""
    root = ET.fromstring(kml.write(texts(HOSTILE), [None] * len(HOSTILE)))
    templates = {e.text for e in root.findall(".//k:BalloonStyle/k:text", NS)}
    assert templates == {"$[description]"}
    assert not root.findall(".//k:href", NS)


def test_hostile_title_cannot_break_the_frame():
    """A title that looks like the end of the document is a title."""
    table = texts(["a"])
    table = type(table)("</Document></kml>", table.columns, table.rows)
    root = ET.fromstring(kml.write(table, [Point(1, 2)]))
    assert root.findtext("k:Document/k:name", namespaces=NS) == "</Document></kml>"
    assert len(root.findall("k:Document/k:Placemark", NS)) == 1


def test_name_column_can_be_chosen():
    """The placemark's name comes from the chosen column."""
    root = ET.fromstring(kml.write(mixed(), SHAPES, name_column="id"))
    names = [p.findtext("k:name", namespaces=NS) for p in root.iter(f"{{{NS['k']}}}Placemark")]
    assert names == [row[0] for row in SHOWN]


def test_geometries_must_pair_with_rows():
    """One geometry a row, or an error."""
    with pytest.raises(GeoError) as caught:
        kml.write(mixed(), [])
    assert caught.value.code == "export.geometry_count"


def test_empty_table_is_an_empty_document():
    """No rows gives a valid document without placemarks."""
    assert placemarks(mixed(rows=[], sample_rows=set()), []) == []
