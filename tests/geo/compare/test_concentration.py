"""Lorenz, Gini, Herfindahl and the share in parks, against examples worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compare import concentration
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_rows

amounts = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


def test_gini_worked_by_hand():
    """Of 1, 2, 3, 4 the mean difference is 5/4 of the mean 5/2: the coefficient is 1/4."""
    assert concentration.gini([4, 1, 3, 2]) == Fraction(1, 4)
    assert concentration.gini([7, 7, 7]) == 0
    assert concentration.gini([0, 0, 0, 5]) == Fraction(3, 4)


def test_gini_by_area_worked_by_hand():
    """9 on a tenth of the area and 1 on the rest: the curve passes (9/10, 1/10), so 4/5."""
    assert concentration.lorenz([9, 1], [1, 9]) == [
        (0, 0),
        (Fraction(9, 10), Fraction(1, 10)),
        (1, 1),
    ]
    assert concentration.gini([9, 1], [1, 9]) == Fraction(4, 5)
    assert concentration.gini([2, 6], [1, 3]) == 0


def test_herfindahl_worked_by_hand():
    """Shares of 1/2, 1/4 and 1/4 give 3/8; equal ones 1/n; a monopoly 1."""
    assert concentration.herfindahl([2, 1, 1]) == Fraction(3, 8)
    assert concentration.herfindahl([5] * 8) == Fraction(1, 8)
    assert concentration.herfindahl([0, 9]) == 1


@given(amounts, st.integers(1, 1000))
def test_neither_depends_on_scale_or_order(values, factor):
    """As many times every amount, in another order, leaves both as they are."""
    other = [value * factor for value in reversed(values)]
    assert concentration.gini(values) == concentration.gini(other)
    assert concentration.herfindahl(values) == concentration.herfindahl(other)


@given(amounts)
def test_gini_is_half_the_relative_mean_difference(values):
    """The curve's area and the definition by all pairs are the same number."""
    n, whole = len(values), sum(values)
    pairs = sum(abs(one - other) for one in values for other in values)
    assert concentration.gini(values) == Fraction(pairs, 2 * n * whole)
    assert Fraction(1, n) <= concentration.herfindahl(values) <= 1


def test_splitting_a_place_evenly_leaves_the_weighted_gini():
    """Two halves of a place with half the amount each are the place."""
    whole = concentration.gini([8, 2], [4, 6])
    assert concentration.gini([4, 4, 2], [2, 2, 6]) == whole


@pytest.mark.parametrize(
    ("values", "weights", "code"),
    [
        ([0, 0], None, "compare.nothing"),
        ([-1, 2], None, "compare.negative"),
        ([1], [0], "compare.negative"),
    ],
)
def test_what_has_no_curve_is_refused(values, weights, code):
    """Nothing at all, a negative amount and an empty area are errors."""
    with pytest.raises(GeoError) as caught:
        concentration.gini(values, weights)
    assert caught.value.code == code


def test_herfindahl_of_nothing_is_refused():
    """A total of zero has no shares."""
    with pytest.raises(GeoError, match=r"compare\.nothing"):
        concentration.herfindahl([0])


@pytest.fixture
def kinds(atlas):
    """Return the atlas with one industry wholly, one partly and one not industrial."""
    ids = list(atlas.catalogue.industries)[:3]
    codes = (("13", "36"), ("39", "65"), ("65",))
    industries = dict(atlas.catalogue.industries)
    for id_, code in zip(ids, codes, strict=True):
        industries[id_] = replace(industries[id_], gbt4754=code)
    return replace(atlas, catalogue=replace(atlas.catalogue, industries=industries)), ids


def test_the_share_in_parks_worked_by_hand(kinds):
    """Two of three industrial projects are in a park; services and unclassified do not count."""
    atlas, (whole, part, none) = kinds
    park, county = atlas.parks["id"].iloc[0], atlas.counties["code"].iloc[0]
    world = with_rows(
        atlas,
        {"industry": whole, "park": park},
        {"industry": part, "park": park},
        {"industry": whole, "county": county},
        {"industry": none, "park": park},
        {"park": park},
    )
    found = concentration.share_in_parks(world, every(world))
    assert found.value == Fraction(2, 3)
    assert (found.mixed.tolist(), found.unclassified.tolist()) == ([1], [4])
    assert found.target == Fraction(7, 10)


def test_what_has_no_place_may_lie_in_a_park(kinds):
    """An industrial project with neither park nor county counts as outside, and is named."""
    atlas, (whole, *_) = kinds
    world = with_rows(atlas, {"industry": whole})
    found = concentration.share_in_parks(world, every(world))
    assert (found.value, found.nowhere.tolist()) == (0, [0])
    assert concentration.share_in_parks(world, ~every(world)).value is None
