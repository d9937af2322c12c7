"""Find the tables of a sheet: where the heading is, what each column means and in which unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from geo.errors import GeoError
from geo.exchange.reading.grid import Sheet
from geo.intake import headings, land, lines
from geo.intake.columns import LEFT_OUT, Column, is_marks, is_unit_line, read_columns
from geo.intake.dates import PLAIN, DateStyle
from geo.intake.faults import Fault
from geo.intake.headings import FOREIGN
from geo.intake.lexicon import Lexicon
from geo.intake.lines import Line
from geo.intake.text import fold, key

MAX_LEVELS = 4
MAX_HEADING = 60
FOOT = 6  # last lines of a sheet in which a note about coordinates is looked for
_SEARCHED = 200  # rows of a sheet without 项目名称 in which a heading is still looked for
_ABOUT_PLACES = re.compile(r"坐标|经纬|datum|crs", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Hold one table: its columns, its body, what the lines above it state, and its own faults.

    `hidden` are the hidden columns among those that are read, from 0.
    """

    sheet: str
    columns: tuple[Column, ...]
    body: tuple[Line, ...]
    unit: str
    datum: str
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    hidden: frozenset[int] = frozenset()
    area: str = ""  # the unit of land, as `unit` is that of money
    style: DateStyle = PLAIN

    def column(self, field: str) -> Column | None:
        """Return the column of a field, if the table has one."""
        return self.by_field.get(field)

    @cached_property
    def by_field(self) -> Mapping[str, Column]:
        """The columns that are read, by their fields."""
        return {c.field: c for c in self.columns if c.field}


def tables(
    sheet: Sheet, lexicon: Lexicon, *, mapping: Mapping[str, str] | None = None
) -> list[Table]:
    """Find every table of a sheet, top down; a sheet without one gives an empty list.

    `mapping`: heading as in the file → field, "" to leave the column out; it goes before the
    synonyms. A heading is the first row with the project's name and another known heading,
    else one with three known headings; rows of groups, parts and units belong to it.
    Errors: `import.field_unknown` (read), `import.merged_too_many`.
    """
    words = {key(heading): field for heading, field in (mapping or {}).items()}
    unknown = [field for field in words.values() if field and field not in lexicon.headings]
    if unknown:
        raise GeoError("import.field_unknown", read=unknown[0])
    all_lines = lines.read(sheet)
    found = list(_headings(all_lines, lexicon, words))
    made = []
    for number, (top, bottom, columns) in enumerate(found):
        after = found[number + 1][0] if number + 1 < len(found) else len(all_lines)
        before = all_lines[:top] if number == 0 else all_lines[found[number - 1][1] + 1 : top]
        before = [*before, *(line for line in all_lines[top : bottom + 1] if is_unit_line(line))]
        body = tuple(all_lines[bottom + 1 : after])
        made.append(_table(sheet.name, columns, body=body, above=before, lexicon=lexicon))
    return [_inherit(made[0], replace(t, hidden=_hidden(sheet, t))) for t in made] if made else []


def _hidden(sheet: Sheet, table: Table) -> frozenset[int]:
    read = {column.index for column in table.columns if column.field}
    spans = sheet.hidden_columns
    return frozenset(i for i in read if any(low <= i + 1 <= high for low, high in spans))


def datum_stated(texts: Iterable[str]) -> str:
    """Return the one datum that lines about coordinates name, "both" for several, or ""."""
    found = {headings.datum_in(text) for text in texts if _ABOUT_PLACES.search(text)} - {""}
    return found.pop() if len(found) == 1 else "both" if found else ""


def _headings(
    all_lines: Sequence[Line], lexicon: Lexicon, words: Mapping[str, str]
) -> Iterator[tuple[int, int, list[Column]]]:
    """Yield first and last line of each heading with its columns."""
    names = {k for k, field in {**lexicon.certain, **words}.items() if field == "name"}
    at, found = 0, False
    while at < len(all_lines):
        if _has_name(all_lines[at], names, lexicon, words):
            top, bottom = _extent(all_lines, at, lexicon, words)
            columns = read_columns(all_lines[top : bottom + 1], lexicon, words)
            if len(_certain(columns)) >= 2:
                yield top, bottom, columns
                at, found = bottom, True
        at += 1
    if not found:
        yield from _nameless(all_lines, lexicon, words)


def _has_name(line: Line, names: set[str], lexicon: Lexicon, words: Mapping[str, str]) -> bool:
    for column in line.own:
        value = line.cells[column].value
        if isinstance(value, str) and 0 < len(value) <= MAX_HEADING:
            short = key(value)
            if short in names:
                return True
            # Brackets and marks inside the heading: 项目名称（全称）.
            if "名称" in value and headings.read((value,), lexicon).field == "name":
                return short not in words
    return False


def _nameless(
    all_lines: Sequence[Line], lexicon: Lexicon, words: Mapping[str, str]
) -> Iterator[tuple[int, int, list[Column]]]:
    for at, line in enumerate(all_lines[:_SEARCHED]):
        texts = [line.text(column) for column in line.own]
        if len(texts) < 3 or any(len(text) > MAX_HEADING for text in texts):
            continue
        top, bottom = _extent(all_lines, at, lexicon, words)
        columns = read_columns(all_lines[top : bottom + 1], lexicon, words)
        # A makeshift heading of the names (项目) does where two others leave no doubt.
        named = any(column.field == "name" for column in columns)
        if len(_certain(columns)) >= (2 if named else 3):
            yield top, bottom, columns
            return


def _certain(columns: Sequence[Column]) -> set[str]:
    return {c.field for c in columns if c.field and not c.reading.weak}


def _extent(
    all_lines: Sequence[Line], at: int, lexicon: Lexicon, words: Mapping[str, str]
) -> tuple[int, int]:
    """Return the first and last line of the heading that the line `at` belongs to."""
    top = bottom = at
    while top > 0 and at - top < 2 and _is_group(all_lines[top - 1], all_lines[at]):
        top -= 1
    while bottom + 1 < len(all_lines) and bottom - top + 1 < MAX_LEVELS + 1:
        block = all_lines[top : bottom + 2]
        if not (_is_level(block, lexicon, words) or is_marks(all_lines[bottom + 1])):
            break
        bottom += 1
    return top, bottom


def _is_group(line: Line, heading: Line) -> bool:
    """Tell whether a line names groups of the columns below it: 投资情况（万元） over three."""
    texts = [line.text(column) for column in line.own]
    if len(texts) < 2 or any(":" in fold(text) or len(text) > MAX_HEADING for text in texts):
        return False
    if any(not isinstance(line.cells[column].value, str) for column in line.own):
        return False
    wide = bool(line.across) or len(texts) <= len(heading.own) // 2
    return wide and all(heading.text(column).strip() for column in line.own)


def _is_level(block: Sequence[Line], lexicon: Lexicon, words: Mapping[str, str]) -> bool:
    """Tell whether the last line of a block is a lower level of the heading above it."""
    line, above = block[-1], block[-2]
    if not line.own or any(not isinstance(line.cells[c].value, str) for c in line.own):
        return False
    names = [c.index for c in read_columns(block[:-1], lexicon, words) if c.field == "name"]
    if any(not lines.is_blank(line.cell(c)) and c not in line.down for c in names):
        return False
    if names and all(c in line.down for c in names):
        return True  # the name's heading is merged over this row
    under = [c for c in line.own if above.text(c).strip() or _left(above, c)]
    known = [c for c in read_columns(block, lexicon, words) if c.field and c.index in line.own]
    wide = any(c in above.across or c in above.across.values() for c in line.own)
    return len(under) == len(line.own) and bool(known) and (wide or len(line.own) >= 2)


def _left(line: Line, column: int) -> str:
    """Return the nearest text at or left of a column: the group of a heading that is not merged."""
    return next((line.text(c) for c in range(column, -1, -1) if line.text(c).strip()), "")


def _table(
    sheet: str,
    columns: list[Column],
    *,
    body: tuple[Line, ...],
    above: Sequence[Line],
    lexicon: Lexicon,
) -> Table:
    kept, errors, warnings = _resolve(sheet, columns, lexicon)
    texts = [line.text(c) for line in above for c in line.own]
    unit = "/".join(
        sorted({u for text in texts for u in headings.unit_stated(text).split("/") if u})
    )
    foot = [line.text(c) for line in body[-FOOT:] if len(line.own) <= 2 for c in line.own]
    area = "/".join(sorted({u for text in texts for u in land.unit_stated(text).split("/") if u}))
    datum = datum_stated(texts) or headings.datum_in(sheet) or datum_stated(foot)
    headed = {c.index for c in columns}
    bare = sorted({c for line in body for c in line.own} - headed)
    if bare:
        letters = ", ".join(letter(c) for c in bare)
        row = columns[0].row
        warnings.append(Fault(row, None, "column_unnamed", {"columns": letters}, sheet))
    return Table(sheet, tuple(kept), body, unit, datum, tuple(errors), tuple(warnings), area=area)


def letter(index: int) -> str:
    """Return a column's letters as the spreadsheet shows them; 0 is A."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name = chr(65 + rest) + name
        index -= 1
    return name


def _resolve(
    sheet: str, columns: list[Column], lexicon: Lexicon
) -> tuple[list[Column], list[Fault], list[Fault]]:
    """Settle which column is read for each field, and say which are not read and why."""
    errors: list[Fault] = []
    warnings: list[Fault] = []
    by_field: dict[str, list[Column]] = {}
    for column in columns:
        by_field.setdefault(column.field, []).append(column)
    for column in by_field.pop("", []):
        code = "column_monthly" if column.reading.monthly else "column_unrecognised"
        if column.kind != LEFT_OUT:
            warnings.append(_fault(sheet, column, code))
    kept: list[Column] = []
    for field, rivals in by_field.items():
        strong = [c for c in rivals if not c.reading.weak]
        chosen = strong or rivals
        if len(chosen) > 1 and lexicon.headings[field].kind != "skip":
            errors.append(_ambiguous(sheet, chosen, lexicon))
        elif not strong:
            warnings.append(_weak(sheet, chosen[0], lexicon))
        unused = [c for c in rivals if strong and c.reading.weak]
        warnings += [_fault(sheet, c, "column_not_used", other=strong[0].heading) for c in unused]
        kept.append(chosen[0])
    errors += [f for c in kept if c.kind in ("money", "land") for f in _unit_faults(sheet, c)]
    return kept, errors, warnings


def _ambiguous(sheet: str, rivals: Sequence[Column], lexicon: Lexicon) -> Fault:
    """Name the columns that are one field; `columns` are those that a mapping can tell apart."""
    texts = [column.heading for column in rivals]
    apart = len({key(text) for text in texts}) == len(texts)
    details = {
        "headings": "”“".join(texts),
        "field": lexicon.headings[rivals[0].field].title["zh"],
        "id": rivals[0].field,
        "columns": tuple(texts) if apart else (),
    }
    return _fault(sheet, rivals[1], "column_ambiguous", **details)


def _weak(sheet: str, column: Column, lexicon: Lexicon) -> Fault:
    return _fault(sheet, column, "column_weak", field=lexicon.headings[column.field].title["zh"])


def _unit_faults(sheet: str, column: Column) -> Iterator[Fault]:
    known = land.UNITS if column.kind == "land" else headings.YUAN
    if column.kind == "money" and FOREIGN in column.unit.split("/"):
        yield _fault(sheet, column, "money_currency", read=column.heading)
    elif column.unit and column.unit not in known and column.kind == "land":
        yield _fault(sheet, column, "land_unit_conflict", read=column.unit)
    elif column.unit and column.unit not in known:
        yield _fault(sheet, column, "unit_conflict", read=column.unit)


def _fault(sheet: str, column: Column, code: str, **details: object) -> Fault:
    return Fault(column.row, column.heading, code, details, sheet, column.index + 1)


def _inherit(first: Table, table: Table) -> Table:
    """Let a second table of a sheet keep the units and the datum stated above the first."""
    unit, area = table.unit or first.unit, table.area or first.area
    return replace(table, unit=unit, area=area, datum=table.datum or first.datum)
