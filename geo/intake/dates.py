"""Dates as lists write them, kept as exactly as they are stated: YYYY, YYYY-MM or YYYY-MM-DD."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from geo.exchange.reading.grid import Cell
from geo.intake.faults import Note, Refused
from geo.intake.lines import text_of
from geo.intake.text import fold, number, western_digits
from geo.intake.values import YEARS

SERIALS = range(20_000, 80_000)  # 1954 to 2119: a bare number among dates is a spreadsheet's day
_EPOCH = dt.date(1899, 12, 30)
_EPOCH_1904 = dt.date(1904, 1, 1)
_ONE_DIGIT = re.compile(r"\d{4}\.1")
TWO_DIGITS = re.compile(r"\d{4}\.(?:0\d|10)")
_CLOCK = re.compile(
    r"[T ](?:[上下]午)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|\+08:?00| ?[AP]M)?$", re.IGNORECASE
)
_WEEKDAY = re.compile(r"\(?(?:星期|周)[一二三四五六日天]\)?$")
_TRAILER = re.compile(r"(?:份|底|末|初|中旬|上旬|下旬|中|前|左右)$")
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})年?度?",
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})月?",
        r"(?P<y>\d{4})年(?P<m>\d{1,2})月?",
        r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
        r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?",
        r"(?P<y>\d{4})(?P<m>\d{2})",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    )
)
_UNCLEAR = re.compile(
    r"季|上半年|下半年|年初|年中|q[1-4]|^\d{1,2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2})?日?$|^\d{1,2}月"
    r"|^\d{1,2}[-/]\d{1,2}[-/]\d{4}$|[a-z]{3}",
    re.IGNORECASE,
)
_JOINTS = re.compile(r"\s*(?:--|[-~至到])\s*")


@dataclass(frozen=True, slots=True)
class DateStyle:
    """Say how a file holds dates that are not formatted as such.

    `date1904`: bare numbers count days from 1904. `shown`: numbers are kept as they are shown,
    as a .csv does, so that 2022.1 may have been 2022.10.
    """

    date1904: bool = False
    shown: bool = False


PLAIN = DateStyle()


def date(cell: Cell, style: DateStyle = PLAIN) -> tuple[str, list[Note]]:
    """Read one date; day and month stay away where they are not stated.

    Refuses: `date_unreadable`, `date_unclear` (no year, a quarter, day or month first),
    `date_ambiguous` (the number 2022.1 may be October), `date_impossible`, `date_range`.
    """
    value = cell.value
    if isinstance(value, dt.date):
        return _shown_day(value, cell.number_format, read=cell.text), []
    if isinstance(value, bool):
        raise Refused("date_unreadable", read=cell.text)
    if isinstance(value, int | float):
        return _number(cell, value, style)
    read = fold(str(value))
    if style.shown and _ONE_DIGIT.fullmatch(read):
        raise _ambiguous(read)
    return _text(read, style.date1904)


def span(cell: Cell) -> tuple[tuple[str, str], list[Note]]:
    """Read a period as its two dates: 2021-2023, 2021年3月至2023年10月.

    Refuses: `span_unreadable`, `span_ambiguous`, and what `date` refuses.
    """
    read = fold(text_of(cell))
    found: list[tuple[tuple[str, str], list[Note]]] = []
    faults: list[Refused] = []
    for match in _JOINTS.finditer(read):
        try:
            first, notes = _text(read[: match.start()])
            last, more = _text(read[match.end() :])
        except Refused as refused:
            if refused.code == "date_impossible":
                faults.append(refused)
            continue
        found.append(((first, last), notes + more))
    if len(found) == 1:
        return found[0]
    if faults and not found:
        raise faults[0]
    raise Refused("span_ambiguous" if found else "span_unreadable", read=read)


def is_before(one: str, other: str) -> bool:
    """Tell whether a date lies before another, as far as both are stated."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def _shown_day(value: dt.date, number_format: str, *, read: str) -> str:
    """Keep of a real date what its format shows: with `yyyy年m月` its day is not stated."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format).lower()
    day = dt.date(value.year, value.month, value.day)
    if day.year not in YEARS:
        raise Refused("date_range", read=read or day.isoformat())
    if "y" in plain and "d" not in plain and day.day == 1:
        return f"{day:%Y-%m}" if "m" in plain else f"{day:%Y}"
    return day.isoformat()


def _ambiguous(plain: str) -> Refused:
    year = plain[:4]
    return Refused("date_ambiguous", read=plain, one=f"{year}-01", other=f"{year}-10")


def _number(cell: Cell, value: int | float, style: DateStyle) -> tuple[str, list[Note]]:
    shown = fold(cell.text)
    plain = format(value, ".15g")
    if number(shown) is not None and re.fullmatch(r"\d{4}\.\d{2}", shown):
        return _text(shown)  # a format with two decimals shows 2022.10
    if _ONE_DIGIT.fullmatch(plain):
        raise _ambiguous(plain)
    return _text(plain, style.date1904)


@lru_cache(maxsize=16384)
def _text(read: str, date1904: bool = False) -> tuple[str, list[Note]]:
    plain = _WEEKDAY.sub("", _CLOCK.sub("", read.strip())).replace(" ", "").rstrip(".")
    plain = western_digits(plain)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):
        return _serial(plain, read, _EPOCH_1904 if date1904 else _EPOCH)
    vague = re.fullmatch(r"(\d{4})年[底末]", plain)
    if vague:
        month = _valid(vague.group(1), "12", None, read)
        return month, [("date_vague", {"read": read, "used": month})]
    for form in _FORMS:
        match = form.fullmatch(plain) or form.fullmatch(_TRAILER.sub("", plain))
        if match and _may_trail(plain, match):
            parts = match.groupdict()
            return _valid(parts["y"], parts.get("m"), parts.get("d"), read), []
    raise Refused("date_unclear" if _UNCLEAR.search(plain) else "date_unreadable", read=read)


def _may_trail(plain: str, match: re.Match[str]) -> bool:
    """Let 底, 中旬 and the like stand only behind a month: 2022年初 does not say which month."""
    return plain == match.group() or "月" in match.group()


def _serial(plain: str, read: str, epoch: dt.date) -> tuple[str, list[Note]]:
    days = int(float(plain))
    if days not in SERIALS:
        raise Refused("date_unreadable", read=read)
    day = (epoch + dt.timedelta(days=days)).isoformat()
    return day, [("date_serial", {"read": read, "used": day})]


def _valid(year: str, month: str | None, day: str | None, read: str) -> str:
    if int(year) not in YEARS:
        raise Refused("date_range", read=read)
    if month is None:
        return year
    if not 1 <= int(month) <= 12:
        raise Refused("date_impossible", read=read)
    if day is None:
        return f"{year}-{int(month):02d}"
    if not 1 <= int(day) <= calendar.monthrange(int(year), int(month))[1]:
        raise Refused("date_impossible", read=read)
    return f"{year}-{int(month):02d}-{int(day):02d}"
