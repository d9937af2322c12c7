"""Read a .csv: its encoding proved, not guessed, and its delimiter found by equal rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from geo.errors import GeoError
from geo.exchange.formula import unguard
from geo.exchange.reading.wire import Raw, Writer

DELIMITERS = (",", "\t", ";")
_SAMPLE_ROWS = 200
_END = "\x1c"  # cannot stand in a text that was accepted
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_AS_TEXT = re.compile(r'="([^"]*)"')
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LONGEST = 100_000_000  # above every file; `Writer` has the limit of a cell
_NOT_CHINESE = 0.5  # real Chinese is above 0.95 in the characters of GB 2312


def read(path: Path, writer: Writer) -> None:
    """Write the file as one sheet of texts; a row is a record, as a spreadsheet counts it.

    Raises GeoError `file_encoding_unknown`, `file_not_text`, `file_quote_open` and what `Writer`
    raises.
    """
    text = decode(path.read_bytes())
    csv.field_size_limit(_LONGEST)
    declared = _DECLARED.match(text)
    delimiter = declared[1] if declared else find_delimiter(text)
    # Excel takes the line `sep=;` for itself and does not show it, so it is no row.
    body = text[declared.end() :] if declared else text
    writer.sheet(path.stem)
    for number, record in enumerate(_records(body, delimiter), start=1):
        writer.row(number, [_cell(value) for value in record])


def decode(data: bytes) -> str:
    """Decode by mark, else as strict UTF-8, else as strict GB 18030; UTF-16 unmarked if certain.

    Raises GeoError `file_encoding_unknown` or `file_not_text`.
    """
    text = _decode(data).removeprefix("\ufeff")
    fault = _CONTROL.search(text)
    if fault:
        raise GeoError("file_not_text", row=text.count("\n", 0, fault.start()) + 1)
    return text


def _decode(data: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, ""),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return _strict(data, (encoding,))
    if b"\0" in data:
        return _unmarked_utf16(data)
    return _strict(data, ("utf-8", "gb18030"))


def _strict(data: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = data.decode(encoding) if encoding else ""
        except UnicodeDecodeError:
            continue
        if encoding and (encoding != "gb18030" or _is_chinese(text)):
            return text
    raise GeoError("file_encoding_unknown")


def _is_chinese(text: str) -> bool:
    """Other encodings often decode as GB 18030 too, but into characters that nobody writes."""
    foreign = [char for char in text if char > "\x7f"]
    common = len("".join(foreign).encode("gb2312", errors="ignore")) / 2
    return common >= _NOT_CHINESE * len(foreign)


def _unmarked_utf16(data: bytes) -> str:
    """Accept UTF-16 without a mark only if one byte order gives a text and the other does not."""
    found = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        ends = "\n" in text and any(delimiter in text for delimiter in DELIMITERS)
        if ends and not _CONTROL.search(text) and _is_chinese(text):
            found.append(text)
    if len(found) != 1:
        raise GeoError("file_encoding_unknown")
    return found[0]


def find_delimiter(text: str) -> str:
    """Return the delimiter by which most of the first rows have one width above one.

    Commas go before tabs and tabs before semicolons where they do equally well.
    """
    return max(DELIMITERS, key=lambda delimiter: _agreement(text, delimiter))


def _agreement(text: str, delimiter: str) -> float:
    widths: Counter[int] = Counter()
    for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        if number == _SAMPLE_ROWS:
            break
        if any(record):
            widths[len(record)] += 1
    whole = sum(widths.values())
    return max((count / whole for width, count in widths.items() if width > 1), default=0.0)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the records; a quote that is never closed would swallow the mark at the end."""
    ended = text if text.endswith(("\n", "\r")) else f"{text}\n"
    reader = csv.reader(io.StringIO(f"{ended}{_END}\n", newline=""), delimiter=delimiter)
    for number, record in enumerate(reader, start=1):
        if record == [_END]:
            return
        if record and record[-1].rstrip("\r\n").endswith(_END):
            raise GeoError("file_quote_open", row=number)
        yield record


def _cell(value: str) -> Raw:
    if not value:
        return None
    shown = _AS_TEXT.fullmatch(value)  # ="00123" keeps the zeros in a spreadsheet
    return shown[1] if shown else unguard(value)
