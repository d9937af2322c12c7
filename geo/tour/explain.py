"""Why a visit was left out, and what would have to give where no tour keeps all rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from geo.errors import GeoError
from geo.tour import exact
from geo.tour.choose import best_choice
from geo.tour.insertion import Gaps, Sites
from geo.tour.problem import FOREVER, Obstacle, Problem, Solution
from geo.tour.solve import solve
from geo.tour.timetable import TINY, schedule

WIDE = 3 * 24 * 60.0


def left_out(problem: Problem, solution: Solution) -> tuple[Obstacle, ...]:
    """Say for each visit that the tour does not see which rule keeps it out.

    In the order of the visits. Where time binds, `minutes` is how much later the day would have to
    end, or how much more might be driven, if the visit were put where it costs least and all else
    stayed as it is; a new order may need less.
    """
    seen = {visit for route in solution.routes for visit in route}
    rest = [visit for visit in range(len(problem.visits)) if visit not in seen]
    if not rest:
        return ()
    looser = replace(_open(problem), max_driving=FOREVER)
    sites = Sites.of(problem)
    costs = [
        Gaps(looser, sites, route, day).cost(np.array(rest))
        for day, route in enumerate(solution.routes)
    ]
    return tuple(
        _why(problem, solution, visit, looser=looser, costs=[cost[at] for cost in costs])
        for at, visit in enumerate(rest)
    )


def _why(
    problem: Problem, solution: Solution, visit: int, *, looser: Problem, costs: list[np.ndarray]
) -> Obstacle:
    asked = problem.visits[visit]
    reach = problem.minutes[[day.start for day in problem.days], asked.node]
    if not np.isfinite(reach).any():
        return Obstacle("path", visit)
    count = sum(map(len, solution.routes))
    if problem.max_visits is not None and count >= problem.max_visits:
        return Obstacle("count", visit, detail={"most": problem.max_visits})
    found: list[tuple[float, str]] = []
    for day, cost in enumerate(costs):
        if asked.day not in (None, day) or not np.isfinite(cost).any():
            continue
        gap, route = int(cost.argmin()), solution.routes[day]
        table = schedule(looser, (*route[:gap], visit, *route[gap:]), day=day)
        late = max(0.0, table.finish - problem.days[day].latest_return)
        over = max(0.0, table.driving - problem.max_driving)
        found.append((max(late, over), "return" if late >= over else "driving"))
    if not found:
        return Obstacle("window", visit)
    minutes, rule = min(found)
    # what fits all the same adds nothing that is asked for
    return Obstacle("worth", visit) if minutes <= TINY else Obstacle(rule, visit, minutes=minutes)


def obstacles(problem: Problem, *, seconds: float = 4.0) -> tuple[Obstacle, ...]:
    """Say which one rule or visit would have to give so that a tour exists, the smallest first.

    Each answer was tried: with it alone there is a tour. Empty where no single change is enough;
    of many visits only as many are tried as there is time for.
    """
    until, found = time.monotonic() + seconds, []
    for obstacle, changed, least in _changes(problem):
        if len(problem.visits) > exact.PROVABLE and time.monotonic() > until:
            break
        tried = _tried(obstacle, changed, least, seconds=seconds)
        found += [] if tried is None else [tried]
    return tuple(sorted(found, key=lambda one: (one.minutes is None, one.minutes or 0.0)))


Least = Callable[[Solution], float | None]


def _changes(problem: Problem) -> Iterator[tuple[Obstacle, Problem, Least]]:
    """Give each single change, and how much of it a tour then uses."""
    late = replace(_open(problem), objective="finish")
    yield Obstacle("return"), late, lambda found: _excess(problem, found)
    if problem.max_driving < FOREVER:
        more = replace(problem, max_driving=FOREVER, objective="driving")
        yield Obstacle("driving"), more, lambda found: _driven(problem, found)
    if problem.max_visits is not None:
        yield Obstacle("count"), replace(problem, max_visits=None), lambda _: None
    if problem.lunch is not None:
        yield Obstacle("lunch"), replace(problem, lunch=None), lambda _: None
    for number, cover in enumerate(problem.covers):
        if cover.at_least:
            covers = list(problem.covers)
            covers[number] = replace(cover, at_least=0)
            changed = replace(problem, covers=tuple(covers))
            yield Obstacle("cover", detail={"cover": number}), changed, lambda _: None
    for number, visit in enumerate(problem.visits):
        visits = list(problem.visits)
        if visit.must:
            visits[number] = replace(visit, must=False, prize=0.0)
            yield Obstacle("must", number), replace(problem, visits=tuple(visits)), lambda _: None
        if visit.must and (visit.earliest > 0 or visit.latest < FOREVER):
            visits[number] = replace(visit, earliest=0.0, latest=FOREVER)
            changed = replace(problem, visits=tuple(visits))
            yield Obstacle("window", number), changed, lambda _: None
        if visit.must and (visit.position is not None or visit.day is not None):
            visits[number] = replace(visit, position=None, day=None)
            changed = replace(problem, visits=tuple(visits))
            yield Obstacle("position", number), changed, lambda _: None


def _tried(
    obstacle: Obstacle, problem: Problem, least: Least, *, seconds: float
) -> Obstacle | None:
    try:
        if len(problem.visits) <= exact.PROVABLE:
            found = best_choice(problem)
        else:
            found = solve(problem, seconds=seconds / 10)
    except GeoError:
        return None
    return None if found is None else replace(obstacle, minutes=least(found))


def _excess(problem: Problem, found: Solution) -> float:
    """Return by how much the latest of the days ends too late."""
    looser = _open(problem)
    days = zip(problem.days, found.routes, strict=True)
    ends = [
        schedule(looser, route, day=number).finish - day.latest_return
        for number, (day, route) in enumerate(days)
    ]
    return max(0.0, *ends)


def _open(problem: Problem) -> Problem:
    """Return the problem with days that may end far later than any tour does."""
    longer = tuple(replace(day, latest_return=day.latest_return + WIDE) for day in problem.days)
    return replace(problem, days=longer)


def _driven(problem: Problem, found: Solution) -> float:
    tables = [schedule(problem, route, day=day) for day, route in enumerate(found.routes)]
    return max(0.0, *(table.driving - problem.max_driving for table in tables))
