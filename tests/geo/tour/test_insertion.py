"""Where one more visit fits: all gaps at once say what a whole new timetable would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tour.insertion import Gaps, Sites
from geo.tour.problem import Day, Lunch, Problem, Visit
from geo.tour.timetable import schedule
from tests.geo.tour.problems import problems


@given(problems(visits=6), st.integers(0, 5), st.randoms(use_true_random=False))
@settings(max_examples=250, deadline=None)
def test_a_visit_fits_where_the_new_day_keeps_its_rules(problem, length, random):
    """A gap is open exactly where the day with the visit in it is kept, if it was kept before."""
    everyone = list(range(len(problem.visits)))
    random.shuffle(everyone)
    route, rest = everyone[:length], everyone[length:]
    for day in range(len(problem.days)):
        if not rest or not schedule(problem, route, day=day).kept:
            continue
        cost = Gaps(problem, Sites.of(problem), route, day).cost(np.array(rest))
        for row, visit in enumerate(rest):
            for gap in range(len(route) + 1):
                new = schedule(problem, [*route[:gap], visit, *route[gap:]], day=day)
                assert np.isfinite(cost[row, gap]) == new.kept


@pytest.mark.parametrize(("limit", "fits"), [(89.0, False), (90.0, True)])
def test_the_way_round_by_lunch_counts_as_driving(limit, fits):
    """Ten there and ten back would do, but lunch is at a place of its own, 30 and 50 minutes away."""
    start, end, site, table = range(4)
    minutes = np.array([[0, 0, 10, 30], [0, 0, 10, 30], [10, 10, 0, 50], [30, 30, 50, 0.0]])
    day = Day(start=start, end=end, departs=600, latest_return=1000)
    problem = Problem(
        minutes=minutes,
        visits=(Visit(node=site, service=30, earliest=760, latest=800),),
        days=(day,),
        lunch=Lunch(minutes=30, earliest=660, latest=700, node=table),
        max_driving=limit,
    )
    cost = Gaps(problem, Sites.of(problem), (), 0).cost(np.array([0]))
    assert np.isfinite(cost[0, 0]) == fits == schedule(problem, [0], day=0).kept


@given(problems(visits=6), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_sums_of_a_day_are_those_of_its_timetable(problem, random):
    """Whether a day is kept, and then its duration and driving, are as the timetable has them."""
    route = list(range(len(problem.visits)))
    random.shuffle(route)
    for day in range(len(problem.days)):
        own = route[: random.randint(0, len(route))]
        table = schedule(problem, own, day=day)
        kept, duration, driving = Gaps(problem, Sites.of(problem), own, day).sums()
        assert kept == table.kept
        if kept and problem.objective == "finish":
            assert duration == pytest.approx(table.duration)
        if kept and (problem.lunch is None or problem.lunch.node is None):
            assert driving == pytest.approx(table.driving)
