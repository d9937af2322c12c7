"""How good a tour is said to be: never better than it is, and the same on the page and the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geo import wording
from geo.tour.itinerary import Itinerary, Place
from geo.tour.planning import Left, Plan
from geo.tour.problem import Obstacle, Solution
from geo.tour.tour import Span, Tour
from geo.tour.verdict import verdict

HOME = Place("驻地", 124.3, 40.1)
TOUR = Tour("", date(2026, 9, 21), (Span(HOME, HOME, 480, 1380),), ())
FOUND = Solution(((0, 1),), value=2, finish=100.0, driving=50.0)
LEFT = (Left("r01", "甲", Obstacle("return")),)


def a_plan(found: Solution = FOUND, *, mode: str = "plan", **more: object) -> Plan:
    shown = Itinerary("t", "", "市", TOUR.first, "Asia/Shanghai", (), 0)
    made = Plan(replace(TOUR, mode=mode), shown, found, (), (), ())
    return replace(made, **more)


@pytest.mark.parametrize(
    ("bound", "said"),
    [(100.0, "0.1"), (99.99, "0.1"), (99.86, "0.2"), (80.0, "25.0"), (100 / 1.001, "0.1")],
)
def test_a_gap_is_rounded_up(bound, said):
    """What at most could be saved has one decimal, is never less than it is, and never nothing."""
    assert verdict(a_plan(replace(FOUND, bound=bound))) == ("gap", {"pct": said})


def test_what_is_left_out_changes_what_is_proven():
    """Where sites were left out only the order has a bound, and the sentence says so."""
    assert verdict(a_plan(replace(FOUND, bound=80.0), left=LEFT)) == ("gap_chosen", {"pct": "25.0"})
    assert verdict(a_plan(left=LEFT)) == ("not_proven_chosen", {})
    assert verdict(a_plan()) == ("not_proven", {})
    assert verdict(a_plan(replace(FOUND, proven=True), left=LEFT)) == ("proven", {})


def test_an_order_by_hand_is_compared_with_the_planners():
    """By hand a tour sees more or fewer sites, takes longer, is as quick, or has nothing beside it."""
    better = replace(FOUND, finish=87.6)
    cases = {
        "by_hand_alone": None,
        "by_hand": better,
        "by_hand_equal": replace(FOUND, finish=99.8),
        "by_hand_fewer": replace(better, routes=((0, 1), (2,))),
        "by_hand_more": replace(better, routes=((0,),)),
    }
    found = {key: verdict(a_plan(mode="hand", best=best)) for key, best in cases.items()}
    assert {key: judged for key, (judged, _) in found.items()} == {key: key for key in cases}
    assert found["by_hand"][1] == {"n": "12"}
    assert found["by_hand_more"][1] == found["by_hand_fewer"][1] == {"n": 1}
    for key, values in found.values():
        for lang in ("zh", "en"):
            assert "{" not in wording.say(f"tour.{key}", lang, **values)
