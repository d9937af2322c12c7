"""The words of the page in the visitor's language, and numbers as that language writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

from geo.errors import GeoError
from geo.view import LANGUAGES

LOCALES = Path(__file__).parent.parent / "locales"
YI = 10_000  # 万元 in 1 亿元

Translate = Callable[..., str]


@cache
def _words(language: str) -> dict[str, str]:
    tables = tomllib.loads((LOCALES / f"{language}.toml").read_text("utf-8"))
    return {
        f"{table}.{key}": text for table, entries in tables.items() for key, text in entries.items()
    }


@cache
def translator(language: str) -> Translate:
    """Return `t(key, **values)` for a language; an unknown language gives the first one."""
    words = _words(language if language in LANGUAGES else LANGUAGES[0])

    def t(key: str, **values: object) -> str:
        text = words[key]
        return text.format(**values) if values else text

    return t


def section(language: str, table: str) -> dict[str, str]:
    """Return one table of the wording, its placeholders unfilled, for use in the browser."""
    prefix = f"{table}."
    return {
        key.removeprefix(prefix): text
        for key, text in _words(language).items()
        if key.startswith(prefix)
    }


def sentence(error: GeoError, t: Translate) -> str:
    """Turn an error's code and details into a sentence."""
    try:
        return t(f"error.{error.code}", **error.details)
    except KeyError:
        return t("error.unknown", code=error.code)


def money(wan: int, language: str) -> str:
    """Write an amount of 万元 with its unit: 1,237.2 亿元, or CNY 123.72 bn."""
    if language == "en":
        value, unit = (
            (Fraction(wan, 100_000), "bn") if wan >= 100_000 else (Fraction(wan, 100), "m")
        )
        return f"CNY {trimmed(value)} {unit}"
    return f"{trimmed(Fraction(wan, YI))} 亿元" if wan >= YI else f"{wan:,} 万元"


def yi(wan: int) -> str:
    """Write an amount of 万元 as a bare number of 亿元."""
    return trimmed(Fraction(wan, YI), digits=4)


def trimmed(value: Fraction, *, digits: int = 2) -> str:
    """Write a number with thousands separators and no needless zeros."""
    text = f"{_decimal(value):,.{digits}f}"
    return text.rstrip("0").rstrip(".")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def percent(value: Fraction | None, t: Translate) -> str:
    """Write a ratio in percent; a ratio without a denominator is a dash, never 0."""
    return t("figure.none") if value is None else f"{_decimal(value * 100):.2f}%"
