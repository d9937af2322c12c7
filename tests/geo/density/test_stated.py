"""Stated amounts and other denominators: exact, each with its source, and unknown is no zero."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.density import per, places, stated
from geo.density.question import Question, answer, density, from_query, to_query
from geo.errors import GeoError
from geo.layers import Atlas
from geo.series import Point, Series
from tests.geo.density.worlds import every, with_rows


def world(atlas: Atlas, *points: Point) -> Atlas:
    return replace(atlas, series=Series(points))


def point(place: str, value: int, metric: str = "output", when: str = "2021", **others) -> Point:
    return Point(place, metric, when, value, **{"status": "actual", "source": "x", **others})


def by(found, place: str):
    return next(figure for figure in found.figures if figure.place == place)


@pytest.mark.parametrize("way", stated.BY)
@pytest.mark.parametrize("metric", stated.METRICS)
def test_parts_add_up_to_the_whole(atlas, way, metric):
    """Whatever is stated for which places, those that overlap no other add up to the whole."""
    ids = stated.places_of(atlas, way)

    @given(st.dictionaries(st.sampled_from(ids), st.integers(0, 10**9), min_size=1))
    def holds(values):
        made = world(atlas, *(point(place, v, metric) for place, v in values.items()))
        found = stated.by_place(made, by=way, metric=metric, year=2021)
        known = [f for f in found.top if f.amount.value is not None]
        assert sum((f.amount.total for f in known), Fraction(0)) == found.whole.total
        assert {f.place for f in found.figures if f.amount.value is not None} == {
            place for place in values if place in {f.place for f in found.figures}
        }
        assert all(f.amount.reason == "not_stated" for f in found.figures if f.place not in values)

    holds()


def test_a_density_is_exact_and_carries_its_point(atlas):
    """Output over a stated area is an exact fraction; status, source and sample go with it."""
    park = atlas.parks[atlas.parks["area_km2"].notna()].iloc[0]
    made = world(atlas, point(park["id"], 45_000, status="estimate", sample=True))
    found = stated.by_place(made, by="park", metric="output", year=2021)
    figure = by(found, park["id"])
    km2 = Fraction(str(park["area_km2"]))
    assert figure.value == figure.per_km2 == Fraction(45_000) / km2 / 10_000
    assert figure.unit == "yi_per_km2"
    assert (figure.amount.point.status, figure.amount.point.sample) == ("estimate", True)
    assert figure.amount.rows.size == figure.amount.unknown.size == 0


def test_what_is_not_known_has_its_reason(atlas):
    """No figure, figures of some months, a target alone: each is said, none is zero."""
    one, two, three, four = atlas.counties["code"][:4]
    made = world(
        atlas,
        point(one, 5),
        point(two, 3, when="2021-01/2021-09"),
        point(three, 9, status="target"),
    )
    found = stated.by_place(made, by="county", metric="output", year=2021)
    reasons = {f.place: f.reason for f in found.figures}
    assert [reasons[code] for code in (one, two, three, four)] == [
        "",
        "part_year",
        "target_only",
        "not_stated",
    ]
    assert by(found, two).value is None
    assert found.whole.total == 5


def test_a_count_of_december_stands_for_the_year(atlas):
    """Jobs at the end of December are the year's; output of December is not."""
    code = atlas.counties["code"].iloc[0]
    made = world(atlas, point(code, 8, "jobs", "2021-12"), point(code, 8, "output", "2021-12"))
    jobs = stated.by_place(made, by="county", metric="jobs", year=2021)
    assert (by(jobs, code).amount.value, by(jobs, code).unit) == (8, "person_per_km2")
    output = stated.by_place(made, by="county", metric="output", year=2021)
    assert by(output, code).reason == "part_year"


def test_without_a_year_all_places_are_of_the_same_newest_one(atlas):
    """The newest year of any place is asked of all, so that no two years are compared."""
    one, two = atlas.counties["code"][:2]
    made = world(atlas, point(one, 5), point(two, 4, when="2020"))
    found = stated.by_place(made, by="county", metric="output")
    assert by(found, one).amount.value == 5
    assert by(found, two).reason == "not_stated"


def test_a_published_whole_that_differs_is_said(atlas):
    """The sum is computed, the published total of all parks stands beside it where it differs."""
    park = atlas.parks["id"].iloc[0]
    made = world(atlas, point(park, 5), point("parks", 7))
    note = [
        n for n in stated.by_place(made, by="park", metric="output").notes if n.place == "parks"
    ]
    assert [(n.code, n.other) for n in note] == [("stated_whole", "7")]
    same = world(atlas, point(park, 7), point("parks", 7))
    assert not [
        n for n in stated.by_place(same, by="park", metric="output").notes if n.other == "7"
    ]


def test_what_cannot_be_asked_is_refused(atlas):
    """A hexagon has no series, a ratio no density, and a city without figures says so."""
    for code, details in (
        ("density.stated_by", {"by": "h3", "metric": "output"}),
        ("density.choice", {"by": "county", "metric": "output_growth"}),
    ):
        with pytest.raises(GeoError) as caught:
            stated.by_place(atlas, **details)
        assert caught.value.code == code
    with pytest.raises(GeoError) as caught:
        stated.by_place(world(atlas), by="county", metric="output")
    assert caught.value.code == "density.stated_none"
    with pytest.raises(GeoError) as caught:
        per.of_places(atlas, by="h3", kind="firms")
    assert caught.value.code == "density.per_by"


def test_projects_are_divided_by_people_and_firms(atlas):
    """700 万元 of projects among 35,000 people are 200 万元 per 10,000, among 7 firms 100 each."""
    code = atlas.counties["code"].iloc[0]
    made = with_rows(atlas, {"county": code, "invest_wan": 700})
    made = world(made, point(code, 35_000, "population"), point(code, 7, "firms"))
    for kind, value, unit in (
        ("population", 200, "wan_per_10k_people"),
        ("firms", 100, "wan_per_firm"),
    ):
        figure = by(answer(made, every(made), Question(measure="invest", per=kind)), code)
        assert (figure.value, figure.unit, figure.per.year) == (value, unit, "2021")
        assert density(figure, kind) == value
        assert figure.amount.rows.tolist() == [0]


def test_a_denominator_that_is_missing_has_its_reason(atlas):
    """No people known, or none there: no density, the amount stays, the reason is said."""
    one, two = atlas.counties["code"][:2]
    made = world(atlas, point(one, 0, "population"), point(one, 5), point(two, 5))
    found = answer(made, every(made), Question(measure="output", per="population", year=2021))
    assert [by(found, code).reason for code in (one, two)] == ["none_there", "not_stated"]
    assert [by(found, code).value for code in (one, two)] == [None, None]
    assert by(found, one).amount.value == 5


@given(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(1, 100))
def test_dividing_does_not_depend_on_scale(total, people, factor):
    """As much more output among as many more people is the same figure."""

    def value(times: int) -> Fraction:
        amount = stated.Stated("output", Fraction(total * times), EMPTY, EMPTY)
        over = stated.Figure("p", amount, AREA, per=people_of(people * times))
        return over.value

    assert value(1) == value(factor) == Fraction(total * 10_000, people)


EMPTY = np.empty(0, dtype=int)
AREA = places.areas.Area(None, "", "", "", "area_not_stated")


def people_of(count: int) -> per.Denominator:
    return per.Denominator("population", Fraction(count), "2021")


def test_stated_amounts_say_that_they_follow_no_filter(atlas):
    """With rows left out, the answer has a note; with all rows it has none."""
    rows = every(atlas)
    asked = Question(measure="output", year=2021)
    assert not [n for n in answer(atlas, rows, asked).notes if n.code == "stated_unfiltered"]
    rows[0] = False
    assert [n for n in answer(atlas, rows, asked).notes if n.code == "stated_unfiltered"]


def test_an_address_asks_for_stated_amounts(atlas):
    """Output per head has an address; where there are no series, the parts are dropped by name."""
    asked = Question(measure="output", per="population", year=2021)
    assert from_query(to_query(asked)) == (asked, ())
    found, dropped = from_query({"by": "h3", "measure": "tax", "per": "firms"})
    assert (found, dropped) == (Question(by="h3"), ("measure", "per"))


def test_what_is_offered_says_why_it_cannot_be_had(atlas):
    """Counties have all of the shipped metrics, parks no population, hexagons none."""
    assert set(stated.offered(atlas, by="county").values()) == {""}
    assert per.offered(atlas, by="county") == {"population": "", "firms": ""}
    assert per.offered(atlas, by="park") == {"population": "none_stated", "firms": ""}
    assert set(stated.offered(atlas, by="h3").values()) == {"stated_by"}
    assert set(stated.offered(world(atlas), by="county").values()) == {"none_stated"}


def test_the_atlas_stays_as_it_is(atlas):
    """Asking changes neither the series nor the frames."""
    before = (atlas.series.points, atlas.projects.copy())
    answer(atlas, every(atlas), Question(by="park", measure="jobs", per="firms"))
    assert atlas.series.points == before[0]
    assert atlas.projects.equals(before[1])


def test_a_count_of_december_is_offered_and_answered_for_its_year(atlas):
    """Where people are counted at year's end only, that year can be chosen and has figures."""
    code = atlas.counties["code"].iloc[0]
    here = world(atlas, point(code, 900, "jobs", "2023-12"), point(code, 5, "output", "2023-12"))
    assert stated.years_of(here, by="county", metric="jobs") == (2023,)
    found = answer(here, every(here), Question(measure="jobs"))
    assert by(found, code).amount.total == 900
    assert stated.years_of(here, by="county", metric="output") == ()
