"""By county and by park every project is counted once, and what is left out is named."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.density import measures, places
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_outlines, with_rows

MASKS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("measure", measures.MEASURES)
@pytest.mark.parametrize("compute", [places.by_county, places.by_park])
def test_parts_and_the_left_out_add_up_to_the_whole(atlas, compute, measure):
    """Places that overlap no other and the left out hold every value and every row once."""
    worth, _ = measures.values(atlas, measure)

    @given(MASKS)
    def holds(seed):
        rows = np.random.default_rng(seed).random(len(atlas.projects)) < 0.5
        found = compute(atlas, rows, measure=measure)
        left = [row for part in found.left_out.values() for row in part.tolist()]
        parts = sum((f.amount.total for f in found.top), Fraction(0))
        assert parts + int(worth[left].sum()) == found.whole.total == int(worth[rows].sum())
        inside = [r for f in found.top for r in (*f.amount.rows, *f.amount.unknown)]
        assert sorted([*inside, *left]) == np.flatnonzero(rows).tolist()

    holds()


def test_a_zone_holds_its_sub_parks_once(atlas):
    """A project of a sub-park is in the sub-park and once in the zone; one of the zone only there."""
    sub = atlas.parks[atlas.parks["parent"].notna()].iloc[0]
    world = with_rows(
        atlas,
        {"park": sub["id"], "invest_wan": 10},
        {"park": sub["parent"], "invest_wan": 5},
    )
    found = places.by_park(world, every(world), measure="invest")
    totals = {figure.place: (figure.amount.total, figure.within) for figure in found.figures}
    assert totals[sub["id"]] == (10, sub["parent"])
    assert totals[sub["parent"]] == (15, "")
    assert sum(figure.amount.total for figure in found.top) == found.whole.total == 15


def test_a_project_without_a_park_is_named(atlas):
    """By park, what states no park is left out by name, not dropped."""
    found = places.by_park(atlas, every(atlas), measure="projects")
    wanted = np.flatnonzero(atlas.projects["park"].isna().to_numpy(dtype=bool))
    assert found.left_out["outside_parks"].tolist() == wanted.tolist()


def test_areas_of_several_kinds_are_said(atlas):
    """Stated areas of several kinds come with a note; a single kind has none."""
    stated = places.by_park(atlas, every(atlas), measure="projects")
    assert "mixed_kinds" in {note.code for note in stated.notes}
    assert "above_zone" in {note.code for note in stated.notes}
    planned = places.by_park(atlas, every(atlas), measure="projects", area="planned")
    assert "mixed_kinds" not in {note.code for note in planned.notes}


def test_a_sub_park_inside_its_zone_is_no_overlap(atlas):
    """Outlines of a zone and its part may cover each other; two zones that do are named."""
    sub = atlas.parks[atlas.parks["parent"].notna()].iloc[0]
    zones = [id_ for id_, zone in places.zones(atlas).items() if id_ == zone]
    stranger = next(id_ for id_ in zones if id_ != sub["parent"])
    box = shapely.box(124.0, 40.0, 124.1, 40.1)
    family = with_outlines(atlas, **{sub["id"]: box, sub["parent"]: box})
    assert not [
        n
        for n in places.by_park(family, every(family), measure="projects").notes
        if n.code == "overlap"
    ]
    rivals = with_outlines(atlas, **{stranger: box, sub["parent"]: box})
    notes = places.by_park(rivals, every(rivals), measure="projects").notes
    assert [{n.place, n.other} for n in notes if n.code == "overlap"] == [{stranger, sub["parent"]}]


def test_the_atlas_is_not_changed(atlas):
    """Computing leaves counties, parks and projects as they were."""
    before = [frame.copy() for frame in (atlas.counties, atlas.parks, atlas.projects)]
    places.by_county(atlas, every(atlas), measure="invest")
    places.by_park(atlas, every(atlas), measure="invest", area="outline")
    for old, new in zip(before, (atlas.counties, atlas.parks, atlas.projects), strict=True):
        assert old.equals(new)


def test_an_area_of_no_county_is_refused(atlas):
    """A park's kind of area is no source of county areas."""
    with pytest.raises(GeoError, match=r"density\.choice"):
        places.by_county(atlas, every(atlas), measure="projects", area="stated")
