"""The embedded graph: a metric, equal to its own routes, honest about what it cannot reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from geo.errors import GeoError
from geo.tour.travel import Graph

CITY = (124.3947, 40.1292)
AT_SEA = (123.75, 39.50)
FAR_AWAY = (116.40, 39.90)
# A box that lies wholly in the counties, so that every point of it has a way.
INSIDE = st.tuples(st.floats(123.85, 124.6), st.floats(40.4, 40.75))
SEVERAL = st.lists(INSIDE, min_size=2, max_size=6)


def driven_km(line: tuple[tuple[float, float], ...]) -> float:
    lon, lat = np.array(line).T
    return float(crs.distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())


@settings(max_examples=25)
@given(SEVERAL)
def test_times_are_those_of_a_metric(graph, places):
    """Times and ways are finite and not negative, zero to oneself, equal both ways, never longer than by a third place."""
    answer = graph.matrix(places)
    minutes = answer.minutes
    assert np.isfinite(minutes).all()
    assert (minutes >= 0).all()
    assert (answer.km >= 0).all()
    assert (np.diag(minutes) == 0).all()
    assert np.allclose(minutes, minutes.T, atol=1e-9)
    by_third = (minutes[:, :, None] + minutes[None, :, :]).min(axis=1)
    assert (minutes <= by_third + 1e-9).all()


@settings(max_examples=25)
@given(SEVERAL)
def test_a_route_is_what_the_matrix_says(graph, places):
    """Each leg has the minutes and km of the matrix, begins and ends at its places, and is no longer than its km."""
    answer, route = graph.matrix(places), graph.route(places)
    assert len(route.legs) == len(places) - 1
    for number, leg in enumerate(route.legs):
        assert leg.minutes == pytest.approx(answer.minutes[number, number + 1], abs=1e-9)
        assert leg.km == pytest.approx(answer.km[number, number + 1], abs=1e-9)
        if places[number] != places[number + 1]:
            assert leg.line[0] == pytest.approx(places[number], abs=2e-6)
            assert leg.line[-1] == pytest.approx(places[number + 1], abs=2e-6)
            assert driven_km(leg.line) <= leg.km * 1.002 + 0.01


def test_a_city_without_roads_is_driven_over_open_ground(atlas, graph):
    """No road in the layer leaves the ground between: every place is reached, never faster than by road."""
    roads = atlas.base["roads"].iloc[:0]
    bare = Graph(atlas.catalogue.travel, counties=atlas.counties, roads=roads)
    places = [(124.0, 40.45), (124.3, 40.6), (124.5, 40.5)]
    minutes, route = bare.matrix(places).minutes, bare.route(places)
    assert np.isfinite(minutes).all()
    assert [leg.minutes for leg in route.legs] == pytest.approx(np.diagonal(minutes, 1))
    assert [leg.line[-1] for leg in route.legs] == [pytest.approx(p, abs=2e-6) for p in places[1:]]
    assert (minutes >= graph.matrix(places).minutes - 1e-9).all()


@settings(max_examples=15)
@given(SEVERAL, INSIDE)
def test_other_places_change_nothing(graph, places, another):
    """The times between places are the same whatever else is asked for."""
    alone = graph.matrix(places).minutes
    count = len(places)
    assert np.array_equal(graph.matrix([*places, another]).minutes[:count, :count], alone)


@given(INSIDE, INSIDE)
def test_the_plane_keeps_distances(graph, start, end):
    """Lengths in the graph's plane are within 0.1 % of the geodesic ones."""
    one, other = graph._points(np.array([start, end]))
    straight = float(crs.distance_km(*start, *end))
    assert float(np.hypot(*(one - other))) == pytest.approx(straight, rel=1e-3, abs=1e-6)


@settings(max_examples=25)
@given(INSIDE, INSIDE)
def test_no_way_is_shorter_than_the_straight_line(graph, start, end):
    """A drive is at least as long as the geodesic between its ends, to 0.2 % of the plane."""
    km = graph.matrix([start, end]).km[0, 1]
    assert km >= float(crs.distance_km(*start, *end)) * 0.998 - 1e-6


def test_a_road_may_be_entered_between_its_junctions(graph, atlas):
    """A place at the middle of the longest edge is on the road at once, not by way of an end."""
    roads = atlas.base["roads"]
    longest = roads.loc[roads["length_km"].idxmax()]
    ends = np.array(longest.geometry.coords)
    middle = ends.mean(axis=0)
    quarter = (ends[0] + middle) / 2
    answer = graph.matrix([middle, quarter, ends[0]])
    travel = atlas.catalogue.travel
    by_ground = float(crs.distance_km(*middle, *quarter)) * travel.local.minutes_per_km
    assert answer.minutes[0, 1] < 0.75 * by_ground
    assert answer.minutes[0, 2] == pytest.approx(2 * answer.minutes[0, 1], rel=0.05)


def test_places_off_the_coast_have_no_way(graph):
    """A place at sea is inf both ways and named; the others keep their times; a route to it is refused."""
    towns = [CITY, (124.0717, 40.4536)]
    answer = graph.matrix([*towns, AT_SEA])
    assert np.isinf(answer.minutes[2, :2]).all()
    assert np.isinf(answer.minutes[:2, 2]).all()
    assert answer.minutes[2, 2] == 0
    assert np.array_equal(answer.minutes[:2, :2], graph.matrix(towns).minutes)
    assert [(n.code, n.details["places"], n.details["rows"]) for n in answer.notices] == [
        ("travel.path", "3", (2,))
    ]
    with pytest.raises(GeoError) as caught:
        graph.route([CITY, AT_SEA])
    assert (caught.value.code, caught.value.details["rows"]) == ("travel.path", (1,))


def test_a_place_in_another_city_has_no_way(graph):
    """The graph is the city's: what is far outside its counties is not reached by it."""
    assert np.isinf(graph.matrix([CITY, FAR_AWAY]).minutes[0, 1])


@pytest.mark.parametrize("count", [0, 1])
def test_few_places_are_no_fault(graph, count):
    """No place and one place give an empty and a zero matrix, and no leg."""
    places = [CITY][:count]
    assert graph.matrix(places).minutes.tolist() == [[0.0]] * count
    assert graph.route(places).legs == ()


@pytest.mark.parametrize(
    "places",
    [
        [(124.0,)],
        [(124.0, 40.0, 1.0)],
        [(float("nan"), 40.0)],
        [(float("inf"), 40.0)],
        [(124.0, 91.0)],
        [("x", "y")],
        [CITY] * 1001,
    ],
)
def test_what_is_no_place_is_refused(graph, places):
    """Anything but finite lon, lat pairs, and more than a thousand of them, is `travel.places`."""
    for ask in (graph.matrix, graph.route):
        with pytest.raises(GeoError) as caught:
            ask(places)
        assert caught.value.code == "travel.places"


def test_places_at_one_spot_are_no_time_apart(graph):
    """Two stops at one place cost nothing, and their leg is that place alone."""
    assert graph.matrix([CITY, CITY]).minutes[0, 1] == 0
    leg = graph.route([CITY, CITY]).legs[0]
    assert (leg.minutes, leg.km, leg.line) == (0.0, 0.0, (CITY,))


def test_the_estimate_says_what_it_is(graph, atlas):
    """Matrix and legs carry the backend's id and the city's stated band."""
    places = [CITY, (124.0717, 40.4536)]
    band = atlas.catalogue.travel.band_pct
    answer, leg = graph.matrix(places), graph.route(places).legs[0]
    assert (answer.source, answer.band_pct) == (leg.source, leg.band_pct) == ("graph", band)


def test_all_projects_of_a_city_are_one_matrix(graph, atlas):
    """335 places have finite times wherever they lie in the counties (timed in bench/, not here)."""
    shapes = atlas.projects[atlas.projects["sample"]].geometry
    points = shapes[shapes.notna()].representative_point()
    places = np.resize(np.column_stack([points.x, points.y]), (335, 2))
    answer = graph.matrix(places)
    assert answer.minutes.shape == (335, 335)
    assert not np.isnan(answer.minutes).any()


def test_roads_of_other_shape_are_read_too(atlas):
    """Lines with many points and without a stated length give the times of the same lines cut in two-point ones."""
    roads = atlas.base["roads"]
    bent = roads[["geometry"]].copy()
    bent["geometry"] = bent.geometry.segmentize(0.05)
    travel = atlas.catalogue.travel
    plain = Graph(travel, counties=atlas.counties, roads=roads[["geometry"]])
    cut = Graph(travel, counties=atlas.counties, roads=bent)
    places = [CITY, (124.0717, 40.4536), (124.78, 40.73)]
    assert cut.matrix(places).minutes == pytest.approx(plain.matrix(places).minutes, rel=0.01)
