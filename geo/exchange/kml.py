"""KML 2.2: one placemark a row, every value as plain text.

Earth viewers treat a description as HTML and replace `$[name]` in it. So the description is text
escaped for HTML (and again for XML), its dollar signs as entities; the balloon shows it alone,
never the raw values.
"""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from shapely.geometry.base import BaseGeometry

from geo.exchange.geojson import DECIMALS, check_count, drawable
from geo.exchange.table import Cell, Table, clean

NAMESPACE = "http://www.opengis.net/kml/2.2"
REAL, SAMPLE = "real", "sample"
_STYLES = {  # id: line colour, fill colour (aabbggrr), line width, icon scale; samples are hollow
    REAL: ("ff8f4a1f", "668f4a1f", "2", "1.0"),
    SAMPLE: ("ff808080", "00ffffff", "1", "0.7"),
}


def write(
    table: Table, geometries: Sequence[BaseGeometry | None], *, name_column: str | None = None
) -> bytes:
    """Write a KML document, one Placemark a row in the table's order.

    `geometries` are WGS-84, one a row; None gives a Placemark without geometry, and an
    unknown value is left out. `name_column` is the column shown as the placemark's name, by
    default the one called `name`, else the first. Raises GeoError `export.geometry_count`.
    """
    check_count(table, geometries)
    position = _name_position(table, name_column)
    placemarks = []
    for number, (row, geometry) in enumerate(zip(table.cells, geometries, strict=True)):
        style = SAMPLE if number in table.sample_rows else REAL
        placemark = _placemark(table, row, position=position, style=style)
        shape = drawable(geometry)
        if shape is not None:
            _geometry(placemark, shape)
        # As text at once: a tree of every cell of a long list would take gigabytes.
        placemarks.append(ET.tostring(placemark, encoding="unicode"))
    head, end, tail = ET.tostring(_frame(table), encoding="unicode").rpartition("</Document>")
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return "".join([declaration, head, *placemarks, end, tail]).encode()


def _frame(table: Table) -> ET.Element:
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document")
    _text(document, "name", table.clean_title)
    if table.clean_notes:
        _text(document, "description", _html("\n".join(table.clean_notes)))
    for style in _STYLES:
        _style(document, style)
    return root


def _name_position(table: Table, name_column: str | None) -> int:
    ids = [column.id for column in table.columns]
    wanted = name_column or "name"
    return ids.index(wanted) if wanted in ids else 0


def _style(document: ET.Element, style: str) -> None:
    line_colour, fill, width, scale = _STYLES[style]
    element = ET.SubElement(document, "Style", id=style)
    icon = ET.SubElement(element, "IconStyle")
    _text(icon, "color", line_colour)
    _text(icon, "scale", scale)
    line = ET.SubElement(element, "LineStyle")
    _text(line, "color", line_colour)
    _text(line, "width", width)
    _text(ET.SubElement(element, "PolyStyle"), "color", fill)
    _text(ET.SubElement(element, "BalloonStyle"), "text", "$[description]")


def _placemark(table: Table, row: Sequence[Cell], *, position: int, style: str) -> ET.Element:
    placemark = ET.Element("Placemark")
    _text(placemark, "name", _shown(row[position]))
    ET.SubElement(placemark, "Snippet", maxLines="0")
    pairs = zip(table.headings, row, strict=True)
    lines = [f"{heading}: {value}" for heading, value in pairs if value is not None]
    _text(placemark, "description", _html("\n".join(lines)))
    _text(placemark, "styleUrl", f"#{style}")
    extended = ET.SubElement(placemark, "ExtendedData")
    for column, heading, value in zip(table.columns, table.headings, row, strict=True):
        if value is None:
            continue
        data = ET.SubElement(extended, "Data", name=clean(column.id))
        _text(data, "displayName", heading)
        _text(data, "value", _shown(value))
    return placemark


def _geometry(parent: ET.Element, shape: BaseGeometry) -> None:
    kind = shape.geom_type
    if hasattr(shape, "geoms"):
        multi = ET.SubElement(parent, "MultiGeometry")
        for part in shape.geoms:
            _geometry(multi, part)
    elif kind == "Polygon":
        polygon = ET.SubElement(parent, "Polygon")
        _ring(polygon, "outerBoundaryIs", shape.exterior.coords)
        for hole in shape.interiors:
            _ring(polygon, "innerBoundaryIs", hole.coords)
    else:  # a LinearRing alone is a closed line
        element = ET.SubElement(parent, "Point" if kind == "Point" else "LineString")
        _text(element, "coordinates", _coordinates(shape.coords))


def _ring(polygon: ET.Element, role: str, points: Iterable[tuple[float, ...]]) -> None:
    ring = ET.SubElement(ET.SubElement(polygon, role), "LinearRing")
    _text(ring, "coordinates", _coordinates(points))


def _coordinates(points: Iterable[tuple[float, ...]]) -> str:
    return " ".join(f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in points)


def _html(text: str) -> str:
    return html.escape(text).replace("$", "&#36;").replace("\n", "<br>\n")


def _shown(value: Cell) -> str:
    return "" if value is None else str(value)


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
