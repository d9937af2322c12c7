"""Read a whole file: every sheet, table and row, and everything that is wrong with them, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import shapely

from geo import crs
from geo.errors import GeoError
from geo.exchange.reading.grid import Book, Sheet
from geo.intake import cells, dates, headers, lines, places, rows, whole
from geo.intake.cells import Report, RowReader
from geo.intake.columns import Column
from geo.intake.faults import Fault, Intake, Record
from geo.intake.headers import Table
from geo.intake.headings import datum_in
from geo.intake.lexicon import Lexicon
from geo.intake.lines import Line
from geo.intake.names import county_at_start
from geo.intake.text import name_key

Progress = Callable[[float], None]
STEP = 200
MONEY = ("invest_wan", "plan_wan", "done_wan")
_AS_WRITTEN = 1e-6  # degrees; files have six decimals
_SOFT = frozenset({"coordinate_at_sea", "coordinate_near_border"})


@dataclass
class _Found:
    """Hold a record with the table it came from, while faults are still being looked for."""

    record: Record
    table: Table
    fields: dict[str, object]
    line: Line


@dataclass
class _State:
    lexicon: Lexicon
    datum: str = ""  # as a sheet of instructions states it
    progress: Progress | None = None
    report: Report = field(default_factory=Report)
    found: list[_Found] = field(default_factory=list)

    def step(self, rows_: int) -> None:
        """Say how much of a table has been read, now and then."""
        if self.progress and len(self.found) % STEP == 0:
            self.progress(min(1.0, len(self.found) / rows_))


def read(
    book: Book,
    lexicon: Lexicon,
    *,
    mapping: Mapping[str, str] | None = None,
    datum: str | None = None,
    progress: Progress | None = None,
) -> Intake:
    """Read every table of a file into records, with all faults in the order of sheet, row, column.

    `mapping`: heading → field, "" leaves a column out. `datum` (wgs84, gcj02, bd09) is that of
    coordinates whose file declares none. `progress` is told the part read, 0 to 1. Errors: `import.field_unknown` (read),
    `crs.unknown_datum` (read, expected); what is wrong in the file is returned, not raised.
    """
    if datum and datum not in places.DATUMS:
        raise GeoError("crs.unknown_datum", read=datum, expected=", ".join(places.DATUMS))
    # The reading has moved the shapes of a vector file to WGS-84.
    state = _State(lexicon, datum="wgs84" if book.geometries else "", progress=progress)
    written = book.kind == "csv"  # as text, with a mark between cells that may be one in a number
    style = dates.DateStyle(date1904=book.date1904, shown=written)
    for table in _tables(book, state, mapping or {}):
        table = replace(table, datum=table.datum or state.datum, style=style)
        _read_table(table, state, datum=datum or "")
    _geometries(book, state)
    if datum and datum != "wgs84" and book.geometries:
        given, used = places.DATUMS[datum], places.DATUMS["wgs84"]
        sheet = book.sheets[0].name
        state.report.warn(sheet, None, None, "datum_differs", given=given, used=used)
    if not state.found and not state.report.errors:
        state.report.errors.append(Fault(None, None, "no_rows"))
    if len(state.found) > lexicon.rows:
        details = {"read": len(state.found), "expected": lexicon.rows}
        state.report.errors.append(Fault(None, None, "too_many_rows", details))
    _positions(state)
    _crosschecks(state)
    _duplicates(state)
    order = {sheet.name: number for number, sheet in enumerate(book.sheets)}
    return Intake(
        records=tuple(found.record for found in state.found),
        errors=_sorted(state.report.errors, order),
        warnings=_sorted(state.report.warnings, order),
    )


def _sorted(faults: Iterable[Fault], order: Mapping[str, int]) -> tuple[Fault, ...]:
    def place(fault: Fault) -> tuple[int, int, int]:
        sheet = order.get(fault.sheet or "", -1)
        return sheet, fault.row or 0, fault.position or 0

    return tuple(sorted(faults, key=place))


def _tables(book: Book, state: _State, mapping: Mapping[str, str]) -> list[Table]:
    """Find the tables of all sheets; say which sheets are passed over, and why."""
    named: list[Table] = []
    nameless: list[Table] = []
    for sheet in book.sheets:
        if sheet.name in state.lexicon.own_sheets or not _has_content(sheet):
            continue
        if sheet.hidden:
            state.report.warn(sheet.name, None, None, "sheet_hidden")
            continue
        found = headers.tables(sheet, state.lexicon, mapping=mapping)
        with_name = [table for table in found if table.column("name")]
        named += with_name
        nameless += [] if with_name else found
        if not found:
            state.report.warn(sheet.name, None, None, "sheet_without_table")
            texts = [c.value for row in sheet.rows for c in row.cells if isinstance(c.value, str)]
            stated = headers.datum_stated(texts)
            state.datum = state.datum or ("" if stated == "both" else stated)
    if named:
        for table in nameless:
            state.report.warn(table.sheet, None, None, "sheet_without_table")
        return named
    if not nameless:
        state.report.errors.append(Fault(None, None, "no_table"))
        state.report.warnings.clear()
    return nameless


def _has_content(sheet: Sheet) -> bool:
    return any(not lines.is_blank(cell) for row in sheet.rows for cell in row.cells)


def _read_table(table: Table, state: _State, *, datum: str) -> None:
    lexicon, report = state.lexicon, state.report
    report.errors += table.errors
    report.warnings += table.warnings
    kinds = [(line, rows.kind(line, table, lexicon)) for line in table.body]
    projects = tuple(line for line, kind in kinds if kind == "project")
    around = county_at_start(table.sheet, lexicon)
    sections = {rows.section_county(line, lexicon) for line, kind in kinds if kind == "section"}
    if not _complete(table, state, spoken=bool(sections - {None}) or around is not None):
        return
    reader = RowReader(table, lexicon, report, datum, projects)
    section = around
    before = len(state.found)
    for line, kind in kinds:
        if kind == "title":
            name = table.column("name")
            read_ = line.text(name.index) if name else ""
            report.warn(table.sheet, line.number, name, "row_as_section", read=read_)
        elif kind == "section":
            section = rows.section_county(line, lexicon) or section
        elif kind == "project":
            _read_row(line, reader, state, section=section)
            state.step(len(projects))
    whole.of_the_columns(reader, table, report)
    whole.hidden(table, projects, report)
    if table.style.shown:
        whole.too_wide(table, projects, report)
    _totals(table, [line for line, kind in kinds if kind == "total"], state.found[before:], report)


def _complete(table: Table, state: _State, *, spoken: bool) -> bool:
    """Report required columns that are missing; a county may come from an address or a section."""
    complete = True
    lon, lat = table.column("lon"), table.column("lat")
    if (alone := lon or lat) and not (lon and lat):
        state.report.error(table.sheet, alone.row, alone, "column_half")
    for heading in state.lexicon.headings.values():
        if not heading.required or table.column(heading.id):
            continue
        if heading.id == "county" and (spoken or table.column("place")):
            code = "county_from_section" if spoken else "county_from_place"
            state.report.warn(table.sheet, None, None, code)
            continue
        names = "、".join(heading.synonyms[:6])
        details = {"field": heading.title["zh"], "expected": names}
        state.report.error(table.sheet, None, None, "column_missing", **details)
        complete = False
    return complete


def _read_row(line: Line, reader: RowReader, state: _State, *, section: str | None) -> None:
    report, table = reader.report, reader.table
    errors = len(report.errors)
    fields = reader.read(line, section=section)
    wrong = {fault.position for fault in report.errors[errors:]}
    for required in (h for h in state.lexicon.headings.values() if h.required):
        if fields.get("id") and required.id != "name":
            continue  # which project it is, is said; if it is none, the comparison asks
        column = table.column(required.id)
        position = column.index + 1 if column else None
        if fields.get(required.id) is None and (column is None or position not in wrong):
            at = column or (table.column("place") if required.id == "county" else None)
            if at is None or at.index + 1 not in wrong:
                title = required.title["zh"]
                report.error(table.sheet, line.number, at, "value_missing", field=title)
    if fields.get("lon") is not None and not fields.get("precision"):
        fields["precision"] = "site"
    record = Record(line.number, table.sheet, fields)
    state.found.append(_Found(record, table, fields, line))


def _totals(table: Table, totals: list[Line], found: Sequence[_Found], report: Report) -> None:
    """Compare the table's one grand total with what was read; its own rounding is allowed for."""
    grand = [line for line in totals if rows.is_grand_total(line)]
    if len(grand) != 1 or not found:
        return
    wrong = {fault.position for fault in report.errors if fault.sheet == table.sheet}
    for column in table.columns:
        if column.field not in MONEY or column.index + 1 in wrong:
            continue
        stated = cells.total_of(grand[0].cell(column.index), column, table)
        amounts = [f.fields.get(column.field) for f in found]
        added = sum(amount for amount in amounts if isinstance(amount, int))
        if stated is not None and abs(stated - added) > len(found):
            details = {"read": f"{stated:,}", "added": f"{added:,}"}
            report.warn(table.sheet, grand[0].number, column, "total_differs", **details)


def _geometries(book: Book, state: _State) -> None:
    """Take the points of a vector file as coordinates; another shape is kept as it is."""
    for found in state.found:
        shape = book.geometries.get(found.line.number)
        if not isinstance(shape, shapely.Geometry) or shape.is_empty:
            continue
        if _is_symbol(found.fields, shape, state.lexicon):
            continue
        shape = _as_stated(shape, found, state)
        if shape.geom_type == "Point":
            found.fields["lon"], found.fields["lat"] = float(shape.x), float(shape.y)
            found.fields["precision"] = found.fields.get("precision") or "site"
        else:
            found.fields["shape"] = shape


def _as_stated(shape: shapely.Geometry, found: _Found, state: _State) -> shapely.Geometry:
    """Move a shape from the datum that the feature itself names, which the file's does not overrule."""
    column = found.table.column("datum")
    read_ = found.line.text(column.index) if column else ""
    if column is None or not read_.strip():
        return shape
    stated = datum_in(read_)
    if stated not in places.DATUMS:
        row = found.line.number
        state.report.error(found.table.sheet, row, column, "datum_unsupported", read=read_)
        return shape
    return crs.shift_geometry(shape, "wgs84", source=stated)  # type: ignore[arg-type]


def _is_symbol(fields: Mapping[str, object], shape: shapely.Geometry, lexicon: Lexicon) -> bool:
    """Tell whether a point is only where the map draws a project without a place of its own.

    One that somebody has moved from there is a position.
    """
    vague = fields.get("lon") is None and fields.get("precision") in ("park", "town", "county")
    if not vague or shape.geom_type != "Point":
        return False
    spots = (lexicon.spots.get(_text(fields.get(name)) or "") for name in ("park", "county"))
    return any(
        spot and abs(shape.x - spot[0]) <= _AS_WRITTEN and abs(shape.y - spot[1]) <= _AS_WRITTEN
        for spot in spots
    )


def _positions(state: _State) -> None:
    """Check where the points lie: in the city, in the stated county."""
    placed, lon, lat = [], [], []
    for found in state.found:
        if (spot := _spot(found.fields, state.lexicon)) is not None:
            placed.append(found)
            lon.append(spot[0])
            lat.append(spot[1])
    stated = [_text(f.fields.get("county")) for f in placed]
    verdicts = places.judge(lon, lat, stated, state.lexicon)
    for found, verdict in zip(placed, verdicts, strict=True):
        if verdict is None:
            continue
        code, details = verdict
        column = found.table.column("lon") or found.table.column("coordinate")
        # A line may be drawn roughly, through one county for a project of the next.
        rough = code == "coordinate_other_county" and found.fields.get("shape") is not None
        add = state.report.warn if code in _SOFT or rough else state.report.error
        add(found.table.sheet, found.line.number, column, code, **details)


def _spot(fields: Mapping[str, object], lexicon: Lexicon) -> tuple[float, float] | None:
    """Return the point whose place is checked: the coordinate, or where a shape is amiss."""
    shape = fields.get("shape")
    if isinstance(shape, shapely.Geometry):
        point = places.amiss(shape, _text(fields.get("county")), lexicon)
        return (point.x, point.y) if point else None
    lon, lat = fields.get("lon"), fields.get("lat")
    return None if lon is None or lat is None else (float(str(lon)), float(str(lat)))


def _crosschecks(state: _State) -> None:
    for found in state.found:
        fields, table, row = found.fields, found.table, found.line.number
        start, end = _text(fields.get("start_date")), _text(fields.get("end_date"))
        if start and end and dates.is_before(end, start):
            column = table.column("end_date") or table.column("span")
            state.report.error(table.sheet, row, column, "end_before_start", read=end, start=start)
        invest = fields.get("invest_wan")
        for field_ in ("plan_wan", "done_wan"):
            amount = fields.get(field_)
            if isinstance(invest, int) and isinstance(amount, int) and amount > invest:
                details = {"read": f"{amount:,}", "total": f"{invest:,}"}
                column = table.column(field_)
                state.report.warn(table.sheet, row, column, "above_total", **details)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _duplicates(state: _State) -> None:
    """Find codes, and names within a county, that stand in two rows."""
    by_code: dict[str, _Found] = {}
    by_name: dict[tuple[str, str], _Found] = {}
    for found in state.found:
        code, name = _text(found.fields.get("code")), _text(found.fields.get("name"))
        county = _text(found.fields.get("county"))
        first = by_code.setdefault(code, found) if code else found
        if first is not found:
            _twice(state, found, first, field_="code", code="duplicate_code")
            continue
        if not name or not county:
            continue
        first = by_name.setdefault((name_key(name), county), found)
        if first is found:
            continue
        other = _text(first.fields.get("code"))
        soft = bool(code and other)
        _twice(
            state,
            found,
            first,
            field_="name",
            code="duplicate_name_other_code" if soft else "duplicate_name",
        )


def _twice(state: _State, found: _Found, first: _Found, *, field_: str, code: str) -> None:
    column: Column | None = found.table.column(field_)
    other = str(first.line.number)
    if first.table.sheet != found.table.sheet:
        other = f"{first.table.sheet}!{other}"
    details = {"read": found.fields[field_], "first": other}
    soft = code == "duplicate_name_other_code"
    add = state.report.warn if soft else state.report.error
    add(found.table.sheet, found.line.number, column, code, **details)
