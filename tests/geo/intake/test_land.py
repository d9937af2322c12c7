"""Land is read in the units in which lists write it, exactly; what could be two things is asked."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.reading.grid import Cell
from geo.intake import land
from geo.intake.faults import Refused
from geo.intake.values import as_shown
from tests.geo.intake.test_headers import codes, read, sheet

HEAD = ["项目名称", "所属县区"]
ROW = ["甲", "东港市"]


def value(written, unit=""):
    cell = Cell(written, str(written))
    return land.land(cell, unit, as_shown(cell, "land_unreadable"))


def of_list(lexicon, heading, cell, *above):
    return read(lexicon, sheet(*above, [*HEAD, heading], [*ROW, cell]))


@pytest.mark.parametrize(
    ("heading", "cell", "m2"),
    [
        ("占地面积（亩）", 5000, 3333333),
        ("用地面积（公顷）", 2.15, 21500),
        ("占地（平方米）", 20000, 20000),
        ("用地规模(km²)", 0.3, 300000),
        ("占地亩数", 3, 2000),
        ("用地面积/万㎡", 2, 20000),
        ("占地", "30亩", 20000),
        ("用地面积", "三万亩", 20000000),
        ("用地面积", "2万平方米", 20000),
        ("用地面积", 0, 0),
        ("land_m2", 777, 777),
        ("Land (m²)", 777, 777),
    ],
)
def test_land_is_read_in_the_unit_that_is_written(lexicon, heading, cell, m2):
    """A unit in the heading or in the cell gives whole square metres, without a fault."""
    found = of_list(lexicon, heading, cell)
    assert (found.errors, found.warnings) == ((), ())
    assert found.records[0].fields["land_m2"] == m2


@pytest.mark.parametrize(
    "line", ["单位：万元、亩", "单位：亩、万元", "（金额单位：万元；面积单位：亩）"]
)
def test_a_line_above_states_both_units(lexicon, line):
    """One line above the table may say the units of money and of land."""
    head, row = [*HEAD, "总投资", "用地面积"], [*ROW, 100, 3]
    found = read(lexicon, sheet([line], head, row))
    assert found.errors == ()
    assert found.records[0].fields["invest_wan"] == 100
    assert found.records[0].fields["land_m2"] == 2000


def test_a_row_of_units_below_the_heading(lexicon):
    """Each column takes its own unit from a row of units."""
    head = [*HEAD, "总投资", "用地面积"]
    found = read(lexicon, sheet(head, [None, None, "万元", "公顷"], [*ROW, 100, 3]))
    assert found.errors == ()
    assert found.records[0].fields["land_m2"] == 30000


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("用地面积", 80, "land_unit_unknown"),
        ("用地面积（平方米/亩）", 80, "land_unit_conflict"),
        ("用地面积（万元）", 80, "land_unit_conflict"),
        ("用地面积（万）", 80, "land_unit_conflict"),
        ("用地面积（亩）", "约80亩", "land_unreadable"),
        ("用地面积（亩）", "80亩（5公顷）", "land_unreadable"),
        ("用地面积（亩）", "80-90", "land_unreadable"),
        ("用地面积（亩）", "-3", "land_negative"),
        ("用地面积（平方公里）", 10001, "land_range"),
    ],
)
def test_what_could_be_two_things_is_a_fault(lexicon, heading, cell, code):
    """Land without a unit, with two units, an estimate or a range is not guessed."""
    assert codes(of_list(lexicon, heading, cell).errors) == [code]


def test_a_unit_in_the_cell_goes_first_and_is_said(lexicon):
    """A cell in another unit than its heading's is taken at its word, with a warning."""
    found = of_list(lexicon, "用地面积（亩）", "2公顷")
    assert found.records[0].fields["land_m2"] == 20000
    assert codes(found.warnings) == ["land_unit_in_cell"]


def test_floor_area_is_not_land(lexicon):
    """建筑面积 is no field of ours, so it is passed over and said."""
    found = of_list(lexicon, "建筑面积（平方米）", 15000)
    assert "land_m2" not in found.records[0].fields
    assert codes(found.warnings) == ["column_unrecognised"]


def test_a_weaker_heading_serves_only_alone(lexicon):
    """供地面积 is land where nothing better is there, and the import says so."""
    found = of_list(lexicon, "供地面积（亩）", 3)
    assert found.records[0].fields["land_m2"] == 2000
    assert codes(found.warnings) == ["column_weak"]


@given(tenths=st.integers(0, 10**6), unit=st.sampled_from(list(land.UNITS)))
def test_no_reading_is_off_by_more_than_rounding(tenths, unit):
    """For any number and unit the result is the exact area rounded to a whole square metre."""
    exact = Fraction(tenths, 10) * land.UNITS[unit]
    if exact > land.MOST_M2 - 1:
        with pytest.raises(Refused):
            value(f"{tenths / 10 + 10**6:.1f}万亩")
        return
    in_cell, _ = value(f"{tenths / 10:.1f}{unit}")
    in_heading, _ = value(f"{tenths / 10:.1f}", unit)
    assert in_cell == in_heading
    assert abs(in_cell - exact) <= Fraction(1, 2)


@pytest.mark.parametrize("unit", ["亩", "万亩", "公顷", "平方米", "万平方米"])
def test_a_unit_alone_is_no_land(unit):
    """A cell that holds only a unit does not say nought."""
    with pytest.raises(Refused, match="land_unreadable"):
        value(unit, "亩")
