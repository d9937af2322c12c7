"""How a file holds dates that are not formatted as such decides what a bare number means."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.reading.grid import Book
from geo.intake import dates, records
from geo.intake.faults import Refused
from tests.geo.intake.sheets import cell, codes, sheet

FROM_1904 = dates.DateStyle(date1904=True)
HEAD = ["项目名称", "所属县区", "开工时间"]


@given(days=st.integers(20_000, 79_999))
def test_both_date_systems_differ_by_their_first_days(days):
    """The same bare number is 1,462 days later where a workbook counts from 1904."""
    (old, _), (new, _) = dates.date(cell(days)), dates.date(cell(str(days)), FROM_1904)
    assert dt.date.fromisoformat(new) - dt.date.fromisoformat(old) == dt.timedelta(days=1462)


def test_a_bare_day_of_a_workbook_from_1904(lexicon):
    """A day whose format got lost is the day that the workbook means, and is said."""
    table = sheet(HEAD, ["甲", "东港市", 43159])
    found = records.read(Book("a.xlsx", "xlsx", (table,), date1904=True), lexicon)
    assert found.records[0].fields["start_date"] == "2022-03-01"
    assert codes(found.warnings) == ["date_serial"]


@pytest.mark.parametrize(
    ("kind", "others", "expected"),
    [
        ("csv", [], "date_ambiguous"),
        ("csv", ["2022.3"], "date_ambiguous"),
        ("csv", ["2022.10"], "2022-01"),
        ("csv", ["2022.03"], "2022-01"),
        ("xlsx", [], "2022-01"),
    ],
)
def test_a_csv_may_have_lost_a_nought(lexicon, kind, others, expected):
    """2022.1 in a .csv may have been 2022.10, unless the column shows that it keeps its noughts."""
    rows = [[f"项目{n}", "东港市", text] for n, text in enumerate(["2022.1", *others])]
    found = records.read(Book("a", kind, (sheet(HEAD, *rows),)), lexicon)
    said = codes(found.errors) or [found.records[0].fields["start_date"]]
    assert said == [expected]
    assert [fault.row for fault in found.errors] in ([], [2])


@pytest.mark.parametrize(
    "text",
    ["2022/3/1 8:30:00 AM", "2022/3/1 12:00 pm", "2022-3-1 上午8:30", "2022/3/1 下午8:30:00"],
)
def test_a_time_of_day_is_left_out(text):
    """A time behind a day says nothing about the day, in English or in Chinese."""
    assert dates.date(cell(text)) == ("2022-03-01", [])


def test_half_a_time_is_no_date():
    """A text that merely begins with a date is refused."""
    with pytest.raises(Refused, match="date_unreadable"):
        dates.date(cell("2022/3/1 8点"))


@pytest.mark.parametrize("text", ["2022.03月", "2022-3月", "2022/03月", "2022.3 月份"])
def test_a_month_may_be_named_behind_a_mark(text):
    """2022.03月 is a month like 2022年3月."""
    assert dates.date(cell(text)) == ("2022-03", [])
