"""Periods, values and headings as people write them mean one thing or are refused."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.intake.faults import Refused
from geo.series import cells
from geo.series.points import exact
from tests.geo.intake.sheets import cell


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (2021, "2021"),
        (2021.0, "2021"),
        ("2021", "2021"),
        ("２０２１年", "2021"),
        ("二〇二一年", "2021"),
        ("2021年度", "2021"),
        ("2021年全年", "2021"),
        ("2022年9月", "2022-09"),
        ("2022年9月底", "2022-09"),
        ("2022-09", "2022-09"),
        ("2022.9", "2022-09"),
        ("2022年1-9月", "2022-01/2022-09"),
        ("2022年1月—9月", "2022-01/2022-09"),
        ("2022年1月至9月", "2022-01/2022-09"),
        ("2022年前三季度", "2022-01/2022-09"),
        ("2022年一至三季度", "2022-01/2022-09"),
        ("2022年1-3季度", "2022-01/2022-09"),
        ("2022年上半年", "2022-01/2022-06"),
        ("2022年下半年", "2022-07/2022-12"),
        ("2022年一季度", "2022-01/2022-03"),
        ("2022年第三季度", "2022-07/2022-09"),
        ("2022-Q3", "2022-07/2022-09"),
        ("2022-01/2022-09", "2022-01/2022-09"),
        ("2022年1-12月", "2022"),
    ],
)
def test_a_period_is_what_people_mean(written, meant):
    """A year, a month, months and quarters, in figures or numerals, have one meaning."""
    assert cells.period(cell(written)) == meant


@pytest.mark.parametrize(
    "written",
    [
        "三季度",
        "2022年三季度",
        "2022年二季度",
        "2021-2023",
        "2021、2022",
        "2022年13月",
        "2022-01/2023-02",
        "今年",
        "20220930",
        "2022-09-30",
        2022.9,
        dt.date(2021, 12, 31),
        True,
        None,
        "1900",
        "",
    ],
)
def test_a_period_that_could_be_two_is_refused(written):
    """What is no period, or may be one quarter or three, is not guessed."""
    with pytest.raises(Refused) as caught:
        cells.period(cell(written))
    assert caught.value.code == "series_period"


@pytest.mark.parametrize(
    ("metric", "written", "unit", "value"),
    [
        ("output", 1.2, "亿元", 12_000),
        ("output", "1.2亿元", "", 12_000),
        ("output", "1亿2000万元", "", 12_000),
        ("output", "12,000", "万元", 12_000),
        ("output", 35_000_000, "元", 3_500),
        ("jobs", "1.25万人", "", 12_500),
        ("jobs", 1250, "", 1250),
        ("jobs", 1.25, "万人", 12_500),
        ("firms", "200家", "", 200),
        ("investment_share", "62%", "", 6_200),
        ("investment_share", 62, "%", 6_200),
        ("output_growth", "-5.3%", "", -530),
        ("output_growth", "+5.3%", "", 530),
        ("output_density", 4.5, "亿元/平方公里", 45_000),
        ("output_density", "30万元/亩", "", 45_000),
        ("output_density", "4.5亿元每平方公里", "", 45_000),
        ("land", "15.86 km²", "", 1_586),
        ("land", 3, "亩", None),
        ("land", 15, "亩", 1),
    ],
)
def test_a_value_is_exact_in_the_smallest_unit(words, metric, written, unit, value):
    """Units of cell or column turn a value into a whole number; a rest is rounded with a note."""
    found, notes = cells.value(cell(written), words.metrics[metric], unit)
    if value is None:
        assert [code for code, _ in notes] == ["series_rounded"]
    else:
        assert (found, notes) == (value, [])


def test_a_percent_cell_is_what_it_shows(words):
    """0.62 in a cell formatted as percent is 62 %."""
    share = words.metrics["investment_share"]
    assert cells.value(cell(0.62, "0%", "62%"), share, "")[0] == 6_200


@pytest.mark.parametrize(
    ("metric", "written", "unit", "code"),
    [
        ("output", 12, "", "series_unit"),
        ("output", "约3亿元", "", "money_unreadable"),
        ("output", "-3万元", "", "money_negative"),
        ("output", "300万美元", "", "money_currency"),
        ("output", "5%", "", "money_unreadable"),
        ("land", 12, "", "series_unit"),
        ("land", "12人", "", "series_unit_wrong"),
        ("jobs", 12, "万元", "series_unit_wrong"),
        ("jobs", 12.5, "", "series_whole"),
        ("jobs", -1, "", "series_negative"),
        ("jobs", "2-3", "", "series_value"),
        ("jobs", "约500", "", "series_value"),
        ("jobs", "1e9", "", "series_value"),
        ("jobs", 10.0**18, "", "series_range"),
        ("investment_share", 0.62, "", "percent_ambiguous"),
        ("jobs", True, "", "series_value"),
        ("jobs", dt.date(2021, 1, 1), "", "series_value"),
    ],
)
def test_a_value_that_could_be_another_is_refused(words, metric, written, unit, code):
    """No unit where it matters, a unit of another kind, a range, half a person: none is guessed."""
    with pytest.raises(Refused) as caught:
        cells.value(cell(written), words.metrics[metric], unit)
    assert caught.value.code == code


@given(st.integers(0, 10**9), st.sampled_from(["元", "千元", "万元", "亿元"]))
def test_what_is_written_in_any_unit_comes_back(words, wan, unit):
    """An amount of whole 万元 is the same in whatever unit it is written, to the last digit."""
    scale = {"元": 10_000, "千元": 10, "万元": 1, "亿元": Fraction(1, 10_000)}[unit]
    amount = Fraction(wan) * scale
    text = f"{int(amount * 10_000)}"
    text = f"{text.zfill(5)[:-4]}.{text.zfill(5)[-4:]}{unit}"
    assert cells.value(cell(text), words.metrics["output"], "")[0] == wan
    assert exact(wan, "wan") * 10_000 == wan


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("园区", {"field": "place"}),
        ("年份", {"field": "period"}),
        ("2021年", {"period": "2021"}),
        ("2021年产值（万元）", {"period": "2021", "metric": "output", "unit": "万元"}),
        ("产值（预计，亿元）", {"metric": "output", "unit": "亿元", "status": "estimate"}),
        ("规上工业产值万元", {"metric": "output", "unit": "万元"}),
        ("园区面积（规划面积，平方公里）", {"metric": "land", "area_kind": "planned"}),
        ("2022年1-9月税收", {"period": "2022-01/2022-09", "metric": "tax"}),
        ("税收预计", {"metric": "tax", "status": "estimate"}),
        ("天气", {}),
    ],
)
def test_a_heading_is_taken_apart(words, text, said):
    """A heading says which column it is, or which metric, period, unit, status and basis."""
    found = cells.head(text, words)
    assert {name: getattr(found, name) for name in said} == said
    assert found.empty == (not said)


def test_places_are_known_by_their_names(words, atlas):
    """Counties by name, short name and code, parks by name, the city and all parks by words."""
    county, park = atlas.counties.iloc[4], atlas.parks.iloc[0]
    for text in (county["name"], county["code"], county["name"].removesuffix("市")):
        assert cells.place(text, words)[0] == county["code"]
    assert cells.place(park["name"], words)[0] == park["id"]
    assert cells.place("全市", words)[0] == "city"
    assert cells.place(atlas.catalogue.city.name.zh, words)[0] == "city"
    assert cells.place("全部园区", words)[0] == "parks"
    with pytest.raises(Refused) as caught:
        cells.place("没有的地方", words)
    assert caught.value.code == "series_place"
