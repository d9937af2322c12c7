"""One project's values in plain form: checked at the gate, comparable, and fit for JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from typing import Any

import pandas as pd
import shapely

from geo.errors import GeoError
from geo.layers import LIMITS
from geo.store.schema import FIELDS, Kind, to_wkb

Plain = str | int | float | bool | None
Fields = dict[str, Plain]
EMPTY: Fields = {name: False if kind is Kind.FLAG else None for name, kind in FIELDS.items()}


def plain(fields: Mapping[str, object]) -> Fields:
    """Return field values in plain form: an empty text is None, a shape its WKB in hex digits.

    Errors: `store.field_unknown` (field), `store.value_invalid` (field, read).
    """
    unknown = [name for name in fields if name not in FIELDS]
    if unknown:
        raise GeoError("store.field_unknown", field=unknown[0])
    return {name: _plain(name, value) for name, value in fields.items()}


def plain_rows(table: pd.DataFrame) -> list[Fields]:
    """Return what `plain` makes of each row, a column at a time: a value that comes again costs
    nothing. Columns that are no fields are left out.

    Errors: `store.value_invalid` (field, read).
    """
    names = [name for name in table if name in FIELDS]
    columns = [_plain_column(name, table[name]) for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _plain_column(name: str, column: pd.Series) -> list[Plain]:
    found = column.astype(object).where(column.notna(), None).tolist()
    if column.dtype == object:  # 1 and True are one key of a dictionary, and may not be one value
        return [_plain(name, value) for value in found]
    known = {value: _plain(name, value) for value in set(found)}
    return [known[value] for value in found]


def _plain(name: str, value: object) -> Plain:
    kind = FIELDS[name]
    if _is_empty(value):
        return EMPTY[name]
    try:
        found = _READERS[kind](value)
    except (TypeError, ValueError, KeyError, OverflowError, shapely.errors.ShapelyError):
        raise _invalid(name, value) from None
    low, high = LIMITS.get(name, (-math.inf, math.inf))
    if isinstance(found, int | float) and not low <= found <= high:
        raise _invalid(name, value)
    return found


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return value == ""
    return value is None or bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _invalid(name: str, value: object) -> GeoError:
    read = repr(value[:60] if isinstance(value, str | bytes) else value)[:80]
    return GeoError("store.value_invalid", field=name, read=read)


def is_text(value: object) -> bool:
    """Tell whether a value is a text that both databases can keep."""
    try:
        _text(value)
    except ValueError:
        return False
    return True


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:  # PostgreSQL has no NUL in texts
        raise ValueError
    value.encode("utf-8")  # half a surrogate pair is no text
    return value


def _whole(value: Any) -> int:
    whole = int(_number(value)) if not isinstance(value, Integral) else int(value)
    if isinstance(value, bool) or value != whole:
        raise ValueError
    return whole


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
        raise ValueError
    return float(value)


def _flag(value: object) -> bool:
    if isinstance(value, str):  # as a city folder's files write it
        return {"1": True, "true": True, "0": False, "false": False}[value.strip().lower()]
    if not isinstance(value, Integral) and type(value).__name__ not in ("bool", "bool_"):
        raise ValueError
    return bool(value)


def _shape(value: object) -> str:
    shape = shapely.from_wkb(value) if isinstance(value, bytes | str) else value
    if not isinstance(shape, shapely.Geometry) or shape.is_empty:
        raise ValueError
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError
    return to_wkb(shape).hex()


_READERS: dict[Kind, Callable[[object], Plain]] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.FLAG: _flag,
    Kind.SHAPE: _shape,
}


def complete(row: Fields, *, project: str) -> Fields:
    """Check a whole project: a longitude goes with a latitude, and says how exact it is.

    Errors: `store.position_half`, `store.position_vague` (project).
    """
    if (row["lon"] is None) != (row["lat"] is None):
        raise GeoError("store.position_half", project=project)
    if row["lon"] is not None and row["precision"] in (None, "none"):
        raise GeoError("store.position_vague", project=project)
    return row


def bounds(row: Fields) -> tuple[float | None, float | None, float | None, float | None]:
    """Return west, south, east, north of a project's own shape or point; all None without."""
    if row["shape"] is not None:
        west, south, east, north = shapely.from_wkb(str(row["shape"])).bounds
        return west, south, east, north
    lon, lat = row["lon"], row["lat"]
    if lon is None or lat is None:
        return None, None, None, None
    return float(lon), float(lat), float(lon), float(lat)
