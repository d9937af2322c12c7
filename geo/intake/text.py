"""One text in its plain form: widths folded, blanks dropped, numerals read."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

# NFKC would turn the ring and the masculine ordinal, both used as degree signs, into letters.
_BEFORE = str.maketrans(
    {"º": "°", "˚": "°", "″": '"', "′": "'", "‘": "'", "’": "'", "“": '"', "”": '"'}
)
_DROPPED = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANKS = re.compile(r"\s+")
_DASHES = re.compile(r"[‐‑‒–—―−─]+")
_LOOSE = re.compile(r"[\s()\[\]{}【】《》〈〉<>「」\"'·•,、。;:]+")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_GROUPED = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_BARE = re.compile(r"\d+(?:\.\d*)?|\.\d+")
CHINESE = re.compile(r"[零〇一二三四五六七八九两十百千万亿]+")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return a text with full-width forms made half-width, blanks made single, dashes made one."""
    plain = unicodedata.normalize("NFKC", text.translate(_BEFORE)).translate(_BEFORE)
    return _BLANKS.sub(" ", _DASHES.sub("-", _DROPPED.sub("", plain))).strip()


@lru_cache(maxsize=65536)
def key(text: str) -> str:
    """Return only the letters and digits of a text, in lower case: what two spellings share."""
    return "".join(c for c in fold(text).casefold() if c.isalnum())


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """Return a project's name without blanks, brackets, quotes and pauses, in lower case.

    What tells 1-1 from 11 and 2# from 2 is kept.
    """
    return _LOOSE.sub("", fold(text).casefold())


def clean(text: str) -> str:
    """Return a text without control characters and outer blanks; its own lines stay."""
    if text.isprintable():  # no control and no format character, so nothing to look for
        return text.strip()
    kept = (c for c in _DROPPED.sub("", text) if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return "".join(kept).strip()


def number(text: str) -> Decimal | None:
    """Read an unsigned decimal number; thousands are in threes or not marked at all."""
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(",", "").replace(" ", ""))
    return Decimal(text) if _BARE.fullmatch(text) else None


def chinese_number(text: str) -> Decimal | None:
    """Read a whole number in Chinese numerals, up to 亿: 三千五百万, 一亿二千万."""
    if not CHINESE.fullmatch(text):
        return None
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _SCALES:
            section += (digit or 1) * _SCALES[c]
            digit = 0
        else:
            part = section + digit
            total = (total + part) * 10**8 if c == "亿" else total + part * 10**4
            section = digit = 0
    return Decimal(total + section + digit)


def western_digits(text: str) -> str:
    """Write the numerals of a date as digits: 二〇二二年十二月 → 2022年12月."""

    def read(match: re.Match[str]) -> str:
        run = match.group()
        if all(c in _DIGITS for c in run):
            return "".join(str(_DIGITS[c]) for c in run)
        found = chinese_number(run)
        return run if found is None else str(found)

    return re.sub(r"[零〇○一二三四五六七八九十]+", read, text)
