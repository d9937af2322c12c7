"""Planning on the shipped city: times that add up, and a clear refusal of what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from geo import wording
from geo.errors import GeoError
from geo.tour import places
from geo.tour import tour as tours
from geo.tour.itinerary import Place
from geo.tour.planning import NoTour, plan
from geo.tour.tour import Asked, Span, Tour
from geo.tour.travel import Matrix, chosen


@pytest.fixture(scope="module")
def travel(atlas):
    return chosen("", atlas=atlas)


@pytest.fixture(scope="module")
def ids(atlas):
    """Return ids of placed projects, those of every county in turn."""
    placed = atlas.projects[atlas.projects["mapped"]]
    spread = placed.assign(turn=placed.groupby("county").cumcount())
    return spread.sort_values(["turn", "county"])["id"].tolist()


@pytest.fixture
def home(atlas):
    return places.known(atlas)[0]


def a_tour(ids, home, **change) -> Tour:
    made = Tour("", date(2026, 9, 21), (Span(home, home, 480, 1380),), tuple(map(Asked, ids)))
    return replace(made, **change)


def refused(tour, **how) -> GeoError:
    with pytest.raises(GeoError) as caught:
        plan(tour, id_="t", **how)
    for lang in ("zh", "en"):
        said = wording.sentence(caught.value, wording.translator(lang))
        assert said != wording.say("error.unknown", lang, code=caught.value.code)
    return caught.value


def test_a_planned_day_adds_up(atlas, travel, ids, home):
    """Every arrival is the last departure, the drive and the assembly; all asked for are there."""
    made = plan(a_tour(ids[:6], home, meal=None), id_="t", atlas=atlas, travel=travel)
    (day,) = made.itinerary.days
    now = day.departs
    for stop, leg in zip(day.stops, day.legs, strict=False):
        assert stop.arrives == pytest.approx(now + leg.minutes + 3, abs=0.01)
        now = stop.departs
    assert day.returns == pytest.approx(now + day.legs[-1].minutes + 3, abs=0.01)
    assert sorted(stop.project_id for stop in day.stops) == sorted(ids[:6])
    assert made.solution.proven
    assert made.tour.order == (tuple(stop.project_id for stop in day.stops),)


def test_an_order_by_hand_is_kept_and_compared(atlas, travel, ids, home):
    """By hand the order stays, what it breaks is named, and the best is there beside it."""
    order = tuple(ids[:5])
    tour = a_tour(order, home, order=(order,), mode="hand", meal=None)
    made = plan(tour, id_="t", atlas=atlas, travel=travel)
    assert (made.tour.order, made.broken) == ((order,), ())
    assert made.best.finish <= made.solution.finish + 1e-6
    short = replace(tour, days=(Span(home, home, 480, 540),))
    made = plan(short, id_="t", atlas=atlas, travel=travel)
    assert made.tour.order == (order,)
    assert "return" in {fact.rule for fact in made.broken}


def test_being_late_plans_the_rest(atlas, travel, ids, home):
    """After a delay the rest is planned from where one is, later than before."""
    made = plan(a_tour(ids[:5], home), id_="t", atlas=atlas, travel=travel)
    here = made.itinerary.days[0].stops[1]
    rest = tours.late(made.tour, day=0, stop=here.project_id, now=here.departs + 25)
    rest = replace(rest, days=(replace(rest.days[0], start=Place("", here.lon, here.lat)),))
    again = plan(rest, id_="t", atlas=atlas, travel=travel)
    assert again.itinerary.days[0].departs == here.departs + 25
    assert len(again.itinerary.stops) == 3


def test_nothing_to_see_is_refused(atlas, travel, home):
    """A tour without a stop asks for one."""
    assert refused(a_tour([], home), atlas=atlas, travel=travel).code == "tour.no_stop"


def test_a_deleted_project_is_named(atlas, travel, ids, home):
    """A kept tour with a project that is no longer there says which, and loses nothing."""
    tour = a_tour([*ids[:2], "gone"], home)
    error = refused(tour, atlas=atlas, travel=travel)
    assert (error.code, error.details["stop"]) == ("tour.stop_gone", "gone")
    assert tour.ids == (*ids[:2], "gone")


def test_a_project_without_coordinates_is_named(atlas, travel, ids, home):
    """A project that nobody has placed cannot join, and is named."""
    lost = atlas.projects[~atlas.projects["mapped"]].iloc[0]
    error = refused(a_tour([ids[0], lost["id"]], home), atlas=atlas, travel=travel)
    assert (error.code, error.details["stop"]) == ("tour.stop_nowhere", lost["name"])


def test_two_stops_at_one_place_are_two_stops(atlas, travel, ids, home):
    """Projects with the same coordinates are both seen, with no drive between them."""
    projects = atlas.projects.copy()
    rows = projects.index[projects["id"].isin(ids[:2])]
    projects.loc[rows, "geometry"] = gpd.GeoSeries([Point(home.lon, home.lat)] * 2, index=rows)
    same = replace(atlas, projects=projects)
    made = plan(a_tour(ids[:3], home), id_="t", atlas=same, travel=travel)
    assert len(made.itinerary.stops) == 3
    assert min(leg.minutes for leg in made.itinerary.days[0].legs) == pytest.approx(0, abs=0.1)


def test_sixty_stops_are_too_many_for_a_day(atlas, travel, ids, home):
    """All of sixty in a day is refused as not found, with what would do; some of sixty is planned."""
    tour = a_tour(ids[:60], home)
    error = refused(tour, atlas=atlas, travel=travel, seconds=0.3)
    assert isinstance(error, NoTour)
    assert not error.proven
    some = replace(tour, most=8, stops=tuple(replace(stop, must=False) for stop in tour.stops))
    made = plan(some, id_="t", atlas=atlas, travel=travel, seconds=0.5)
    assert len(made.itinerary.stops) == 8
    assert len(made.left) == 52


def test_a_tour_may_cross_midnight(atlas, travel, ids, home):
    """A day from the evening on ends on the next one, without the lunch that it has missed."""
    tour = a_tour(ids[:4], home, days=(Span(home, home, 22 * 60, 34 * 60),))
    made = plan(tour, id_="t", atlas=atlas, travel=travel)
    (day,) = made.itinerary.days
    assert day.returns > 24 * 60
    assert day.meal is None


def test_a_place_without_a_way_stops_a_tour_that_must_see_it(atlas, travel, ids, home):
    """Where no road leads to a site that must be seen, leaving it out is what is proposed."""

    class Cut:
        id = "cut"

        def matrix(self, places):
            found = travel.matrix(places)
            minutes = found.minutes.copy()
            minutes[-1, :-1] = minutes[:-1, -1] = np.inf
            return Matrix(minutes, found.km, found.source)

        def route(self, places):
            return travel.route(places)

    error = refused(a_tour(ids[:3], home), atlas=atlas, travel=Cut())
    assert isinstance(error, NoTour)
    assert [(one.rule, one.visit) for one in error.obstacles] == [("must", 2)]


def test_more_industries_than_there_are_is_refused(atlas, travel, ids, home):
    """Asking for more industries than the chosen sites have says how many there are."""
    error = refused(a_tour(ids[:2], home, industries=9), atlas=atlas, travel=travel)
    assert (error.code, error.details["expected"]) == ("tour.industries_few", 9)
