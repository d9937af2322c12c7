"""Read a matrix problem for the bare solver from JSON: the fields of `geo.tour.problem`, no others."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np

from geo.errors import GeoError
from geo.tour.problem import FOREVER, Cover, Day, Lunch, Objective, Problem, Visit
from geo.tour.tour import MOST_DAYS, MOST_STOPS

Reader = Callable[[str, Any], Any]


def read(text: str) -> Problem:
    """Read a problem; null stands for no way in `minutes`, and for no limit or no such thing.

    Errors: `tour.problem_invalid` (field, expected), those of `problem.check`.
    """
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("", "JSON") from None
    known = _object(
        "",
        body,
        {
            "minutes": _matrix,
            "visits": _list_of(_visit, MOST_STOPS),
            "days": _list_of(_day, MOST_DAYS),
            "lunch": _optional(_lunch),
            "covers": _list_of(_cover, 100),
            "max_visits": _optional(_whole),
            "max_driving": _limit,
            "leg_extra": _number,
            "objective": _objective,
        },
        needed=("minutes", "visits", "days"),
    )
    return Problem(**known)


def _invalid(field: str, expected: str) -> GeoError:
    return GeoError("tour.problem_invalid", field=field or "{}", expected=expected)


def _object(
    field: str, value: Any, readers: Mapping[str, Reader], *, needed: tuple[str, ...]
) -> dict[str, Any]:
    """Read an object of known fields; what is not there keeps its usual value."""
    if not isinstance(value, dict):
        raise _invalid(field, "{…}")
    prefix = f"{field}." if field else ""
    for name in value:
        if name not in readers:
            raise _invalid(f"{prefix}{name}"[:60], " ".join(readers))
    for name in needed:
        if name not in value:
            raise _invalid(f"{prefix}{name}", "…")
    return {name: readers[name](f"{prefix}{name}", one) for name, one in value.items()}


def _list_of(reader: Reader, most: int) -> Reader:
    def read_list(field: str, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise _invalid(field, f"[…] ≤ {most}")
        return tuple(reader(f"{field}[{at}]", one) for at, one in enumerate(value))

    return read_list


def _optional(reader: Reader) -> Reader:
    return lambda field, value: None if value is None else reader(field, value)


def _number(field: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _invalid(field, "0.0")
    try:
        return float(value)
    except OverflowError:
        raise _invalid(field, "0.0") from None


def _limit(field: str, value: Any) -> float:
    return FOREVER if value is None else _number(field, value)


def _whole(field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _invalid(field, "0")
    return value


def _truth(field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _invalid(field, "true / false")
    return value


def _groups(field: str, value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _invalid(field, '["…"]')
    return frozenset(value)


def _objective(field: str, value: Any) -> str:
    if value not in get_args(Objective):
        raise _invalid(field, " / ".join(get_args(Objective)))
    return str(value)


def _matrix(field: str, value: Any) -> np.ndarray:
    rows = value if isinstance(value, list) else [value]
    if not rows or not all(isinstance(row, list) and len(row) == len(rows) for row in rows):
        raise _invalid(field, "n × n")
    return np.array(
        [[_limit(f"{field}[{at}]", cell) for cell in row] for at, row in enumerate(rows)]
    )


def _visit(field: str, value: Any) -> Visit:
    readers: dict[str, Reader] = {
        "node": _whole,
        "service": _number,
        "earliest": _number,
        "latest": _limit,
        "must": _truth,
        "prize": _number,
        "groups": _groups,
        "position": _optional(_whole),
        "day": _optional(_whole),
    }
    return Visit(**_object(field, value, readers, needed=("node",)))


def _day(field: str, value: Any) -> Day:
    readers = {"start": _whole, "end": _whole, "departs": _number, "latest_return": _limit}
    return Day(**_object(field, value, readers, needed=("start", "end", "departs")))


def _lunch(field: str, value: Any) -> Lunch:
    readers = {
        "minutes": _number,
        "earliest": _number,
        "latest": _number,
        "node": _optional(_whole),
    }
    return Lunch(**_object(field, value, readers, needed=("minutes", "earliest", "latest")))


def _cover(field: str, value: Any) -> Cover:
    readers = {"groups": _groups, "at_least": _whole, "weight": _number}
    return Cover(**_object(field, value, readers, needed=("groups",)))
