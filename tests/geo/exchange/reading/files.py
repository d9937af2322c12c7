"""Make the files of these tests, honest and hostile, and read them here or in the sandbox."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import xlsxwriter

from geo.exchange.reading import Limits, child, wire
from geo.exchange.reading.grid import Book, Cell

Parts = dict[str, bytes]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(**targets: str) -> bytes:
    """Return a .rels part of id=type:target."""
    items = ""
    for key, value in targets.items():
        kind, _, target = value.partition(":")
        items += f'<Relationship Id="{key}" Type="{RELATION}/{kind}" Target="{target}"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{items}</Relationships>'.encode()


def parts(rows: str, *, book: str = "", after: str = "", before: str = "") -> Parts:
    """Return the parts of a workbook with one sheet, its rows given as XML."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(r1="officeDocument:xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook {MAIN} xmlns:r="{RELATION}">{book}<sheets>'
            '<sheet name="清单" sheetId="1" r:id="r1"/></sheets></workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": relations(r1="worksheet:worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"
        ).encode(),
    }


def pack(files: Mapping[str, bytes], path: Path) -> Path:
    """Write the parts as an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def xlsx(path: Path, fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> Path:
    """Write a workbook with xlsxwriter."""
    book = xlsxwriter.Workbook(str(path), options)
    fill(book)
    book.close()
    return path


def inline(reference: str, text: str) -> str:
    """Return the XML of a text cell."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def read_here(path: Path, limits: Limits | None = None) -> Book:
    """Read a file as the reading process does, but in this one, to be quick."""
    out = io.StringIO()
    child.read(path, path.suffix, wire.Writer(out, limits or Limits()))
    return wire.receive(out.getvalue().encode().splitlines(), path.name)


def values(cells: Sequence[Cell]) -> list[object]:
    """Return the values of cells."""
    return [cell.value for cell in cells]


def grid(book: Book, sheet: int = 0) -> list[list[object]]:
    """Return the values of a sheet, row by row."""
    return [values(row.cells) for row in book.sheets[sheet].rows]
