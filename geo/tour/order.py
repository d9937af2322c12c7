"""Order or choose visits with PyVRP where a problem has nothing that it does not know.

PyVRP (Wouda, Lan and Kool 2024) is a hybrid genetic search in C++; it knows windows, prizes and a
limit on a day, and neither a lunch without a place, nor groups to cover, nor promised places.
"""

from __future__ import annotations

import numpy as np
from pyvrp import Model
from pyvrp.stop import MaxRuntime

from geo.tour.problem import FOREVER, Problem

# Times become whole numbers; this keeps a thousandth of a minute where the range allows.
SCALE = 1000
MOST = 2**40
# Together all prizes stay below what the library's penalties can cope with (measured: 2·10⁴ breaks).
PRIZES = 10_000


def knows(problem: Problem) -> bool:
    """Tell whether PyVRP can be asked: one day, no lunch, no groups, no promised places."""
    return (
        len(problem.days) == 1
        and problem.lunch is None
        and not problem.covers
        and problem.max_visits is None
        and all(v.position is None and v.day in (None, 0) for v in problem.visits)
    )


def route(problem: Problem, *, seconds: float, seed: int = 1) -> tuple[int, ...] | None:
    """Return the visits of the one day in a good order, or None where none was found.

    Least driving; a tour in time is not looked for any further. What must be seen is in it.
    """
    day = problem.days[0]
    prized = not all(visit.must for visit in problem.visits)
    legs = problem.minutes + problem.leg_extra
    top = float(legs[np.isfinite(legs)].max(initial=1.0))
    weight = _weight(problem) if prized else 1.0
    scale = SCALE if not prized else min(SCALE, max(1.0, PRIZES / top))

    def whole(minutes: float) -> int:
        return MOST if minutes == FOREVER else round((minutes - day.departs) * scale)

    model = Model()
    nodes = [day.start, day.end, *(visit.node for visit in problem.visits)]
    places = [model.add_location(0, 0) for _ in nodes]
    start = model.add_depot(places[0])
    end = start if day.start == day.end else model.add_depot(places[1])
    for visit, place in zip(problem.visits, places[2:], strict=True):
        model.add_client(
            place,
            service_duration=round(visit.service * scale),
            tw_early=max(0, whole(visit.earliest)),
            tw_late=max(0, whole(visit.latest)),
            prize=0 if visit.must else round(visit.prize * weight),
            required=visit.must,
        )
    model.add_vehicle_type(
        1,
        start_depot=start,
        end_depot=end,
        tw_late=whole(day.latest_return),
        max_distance=MOST if problem.max_driving == FOREVER else int(problem.max_driving * scale),
    )
    extra = round(problem.leg_extra * scale)
    for here, one in zip(nodes, places, strict=True):
        for there, other in zip(nodes, places, strict=True):
            leg = problem.minutes[here, there]
            if one is not other and np.isfinite(leg):
                model.add_edge(one, other, round(leg * scale), round(leg * scale) + extra)
    found = model.solve(MaxRuntime(seconds), seed=seed, display=False, collect_stats=False).best
    if not found.is_feasible() or not found.routes():
        return None
    return tuple(stop.idx for stop in found.routes()[0] if stop.is_client())


def _weight(problem: Problem) -> float:
    """Return what a prize must be multiplied with so that any one outweighs every detour."""
    prizes = [visit.prize for visit in problem.visits if not visit.must and visit.prize > 0]
    return PRIZES / max(prizes, default=1.0)
