"""The faces of printed pages and pictures, from an installed package, and what they can show."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn as faces
from fontTools.ttLib import TTFont

MISSING = "〓"
"""The geta mark, which Chinese typesetting puts where it has no type for a character."""

_UNSEEN = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}


def sans() -> Path:
    """Return the file of the face for text: Noto Sans SC, SIL Open Font Licence."""
    return Path(faces.sans_path())


def serif() -> Path:
    """Return the file of the face for titles: Noto Serif SC, SIL Open Font Licence."""
    return Path(faces.serif_path())


def drawable(text: str) -> str:
    """Return text that both faces can draw.

    A character without a glyph becomes `MISSING`; invisible ones, which could turn the reading
    order round, go away. Line ends stay.
    """
    known = _known()
    return "".join(_glyph(c, known) for c in text)


def _glyph(character: str, known: frozenset[int]) -> str:
    if character == "\n" or ord(character) in known:
        return character
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    selector = 0xFE00 <= ord(character) <= 0xFE0F
    return "" if category in _UNSEEN or selector else MISSING


@cache
def _known() -> frozenset[int]:
    """Return the code points that both faces have; reading them takes a fifth of a second."""
    with TTFont(sans(), lazy=True) as one, TTFont(serif(), lazy=True) as other:
        shared = frozenset(one.getBestCmap()) & frozenset(other.getBestCmap())
    return frozenset(code for code in shared if unicodedata.category(chr(code)) not in _UNSEEN)
