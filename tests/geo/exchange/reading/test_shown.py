"""Numbers and dates are shown as a spreadsheet shows them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.reading import shown


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12000, "General", "12000"),
        (13900000000, "General", "13900000000"),
        (210600202301150004, "General", "2.106E+17"),
        (0.1 + 0.2, "General", "0.3"),
        (124.123456789, "General", "124.1234568"),
        (-0.5, "General", "-0.5"),
        (1e-12, "General", "1E-12"),
        (0, "General", "0"),
        (7, "0000", "0007"),
        (0.5, "0%", "50%"),
        (0.935, "0.00%", "93.50%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-1234, "#,##0;(#,##0)", "(1,234)"),
        (-1234, "#,##0;[Red]-#,##0", "-1,234"),
        (12000, '#,##0"万元"', "12,000万元"),
        (12000, "[$¥-804]#,##0.00", "¥12,000.00"),
        (120000000, "0,", "120000"),
        (0, '#,##0;-#,##0;"—"', "—"),
        (1234.5, "0.00E+00", "1.23E+03"),
        (5, '"第"0"期"', "第5期"),
        (3, "@", "3"),
        (0.5, "# ?/?", "0.5"),
        (-0.001, "0.0", "0.0"),
    ],
)
def test_numbers(value, code, text):
    """The usual formats of lists of investments."""
    assert shown.number(value, code) == text


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("yyyy-mm-dd", "2023-03-05"),
        ("yyyy/m/d", "2023/3/5"),
        ('yyyy"年"m"月"d"日"', "2023年3月5日"),
        ("[$-804]yyyy年m月;@", "2023年3月"),
        ("yy.mm", "23.03"),
        ("m/d/yyyy h:mm", "3/5/2023 18:07"),
        ("hh:mm:ss", "18:07:09"),
        ("上午/下午h:mm", "下午6:07"),
        ("d-mmm-yy", "5-Mar-23"),
        ("yyyy-m-d aaaa", "2023-3-5 星期日"),
        ("e年m月", "2023年3月"),
        ("mm:ss", "07:09"),
    ],
)
def test_dates(code, text):
    """Months and minutes are told apart, words stay."""
    assert shown.parse(code).is_date
    assert shown.moment(dt.datetime(2023, 3, 5, 18, 7, 9), code) == text


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "0.00",
        "@",
        '0"m"',
        '"day"0',
        "[Red]0",
        "#,##0_);[Red](#,##0)",
        "[h]:mm",
        "0.0E+0",
    ],
)
def test_formats_of_numbers_are_no_dates(code):
    """Letters in quotes, colours, exponents and spans of time make no date."""
    assert not shown.parse(code).is_date


@pytest.mark.parametrize("number", sorted(shown.BUILTIN))
def test_built_in_formats(number):
    """Exactly the numbers of the standard are dates and times."""
    dates = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}
    assert shown.parse(shown.BUILTIN[number]).is_date == (number in dates)


@pytest.mark.parametrize(
    ("serial", "date"),
    [
        (1, dt.date(1900, 1, 1)),
        (59, dt.date(1900, 2, 28)),
        (60, None),
        (61, dt.date(1900, 3, 1)),
        (45000, dt.date(2023, 3, 15)),
        (45000.5, dt.datetime(2023, 3, 15, 12)),
        (2958465, dt.date(9999, 12, 31)),
        (2958466, None),
        (-1, None),
        (1e300, None),
    ],
)
def test_serial_numbers(serial, date):
    """The 1900 system has a day that never was; what lies outside has no date."""
    assert shown.date_of(serial, "yyyy-mm-dd", date1904=False) == date


@given(value=st.floats(allow_nan=False, allow_infinity=False), code=st.text(max_size=30))
def test_no_format_breaks_the_reader(value, code):
    """Whatever a file calls a number format, the result is a text."""
    assert isinstance(shown.number(value, code), str)
    assert isinstance(shown.moment(dt.datetime(2023, 3, 5), code), str)
