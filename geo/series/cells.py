"""Cells and headings of a list of metrics: periods in words, exact values in the metric's unit."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from geo.exchange.reading.grid import UNCACHED, Cell
from geo.intake import names, values
from geo.intake.faults import Note, Refused
from geo.intake.lines import text_of
from geo.intake.text import fold, key, number, western_digits
from geo.model import Metric
from geo.series import period as periods
from geo.series.points import LEAST, MOST
from geo.series.words import NEEDED, UNITS, Words, unit

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d)"
_IN_YEAR = (
    r"(?P<before>前)(?P<upto>[123])季度|第(?P<nth>[1-4])季度|q(?P<q>[1-4])"
    r"|(?P<q1>1)季度|1[-至到~](?P<to>[234])季度|(?P<half>上半年|下半年)|(?P<all>全年)"
    r"|(?P<m1>\d{1,2})月?(?:份)?[-至到~](?P<m2>\d{1,2})月(?:份)?|(?P<m>\d{1,2})月(?:份|底|末)?"
)
_PERIOD = re.compile(rf"{_YEAR}(?:年度|年|-)?(?:{_IN_YEAR})?", re.ASCII | re.IGNORECASE)
_MONTH = re.compile(rf"{_YEAR}[-./](\d{{1,2}})(?!\d)", re.ASCII)
_EXACT = re.compile(r"\d{4}-\d\d/\d{4}-\d\d", re.ASCII)
_UNCLEAR = re.compile(r"(?<![第前1\-至到~])[2-4]季度")
_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_VALUE = re.compile(r"([+-]?)(\d[\d, ]*(?:\.\d+)?|\.\d+)(.*)", re.ASCII)
_TAIL = re.compile(r"(?:亿|千万|百万|万|千)?元$|%$")


@dataclass(frozen=True)
class Head:
    """Hold what a heading, or a cell that names a metric, says; what it does not say is ""."""

    field: str = ""
    metric: str = ""
    period: str = ""
    unit: str = ""
    status: str = ""
    area_kind: str = ""

    def __or__(self, other: Head) -> Head:
        """Return both, the other one's words first."""
        mine, its = vars(self), vars(other)
        return Head(**{name: its[name] or mine[name] for name in mine})

    @property
    def empty(self) -> bool:
        """Tell whether nothing was understood."""
        return self == Head()


def head(text: str, words: Words) -> Head:
    """Take a heading apart: which column it is, or which metric, period, unit, status and basis."""
    plain = _plain(text).strip("*★:")
    if alone := unit(plain):  # also 单位：万元 above a table
        return Head(unit=alone)
    found = Head()
    for inside in _BRACKETS.findall(plain):
        for piece in re.split(r"[,;、]", inside):
            found |= _piece(piece, words)
    bare = _BRACKETS.sub("", plain)
    when, rest = _cut(bare)
    found |= Head(period=when)
    asis = _BRACKETS.sub("", fold(text).replace(" ", ""))  # a name may have numerals of its own
    for stem, said in ((asis, Head()), (bare, Head()), (rest, Head()), *_shorter(rest, words)):
        if key(stem) in words.headings:
            return found | said | Head(field=words.headings[key(stem)])
        if key(stem) in words.metric_keys:
            return found | said | Head(metric=words.metric_keys[key(stem)])
    return found | _piece(rest, words)


def _piece(piece: str, words: Words) -> Head:
    return Head(
        unit=unit(piece),
        status=words.status_keys.get(key(piece), ""),
        area_kind=words.area_kind_keys.get(key(piece), ""),
        period=_cut(piece)[0],
    )


def _shorter(stem: str, words: Words) -> list[tuple[str, Head]]:
    """Return a heading without the unit or the status at its end: 产值万元, 产值预计数."""
    found = [(stem[: m.start()], Head(unit=unit(m[0]))) for m in [_TAIL.search(stem)] if m]
    for word, status in words.status_keys.items():
        if stem.endswith(word) and len(stem) > len(word):
            found.append((stem[: -len(word)], Head(status=status)))
    return found


def _plain(text: str) -> str:
    return western_digits(fold(text).replace(" ", ""))


def _cut(plain: str) -> tuple[str, str]:
    """Return the period that stands in a text, "" for none or one that is not clear, and the rest."""
    if exact := _EXACT.search(plain):
        rest = plain.replace(exact[0], "")
        return (exact[0] if periods.is_period(exact[0]) else ""), rest
    if _UNCLEAR.search(plain):
        return "", plain
    month = _MONTH.search(plain)
    match = month or _PERIOD.search(plain)
    if match is None:
        return "", plain
    try:
        months = (int(month[2]),) * 2 if month else _months(match)
        when = periods.written(int(match["year"]), *months)
    except ValueError:
        return "", plain
    return when, plain[: match.start()] + plain[match.end() :]


def _months(match: re.Match[str]) -> tuple[int, int]:
    part = match.groupdict()
    if part["half"]:
        return (1, 6) if part["half"] == "上半年" else (7, 12)
    if upto := part["upto"] or part["to"]:
        return 1, int(upto) * 3
    if quarter := part["nth"] or part["q"] or part["q1"]:
        return int(quarter) * 3 - 2, int(quarter) * 3
    first, last = part["m1"] or part["m"], part["m2"] or part["m"]
    return (int(first), int(last)) if first and last else (1, 12)


def period(cell: Cell) -> str:
    """Read a period: 2021, 2022年前三季度, 2022年1—9月, 2022-01/2022-09.

    Refuses `series_period` what is none, or could be two: 三季度, the day of a date, 2022.1.
    """
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    shown = str(value) if isinstance(value, int) else text_of(cell)
    plain = _plain(shown)
    when, rest = _cut(plain)
    unclear = isinstance(value, float | bool | dt.date)
    if not when or rest.strip("年度()") or unclear:
        raise Refused("series_period", read=fold(shown))
    return when


def place(text: str, words: Words) -> tuple[str, list[Note]]:
    """Return the id of a place by its name. Refuses `series_place`, `park_ambiguous`."""
    known = words.place_keys.get(key(text))
    if known:
        return known, []
    try:
        return names.county(text, words.lexicon), []
    except Refused:
        pass
    try:
        found, notes = names.park(text, None, words.lexicon)
    except Refused as refused:
        if refused.code == "park_ambiguous":
            raise
        found, notes = None, []
    if not found:
        raise Refused("series_place", read=fold(text))
    return found, notes


def value(cell: Cell, metric: Metric, stated: str) -> tuple[int, list[Note]]:
    """Read a value as a whole number of its metric's unit; `stated` is the column's unit or "".

    A unit in the cell goes before the column's. Refuses: `formula_error`, `formula_uncached`,
    `series_value`, `series_unit`, `series_unit_wrong`, `series_whole`, `series_negative`,
    `series_range`, `percent_ambiguous`, those of `values.money`.
    """
    if cell.fault:
        code = "formula_uncached" if cell.fault == UNCACHED else "formula_error"
        raise Refused(code, read=cell.fault)
    if isinstance(cell.value, bool | dt.date):
        raise Refused("series_value", read=text_of(cell))
    if metric.unit == "wan":
        return _money(cell, stated)
    amount, own, shown = _number(cell)
    if own and own not in UNITS[metric.unit]:
        raise _wrong(shown, metric)
    scale, notes = _scale(amount, own or stated, metric, shown)
    exact = amount * scale
    whole = int(exact + Fraction(1, 2)) if exact >= 0 else -int(-exact + Fraction(1, 2))
    if exact != whole:
        if metric.unit in ("count", "person"):
            raise Refused("series_whole", read=shown)
        notes.append(("series_rounded", {"read": shown}))
    if whole < 0 and metric.unit != "bp":
        raise Refused("series_negative", read=shown)
    if not LEAST <= whole <= MOST:
        raise Refused("series_range", read=shown)
    return whole, notes


def _money(cell: Cell, stated: str) -> tuple[int, list[Note]]:
    full = {"万": "万元", "亿": "亿元"}.get(stated, stated)
    try:
        return values.money(cell, full)
    except Refused as refused:
        if refused.code == "unit_unknown":
            expected = " / ".join(UNITS["wan"])
            raise Refused("series_unit", read=fold(text_of(cell)), expected=expected) from None
        raise


def _number(cell: Cell) -> tuple[Fraction, str, str]:
    """Return the number of a cell, the unit that it has itself, and how it is shown."""
    if isinstance(cell.value, int | float):
        exact = Fraction(Decimal(format(cell.value, ".15g")))
        percent = "%" in cell.number_format
        return exact * (100 if percent else 1), "%" if percent else "", cell.text
    shown = fold(text_of(cell))
    match = _VALUE.fullmatch(shown)
    found = number(match[2].strip()) if match else None
    if match is None or found is None:
        raise Refused("series_value", read=shown)
    own = unit(match[3])
    if match[3].strip() and not own:
        raise Refused("series_value", read=shown)
    return Fraction(found) * (-1 if match[1] == "-" else 1), own, shown


def _scale(
    amount: Fraction, stated: str, metric: Metric, shown: str
) -> tuple[Fraction, list[Note]]:
    known = UNITS[metric.unit]
    if stated:
        if stated not in known:
            raise _wrong(stated, metric)
        return known[stated], []
    if metric.unit in NEEDED and amount:
        raise Refused("series_unit", read=shown, expected=" / ".join(known))
    if metric.unit != "bp":
        return Fraction(1), []
    if 0 < abs(amount) < 1:
        one, other = (f"{float(v):g}%" for v in (amount, amount * 100))
        raise Refused("percent_ambiguous", read=shown, one=one, other=other)
    return known["%"], [("percent_assumed", {"read": shown, "used": f"{float(amount):g}"})]


def _wrong(read: str, metric: Metric) -> Refused:
    expected = " / ".join(UNITS[metric.unit])
    return Refused("series_unit_wrong", read=read, metric=metric.title.zh, expected=expected)
