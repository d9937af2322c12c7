"""Cells read as values: money in whole 万元, percent, dates, years and plain text.

Each reader takes a cell and returns the value with its warnings, or raises `Refused`. A value that
can be read in two ways is refused; one that is read with a change (rounded, serial day) is noted.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from geo.exchange.reading.grid import Cell
from geo.intake.faults import Note, Refused
from geo.intake.headings import YUAN
from geo.intake.lines import text_of
from geo.intake.text import chinese_number, clean, fold, number, western_digits

WAN = 10_000
MAX_WAN = 10**10
YEARS = range(1949, 2101)
MAX_TEXT = 5_000
MAX_NAME = 200
NOTHING = frozenset(
    {
        "-",
        "--",
        "/",
        "//",
        "\\",
        "无",
        "暂无",
        "待定",
        "未定",
        "不详",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
    }
)
_FOREIGN = re.compile(
    r"美元|欧元|港元|港币|日元|韩元|英镑|卢布|usd|eur|hkd|jpy|krw|gbp|rub|\$|€|£|₩|₽|jp¥",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"^(?:人民币|rmb|cny|¥)|(?:人民币|rmb|cny)$", re.IGNORECASE)
_ONLY_UNIT = re.compile(r"[百千万亿]+元?")  # no amount before it: 万元 is not nought
_PART = re.compile(r"(\d[\d, ]*(?:\.\d+)?|\.\d+)(亿|千万|百万|十万|万|千|百)?(?:元(?=$|\d))?")
_SCALE = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 100,
}
_FORMAT_UNIT = re.compile(
    rf"(?<![\u4e00-\u9fff])({'|'.join(sorted(YUAN, key=len, reverse=True))}|亿|万)"
)
_FORMAT_SCALES = re.compile(r"[0#],+(?![0#])|!\.|\\\.")
_POWER = re.compile(r"\d(?:\.\d+)?E\+\d{2}", re.IGNORECASE)
_PERCENT = re.compile(r"([\d.,]+)%")


def is_nothing(cell: Cell) -> bool:
    """Tell whether a cell says that there is nothing to say: a dash, 无, 待定."""
    value = cell.value
    return isinstance(value, str) and len(value) < 12 and fold(value).casefold() in NOTHING


def text(cell: Cell, *, limit: int = MAX_TEXT) -> str:
    """Read a text as it stands, without control characters; a number as a whole number if it is."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        read = clean(text_of(cell))
    elif isinstance(value, float) and not value.is_integer():
        read = clean(cell.text) or repr(value)
    elif abs(value) >= 10**15:  # a spreadsheet keeps 15 digits; the rest are noughts
        raise Refused("digits_lost", read=cell.text or f"{value:.0f}")
    else:
        read = f"{value:.0f}"
    if len(read) > limit:
        raise Refused("text_too_long", read=f"{read[:20]}…", length=len(read), limit=limit)
    return read


def digits(cell: Cell) -> str:
    """Read a text of digits: a code, a phone. Refuses: `digits_lost`, also for 1.39E+10 as a text,
    which is what a .csv keeps of a number too long for its column."""
    read = text(cell)
    if _POWER.fullmatch(read):
        raise Refused("digits_lost", read=read)
    return read


def money(cell: Cell, unit: str) -> tuple[int, list[Note]]:
    """Read an amount as whole 万元, rounded half up; `unit` is the column's own or empty.

    A unit in the cell goes before the column's. Refuses: `unit_unknown`, `money_unreadable`,
    `money_currency`, `money_negative`, `money_range`, `format_scales`.
    """
    shown = as_shown(cell, "money_unreadable")
    _as_styled(cell)
    value, own = _amount(shown)
    if not own and (styled := _format_unit(cell)):
        value, own = value * YUAN[styled], [styled]
    if not own:
        if unit not in YUAN and value:
            raise Refused("unit_unknown", read=shown)
        value *= YUAN.get(unit, 1)
    wan = value / WAN
    whole = int(wan.quantize(Decimal(1), ROUND_HALF_UP))
    if whole > MAX_WAN:
        raise Refused("money_range", read=shown, limit=f"{MAX_WAN:,}")
    notes: list[Note] = []
    if unit in YUAN and any(label != unit for label in own):
        notes.append(("unit_in_cell", {"read": shown, "unit": unit, "used": whole}))
    if wan != whole:
        notes.append(
            ("money_rounded", {"read": shown, "exact": f"{wan.normalize():f}", "used": whole})
        )
    return whole, notes


def percent(cell: Cell, *, sign: bool, fractions: bool = False) -> tuple[int | float, list[Note]]:
    """Read a percentage, 0 to 100. `sign`: the heading says %; `fractions`: the column's bare
    numbers may be parts of 1, so that 1 and below can mean two things.

    Refuses: `percent_unreadable`, `percent_ambiguous`, `percent_range`.
    """
    notes: list[Note] = []
    shown = as_shown(cell, "percent_unreadable")
    stated = _stated_percent(shown)
    if stated is None and "%" in cell.number_format and not isinstance(cell.value, str):
        stated = _bare(shown, "percent_unreadable") * 100
    if stated is None:
        stated = _bare(shown, "percent_unreadable")
        if 0 < stated < 1 or (stated == 1 and fractions):
            options = f"{stated.normalize():f}%", f"{(stated * 100).normalize():f}%"
            raise Refused("percent_ambiguous", read=shown, one=options[0], other=options[1])
        if not sign and stated:
            notes.append(("percent_assumed", {"read": shown, "used": f"{stated:f}"}))
    if not 0 <= stated <= 100:
        raise Refused("percent_range", read=shown)
    found = float(round(stated, 6))
    return int(found) if found.is_integer() else found, notes


def bare_number(cell: Cell) -> Decimal | None:
    """Return the number of a cell that shows nothing else: no unit, no percent sign."""
    if cell.fault or "%" in cell.number_format or isinstance(cell.value, bool):
        return None
    if isinstance(cell.value, int | float):
        return _decimal(cell.value)
    return number(fold(cell.value)) if isinstance(cell.value, str) else None


def year(cell: Cell) -> str:
    """Read a year as four digits. Refuses: `year_unreadable`."""
    match = re.fullmatch(r"(\d{4})(?:\.0)?年?度?", western_digits(fold(_date_text(cell))))
    if not match or int(match.group(1)) not in YEARS:
        raise Refused("year_unreadable", read=text_of(cell))
    return match.group(1)


def as_shown(cell: Cell, code: str) -> str:
    """Return what a cell of numbers says, in plain form. Refuses with the code given."""
    value = cell.value
    if isinstance(value, bool | dt.date):
        raise Refused(code, read=cell.text or str(value))
    if isinstance(value, int | float):
        return f"{_decimal(value):f}"
    return fold(str(value))


def _decimal(value: int | float) -> Decimal:
    """Take the 15 digits that a spreadsheet shows: 0.1 + 0.2 is 0.3 there."""
    return Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))


def _bare(shown: str, code: str) -> Decimal:
    found = number(shown.removeprefix("-"))
    if found is None:
        raise Refused(code, read=shown)
    return -found if shown.startswith("-") else found


@lru_cache(maxsize=16384)
def _read_amount(shown: str) -> tuple[Decimal, tuple[str, ...]]:
    if _FOREIGN.search(shown):
        raise Refused("money_currency", read=shown)
    plain = _CURRENCY.sub("", shown).strip()
    if re.match(r"^-\s*[\d.]|^\(\s*[\d.,]+\s*\)$", plain):
        raise Refused("money_negative", read=shown)
    found = number(plain)
    if found is not None:
        return found, ()
    if _ONLY_UNIT.fullmatch(plain):
        raise Refused("money_unreadable", read=shown)
    spelt = chinese_number(plain.removesuffix("元"))
    if spelt is not None and len(plain) > 1:
        return spelt, ("元",) if plain.endswith("元") else _spelt_units(plain)
    return _parts(plain.replace(" ", ""), shown)


def _amount(shown: str) -> tuple[Decimal, list[str]]:
    """Return the amount in 元 with the units it is written in; without any, the bare number."""
    value, units = _read_amount(shown)
    return value, list(units)


def _spelt_units(plain: str) -> tuple[str, ...]:
    if not plain.endswith(("万", "亿")):
        raise Refused("money_unreadable", read=plain)
    return (f"{plain[-1]}元",)


def _parts(plain: str, shown: str) -> tuple[Decimal, tuple[str, ...]]:
    """Add up 1亿2000万5000元; each part must be smaller than the one before."""
    total, at, last, units = Decimal(0), 0, 10**9, []
    while at < len(plain):
        match = _PART.match(plain, at)
        part = number(match.group(1).rstrip(",")) if match else None
        if match is None or part is None:
            raise Refused("money_unreadable", read=shown)
        scale = _SCALE.get(match.group(2) or "", 1)
        written = match.group().endswith("元")
        if scale >= last or (scale == 1 and not written):
            raise Refused("money_unreadable", read=shown)
        total += part * scale
        units.append(f"{match.group(2) or ''}元")
        at, last = match.end(), scale
    return total, tuple(units)


def _as_styled(cell: Cell) -> None:
    """Refuse a number that its format shows as dollars or as a percentage."""
    if isinstance(cell.value, str):
        return
    if _FOREIGN.search(cell.text):
        raise Refused("money_currency", read=cell.text)
    if "%" in cell.text:
        raise Refused("money_unreadable", read=cell.text)


def _format_unit(cell: Cell) -> str:
    """Return the unit that the number format writes behind the value. Refuses `format_scales`."""
    if isinstance(cell.value, str) or cell.number_format.isascii():
        return ""
    plain = re.sub(r"\[[^\]]*\]", "", cell.number_format).replace('"', "").replace("\\", "")
    match = _FORMAT_UNIT.search(plain)
    if not match:
        return ""
    if _FORMAT_SCALES.search(re.sub(r"\[[^\]]*\]", "", cell.number_format)):
        raise Refused("format_scales", read=cell.text, value=str(cell.value))
    unit = match.group(1)
    return unit if unit.endswith("元") else f"{unit}元"


def _stated_percent(shown: str) -> Decimal | None:
    match = _PERCENT.fullmatch(shown.replace(" ", ""))
    if match:
        return number(match.group(1))
    if shown.startswith("百分之"):
        rest = shown.removeprefix("百分之").strip()
        whole, _, part = rest.partition("点")
        spelt = chinese_number(whole) or number(whole)
        if spelt is not None and part:
            digits = western_digits(part)
            return spelt + Decimal(f"0.{digits}") if digits.isdigit() else None
        return spelt
    return None


def _date_text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, bool) or value is None:
        return cell.text
    if isinstance(value, int | float):
        # A format with decimals shows 2022.10 where the bare value is 2022.1.
        return cell.text if number(fold(cell.text)) == _decimal(value) else f"{_decimal(value):f}"
    return text_of(cell)
