"""A tour as the map draws it: in the base map's datum, with rows instead of names."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise

import pytest

from geo import crs
from geo.render.command import tour_layer
from geo.tour.itinerary import Itinerary, Leg, Place, Stop, TourDay

HOME, INN = Place("<b>家</b>", 124.35, 40.12), Place("旅馆", 124.7, 40.7)
SPOTS = ((124.30, 40.05), (124.11, 39.95), (124.60, 40.60))


def stop(number: int) -> Stop:
    lon, lat = SPOTS[number - 1]
    times = {"arrives": 500, "begins": 500, "departs": 530, "slack": 10}
    return Stop(
        number=number, project_id=f"p{number}", name="{{ 7*7 }}", lon=lon, lat=lat, **times,
        precision="site", sample=False, project={"name": "<img>"},
    )  # fmt: skip


def day(start: Place, end: Place, *numbers: int) -> TourDay:
    way = [(start.lon, start.lat), *(SPOTS[n - 1] for n in numbers), (end.lon, end.lat)]
    legs = tuple(Leg(10, 5, "graph", 30, (one, two)) for one, two in pairwise(way))
    return TourDay(start, end, 480, 600, tuple(map(stop, numbers)), legs, None)


def tour(*days: TourDay) -> Itinerary:
    return Itinerary("t", "<script>", "城", date(2026, 5, 1), "Asia/Shanghai", days, 10)


def layer(of: Itinerary | None, datum: str = "wgs84", **more) -> dict:
    return tour_layer(of, datum=datum, ends=("起", "终"), rows={"p1": 7, "p3": 2}, **more)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_every_place_is_shifted_like_the_base_map(datum):
    """Stops, ends and lines all lie where the base map's datum has them, to about a metre."""
    shown = layer(tour(day(HOME, HOME, 1, 2)), datum)
    lon, lat = crs.shift([*(p[0] for p in SPOTS[:2])], [*(p[1] for p in SPOTS[:2])], target=datum)
    assert [s[1] for s in shown["stops"]] == pytest.approx(lon, abs=1e-5)
    assert [s[2] for s in shown["stops"]] == pytest.approx(lat, abs=1e-5)
    assert shown["lines"][0][2:] == shown["stops"][0][1:3]
    assert shown["lines"][0][:2] == shown["ends"][0][1:]
    moved = abs(shown["stops"][0][1] - SPOTS[0][0])
    assert (moved > 0.003) == (datum == "gcj02")


def test_stops_and_chosen_sites_are_rows_of_the_map():
    """A stop tells its row, -1 where the map has none; chosen sites that it lacks are left out."""
    shown = layer(tour(day(HOME, HOME, 1, 2)), chosen=("p3", "gone", "p1"), fit=4)
    assert [s[3] for s in shown["stops"]] == [7, -1]
    assert shown["chosen"] == [2, 7]
    assert shown["fit"] == 4


def test_an_end_is_marked_once_and_only_where_it_is_not_the_start():
    """A round trip has one mark, two days with an inn have the start and the inn."""
    assert [e[0] for e in layer(tour(day(HOME, HOME, 1)))["ends"]] == ["起"]
    shown = layer(tour(day(HOME, INN, 1), day(INN, HOME, 3)))
    assert [e[0] for e in shown["ends"]] == ["起", "终"]
    assert len(shown["lines"]) == 4


def test_no_name_reaches_the_map_and_no_tour_is_an_empty_one():
    """Nothing of a project's or place's words is in the layer; without a tour only sites are."""
    text = json.dumps(layer(tour(day(HOME, INN, 1, 2))), ensure_ascii=False)
    assert not any(word in text for word in ("<", "{{", "家", "旅馆"))
    assert layer(None, chosen=("p1",)) == {
        "lines": [], "stops": [], "ends": [], "chosen": [7], "fit": 0,
    }  # fmt: skip
