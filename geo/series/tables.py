"""Find the table of a sheet of metrics: its heading of one or two rows, and what each column says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo.exchange.reading.grid import Sheet
from geo.intake import headings, lines
from geo.intake.lines import Line
from geo.intake.text import clean
from geo.series import cells
from geo.series.cells import Head
from geo.series.words import Words

SEARCHED = 200  # rows of a sheet in which a heading is looked for


@dataclass(frozen=True)
class Table:
    """Hold a sheet's table: what each column says, by its number from 0, and what stands above."""

    sheet: str
    heads: Mapping[int, Head]
    texts: Mapping[int, str]
    body: tuple[Line, ...]
    above: Head
    row: int

    def column(self, name: str) -> int | None:
        """Return the number of the column of a field, if the table has one."""
        return next((i for i, found in self.heads.items() if found.field == name), None)

    @property
    def data(self) -> dict[int, Head]:
        """The columns that hold values: those named so, else each metric and each period."""
        found = {i: h for i, h in self.heads.items() if not h.field and (h.metric or h.period)}
        named = {i: h for i, h in self.heads.items() if h.field == "value"}
        return found | named


def find(sheet: Sheet, words: Words) -> Table | None:
    """Find the first table of a sheet, None where there is none; errors: `import.merged_too_many`."""
    all_lines = lines.read(sheet)
    for at, line in enumerate(all_lines[:SEARCHED]):
        heads = _heads(line, words)
        if not _is_heading(heads):
            continue
        bottom = at
        below = all_lines[at + 1] if at + 1 < len(all_lines) else None
        texts = {i: clean(line.text(i)) for i in range(len(line.cells))}
        if below is not None and _goes_on(heads, below, words):
            heads, texts, bottom = _joined(line, below, words), _paths(line, below), at + 1
        return Table(
            sheet=sheet.name,
            heads=_settled(heads),
            texts=texts,
            body=tuple(all_lines[bottom + 1 :]),
            above=_above(sheet.name, all_lines[:at], words),
            row=all_lines[bottom].number,
        )
    return None


def _heads(line: Line, words: Words) -> dict[int, Head]:
    return {
        i: cells.head(line.text(i), words) for i in range(len(line.cells)) if line.text(i).strip()
    }


def _is_heading(heads: Mapping[int, Head]) -> bool:
    fields = {found.field for found in heads.values()}
    has_place = "place" in fields or "unit" in fields
    has_data = any(found.metric or found.period for found in heads.values())
    return has_place and (has_data or {"metric", "value"} <= fields) and len(heads) > 1


def _goes_on(heads: Mapping[int, Head], below: Line, words: Words) -> bool:
    """Tell whether a line is the lower level of the heading above it, or its units."""
    places = [i for i, found in heads.items() if found.field in ("place", "period")]
    if not below.own or any(i in below.own for i in places):
        return False
    return all(not cells.head(below.text(i), words).empty for i in below.own)


def _joined(line: Line, below: Line, words: Words) -> dict[int, Head]:
    upper, lower = _heads(line, words), _heads(below, words)
    for i in range(len(line.cells)):  # a group that is not merged stands over what is at its right
        if i not in upper and i in lower and i - 1 in upper and not upper[i - 1].field:
            upper[i] = upper[i - 1]
    return {i: upper.get(i, Head()) | lower.get(i, Head()) for i in {*upper, *lower}}


def _paths(line: Line, below: Line) -> dict[int, str]:
    width = max(len(line.cells), len(below.cells))
    both = {i: (clean(line.text(i)), clean(below.text(i))) for i in range(width)}
    return {i: "/".join(dict.fromkeys(filter(None, texts))) for i, texts in both.items()}


def _settled(heads: Mapping[int, Head]) -> dict[int, Head]:
    """单位 is the place of a table that has no other, else the unit of the values."""
    fields = {found.field for found in heads.values()}
    if "place" in fields:
        return dict(heads)
    return {i: replace(h, field="place") if h.field == "unit" else h for i, h in heads.items()}


def _above(sheet: str, before: Sequence[Line], words: Words) -> Head:
    """Return the period and the unit that a title, a line above the table or the sheet's name say."""
    texts = [sheet, *(line.text(i) for line in before for i in line.own)]
    found = [cells.head(text, words) for text in texts]
    when = {head.period for head in found} - {""}
    stated = {head.unit for head in found} | {headings.unit_stated(text) for text in texts}
    stated -= {""}
    return Head(
        period=when.pop() if len(when) == 1 else "",
        unit=stated.pop() if len(stated) == 1 else "",
    )
