"""What an import would change: new, changed field by field, unchanged, missing from the file."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import shapely

from geo.intake.faults import Fault, Record
from geo.intake.text import name_key

Row = Mapping[str, object]
MIN_DIGITS = 4
_SAME_DEG = 5e-7
"""Half of the sixth decimal, 5 cm: coordinates nearer than that are the same."""


@dataclass(frozen=True)
class Change:
    """Hold one field before and after."""

    field: str
    before: object
    after: object


@dataclass(frozen=True)
class Match:
    """Hold a record with the known project that it is, and the fields in which they differ."""

    record: Record
    id: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Diff:
    """Hold a preview. `missing` are the ids of known projects that the file does not have.

    With any error the import must not be applied.
    """

    new: tuple[Record, ...]
    changed: tuple[Match, ...]
    unchanged: tuple[Match, ...]
    missing: tuple[str, ...]
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def compare(records: Sequence[Record], known: Iterable[Row]) -> Diff:
    """Compare records with known projects (rows with `id`), by the id that an export gave them,
    else by code, else by name and county.

    A blank cell changes nothing. Missing are known projects, samples apart, of the counties that
    the file is about; they are shown, never deleted. Errors: `match_ambiguous`, `match_conflict`,
    `match_twice`, `id_unknown`; warning: `code_changes`.
    """
    finder = _Finder(list(known), records)
    errors: list[Fault] = []
    warnings: list[Fault] = []
    new: list[Record] = []
    matches: list[Match] = []
    taken: dict[str, Record] = {}
    for record in records:
        found = finder.find(record)
        if isinstance(found, Fault):
            errors.append(found)
        elif found is None and record.fields.get("id") and not record.fields.get("county"):
            errors.append(_fault(record, "id_unknown", read=record.fields["id"]))
        elif found is None:
            new.append(record)
        elif (first := taken.setdefault(str(found["id"]), record)) is not record:
            errors.append(_twice(record, first, found))
        else:
            matches.append(Match(record, str(found["id"]), changes(record.fields, found)))
            warnings += _code_changes(record, found)
    return Diff(
        new=tuple(new),
        changed=tuple(m for m in matches if m.changes),
        unchanged=tuple(m for m in matches if not m.changes),
        missing=finder.missing(records, taken.keys()),
        errors=tuple(errors),
        warnings=tuple(warnings),
    )


def changes(fields: Row, before: Row) -> tuple[Change, ...]:
    """Return the fields in which a row of a file differs from a known project; blanks say nothing."""
    return tuple(
        Change(name, _plain(before.get(name)), value)
        for name, value in fields.items()
        if name != "id" and value is not None and not _same(name, _plain(before.get(name)), value)
    )


class _Finder:
    """Find the known project that a record is."""

    def __init__(self, known: Sequence[Row], records: Sequence[Record]) -> None:
        self.known = known
        self.by_id = {str(row["id"]): row for row in known}
        self.claimed = {_code(record.fields) for record in records} - {""}
        self.by_code: dict[str, list[Row]] = defaultdict(list)
        self.by_name: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in known:
            if code := _code(row):
                self.by_code[code].append(row)
            self.by_name[name_key(_text(row.get("name"))), _text(row.get("county"))].append(row)

    def find(self, record: Record) -> Row | Fault | None:
        code, name = _code(record.fields), _text(record.fields.get("name"))
        county = _text(record.fields.get("county"))
        stated = self.by_id.get(_text(record.fields.get("id")))
        coded = [stated] if stated else self.by_code.get(code, []) if code else []
        named = [
            row
            for row in self.by_name.get((name_key(name), county), [])
            if not self._is_others(_code(row), code)
        ]
        if len(coded) > 1 or (not coded and len(named) > 1):
            rows = coded or named
            ids = ", ".join(str(row["id"]) for row in rows)
            return _fault(record, "match_ambiguous", read=name, count=len(rows), ids=ids)
        if coded:
            others = [row for row in named if row["id"] != coded[0]["id"]]
            same = _text(coded[0].get("name"))
            if others and name_key(same) != name_key(name):
                other = _text(others[0].get("name"))
                return _fault(record, "match_conflict", one=same, other=other)
            return coded[0]
        return named[0] if named else None

    def _is_others(self, known: str, code: str) -> bool:
        """Tell whether a known project's code stands in another row of the file."""
        return known != code and known in self.claimed

    def missing(self, records: Sequence[Record], found: Iterable[str]) -> tuple[str, ...]:
        taken = set(found)
        counties = {_text(record.fields.get("county")) for record in records}
        return tuple(
            str(row["id"])
            for row in self.known
            if str(row["id"]) not in taken
            and _text(row.get("county")) in counties
            and not row.get("sample")
        )


def _twice(record: Record, first: Record, found: Row) -> Fault:
    return _fault(record, "match_twice", first=first.row, name=_text(found.get("name")))


def _code_changes(record: Record, found: Row) -> list[Fault]:
    before, after = _text(found.get("code")), _text(record.fields.get("code"))
    if not (before and after and before != after):
        return []
    name = _text(found.get("name"))
    return [_fault(record, "code_changes", name=name, before=before, read=after)]


def _fault(record: Record, code: str, **details: object) -> Fault:
    return Fault(record.row, None, code, details, record.sheet)


def _code(row: Row) -> str:
    """Return a row's code, unless it is only a number in a list: 1, 2, 335."""
    code = _text(row.get("code"))
    return "" if code.isdigit() and len(code) < MIN_DIGITS else code


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _plain(value: object) -> object:
    """Return None for every kind of missing value; pandas has several."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value == "":
        return None
    return None if isinstance(value, float) and math.isnan(value) else value


def _same(field: str, before: object, after: object) -> bool:
    numbers = (int, float)
    if field in ("lon", "lat") and isinstance(before, numbers) and isinstance(after, numbers):
        return abs(before - after) <= _SAME_DEG
    if isinstance(before, shapely.Geometry) and isinstance(after, shapely.Geometry):
        return bool(shapely.equals_exact(_pieces(before), _pieces(after), _SAME_DEG))
    return bool(before == after)


def _pieces(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape's parts in one order: formats write one part as several, and turn rings."""
    flat = shapely.get_parts(shapely.force_2d(shape))
    return shapely.normalize(shapely.geometrycollections(flat))
