"""A problem that means nothing is refused, with what is wrong with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.errors import GeoError
from geo.tour.problem import Cover, Day, Lunch, Problem, Visit

NAN, INF = float("nan"), float("inf")
FINE = Problem(
    np.ones((3, 3)),
    (Visit(1, groups=frozenset("a")), Visit(2)),
    (Day(0, 0, 480, 1080),),
    lunch=Lunch(60, 690, 780),
    covers=(Cover(frozenset("a")),),
)


def first(**change: object) -> dict[str, object]:
    return {"visits": (replace(FINE.visits[0], **change), FINE.visits[1])}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes": np.ones((3, 2))}, "tour.matrix"),
        ({"minutes": np.ones(3)}, "tour.matrix"),
        ({"minutes": np.full((3, 3), -1.0)}, "tour.minutes"),
        ({"minutes": np.full((3, 3), NAN)}, "tour.minutes"),
        ({"minutes": np.full((3, 3), 1e12)}, "tour.minutes"),
        ({"days": ()}, "tour.no_day"),
        (first(node=3), "tour.node"),
        ({"lunch": Lunch(60, 690, 780, node=-1)}, "tour.node"),
        (first(earliest=600, latest=500), "tour.window"),
        ({"lunch": Lunch(60, 790, 780)}, "tour.lunch_window"),
        ({"covers": (Cover(frozenset("a"), at_least=2),)}, "tour.cover"),
        *((first(position=p), "tour.number") for p in (0, -2)),
        *((first(day=d), "tour.number") for d in (1, -1)),
        *((first(service=s), "tour.number") for s in (-1, NAN, INF)),
        (first(earliest=NAN), "tour.number"),
        (first(latest=NAN), "tour.number"),
        (first(prize=-1), "tour.number"),
        ({"days": (Day(0, 0, INF),)}, "tour.number"),
        ({"days": (Day(0, 0, 0, NAN),)}, "tour.number"),
        ({"lunch": Lunch(-1, 690, 780)}, "tour.number"),
        ({"covers": (Cover(frozenset("a"), weight=NAN),)}, "tour.number"),
        ({"max_visits": -1}, "tour.number"),
        ({"max_driving": NAN}, "tour.number"),
        ({"leg_extra": -1}, "tour.number"),
    ],
)
def test_nonsense_is_refused(change, code):
    """Each number out of its range, each reference to nothing has its own code."""
    with pytest.raises(GeoError) as caught:
        replace(FINE, **change)
    assert caught.value.code == code
