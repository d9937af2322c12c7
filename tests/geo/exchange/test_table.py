import unicodedata

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.exchange.table import Column, Table, clean, cut, plain, safe_filename, utf16_length
from tests.geo.exchange.samples import HEADINGS, HOSTILE, SHOWN, anything, mixed


def test_cells_are_plain_values():
    """A table gives its rows as text, numbers and None, in order, with ISO dates."""
    assert mixed().cells == SHOWN


def test_headings_carry_units():
    """Money and percent columns name their unit once, in the table's language."""
    assert mixed().headings == HEADINGS
    english = mixed(lang="en").headings
    assert english[3] == "Investment (CNY 10,000)"
    assert english[5] == "Progress (%)"
    assert Column("a", "投资（万元）", "", "money_wan").heading("zh") == "投资（万元）"
    assert Column("a", "", "").heading("zh") == "a"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (np.int64(5), "int", 5),
        (5.0, "money_wan", 5),
        (np.float32(0.5), "percent", 0.5),
        (float("nan"), "int", None),
        (np.float32("nan"), "percent", None),
        (pd.NA, "text", None),
        (pd.NaT, "date", None),
        ("", "text", None),
        ("\x00", "text", None),
        (pd.Timestamp("2025-03-01 10:00"), "date", "2025-03-01"),
        (7, "text", "7"),
        (True, "int", "True"),
        ("many", "int", "many"),
        (10**18, "int", str(10**18)),
        (float("inf"), "percent", "inf"),
        (124.123456789, "coordinate", 124.123457),
    ],
)
def test_values_follow_their_kind(value, kind, expected):
    """A value becomes what its column says, and what does not fit stays readable text."""
    shown = plain(value, kind)
    assert shown == expected
    assert type(shown) is type(expected)


@given(anything)
def test_clean_text_fits_xml_and_utf8(text):
    """Clean text encodes, has no control character but tab and newline, and is stable."""
    shown = clean(text)
    shown.encode("utf-8")
    assert not [c for c in shown if unicodedata.category(c) == "Cc" and c not in "\t\n"]
    assert not set(shown) & {"\ufffe", "\uffff"}
    assert clean(shown) == shown


@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")))
def test_clean_leaves_ordinary_text(text):
    """Text without control characters or surrogates is not touched."""
    assert clean(text) == text


def test_clean_joins_surrogate_pairs():
    """Two surrogates that make a character become it; one alone becomes the replacement mark."""
    assert clean("\ud83d\ude00") == "😀"
    assert clean("a\ud800b") == "a\ufffdb"


@given(st.text(st.characters(exclude_categories=("Cs",))), st.integers(4, 20))
def test_cut_keeps_within_the_limit(text, limit):
    """A cut text fits, ends with the mark and begins as before; a short one is unchanged."""
    shown = cut(text, limit, mark=" […]")
    assert utf16_length(shown) <= limit
    if utf16_length(text) <= limit:
        assert shown == text
    else:
        assert shown.endswith(" […]")
        assert text.startswith(shown.removesuffix(" […]"))
        assert utf16_length(shown) >= limit - 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"columns": [], "rows": [], "sample_rows": set()}, "table.no_columns"),
        ({"columns": [Column("a", "", "")] * 2, "rows": []}, "table.duplicate_column"),
        ({"columns": [Column("a", "", "", "colour")], "rows": []}, "table.unknown_kind"),
        ({"rows": [("short",)]}, "table.row_width"),
        ({"sample_rows": {4}}, "table.sample_row"),
        ({"sample_rows": {-1}}, "table.sample_row"),
    ],
)
def test_a_crooked_table_is_refused(changes, code):
    """A table whose parts do not fit together is an error with a stable code."""
    with pytest.raises(GeoError) as caught:
        mixed(**changes)
    assert caught.value.code == code


@given(anything)
def test_file_names_are_safe(title):
    """A file name has no separator, reserved or invisible character, and a bounded length."""
    name = safe_filename(title, "xlsx")
    assert name.endswith(".xlsx")
    assert not set(name) & set('<>:"/\\|?*')
    assert not [c for c in name if unicodedata.category(c)[0] in "CZ"]
    assert name[0] not in ".-~ "
    assert len(name.encode()) <= 150


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("丹东 重点项目 2025", "丹东_重点项目_2025.csv"),
        ("../../etc/passwd", "etc_passwd.csv"),
        ("a\\b:c", "a_b_c.csv"),
        ("\u202egpj.exe", "gpj.exe.csv"),
        ("", "export.csv"),
        ("...", "export.csv"),
        ("nul", "export_nul.csv"),
        ("COM1.txt", "export_COM1.txt.csv"),
        ("项" * 200, "项" * 46 + ".csv"),
    ],
)
def test_file_names_keep_what_can_stay(title, name):
    """Chinese stays, paths and device names do not."""
    assert safe_filename(title, "csv") == name
    assert safe_filename("a", "/../sh") == "a.sh"


def test_samples_hold_every_threat():
    """The hostile texts reach the writers' tests: the table passes them on unchanged or cleaned."""
    table = Table("t", [Column("x", "文", "x")], [(text,) for text in HOSTILE])
    kept = [row[0] for row in table.cells]
    assert kept == [clean(text) or None for text in HOSTILE]
    assert kept[0] == HOSTILE[0]
