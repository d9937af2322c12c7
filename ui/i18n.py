"""The words of the page in the visitor's language, and numbers as that language writes them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from geo.wording import Translate, is_shortened, land, section, sentence, translator

__all__ = [
    "Translate",
    "is_shortened",
    "land",
    "money",
    "percent",
    "section",
    "sentence",
    "translator",
    "trimmed",
    "yi",
]

YI = 10_000  # 万元 in 1 亿元


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
