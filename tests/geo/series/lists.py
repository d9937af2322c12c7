"""Lists of metrics for tests, and what their reading says."""

from __future__ import annotations

from collections.abc import Iterable

from geo.exchange.reading.grid import Book, Sheet
from geo.intake.faults import Fault
from geo.series import listing
from geo.series.listing import Listing
from geo.series.words import Words
from tests.geo.intake.sheets import sheet

LONG = ("园区", "指标", "时期", "数值", "单位")


def read(words: Words, *sheets: Sheet) -> Listing:
    """Read a book of these sheets."""
    return listing.read(Book("list.xlsx", "xlsx", tuple(sheets)), words)


def rows(words: Words, *lines: Iterable[object], **options: object) -> Listing:
    """Read one sheet of these rows."""
    return read(words, sheet(*(list(line) for line in lines), **options))


def values(found: Listing) -> list[tuple[str, str, str, int]]:
    """Return place, metric, period and value of what was read; there must be no error."""
    assert found.errors == ()
    return [(r.point.place, r.point.metric, r.point.period, r.point.value) for r in found.reads]


def codes(faults: Iterable[Fault]) -> list[str]:
    """Return the codes of faults in their order."""
    return [fault.code for fault in faults]
