"""Coordinates in every notation, in the right order and datum, and inside the stated county."""

from __future__ import annotations

import pytest

from geo import crs
from geo.intake import places
from geo.intake.faults import Refused
from tests.geo.intake.sheets import cell, codes, one, read, sheet

NAMES = ["项目名称", "所属县区"]
HERE = ["甲", "东港市"]


@pytest.mark.parametrize(
    ("value", "degrees", "axis"),
    [
        (124.3906, 124.3906, ""),
        ("124.3906", 124.3906, ""),
        ("１２４．３９０６", 124.3906, ""),
        ("124.3906°", 124.3906, ""),
        ("124.3906°E", 124.3906, "lon"),
        ("E124.3906", 124.3906, "lon"),
        ("东经124.3906", 124.3906, "lon"),
        ("经度：124.3906", 124.3906, "lon"),
        ("124°23′26.16″", 124.3906, ""),
        ("124°23'26.16\"", 124.3906, ""),
        ("124° 23′ 26.16″ E", 124.3906, "lon"),
        ("东经124度23分26.16秒", 124.3906, "lon"),
        ("124º23’26.16”", 124.3906, ""),
        ("124°23.436′", 124.3906, ""),
        ("124-23-26.16", 124.3906, ""),
        ("124:23:26.16", 124.3906, ""),
        ("124 23 26.16", 124.3906, ""),
        ("北纬40°07′44.4″", 40.129, "lat"),
        ("N40°07′44.4″", 40.129, "lat"),
    ],
)
def test_angles(value, degrees, axis):
    """Decimal degrees and degrees with minutes and seconds are read in every usual spelling."""
    found, called = places.angle(cell(value))
    assert found == pytest.approx(degrees, abs=1e-7)
    assert called == axis


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("待测", "angle_unreadable"),
        ("西经124.39", "angle_unreadable"),
        ("124.39W", "angle_unreadable"),
        ("-124.39", "angle_unreadable"),
        ("124°63′00″", "angle_minutes"),
        ("124.5°23′", "angle_minutes"),
        ("124.39,40.12", "angle_pair"),
        (True, "angle_unreadable"),
    ],
)
def test_angles_that_are_none(value, code):
    """What cannot be a longitude or latitude here is refused with its reason."""
    with pytest.raises(Refused, match=code):
        places.angle(cell(value))


@pytest.mark.parametrize(
    "value",
    [
        "124.39, 40.11",
        "124.39，40.11",
        "124.39 40.11",
        "124.39;40.11",
        "（124.39，40.11）",
        "124.39/40.11",
        "124.39\n40.11",
        "40.11, 124.39",
        "北纬40.11° 东经124.39°",
        "东经124°23′24″ 北纬40°6′36″",
        "东经124°23′24″，北纬40°6′36″",
        "E124°23′24″N40°6′36″",
        "124°23′24″ 40°6′36″",
        "124°23′24″E, 40°6′36″N",
        "40°6′36″N 124°23′24″E",
        "40°6′36″N124°23′24″E",
        "124.39E 40.11N",
        "124.39 北纬40.11",
        "N40°6′36″ E124°23′24″",
        "经度124.39，纬度40.11",
        "经度：124.39 纬度：40.11",
    ],
)
def test_two_angles_in_one_cell(lexicon, value):
    """Both angles of one cell are found, whatever parts them and whichever stands first."""
    first, second = places.pair(cell(value))
    lon, lat, _ = places.ordered(first, second, lexicon.bbox)
    assert (lon, lat) == pytest.approx((124.39, 40.11), abs=1e-6)


@pytest.mark.parametrize("value", ["124.39", "124.39,40.11,5", "见附图"])
def test_one_cell_without_two_angles(value):
    """A cell of coordinates without exactly two angles is refused."""
    with pytest.raises(Refused):
        places.pair(cell(value))


def test_swapped_columns_are_put_right_and_said(lexicon):
    """A latitude under 经度 is exchanged with its partner, with a warning."""
    intake = read(lexicon, sheet([*NAMES, "经度(WGS84)", "纬度"], [*HERE, 39.98, 124.2]))
    assert intake.errors == ()
    assert (intake.records[0].fields["lon"], intake.records[0].fields["lat"]) == (124.2, 39.98)
    assert codes(intake.warnings) == ["coordinate_swapped"]


@pytest.mark.parametrize(
    ("heading", "datum"),
    [
        ("经度（GCJ-02）", "gcj02"),
        ("经度（高德）", "gcj02"),
        ("经度（BD-09）", "bd09"),
        ("百度经度", "bd09"),
    ],
)
def test_a_declared_datum_is_converted(lexicon, heading, datum):
    """Coordinates of a declared datum arrive where they are in WGS-84, to a decimetre."""
    x, y = crs.shift([124.2], [39.98], target=datum)
    fields = one(lexicon, [*NAMES, heading, "纬度"], [*HERE, float(x[0]), float(y[0])])
    assert (fields["lon"], fields["lat"]) == pytest.approx((124.2, 39.98), abs=1e-6)


def test_the_datum_may_stand_above_the_table_or_in_the_row(lexicon):
    """A line above the table and a column of the row declare a datum; the nearer one counts."""
    x, y = (float(v[0]) for v in crs.shift([124.2], [39.98], target="gcj02"))
    above = sheet(["坐标系：GCJ-02"], [*NAMES, "经度", "纬度"], [*HERE, x, y])
    within = sheet(["坐标系：百度"], [*NAMES, "经度", "纬度", "坐标系"], [*HERE, x, y, "火星坐标"])
    for each in (above, within):
        intake = read(lexicon, each)
        assert intake.errors == intake.warnings == ()
        found = intake.records[0].fields
        assert (found["lon"], found["lat"]) == pytest.approx((124.2, 39.98), abs=1e-6)


def test_the_datum_may_stand_elsewhere_in_the_file(lexicon):
    """The sheet's name, a note at its foot and a sheet of instructions declare a datum too."""
    x, y = (float(v[0]) for v in crs.shift([124.2], [39.98], target="gcj02"))
    rows = [[*NAMES, "经度", "纬度"], [*HERE, x, y]]
    help_ = sheet(["坐标采用高德坐标系（GCJ-02）。"], name="要求")
    for sheets in (
        [sheet(*rows, name="项目（GCJ-02）")],
        [sheet(*rows, [None], ["注：坐标为GCJ-02坐标系"])],
        [help_, sheet(*rows)],
    ):
        intake = read(lexicon, *sheets)
        found = intake.records[0].fields
        assert (found["lon"], found["lat"]) == pytest.approx((124.2, 39.98), abs=1e-6)
        assert "datum_assumed" not in codes(intake.warnings)


def test_an_undeclared_datum_is_never_silent(lexicon):
    """Without a datum the city's own is used and said once; what is asked for counts instead."""
    table = sheet([*NAMES, "经度", "纬度"], [*HERE, 124.2, 39.98], ["乙", "东港市", 124.21, 39.98])
    assumed = read(lexicon, table)
    assert codes(assumed.warnings) == ["datum_assumed"]
    assert assumed.warnings[0].details == {"count": 2, "used": "WGS-84"}
    asked = read(lexicon, table, datum="gcj02")
    assert asked.warnings == ()
    assert asked.records[0].fields["lon"] != 124.2


def test_a_city_may_refuse_an_undeclared_datum(lexicon):
    """With no datum of its own, a city asks for one."""
    from dataclasses import replace

    strict = replace(lexicon, default_datum="")
    table = sheet([*NAMES, "经度", "纬度"], [*HERE, 124.2, 39.98])
    assert codes(read(strict, table).errors) == ["datum_unknown"]
    assert read(strict, table, datum="wgs84").errors == ()


def test_the_files_datum_goes_before_the_one_asked_for(lexicon):
    """A datum asked for does not overrule the one that the file states; the difference is said."""
    table = sheet([*NAMES, "经度(WGS84)", "纬度"], [*HERE, 124.2, 39.98])
    intake = read(lexicon, table, datum="bd09")
    assert intake.records[0].fields["lon"] == 124.2
    assert codes(intake.warnings) == ["datum_differs"]


def test_a_datum_that_cannot_be_converted_is_refused(lexicon):
    """Xian 80 is refused; headings that name two datums are told that they do."""
    for heading, other, code in (
        ("经度（西安80）", "纬度", "datum_unsupported"),
        ("经度（WGS84/百度）", "纬度", "datum_conflict"),
        ("经度（WGS84）", "纬度（百度）", "datum_conflict"),
    ):
        intake = read(lexicon, sheet([*NAMES, heading, other], [*HERE, 124.2, 39.98]))
        assert codes(intake.errors) == [code]


@pytest.mark.parametrize(
    ("lon", "lat", "error", "warning"),
    [
        (124.2, 39.98, [], []),
        (116.4, 39.9, ["coordinate_far"], []),
        (124.06, 40.45, ["coordinate_other_county"], []),
        (123.5, 41.1, ["coordinate_outside_city"], []),
        (123.9, 39.5, [], ["coordinate_at_sea"]),
        (123.9, 39.0, ["coordinate_far"], []),
        (41520000.0, 4438000.0, ["coordinate_projected"], []),
        (520.0, 40.0, ["coordinate_range"], []),
    ],
)
def test_where_a_point_lies(lexicon, lon, lat, error, warning):
    """A point in another county, on other land or far away is refused; one at sea is warned of."""
    intake = read(lexicon, sheet([*NAMES, "经度(WGS84)", "纬度"], [*HERE, lon, lat]))
    assert (codes(intake.errors), codes(intake.warnings)) == (error, warning)


def test_both_counties_are_named(lexicon):
    """A point in another county is reported with where it is and what the row says."""
    intake = read(lexicon, sheet([*NAMES, "经度(WGS84)", "纬度"], [*HERE, 124.06, 40.45]))
    fault = intake.errors[0]
    assert (fault.row, fault.col) == (2, "经度(WGS84)")
    assert (fault.details["found"], fault.details["stated"]) == ("凤城市", "东港市")


def test_half_a_coordinate(lexicon):
    """A longitude without its latitude is a fault at the empty cell; so is a column alone."""
    intake = read(lexicon, sheet([*NAMES, "经度(WGS84)", "纬度"], [*HERE, 124.2, None]))
    assert [(f.code, f.col) for f in intake.errors] == [("coordinate_half", "纬度")]
    alone = read(lexicon, sheet([*NAMES, "经度(WGS84)"], [*HERE, 124.2]))
    assert codes(alone.errors) == ["column_half"]


@pytest.mark.parametrize("nothing", [None, "无", "—", "待定"])
def test_half_a_coordinate_is_refused_however_the_other_half_is_missing(lexicon, nothing):
    """A latitude beside 无 is not dropped without a word; two times 无 is no position."""
    head = [*NAMES, "经度(WGS84)", "纬度"]
    intake = read(lexicon, sheet(head, [*HERE, nothing, 39.98]))
    assert codes(intake.errors) == ["coordinate_half"]
    assert codes(read(lexicon, sheet(head, [*HERE, nothing, nothing])).errors) == []
