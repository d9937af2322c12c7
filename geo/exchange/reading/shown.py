"""Show a number or a date as a spreadsheet does, from its number format."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

GENERAL = "General"

# Formats that a workbook may name by number without spelling them (ECMA-376 part 1, 18.8.30;
# 27–36 and 50–58 as the Chinese edition shows them).
_YEAR_MONTH, _MONTH_DAY, _FULL_DATE = 'yyyy"年"m"月"', 'm"月"d"日"', 'yyyy"年"m"月"d"日"'
_HOUR, _SECOND = 'h"时"mm"分"', 'h"时"mm"分"ss"秒"'
_NOON, _NOON_SECOND = '上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"'
_MONEY = '_ * #,##0{0}_ ;_ * -#,##0{0}_ ;_ * "-"{1}_ ;_ @_ '
BUILTIN: dict[int, str] = {
    **{0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"},
    **{11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm"},
    **{17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss"},
    **{22: "yyyy/m/d h:mm", 27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 30: "m-d-yy"},
    **{31: _FULL_DATE, 32: _HOUR, 33: _SECOND, 34: _NOON, 35: _NOON_SECOND, 36: _YEAR_MONTH},
    **{37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00"},
    **{40: "#,##0.00;[Red]-#,##0.00", 41: _MONEY.format("", ""), 42: _MONEY.format("", "")},
    **{43: _MONEY.format(".00", "??"), 44: _MONEY.format(".00", "??"), 45: "mm:ss"},
    **{46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: _YEAR_MONTH},
    **{51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY, 54: _MONTH_DAY, 55: _NOON},
    **{56: _NOON_SECOND, 57: _YEAR_MONTH, 58: _MONTH_DAY},
}

_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_(.)|\*(.)|\[([^\]]*)\]'
    r"|(AM/PM|A/P|上午/下午|General|G/通用格式)|(y+|m+|d+|h+|s+|a{3,}|e+(?![+-]))"
    r"|([Ee][+-])|([0#?.,]+)|(.)",
    re.IGNORECASE | re.DOTALL,
)
_LITERAL, _ELAPSED, _NAME, _DATE, _POWER, _DIGITS = range(6)
Token = tuple[int, str]
_LONGEST = 255  # of a number format, in the file formats themselves
_MAX_SERIAL = 2_958_466  # the day after 9999-12-31
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Format:
    """Hold a parsed number format: one list of tokens a section, and what it makes of a number."""

    sections: tuple[tuple[Token, ...], ...]
    is_date: bool
    is_clock: bool
    is_elapsed: bool


@lru_cache(maxsize=4096)
def parse(code: str) -> Format:
    """Split a number format into sections and tokens; linear in its length."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code[:_LONGEST]):
        quoted, escaped, blank, filler, bracket, name, date, power, digits, other = match.groups()
        if other == ";":
            sections.append([])
        elif bracket is not None:
            sections[-1] += _bracket(bracket)
        elif filler is None:
            kinds = ((_NAME, name), (_DATE, date), (_POWER, power), (_DIGITS, digits))
            literal = " " if blank is not None else quoted or escaped or other or ""
            token = next(((kind, text) for kind, text in kinds if text), (_LITERAL, literal))
            sections[-1].append(token)
    first = sections[0]
    dates = "".join(text.lower() for kind, text in first if kind == _DATE)
    elapsed = any(kind == _ELAPSED for kind, _ in first)
    return Format(
        sections=tuple(tuple(section) for section in sections),
        is_date=bool(dates) and not elapsed,
        is_clock=bool(set(dates) & set("hs")),
        is_elapsed=elapsed,
    )


def _bracket(text: str) -> list[Token]:
    if re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
        return [(_ELAPSED, text.lower())]
    if text.startswith("$"):  # [$¥-804]: a currency sign and a locale
        return [(_LITERAL, text[1:].partition("-")[0])]
    return []  # a colour or a condition


def date_of(serial: float, code: str, *, date1904: bool) -> dt.date | dt.datetime | str | None:
    """Turn a serial number into a date, with its time if the format or the value has one.

    A time of day alone comes back as text (HH:MM:SS). None: no date has this number.
    """
    if not 0 <= serial < _MAX_SERIAL:
        return None
    form = parse(code)
    if serial < 1 and form.is_clock and not date1904:
        return (_EPOCHS[True] + _span(serial)).time().isoformat()
    # Day 60 is 1900-02-29 in the 1900 system, which never was; days before it count from one more.
    days = serial + 1 if serial < 60 and not date1904 else serial
    if not date1904 and (serial < 1 or 60 <= serial < 61):
        return None
    try:
        moment = _EPOCHS[date1904] + _span(days)
    except OverflowError:
        return None
    midnight = moment.time() == dt.time()
    return moment.date() if midnight and not form.is_clock else moment


def _span(days: float) -> dt.timedelta:
    """A serial number holds a time to about a millisecond; seconds are what people wrote."""
    return dt.timedelta(seconds=round(days * 86_400))


def number(value: int | float, code: str = GENERAL) -> str:
    """Show a number in its format; a format that is not understood shows as General."""
    if code == GENERAL:
        return general(value)
    sections = parse(code).sections
    shown = value
    if len(sections) > 1 and value < 0:
        section, shown = sections[1], -value
    elif len(sections) > 2 and value == 0:
        section = sections[2]
    else:
        section = sections[0]
    return _section(shown, section)


def general(value: int | float) -> str:
    """Show a number as General does: eleven characters, then an exponent."""
    size = abs(value)
    if size and (size >= 1e11 or size < 1e-9):
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"
    if value == int(value):
        return str(int(value))
    digits = len(str(int(size)))
    return f"{value:.{max(0, 10 - digits)}f}".rstrip("0").rstrip(".")


def _section(value: int | float, section: tuple[Token, ...]) -> str:
    picture = "".join(text for kind, text in section if kind == _DIGITS)
    if any(kind in (_DATE, _ELAPSED, _NAME) for kind, _ in section) or "/" in (
        text for kind, text in section if kind == _LITERAL and picture
    ):
        return general(value)
    if any(kind == _POWER for kind, _ in section):
        mantissa = next(text for kind, text in section if kind in (_DIGITS, _POWER))
        return f"{value:.{min(len(mantissa.partition('.')[2]), 15)}E}"
    if not any(char in "0#?" for char in picture):
        return "".join(general(value) if text == "@" else text for _, text in section).strip()
    percent = sum(text == "%" for kind, text in section if kind == _LITERAL)
    body = _digits(abs(value) * 100**percent, picture)
    out, done = "", False
    for kind, text in section:
        if kind != _DIGITS:
            out += text
        elif not done:
            out, done = out + body, True
    return ("-" if value < 0 and body.strip("0.,") else "") + out.strip()


def _digits(size: int | float, picture: str) -> str:
    whole, _, fraction = picture.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    places = min(len(fraction.rstrip(",")), 15)
    text = f"{round(size / 1000**scale, places):.{places}f}"
    left, _, right = text.partition(".")
    must = fraction.count("0")
    while len(right) > must and right.endswith("0"):
        right = right[:-1]
    least = whole.count("0")
    left = left.zfill(least) if least else left.lstrip("0")
    if "," in whole.rstrip(","):
        left = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", left)
    return f"{left}.{right}" if right or (fraction and must) else left


def moment(value: dt.date | dt.datetime, code: str) -> str:
    """Show a date in its format: years, months, days, clock and the words between them."""
    at = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
    section = parse(code).sections[0]
    noon = any(kind == _NAME and "/" in text for kind, text in section)
    out, last = "", ""
    for place, (kind, text) in enumerate(section):
        if kind == _DATE:
            out += _date_part(at, text.lower(), minute=_is_minute(section, place, last), noon=noon)
            last = text.lower()[0]
        elif kind == _NAME:
            out += _half_day(at, text)
        else:
            out += text.rstrip("@") if kind == _LITERAL else text
    return out.strip() or at.isoformat(sep=" ")


def _is_minute(section: tuple[Token, ...], place: int, last: str) -> bool:
    """Tell whether an m here is a minute: after an hour, or before a second."""
    following = next((text.lower()[0] for kind, text in section[place + 1 :] if kind == _DATE), "")
    return last == "h" or following == "s"


def _half_day(at: dt.datetime, names: str) -> str:
    morning, _, evening = names.partition("/")
    return morning if at.hour < 12 else evening


def _date_part(at: dt.datetime, token: str, *, minute: bool, noon: bool) -> str:
    letter, wide = token[0], len(token)
    if letter in "ye":
        return f"{at.year:04d}" if wide > 2 or letter == "e" else f"{at.year % 100:02d}"
    if letter == "m" and wide > 2 and not minute:
        return at.strftime("%b" if wide == 3 else "%B")
    if letter == "d" and wide > 2:
        return at.strftime("%a" if wide == 3 else "%A")
    if letter == "a":
        return ("星期" if wide > 3 else "") + _WEEKDAYS[at.weekday()]
    hour = (at.hour % 12 or 12) if noon else at.hour
    part = {"m": at.minute if minute else at.month, "d": at.day, "h": hour, "s": at.second}[letter]
    return f"{part:02d}" if wide > 1 else str(part)
