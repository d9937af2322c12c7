import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange import delimited
from geo.exchange.table import Column, Table, clean
from tests.geo.exchange.samples import HEADINGS, HOSTILE, SHOWN, anything, mixed, texts

DANGEROUS = "=+-@\t\r\n＝＋－＠"


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_rows_come_back_in_order():
    """The file has a byte-order mark, CRLF, the headings and the rows; numbers are bare."""
    data = delimited.write(mixed())
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == 1 + len(SHOWN)
    head, *rows = read(data)
    assert head == HEADINGS
    assert rows == [["" if v is None else str(v) for v in row] for row in SHOWN]
    assert rows[2][3] == "-5"


def test_notes_are_not_in_the_file():
    """A CSV holds rows only, so that programs can read it."""
    assert delimited.write(mixed()) == delimited.write(mixed(notes=[]))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_starts_a_formula(text):
    """No text begins as a formula, also behind spaces or with full-width signs."""
    ((_, cell),) = read(delimited.write(texts([text])))[1:]
    assert cell.lstrip(" ")[:1] not in set(DANGEROUS)
    if clean(text)[:1] not in DANGEROUS and clean(text).lstrip()[:1] not in set(DANGEROUS):
        assert cell == clean(text)


def test_guard_is_one_apostrophe():
    """What is guarded is the same text behind one apostrophe."""
    values = ["=cmd|' /C calc'!A0", "－1", " =1", "-5", "\ttab", "\rline", "a=b"]
    rows = read(delimited.write(texts(values)))[1:]
    expected = ["'=cmd|' /C calc'!A0", "'－1", "' =1", "'-5", "'\ttab", "'\nline", "a=b"]
    assert [row[1] for row in rows] == expected


@given(st.lists(anything, max_size=8))
def test_arbitrary_text_comes_back(values):
    """Any text is read back as it was, apart from the guard and what no format can hold."""
    rows = read(delimited.write(texts(values)))[1:]
    assert [row[0] for row in rows] == [str(n) for n in range(len(values))]
    cleaned = [clean(value) for value in values]
    for (_, cell), value in zip(rows, cleaned, strict=True):
        assert cell == delimited.guard(value)
        assert cell in (value, f"'{value}")


def test_hostile_heading_is_guarded():
    """A heading is text too."""
    data = delimited.write(Table("t", [Column("a", "=1+1", "=1+1")], []))
    assert read(data) == [["'=1+1"]]


def test_empty_table_has_its_headings():
    """No rows still gives a file with headings."""
    assert read(delimited.write(mixed(rows=[], sample_rows=set()))) == [HEADINGS]
