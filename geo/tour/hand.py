"""Changes by hand: where one more site costs least when all others keep their order."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import GeoError
from geo.layers import Atlas
from geo.tour import planning
from geo.tour.problem import Problem
from geo.tour.timetable import schedule
from geo.tour.tour import Tour
from geo.tour.travel import Backend


def best_place(tour: Tour, project: str, *, atlas: Atlas, travel: Backend) -> tuple[int, int]:
    """Return the day and the place in it, both from 0, where a site is inserted at least cost.

    The site must be asked for; a place that breaks no more rules comes before one that saves time.
    Errors: `tour.order_unknown` (stop), those of `planning.plan`.
    """
    if project not in tour.ids:
        raise GeoError("tour.order_unknown", stop=project)
    asked, _ = planning.stated(tour, atlas=atlas, travel=travel)
    visit = tour.ids.index(project)
    routes = planning.routes(tour) or ((),) * len(tour.days)
    found = []
    for day, whole in enumerate(routes):
        route = tuple(other for other in whole if other != visit)
        if asked.visits[visit].day not in (None, day):
            continue
        late, cost = _cost(asked, route, day)
        for at in range(len(route) + 1):
            later, more = _cost(asked, (*route[:at], visit, *route[at:]), day)
            found.append((round(later - late, 6), more - cost, day, at))
    _, _, day, at = min(found)
    return day, at


def _cost(asked: Problem, route: Sequence[int], day: int) -> tuple[float, float]:
    """Return by how many minutes a day breaks its rules, and what it costs."""
    table = schedule(asked, tuple(route), day=day)
    return table.late + table.over, table.duration if asked.objective == "finish" else table.driving
