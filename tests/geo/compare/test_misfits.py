"""Which projects are of an industry that their park does not name."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from geo.compare.misfits import misfits
from tests.geo.density.worlds import every, with_rows


def test_a_misfit_is_of_an_industry_that_the_park_does_not_name(atlas):
    """Named fits, not named does not, unknown is judged neither way."""
    park = atlas.parks[atlas.parks["industries"].notna()].iloc[0]
    named = park["industries"].split(";")
    other = next(id_ for id_ in atlas.catalogue.industries if id_ not in named)
    world = with_rows(
        atlas,
        *({"park": park["id"], "industry": industry} for industry in (named[0], other, other)),
        {"park": park["id"]},
        {"industry": other},
    )
    (fit,) = misfits(world, every(world))
    assert (fit.park, fit.named_by) == (park["id"], park["id"])
    assert fit.fitting.tolist() == [0]
    assert fit.misfits.tolist() == [1, 2]
    assert fit.unknown.tolist() == [3]
    assert (fit.leading, fit.leading_share) == (other, Fraction(2, 3))


def test_a_sub_park_that_names_none_is_judged_by_its_zone(atlas):
    """The zone's industries stand in, and the answer says whose they are."""
    parks = atlas.parks.set_index("id")
    silent = parks[parks["industries"].isna() & parks["parent"].notna()]
    silent = silent[parks.loc[silent["parent"], "industries"].notna().to_numpy(dtype=bool)]
    sub, zone = silent.index[0], silent["parent"].iloc[0]
    world = with_rows(atlas, {"park": sub, "industry": parks.loc[zone, "industries"].split(";")[0]})
    (fit,) = misfits(world, every(world))
    assert (fit.park, fit.named_by, fit.fitting.tolist()) == (sub, zone, [0])


def test_where_nobody_names_an_industry_nothing_is_judged(atlas):
    """A park without a stated industry has no misfit, only unknown."""
    cleared = atlas.parks.assign(industries=None)
    atlas = replace(atlas, parks=cleared)
    park = cleared["id"].iloc[0]
    industry = next(iter(atlas.catalogue.industries))
    world = with_rows(atlas, {"park": park, "industry": industry})
    (fit,) = misfits(world, every(world))
    assert (fit.named, fit.misfits.tolist(), fit.unknown.tolist()) == ((), [], [0])


def test_every_project_of_a_park_is_judged_once(atlas):
    """Fitting, misfits and unknown are all rows of the park, each once."""
    for fit in misfits(atlas, every(atlas)):
        rows = sorted([*fit.fitting, *fit.misfits, *fit.unknown])
        wanted = (atlas.projects["park"] == fit.park).fillna(False).to_numpy(dtype=bool)
        assert rows == wanted.nonzero()[0].tolist()
