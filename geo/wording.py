"""The sentences of the locales: the one reader of them for the pages, the commands and the intake."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from geo.errors import GeoError
from geo.view import LANGUAGES

LOCALES = Path(__file__).parent.parent / "locales"

Translate = Callable[..., str]


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the texts of a language by table and key, as `import.done`; unknown gives the first."""
    known = language if language in LANGUAGES else LANGUAGES[0]
    tables = tomllib.loads((LOCALES / f"{known}.toml").read_text("utf-8"))
    return {f"{name}.{key}": text for name, table in tables.items() for key, text in table.items()}


@cache
def translator(language: str) -> Translate:
    """Return `t(key, **values)` for a language; an unknown key is a KeyError."""
    known = words(language)

    def t(key: str, **values: object) -> str:
        text = known[key]
        return text.format(**values) if values else text

    return t


def say(key: str, language: str, **values: object) -> str:
    """Return one text of a language with its placeholders filled."""
    return translator(language)(key, **values)


def section(language: str, table: str) -> dict[str, str]:
    """Return one table of the wording, its placeholders unfilled, for use in the browser."""
    prefix = f"{table}."
    return {
        key.removeprefix(prefix): text
        for key, text in words(language).items()
        if key.startswith(prefix)
    }


def sentence(error: GeoError, t: Translate, *, inside: bool = False) -> str:
    """Turn an error's code and details into a sentence.

    Where things are and what a server said is for `inside` only: the command line, the city
    office and the log; everybody else is told what it means, without a path (`error_plain`).
    """
    for key in (f"error_plain.{error.code}", f"error.{error.code}")[inside:]:
        try:
            return t(key, **error.details)
        except KeyError:  # no such text, or a detail that it needs is missing
            continue
    return t("error.unknown", code=error.code)


def is_shortened(error: GeoError) -> bool:
    """Tell whether an error has a plain sentence, so that only the log says all of it."""
    return f"error_plain.{error.code}" in words(LANGUAGES[0])


def land(m2: int, t: Translate) -> str:
    """Write land given in m² in 亩 and hectares, to two decimals."""
    mu, ha = (f"{value:,.2f}".rstrip("0").rstrip(".") for value in (m2 * 3 / 2000, m2 / 10_000))
    return t("card.land_value", mu=mu, ha=ha)


def share(value: float) -> str:
    """Write a share in whole percent; what is not all is never 100 %, what is not none never 0 %."""
    whole = 100 * value
    if 0 < whole < 1:
        return "<1%"
    return ">99%" if 99 < whole < 100 else f"{whole:.0f}%"


def span(low: int, high: int) -> str:
    """Write a range of ranks, one rank as itself."""
    return str(low) if low == high else f"{low}–{high}"
