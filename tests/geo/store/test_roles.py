"""What each role receives and may change."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import layers
from geo.store import Create, open_store, roles
from geo.store.roles import AUDITOR, OFFICE, VISITOR, Role, may_change, may_read_history, staff
from geo.store.schema import COLUMNS, FIELDS, INTERNAL_FIELDS, PUBLIC_FIELDS
from tests.geo.store.children import row

STAGES = ("talk",)
SECRET = "绝密-"  # stands in every value that a visitor must never receive


@pytest.fixture
def frame(tmp_path, data_dir) -> pd.DataFrame:
    """Return projects of two counties: open, internal, in talks, and with an internal position."""
    counties = layers.load(data_dir).counties["code"].tolist()
    store = open_store(tmp_path / "s.sqlite")
    secret = {"contact": SECRET + "人", "phone": SECRET + "电话", "leader_note": SECRET + "批示"}
    line = shapely.LineString([(124.111, 40.111), (124.222, 40.222)])
    made = []
    for number, county in enumerate(counties[:2]):
        own = {"county": county, **secret}
        exact = {"lon": 124.111, "lat": 40.111, "place": SECRET + "地点"}
        made += [
            Create(row(1, **own), id=f"open{number}"),
            Create(row(2, **own, internal=True, remark=SECRET), id=f"internal{number}"),
            Create(row(3, **own, stage="talk", remark=SECRET), id=f"talk{number}"),
            Create(row(4, **own, **exact, position_internal=True), id=f"point{number}"),
            Create(row(5, **own, shape=line, position_internal=True), id=f"line{number}"),
        ]
    made.append(Create(row(6, **secret, shape=line, position_internal=True), id="nowhere"))
    store.apply(made, who="a", why="", kind="edit", expected={})
    found = store.projects()
    store.close()
    return found


def everything(frame: pd.DataFrame) -> str:
    """Return all that stands in a frame as one text."""
    return "\n".join([*map(str, frame.columns), *(repr(r) for r in frame.to_dict("records"))])


def test_a_visitor_receives_nothing_internal(frame, data_dir):
    """No internal row, column or exact place is left in what a visitor receives, nor on the map."""
    found = roles.visible(frame, VISITOR, internal_stages=STAGES)
    assert list(found["id"]) == ["open0", "point0", "line0", "open1", "point1", "line1", "nowhere"]
    assert SECRET not in everything(found)
    assert not {"contact", "phone", "leader_note", "internal", "position_internal"} & {*found}
    assert "124.111" not in everything(found)
    placed = layers.with_projects(layers.load(data_dir), found).projects.set_index("id")
    assert placed.loc["line0", "placed"] == placed.loc["point0", "placed"] == "county"
    assert placed.loc["open0", "placed"] == "site"
    assert not placed.loc["nowhere", "mapped"]
    assert "124.111" not in everything(placed)


def test_a_placed_frame_is_made_coarse_too(frame, data_dir):
    """Whoever filters after placing loses the exact geometry all the same."""
    placed = layers.with_projects(layers.load(data_dir), frame).projects
    found = roles.visible(placed, VISITOR, internal_stages=STAGES)
    assert "124.111" not in everything(found)
    assert SECRET not in everything(found)


def test_staff_receive_all_of_their_own_unit_and_the_public_part_of_others(frame):
    """Own projects come whole; of the others there is not a trace of what is internal."""
    county = frame["county"].iloc[0]
    found = roles.visible(frame, staff(county), internal_stages=STAGES)
    own = found["county"].eq(county).fillna(False).to_numpy(bool)
    assert list(found["id"][own]) == ["open0", "internal0", "talk0", "point0", "line0"]
    assert found["phone"][own].notna().all()
    assert found["shape"][own].notna().sum() == 1
    assert list(found["id"][~own]) == ["open1", "point1", "line1", "nowhere"]
    assert SECRET not in everything(found[~own])
    assert "124.111" not in everything(found[~own])
    assert list(found.columns) == list(COLUMNS)


def test_staff_without_a_unit_receive_what_the_public_receives(frame):
    """A role that names no unit opens nothing, least of all projects without a county."""
    found = roles.visible(frame, staff(), internal_stages=STAGES)
    assert list(found["id"]) == list(roles.visible(frame, VISITOR, internal_stages=STAGES)["id"])
    assert SECRET not in everything(found)


@pytest.mark.parametrize("role", [OFFICE, AUDITOR])
def test_office_and_auditor_receive_all(frame, role):
    """Nothing is kept from those who answer for the whole."""
    pd.testing.assert_frame_equal(roles.visible(frame, role, internal_stages=STAGES), frame)


def test_the_frame_itself_stays_whole(frame):
    """Filtering for one session takes nothing away from the next."""
    before = everything(frame)
    for role in (VISITOR, staff("1"), OFFICE):
        roles.visible(frame, role, internal_stages=STAGES)
    assert everything(frame) == before


def test_which_stages_are_internal_is_for_the_city_to_say(frame):
    """Another city's dictionary may keep other stages to itself, or none."""
    assert "talk0" in roles.visible(frame, VISITOR, internal_stages=())["id"].tolist()
    assert roles.visible(frame, VISITOR, internal_stages=("build", "talk")).empty


def test_an_empty_table_is_no_special_case(frame):
    """A store without projects, or without any that may be seen, gives an empty table."""
    for role in (VISITOR, staff("x"), OFFICE):
        assert roles.visible(frame.iloc[:0], role, internal_stages=STAGES).empty


codes = st.sampled_from(["c1", "c2", "p1", "p2"])
maybe = st.one_of(st.none(), codes, st.just(""), st.just(pd.NA))


@given(county=maybe, park=maybe, units=st.frozensets(st.one_of(codes, st.just(""))))
def test_staff_change_exactly_what_lies_in_their_units(county, park, units):
    """A project is in a unit by its county or its park; a missing one is nobody's."""
    project = {"county": county, "park": park}
    own = any(isinstance(x, str) and x and x in units for x in (county, park))
    assert may_change(Role("staff", units), project) == own
    assert may_read_history(Role("staff", units), project) == own


def test_only_the_office_changes_everything():
    """Visitor and auditor change nothing; only office and auditor read the whole history."""
    project = {"county": "c1", "park": None}
    assert may_change(OFFICE, project)
    assert not any(may_change(role, project) for role in (VISITOR, AUDITOR))
    assert not may_change(Role("auditor", frozenset({"c1"})), project)
    assert not may_change(Role("visitor", frozenset({"c1"})), project)
    assert [may_read_history(r) for r in (VISITOR, staff("c1"), OFFICE, AUDITOR)] == [0, 0, 1, 1]
    assert not may_read_history(VISITOR, project)


def test_a_column_that_nobody_has_declared_public_is_not(frame):
    """The public receives what is declared as public, not whatever is not declared as internal."""
    frame["new_idea"] = SECRET
    for role in (VISITOR, staff()):
        assert SECRET not in everything(roles.visible(frame, role, internal_stages=STAGES))
    assert {"contact", "phone", "leader_note"} <= set(INTERNAL_FIELDS)
    assert set(PUBLIC_FIELDS).isdisjoint(INTERNAL_FIELDS)
    assert {*PUBLIC_FIELDS, *INTERNAL_FIELDS} == set(FIELDS)
