"""Amounts, percentages, dates and texts: read exactly, or refused with a reason."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.intake import dates, values
from geo.intake.faults import Refused
from tests.geo.intake.sheets import cell


def outcome(reader, *arguments, **options):
    """Return a reader's value and the codes of its notes, or the code with which it refuses."""
    try:
        value, notes = reader(*arguments, **options)
    except Refused as refused:
        return refused.code
    return value, [code for code, _ in notes]


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (12000, "万元", (12000, [])),
        ("12000", "万元", (12000, [])),
        ("１２，０００", "万元", (12000, [])),
        ("12，000", "万元", (12000, [])),
        ("12 000", "万元", (12000, [])),
        ("3,000 万元", "万元", (3000, [])),
        ("3000万", "", (3000, [])),
        ("¥3,000万", "万元", (3000, [])),
        (1.2, "亿元", (12000, [])),
        (1.2372, "亿元", (12372, [])),
        (120000000, "元", (12000, [])),
        ("1.2亿元", "万元", (12000, ["unit_in_cell"])),
        ("1亿2000万", "万元", (12000, ["unit_in_cell"])),
        ("1亿2000万元", "", (12000, [])),
        ("1亿2千万", "", (12000, [])),
        ("1亿2000万5000元", "", (12001, ["money_rounded"])),
        ("5千万元", "", (5000, [])),
        ("三千五百万元", "", (3500, [])),
        ("一亿二千万", "", (12000, [])),
        ("两亿元", "", (20000, [])),
        ("1.23456亿", "", (12346, ["money_rounded"])),
        (12.5, "万元", (13, ["money_rounded"])),
        (12.4, "万元", (12, ["money_rounded"])),
        (0.1 + 0.2, "亿元", (3000, [])),
        (0, "", (0, [])),
        (3000, "", "unit_unknown"),
        ("3000", "%", "unit_unknown"),
        ("约3亿", "", "money_unreadable"),
        ("1亿2000", "万元", "money_unreadable"),
        ("1.2亿-1.5亿", "", "money_unreadable"),
        ("12,34", "万元", "money_unreadable"),
        ("2000万1亿", "", "money_unreadable"),
        ("三千五百", "万元", "money_unreadable"),
        (True, "万元", "money_unreadable"),
        (dt.date(2022, 3, 1), "万元", "money_unreadable"),
        ("100万美元", "万元", "money_currency"),
        ("$100", "万元", "money_currency"),
        (-5, "万元", "money_negative"),
        ("-5", "万元", "money_negative"),
        ("（500）", "万元", "money_negative"),
        (10**15, "万元", "money_range"),
    ],
)
def test_money(value, unit, expected):
    """An amount is whole 万元 with the cell's own unit before the column's, or it is refused."""
    assert outcome(values.money, cell(value), unit) == expected


def test_a_number_format_can_hold_the_unit():
    """A unit that the format writes behind the number is the cell's own."""
    styled = cell(3000, '#,##0"万元"', "3,000万元")
    assert outcome(values.money, styled, "") == (3000, [])
    assert outcome(values.money, styled, "元") == (3000, ["unit_in_cell"])


def test_a_format_that_scales_is_refused():
    """Where the format shows 3000.0万 and the cell holds 30000000, the unit is not certain."""
    assert (
        outcome(values.money, cell(30_000_000, '0!.0,"万"', "3000.0万"), "万元") == "format_scales"
    )


@pytest.mark.parametrize("unit", ["元", "万元", "亿元", "万", "亿", "百万元", "千万"])
def test_a_unit_alone_is_no_amount(unit):
    """A cell that holds only a unit does not say nought."""
    assert outcome(values.money, cell(unit), "万元") == "money_unreadable"


@pytest.mark.parametrize(
    ("number_format", "shown", "expected"),
    [
        ("[$$-409]#,##0", "$120", "money_currency"),
        ("#,##0 [$€-407]", "120 €", "money_currency"),
        ('"US$"#,##0', "US$120", "money_currency"),
        ("0%", "12000%", "money_unreadable"),
        ("[$¥-804]#,##0", "¥120", (120, [])),
        ("#,##0.00", "120.00", (120, [])),
    ],
)
def test_a_format_can_make_an_amount_foreign(number_format, shown, expected):
    """A number shown as dollars, euros or a percentage is no amount in 万元."""
    assert outcome(values.money, cell(120, number_format, shown), "万元") == expected


@pytest.mark.parametrize(
    ("shown", "options", "expected"),
    [
        (cell(0.5, "0%", "50%"), {"sign": True}, (50, [])),
        (cell(0.125, "0.0%", "12.5%"), {"sign": True}, (12.5, [])),
        (cell("50%"), {"sign": False}, (50, [])),
        (cell("50％"), {"sign": True}, (50, [])),
        (cell("百分之五十"), {"sign": False}, (50, [])),
        (cell("百分之50"), {"sign": False}, (50, [])),
        (cell("百分之 50"), {"sign": False}, (50, [])),
        (cell("百分之十二点五"), {"sign": False}, (12.5, [])),
        (cell(50), {"sign": True}, (50, [])),
        (cell("50"), {"sign": True}, (50, [])),
        (cell(0), {"sign": True}, (0, [])),
        (cell(100), {"sign": True}, (100, [])),
        (cell(50), {"sign": False}, (50, ["percent_assumed"])),
        (cell(0.5), {"sign": True}, "percent_ambiguous"),
        (cell("0.5"), {"sign": True}, "percent_ambiguous"),
        (cell("0.5%"), {"sign": True}, (0.5, [])),
        (cell(1), {"sign": True, "fractions": False}, (1, [])),
        (cell(1), {"sign": True, "fractions": True}, "percent_ambiguous"),
        (cell(120), {"sign": True}, "percent_range"),
        (cell(-1), {"sign": True}, "percent_range"),
        (cell("过半"), {"sign": True}, "percent_unreadable"),
    ],
)
def test_percent(shown, options, expected):
    """A percentage is read in every form; a bare part of 1 can mean two things and is refused."""
    assert outcome(values.percent, shown, **options) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2022-3-1", "2022-03-01"),
        ("2022/3/1", "2022-03-01"),
        ("2022.3.1", "2022-03-01"),
        ("2022.3", "2022-03"),
        ("2022.10", "2022-10"),
        ("2022-03", "2022-03"),
        ("2022年3月", "2022-03"),
        ("2022 年 3 月", "2022-03"),
        ("2022年3月1日", "2022-03-01"),
        ("2022年3月1号", "2022-03-01"),
        ("20220301", "2022-03-01"),
        ("202203", "2022-03"),
        ("2022", "2022"),
        ("2022年", "2022"),
        ("2022年3月底", "2022-03"),
        ("2022年3月上旬", "2022-03"),
        ("2022-03-01 00:00:00", "2022-03-01"),
        ("2022-03-01T08:30:00", "2022-03-01"),
        ("二〇二二年三月", "2022-03"),
        ("二〇二二年十二月三十一日", "2022-12-31"),
        ("２０２２年３月", "2022-03"),
        (2022, "2022"),
        (202203, "2022-03"),
        (20220301, "2022-03-01"),
        (2022.3, "2022-03"),
        (2022.12, "2022-12"),
    ],
)
def test_dates_keep_what_is_stated(value, expected):
    """A date is as exact as it is written: to the day, the month or the year."""
    assert outcome(dates.date, cell(value)) == (expected, [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (44621, ("2022-03-01", ["date_serial"])),
        ("44621", ("2022-03-01", ["date_serial"])),
        ("2022年底", ("2022-12", ["date_vague"])),
        (2022.1, "date_ambiguous"),
        ("2022Q1", "date_unclear"),
        ("2022年一季度", "date_unclear"),
        ("2022年初", "date_unclear"),
        ("2022年上半年", "date_unclear"),
        ("22.3", "date_unclear"),
        ("3月", "date_unclear"),
        ("3/1/2022", "date_unclear"),
        ("1-Mar-22", "date_unclear"),
        ("2022-13", "date_impossible"),
        ("2022-2-30", "date_impossible"),
        ("2023年2月29日", "date_impossible"),
        ("1899-01-01", "date_range"),
        ("已开工", "date_unreadable"),
        ("2021-2023", "date_unreadable"),
        (True, "date_unreadable"),
        (7, "date_unreadable"),
    ],
)
def test_doubtful_dates(value, expected):
    """A serial day and 年底 are read and said; what is unclear or impossible is refused."""
    assert outcome(dates.date, cell(value)) == expected


def test_real_dates_show_what_their_format_shows():
    """A date cell whose format shows year and month states no day."""
    day = dt.datetime(2022, 3, 1)
    assert outcome(dates.date, cell(day, "yyyy-mm-dd")) == ("2022-03-01", [])
    assert outcome(dates.date, cell(day, 'yyyy"年"m"月"')) == ("2022-03", [])
    assert outcome(dates.date, cell(day, "yyyy")) == ("2022", [])
    assert outcome(dates.date, cell(dt.date(2022, 3, 15), "yyyy-mm")) == ("2022-03-15", [])
    assert outcome(dates.date, cell(2022.1, "0.00", "2022.10")) == ("2022-10", [])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021-2023", ("2021", "2023")),
        ("2021—2023年", ("2021", "2023")),
        ("2021～2023", ("2021", "2023")),
        ("2021年-2023年", ("2021", "2023")),
        ("2021.3-2023.10", ("2021-03", "2023-10")),
        ("2021年3月至2023年10月", ("2021-03", "2023-10")),
        ("2021-03-2023-10", ("2021-03", "2023-10")),
        ("2021/3/1 - 2023/10/31", ("2021-03-01", "2023-10-31")),
    ],
)
def test_periods(value, expected):
    """A period is its two dates, whatever joins them."""
    assert outcome(dates.span, cell(value)) == (expected, [])


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2023", "span_unreadable"),
        ("24个月", "span_unreadable"),
        ("2021-03", "span_unreadable"),
        ("2021-13至2023", "date_impossible"),
    ],
)
def test_what_is_no_period(value, code):
    """One date or a length of time is no period; an impossible date in one is named."""
    assert outcome(dates.span, cell(value)) == code


def test_text_of_numbers():
    """A phone number typed as a number keeps its digits; one that has lost them is refused."""
    assert values.text(cell(13800138000)) == "13800138000"
    assert values.text(cell(13800138000.0)) == "13800138000"
    assert values.text(cell(" 0415-2345678 转 8 ")) == "0415-2345678 转 8"
    assert values.text(cell("一\u200b二\x07")) == "一二"
    with pytest.raises(Refused, match="digits_lost"):
        values.text(cell(2201210681040112345678))
    with pytest.raises(Refused, match="text_too_long"):
        values.text(cell("长" * 300), limit=200)


@pytest.mark.parametrize("read", ["1.39123E+10", "2.20121E+19", "2e+19"])
def test_digits_that_a_csv_has_lost_are_refused(read):
    """A code or a phone kept as a power of ten cannot be known any more."""
    with pytest.raises(Refused, match="digits_lost"):
        values.digits(cell(read))


@pytest.mark.parametrize("read", ["E+10", "1E10", "0415-2345678", "2201-210681-04-01-123456"])
def test_other_digits_stay(read):
    """What is no power of ten is kept as it stands."""
    assert values.digits(cell(read)) == read
