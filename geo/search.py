"""Find projects by words: characters, full pinyin or initials, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from pypinyin import lazy_pinyin

SYLLABLE = "\x1f"  # marks where a syllable starts; `split` cuts words at it, so none can hold it
BEYOND_LATIN = re.compile(r"[\u2e80-\U0003ffff]+")  # where characters with a pinyin can stand


def index_text(texts: Iterable[str]) -> pd.Series:
    """Prepare texts for `matches`: the lower-case text, its syllables and its initials."""
    spelled: dict[str, list[str]] = {}  # names repeat their runs of characters, numbers do not
    # Arrow's own strings are searched four times as fast as Python's
    return pd.Series([_entry(text.lower(), spelled) for text in texts], dtype="str")


def _entry(plain: str, spelled: dict[str, list[str]]) -> str:
    syllables: list[str] = []
    for run in BEYOND_LATIN.findall(plain):
        if run not in spelled:
            spelled[run] = lazy_pinyin(run, errors="ignore")
        syllables += spelled[run]
    initials = [syllable[0] for syllable in syllables]
    joined = SYLLABLE + SYLLABLE.join([*syllables, "", *initials])
    return f"{plain}\n{joined.upper()}"  # upper case: a plain word cannot match the spelling


def matches(index: pd.Series, query: str) -> np.ndarray:
    """Mark the rows that hold every word of `query`; an empty query marks all.

    A word of Latin letters also matches pinyin from the start of any syllable
    (kongque) and initials (kq).
    """
    mask = np.ones(len(index), dtype=bool)
    for word in query.lower().split():
        mask &= index.str.contains(_pattern(word), regex=True).to_numpy(dtype=bool)
    return mask


def _pattern(word: str) -> str:
    plain = re.escape(word)
    if not re.fullmatch(r"[a-zü]+", word):
        return plain
    letters = word.replace("ü", "v").upper()  # as keyboards and the spelling have it
    spelled = SYLLABLE + f"{SYLLABLE}?".join(letters)
    return f"{plain}|{spelled}"
