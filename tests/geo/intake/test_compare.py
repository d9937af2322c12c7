"""A preview says what is new, changed, unchanged and missing, and never guesses who is meant."""

from __future__ import annotations

import math

import pandas as pd

from geo.intake.compare import Change, changes, compare
from geo.intake.faults import Record
from tests.geo.intake.sheets import codes

CODE, OTHER = "2201-210681-04-01-123456", "2202-210681-04-01-123456"


def known(id_="r1", **fields):
    return {"id": id_, "code": None, "name": "甲", "county": "210681"} | fields


def record(row=2, **fields):
    return Record(row, "Sheet1", {"code": None, "name": "甲", "county": "210681"} | fields)


def test_new_and_unchanged():
    """What nobody has is new; what says the same is unchanged."""
    found = compare([record(), record(row=3, name="乙")], [known()])
    assert [r.row for r in found.new] == [3]
    assert [(m.record.row, m.id) for m in found.unchanged] == [(2, "r1")]
    assert found.changed == found.errors == ()


def test_changes_field_by_field():
    """Each field that differs is given before and after; the others are not."""
    before = known(invest_wan=100, stage="prep", owner="某公司")
    found = compare([record(invest_wan=120, stage="prep", phone="1")], [before])
    assert found.changed[0].changes == (
        Change("invest_wan", 100, 120),
        Change("phone", None, "1"),
    )


def test_a_blank_cell_changes_nothing():
    """A blank cell and a missing column leave what is known as it is."""
    assert changes({"owner": None}, known(owner="某公司", phone="1")) == ()


def test_every_kind_of_missing_value_is_one():
    """NaN, pandas' NA and an empty text are all nothing, before and after."""
    for nothing in (math.nan, pd.NA, "", None):
        assert changes({"owner": "新"}, known(owner=nothing)) == (Change("owner", None, "新"),)


def test_coordinates_are_compared_by_distance():
    """A difference below 5 cm is none; a larger one is."""
    before = known(lon=124.2, lat=39.98)
    assert changes({"lon": 124.2000001, "lat": 39.98}, before) == ()
    assert [c.field for c in changes({"lon": 124.20001, "lat": 39.98}, before)] == ["lon"]


def test_the_code_goes_before_the_name():
    """A project that was renamed is found by its code."""
    found = compare([record(code=CODE, name="甲（二期）")], [known(code=CODE)])
    assert found.changed[0].changes == (Change("name", "甲", "甲（二期）"),)


def test_a_known_project_gets_its_first_code():
    """A row with a code is found by name and county where the known project has none."""
    found = compare([record(code=CODE)], [known()])
    assert found.changed[0].changes == (Change("code", None, CODE),)
    assert found.warnings == ()


def test_a_code_that_changes_is_said():
    """Another code for the same name and county is a change that is pointed out."""
    found = compare([record(code=OTHER)], [known(code=CODE)])
    assert found.changed[0].changes == (Change("code", CODE, OTHER),)
    assert codes(found.warnings) == ["code_changes"]


def test_spelling_of_names_does_not_matter():
    """Widths, brackets and blanks in a name do not make another project."""
    found = compare([record(name="甲 (二期)")], [known(name="甲（二期）")])
    assert [m.id for m in found.changed] == ["r1"]


def test_the_same_name_in_another_county_is_another_project():
    """Name and county are compared together."""
    assert len(compare([record(county="210682")], [known()]).new) == 1


def test_two_known_projects_of_one_name_are_not_chosen_between():
    """Where name and county fit two projects, the row is refused."""
    found = compare([record()], [known("r1"), known("r2")])
    assert codes(found.errors) == ["match_ambiguous"]
    assert found.errors[0].details["ids"] == "r1, r2"
    assert found.new == found.changed == found.unchanged == ()


def test_a_code_and_a_name_of_two_projects_are_refused():
    """A row with the code of one project and the name of another is refused."""
    rows = [known("r1", code=CODE), known("r2", name="乙")]
    assert codes(compare([record(code=CODE, name="乙")], rows).errors) == ["match_conflict"]


def test_two_rows_for_one_project_are_refused():
    """Two rows that are the same known project are refused at the second."""
    rows = [record(row=2, code=CODE), record(row=3, code=CODE, name="乙")]
    found = compare(rows, [known(code=CODE)])
    assert [(f.code, f.row) for f in found.errors] == [("match_twice", 3)]


def test_phases_are_told_apart_by_their_codes():
    """A new phase of the same name does not take the project whose code stands in another row."""
    found = compare([record(row=2, code=CODE), record(row=3, code=OTHER)], [known(code=CODE)])
    assert [m.record.row for m in found.unchanged] == [2]
    assert [r.row for r in found.new] == [3]


def test_missing_are_those_of_the_files_counties():
    """Known projects that the file lacks are named, if the file is about their county; samples not."""
    rows = [
        known("r1"),
        known("r2", name="乙"),
        known("r3", name="丙", county="210682"),
        known("s1", name="示例", sample=True),
    ]
    assert compare([record()], rows).missing == ("r2",)


def test_numbers_inside_names_are_told_apart():
    """1-1 is not 11, and 2# is not 2: such projects are not the same."""
    rows = [known("r1", name="厂房1-1"), known("r2", name="2#厂房")]
    found = compare([record(name="厂房11"), record(row=3, name="2厂房")], rows)
    assert len(found.new) == 2


def test_a_bare_number_is_no_identity():
    """Two lists that number their projects 1, 2, 3 in the code's column are not the same list."""
    found = compare([record(code="1", name="乙")], [known(code="1")])
    assert len(found.new) == 1


def test_a_units_own_code_is_an_identity():
    """A short code of a unit's own finds its project under a new name; two owners are a conflict."""
    rows = [known("r1", code="DG-01"), known("r2", name="乙")]
    found = compare([record(code="DG-01", name="甲（二期）")], rows)
    assert [(m.id, [c.field for c in m.changes]) for m in found.changed] == [("r1", ["name"])]
    assert codes(compare([record(code="DG-01", name="乙")], rows).errors) == ["match_conflict"]
