"""Write small old .xls files: just enough BIFF8 in a compound file for the reader to be tested.

No living package writes this format; the records follow [MS-XLS] and [MS-CFB].
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

SECTOR = 512
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
ERRORS = {"#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#N/A": 0x2A}


@dataclass
class XlsSheet:
    """Hold rows of (value, format id); a text like #REF! in a tuple ("error", …) is an error."""

    name: str
    rows: Sequence[Sequence[object]]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[int, ...] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()


@dataclass
class Xls:
    """Hold a workbook: sheets, own formats by id (164 and up), and the date system."""

    sheets: Sequence[XlsSheet]
    formats: dict[int, str] = field(default_factory=dict)
    date1904: bool = False
    encrypted: bool = False


def record(kind: int, body: bytes = b"") -> bytes:
    """Return one record: type, length, body."""
    return struct.pack("<HH", kind, len(body)) + body


def text16(text: str, count: str = "<H") -> bytes:
    """Return a text as UTF-16 after its length and flag."""
    return struct.pack(count, len(text)) + b"\x01" + text.encode("utf-16-le")


def stream(book: Xls) -> bytes:
    """Return the workbook stream."""
    bof = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    head = record(0x0809, bof)
    if book.encrypted:
        head += record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    head += record(0x0042, struct.pack("<H", 1200))
    head += record(0x0022, struct.pack("<H", int(book.date1904)))
    font = struct.pack("<HHHHHBBBB", 220, 0, 0x7FFF, 400, 0, 0, 0, 134, 0)
    head += b"".join(record(0x0031, font + text16("Arial", "<B")) for _ in range(5))
    head += b"".join(
        record(0x041E, struct.pack("<H", n) + text16(f)) for n, f in book.formats.items()
    )
    ids = format_ids(book)
    for number in ids:
        head += record(
            0x00E0, struct.pack("<HHHBBBBIIH", 0, number, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0)
        )
    bodies = [_sheet(sheet, ids) for sheet in book.sheets]
    bounds = [text16(sheet.name, "<B") for sheet in book.sheets]
    place = len(head) + sum(4 + 6 + len(bound) for bound in bounds) + 4
    for sheet, bound, body in zip(book.sheets, bounds, bodies, strict=True):
        head += record(0x0085, struct.pack("<IBB", place, int(sheet.hidden), 0) + bound)
        place += len(body)
    return head + record(0x000A) + b"".join(bodies)


def format_ids(book: Xls) -> list[int]:
    """Return the format ids in use, General first: one cell style for each."""
    used = {
        cell[1] for s in book.sheets for row in s.rows for cell in row if isinstance(cell, tuple)
    }
    return [0, *sorted(used - {0, "error"} - set(ERRORS))]


def _sheet(sheet: XlsSheet, ids: list[int]) -> bytes:
    out = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for column in sheet.hidden_columns:  # COLINFO: first, last, width, format, hidden
        out += record(0x007D, struct.pack("<HHHHHH", column - 1, column - 1, 2560, 15, 1, 0))
    for number, row in enumerate(sheet.rows):
        flags = 0x0120 if number + 1 in sheet.hidden_rows else 0x0100
        out += record(0x0208, struct.pack("<HHHHHHHH", number, 0, len(row), 255, 0, 0, flags, 15))
    cells = ((r, c, cell) for r, row in enumerate(sheet.rows) for c, cell in enumerate(row))
    out += b"".join(_cell(row, column, cell, ids) for row, column, cell in cells)
    if sheet.merged:
        ranges = b"".join(
            struct.pack("<HHHH", r1 - 1, r2 - 1, c1 - 1, c2 - 1) for r1, c1, r2, c2 in sheet.merged
        )
        out += record(0x00E5, struct.pack("<H", len(sheet.merged)) + ranges)
    return out + record(0x000A)


def _cell(row: int, column: int, cell: object, ids: list[int]) -> bytes:
    if cell is None:
        return b""
    value, form = cell if isinstance(cell, tuple) else (cell, 0)
    if value == "error":
        return record(0x0205, struct.pack("<HHHBB", row, column, 0, ERRORS[str(form)], 1))
    at = struct.pack("<HHH", row, column, ids.index(form))
    if isinstance(value, bool):
        return record(0x0205, at + struct.pack("<BB", int(value), 0))
    if isinstance(value, str):
        return record(0x0204, at + text16(value))
    return record(0x0203, at + struct.pack("<d", value))


def compound(streams: dict[str, bytes]) -> bytes:
    """Wrap streams in a compound file; each is padded to 4,096 bytes, so none is a mini stream."""
    sectors: list[bytes] = []
    chains: list[list[int]] = []
    entries = [_entry("Root Entry", 5, END, 0, child=1)]
    for number, (name, data) in enumerate(streams.items(), start=1):
        padded = data.ljust(4096, b"\0")
        padded += bytes(-len(padded) % SECTOR)
        first = len(sectors)
        sectors += [padded[i : i + SECTOR] for i in range(0, len(padded), SECTOR)]
        chains.append(list(range(first, len(sectors))))
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, first, len(padded), right=right))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * SECTOR, b"\0")
    first = len(sectors)
    sectors += [directory[i : i + SECTOR] for i in range(0, len(directory), SECTOR)]
    chains.append(list(range(first, len(sectors))))
    fat_count = 1
    while (len(sectors) + fat_count) > fat_count * 128:
        fat_count += 1
    fat = [FREE] * (fat_count * 128)
    for chain in chains:
        for here, following in zip(chain, [*chain[1:], END], strict=True):
            fat[here] = following
    fat_places = list(range(len(sectors), len(sectors) + fat_count))
    for place in fat_places:
        fat[place] = FAT_SECTOR
    table = struct.pack(f"<{len(fat)}I", *fat)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fat_count, first, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *fat_places, *[FREE] * (109 - fat_count))
    return head + b"".join(sectors) + table


def _entry(
    name: str, kind: int, first: int, size: int, *, right: int = FREE, child: int = FREE
) -> bytes:
    wide = name.encode("utf-16-le") + b"\0\0"
    out = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
    return (
        out
        + struct.pack("<III", FREE, right, child)
        + bytes(36)
        + struct.pack("<III", first, size, 0)
    )


def write(book: Xls) -> bytes:
    """Return the workbook as an .xls file."""
    return compound({"Workbook": stream(book)})
