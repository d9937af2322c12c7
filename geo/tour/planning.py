"""From a tour that is asked for to one that can be driven: places, times, the solver, the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.errors import GeoError
from geo.layers import Atlas
from geo.model import Stage
from geo.tour import explain
from geo.tour.itinerary import MINUTES_A_DAY, Itinerary
from geo.tour.problem import (
    FOREVER,
    Cover,
    Day,
    Lunch,
    Obstacle,
    Problem,
    Solution,
    Visit,
    covered,
)
from geo.tour.problem import value as value_of
from geo.tour.result import itinerary_of
from geo.tour.sites import rows, where
from geo.tour.solve import evaluate, solve
from geo.tour.timetable import schedule
from geo.tour.tour import (
    COUNTY_WORTH,
    INDUSTRY_WORTH,
    STARTED_WORTH,
    WORTH,
    Asked,
    Tour,
)
from geo.tour.travel import Backend, Matrix, Notice

FEW, MANY = 0.8, 3.0  # seconds for the solver: a handful of stops, hundreds of candidates


@dataclass(frozen=True)
class Left:
    """Name a site that the tour does not see, and why."""

    project: str
    name: str
    why: Obstacle


@dataclass(frozen=True)
class Broken:
    """Name a rule that an order by hand breaks: which stop of which day, by how many minutes."""

    rule: str
    project: str
    minutes: float


@dataclass(frozen=True)
class Plan:
    """Hold a planned tour: what it is, how good it is, what it leaves out, and what to know.

    `best` is the planner's own tour of the same sites where the order is by hand, else None.
    `tour` has the order in it.
    """

    tour: Tour
    itinerary: Itinerary
    solution: Solution
    left: tuple[Left, ...]
    broken: tuple[Broken, ...]
    notices: tuple[Notice, ...]
    best: Solution | None = None


class NoTour(GeoError):
    """Say that no tour keeps all rules, with what would have to give, the smallest first.

    Code `tour.infeasible`; `obstacles` as of `explain.obstacles`, `names` those of the sites by
    their number, `proven` whether it is certain.
    """

    def __init__(
        self, obstacles: tuple[Obstacle, ...], names: tuple[str, ...], *, proven: bool
    ) -> None:
        super().__init__("tour.infeasible", proven=proven)
        self.obstacles, self.names, self.proven = obstacles, names, proven


def plan(
    tour: Tour,
    *,
    id_: str,
    atlas: Atlas,
    travel: Backend,
    seconds: float | None = None,
    known: Solution | None = None,
) -> Plan:
    """Plan a tour, or give an order by hand its times.

    `known` is the best of a tour that differs in nothing but its order: an order by hand is then
    compared with it, and nothing is searched for again.

    Errors: `tour.no_stop`, those of `where`, of the travel times and of `problem.check`;
    `NoTour` where no tour keeps all rules.
    """
    if not tour.stops:
        raise GeoError("tour.no_stop")
    asked, matrix = stated(tour, atlas=atlas, travel=travel)
    typed = routes(tour)
    by_hand = tour.mode == "hand" and any(tour.order)
    limit = seconds or (FEW if len(tour.stops) <= 40 else MANY)
    best: Solution | None = None
    try:
        known = known if tour.mode == "hand" else None
        best = known or solve(asked, seconds=limit, typed=typed)
    except GeoError as error:
        if error.code != "tour.infeasible":
            raise
        if not by_hand:
            names = tuple(stop.name or stop.project for stop in tour.stops)
            raise NoTour(
                explain.obstacles(asked), names, proven=bool(error.details["proven"])
            ) from error
    chosen = best if best is not None and not by_hand else _as_typed(asked, typed or ())
    shown, notices = itinerary_of(tour, chosen, asked=asked, id_=id_, atlas=atlas, travel=travel)
    ids = tuple(tuple(tour.stops[visit].project for visit in route) for route in chosen.routes)
    return Plan(
        tour=replace(tour, order=ids),
        itinerary=shown,
        solution=chosen,
        left=tuple(
            Left(tour.stops[why.visit].project, tour.stops[why.visit].name, why)
            for why in explain.left_out(asked, chosen)
            if why.visit is not None
        ),
        broken=tuple(_broken(tour, asked, chosen)) if by_hand else (),
        notices=_each_once((*matrix.notices, *notices)),
        best=best if by_hand else None,
    )


def stated(tour: Tour, *, atlas: Atlas, travel: Backend) -> tuple[Problem, Matrix]:
    """Return a tour in the solver's terms, and the travel times in it; errors as of `plan`."""
    sites = rows(atlas.projects, tour.ids)
    matrix = travel.matrix(_places(tour, atlas.projects))
    return problem(tour, sites=sites, matrix=matrix, stages=atlas.catalogue.stages), matrix


def _each_once(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Return the notices in order, none said twice; their details have no hash."""
    found: list[Notice] = []
    for notice in notices:
        if notice not in found:
            found.append(notice)
    return tuple(found)


def _places(tour: Tour, projects: gpd.GeoDataFrame) -> np.ndarray:
    """Return all places: each day's start and end, lunch's, then the sites."""
    ends = [(place.lon, place.lat) for day in tour.days for place in (day.start, day.end)]
    meal = [tour.meal.place] if tour.meal is not None and tour.meal.place is not None else []
    others = np.array([*ends, *((place.lon, place.lat) for place in meal)], dtype=float)
    return np.vstack([others.reshape(-1, 2), where(projects, tour.ids)])


def problem(
    tour: Tour, *, sites: pd.DataFrame, matrix: Matrix, stages: dict[str, Stage]
) -> Problem:
    """Put a tour into the solver's terms.

    `sites` are the asked projects in order, `matrix` the times between the places as `_places`
    orders them.
    """
    table = 2 * len(tour.days) if tour.meal is not None and tour.meal.place is not None else None
    first = 2 * len(tour.days) + (table is not None)
    counties = sites["county"].fillna("").tolist()
    industries = sites["industry"].fillna("").tolist()
    visits = []
    for at, asked in enumerate(tour.stops):
        groups = {f"c:{counties[at]}"} if counties[at] else set()
        groups |= {f"i:{industries[at]}"} if industries[at] else set()
        visits.append(_visit(tour, asked, node=first + at, groups=frozenset(groups)))
    building = sites["stage"].map(lambda id_: id_ in stages and _under_way(stages[id_]))
    if tour.started_first:
        visits = [
            replace(visit, prize=visit.prize + STARTED_WORTH * bool(works))
            for visit, works in zip(visits, building, strict=True)
        ]
    days = tuple(
        Day(
            start=2 * number,
            end=2 * number + 1,
            departs=day.departs + MINUTES_A_DAY * number,
            latest_return=day.returns + MINUTES_A_DAY * number,
        )
        for number, day in enumerate(tour.days)
    )
    meal = tour.meal
    lunch = None if meal is None else Lunch(meal.minutes, meal.earliest, meal.latest, table)
    return Problem(
        minutes=np.asarray(matrix.minutes) * (1 + tour.convoy_pct / 100),
        visits=tuple(visits),
        days=days,
        lunch=lunch,
        covers=_covers(tour, visits),
        max_visits=tour.most,
        max_driving=FOREVER if tour.max_driving is None else tour.max_driving,
        leg_extra=tour.assembly,
        objective=tour.objective,
    )


def _under_way(stage: Stage) -> bool:
    return stage.started and stage.phase == "build"


def _visit(tour: Tour, asked: Asked, *, node: int, groups: frozenset[str]) -> Visit:
    closes = FOREVER if asked.latest is None else asked.latest - asked.minutes
    return Visit(
        node=node,
        service=asked.minutes,
        earliest=asked.earliest or 0.0,
        latest=closes,
        must=asked.must,
        prize=WORTH + asked.priority,
        groups=groups,
        position=asked.position,
        day=asked.day,
    )


def _covers(tour: Tour, visits: Sequence[Visit]) -> tuple[Cover, ...]:
    groups = frozenset[str]().union(*(visit.groups for visit in visits))
    counties = frozenset(group for group in groups if group.startswith("c:"))
    industries = groups - counties
    if tour.industries > len(industries):
        raise GeoError("tour.industries_few", read=len(industries), expected=tour.industries)
    return (
        Cover(counties, len(counties) if tour.every_county else 0, COUNTY_WORTH),
        Cover(industries, tour.industries, INDUSTRY_WORTH),
    )


def routes(tour: Tour) -> tuple[tuple[int, ...], ...] | None:
    """Return the tour's order as the solver counts: the one in work, else that of the list.

    None where the list has no order that could be driven, as when only some are to be seen.
    """
    if not any(tour.order):
        listed = tour.mode == "plan" and len(tour.days) == 1
        whole = listed and all(stop.must for stop in tour.stops)
        return (tuple(range(len(tour.stops))),) if whole else None
    number = {id_: at for at, id_ in enumerate(tour.ids)}
    days = [tuple(number[id_] for id_ in ids) for ids in tour.order[: len(tour.days)]]
    return tuple(days + [()] * (len(tour.days) - len(days)))


def _as_typed(asked: Problem, routes: tuple[tuple[int, ...], ...]) -> Solution:
    """Return an order by hand as it is, whatever rules it breaks."""
    kept = evaluate(asked, routes)
    if kept is not None:
        return kept
    tables = [schedule(asked, route, day=day) for day, route in enumerate(routes)]
    chosen = tuple(visit for route in routes for visit in route)
    return Solution(
        routes=routes,
        value=value_of(asked, chosen),
        finish=sum(table.duration for table in tables),
        driving=sum(table.driving for table in tables),
        method="typed",
    )


def _broken(tour: Tour, asked: Problem, chosen: Solution) -> list[Broken]:
    found = []
    for day, route in enumerate(chosen.routes):
        table = schedule(asked, route, day=day)
        for halt in table.halts:
            if halt.late > 1e-6:
                last = halt is table.halts[-1]
                rule = "return" if last else "lunch" if halt.visit is None else "window"
                id_ = "" if halt.visit is None else tour.stops[halt.visit].project
                found.append(Broken(rule, id_, halt.late))
        if table.over > 1e-6:
            found.append(Broken("driving", "", table.over))
    seen = tuple(visit for route in chosen.routes for visit in route)
    found += [
        Broken("must", stop.project, 0.0)
        for at, stop in enumerate(tour.stops)
        if stop.must and at not in seen
    ]
    if not covered(asked, seen):
        found.append(Broken("cover", "", 0.0))
    if asked.max_visits is not None and len(seen) > asked.max_visits:
        found.append(Broken("count", "", 0.0))
    return found
