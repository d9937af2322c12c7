"""The solver's promises: never worse than what was typed, never a bound above the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.tour import bounds, exact, search, solve
from geo.tour.choose import best_choice
from geo.tour.problem import Day, Problem, Solution, Visit
from tests.geo.tour.problems import problems, random_problem


def key(problem: Problem, found: Solution) -> tuple[float, ...]:
    sums = (found.finish, found.driving)
    return (-found.value, *(sums if problem.objective == "finish" else sums[::-1]))


@given(problems(visits=6), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_a_plan_is_never_worse_than_what_was_typed(problem, random):
    """Whatever order is typed in, if it keeps the rules the answer is as good or better."""
    order = list(range(len(problem.visits)))
    random.shuffle(order)
    cut = random.randint(0, len(order)) if len(problem.days) > 1 else len(order)
    routes = tuple(map(tuple, (order[:cut], order[cut:])[: len(problem.days)]))
    typed = solve.evaluate(problem, routes)
    if typed is not None:
        found = solve.solve(problem, typed=routes)
        assert found.proven
        assert [round(k, 5) for k in key(problem, found)] <= [
            round(k, 5) for k in key(problem, typed)
        ]


@pytest.mark.parametrize("seed", [1, 2])
def test_many_visits_are_never_worse_than_typed(seed):
    """Beyond what can be proven, in hardly any time, a good typed order is not lost."""
    problem = random_problem(np.random.default_rng(seed), count=16)
    visits = tuple(Visit(v, service=10) for v in range(16))
    open_ = Problem(problem.minutes, visits, (Day(16, 16, 480),), objective="driving")
    typed = (tuple(range(len(visits))),)
    kept = solve.evaluate(open_, typed)
    assert kept is not None
    assert key(open_, solve.solve(open_, seconds=0.2, typed=typed)) <= key(open_, kept)


@given(problems(visits=6, days=1))
@settings(max_examples=80, deadline=None)
def test_no_bound_is_above_the_best(problem):
    """What no tour of the chosen visits can beat is not more than the proven best does."""
    found = best_choice(problem)
    if found is None or not found.routes[0]:
        return
    bounded = solve._bounded(problem, found)
    sums = {"finish": found.finish, "driving": found.driving}
    assert bounded.bound <= sums[problem.objective] + 1e-6
    assert bounds.least_driving(problem, found.routes[0]) <= found.driving + 1e-6


@given(problems(visits=6))
@settings(max_examples=15, deadline=None)
def test_the_search_answers_only_with_what_keeps_every_rule(problem):
    """A tour that the search finds is permitted, has its sums, and does not beat the proof."""
    best, found = best_choice(problem), search.improve(problem, seconds=0.05)
    if found is None:
        return
    again = solve.evaluate(problem, found.routes)
    assert best is not None
    assert again is not None
    assert key(problem, again) == pytest.approx(key(problem, found))
    assert [round(k, 4) for k in key(problem, best)] <= [round(k, 4) for k in key(problem, found)]


def test_where_no_tour_exists_that_is_proven():
    """Two sites that are open at the same moment, far apart, have no tour, and it is certain."""
    minutes = np.array([[0.0, 60], [60, 0]])
    visits = (Visit(0, latest=10), Visit(1, latest=10))
    with pytest.raises(GeoError) as caught:
        solve.solve(Problem(minutes, visits, (Day(0, 0, 0),)))
    assert (caught.value.code, caught.value.details) == ("tour.infeasible", {"proven": True})


def test_a_place_without_a_way_is_no_stop():
    """What no road reaches is left out if it may be, in a small tour and in a large one."""
    for count in (4, exact.PROVABLE + 3):
        minutes = np.full((count + 1, count + 1), 5.0)
        minutes[0], minutes[:, 0] = np.inf, np.inf
        visits = tuple(Visit(v, must=False, prize=1) for v in range(count))
        problem = Problem(minutes, visits, (Day(count, count, 0, 600),))
        found = solve.solve(problem, seconds=0.3)
        assert sorted(found.routes[0]) == list(range(1, count))
