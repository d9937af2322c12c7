"""A scenario changes a scratch copy alone, and is written and read as one short text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compare import scenario
from geo.compare.scenario import Change
from geo.density import places
from geo.errors import GeoError
from tests.geo.density.worlds import every


def county_totals(atlas):
    found = places.by_county(atlas, every(atlas), measure="invest")
    return {figure.place: figure.amount.total for figure in found.figures}


@pytest.fixture
def project(atlas):
    """Return a project with investment, a county and a park."""
    rows = atlas.projects
    return rows[rows["invest_wan"].notna() & rows["county"].notna() & rows["park"].notna()].iloc[0]


def test_nothing_changed_is_the_same_city(atlas):
    """An empty scenario gives the same projects, placed the same."""
    scratch = scenario.applied(atlas, ())
    assert scratch.projects.drop(columns="geometry").equals(
        atlas.projects.drop(columns="geometry")[scratch.projects.columns.drop("geometry")]
    )
    assert scratch.projects.geometry.geom_equals(atlas.projects.geometry).sum() == int(
        atlas.projects["mapped"].sum()
    )


def test_the_original_is_untouched(atlas, project):
    """After add, move and cancel the atlas is what it was, and so are its densities."""
    before, totals = atlas.projects.copy(), county_totals(atlas)
    park = atlas.parks["id"].iloc[0]
    changes = scenario.read(f"cancel:{project['id']};add:a:park={park},invest_wan=5")
    assert county_totals(scenario.applied(atlas, changes)) != totals
    assert atlas.projects.equals(before)
    assert county_totals(atlas) == totals


def test_cancelling_takes_the_amount_away(atlas, project):
    """The county's total falls by the project's investment, no other changes."""
    scratch = scenario.applied(atlas, [Change("cancel", project["id"])])
    before, after = county_totals(atlas), county_totals(scratch)
    wanted = {**before, project["county"]: before[project["county"]] - project["invest_wan"]}
    assert after == wanted


def test_moving_carries_the_amount_over(atlas, project):
    """Moved to a park of another county, the investment goes there, and the whole stays."""
    parks = atlas.parks[atlas.parks["county"].notna()]
    park = parks[parks["county"] != project["county"]].iloc[0]
    move = Change("move", project["id"], {"park": park["id"]})
    scratch = scenario.applied(atlas, [move])
    before, after = county_totals(atlas), county_totals(scratch)
    assert after[park["county"]] - before[park["county"]] == project["invest_wan"]
    assert sum(after.values()) == sum(before.values())
    moved = scratch.projects.set_index("id").loc[project["id"]]
    assert (moved["park"], moved["precision"]) == (park["id"], "park")


def test_an_added_project_counts_and_is_known_by_its_id(atlas):
    """It stands in the park it names; with a position it is a point."""
    park = atlas.parks[atlas.parks["county"].notna()].iloc[0]
    text = f"add:new:park={park['id']},invest_wan=700,lon=124.3,lat=40.2"
    scratch = scenario.applied(atlas, scenario.read(text))
    row = scratch.projects.iloc[-1]
    assert (row["id"], row["invest_wan"], row["placed"]) == ("x-new", 700, "site")
    gained = county_totals(scratch)[park["county"]] - county_totals(atlas)[park["county"]]
    assert gained == 700
    assert scratch.projects["sample"].dtype == atlas.projects["sample"].dtype


def test_a_mask_is_carried_over(atlas, project):
    """What was selected and is still there, and what was added, is selected in the scratch copy."""
    rows = every(atlas)
    rows[::2] = False
    changes = scenario.read(f"cancel:{project['id']};add:a:county={project['county']}")
    scratch = scenario.applied(atlas, changes)
    carried = scenario.rows_of(atlas, scratch, rows)
    wanted = [*(i for i in atlas.projects.loc[rows, "id"] if i != project["id"]), "x-a"]
    assert scratch.projects.loc[carried, "id"].tolist() == wanted


names = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8)
values = st.text("abcdef0123456789.-", min_size=1, max_size=6)


@given(
    st.lists(
        st.one_of(
            st.builds(Change, st.just("cancel"), names),
            st.builds(
                Change,
                st.just("move"),
                names,
                st.dictionaries(st.sampled_from(scenario.MOVES), values, min_size=1),
            ),
            st.builds(
                Change,
                st.just("add"),
                names,
                st.dictionaries(st.sampled_from(scenario.FIELDS), values, min_size=1),
            ),
        ),
        max_size=5,
    )
)
def test_what_is_written_reads_the_same(changes):
    """A scenario survives being written into an address."""
    assert scenario.read(scenario.write(changes)) == tuple(changes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cancel", "scenario.syntax"),
        ("drop:s001", "scenario.syntax"),
        ("cancel:s001:park=x", "scenario.syntax"),
        ("move:s001", "scenario.syntax"),
        ("move:s001:park", "scenario.syntax"),
        ("move:s001:owner=x", "density.choice"),
        (";".join(["cancel:a"] * 201), "scenario.many"),
    ],
)
def test_what_cannot_be_read_is_refused(text, code):
    """A kind, a form or a field that there is none of, and too many changes, are errors."""
    with pytest.raises(GeoError) as caught:
        scenario.read(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cancel:nobody", "project_unknown"),
        ("add:a:park=nowhere", "scenario.value"),
        ("add:a:invest_wan=1.5", "scenario.value"),
        ("add:a:invest_wan=-1", "scenario.value"),
        ("add:a:lon=124", "scenario.value"),
        ("add:a:lon=200,lat=40", "scenario.value"),
        ("add:a:lon=nan,lat=40", "scenario.value"),
    ],
)
def test_what_cannot_be_meant_is_refused(atlas, text, code):
    """Unknown projects and places, and values that the files would not take, are errors."""
    with pytest.raises(GeoError) as caught:
        scenario.applied(atlas, scenario.read(text))
    assert caught.value.code == code


def test_a_name_is_added_once(atlas):
    """Two new projects cannot have one name."""
    county = atlas.counties["code"].iloc[0]
    with pytest.raises(GeoError, match=r"scenario\.exists"):
        scenario.applied(atlas, scenario.read(f"add:a:county={county};add:a:county={county}"))
