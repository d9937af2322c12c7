"""The one table that every download is written from, and the one place where its text is made safe.

A format's own module adds only what that format needs: an apostrophe in CSV, a cut in Excel.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral, Real
from typing import Literal, get_args

import pandas as pd

from geo.errors import GeoError

Kind = Literal["text", "int", "money_wan", "land_m2", "date", "percent", "coordinate", "number"]
Lang = Literal["zh", "en"]
Cell = str | int | float | None
KINDS: tuple[Kind, ...] = get_args(Kind)
NUMERIC: frozenset[Kind] = frozenset(
    {"int", "money_wan", "land_m2", "percent", "coordinate", "number"}
)
UNITS: Mapping[Kind, Mapping[Lang, str]] = {
    "money_wan": {"zh": "万元", "en": "CNY 10,000"},
    "land_m2": {"zh": "平方米", "en": "m²"},
    "percent": {"zh": "%", "en": "%"},
}

# Tab and newline are text; the other C0 and C1 controls and U+FFFE/F are refused by XML readers.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_RESERVED_NAME = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_EXACT_INT = 10**15  # a spreadsheet number holds 15 digits


@dataclass(frozen=True)
class Column:
    """Describe a column: stable id, headings in both languages, kind of its values."""

    id: str
    zh: str
    en: str
    kind: Kind = "text"

    def heading(self, lang: Lang) -> str:
        """Return the heading with the unit of its kind, unless the label already names it."""
        label = clean(self.zh if lang == "zh" else self.en) or self.id
        unit = UNITS.get(self.kind, {}).get(lang, "")
        if not unit or unit in label:
            return label
        return f"{label}（{unit}）" if lang == "zh" else f"{label} ({unit})"


@dataclass(frozen=True)
class Wording:
    """Hold the few words that a writer adds itself; the caller gives them in the user's language.

    `cut_note` has the placeholders {count} and {limit}.
    """

    notes_sheet: str = "说明 Notes"
    cut_mark: str = " […]"
    cut_note: str = "[…] {count} × > {limit} 字符 characters"


@dataclass(frozen=True)
class Table:
    """Hold the rows on screen in their order, with labels already in the display language.

    `rows` has one value per column; money is integer 万元, land m², percent is 0–100, coordinates are
    WGS-84 degrees, dates are ISO text (YYYY, YYYY-MM or YYYY-MM-DD) or dates; None is unknown.
    `sample_rows` are the positions of rows that are samples. Raises GeoError `table.no_columns`,
    `table.duplicate_column`, `table.unknown_kind`, `table.row_width`, `table.sample_row`.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    notes: Sequence[str] = ()
    sample_rows: AbstractSet[int] = frozenset()
    lang: Lang = "zh"
    wording: Wording = field(default_factory=Wording)

    def __post_init__(self) -> None:
        if not self.columns:
            raise GeoError("table.no_columns")
        seen: set[str] = set()
        for column in self.columns:
            if column.id in seen:
                raise GeoError("table.duplicate_column", column=column.id)
            if column.kind not in KINDS:
                raise GeoError("table.unknown_kind", column=column.id, read=column.kind)
            seen.add(column.id)
        width = len(self.columns)
        for number, row in enumerate(self.rows):
            if len(row) != width:
                raise GeoError("table.row_width", row=number, read=len(row), expected=width)
        for number in self.sample_rows:
            if not 0 <= number < len(self.rows):
                raise GeoError("table.sample_row", row=number, expected=len(self.rows))

    @cached_property
    def cells(self) -> list[tuple[Cell, ...]]:
        """Return the rows as plain clean values, the same for every format."""
        kinds = [column.kind for column in self.columns]
        return [
            tuple(plain(value, kind) for value, kind in zip(row, kinds, strict=True))
            for row in self.rows
        ]

    @cached_property
    def headings(self) -> list[str]:
        """Return the column headings in the table's language, units included."""
        return [column.heading(self.lang) for column in self.columns]

    @cached_property
    def clean_title(self) -> str:
        """Return the title on one line."""
        return " ".join(clean(self.title).split())

    @cached_property
    def clean_notes(self) -> list[str]:
        """Return the notes without characters that a reader would refuse."""
        return [clean(note) for note in self.notes]


def clean(value: object) -> str:
    """Return text that every format can hold: no control characters, no lone surrogates, LF only.

    Nothing else changes: markup, formulas and templates stay as they were written.
    """
    text = str(value)
    if text.isprintable():  # has neither controls nor surrogates
        return text
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(value: object, kind: Kind) -> Cell:
    """Return a value as text, int, float or None by the kind of its column.

    A value that does not fit its numeric column stays readable as text.
    """
    if isinstance(value, str):
        return clean(value) or None
    if _missing(value):
        return None
    if isinstance(value, dt.datetime):  # pandas' Timestamp is one
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    if kind in NUMERIC and isinstance(value, Real) and not isinstance(value, bool):
        return _number(value, kind)
    return clean(value) or None


def _missing(value: object) -> bool:
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, Real) and math.isnan(float(value))


def _number(value: Real, kind: Kind) -> Cell:
    if isinstance(value, Integral):
        whole = int(value)
        return whole if abs(whole) <= _EXACT_INT else str(whole)
    real = float(value)
    if not math.isfinite(real):
        return str(real)
    if kind == "coordinate":
        return round(real, 6)
    # A column with gaps is float in pandas; its whole numbers are whole again here.
    return int(real) if real.is_integer() and abs(real) <= _EXACT_INT else real


def utf16_length(text: str) -> int:
    """Count as Excel counts: a character beyond the basic plane is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int, *, mark: str = "") -> str:
    """Return the text, shortened to `limit` UTF-16 units, mark included, where it is longer."""
    if utf16_length(text) <= limit:
        return text
    room = 2 * (limit - utf16_length(mark))
    kept = text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore")
    return kept + mark


def safe_filename(title: str, ext: str, *, fallback: str = "export") -> str:
    """Return a file name that any system takes, at most 150 UTF-8 bytes; Chinese stays.

    Path separators, reserved and invisible characters (direction overrides too) go away.
    """
    shown = (" " if c.isspace() else c for c in unicodedata.normalize("NFC", clean(title)))
    kept = "".join(c for c in shown if unicodedata.category(c) not in _INVISIBLE)
    stem = re.sub(r'[<>:"/\\|?*\s]+', "_", kept).strip("._ -~")
    stem = stem.encode()[:140].decode(errors="ignore").rstrip("._ ")
    if not stem or _RESERVED_NAME.fullmatch(stem):
        stem = f"{fallback}_{stem}".rstrip("_")
    suffix = re.sub(r"[^a-z0-9]", "", ext.lower())[:8]
    return f"{stem}.{suffix}" if suffix else stem
