"""What an intake gives back: records, and faults that say where, what was read and what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Note = tuple[str, dict[str, object]]
"""A warning about one value: its code and details; the place is added by who reads the row."""


@dataclass(frozen=True)
class Fault:
    """Hold one fault or warning; its sentence stands below `import.<code>` in the locales.

    `row` is the row as the spreadsheet shows it and `col` the heading as it stands in the file;
    both are None for a fault of the whole file. `position` is the column's number from 1.
    """

    row: int | None
    col: str | None
    code: str
    details: Mapping[str, object] = field(default_factory=dict)
    sheet: str | None = None
    position: int | None = None


@dataclass(frozen=True)
class Record:
    """Hold one project as a row states it: field id → value, None where the cell is blank.

    A field is missing where the table has no column for it.
    """

    row: int
    sheet: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Intake:
    """Hold what was read of a file; with any error, nothing of it may be applied."""

    records: tuple[Record, ...]
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


class Refused(Exception):
    """Carry one value's fault out of its parser: a code below `import.` and its details."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = details
        super().__init__(code)
