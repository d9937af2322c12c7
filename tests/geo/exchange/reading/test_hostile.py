"""A hostile or mistaken file gets one code, within ten seconds and 500 MB, and no traceback."""

from __future__ import annotations

import json
import random
import string
import struct
import subprocess
import sys
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.exchange.reading import Limits, read
from tests.geo.exchange.reading import biff
from tests.geo.exchange.reading.files import RELATION, TYPES, Parts, inline, pack, parts, relations

Make = Callable[[Path], object]
pytest.importorskip("resource")
SECONDS, MEMORY_MB = 10, 500
ROOT = Path(__file__).resolve().parents[4]
SENTENCES = tomllib.loads((ROOT / "locales" / "zh.toml").read_text(encoding="utf-8"))["error"]
LAUGHS = "<!DOCTYPE w [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{'&' + a + ';'}{'&' + a + ';'}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


ROW = f'<row r="1">{inline("A1", "项目名称")}</row>'


def good() -> Parts:
    return parts(ROW)


def changed(**replaced: bytes) -> Parts:
    """Return a good workbook with parts replaced or added; `__` stands for a slash."""
    return good() | {
        name.replace("__", "/").replace("_DOT_", "."): d for name, d in replaced.items()
    }


def packed(files: Parts | Callable[[], Parts]) -> Make:
    """Return the maker of an archive; what is large is given as a function, made when needed."""
    return lambda path: pack(files() if callable(files) else files, path)


def raw(data: bytes | Callable[[], bytes]) -> Make:
    """Return the maker of a file of these bytes."""
    return lambda path: path.write_bytes(data() if callable(data) else data)


def sheet(rows: str, **more: str) -> Make:
    """Return the maker of a workbook with these rows."""
    return packed(parts(rows, **more))


def archive_bytes(path: Path, files: Parts) -> bytearray:
    return bytearray(pack(files, path).read_bytes())


def truncated(path: Path) -> None:
    data = archive_bytes(path, good())
    path.write_bytes(data[: len(data) * 2 // 3])


def wrong_checksum(path: Path) -> None:
    data = archive_bytes(path, good())
    place = data.rindex(b"PK\x01\x02")
    data[place + 16] ^= 1
    path.write_bytes(data)


def password(path: Path) -> None:
    data = archive_bytes(path, good())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)


def lying_size(path: Path) -> None:
    """300 MB behind a directory that says 1,000 bytes."""
    files = good() | {"xl/worksheets/sheet1.xml": b"<w>" + bytes(300 * 2**20)}
    data = archive_bytes(path, files)
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rindex(mark)
        data[place + offset : place + offset + 4] = struct.pack("<I", 1000)
    path.write_bytes(data)


def overlapping(path: Path) -> None:
    """Hundred entries that share the bytes of one."""
    files = good() | {"xl/media/a.bin": zlib.compress(random.Random(1).randbytes(10**6))}
    data = archive_bytes(path, files)
    end = data.rindex(b"PK\x05\x06")
    start = struct.unpack("<I", data[end + 16 : end + 20])[0]
    last = data.rindex(b"PK\x01\x02")
    entry = bytes(data[last:end])
    more = b"".join(entry.replace(b"a.bin", f"{n:05d}".encode()) for n in range(100))
    tail = bytearray(data[end:])
    count = struct.unpack("<H", tail[8:10])[0] + 100
    tail[8:12] = struct.pack("<HH", count, count)
    tail[12:16] = struct.pack("<I", end - start + len(more))
    path.write_bytes(bytes(data[:end]) + more + bytes(tail))


def many_entries(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"xl/media/some-picture-of-a-project-{number}.png", b"")


def twice(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in [*good().items(), ("XL/workbook.xml", b"<a/>")]:
            archive.writestr(name, data)


def in_utf16(xml: str) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-16"?>' + xml).encode("utf-16")


def shared(texts: str, rows: str) -> Parts:
    return parts(rows) | {
        "xl/_rels/workbook.xml.rels": relations(
            r1="worksheet:worksheets/sheet1.xml", r2="sharedStrings:sharedStrings.xml"
        ),
        "xl/sharedStrings.xml": f"<sst>{texts}</sst>".encode(),
    }


def letters(column: int) -> str:
    return (letters((column - 1) // 26) if column > 26 else "") + string.ascii_uppercase[
        (column - 1) % 26
    ]


WIDE = "".join(f'<c r="{letters(n)}1"><v>{n}</v></c>' for n in range(1, 3001))


def long_text() -> str:
    return "x" * (20 * 2**20)


def merges() -> str:
    areas = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 10**6))
    return f"<mergeCells>{areas}</mergeCells>"


BLANK_ROW = "".join(f'<c r="{letters(n)}{{0}}" s="0"/>' for n in range(1, 6))
FULL = "".join(f'<c r="{letters(n)}{{0}}" t="s"><v>0</v></c>' for n in range(1, 11))
SPEC = "http://schemas.openxmlformats.org/package/2006/relationships"
OUTSIDE_SHEET = (
    f'<Relationships xmlns="{SPEC}"><Relationship Id="r1" Type="{RELATION}/worksheet" '
    'Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
).encode()
DOCX = TYPES.replace(b"spreadsheetml", b"wordprocessingml")

HOSTILE = {
    "nothing": (".xlsx", raw(b""), "file_empty"),
    "a picture": (".xlsx", raw(PICTURE), "file_kind_differs"),
    "a picture as old workbook": (".xls", raw(PICTURE), "file_kind_differs"),
    "a picture as text": (".csv", raw(PICTURE), "file_kind_differs"),
    "a picture as layer": (".geojson", raw(PICTURE), "file_kind_differs"),
    "a PDF": (".xlsx", raw(b"%PDF-1.7\n" + bytes(900)), "file_kind_differs"),
    "a web page": (".xls", raw("\ufeff<html><table><tr><td>项目".encode()), "file_kind_differs"),
    "a page with a heading": (".xls", raw(b"<?xml version='1.0'?><html><table/>"), "file_kind_differs"),
    "a text": (".xls", raw("项目,投资\n".encode("gbk")), "file_kind_differs"),
    "noise": (".xlsx", raw(random.Random(7).randbytes(5000)), "file_kind_differs"),
    "a program": (".exe", raw(b"MZ\x90\0"), "file_kind_unsupported"),
    "no ending": ("", raw(b"a,b\n"), "file_kind_unsupported"),
    "a letter": (".xlsx", packed(changed() | {"[Content_Types].xml": DOCX}), "file_kind_differs"),
    "an old letter": (".xls", raw(biff.compound({"WordDocument": b"x"})), "file_kind_differs"),
    "an archive": (".xlsx", packed({"a.txt": b"x"}), "file_kind_differs"),
    "an archive in an archive": (".xlsx", packed({"list.xlsx": b"PK\x03\x04"}), "file_kind_differs"),
    "a binary workbook": (".xlsx", packed(changed(xl__workbook_DOT_bin=b"x")), "file_kind_differs"),
    "a file too big": (".csv", raw(lambda: b"a,b\n" * (13 * 2**20)), "file_too_big"),
    "cut short": (".xlsx", truncated, "file_damaged"),
    "cut short, old": (".xls", raw(biff.write(biff.Xls([biff.XlsSheet("a", [["x"]])]))[:3000]), "file_damaged"),
    "a wrong checksum": (".xlsx", wrong_checksum, "file_damaged"),
    "no workbook inside": (".xlsx", packed({"[Content_Types].xml": TYPES}), "file_damaged"),
    "broken XML": (".xlsx", packed(changed(xl__worksheets__sheet1_DOT_xml=b"<w><row>")), "file_damaged"),
    "a sheet elsewhere": (".xlsx", packed(good() | {"xl/_rels/workbook.xml.rels": OUTSIDE_SHEET}), "file_damaged"),
    "a text that is not there": (".xlsx", sheet('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), "file_damaged"),
    "a text before the first": (".xlsx", sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "file_damaged"),
    "rows in disorder": (".xlsx", sheet(f'<row r="2">{inline("A2", "x")}</row><row r="1">{inline("A1", "x")}</row>'), "file_damaged"),
    "a column beyond the last": (".xlsx", sheet(f'<row r="1">{inline("XFE1", "x")}</row>'), "file_damaged"),
    "a password": (".xlsx", raw(biff.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"})), "file_encrypted"),
    "a password on parts": (".xlsx", password, "file_encrypted"),
    "a password, old": (".xls", raw(biff.write(biff.Xls([biff.XlsSheet("a", [["x"]])], encrypted=True))), "file_encrypted"),
    "macros": (".xlsx", packed(changed(xl__vbaProject_DOT_bin=b"x")), "file_macros"),
    "macros by name": (".xlsx", packed(changed() | {"[Content_Types].xml": TYPES.replace(b"openxmlformats-officedocument.spreadsheetml.sheet", b"ms-excel.sheet.macroEnabled")}), "file_macros"),
    "macros, old": (".xls", raw(biff.compound({"Workbook": b"x", "_VBA_PROJECT_CUR": b"y"})), "file_macros"),
    "entities in a sheet": (".xlsx", packed(changed(xl__worksheets__sheet1_DOT_xml=f"{LAUGHS}<w>&i;</w>".encode())), "file_entities"),
    "entities in UTF-16": (".xlsx", packed(changed(xl__worksheets__sheet1_DOT_xml=in_utf16(f"{LAUGHS}<w>&i;</w>"))), "file_entities"),
    "entities in texts": (".xlsx", packed(changed(xl__sharedStrings_DOT_xml=b"<!DOCTYPE s SYSTEM 'file:///etc/passwd'><s/>")), "file_entities"),
    "entities in a part of another name": (".xlsx", packed(changed(xl__a_DOT_dat=f" {LAUGHS}<w/>".encode().lstrip())), "file_entities"),
    "a comment without end": (".xlsx", packed(changed(xl__a_DOT_xml=b"<!--" + random.Random(3).randbytes(2**20).hex().encode())), "file_entities"),
    "a bomb": (".xlsx", packed(lambda: changed(xl__worksheets__sheet1_DOT_xml=b"<w>" + b" " * (400 * 2**20))), "file_bomb"),
    "a bomb beside": (".xlsx", packed(lambda: changed(xl__media__a_DOT_png=bytes(260 * 2**20))), "file_bomb"),
    "a bomb behind a wrong size": (".xlsx", lying_size, "file_damaged"),
    "entries that overlap": (".xlsx", overlapping, "file_bomb"),
    "60,000 entries": (".xlsx", many_entries, "file_bomb"),
    "a path outside": (".xlsx", packed(good() | {"../../etc/cron.d/x": b"x"}), "file_archive_unsafe"),
    "a path of Windows": (".xlsx", packed(good() | {"C:/x": b"x"}), "file_archive_unsafe"),
    "a part twice": (".xlsx", twice, "file_archive_unsafe"),
    "3,000 columns": (".xlsx", sheet(f'<row r="1">{WIDE}</row>'), "file_too_many_columns"),
    "3,000 columns of text": (".csv", raw(b",".join(b"%d" % n for n in range(3000))), "file_too_many_columns"),
    "the last cell of all": (".xlsx", sheet(f'<row r="1048576">{inline("XFD1048576", "x")}</row>'), "file_too_many_columns"),
    "the last row of all": (".xlsx", sheet(f'<row r="1048576">{inline("A1048576", "x")}</row>'), "file_too_many_rows"),
    "50,201 lines": (".csv", raw(b"a,b\n" * 50_201), "file_too_many_rows"),
    "a cell of 20 MB": (".xlsx", packed(lambda: parts(f'<row r="3">{inline("B3", long_text())}</row>')), "file_cell_too_long"),
    "a shared text of 20 MB": (".xlsx", packed(lambda: shared(f"<si><t>{long_text()}</t></si>", f'<row r="1">{FULL.format(1)}</row>')), "file_cell_too_long"),
    "a text of 20 MB": (".csv", raw(lambda: f'a,b\n1,"{long_text()}"\n'.encode()), "file_cell_too_long"),
    "one text 50,000 times": (".xlsx", packed(lambda: shared(f"<si><t>{'x' * 32_000}</t></si>", "".join(f'<row r="{n}">{FULL.format(n)}</row>' for n in range(1, 5001)))), "file_too_many_cells"),
    "a million cells in a row": (".xlsx", packed(lambda: parts(f'<row r="1">{"".join(f"<c><v>{n}</v></c>" for n in range(10**6))}</row>')), "file_too_many_columns"),
    "a million merges": (".xlsx", packed(lambda: parts(ROW, after=merges())), "file_too_many_cells"),
    "deep JSON": (".geojson", raw(lambda: b'{"a":' * 10**6), "file_damaged"),
    "an open bracket for ever": (".geojson", raw(lambda: b'{"features":[' + b"[" * 10**7), "file_damaged"),
    "a database cut short": (".gpkg", raw(b"SQLite format 3\0" + bytes(5000)), "file_damaged"),
}  # fmt: skip


def measure(path: Path, **limits: int) -> dict[str, Any]:
    """Read the file in a small process, which must not say a word besides what it found."""
    command = [sys.executable, "-m", "tests.geo.exchange.reading.measured", str(path)]
    done = subprocess.run([*command, json.dumps(limits)], cwd=ROOT, capture_output=True, check=True)
    assert done.stderr == b""
    return json.loads(done.stdout)


def check_measures(found: dict[str, Any]) -> None:
    # The processor's seconds: other work on the machine must not fail this test.
    assert found["spent"] < SECONDS, found
    assert found["child_mb"] < MEMORY_MB, found
    assert found["own_mb"] < MEMORY_MB, found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(tmp_path, name):
    """One code with all that its sentence needs, in the limits of time and memory."""
    ending, make, code = HOSTILE[name]
    path = tmp_path / f"清单{ending}"
    make(path)
    found = measure(path)
    assert found["code"] == code, found
    assert SENTENCES[code].format(**found["details"])
    assert found["details"]["file"] == path.name
    check_measures(found)


@pytest.mark.parametrize(
    "make",
    [
        sheet(ROW, before='<dimension ref="A1:XFD1048576"/>'),
        sheet(f'{ROW}<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        packed(lambda: parts(ROW + "".join(f'<row r="{n}">{BLANK_ROW.format(n)}</row>' for n in range(2, 200_000)))),
        packed(lambda: parts(ROW + "<a>" * 300_000 + "</a>" * 300_000)),
        packed(changed(xl__externalLinks__externalLink1_DOT_xml=b"<externalLink/>")),
        packed(changed(xl__embeddings__a_DOT_xlsx=b"PK\x03\x04")),
    ],
    ids=["false dimension", "formatted last cell", "blank formatted rows", "deep XML", "external link", "embedded workbook"],
)  # fmt: skip
def test_what_only_looks_hostile_is_read(tmp_path, make):
    """A wrong dimension, formats without content, links and embedded files do no harm."""
    path = tmp_path / "清单.xlsx"
    make(path)
    book = read(path, limits=Limits())
    assert [[cell.value for cell in row.cells] for row in book.sheets[0].rows] == [["项目名称"]]
    check_measures(measure(path))
