"""The best place for one more site when the others keep their order, against trying every place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geo import layers
from geo.errors import GeoError
from geo.tour import hand, planning
from geo.tour import tour as tours
from geo.tour.itinerary import Place
from geo.tour.tour import Asked, Span, Tour
from geo.tour.travel import from_environment

HOME = Place("家", 124.38, 40.13)


@pytest.fixture(scope="module")
def atlas() -> layers.Atlas:
    return layers.load(Path(__file__).parents[3] / "data")


@pytest.mark.parametrize("days", [1, 2])
def test_no_other_place_costs_less(atlas, days):
    """Put anywhere else, the site makes the tour break more, or take at least as long."""
    projects = atlas.projects
    ids = [str(id_) for id_ in projects[projects["mapped"]]["id"][20:90:10]]
    span = Span(HOME, HOME, 480, 1320)
    order = (tuple(ids[:3]), tuple(ids[3:6])) if days == 2 else (tuple(ids[:6]),)
    asked = tuple(Asked(id_, id_, must=False) for id_ in ids)
    tour = Tour("", date(2026, 5, 1), (span,) * days, asked, order=order, mode="hand")
    extra, travel = ids[6], from_environment({}, atlas=atlas)

    def cost(day: int, at: int) -> tuple[float, float]:
        moved = tours.moved(tour, extra, day=day, position=at)
        made = planning.plan(moved, id_="t", atlas=atlas, travel=travel, seconds=0.1)
        return sum(fact.minutes for fact in made.broken), made.solution.finish

    best = hand.best_place(tour, extra, atlas=atlas, travel=travel)
    places = [(day, at) for day, ids_ in enumerate(order) for at in range(len(ids_) + 1)]
    assert best in places
    chosen = cost(*best)
    assert all(
        chosen <= (late + 1e-6, long + 1e-6) for late, long in (cost(*place) for place in places)
    )


def test_a_site_that_is_not_asked_for_is_refused(atlas):
    """The error names it."""
    tour = Tour("", date(2026, 5, 1), (Span(HOME, HOME),), (Asked("r01"),))
    with pytest.raises(GeoError) as caught:
        hand.best_place(tour, "nobody", atlas=atlas, travel=from_environment({}, atlas=atlas))
    assert caught.value.code == "tour.order_unknown"
    assert caught.value.details["stop"] == "nobody"
