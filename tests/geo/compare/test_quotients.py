"""Location quotients against an example worked by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compare.quotients import Quotient, quotients
from tests.geo.density.worlds import every, with_rows


@pytest.fixture
def world(atlas):
    """Return 6 projects of industry A and 4 of B; one zone holds 3 A and 1 B, two in a sub-park."""
    one, other = list(atlas.catalogue.industries)[:2]
    sub = atlas.parks[atlas.parks["parent"].notna()].iloc[0]
    zone = sub["parent"]
    rows = [
        {"industry": one, "park": zone, "invest_wan": 10},
        {"industry": one, "park": sub["id"], "invest_wan": 20},
        {"industry": one, "park": sub["id"]},
        {"industry": other, "park": zone, "invest_wan": 30},
        *({"industry": one, "invest_wan": 40} for _ in range(3)),
        *({"industry": other, "invest_wan": 50} for _ in range(3)),
        {"park": zone, "invest_wan": 60},
    ]
    return with_rows(atlas, *rows), one, other, zone


def test_a_quotient_worked_by_hand(world):
    """(3 of 4) over (6 of 10) is 5/4, (1 of 4) over (4 of 10) is 5/8; unknown industry is apart."""
    atlas, one, other, zone = world
    found = quotients(atlas, every(atlas))
    cells = {(cell.industry_id, cell.park_id): cell for cell in found.cells}
    first = cells[one, zone]
    assert (first.here, first.park, first.industry, first.all) == (3, 4, 6, 10)
    assert first.value == Fraction(5, 4)
    assert cells[other, zone].value == Fraction(5, 8)
    assert first.rows.tolist() == [0, 1, 2]
    assert found.unknown.tolist() == [10]


def test_by_investment_what_states_none_is_apart(world):
    """By money the four numbers are 万元, and a project without investment is unknown."""
    atlas, one, _, zone = world
    found = quotients(atlas, every(atlas), measure="invest")
    cell = next(c for c in found.cells if (c.industry_id, c.park_id) == (one, zone))
    assert (cell.here, cell.park, cell.industry, cell.all) == (30, 60, 150, 330)
    assert found.unknown.tolist() == [2, 10]


def test_small_numbers_are_marked(atlas):
    """Fewer than five found and expected is small; five found are not."""
    industry = next(iter(atlas.catalogue.industries))
    park = atlas.parks["id"].iloc[0]

    def cell(n):
        world = with_rows(atlas, *({"industry": industry, "park": park} for _ in range(n)))
        return quotients(world, every(world)).cells[0]

    assert cell(4).small
    assert not cell(5).small


def test_shares_of_a_park_weigh_to_one(atlas):
    """Weighted by the industries' shares of the whole, a park's quotients add up to 1."""
    found = quotients(atlas, every(atlas))
    for park in {cell.park_id for cell in found.cells}:
        own = [cell for cell in found.cells if cell.park_id == park and cell.industry]
        assert sum(cell.value * Fraction(cell.industry, cell.all) for cell in own) == 1


counts = st.integers(1, 10**6)


@given(counts, counts, counts, counts, st.integers(1, 1000))
def test_a_quotient_does_not_depend_on_scale(here, park, industry, whole, factor):
    """In another unit of money the quotient is the same."""

    def made(by):
        numbers = (here * by, park * by, industry * by, whole * by)
        return Quotient("i", "p", *numbers, small=False, rows=None).value

    assert made(1) == made(factor)
