"""Words in names: characters, pinyin, initials, and nothing in between."""

from __future__ import annotations

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.search import index_text, matches

NAMES = [
    "丹东孔雀表业 机芯研发",
    "示例·东港市·纺织服装项目 002",
    "ABC Motor (Phase 2) 曲轴 50% [A+B]",
    "大孤山经济区",
    "安民镇单晶硅",
    "女儿河绿化",
]
INDEX = index_text(NAMES)


def found(query: str) -> list[int]:
    return np.flatnonzero(matches(INDEX, query)).tolist()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("孔雀", [0]),
        ("东", [0, 1]),
        ("002", [1]),
        ("abc", [2]),
        ("oto", [2]),
        ("kongque", [0]),
        ("quebiao", [0]),
        ("kongq", [0]),
        ("dong", [0, 1]),
        ("fangzhi", [1]),
        ("zhuangxiang", [1]),
        ("dagushan", [3]),
        ("an", [4]),
        ("nver", [5]),
        ("nüer", [5]),
        ("LÜ", [5]),
        ("kq", [0]),
        ("ddkq", [0]),
        ("fzfzxm", [1]),
        ("dgs", [1, 3]),
    ],
)
def test_a_word_finds(query, rows):
    """A word is found as characters, as pinyin from any syllable's start and as initials."""
    assert found(query) == rows


@pytest.mark.parametrize("query", ["ong", "ang", "ushan", "hezhen", "uque", "efg", "fand", "fadd"])
def test_nothing_is_found_inside_a_syllable(query):
    """Letters from the middle of a syllable, or across from the spelling to the initials, find nothing."""
    assert found(query) == []


@pytest.mark.parametrize("query", ["abc", "kongque", "dgs", "phase", "[a+b]"])
def test_case_does_not_matter(query):
    """Capitals find what small letters find, in names as in pinyin."""
    assert found(query.upper()) == found(query.title()) == found(query) != []


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("研发 丹东", [0]),
        ("yanfa 丹东 jx", [0]),
        ("jx kq", [0]),
        ("东 项目", [1]),
        ("东 曲轴", []),
        ("  \t丹东\n研发 ", [0]),
        ("", list(range(6))),
        (" \n ", list(range(6))),
    ],
)
def test_every_word_must_be_there_in_any_order(query, rows):
    """Words narrow each other whatever their order and spacing; no word shows all."""
    assert found(query) == rows


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (".", []),
        (".*", []),
        ("|", []),
        ("丹|大", []),
        ("^", []),
        ("$", []),
        ("\\", []),
        ("\\w", []),
        ("(", [2]),
        ("(phase", [2]),
        ("[a+b]", [2]),
        ("50%", [2]),
        ("a+", [2]),
        ("?", []),
        ("{1}", []),
        ("\x1f", list(range(6))),
        ("d\x1fg\x1fs", [1, 3]),
        ("\x00", []),
    ],
)
def test_signs_are_themselves(query, rows):
    """Signs that mean something in a pattern are looked for as they are."""
    assert found(query) == rows


@pytest.mark.parametrize("sign", string.punctuation)
def test_a_sign_finds_only_names_that_have_it(sign):
    """A single sign never meets anything of the spelling that is kept beside the names."""
    assert found(sign) == [row for row, name in enumerate(NAMES) if sign in name]


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(st.lists(texts, max_size=5), texts)
def test_any_query_of_any_text_answers(names, query):
    """No text and no query fails, and a word that stands in a name always finds it."""
    marked = matches(index_text(names), query)
    assert marked.shape == (len(names),)
    for name, mark in zip(names, marked, strict=True):
        if all(word in name.lower() for word in query.lower().split()):
            assert mark


@given(st.sampled_from(NAMES), st.data())
def test_any_part_of_a_name_finds_it(name, data):
    """Any run of characters of a name finds that name."""
    start = data.draw(st.integers(0, len(name) - 1))
    stop = data.draw(st.integers(start + 1, len(name)))
    assert NAMES.index(name) in found(name[start:stop])
