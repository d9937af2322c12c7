"""The edit form reads what is typed as the intake reads a list."""

from __future__ import annotations

import pytest

from geo import crs
from geo.intake import lexicon as lexicons
from geo.intake.lexicon import Lexicon
from ui.cache import City
from ui.desk import checking

ROW = {
    "id": "x1",
    "row_version": 3,
    "name": "试验",
    "county": "210681",
    "stage": "build",
    "invest_wan": 9000,
    "start_date": "2022-03",
    "progress_pct": 0.5,
    "lon": 124.1,
    "lat": 39.9,
    "precision": "site",
    "internal": False,
    "position_internal": False,
}


@pytest.fixture(scope="module")
def words(city: City) -> Lexicon:
    """Return the words of the shipped city."""
    return lexicons.load(city.atlas)


def check(words: Lexicon, datum: str = "wgs84", row: dict | None = None, **changed: object):
    return checking.check(row or ROW, changed, datum=datum, lexicon=words)


def codes(found: checking.Checked) -> tuple[list[str], list[str]]:
    return [f.code for f in found.errors], [f.code for f in found.warnings]


@pytest.mark.parametrize(
    ("changed", "written"),
    [
        ({"remark": "改"}, {"remark": "改"}),
        ({"owner": None}, {"owner": None}),
        ({"end_date": "2023年10月"}, {"end_date": "2023-10"}),
        ({"progress_pct": 0.25}, {"progress_pct": 0.25}),
        ({"land_m2": "80亩"}, {"land_m2": 53333}),
        ({"land_m2": "5000"}, {"land_m2": 5000}),
        ({"land_m2": None}, {"land_m2": None}),
        ({"invest_wan": 12000, "stage": "done"}, {"invest_wan": 12000, "stage": "done"}),
        ({"internal": True, "leader_note": "阅"}, {"internal": True, "leader_note": "阅"}),
        ({"plan_attr": "new", "county": "210682", "lon": None, "lat": None}, None),
    ],
)
def test_what_is_right_is_written_as_the_intake_reads_it(words, changed, written) -> None:
    """Only what was changed is written, dates in one form, an emptied field as nothing."""
    found = check(words, **changed)
    assert found.errors == ()
    if written is not None:
        assert found.values == written
    else:
        assert found.values["lon"] is found.values["lat"] is None


@pytest.mark.parametrize("datum", crs.DATUMS)
def test_a_position_is_taken_in_its_datum(words, datum) -> None:
    """Degrees, minutes and seconds in any datum arrive as WGS-84."""
    x, y = crs.shift([124.1], [39.9], target=datum, source="wgs84")
    found = check(words, datum, lon=f"{x[0]:.8f}", lat=f"{int(y[0])}°{(y[0] % 1) * 60:.6f}′")
    assert found.errors == ()
    assert found.values["lon"] == pytest.approx(124.1, abs=2e-6)
    assert found.values["lat"] == pytest.approx(39.9, abs=2e-6)
    assert found.values["precision"] == "site"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"lon": "124.05", "lat": "40.45"}, "coordinate_other_county"),
        ({"lon": "116.4", "lat": "39.9"}, "coordinate_far"),
        ({"lon": "abc"}, "angle_unreadable"),
        ({"lon": None}, "coordinate_half"),
        ({"lat": None}, "coordinate_half"),
        ({"county": "210682"}, "coordinate_other_county"),
        ({"end_date": "2021-01"}, "end_before_start"),
        ({"start_date": "下半年"}, "date_unclear"),
        ({"name": None}, "value_missing"),
    ],
)
def test_what_is_wrong_is_said_and_not_written(words, changed, code) -> None:
    """The same faults as in a list, also where one change makes another field wrong."""
    found = check(words, **changed)
    assert found.values == {}
    assert code in codes(found)[0]


def test_what_is_doubtful_is_said_and_written(words) -> None:
    """A position at sea and more plan than total are warned of."""
    found = check(words, lon="124.1", lat="39.5")
    assert codes(found) == ([], ["coordinate_at_sea"])
    assert found.values["lat"] == 39.5
    assert codes(check(words, plan_wan=10_000)) == ([], ["above_total"])


def test_half_a_position_in_another_datum_is_refused(words) -> None:
    """With another datum both halves have to be typed: the other one is stored in WGS-84."""
    assert codes(check(words, "gcj02", lon="124.2")) == (["datum_half"], [])
    assert check(words, "gcj02", remark="改").values == {"remark": "改"}


def test_old_faults_do_not_stop_another_correction(words) -> None:
    """What is wrong in a field that was not touched is not this edit's."""
    row = ROW | {"end_date": "2020-01", "lon": 116.4, "phone": "x" * 3}
    assert check(words, row=row, remark="改").values == {"remark": "改"}
