"""What remains of a park is its area less the land of its projects, exact, and never more than known."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers
from geo.compare import scenario
from geo.density import land
from geo.errors import GeoError
from tests.geo.density.worlds import every


def lands(atlas):
    return {one.place: one for one in land.by_park(atlas, every(atlas)).figures}


def with_cells(atlas, **cells):
    """Return the atlas with columns of its projects set."""
    table = pd.DataFrame(atlas.projects.drop(columns=["geometry", "placed", "mapped"]))
    shapes = pd.Series(None, index=table.index, dtype=object)
    return layers.with_projects(atlas, table.assign(**cells, shape=shapes))


@pytest.fixture(scope="session")
def sized(atlas):
    """Return a sub-park with an area whose zone has one too."""
    found = lands(atlas)
    return next(
        one.place
        for one in found.values()
        if one.within and not one.reason and not found[one.within].reason
    )


@given(m2=st.integers(0, 10**10))
def test_an_added_project_takes_exactly_its_land(atlas, sized, m2):
    """Its sub-park and its zone lose exactly its land, once; no other park changes."""
    before = lands(atlas)
    after = lands(scenario.applied(atlas, scenario.read(f"add:a:park={sized},land_m2={m2}")))
    touched = {sized, before[sized].within}
    for place, one in after.items():
        lost = Fraction(m2, 10**6) if place in touched else 0
        if one.remaining_km2 is not None:
            assert before[place].remaining_km2 - one.remaining_km2 == lost
    assert lands(atlas)[sized].remaining_km2 == before[sized].remaining_km2


def test_taking_a_change_back_restores_all(atlas, sized):
    """A project added and cancelled again leaves every park as it was."""
    both = scenario.read(f"add:a:park={sized},land_m2=5000;cancel:x-a")
    after = lands(scenario.applied(atlas, both))
    assert {p: (o.used_m2, o.at_most) for p, o in after.items()} == {
        p: (o.used_m2, o.at_most) for p, o in lands(atlas).items()
    }


@given(seed=st.integers(0, 2**32 - 1))
def test_zones_add_up_to_the_whole(atlas, seed):
    """For any selection the land of all zones is the whole, and every row is in one place or left out."""
    rows = np.random.default_rng(seed).random(len(atlas.projects)) < 0.5
    found = land.by_park(atlas, rows)
    assert sum(one.used_m2 for one in found.top) == found.whole_m2
    parts = [part for one in found.top for part in (one.rows, one.unknown, one.off)]
    parts += list(found.left_out.values())
    assert sorted(np.concatenate(parts)) == list(np.flatnonzero(rows))


def test_a_halted_or_ended_project_takes_no_land(atlas, sized):
    """Stages beside the ladder do not count, are named, and make nothing uncertain."""
    stages = list(atlas.catalogue.stages.values())
    side = [stage.id for stage in stages if stage.phase == stages[-1].phase]
    assert side
    before = lands(atlas)[sized]
    for stage in side:
        change = scenario.read(f"add:a:park={sized},land_m2=9000,stage={stage}")
        after = lands(scenario.applied(atlas, change))[sized]
        assert (after.used_m2, len(after.off)) == (before.used_m2, len(before.off) + 1)


def test_a_project_without_land_makes_it_an_upper_bound(atlas, sized):
    """Unknown land is listed and is not 0: what remains is then at most that much."""
    none = with_cells(atlas, land_m2=pd.Series(0, index=atlas.projects.index, dtype="Int64"))
    assert not any(one.at_most for one in lands(none).values())
    after = lands(scenario.applied(none, scenario.read(f"add:a:park={sized},invest_wan=5")))
    assert after[sized].at_most
    assert after[sized].remaining_km2 == after[sized].area.km2
    assert len(after[sized].unknown) == 1


def test_more_than_there_is_goes_below_zero(atlas, sized):
    """Land beyond the park's area gives a negative remainder, not 0."""
    after = lands(scenario.applied(atlas, scenario.read(f"add:a:park={sized},land_m2=9999999999")))
    assert after[sized].remaining_km2 < 0


def test_a_park_without_an_area_has_a_reason(atlas):
    """Nothing remains to be said of a park whose area nobody states; its land is still counted."""
    bare = [one for one in lands(atlas).values() if one.area.km2 is None]
    assert bare
    assert all(one.remaining_km2 is None and one.reason == "area_not_stated" for one in bare)
    assert any(one.used_m2 for one in bare)


def test_an_impossible_land_is_refused(atlas, sized):
    """A scenario's land is whole square metres."""
    for read in ("-1", "2.5", "2亩"):
        with pytest.raises(GeoError) as caught:
            scenario.applied(atlas, scenario.read(f"add:a:park={sized},land_m2={read}"))
        assert caught.value.code == "scenario.value"


@given(mu=st.fractions(0, 10**6))
def test_a_mu_is_two_thirds_of_a_thousand_square_metres(mu):
    """亩 become m² exactly, and only then whole ones: never more than half a m² off."""
    assert abs(land.m2_of_mu(mu) - mu * 2000 / 3) <= Fraction(1, 2)
    assert land.m2_of_mu(Fraction(3)) == 2000
