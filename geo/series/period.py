"""Periods of a series in one notation: 2021, 2022-09, 2022-01/2022-09 (first and last month).

A year or a span of months is what an amount adds up over; a month alone is also the moment of a
count that stands at its end.
"""

from __future__ import annotations

import re
from typing import NamedTuple

YEARS = range(1949, 2101)
_FORM = re.compile(r"(\d{4})(?:-(\d\d)(?:/(\d{4})-(\d\d))?)?", re.ASCII)


class Span(NamedTuple):
    """Hold a year with the first and the last month of a period, 1 to 12."""

    year: int
    first: int
    last: int

    @property
    def whole_year(self) -> bool:
        """Tell whether the period is the year from January to December."""
        return (self.first, self.last) == (1, 12)


def span(text: str) -> Span:
    """Read a period; a ValueError if it is none, or has no months in order within one year."""
    match = _FORM.fullmatch(text)
    if match is None or int(match[1]) not in YEARS:
        raise ValueError(text)
    year = int(match[1])
    if match[2] is None:
        return Span(year, 1, 12)
    found = Span(year, int(match[2]), int(match[4] or match[2]))
    last_year = int(match[3] or year)
    if last_year != year or not 1 <= found.first <= found.last <= 12:
        raise ValueError(text)
    if match[4] and (found.first == found.last or found.whole_year):
        raise ValueError(text)  # 2022-09 and 2022 are how these are written
    return found


def is_period(text: str) -> bool:
    """Tell whether a text is a period in the one notation."""
    try:
        span(text)
    except ValueError:
        return False
    return True


def written(year: int, first: int = 1, last: int = 12) -> str:
    """Write a period; a ValueError for what `span` would not read."""
    if (first, last) == (1, 12):
        text = f"{year:04d}"
    elif first == last:
        text = f"{year:04d}-{first:02d}"
    else:
        text = f"{year:04d}-{first:02d}/{year:04d}-{last:02d}"
    span(text)
    return text


def order(text: str) -> tuple[int, int, int]:
    """Return what periods are ordered by: year, last month, then the longer one last."""
    found = span(text)
    return found.year, found.last, -found.first
