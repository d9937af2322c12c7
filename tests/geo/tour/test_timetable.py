"""The times of a day: slack is exact, lunch is had, what is broken is told."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tour.problem import Day, Lunch, Problem, Visit
from geo.tour.timetable import schedule
from tests.geo.tour.problems import problems


def delayed(halts, at: int, by: float, *, problem: Problem, day: int, fed: bool) -> bool:
    """Tell whether the halts from one on keep their windows if it is reached so much later."""
    now = halts[at].arrives + by
    shift = 1440 * day
    for number, halt in enumerate(halts[at:], start=at):
        if number > at:
            now += halt.arrives - halts[number - 1].departs
        if halt.visit is not None:
            opens = problem.visits[halt.visit].earliest + shift
            closes = problem.visits[halt.visit].latest + shift
        elif number == len(halts) - 1:
            opens, closes = now, problem.days[day].latest_return
            if problem.lunch is not None and not fed:
                due = problem.lunch.latest + shift
                closes = min(closes, due) if problem.days[day].departs <= due else closes
        else:
            opens, closes = problem.lunch.earliest + shift, problem.lunch.latest + shift
        begins = max(now, opens)
        if begins > closes + 1e-6:
            return False
        now = begins + halt.departs - halt.begins
    return True


@given(problems(visits=6), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_slack_is_exact(problem, random):
    """Arriving later by the slack keeps every later rule of time, a minute more breaks one."""
    for day in range(len(problem.days)):
        route = list(range(len(problem.visits)))
        random.shuffle(route)
        table = schedule(problem, route[: random.randint(0, len(route))], day=day)
        if table.late:
            assert min(halt.slack for halt in table.halts) < 0
            continue
        for at, halt in enumerate(table.halts):
            how = {"problem": problem, "day": day, "fed": table.lunch is not None}
            assert halt.slack >= -1e-6
            assert delayed(table.halts, at, halt.slack, **how)
            assert not delayed(table.halts, at, halt.slack + 1, **how)


@given(problems(visits=4))
@settings(max_examples=60, deadline=None)
def test_a_kept_day_keeps_its_rules(problem):
    """Times follow from legs and stays, and a day that needs lunch has it in its window."""
    route = range(len(problem.visits))
    table = schedule(problem, route)
    now = table.departs
    for at, halt in enumerate(table.halts):
        leg = halt.minutes + (halt.arrives - now - halt.minutes)
        assert halt.arrives == pytest.approx(now + leg)
        assert halt.begins >= halt.arrives - 1e-9
        now = halt.departs
        if at == table.lunch and table.kept:
            assert problem.lunch.earliest <= halt.begins <= problem.lunch.latest
    assert table.finish == now
    assert [h.visit for h in table.halts if h.visit is not None] == list(route)
    if problem.lunch is not None and table.kept and table.finish > problem.lunch.latest:
        assert table.lunch is not None


def test_what_is_broken_is_told_in_minutes():
    """A visit 20 minutes after its latest moment and a drive 5 above the limit are named so."""
    minutes = np.array([[0.0, 50], [50, 0]])
    late = Visit(node=1, service=10, latest=30)
    table = schedule(Problem(minutes, (late,), (Day(0, 0, 0),), max_driving=95), (0,))
    assert (table.halts[0].late, table.late, table.over, table.kept) == (20, 20, 5, False)
    assert table.halts[0].slack == -20


def test_a_day_over_before_lunch_needs_none():
    """Lunch is had by a day that goes on after its window, not by one that is over or starts later."""
    minutes = np.zeros((2, 2))
    lunch = Lunch(60, 690, 780)
    short = Problem(minutes, (Visit(1, service=30),), (Day(0, 0, 480),), lunch=lunch)
    long_ = Problem(minutes, (Visit(1, service=400),), (Day(0, 0, 480),), lunch=lunch)
    after = Problem(minutes, (Visit(1, service=30),), (Day(0, 0, 800),), lunch=lunch)
    found = [schedule(problem, (0,)) for problem in (short, long_, after)]
    assert [table.lunch is None for table in found] == [True, False, True]
    assert [table.duration for table in found] == [30, 670, 30]


def test_nothing_limits_an_open_day():
    """Without windows and a return one may come as late as one likes."""
    problem = Problem(np.ones((2, 2)), (Visit(1),), (Day(0, 0, 0),))
    assert all(math.isinf(halt.slack) for halt in schedule(problem, (0,)).halts)
