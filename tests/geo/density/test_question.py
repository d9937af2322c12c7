"""A question about density survives its address, and its answer counts what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.compare.classes import NUMBERS, SCHEMES
from geo.density import hexagons, measures
from geo.density.question import (
    AREAS,
    BY,
    KEYS,
    PER,
    Question,
    answer,
    from_query,
    start_years,
    to_query,
)
from tests.geo.density.worlds import every


@st.composite
def questions(draw):
    by = draw(st.sampled_from(BY))
    return Question(
        by=by,
        measure=draw(st.sampled_from(measures.MEASURES)),
        per=draw(st.sampled_from(PER)),
        area=draw(st.sampled_from(("", *AREAS[by]))),
        resolution=draw(st.sampled_from(hexagons.RESOLUTIONS)),
        bandwidth_m=draw(st.integers(100, 50_000)),
        vague=draw(st.sampled_from(measures.VAGUE)),
        year=draw(st.one_of(st.none(), st.integers(1949, 2099))),
        scheme=draw(st.sampled_from(SCHEMES)),
        k=draw(st.sampled_from(NUMBERS)),
    )


@given(questions())
def test_an_address_gives_back_its_question(asked):
    """Whatever is asked is read from its own address as it was, with nothing dropped."""
    assert from_query(to_query(asked)) == (asked, ())


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=12)))
def test_any_address_can_be_read(query):
    """A hostile or mistyped address never raises; each part is either meant or named."""
    asked, dropped = from_query(query)
    for key in query:
        assert key in dropped or to_query(asked).get(key, query[key]) == query[key]


def test_an_area_of_another_kind_of_place_is_named():
    """A park's kind of area cannot stand in an address that asks for counties."""
    assert from_query({"by": "county", "area": "planned"}) == (Question(), ("area",))


def test_a_year_counts_what_had_begun_and_names_what_has_no_date(atlas):
    """With a year, a project counts if it began by its end; one without a date is left out by name."""
    started, rows = start_years(atlas), every(atlas)
    for year in (2019, 2021):
        found = answer(atlas, rows, Question(measure="projects", year=year))
        counted = (started > 0) & (started <= year)
        assert found.whole.total == counted.sum()
        assert found.left_out["start_unknown"].tolist() == np.flatnonzero(started == 0).tolist()


def test_each_way_of_counting_has_the_same_whole(atlas):
    """County, park, hexagon and surface are of the same rows."""
    rows = every(atlas)
    wholes = {by: answer(atlas, rows, replace(Question(), by=by)).whole.total for by in BY}
    assert len(set(wholes.values())) == 1
