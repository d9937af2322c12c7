"""Plan a tour: prove the best one where that is possible, else find a good one and say how good."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from geo.errors import GeoError
from geo.tour import bounds, exact, order, search
from geo.tour.choose import best_choice
from geo.tour.problem import FOREVER, Problem, Solution, covered, value
from geo.tour.timetable import TINY, lunch_of, schedule

Routes = tuple[tuple[int, ...], ...]


def solve(
    problem: Problem, *, seconds: float = 5.0, seed: int = 1, typed: Routes | None = None
) -> Solution:
    """Return the best tour that is found within some seconds; it is never worse than `typed`.

    Up to twelve visits the answer is proven. Errors: `tour.infeasible` where no tour keeps all
    rules (proven for up to twelve visits; beyond, none was found).
    """
    until = time.monotonic() + seconds
    found: Solution | None = None
    if len(problem.visits) <= exact.PROVABLE:
        try:
            found = best_choice(problem, seconds=max(seconds, 30.0))
            if found is None:
                raise GeoError("tour.infeasible", proven=True)
            return found
        except exact.GivenUp:
            pass
    starts = [] if typed is None else [typed]
    if order.knows(problem):
        found = _ordered(problem, until=until, seed=seed)
        if found is not None and found.proven:
            return found
        starts += [] if found is None else [found.routes]
    if found is None or not _all_asked(problem):
        other = search.improve(
            problem, seconds=max(0.1, until - time.monotonic()), seed=seed, starts=starts
        )
        found = _better(problem, found, other)
    if typed is not None:
        found = _better(problem, found, evaluate(problem, typed))
    if found is None:
        raise GeoError("tour.infeasible", proven=False)
    return _bounded(problem, found)


def evaluate(problem: Problem, routes: Routes) -> Solution | None:
    """Return a given tour with its sums, None where it breaks a rule."""
    tables = [schedule(problem, route, day=day) for day, route in enumerate(routes)]
    chosen = tuple(visit for route in routes for visit in route)
    if not (all(table.kept for table in tables) and _allowed(problem, routes, chosen)):
        return None
    return Solution(
        routes=routes,
        value=value(problem, chosen),
        finish=sum(table.duration for table in tables),
        driving=sum(table.driving for table in tables),
        method="typed",
    )


def _allowed(problem: Problem, routes: Routes, chosen: Sequence[int]) -> bool:
    """Tell whether everything that must be is there, on its day and in its place."""
    if problem.max_visits is not None and len(chosen) > problem.max_visits:
        return False
    if any(visit.must and at not in chosen for at, visit in enumerate(problem.visits)):
        return False
    for day, route in enumerate(routes):
        for at, number in enumerate(route):
            visit = problem.visits[number]
            if visit.day not in (None, day):
                return False
            if visit.position not in (None, at + 1, at - len(route)):
                return False
    return covered(problem, tuple(chosen))


def _all_asked(problem: Problem) -> bool:
    return all(visit.must for visit in problem.visits)


def _better(problem: Problem, one: Solution | None, other: Solution | None) -> Solution | None:
    """Return the better of two tours; the first where they are equal."""
    if one is None or other is None:
        return one or other
    return other if _key(problem, other) < _key(problem, one) else one


def _key(problem: Problem, found: Solution) -> tuple[float, ...]:
    keys = (found.finish, found.driving)
    wanted, rest = keys if problem.objective == "finish" else keys[::-1]
    return (-round(found.value, 6), round(wanted, 6), round(rest, 6))


def _ordered(problem: Problem, *, until: float, seed: int) -> Solution | None:
    """Order one day with PyVRP, then try to prove or better it with what time is left."""
    left = until - time.monotonic()
    windows = any(visit.latest < FOREVER for visit in problem.visits)
    prove = _all_asked(problem) and windows and len(problem.visits) < exact.MOST_BITS
    route = order.route(problem, seconds=left * (0.45 if prove else 0.9), seed=seed)
    found = None if route is None else evaluate(problem, (route,))
    if found is not None:
        found = replace(found, method="pyvrp")
    if not prove:
        return found
    by_driving = problem.objective == "driving"
    below = found.driving if found is not None and by_driving else FOREVER
    try:
        plans = exact.day_plans(
            problem,
            range(len(problem.visits)),
            day=0,
            below=below,
            # it looks at its clock between layers only
            seconds=max(0.05, 0.8 * (until - time.monotonic())),
        )
    except exact.GivenUp:
        return found
    if len(plans.masks):
        best = evaluate(problem, (plans.route(0),))
        if best is not None:
            return replace(best, proven=True, method="exact")
    return found


def _bounded(problem: Problem, found: Solution) -> Solution:
    """Add what the order of the chosen visits cannot beat, on a single day."""
    chosen = [visit for route in found.routes for visit in route]
    if len(problem.days) > 1 or not chosen:
        return found
    least = bounds.least_driving(problem, chosen)
    if problem.objective == "finish":
        day = problem.days[0]
        least += sum(problem.visits[visit].service for visit in chosen)
        least += problem.leg_extra * (len(chosen) + 1)
        lunch = lunch_of(problem, 0)
        if lunch is not None and day.departs + least > lunch.latest + TINY:
            least += lunch.minutes
    return replace(found, bound=least)
