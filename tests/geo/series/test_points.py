"""Series are asked for in order, and the better of two figures is the one that counts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.series import Point, Series, latest, of, period
from geo.series.points import exact, years

MONTHS = st.integers(1, 12)
PERIODS = st.builds(
    lambda year, a, b: period.written(year, min(a, b), max(a, b)),
    st.sampled_from(period.YEARS),
    MONTHS,
    MONTHS,
)


def point(when: str, value: int = 1, **others) -> Point:
    return Point("p", "output", when, value, **{"status": "actual", **others})


@given(PERIODS)
def test_a_period_is_read_as_it_was_written(text):
    """Year, month and span have one notation each, and reading it gives what was written."""
    assert period.written(*period.span(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021-13",
        "2021-00",
        "1900",
        "2021-1",
        "2022-09/2022-01",
        "2021-12/2022-01",
        "2022-01/2022-12",
        "2022-09/2022-09",
        "２０２１",
        "2021 ",
        "2021-01/2021-03/2021-04",
    ],
)
def test_what_is_no_period_is_refused(text):
    """Whatever is not in the one notation, or is not in order within one year, is no period."""
    assert not period.is_period(text)


@given(st.lists(PERIODS, unique=True, max_size=12), st.randoms())
def test_points_come_in_order_of_their_periods(periods, random):
    """However points are read, a series is in order of time, a longer period after a shorter."""
    shuffled = list(periods)
    random.shuffle(shuffled)
    found = of(Series(tuple(point(p) for p in shuffled)), place="p", metric="output")
    assert [p.period for p in found] == sorted(periods, key=period.order)


def test_the_better_figure_counts():
    """Real goes before sample, actual before estimate, and a target is never a value."""
    series = Series(
        (
            point("2021", 1, sample=True),
            point("2021", 2, status="estimate"),
            point("2022", 9, status="target"),
        )
    )
    assert latest(series, place="p", metric="output").value == 2
    better = series.with_points([point("2021", 3)])
    assert latest(better, place="p", metric="output").value == 3
    assert len(better.points) == 3
    assert latest(series, place="p", metric="output", year=2022) is None


def test_some_months_are_not_the_year():
    """A figure of nine months is the newest one, and no whole year's."""
    series = Series((point("2021", 4), point("2022-01/2022-09", 3)))
    assert latest(series, place="p", metric="output").value == 3
    assert latest(series, place="p", metric="output", whole=True).value == 4
    assert latest(series, place="p", metric="output", year=2022, whole=True) is None
    assert years(series, places=["p"], metric="output") == (2021,)


def test_units_are_exact():
    """Stored whole numbers become 亿元, parts of one, km² and 亿元/km² without rounding."""
    assert exact(45_000, "wan_per_km2") == Fraction(9, 2)
    assert exact(6_200, "bp") == Fraction(62, 100)
    assert exact(1_586, "ha") == Fraction("15.86")
    assert exact(7, "count") == 7
