"""Read the rows of a list of metrics into points, with all faults by row and column at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from geo.exchange.reading.grid import Book, Cell
from geo.intake import lines, names, values
from geo.intake.faults import Fault, Note, Refused
from geo.intake.lines import Line
from geo.intake.text import fold, key
from geo.series import cells, tables
from geo.series.cells import Head
from geo.series.points import STATUSES, Point
from geo.series.tables import Table
from geo.series.words import TEXTS, UNITS, Words, first_words, unit

MAX_TEXT = 500
_TOTALS = frozenset({"合计", "总计", "小计", "共计"})
_EXAMPLE = re.compile(r"[【\[(]?示例.*")
_URL = re.compile(r"https?://[^\s<>\"']+", re.ASCII)
_GRADES = ("A", "B", "C", "D", "GK")


@dataclass(frozen=True)
class Read:
    """Hold a point with the row that states it; `stated` are the optional fields it fills in."""

    point: Point
    row: int
    sheet: str
    stated: frozenset[str]


@dataclass(frozen=True)
class Listing:
    """Hold what was read of a file; with any error, nothing of it may be applied."""

    reads: tuple[Read, ...]
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


@dataclass
class _State:
    words: Words
    file: str
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    first: dict[str, Read] = field(default_factory=dict)
    said: set[tuple[object, ...]] = field(default_factory=set)  # faults that are in the lists
    heads: dict[str, Head] = field(default_factory=dict)  # of metrics that came before
    places: dict[str, tuple[str, list[Note]]] = field(default_factory=dict)

    def head(self, text: str) -> Head:
        """Take apart a cell that names a metric; most come again and again."""
        if text not in self.heads:
            self.heads[text] = cells.head(text, self.words)
        return self.heads[text]

    def place(self, text: str) -> tuple[str, list[Note]]:
        """Return the id of a place; refusals as in `cells.place`."""
        if text not in self.places:
            self.places[text] = cells.place(text, self.words)
        return self.places[text]

    def add(self, faults: list[Fault], fault: Fault) -> None:
        """Add a fault to a list, once a cell and code."""
        key_ = (fault.sheet, fault.row, fault.position, fault.code, str(fault.details))
        if key_ not in self.said:
            self.said.add(key_)
            faults.append(fault)


def read(book: Book, words: Words) -> Listing:
    """Read every table of a file. What is wrong in the file is returned, not raised.

    Columns: the place, then either metric, period and value (long), or a column for each metric,
    each period, or each metric of each period (wide). Errors: `import.merged_too_many`.
    """
    state = _State(words, book.file)
    found = False
    for sheet in book.sheets:
        if sheet.name in words.lexicon.own_sheets or not sheet.rows:
            continue
        if sheet.hidden:
            state.warnings.append(Fault(None, None, "sheet_hidden", {}, sheet.name))
            continue
        table = tables.find(sheet, words)
        if table is None:
            state.warnings.append(Fault(None, None, "sheet_without_table", {}, sheet.name))
            continue
        found = True
        _read_table(table, state)
    if not found:
        titles = "、".join(words.titles[name] for name in ("place", "metric", "period", "value"))
        state.errors.append(Fault(None, None, "series_no_table", {"expected": titles}))
        state.warnings.clear()
    elif not state.reads and not state.errors:
        state.errors.append(Fault(None, None, "series_no_values"))
    if len(state.reads) > words.lexicon.rows:
        details = {"read": len(state.reads), "expected": words.lexicon.rows}
        state.errors.append(Fault(None, None, "series_too_many", details))
    return Listing(tuple(state.reads), tuple(state.errors), tuple(state.warnings))


def _read_table(table: Table, state: _State) -> None:
    for i, text in table.texts.items():
        if text and table.heads.get(i, Head()).empty:
            state.warnings.append(_fault(table, table.row, i, "column_unrecognised"))
    if not table.data:
        state.errors.append(_fault(table, table.row, None, "series_no_values"))
    twice = [n for n in ("place", "metric", "period", "value") if _count(table, n) > 1]
    for name in twice:
        details = {"read": state.words.titles[name]}
        state.errors.append(_fault(table, table.row, None, "series_column_twice", **details))
    if not twice:
        for line in table.body:
            _read_line(line, table, state)


def _count(table: Table, name: str) -> int:
    return sum(found.field == name for found in table.heads.values())


def _says(cell: Cell) -> bool:
    return not (lines.is_blank(cell) or values.is_nothing(cell))


def _read_line(line: Line, table: Table, state: _State) -> None:
    stated = [i for i in table.data if _says(line.cell(i))]
    at = table.column("place")
    name = fold(line.text(at)) if at is not None else ""
    first = fold(line.text(line.own[0])) if line.own else ""
    if not stated or _EXAMPLE.fullmatch(name) or _EXAMPLE.fullmatch(first):
        return
    if key(name) in _TOTALS:
        state.warnings.append(_fault(table, line.number, at, "series_total", read=name))
        return
    row = _Row(line, table, state)
    base = row.shared(at, name)
    for i in stated:
        made = row.point(i, base) if base else None
        if made:
            _keep(made, table, state, column=i)


class _Row:
    """Read one row: what its cells share, then each of its values."""

    def __init__(self, line: Line, table: Table, state: _State) -> None:
        self.line, self.table, self.state = line, table, state
        self.failed = False

    def shared(self, at: int | None, name: str) -> dict[str, object] | None:
        """Return the fields that all values of the row share, None where one cannot be meant."""
        words = self.state.words
        found: dict[str, object] = {"head": Head()}
        if not name:
            self.fault(at, "value_missing", field=words.titles["place"])
        else:
            found["place"] = self.of(at, lambda: self.state.place(name))
        found["head"] = self._head(words)
        for field_ in TEXTS:
            found[field_] = self._text(field_)
        found["internal"] = self._internal()
        optional = [name for name in TEXTS if found[name]]
        optional += ["internal"] if self.text("internal") else []  # a no is said as well
        found["stated"] = frozenset(optional)
        return None if self.failed else found

    def _head(self, words: Words) -> Head:
        found = Head()
        if text := self.text("metric"):
            said = self.state.head(text)
            if not said.metric:
                expected = "、".join(m.title.zh for m in words.metrics.values())
                self.fault(
                    self.table.column("metric"), "series_metric", read=text, expected=expected
                )
            found |= replace(said, field="")
        if self.text("period"):
            at = self.table.column("period")
            when = self.of(at, lambda: (cells.period(self.line.cell(at or 0)), []))
            found |= Head(period=str(when or ""))
        if text := self.text("unit"):
            if not unit(text):
                expected = " / ".join(u for units in UNITS.values() for u in units)
                at = self.table.column("unit")
                self.fault(at, "series_unit_unknown", read=text, expected=expected)
            found |= Head(unit=unit(text))
        return found | Head(status=self._status(words))

    def _status(self, words: Words) -> str:
        text = self.text("status")
        found = words.status_keys.get(key(text), "") if text else ""
        if text and not found:
            known = " / ".join(first_words(words.status_keys).values())
            self.fault(self.table.column("status"), "series_status", read=text, expected=known)
        return found

    def _text(self, field_: str) -> str:
        at = self.table.column(field_)
        if at is None or not _says(self.line.cell(at)):
            return ""
        found = self.of(at, lambda: (values.text(self.line.cell(at), limit=MAX_TEXT), []))
        text = str(found or "")
        if text and field_ == "source_url" and not _URL.fullmatch(text):
            self.fault(at, "series_url", read=text)
        if text and field_ == "source_grade" and text not in _GRADES:
            self.fault(at, "series_grade", read=text, expected=" / ".join(_GRADES))
        return text

    def _internal(self) -> bool:
        text = self.text("internal")
        at = self.table.column("internal")
        return bool(text and self.of(at, lambda: (names.flag(text), [])))

    def point(self, i: int, base: Mapping[str, object]) -> Read | None:
        """Return the point of one value column, None where something about it is wrong."""
        words, before = self.state.words, len(self.state.errors)
        own, head = self.table.heads[i], base["head"]
        assert isinstance(head, Head)  # noqa: S101 - for the type checker
        said = self.table.above | head | replace(own, field="")
        for name in ("metric", "period"):
            if not getattr(said, name):
                at = self.table.column(name)
                at = i if at is None else at
                self.fault(at, "value_missing", field=words.titles[name])
        if len(self.state.errors) > before:
            return None
        metric = words.metrics[said.metric]
        fits = own.unit or head.unit or (said.unit if said.unit in UNITS[metric.unit] else "")
        found = self.of(i, lambda: cells.value(self.line.cell(i), metric, fits))
        basis, note = self._basis(said, metric_on_area=metric.on_area, note=str(base["note"]))
        if not isinstance(found, int) or len(self.state.errors) > before:
            return None
        stated = base["stated"]
        assert isinstance(stated, frozenset)  # noqa: S101 - for the type checker
        point = Point(
            place=str(base["place"]),
            metric=metric.id,
            period=said.period,
            value=found,
            status=said.status or STATUSES[0],
            area_kind=basis,
            note=note,
            internal=bool(base["internal"]),
            source=str(base["source"] or self.state.file),
            source_url=str(base["source_url"]),
            source_grade=str(base["source_grade"]),
        )
        return Read(point, self.line.number, self.table.sheet, stated)

    def _basis(self, said: Head, *, metric_on_area: bool, note: str) -> tuple[str, str]:
        """Return the kind of area; of what stands on none, the cell's words go into the note."""
        text = self.text("area_kind")
        found = self.state.words.area_kind_keys.get(key(text), "") if text else said.area_kind
        if not metric_on_area:
            parts = [note, f"{self.state.words.titles['area_kind']}：{text}" if text else ""]
            return "", "；".join(filter(None, parts))
        if text and not found:
            known = " / ".join(first_words(self.state.words.area_kind_keys).values())
            details = {"read": text, "expected": known}
            self.fault(self.table.column("area_kind"), "series_area_kind", **details)
        return found, note

    def text(self, field_: str) -> str:
        """Return the text of a field's cell, "" where it says nothing."""
        at = self.table.column(field_)
        return fold(self.line.text(at)) if at is not None and _says(self.line.cell(at)) else ""

    def of(self, at: int | None, read_: Callable[[], tuple[object, list[Note]]]) -> object:
        """Return what a reader makes of a cell; its notes are warnings, its refusal an error."""
        try:
            found, notes = read_()
        except Refused as refused:
            self.fault(at, refused.code, **refused.details)
            return None
        self._note(at, notes)
        return found

    def _note(self, at: int | None, notes: Sequence[Note]) -> None:
        for code, details in notes:
            fault = _fault(self.table, self.line.number, at, code, **details)
            self.state.add(self.state.warnings, fault)

    def fault(self, at: int | None, code: str, **details: object) -> None:
        """Add an error of this row, once."""
        self.failed = True
        fault = _fault(self.table, self.line.number, at, code, **details)
        self.state.add(self.state.errors, fault)


def _keep(made: Read, table: Table, state: _State, *, column: int) -> None:
    first = state.first.setdefault(made.point.id, made)
    if first is made:
        state.reads.append(made)
    elif made.point.internal and not first.point.internal:  # what one row hides, none shows
        hidden = replace(
            first,
            point=replace(first.point, internal=True),
            stated=first.stated | {"internal"},
        )
        state.reads[state.reads.index(first)] = state.first[made.point.id] = hidden
    if first.point.value != made.point.value:
        details = {"first": first.row, "one": first.point.value, "other": made.point.value}
        state.errors.append(_fault(table, made.row, column, "series_twice", **details))


def _fault(table: Table, row: int, at: int | None, code: str, **details: object) -> Fault:
    col = None if at is None else table.texts.get(at) or None
    return Fault(row, col, code, details, table.sheet, None if at is None else at + 1)
