"""Sentences for faults in Chinese and English: what is wrong, and in which row and column."""

from __future__ import annotations

from geo.intake.faults import Fault
from geo.wording import words


def sentence(fault: Fault, language: str = "zh") -> str:
    """Return what is wrong, what was read and what is expected, without the place."""
    known = words(language)
    text = known.get(f"import.{fault.code}") or known.get(f"error.{fault.code}")
    if text is None:
        return known["error.unknown"].format(code=fault.code)
    return text.format(**fault.details)


def place(fault: Fault, language: str = "zh", *, sheet: bool = False) -> str:
    """Return where a fault is, as far as it has a place; with `sheet`, the sheet as well."""
    known = words(language)
    parts = [known["import.at_sheet"].format(sheet=fault.sheet)] if sheet and fault.sheet else []
    if fault.row is not None:
        parts.append(known["import.at_row"].format(row=fault.row))
    if fault.col is not None:
        parts.append(known["import.at_col"].format(col=" ".join(fault.col.split())))
    return (" " if language == "zh" else ", ").join(parts)


def line(fault: Fault, language: str = "zh", *, sheet: bool = False) -> str:
    """Return a fault's place and sentence in one line."""
    where = place(fault, language, sheet=sheet or fault.row is None)
    mark = "：" if language == "zh" else ": "
    said = sentence(fault, language)
    return f"{where}{mark}{said}" if where else said
