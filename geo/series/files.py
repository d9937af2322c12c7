"""Read the series of a city folder: tables of points, every cell checked at the gate."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from geo.catalogue import Catalogue
from geo.errors import GeoError
from geo.series import period
from geo.series.points import AREA_KINDS, CITY, LEAST, MOST, PARKS, STATUSES, Point, Series

LAYERS = {"series": False, "series_sample": True}  # layer → whether its rows are samples
COLUMNS = (
    "place",
    "metric",
    "period",
    "value",
    "status",
    "area_kind",
    "source",
    "source_url",
    "source_grade",
    "note",
)
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,15})", re.ASCII)
_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


def read(declared: Catalogue, *, counties: Collection[str], parks: Collection[str]) -> Series:
    """Read the series that a city declares, samples marked; where both state a point, the real one.

    `counties` are codes, `parks` ids. A city without the layers has no points. Errors:
    `file_missing`, `file_unreadable`, `value_invalid` (file, row, column, read, expected) for the
    first fault found.
    """
    places = (CITY, PARKS, *counties, *parks)
    found = {
        sample: _table(declared, layer, places=places, sample=sample)
        for layer, sample in LAYERS.items()
        if layer in declared.layers
    }
    real = found.get(False, {})
    return Series(tuple((found.get(True, {}) | real).values()))


def _table(
    declared: Catalogue, layer: str, *, places: Collection[str], sample: bool
) -> dict[str, Point]:
    path = declared.path(layer)
    points: dict[str, Point] = {}
    for number, row in enumerate(_rows(path), start=2):  # the header is row 1 in a spreadsheet
        _check(row, declared, places, file=path.name, number=number)
        texts = {name: row[name] for name in COLUMNS if name != "value"}
        internal = _FLAGS.get(row.get("internal", "").lower())
        if internal is None:
            raise _fault(path.name, number, "internal", row["internal"], "0 / 1")
        point = Point(value=int(row["value"]), sample=sample, internal=internal, **texts)
        if point.id in points:
            raise _fault(path.name, number, "period", row["period"], "unique")
        points[point.id] = point
    return points


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True, restval="")
            rows = [{k: v for k, v in row.items() if k is not None} for row in reader]
            header = reader.fieldnames or ()
    except FileNotFoundError:
        raise GeoError("file_missing", file=path.name) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise GeoError("file_unreadable", file=path.name, reason=str(error)) from error
    for name in COLUMNS:
        if name not in header:
            raise _fault(path.name, 1, name, "", name)
    return rows


def _check(
    row: Mapping[str, str],
    declared: Catalogue,
    places: Collection[str],
    *,
    file: str,
    number: int,
) -> None:
    choices: tuple[tuple[str, Collection[str]], ...] = (
        ("place", places),
        ("metric", declared.metrics),
        ("status", STATUSES),
        ("area_kind", ("", *AREA_KINDS)),
    )
    for column, known in choices:
        if row[column] not in known:
            raise _fault(file, number, column, row[column], " / ".join(filter(None, known)))
    if row["area_kind"] and not declared.metrics[row["metric"]].on_area:
        raise _fault(file, number, "area_kind", row["area_kind"], "—")
    if not period.is_period(row["period"]):
        raise _fault(file, number, "period", row["period"], "2021 / 2022-09 / 2022-01/2022-09")
    if not (_WHOLE.fullmatch(row["value"]) and LEAST <= int(row["value"]) <= MOST):
        raise _fault(file, number, "value", row["value"], f"{LEAST} … {MOST}")


def _fault(file: str, row: int, column: str, read: str, expected: str) -> GeoError:
    details = {"row": row, "column": column, "read": read, "expected": expected}
    return GeoError("value_invalid", file=file, **details)
