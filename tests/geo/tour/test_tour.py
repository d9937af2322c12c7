"""A tour as it is kept: it comes back equal, contradictions are refused, changes by hand hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.tour import tour as tours
from geo.tour.itinerary import Place
from geo.tour.tour import Asked, Meal, Span, Tour

HOME, TABLE = Place("市府", 124.38, 40.13), Place("饭店", 124.4, 40.1)
STOPS = tuple(Asked(id_, name=f"项目{id_}") for id_ in "abcd")
TOUR = Tour(
    title="观摩",
    first=date(2026, 9, 21),
    days=(Span(HOME, HOME), Span(HOME, TABLE)),
    stops=STOPS,
    order=(("a", "b"), ("c",)),
)

asked = st.builds(
    Asked,
    project=st.text(min_size=1, max_size=5),
    name=st.text(max_size=5),
    minutes=st.integers(0, 120),
    earliest=st.none() | st.integers(0, 600),
    latest=st.none() | st.integers(720, 1440),
    must=st.booleans(),
    priority=st.floats(0, 100),
    position=st.none() | st.just(-1) | st.integers(1, 5),
    day=st.none() | st.just(0),
)
spans = st.builds(
    Span,
    start=st.just(HOME),
    end=st.sampled_from([HOME, TABLE]),
    departs=st.integers(0, 700),
    returns=st.floats(701, 2000),
)


@st.composite
def any_tour(draw: st.DrawFn) -> Tour:
    stops = draw(st.lists(asked, max_size=5, unique_by=lambda one: one.project))
    return Tour(
        title=draw(st.text(max_size=9)),
        first=draw(st.dates()),
        days=tuple(draw(st.lists(spans, min_size=1, max_size=3))),
        stops=tuple(stops),
        meal=draw(st.none() | st.builds(Meal, place=st.none() | st.just(TABLE))),
        convoy_pct=draw(st.integers(0, 200)),
        most=draw(st.none() | st.integers(1, 20)),
        max_driving=draw(st.none() | st.integers(1, 600)),
        every_county=draw(st.booleans()),
        objective=draw(st.sampled_from(["finish", "driving"])),
        mode=draw(st.sampled_from(["plan", "hand"])),
        order=(tuple(one.project for one in stops),),
    )


@given(any_tour())
def test_what_is_kept_comes_back_equal(tour):
    """Written as JSON and read back, a tour is the same in every field."""
    assert tours.from_json(tours.to_json(tour)) == tour


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stops": tuple(Asked(str(n)) for n in range(401)), "order": ()}, "tour.stops_many"),
        ({"days": ()}, "tour.days"),
        ({"days": (Span(HOME, HOME),) * 6}, "tour.days"),
        ({"stops": (*STOPS, STOPS[0])}, "tour.twice"),
        ({"order": (("a",), ("b", "a"))}, "tour.twice"),
        ({"order": (("x",),)}, "tour.order_unknown"),
        ({"days": (Span(HOME, HOME, 600, 600),)}, "tour.day_window"),
        ({"days": (Span(HOME, HOME, 1500, 1600),)}, "tour.day_window"),
        ({"days": (Span(HOME, HOME, 480, 3000),)}, "tour.day_window"),
        ({"stops": (*STOPS, Asked("e", earliest=600, latest=620))}, "tour.stop_window"),
        ({"stops": (*STOPS, Asked("e", earliest=-1))}, "tour.stop_window"),
        ({"stops": (*STOPS, Asked("e", minutes=-1))}, "tour.number"),
        ({"stops": (*STOPS, Asked("e", minutes=float("nan")))}, "tour.number"),
        ({"stops": (*STOPS, Asked("e", priority=101))}, "tour.number"),
        ({"stops": (*STOPS, Asked("e", position=0))}, "tour.number"),
        ({"stops": (*STOPS, Asked("e", position=-2))}, "tour.number"),
        ({"stops": (*STOPS, Asked("e", day=2))}, "tour.number"),
        ({"meal": Meal(earliest=800, latest=700)}, "tour.lunch_window"),
        ({"meal": Meal(minutes=301)}, "tour.number"),
        ({"meal": Meal(earliest=float("nan"))}, "tour.number"),
        ({"convoy_pct": 201}, "tour.number"),
        ({"assembly": -1}, "tour.number"),
        ({"most": 0}, "tour.number"),
        ({"max_driving": 0}, "tour.number"),
        ({"industries": 100}, "tour.number"),
        ({"objective": "fun"}, "tour.body_invalid"),
        ({"mode": ""}, "tour.body_invalid"),
    ],
)
def test_what_contradicts_itself_is_refused(change, code):
    """Each contradiction and each number out of range has its own code."""
    with pytest.raises(GeoError) as caught:
        replace(TOUR, **change)
    assert caught.value.code == code


BODY = json.loads(tours.to_json(TOUR))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        "[" * 100_000,
        json.dumps({**BODY, "format": 9}),
        json.dumps({**BODY, "first": "yesterday"}),
        json.dumps({**BODY, "surprise": 1}),
        json.dumps({**BODY, "stops": [{"name": "x"}]}),
        json.dumps({**BODY, "stops": [{"project": ["x"]}], "order": []}),
        json.dumps({**BODY, "days": [{**BODY["days"][0], "departs": "8"}]}),
        json.dumps({**BODY, "days": [{**BODY["days"][0], "returns": float("inf")}]}),
        json.dumps({**BODY, "meal": {"minutes": 60, "place": {"name": "x"}}}),
    ],
)
def test_what_is_no_tour_is_refused(text):
    """Whatever a file holds, reading it as a tour ends in a sentence."""
    with pytest.raises(GeoError) as caught:
        tours.from_json(text)
    assert caught.value.code == "tour.body_invalid"


def test_a_stop_moved_by_hand_stands_where_it_was_put():
    """Moving takes a site to a place of a day, a dropped one stays asked for, others keep order."""
    moved = tours.moved(TOUR, "a", day=1, position=1)
    assert (moved.order, moved.mode) == ((("b",), ("c", "a")), "hand")
    assert tours.moved(TOUR, "d", day=0, position=0).order == (("d", "a", "b"), ("c",))
    dropped = tours.dropped(TOUR, "b")
    assert (dropped.order, dropped.ids) == ((("a",), ("c",)), TOUR.ids)
    assert tours.moved(replace(TOUR, order=()), "c", day=1, position=0).order == ((), ("c",))


def test_other_sites_leave_the_order_of_those_that_stay():
    """Without a site its place in the order closes; a new one has none yet."""
    found = tours.with_stops(TOUR, (*STOPS[1:], Asked("e")))
    assert found.order == (("b",), ("c",))


def test_being_late_leaves_what_is_still_to_see():
    """At a stop of the second day only what comes after it is asked for, from now on."""
    order = (("a",), ("b", "c", "d"))
    pinned = (*STOPS[:3], replace(STOPS[3], day=1, position=-1))
    rest = tours.late(replace(TOUR, stops=pinned, order=order), day=1, stop="b", now=800)
    assert (rest.ids, rest.order, rest.mode) == (("c", "d"), (("c", "d"),), "plan")
    assert (len(rest.days), rest.days[0].departs, rest.days[0].returns) == (1, 800, 1080)
    assert (rest.meal, rest.stops[1].day, rest.stops[1].position) == (None, None, None)
    early = tours.late(replace(TOUR, order=order), day=1, stop="b", now=700)
    assert early.meal == TOUR.meal
    with pytest.raises(GeoError) as caught:
        tours.late(TOUR, day=0, stop="c", now=600)
    assert caught.value.code == "tour.order_unknown"
