"""What was typed into the form, read as a row of a list is: the same words, checks and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.exchange.reading.grid import Book, Cell, Row, Sheet
from geo.intake import places, records
from geo.intake.faults import Fault
from geo.intake.lexicon import Lexicon
from geo.view import View
from ui.desk import fields

POSITION = ("lon", "lat")
# What a change of one field may make wrong with another one that stayed as it was.
_CONCERNS = {
    "county": ("park", *POSITION),
    "start_date": ("end_date",),
    "invest_wan": ("plan_wan", "done_wan"),
}
_WGS84 = "wgs84"


@dataclass(frozen=True)
class Checked:
    """Hold the values to be written, as the intake reads them, and what it says about them."""

    values: dict[str, object]
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def check(
    row: Mapping[str, object], changed: Mapping[str, object], *, datum: str, lexicon: Lexicon
) -> Checked:
    """Read the changed fields of a project in the light of its others.

    `changed` has texts where the form has; positions are in `datum`. Faults of fields that were
    not touched are left out: what is in the store already must not stop another correction.
    """
    moved = [name for name in POSITION if name in changed]
    if len(moved) == 1 and datum != _WGS84:
        return Checked({}, (Fault(None, moved[0], "datum_half"),), ())
    told = {name: changed[name] for name in changed if name in lexicon.headings}
    flags = {name: value for name, value in changed.items() if isinstance(value, bool)}
    asked = {name: told.get(name, row.get(name)) for name in lexicon.headings}
    asked |= {"id": row["id"], "datum": places.DATUMS[datum if moved else _WGS84]}
    kept = {n: v for n, v in asked.items() if n not in flags and not isinstance(v, bool)}
    found = records.read(_book(kept), lexicon, mapping={name: name for name in kept})
    concerned = {
        *told,
        *(POSITION if moved else ()),
        *(other for name in told for other in _CONCERNS.get(name, ())),
    }
    errors = tuple(f for f in found.errors if f.col in concerned or f.col is None)
    warnings = tuple(f for f in found.warnings if f.col in concerned)
    if errors or not found.records:
        return Checked({}, errors or found.errors, warnings)
    read = found.records[0].fields
    wanted = [*told, *(POSITION if moved else ()), *(["precision"] if moved else ())]
    return Checked(flags | {n: read.get(n) for n in wanted if n not in flags}, (), warnings)


def _book(values: Mapping[str, object]) -> Book:
    always = ("name", *POSITION)  # half a position is a fault, and so is no name
    filled = {name: value for name, value in values.items() if value is not None or name in always}
    cells = tuple(_cell(name, value) for name, value in filled.items())
    rows = (Row(1, tuple(Cell(name, name) for name in filled)), Row(2, cells))
    return Book("form", "form", (Sheet("form", rows),))


def _cell(name: str, value: object) -> Cell:
    if name == "progress_pct":  # the form's field is in percent, so nothing is left to guess
        value = f"{value:g}%" if isinstance(value, int | float) else value
    return Cell(value, "" if value is None else str(value))  # type: ignore[arg-type]


def said(faults: tuple[Fault, ...], view: View) -> tuple[Fault, ...]:
    """Return faults with the names of the form's fields, and without the place in a list."""
    return tuple(
        replace(f, row=None, sheet=None, col=fields.name(f.col, view) if f.col else None)
        for f in faults
    )
