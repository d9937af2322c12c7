"""Amounts and densities are exact, and what is unknown is no zero."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density import measures, places
from geo.density.measures import Amount, Area, Figure
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_rows

NONE = np.array([], dtype=int)


def figure(total: int, km2: str, measure: str = "invest") -> Figure:
    amount = Amount(measure, Fraction(total), rows=np.array([0]), unknown=NONE)
    return Figure("p", amount, Area(Fraction(km2), "planned", "", ""))


def test_both_units_are_exact():
    """45,000 万元 on 1.5 km² are 3 亿元/km² and 20 万元/亩, to the last digit."""
    dense = figure(45_000, "1.5")
    assert (dense.per_km2, dense.per_mu) == (Fraction(3), Fraction(20))
    assert figure(1, "0.07").per_km2 == Fraction(1, 700)


def test_a_count_is_per_km2_and_per_mu():
    """3 projects on 2 km² are 1.5 per km², a 1500th of it per 亩."""
    few = figure(3, "2", "projects")
    assert (few.per_km2, few.per_mu) == (Fraction(3, 2), Fraction(3, 3000))


def test_unknown_values_are_counted_apart(atlas):
    """A project without its value is in `unknown`, and a place that has only such has no density."""
    code = atlas.counties["code"].iloc[0]
    other = atlas.counties["code"].iloc[1]
    world = with_rows(
        atlas, {"county": code, "invest_wan": 700}, {"county": code}, {"county": other}
    )
    found = {f.place: f for f in places.by_county(world, every(world), measure="invest").figures}
    assert found[code].amount.total == 700
    assert found[code].amount.rows.tolist() == [0]
    assert found[code].amount.unknown.tolist() == [1]
    assert (found[other].per_km2, found[other].reason) == (None, "amount_unknown")
    assert found[atlas.counties["code"].iloc[2]].per_km2 == 0


def test_an_unknown_measure_is_refused(atlas):
    """A measure that there is none of is an error that names those there are."""
    with pytest.raises(GeoError) as caught:
        measures.values(atlas, "jobs")
    assert caught.value.code == "density.choice"
    assert "invest" in str(caught.value.details["expected"])


@given(st.integers(0, 10**10), st.integers(1, 10**6), st.integers(1, 1000))
def test_density_does_not_depend_on_scale(total, hundredths, factor):
    """As many times the amount on as many times the area is the same density."""
    one = figure(total, f"{hundredths}/100")
    many = figure(total * factor, f"{hundredths * factor}/100")
    assert one.per_km2 == many.per_km2
    assert one.per_mu * 1500 == one.per_km2 * 10_000
