"""Find projects by words: characters, full pinyin or initials, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from pypinyin import Style, lazy_pinyin

SYLLABLE = "|"  # marks where a syllable starts, so that "an" does not match inside "dan"


def index_text(texts: Iterable[str]) -> pd.Series:
    """Prepare texts for `matches`: the lower-case text, its syllables and its initials."""
    prepared: dict[str, str] = {}
    entries = []
    for text in texts:
        if text not in prepared:
            prepared[text] = _entry(text)
        entries.append(prepared[text])
    return pd.Series(entries, dtype="object")


def _entry(text: str) -> str:
    plain = text.lower()
    syllables = lazy_pinyin(plain, errors="ignore")
    initials = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors="ignore")
    spelled = SYLLABLE + SYLLABLE.join([*syllables, "", *initials])
    return f"{plain}\n{spelled.upper()}"  # upper case: a plain word cannot match the spelling


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
    spelled = re.escape(SYLLABLE) + r"\|?".join(word.upper())
    return f"{plain}|{spelled}"
