"""One project's row turned into fields, with a fault for every cell that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from geo.exchange.reading.grid import UNCACHED, Cell
from geo.intake import dates, land, names, places, values
from geo.intake.columns import Column
from geo.intake.faults import Fault, Note, Refused
from geo.intake.headers import Table
from geo.intake.headings import YUAN, datum_in
from geo.intake.lexicon import Lexicon
from geo.intake.lines import Line, is_blank, text_of
from geo.intake.text import fold

Found = tuple[object, list[Note]]
_POSITION = frozenset({"lon", "lat", "coordinate", "datum"})
_APART = _POSITION | {"county", "park", "progress", "span", "started"}


@dataclass
class Report:
    """Gather faults while rows are read."""

    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def error(
        self, sheet: str, row: int | None, column: Column | None, code: str, **details: object
    ) -> None:
        """Add an error at a row and column, either of which may be unknown."""
        self.errors.append(_fault(sheet, row, column, code, details))

    def warn(
        self, sheet: str, row: int | None, column: Column | None, code: str, **details: object
    ) -> None:
        """Add a warning at a row and column, either of which may be unknown."""
        self.warnings.append(_fault(sheet, row, column, code, details))


def _fault(
    sheet: str, row: int | None, column: Column | None, code: str, details: Mapping[str, object]
) -> Fault:
    heading = column.heading if column else None
    return Fault(row, heading, code, details, sheet, column.index + 1 if column else None)


@dataclass
class RowReader:
    """Read the project rows of one table, one by one, in the light of the whole table.

    `fractions` are the percent columns whose bare numbers may be parts of 1.
    """

    table: Table
    lexicon: Lexicon
    report: Report
    datum: str
    projects: tuple[Line, ...]
    unitless: dict[int, list[int]] = field(default_factory=dict)
    undeclared: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.columns = {c.field: c for c in self.table.columns if c.field}
        percents = [c for c in self.table.columns if c.kind in ("percent", "progress")]
        self.fractions = {c.index for c in percents if self._may_be_fractions(c)}
        plain = [
            c for c in self.table.columns if c.field and c.kind != "skip" and c.field not in _APART
        ]
        self.plain = [(column, self._reader(column)) for column in plain]

    def read(self, line: Line, *, section: str | None) -> dict[str, object]:
        """Return the fields of a row; a cell that cannot be read is reported and left None."""
        fields: dict[str, object] = {}
        for column, reader in self.plain:
            fields[column.field] = self._cell(line, column, reader)
        self._county(line, fields, section)
        if park := self.columns.get("park"):
            county = fields.get("county")
            known = county if isinstance(county, str) else None
            fields["park"] = self._cell(
                line, park, lambda cell: names.park(text_of(cell), known, self.lexicon)
            )
        self._progress(line, fields)
        self._span(line, fields)
        self._started(line, fields)
        self._year(fields)
        self._position(line, fields)
        return fields

    def _cell(self, line: Line, column: Column, reader: Callable[[Cell], Found]) -> object:
        """Read one cell; None where it is blank or cannot be read."""
        cell = line.cell(column.index)
        if cell.fault:
            code = "formula_uncached" if cell.fault == UNCACHED else "formula_error"
            self._error(line, column, code, read=cell.fault)
            return None
        if is_blank(cell) or (column.field != "name" and values.is_nothing(cell)):
            return None
        if self._is_shared(line, column):
            return None
        try:
            value, notes = reader(cell)
        except Refused as refused:
            if refused.code in ("unit_unknown", "land_unit_unknown"):
                self.unitless.setdefault(column.index, []).append(line.number)
            else:
                self._error(line, column, refused.code, **refused.details)
            return None
        for code, details in notes:
            self.report.warn(self.table.sheet, line.number, column, code, **details)
        return value

    def _is_shared(self, line: Line, column: Column) -> bool:
        """Tell whether an amount is merged over several projects: then nobody knows whose it is."""
        if column.kind not in ("money", "land", "percent") or not column.index < len(line.cells):
            return False
        name = self.columns.get("name")
        alike = name is not None and name.index in line.merged
        tall = column.index in line.merged and not alike
        if (tall or column.index in line.across) and column.index not in line.down:
            self._error(line, column, "amount_merged", read=text_of(line.cell(column.index)))
            return True
        return column.index in line.down

    def _reader(self, column: Column) -> Callable[[Cell], Found]:
        lexicon = self.lexicon
        simple: dict[str, Callable[[Cell], object]] = {
            "text": lambda cell: values.text(cell, limit=self._limit(column)),
            "phone": values.digits,
            "year": values.year,
            "stage": lambda cell: names.stage(text_of(cell), lexicon),
            "plan_attr": lambda cell: names.attribute(text_of(cell), lexicon),
            "lists": lambda cell: names.lists(text_of(cell), lexicon),
            "precision": lambda cell: names.precision(text_of(cell), lexicon),
            "flag": lambda cell: names.flag(text_of(cell)),
        }
        if column.kind in simple:
            reader = simple[column.kind]
            return lambda cell: (reader(cell), [])
        style = self._date_style(column)
        noted: dict[str, Callable[[Cell], Found]] = {
            "code": lambda cell: names.code(values.digits(cell), lexicon),
            "industry": lambda cell: names.industry(values.text(cell), lexicon),
            "money": lambda cell: values.money(cell, column.unit or self.table.unit),
            "land": lambda cell: land.land(
                cell, column.unit or self.table.area, values.as_shown(cell, "land_unreadable")
            ),
            "percent": lambda cell: self._percent(cell, column, sign=True),
            "date": lambda cell: dates.date(cell, style),
        }
        return noted[column.kind]

    def _date_style(self, column: Column) -> dates.DateStyle:
        """Trust 2022.1 in a .csv where the column shows the nought of 2022.10 or of 2022.01."""
        style = self.table.style
        if style.shown and column.kind == "date":
            texts = (fold(line.text(column.index)) for line in self.projects)
            return replace(style, shown=not any(map(dates.TWO_DIGITS.fullmatch, texts)))
        return style

    def _limit(self, column: Column) -> int:
        return values.MAX_NAME if column.field == "name" else values.MAX_TEXT

    def _percent(self, cell: Cell, column: Column, *, sign: bool) -> Found:
        return values.percent(cell, sign=sign, fractions=column.index in self.fractions)

    def _may_be_fractions(self, column: Column) -> bool:
        found = [values.bare_number(line.cell(column.index)) for line in self.projects]
        numbers = [n for n in found if n is not None]
        return any(0 < n < 1 for n in numbers) or not any(n > 1 for n in numbers)

    def _county(self, line: Line, fields: dict[str, object], section: str | None) -> None:
        column = self.columns.get("county")
        if column is not None:
            fields["county"] = self._cell(
                line, column, lambda cell: (names.county(values.text(cell), self.lexicon), [])
            )
            return
        place = self.columns.get("place")
        stated = fields.get("place")
        if section is None and place is not None and isinstance(stated, str):
            fields["county"] = names.county_at_start(stated, self.lexicon)
            if fields["county"] is None:
                expected = "、".join(self.lexicon.counties.values())
                self._error(line, place, "county_not_in_place", read=stated, expected=expected)
            return
        fields["county"] = section

    def _progress(self, line: Line, fields: dict[str, object]) -> None:
        """Read a heading that may mean a percentage or words, by what stands in the cell."""
        column = self.columns.get("progress")
        if column is None:
            return
        cell = line.cell(column.index)
        value = self._cell(line, column, lambda c: self._words_or_percent(c, column))
        fields.setdefault("progress_pct", None)
        fields.setdefault("progress_note", None)
        if isinstance(value, str):
            before = fields["progress_note"]
            fields["progress_note"] = f"{before}；{value}" if before else value
        elif value is not None and not cell.fault and fields["progress_pct"] is None:
            fields["progress_pct"] = value

    def _words_or_percent(self, cell: Cell, column: Column) -> Found:
        try:
            return self._percent(cell, column, sign=False)
        except Refused as refused:
            if refused.code == "percent_unreadable" and isinstance(cell.value, str):
                return values.text(cell), []
            raise

    def _span(self, line: Line, fields: dict[str, object]) -> None:
        column = self.columns.get("span")
        if column is None or {"start_date", "end_date"} <= self.columns.keys():
            return
        value = self._cell(line, column, dates.span)
        first, last = value if isinstance(value, tuple) else (None, None)
        fields.setdefault("start_date", first)
        fields.setdefault("end_date", last)

    def _started(self, line: Line, fields: dict[str, object]) -> None:
        column = self.columns.get("started")
        if column is None:
            return
        found = self._cell(
            line, column, lambda cell: (names.started(text_of(cell), self.lexicon), [])
        )
        if "stage" not in self.columns:
            fields["stage"] = found
        elif found and fields["stage"]:
            said, known = found in self.lexicon.started, fields["stage"] in self.lexicon.started
            if said != known:
                stage = self.lexicon.stages[str(fields["stage"])]
                read = text_of(line.cell(column.index))
                self._warn(line, column, "started_differs", read=read, stage=stage)

    def _year(self, fields: dict[str, object]) -> None:
        """Let a year in the heading of the plan say which year's plan it is."""
        plan = self.columns.get("plan_wan")
        if plan is not None and plan.year and "plan_year" not in self.columns:
            fields["plan_year"] = str(plan.year) if fields["plan_wan"] is not None else None

    def _position(self, line: Line, fields: dict[str, object]) -> None:
        column = self.columns.get("lon") or self.columns.get("coordinate")
        if column is None:
            return
        fields["lon"] = fields["lat"] = None
        found = self._angles(line)
        if found is None:
            return
        first, second = found
        try:
            x, y, swapped = places.ordered(first, second, self.lexicon.bbox)
        except Refused as refused:
            self._error(line, column, refused.code, **refused.details)
            return
        if swapped:
            read = f"{first[0]:.10g}, {second[0]:.10g}"
            self._warn(line, column, "coordinate_swapped", read=read, lon=x, lat=y)
        datum = self._datum(line, column)
        if datum:
            fields["lon"], fields["lat"] = places.to_wgs84(x, y, datum)

    def _angles(self, line: Line) -> tuple[places.Angle, places.Angle] | None:
        """Read a row's two angles from two columns, else from one."""
        lon, lat = self.columns.get("lon"), self.columns.get("lat")
        if lon is None or lat is None:
            one = self.columns.get("coordinate")
            found = self._cell(line, one, lambda cell: (places.pair(cell), [])) if one else None
            return cast("tuple[places.Angle, places.Angle] | None", found)
        first = self._cell(line, lon, lambda cell: (places.angle(cell), []))
        second = self._cell(line, lat, lambda cell: (places.angle(cell), []))
        self._half(line, lon, lat, first is None, second is None)
        if first is None or second is None:
            return None
        return cast(places.Angle, first), cast(places.Angle, second)

    def _half(self, line: Line, lon: Column, lat: Column, no_lon: bool, no_lat: bool) -> None:
        if no_lon == no_lat:
            return
        column, other = (lon, lat) if no_lon else (lat, lon)
        cell = line.cell(column.index)
        if is_blank(cell) or values.is_nothing(cell):  # one that cannot be read has its fault
            self._error(line, column, "coordinate_half", other=other.heading)

    def _datum(self, line: Line, column: Column) -> str:
        """Return the datum of a row's coordinate, nearest statement first; "" if it is refused."""
        stated = ""
        if (own := self.columns.get("datum")) and not is_blank(line.cell(own.index)):
            read = text_of(line.cell(own.index))
            stated = datum_in(read) or "other"
            if stated in ("other", "both"):
                self._error(line, own, "datum_unsupported", read=read)
                return ""
        stated = stated or self._headings_datum() or self.table.datum
        if self.datum and stated and stated != self.datum:
            given = places.DATUMS.get(self.datum, self.datum)
            used = places.DATUMS.get(stated, stated)
            self._warn(line, column, "datum_differs", given=given, used=used)
        stated = stated or self.datum
        if stated == "both":
            self._error(line, column, "datum_conflict")
            return ""
        if stated == "other":
            self._error(line, column, "datum_unsupported", read=column.heading)
            return ""
        if not stated:
            self.undeclared.append(line.number)
        return stated or self.lexicon.default_datum

    def _headings_datum(self) -> str:
        """Return what the headings of the position declare, "both" if they do not agree."""
        columns = (self.columns.get(name) for name in ("lon", "lat", "coordinate"))
        found = {column.datum for column in columns if column and column.datum}
        return found.pop() if len(found) == 1 else "both" if found else ""

    def _error(self, line: Line, column: Column, code: str, **details: object) -> None:
        self.report.error(self.table.sheet, line.number, column, code, **details)

    def _warn(self, line: Line, column: Column, code: str, **details: object) -> None:
        self.report.warn(self.table.sheet, line.number, column, code, **details)


def total_of(cell: Cell, column: Column, table: Table) -> int | None:
    """Read an amount in a total row; None where there is none to compare."""
    if cell.fault or is_blank(cell) or (column.unit or table.unit) not in YUAN:
        return None
    try:
        return values.money(cell, column.unit or table.unit)[0]
    except Refused:
        return None
