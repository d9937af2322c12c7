"""What was left out says what would admit it, and what is impossible says what would have to give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from geo.tour import explain
from geo.tour.choose import best_choice
from geo.tour.problem import Day, Obstacle, Problem, Visit
from geo.tour.timetable import schedule
from tests.geo.tour.problems import problems


@given(problems(visits=6))
@settings(max_examples=80, deadline=None)
def test_the_minutes_of_what_was_left_out_are_enough(problem):
    """With so much more time, and driving, the visit fits into some gap of some day."""
    found = best_choice(problem)
    if found is None:
        return
    left = explain.left_out(problem, found)
    seen = {visit for route in found.routes for visit in route}
    assert [why.visit for why in left] == sorted(set(range(len(problem.visits))) - seen)
    for why in left:
        if why.minutes is None:
            continue
        assert why.minutes > 0
        more = why.minutes + 1e-6
        days = tuple(replace(day, latest_return=day.latest_return + more) for day in problem.days)
        looser = replace(problem, days=days, max_driving=problem.max_driving + more)
        assert any(
            schedule(looser, (*route[:gap], why.visit, *route[gap:]), day=day).kept
            for day, route in enumerate(found.routes)
            for gap in range(len(route) + 1)
        )


def given_way(problem: Problem, obstacle: Obstacle) -> Problem:
    """Return the problem with what an obstacle names given up, by its minutes where it has any."""
    more = (obstacle.minutes or 0.0) + 1e-6
    if obstacle.rule == "return":
        days = (replace(day, latest_return=day.latest_return + more) for day in problem.days)
        return replace(problem, days=tuple(days))
    if obstacle.rule == "driving":
        return replace(problem, max_driving=problem.max_driving + more)
    if obstacle.rule == "lunch":
        return replace(problem, lunch=None)
    if obstacle.rule == "cover":
        covers = list(problem.covers)
        number = obstacle.detail["cover"]
        covers[number] = replace(covers[number], at_least=0)
        return replace(problem, covers=tuple(covers))
    change = {
        "must": {"must": False},
        "window": {"earliest": 0.0, "latest": float("inf")},
        "position": {"position": None, "day": None},
    }[obstacle.rule]
    visits = list(problem.visits)
    visits[obstacle.visit] = replace(visits[obstacle.visit], **change)
    return replace(problem, visits=tuple(visits))


@given(problems(visits=5))
@settings(max_examples=60, deadline=None)
def test_each_obstacle_alone_makes_a_tour_possible(problem):
    """Where nothing is possible, giving way in any one thing that is named makes it so."""
    strict = tuple(replace(visit, must=True) for visit in problem.visits)
    problem = replace(problem, visits=strict, max_visits=None)
    if best_choice(problem) is not None:
        return
    for obstacle in explain.obstacles(problem):
        assert best_choice(given_way(problem, obstacle)) is not None, obstacle


def test_each_rule_is_named():
    """A site no road reaches, one closed, one too far and one too many each say so."""
    minutes = np.full((5, 5), 10.0)
    minutes[1], minutes[:, 1] = np.inf, np.inf
    minutes[3], minutes[:, 3] = 100, 100
    asked = (
        Visit(1, must=False, prize=1),
        Visit(2, latest=5, must=False, prize=1),
        Visit(3, must=False, prize=1),
        Visit(4, must=False, prize=1),
    )
    problem = Problem(minutes, asked, (Day(0, 0, 0, 150),))
    found = best_choice(problem)
    assert found.routes == ((3,),)
    left = explain.left_out(problem, found)
    assert [(why.rule, why.minutes) for why in left] == [
        ("path", None),
        ("window", None),
        ("return", pytest.approx(60.0)),
    ]
    few = replace(problem, max_visits=1)
    assert explain.left_out(few, best_choice(few))[1].rule == "count"
