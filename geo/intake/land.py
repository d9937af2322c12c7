"""Land that a project takes: the units in which lists write it, and cells read as whole m²."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from geo.exchange.reading.grid import Cell
from geo.intake.faults import Note, Refused
from geo.intake.text import chinese_number, fold, number

MU = Fraction(2000, 3)
HECTARE = Fraction(10_000)
M2 = "平方米"
# As folded: ㎡ and m² are m2 by then. Each unit by the name that faults call it.
_NAMES = {
    M2: ("平方米", "平米", "m2", "sqm"),
    "万平方米": ("万平方米", "万平米", "万m2"),
    "亩": ("亩",),
    "万亩": ("万亩",),
    "公顷": ("公顷", "hm2", "ha"),
    "平方公里": ("平方公里", "平方千米", "km2"),
}
UNITS: dict[str, Fraction] = {
    M2: Fraction(1),
    "万平方米": HECTARE,
    "亩": MU,
    "万亩": MU * 10_000,
    "公顷": HECTARE,
    "平方公里": Fraction(1_000_000),
}
MOST_M2 = 10**10
_NAMED = {name: unit for unit, names in _NAMES.items() for name in names}
_ANY = "|".join(sorted(_NAMED, key=len, reverse=True))
_ALONE = re.compile(rf"(?:(?:面积|用地|占地|土地|计量)?单位)?[:为]?({_ANY})", re.IGNORECASE)
# A letter before m2 or ha makes another word of it: km2, alpha.
_TAIL = re.compile(rf"(?:[:/,、-]|单位:?)*((?<![a-z])(?:{_ANY}))数?$", re.IGNORECASE)
_OWN_NAME = re.compile(r"(?<=[a-z])_m2$")  # the house's own column names
_STATED = re.compile(r"单位[:为]?([^():;。]+)")
_BETWEEN = re.compile(r"[,、/和及]")
_AMOUNT = re.compile(rf"(-?[\d., ]*\d|-?[一二三四五六七八九十百千两零]+)({_ANY})?", re.IGNORECASE)
_FORMAT = re.compile(rf"({_ANY})", re.IGNORECASE)
_SCALED = re.compile(r"[0#],+(?![0#])|!\.|\\\.")


def unit_alone(plain: str) -> str:
    """Return the unit of land that a folded text consists of: 亩, 面积单位:公顷, m2; else ""."""
    match = _ALONE.fullmatch(plain.strip("()[]【】:"))
    return _NAMED[match.group(1).lower()] if match else ""


def unit_at_end(plain: str) -> tuple[str, str]:
    """Return the unit that a folded heading ends with, and what stands before it; "" without."""
    if _OWN_NAME.search(plain):
        return M2, plain
    match = _TAIL.search(plain)
    if match is None or not match.start():
        return "", plain
    return _NAMED[match.group(1).lower()], plain[: match.start()]


def units_in(pieces: list[str]) -> str:
    """Return the units among the parts of a heading, several joined by "/"."""
    return "/".join(sorted({unit for unit in map(unit_alone, pieces) if unit}))


def unit_stated(text: str) -> str:
    """Return the unit of land that a line above a table states, several joined by "/", or ""."""
    return units_in([fold(text).replace(" ", ""), *pieces(text)])


def pieces(text: str) -> list[str]:
    """Return what a line names as its units: 单位：万元、亩 has two."""
    plain = fold(text).replace(" ", "")
    return [part for found in _STATED.findall(plain) for part in _BETWEEN.split(found)]


def land(cell: Cell, unit: str, shown: str) -> tuple[int, list[Note]]:
    """Read land as whole m², rounded half up; `unit` is the column's own or empty.

    A unit in the cell goes before the column's; 1 亩 is exactly 2000/3 m². `shown` is the cell's
    text in plain form. Refuses: `land_unit_unknown`, `land_unreadable`, `land_negative`,
    `land_range`, `format_scales`.
    """
    value, own = _amount(shown)
    own = own or _format_unit(cell)
    if not own and unit not in UNITS and value:
        raise Refused("land_unit_unknown", read=shown)
    exact = value * UNITS.get(own or unit, Fraction(1))
    whole = int(exact + Fraction(1, 2))
    if whole > MOST_M2:
        raise Refused("land_range", read=shown, limit=f"{MOST_M2:,}")
    notes: list[Note] = []
    if own and unit in UNITS and own != unit:
        notes.append(("land_unit_in_cell", {"read": shown, "unit": unit, "used": f"{whole:,}"}))
    return whole, notes


def _amount(shown: str) -> tuple[Fraction, str]:
    plain = shown.replace(" ", "")
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        return _in_ten_thousands(plain, shown)
    written, unit = match.groups()
    if written.startswith("-"):
        raise Refused("land_negative", read=shown)
    found = number(written)
    if found is None:
        found = chinese_number(written) if unit else None
    if found is None:
        raise Refused("land_unreadable", read=shown)
    return Fraction(found), _NAMED[unit.lower()] if unit else ""


def _in_ten_thousands(plain: str, shown: str) -> tuple[Fraction, str]:
    """Read 三万亩: a numeral that ends in 万 runs into the unit's own 万."""
    for name, unit in _NAMED.items():
        found: Decimal | None = chinese_number(plain.removesuffix(name))
        if plain.endswith(name) and found and not name.startswith("万"):
            return Fraction(found), unit
    raise Refused("land_unreadable", read=shown)


def _format_unit(cell: Cell) -> str:
    """Return the unit that the number format writes behind the value. Refuses `format_scales`."""
    if isinstance(cell.value, str) or '"' not in cell.number_format:
        return ""
    quoted = fold("".join(re.findall(r'"([^"]*)"', cell.number_format)))
    match = _FORMAT.fullmatch(quoted.replace(" ", ""))
    if match is None:
        return ""
    if _SCALED.search(cell.number_format):
        raise Refused("format_scales", read=cell.text, value=str(cell.value))
    return _NAMED[match.group(1).lower()]
