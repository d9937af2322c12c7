"""Ranks share ties, their bands hold what each doubt can do, and flips are places that move."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compare import ranks, scales
from geo.density import measures, places
from geo.errors import GeoError
from tests.geo.density.worlds import every, with_rows


def test_equal_densities_share_the_better_rank():
    """1, 2, 2, 4; what has no density has no rank."""
    found = ranks.ranked(
        {"a": Fraction(1), "b": Fraction(3), "c": Fraction(9), "d": Fraction(3), "e": None}
    )
    assert found == {"c": 1, "b": 2, "d": 2, "a": 4}


@given(st.dictionaries(st.text(max_size=3), st.fractions(0, 100)), st.fractions(1, 50))
def test_ranks_do_not_depend_on_scale(densities, factor):
    """Densities in another unit give the same ranks."""
    assert ranks.ranked(densities) == ranks.ranked({p: d * factor for p, d in densities.items()})


def bands(atlas, rows, **options):
    found = places.by_county(atlas, rows, measure="invest")
    worth, _ = measures.values(atlas, "invest")
    return {band.place: band for band in ranks.banded(found, worth, **options)}


def test_leaving_one_out_is_what_trying_each_shows(atlas):
    """The band is the best and worst rank over all atlases with a single project less."""
    rows = every(atlas)
    base = ranks.ranked(ranks.by_place(places.by_county(atlas, rows, measure="invest").figures))
    tried = [base]
    for row in range(len(rows)):
        rows[row] = False
        tried.append(
            ranks.ranked(ranks.by_place(places.by_county(atlas, rows, measure="invest").figures))
        )
        rows[row] = True
    for place, band in bands(atlas, rows, draws=1).items():
        seen = [ranking[place] for ranking in tried]
        assert band.ranges["leave_one_out"] == (min(seen), max(seen))


def test_other_weights_are_ranks_by_each_other_sum(atlas):
    """The band by weights runs from the best to the worst rank among all ways to weigh projects."""
    rows = every(atlas)
    weighed = {m: places.by_county(atlas, rows, measure=m) for m in measures.MEASURES}
    others = [found for name, found in weighed.items() if name != "invest"]
    each = [ranks.ranked(ranks.by_place(found.top)) for found in weighed.values()]
    for place, band in bands(atlas, rows, draws=1, weights=others).items():
        seen = [ranking[place] for ranking in each]
        assert band.ranges["weights"] == (min(seen), max(seen))
        assert band.best <= min(seen) <= max(seen) <= band.worst


def test_one_large_project_makes_a_rank_doubtful(atlas):
    """A county that leads by one project may fall behind without it; the others' ranks may rise."""
    codes = atlas.counties.sort_values("area_km2")["code"].tolist()[:2]
    world = with_rows(
        atlas,
        {"county": codes[0], "invest_wan": 10**6},
        *({"county": codes[1], "invest_wan": 100} for _ in range(5)),
    )
    found = bands(world, every(world), draws=200)
    assert found[codes[0]].rank == 1
    assert found[codes[0]].ranges["leave_one_out"][1] > 1
    assert found[codes[1]].ranges["leave_one_out"] == (1, 2)
    assert found[codes[0]].ranges["bootstrap"][1] > 1


def test_another_area_source_is_in_the_band(atlas):
    """Where the other provider's areas give another rank, the band has both."""
    rows = every(atlas)
    others = [
        places.by_county(atlas, rows, measure="invest", area=source)
        for source in ("tianditu", "amap")
    ]
    one, other = (ranks.ranked(ranks.by_place(found.figures)) for found in others)
    for place, band in bands(atlas, rows, others=others, draws=1).items():
        ends = {one[place], other[place]}
        assert band.ranges["area"] == (min(ends), max(ends))


def test_the_same_seed_gives_the_same_band(atlas):
    """The bootstrap is repeatable, and the seed is what it depends on."""
    rows = every(atlas)
    one, same = (bands(atlas, rows, draws=50, seed=7) for _ in range(2))
    assert one == same
    assert all(b.best <= b.rank <= b.worst for b in one.values())


def test_too_many_draws_are_refused(atlas):
    """The number of draws is bounded."""
    with pytest.raises(GeoError, match=r"compare\.draws"):
        bands(atlas, every(atlas), draws=0)


def test_a_flip_is_a_place_whose_rank_moves():
    """Places in the same order everywhere are none; one that a view cannot rank is named."""
    one = {"a": Fraction(3), "b": Fraction(2), "c": Fraction(1), "d": Fraction(9)}
    other = {"a": Fraction(3), "b": Fraction(1), "c": Fraction(2), "d": None}
    assert [(flip.place, flip.ranks) for flip in ranks.flips({"x": one, "y": other})] == [
        ("b", {"x": 2, "y": 3}),
        ("c", {"x": 3, "y": 2}),
        ("d", {"x": None, "y": None}),
    ]
    assert ranks.flips({"x": one, "y": dict(one)}) == ()


def test_the_scales_of_a_county(atlas):
    """Two area sources, parks and the densest hexagon each give every county a figure or none."""
    views = scales.of_counties(atlas, every(atlas), measure="invest")
    codes = set(atlas.counties["code"])
    assert set(views) == {"tianditu", "amap", "park", "h3"}
    assert all(set(view) == codes for view in views.values())
    county = {
        f.place: f.per_km2 for f in places.by_county(atlas, every(atlas), measure="invest").figures
    }
    assert views["tianditu"] == county
    assert all(views["h3"][code] >= county[code] for code in codes)


def test_a_county_is_as_dense_as_its_parks_together(atlas):
    """The park view is the zones' investment over the zones' stated areas."""
    parks = atlas.parks[
        atlas.parks["parent"].isna()
        & atlas.parks["area_km2"].notna()
        & atlas.parks["county"].notna()
    ]
    park = parks.iloc[0]
    only = parks[parks["county"] == park["county"]]
    world = with_rows(atlas, {"park": park["id"], "invest_wan": 50_000})
    view = scales.of_counties(world, every(world), measure="invest")["park"]
    km2 = sum(Fraction(str(value)) for value in only["area_km2"])
    assert view[park["county"]] == Fraction(5) / km2
