"""Find a good tour of many candidates: take some visits out, put the best ones in, again and again.

Ruin and recreate (Schrimpf et al. 2000) under record-to-record acceptance (Dueck 1993). Covered groups
are worth something once each, so what a visit adds depends on those already chosen; no routing
library knows such a prize, which is why this search is ours. Days of up to twelve visits are put in
their best order by `exact`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.tour import exact
from geo.tour.insertion import Gaps, Sites
from geo.tour.problem import Problem, Solution, value
from geo.tour.timetable import schedule

Routes = tuple[tuple[int, ...], ...]
# A visit that must be there, or a group that is still asked for, is worth more than any others.
REQUIRED = 1e6
SMALL = 1e-9
REMEMBERED = 20_000


@dataclass(frozen=True)
class Score:
    """Compare tours: what is missing, then value, then the objective's two sums."""

    missing: int
    value: float
    wanted: float
    other: float

    def better(self, than: Score) -> bool:
        """Tell whether this tour is to be preferred."""
        return self.key() < than.key()

    def key(self) -> tuple[float, ...]:
        """Return what sorts the better tour first."""
        return (self.missing, -round(self.value, 6), round(self.wanted, 5), round(self.other, 5))

    def energy(self, per_minute: float) -> float:
        """Return one number for acceptance; `per_minute` is what a minute is worth."""
        return self.missing * REQUIRED - self.value + per_minute * self.wanted


def improve(
    problem: Problem, *, seconds: float, seed: int = 1, starts: Sequence[Routes] = ()
) -> Solution | None:
    """Search for some seconds and return the best tour found, None where none keeps all rules.

    `starts` are tours to begin with, the better for being good ones. The same seed and enough time
    give the same answer on the same machine only while time does not cut a different step short.
    """
    return _Search(problem, seed).run(time.monotonic() + seconds, starts)


class _Search:
    """Hold what one search knows of its problem."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.sites = problem, Sites.of(problem)
        self.rng = np.random.default_rng(seed)
        visits = problem.visits
        self.prize = np.array([visit.prize for visit in visits])
        self.must = np.array([visit.must for visit in visits], dtype=bool)
        groups = sorted({g for cover in problem.covers for g in cover.groups})
        self.member = np.array(
            [[group in visit.groups for group in groups] for visit in visits], dtype=bool
        ).reshape(len(visits), len(groups))
        self.covers = [
            (np.array([group in cover.groups for group in groups], dtype=bool), cover)
            for cover in problem.covers
        ]
        self.sums: dict[tuple[int, tuple[int, ...]], tuple[bool, float, float]] = {}
        self.ordered: dict[tuple[int, frozenset[int]], tuple[int, ...]] = {}
        self.per_minute = 1.0 if self.must.all() else 0.02
        self.pinned = any(v.position is not None or v.day is not None for v in visits)

    def run(self, until: float, starts: Sequence[Routes]) -> Solution | None:
        empty: Routes = ((),) * len(self.problem.days)
        best = self._filled(empty)
        for start in starts:
            found = self._filled(start)
            if self._score(found).better(self._score(best)):
                best = found
        best = self._tidied(best)
        now, record = best, self._score(best)
        began = time.monotonic()
        while (left := until - time.monotonic()) > 0:
            share = left / max(until - began, SMALL)
            trial = self._filled(self._ruined(now))
            score = self._score(trial)
            if score.key()[:2] <= record.key()[:2]:
                trial = self._tidied(trial)
                score = self._score(trial)
            if score.better(record):
                best, record = trial, score
            slack = (0.02 * share) * max(abs(record.energy(self.per_minute)), 1.0)
            if score.energy(self.per_minute) <= record.energy(self.per_minute) + slack:
                now = trial
            elif self.rng.random() < 0.01:
                now = best
        return None if record.missing else self._solution(best)

    def _solution(self, routes: Routes) -> Solution:
        tables = [schedule(self.problem, route, day=day) for day, route in enumerate(routes)]
        chosen = tuple(visit for route in routes for visit in route)
        return Solution(
            routes=routes,
            value=value(self.problem, chosen),
            finish=sum(table.duration for table in tables),
            driving=sum(table.driving for table in tables),
            method="search",
        )

    def _score(self, routes: Routes) -> Score:
        days = [self._day(route, day) for day, route in enumerate(routes)]
        chosen = [visit for route in routes for visit in route]
        missing = int(self.must.sum() - self.must[chosen].sum())
        missing += sum(not kept for kept, _, _ in days) * 100
        if self.pinned:
            kept = (self._pins_kept(route, day) for day, route in enumerate(routes))
            missing += sum(not fine for fine in kept)
        has = self.member[chosen].any(axis=0)
        for groups, cover in self.covers:
            missing += max(0, cover.at_least - int((has & groups).sum()))
        sums = (sum(duration for _, duration, _ in days), sum(driven for _, _, driven in days))
        wanted, other = sums if self.problem.objective == "finish" else sums[::-1]
        return Score(missing, value(self.problem, tuple(chosen)), wanted, other)

    def _day(self, route: tuple[int, ...], day: int) -> tuple[bool, float, float]:
        """Return whether a day keeps its times, how long it takes and what is driven."""
        key = (day, route)
        if key not in self.sums:
            if len(self.sums) > REMEMBERED:
                self.sums.clear()
            self.sums[key] = self._gaps(route, day).sums()
        return self.sums[key]

    def _pins_kept(self, route: Sequence[int], day: int) -> bool:
        for at, number in enumerate(route):
            visit = self.problem.visits[number]
            if visit.day is not None and visit.day != day:
                return False
            if visit.position is not None and visit.position not in (at + 1, at - len(route)):
                return False
        return True

    def _worth(self, chosen: Sequence[int]) -> np.ndarray:
        """Return what each visit would add to those chosen."""
        has = self.member[list(chosen)].any(axis=0)
        worth = self.prize + REQUIRED * self.must
        for groups, cover in self.covers:
            fresh = (self.member & groups & ~has).sum(axis=1)
            short = cover.at_least - int((has & groups).sum())
            worth = (
                worth + cover.weight * fresh + (REQUIRED / 100 if short > 0 else 0) * (fresh > 0)
            )
        return worth

    def _filled(self, routes: Routes) -> Routes:
        """Put visits in, each where it costs least for its worth, while any fits."""
        found = [list(route) for route in routes]
        most = self.problem.max_visits
        gaps = [self._gaps(route, day) for day, route in enumerate(found)]
        open_ = np.ones(len(self.sites.node), dtype=bool)
        open_[[visit for route in found for visit in route]] = False
        costs = [self._costs(g, day, open_) for day, g in enumerate(gaps)]
        noise = np.exp(self.rng.normal(0, 0.25, len(open_)))
        while most is None or sum(map(len, found)) < most:
            worth = self._worth([visit for route in found for visit in route])
            rows = np.flatnonzero(open_ & (worth > SMALL))
            if not len(rows):
                break
            each = np.array([cost[rows].min(axis=1) for cost in costs])
            day_of = each.argmin(axis=0)
            least = each.min(axis=0)
            rate = noise[rows] * worth[rows] / (np.maximum(least, 0) + 1.0)
            rate[~np.isfinite(least)] = -1
            at = int(rate.argmax())
            if rate[at] < 0:
                break
            visit, day = int(rows[at]), int(day_of[at])
            found[day].insert(int(costs[day][visit].argmin()), visit)
            open_[visit] = False
            gaps[day] = self._gaps(found[day], day)
            costs[day] = self._costs(gaps[day], day, open_)
        return tuple(tuple(route) for route in found)

    def _gaps(self, route: Sequence[int], day: int) -> Gaps:
        return Gaps(self.problem, self.sites, route, day)

    def _costs(self, gaps: Gaps, day: int, open_: np.ndarray) -> np.ndarray:
        """Return the cost of every visit in every gap of a day, infinite where it may not go."""
        cost = np.full((len(open_), len(gaps.route) + 1), np.inf)
        rows = np.flatnonzero(open_)
        cost[rows] = gaps.cost(rows)
        if self.pinned:
            self._pin(cost, gaps.route, day)
        return cost

    def _pin(self, cost: np.ndarray, route: Sequence[int], day: int) -> None:
        """Close the gaps that would move a pinned visit, or put one where it may not be."""
        for at, number in enumerate(route):
            place = self.problem.visits[number].position
            if place is not None and place > 0 and at + 1 >= place:
                cost[:, : at + 1] = np.inf
            if place == -1:
                cost[:, at + 1 :] = np.inf
        for number, visit in enumerate(self.problem.visits):
            if visit.day is not None and visit.day != day:
                cost[number] = np.inf
            elif visit.position is not None:
                place = len(route) if visit.position == -1 else visit.position - 1
                kept = cost[number, place] if place <= len(route) else np.inf
                cost[number] = np.inf
                if place <= len(route):
                    cost[number, place] = kept

    def _ruined(self, routes: Routes) -> Routes:
        """Take some visits out: a stretch of one day, some at random, or some near each other."""
        chosen = [visit for route in routes for visit in route]
        if not chosen:
            return routes
        most = max(1, min(len(chosen), 2 + len(chosen) // 3))
        count = int(self.rng.integers(1, most + 1))
        way = self.rng.random()
        if way < 0.4:
            day = int(self.rng.choice([d for d, route in enumerate(routes) if route]))
            first = int(self.rng.integers(len(routes[day])))
            out = set(routes[day][first : first + count])
        elif way < 0.75:
            out = set(self.rng.choice(chosen, count, replace=False).tolist())
        else:
            centre = self.sites.node[self.rng.choice(chosen)]
            far = self.problem.minutes[centre, self.sites.node[chosen]]
            out = {chosen[at] for at in np.argsort(far, kind="stable")[:count]}
        return tuple(tuple(v for v in route if v not in out) for route in routes)

    def _tidied(self, routes: Routes) -> Routes:
        """Put each day into its best order, and use the time that this may free."""
        better = tuple(self._best_order(route, day) for day, route in enumerate(routes))
        return self._filled(better) if better != routes else routes

    def _best_order(self, route: tuple[int, ...], day: int) -> tuple[int, ...]:
        if not 1 < len(route) <= exact.PROVABLE:
            return route
        key = (day, frozenset(route))
        if key not in self.ordered:
            table = schedule(self.problem, route, day=day)
            below = table.driving if table.kept and self.problem.objective == "driving" else np.inf
            try:
                plans = exact.day_plans(self.problem, route, day=day, below=below, labels=100_000)
            except exact.GivenUp:
                return route
            self.ordered[key] = plans.route(0) if len(plans.masks) else route
        return self.ordered[key]
