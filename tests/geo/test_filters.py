"""Filters against a reference that reads the files anew and asks every row in plain Python."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import filters, layers
from geo.filters import FACETS, GROUP, UNKNOWN, Filters, select

DATA = Path(__file__).resolve().parents[2] / "data"


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def entries(name: str) -> list[dict]:
    return tomllib.loads((DATA / name).read_text("utf-8"))["entry"]


PARENT = {row["id"]: row["parent"] for row in table("parks.csv")}
PHASE = {entry["id"]: entry["phase"] for entry in entries("stages.toml")}
INDUSTRY_GROUP = {entry["id"]: entry["group"] for entry in entries("industries.toml")}
ROWS = [row | {"kind": "real"} for row in table("projects.csv")]
ROWS += [row | {"kind": "sample"} for row in table("projects_sample.csv")]
OPTIONS = {
    "industry": [*INDUSTRY_GROUP, *(GROUP + g for g in set(INDUSTRY_GROUP.values())), UNKNOWN],
    "stage": [*PHASE, *(GROUP + phase for phase in set(PHASE.values())), UNKNOWN],
    "attribute": ["new", "resumed", "preliminary", UNKNOWN],
    "county": [*sorted({row["county"] for row in ROWS if row["county"]}), UNKNOWN],
    "park": [*PARENT, UNKNOWN],
    "list": [*(entry["id"] for entry in entries("lists.toml")), UNKNOWN],
    "kind": ["real", "sample", UNKNOWN],
}


def belongs(row: dict[str, str]) -> dict[str, set[str]]:
    """Say to which options of each facet a row belongs, by the words of the specification."""
    industry, stage, park = row["industry"], row["stage"], row["park"]
    return {
        "industry": {industry, GROUP + INDUSTRY_GROUP[industry]} if industry else {UNKNOWN},
        "stage": {stage, GROUP + PHASE[stage]} if stage else {UNKNOWN},
        "attribute": {row["plan_attr"] or UNKNOWN},
        "county": {row["county"] or UNKNOWN},
        "park": {park, PARENT[park]} - {""} if park else {UNKNOWN},
        "list": set(row["lists"].split(";")) if row["lists"] else {UNKNOWN},
        "kind": {row["kind"]},
    }


BELONGS = [belongs(row) for row in ROWS]


def kept(row: dict[str, str], member: dict[str, set[str]], chosen: Filters) -> bool:
    for facet in FACETS:
        wanted = getattr(chosen, facet)
        if wanted and not member[facet] & set(wanted):
            return False
    low, high = chosen.invest_min_wan, chosen.invest_max_wan
    if low is not None or high is not None:
        if not row["invest_wan"]:
            return False
        if low is not None and int(row["invest_wan"]) < low:
            return False
        if high is not None and int(row["invest_wan"]) > high:
            return False
    text = " ".join(row[key] for key in ("name", "owner", "place", "id", "code"))
    return all(word in text.lower() for word in chosen.text.lower().split())


def reference(chosen: Filters) -> list[bool]:
    return [kept(row, member, chosen) for row, member in zip(ROWS, BELONGS, strict=True)]


def some(facet: str) -> st.SearchStrategy[tuple[str, ...]]:
    choice = st.lists(st.sampled_from(OPTIONS[facet]), unique=True, max_size=3).map(tuple)
    return st.just(()) | choice


bound = st.none() | st.integers(0, 200_000)
# words that stand in names, owners, places and ids, and nowhere else
text = st.sampled_from(
    ["", "", "项目", "示例企业01", "r0", "有限公司 制造", "s00 示例", "没有这个词"]
)
any_filters = st.builds(
    Filters,
    **{facet: some(facet) for facet in FACETS},
    invest_min_wan=bound,
    invest_max_wan=bound,
    text=text,
)


@given(any_filters)
def test_a_selection_is_what_asking_every_row_gives(index, chosen):
    """The selected rows equal those of a row-by-row reference for any combination of filters."""
    assert select(index, chosen).rows.tolist() == reference(chosen)


@given(any_filters, st.sampled_from(FACETS), st.data())
def test_a_count_is_what_choosing_only_that_would_show(index, chosen, facet, data):
    """The count beside an option equals the selection with that option alone in its facet."""
    counts = select(index, chosen).counts[facet]
    option = data.draw(st.sampled_from(sorted(counts)))
    alone = replace(chosen, **{facet: (option,)})
    assert counts[option] == select(index, alone).n == sum(reference(alone))


@given(any_filters, st.sampled_from(FACETS), st.data())
def test_choices_of_one_facet_add_up(index, chosen, facet, data):
    """Two choices of one facet show the union of what each shows."""
    pair = data.draw(st.lists(st.sampled_from(OPTIONS[facet]), min_size=2, max_size=2))
    one, two = (select(index, replace(chosen, **{facet: (option,)})).rows for option in pair)
    both = select(index, replace(chosen, **{facet: tuple(pair)})).rows
    assert np.array_equal(both, one | two)


@given(any_filters, st.sampled_from(FACETS), st.data())
def test_facets_narrow_each_other(index, chosen, facet, data):
    """A facet added to others shows the intersection; it never grows, and its further choice never shrinks."""
    option, more = data.draw(st.lists(st.sampled_from(OPTIONS[facet]), min_size=2, max_size=2))
    free = select(index, replace(chosen, **{facet: ()})).rows
    narrowed = select(index, replace(chosen, **{facet: (option,)})).rows
    alone = select(index, Filters(**{facet: (option,)})).rows
    wider = select(index, replace(chosen, **{facet: (option, more)})).rows
    assert np.array_equal(narrowed, free & alone)
    assert not (narrowed & ~wider).any()


@pytest.mark.parametrize(
    ("facet", "groups"), [("industry", INDUSTRY_GROUP), ("stage", PHASE)], ids=["industry", "phase"]
)
def test_a_group_is_the_union_of_its_members(index, facet, groups):
    """A group shows and counts exactly what its members show together."""
    counts = select(index, Filters()).counts[facet]
    for group in set(groups.values()):
        members = tuple(entry for entry, of in groups.items() if of == group)
        together = select(index, Filters(**{facet: members}))
        by_group = select(index, Filters(**{facet: (GROUP + group,)}))
        assert np.array_equal(by_group.rows, together.rows)
        assert counts[GROUP + group] == together.n
    assert sum(counts[GROUP + group] > 0 for group in set(groups.values())) >= 2


def test_a_zone_includes_its_sub_parks(index, atlas):
    """Choosing a zone shows the projects of its sub-parks, and choosing a sub-park not those of the zone."""
    park = atlas.projects["park"]
    in_sub = park.isin([id_ for id_, parent in PARENT.items() if parent == "bec"]).to_numpy(bool)
    in_zone = (park == "bec").fillna(False).to_numpy(bool)
    assert in_sub.any()
    assert in_zone.any()
    assert np.array_equal(select(index, Filters(park=("bec",))).rows, in_sub | in_zone)
    assert not (select(index, Filters(park=("bec-it",))).rows & in_zone).any()


def test_a_project_is_found_by_each_of_its_lists(index, atlas):
    """A project on several lists is shown by each of them alone and counted once."""
    lists = atlas.projects["lists"].fillna("")
    row = next(n for n, value in enumerate(lists) if value.count(";") >= 2)
    members = lists.iloc[row].split(";")
    for member in members:
        assert select(index, Filters(list=(member,))).rows[row]
    together = select(index, Filters(list=tuple(members)))
    assert together.n < sum(select(index, Filters(list=(member,))).n for member in members)


@pytest.mark.parametrize(("low", "high"), [(0, None), (None, 10**10), (0, 10**10)])
def test_an_unknown_investment_is_outside_any_range(index, low, high):
    """Even the widest range leaves out projects whose investment is not known."""
    rows = select(index, Filters(invest_min_wan=low, invest_max_wan=high)).rows
    assert rows.tolist() == [row["invest_wan"] != "" for row in ROWS]
    assert not rows.all()


def test_the_bounds_of_a_range_belong_to_it(index):
    """A project of exactly the bound is inside, one 万元 off is outside."""
    wan = int(ROWS[40]["invest_wan"])
    assert select(index, Filters(invest_min_wan=wan, invest_max_wan=wan)).rows[40]
    assert not select(index, Filters(invest_min_wan=wan + 1)).rows[40]
    assert not select(index, Filters(invest_max_wan=wan - 1)).rows[40]


def test_no_filter_shows_all(index):
    """Empty filters show every project, and each facet's plain options count each project."""
    found = select(index, Filters())
    assert found.n == len(index) == len(ROWS)
    assert found.rows.all()
    for facet in ("attribute", "county", "kind"):
        assert sum(found.counts[facet].values()) == len(ROWS)


@given(any_filters)
def test_narrowing_filters_are_counted(chosen):
    """`active` counts the fields that differ from an empty filter."""
    empty = Filters()
    differing = [
        f.name for f in fields(chosen) if getattr(chosen, f.name) != getattr(empty, f.name)
    ]
    assert chosen.active() == len(differing)


@pytest.mark.parametrize(
    "column", ["name", "owner", "responsible", "place", "id", "code", "county", "park"]
)
def test_words_are_looked_for_where_a_visitor_would(city_copy, atlas, column):
    """Name, owner, responsible unit, place, id and code of a project, and the names of its county and park, find it; its remark does not."""
    word = {
        "county": atlas.counties["name"].iloc[5],
        "park": atlas.parks["name"].iloc[1],
    }.get(column, "zz9plural")
    value = {"county": atlas.counties["code"].iloc[5], "park": atlas.parks["id"].iloc[1]}
    other = "name" if column == "id" else "id"
    kept = city_copy.rows("projects.csv")[1][other]
    city_copy.cells("projects.csv", "r02", remark="zz8", **{column: value.get(column, word)})
    changed = layers.load(city_copy.folder)
    index = filters.build_index(changed)
    rows = select(index, Filters(text=word)).rows
    assert kept in changed.projects[other][rows].tolist()
    assert select(index, Filters(text="zz8")).n == 0


def test_a_choice_that_does_not_exist_shows_nothing(index):
    """An unknown choice is no choice of anything, never all."""
    assert select(index, Filters(stage=("dreamt",))).n == 0


def test_an_index_of_no_projects_answers(city_copy):
    """A city without projects gives empty selections and zero counts, not a failure."""
    for file in ("projects.csv", "projects_sample.csv"):
        city_copy.write_rows(file, [])
    found = select(filters.build_index(layers.load(city_copy.folder)), Filters(text="丹东"))
    assert found.n == 0
    assert {n for counts in found.counts.values() for n in counts.values()} == {0}
