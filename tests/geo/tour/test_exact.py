"""The proven tour is the best one: two solvers that share no line with it say the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from geo.tour import exact
from geo.tour.choose import best_choice
from geo.tour.problem import Day, Problem, Visit
from geo.tour.timetable import schedule
from tests.geo.tour import exhaustive, subsets
from tests.geo.tour.problems import random_problem

RULES = ("windows", "lunch", "cover", "limit", "must")
Solver = Callable[[Problem], tuple[float, float, float] | None]


def drawn(seed: int, *, least: int, most: int, days: int = 1) -> Problem:
    """Return the problem of a seed, with each kind of rule in every second one."""
    rng = np.random.default_rng(seed)
    kinds = {rule: bool(rng.integers(2)) for rule in RULES}
    count, number = int(rng.integers(least, most + 1)), int(rng.integers(1, days + 1))
    return random_problem(rng, count=count, days=number, **kinds)


def compare(problem: Problem, solver: Solver) -> bool:
    """Compare a proof with another solver; return whether there is a tour."""
    wanted, found = solver(problem), best_choice(problem)
    if wanted is None or found is None:
        assert wanted is None
        assert found is None
        return False
    sums = (found.finish, found.driving)
    keys = sums if problem.objective == "finish" else sums[::-1]
    assert (found.value, *keys) == pytest.approx(wanted, abs=1e-5)
    tables = [schedule(problem, route, day=day) for day, route in enumerate(found.routes)]
    assert all(table.kept for table in tables)
    assert sum(table.duration for table in tables) == pytest.approx(found.finish)
    assert sum(table.driving for table in tables) == pytest.approx(found.driving)
    return True


@pytest.mark.parametrize("block", range(4))
def test_few_visits_on_two_days_are_planned_as_an_exhaustive_search_does(block):
    """Value, finish and driving equal those of the best of every choice, order, day and lunch."""
    seeds = range(50 * block, 50 * block + 50)
    assert sum(compare(drawn(s, least=1, most=5, days=2), exhaustive.best) for s in seeds) > 25


@pytest.mark.parametrize("block", range(5))
def test_a_day_of_up_to_six_is_planned_as_an_exhaustive_search_does(block):
    """On 500 random days, windows, lunch and coverage included, both agree in every single one."""
    seeds = range(1000 + 100 * block, 1100 + 100 * block)
    assert sum(compare(drawn(s, least=4, most=6), exhaustive.best) for s in seeds) > 50


def test_a_day_of_up_to_twelve_is_planned_as_a_plain_programme_does():
    """A programme over sets without arrays, written apart, finds the same for 8 to 12 visits."""
    assert sum(compare(drawn(s, least=8, most=12), subsets.best) for s in range(2000, 2030)) > 10


def test_the_two_other_solvers_agree():
    """Every order and every set are two ways to one answer, so neither proves itself."""
    for seed in range(3000, 3040):
        problem = drawn(seed, least=1, most=5, days=2)
        one, other = exhaustive.best(problem), subsets.best(problem)
        assert (one is None) == (other is None)
        assert one is None or one == pytest.approx(other, abs=1e-5)


def test_the_full_set_alone_is_found_as_among_all_sets():
    """Looking for all visits only, with a bound or none, gives the day that looking for all gives."""
    met = 0
    for seed in range(4000, 4060):
        problem = drawn(seed, least=4, most=7)
        chosen = tuple(range(len(problem.visits)))
        every = exact.day_plans(problem, chosen, day=0)
        full = exact.day_plans(problem, chosen, day=0, below=float("inf"))
        if not len(every.masks) or every.masks[-1] != 2 ** len(chosen) - 1:
            assert not len(full.masks)
            continue
        met += 1
        assert full.duration[0] == pytest.approx(every.duration[-1])
        assert full.driven[0] == pytest.approx(every.driven[-1])
        if problem.objective == "driving":
            again = exact.day_plans(problem, chosen, day=0, below=float(full.driven[0]))
            assert again.driven[0] == pytest.approx(full.driven[0])
    assert met > 5


def test_too_much_is_given_up():
    """Without room or time the proof says so, and answers nothing."""
    problem = Problem(np.ones((8, 8)), tuple(Visit(v) for v in range(7)), (Day(7, 7, 0),))
    for limits in ({"labels": 3}, {"seconds": 0.0}):
        with pytest.raises(exact.GivenUp):
            exact.day_plans(problem, range(7), day=0, **limits)
