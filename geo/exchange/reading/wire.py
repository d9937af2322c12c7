"""What the reading process tells its parent: one JSON line a row, with every limit kept.

JSON and not pickle: a file that takes over the reading process must not reach the parent.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from geo.errors import GeoError
from geo.exchange.reading.grid import EMPTY, Book, Cell, Range, Row, Sheet, Value
from geo.exchange.reading.limits import MB, ROWS_BESIDE, Limits
from geo.exchange.reading.shown import GENERAL

Raw = tuple[Value, str, str, str] | str | int | None
"""Value, text, number format, fault of one cell; None is an empty one.

A text or an integer of less than 12 digits stands for itself in the format General: nine of ten
cells do, and a list has a million of them.
"""

# No reader of text wants them, PostgreSQL and XML refuse some of them.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MERGES = 100_000  # two in each row of the longest list
_GEOMETRY_HEX = 2  # hex digits a byte


def clean(text: str) -> str:
    """Return text without control characters and broken surrogates; line ends are newlines."""
    if text.isprintable():  # the quick answer for nearly all
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNWANTED.sub("", text) if _UNWANTED.search(text) else text


def column_name(number: int) -> str:
    """Return the letters of a 1-based column: 1 is A, 16384 is XFD."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class Writer:
    """Write a book line by line; blank ends are trimmed and limits are kept here, for all formats.

    Raises GeoError `file_too_many_rows`, `file_too_many_columns`, `file_too_many_cells` or
    `file_cell_too_long`, each with the sheet and the place.
    """

    def __init__(self, out: IO[str], limits: Limits) -> None:
        self.limits = limits
        self._out = out
        self._sheet = ""
        self._row = 0
        self._cells = 0
        self._chars = 0
        self._merged: list[Range] = []
        self._hidden: list[tuple[int, int]] = []
        self._formats: dict[str, int] = {GENERAL: 0}

    def kind(self, kind: str) -> None:
        """Say what the file is."""
        self._say({"kind": kind})

    def from_1904(self) -> None:
        """Say that the workbook counts its days from 1904."""
        self._say({"date1904": True})

    def sheet(self, name: str, *, hidden: bool = False) -> None:
        """Begin a sheet; rows follow in ascending order."""
        self._end_sheet()
        self._sheet, self._row = clean(name), 0
        self._say({"sheet": self._sheet, "hidden": hidden})

    def row(self, number: int, cells: Sequence[Raw], *, hidden: bool = False) -> None:
        """Write a row, from its first column to its last filled one; a blank row is not written."""
        last = len(cells)
        while last and _is_blank(cells[last - 1]):
            last -= 1
        if not last:
            return
        if number <= self._row:
            raise GeoError("file_damaged")
        self._row = number
        self._check(number, last)
        say: list[object] = [number, int(hidden)]
        say += [self._cell(number, index, raw) for index, raw in enumerate(cells[:last])]
        self._count(0)
        self._say(say)

    def merge(self, area: Range) -> None:
        """Add a merged range to the sheet."""
        self._merged.append(area)
        if len(self._merged) > _MERGES:
            raise GeoError("file_too_many_cells", limit=_MERGES)

    def hide_columns(self, first: int, last: int) -> None:
        """Say that columns of the sheet are hidden, from 1, both ends included."""
        self._hidden.append((first, last))
        if len(self._hidden) > _MERGES:
            raise GeoError("file_too_many_cells", limit=_MERGES)

    def _end_sheet(self) -> None:
        if self._merged:
            self._say({"merged": self._merged})
            self._merged = []
        if self._hidden:
            self._say({"columns": self._hidden})
            self._hidden = []

    def geometry(self, number: int, wkb: bytes) -> None:
        """Write the WGS-84 shape of a row."""
        self._count(len(wkb) * _GEOMETRY_HEX)
        self._say({"shape": wkb.hex(), "row": number})

    def end(self) -> None:
        """Say that the book is complete."""
        self._end_sheet()
        self._say({"end": True})

    def refuse(self, code: str, details: dict[str, object]) -> None:
        """Say what is wrong with the file instead of reading on."""
        self._say({"error": code, "details": {k: _plain(v) for k, v in details.items()}})

    def _check(self, number: int, last: int) -> None:
        place = {"sheet": self._sheet, "cell": f"{column_name(last)}{number}"}
        if last > self.limits.columns:
            raise GeoError("file_too_many_columns", limit=self.limits.columns, **place)
        if number > self.limits.rows + ROWS_BESIDE:
            raise GeoError("file_too_many_rows", limit=self.limits.rows, **place)

    def _cell(self, number: int, index: int, raw: Raw) -> object:
        if raw is None:
            return None
        self._cells += 1
        if isinstance(raw, int):
            return raw
        value, text, number_format, fault = (
            raw if isinstance(raw, tuple) else (raw, raw, GENERAL, "")
        )
        if len(text) > self.limits.cell_chars:
            where = {"sheet": self._sheet, "cell": f"{column_name(index + 1)}{number}"}
            limit = self.limits.cell_chars
            raise GeoError("file_cell_too_long", read=len(text), limit=limit, **where)
        self._chars += len(text)
        if isinstance(raw, str):
            return clean(raw)
        form = self._format(number_format)
        mark = ""
        if isinstance(value, dt.date):
            mark = "t" if isinstance(value, dt.datetime) else "d"
            value = value.isoformat()
        elif isinstance(value, str):
            value = clean(value)
        return [value, clean(text), form, fault, mark]

    def _count(self, chars: int) -> None:
        self._chars += chars
        if self._cells > self.limits.cells or self._chars > self.limits.text_mb * MB:
            raise GeoError("file_too_many_cells", limit=self.limits.cells)

    def _format(self, code: str) -> int:
        known = self._formats.get(code)
        if known is None:
            known = self._formats[code] = len(self._formats)
            self._say({"format": clean(code)})
        return known

    def _say(self, message: object) -> None:
        self._out.write(_encode(message))
        self._out.write("\n")


_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode


def _is_blank(raw: Raw) -> bool:
    if isinstance(raw, tuple):
        return not raw[3] and (raw[0] is None or not raw[1].strip())
    return raw is None or (isinstance(raw, str) and not raw.strip())


def _plain(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


class _Cells:
    """Make cells, equal ones once: a list repeats its counties and stages in every row."""

    def __init__(self) -> None:
        self.formats = [GENERAL]
        self._texts: dict[str, Cell] = {}

    def make(self, sent: Any) -> Cell:
        if sent is None:
            return EMPTY
        if type(sent) is str:
            cell = self._texts.get(sent)
            if cell is None:
                cell = self._texts[sent] = Cell(sent, sent)
            return cell
        if type(sent) is int:
            return Cell(sent, str(sent))
        value, text, form, fault, mark = sent
        if mark:
            value = (dt.datetime if mark == "t" else dt.date).fromisoformat(value)
        return Cell(value, text, self.formats[form], fault)


def receive(lines: Iterable[bytes], file: str) -> Book:
    """Build the book from the lines of a `Writer`.

    Raises the GeoError that the reading process sent, with the file's name, and
    `file_too_demanding` if the lines end before the book does.
    """
    cells, sheets, shapes = _Cells(), list[dict[str, Any]](), dict[int, bytes]()
    kind, date1904 = "", False
    for message in _messages(lines):
        if isinstance(message, list):
            sheets[-1]["rows"] += _rows(message, sheets[-1]["rows"], cells)
        elif "format" in message:
            cells.formats.append(message["format"])
        elif "shape" in message:
            shapes[message["row"]] = bytes.fromhex(message["shape"])
        elif "sheet" in message:
            sheets.append({"name": message["sheet"], "hidden": message["hidden"], "rows": []})
        elif "merged" in message:
            sheets[-1]["merged"] = tuple(tuple(area) for area in message["merged"])
        elif "columns" in message:
            sheets[-1]["hidden_columns"] = tuple(tuple(area) for area in message["columns"])
        elif "date1904" in message:
            date1904 = True
        elif "kind" in message:
            kind = message["kind"]
        elif "error" in message:
            raise GeoError(message["error"], **{"file": file, **message["details"]})
        elif "end" in message:
            made = tuple(Sheet(**{**sheet, "rows": tuple(sheet["rows"])}) for sheet in sheets)
            return Book(file, kind, made, _shapes(shapes), date1904)
    raise GeoError("file_too_demanding", file=file)


def _messages(lines: Iterable[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # the process ended in the middle of a line
            return


def _rows(sent: list[Any], before: list[Row], cells: _Cells) -> list[Row]:
    number, hidden, *values = sent
    blank = [Row(gap, ()) for gap in range(len(before) + 1, number)]
    return [*blank, Row(number, tuple([cells.make(value) for value in values]), bool(hidden))]


def _shapes(shapes: dict[int, bytes]) -> dict[int, object]:
    if not shapes:
        return {}
    import shapely  # only vector files pay for it

    return dict(zip(shapes, shapely.from_wkb(list(shapes.values())), strict=True))
