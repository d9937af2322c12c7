"""Sentences for faults in Chinese and English, where no page is there to make them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from geo.errors import GeoError
from geo.intake.faults import Fault

LOCALES = Path(__file__).parents[2] / "locales"


@cache
def wording(language: str) -> Mapping[str, str]:
    """Return the texts of a language (zh, en) by table and key, as `import.…`."""
    tables = tomllib.loads((LOCALES / f"{language}.toml").read_text("utf-8"))
    return {f"{name}.{key}": text for name, table in tables.items() for key, text in table.items()}


def say(key: str, language: str, **values: object) -> str:
    """Return one text with its placeholders filled."""
    return wording(language)[key].format(**values)


def sentence(fault: Fault, language: str = "zh") -> str:
    """Return what is wrong, what was read and what is expected, without the place."""
    words = wording(language)
    text = words.get(f"import.{fault.code}") or words.get(f"error.{fault.code}")
    if text is None:
        return words["error.unknown"].format(code=fault.code)
    return text.format(**fault.details)


def place(fault: Fault, language: str = "zh", *, sheet: bool = False) -> str:
    """Return where a fault is, as far as it has a place; with `sheet`, the sheet as well."""
    words = wording(language)
    parts = [words["import.at_sheet"].format(sheet=fault.sheet)] if sheet and fault.sheet else []
    if fault.row is not None:
        parts.append(words["import.at_row"].format(row=fault.row))
    if fault.col is not None:
        parts.append(words["import.at_col"].format(col=" ".join(fault.col.split())))
    return (" " if language == "zh" else ", ").join(parts)


def line(fault: Fault, language: str = "zh", *, sheet: bool = False) -> str:
    """Return a fault's place and sentence in one line."""
    where = place(fault, language, sheet=sheet or fault.row is None)
    mark = "：" if language == "zh" else ": "
    said = sentence(fault, language)
    return f"{where}{mark}{said}" if where else said


def refusal(error: GeoError, language: str = "zh") -> str:
    """Return the sentence of an error that ends an import before a row is read."""
    words = wording(language)
    text = words.get(f"error.{error.code}")
    try:
        return (
            text.format(**error.details) if text else words["error.unknown"].format(code=error.code)
        )
    except KeyError:
        return words["error.unknown"].format(code=error.code)
