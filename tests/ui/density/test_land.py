"""What remains of a park is said as what it is: a bound, too little, or unknown."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from geo.density.land import Land
from geo.density.measures import Area
from tests.ui.density.test_shown import scope
from ui.density import land, shown, table

ONE = np.array([0])


def park(km2: int | None, used_m2: int, **rows: np.ndarray) -> Land:
    area = Area(None if km2 is None else Fraction(km2), "planned", "", "", "area_not_stated")
    return Land("p", area, used_m2, **rows)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (park(5, 2_000_000, rows=ONE), "3 km²"),
        (park(5, 2_000_000, rows=ONE, unknown=ONE), "至多 3 km²"),
        (park(5, 5_500_000, rows=ONE), "超出 0.5 km²"),
        (park(5, 5_500_000, rows=ONE, unknown=ONE), "至少超出 0.5 km²"),
        (park(None, 2_000_000, rows=ONE), "—"),
        (None, "—"),
    ],
)
def test_what_remains_is_said_as_it_is(city, one, said):
    """Exact, at most, exceeded and unknown have words of their own."""
    assert land.remaining(one, scope(city, by="park")) == said


def test_land_that_nobody_states_is_no_zero(city):
    """A park whose projects state no land has a dash; one without projects takes none."""
    here = scope(city, by="park")
    assert land.used(park(5, 0, unknown=ONE), here) == "—"
    assert land.used(park(5, 0), here).startswith("0 亩")


@pytest.mark.parametrize(("by", "there"), [("park", True), ("county", False)])
def test_the_table_has_land_for_parks_alone(city, by, there):
    """Only parks have the columns of land, and every row has its own words."""
    here = scope(city, by=by)
    found = shown.get(here, here.state.question)
    made = table.made(here, found)
    assert ({"used", "remaining"} <= set(made.columns)) is there
    if there:
        parks = land.of_parks(here)
        said = [land.remaining(parks[row.id], here) for row in found.rows]
        assert list(made["remaining"]) == said
