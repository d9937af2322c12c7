"""Where one more visit fits into a day: every visit and every gap at once, in a few array operations.

A day is walked forward (how early can each halt be left?) and backward (how late may each be
reached?), each twice: with lunch had, and with lunch to come. One more visit fits between two halts
if what is early enough before meets what is late enough after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.tour.problem import Lunch, Problem
from geo.tour.timetable import MINUTES_A_DAY, TINY, empty_leg, lunch_of, schedule

NEVER = -np.inf


@dataclass(frozen=True)
class Sites:
    """Hold the visits of a problem as columns."""

    node: np.ndarray
    service: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray

    @classmethod
    def of(cls, problem: Problem) -> Sites:
        """Take the visits of a problem."""
        rows = [(v.node, v.service, v.earliest, v.latest) for v in problem.visits]
        columns = np.array(rows, dtype=float).reshape(len(rows), 4).T
        return cls(columns[0].astype(int), *columns[1:])


class Gaps:
    """Answer for one day's route where other visits fit and what they would add."""

    def __init__(self, problem: Problem, sites: Sites, route: Sequence[int], day: int) -> None:
        self.problem, self.sites, self.route = problem, sites, tuple(route)
        self.number, self.day, self.shift = day, problem.days[day], MINUTES_A_DAY * day
        self.lunch = lunch_of(problem, day)
        self.extra = problem.leg_extra
        nodes = [self.day.start, *(problem.visits[v].node for v in route), self.day.end]
        self.nodes = np.array(nodes)
        self.legs = problem.minutes[self.nodes[:-1], self.nodes[1:]].astype(float)
        self.extras = np.full(len(self.legs), self.extra)
        if not route:
            self.legs[0], self.extras[0] = empty_leg(problem, self.day)
        self._forward()
        self._backward()

    def sums(self) -> tuple[bool, float, float]:
        """Return whether the day keeps its times, how long it takes and what is driven."""
        if self.lunch is not None and self.lunch.node is not None:
            table = schedule(self.problem, self.route, day=self.number)  # lunch is driven to
            return table.kept, table.duration, table.driving
        hungry, fed = self.arrivals[0, -1], self.arrivals[1, -1]
        if self.lunch is not None and hungry > self.lunch.latest + TINY:
            hungry = np.inf
        finish, driving = float(min(hungry, fed)), float(self.legs.sum())
        kept = finish <= self.day.latest_return + TINY
        kept &= driving <= self.problem.max_driving + TINY
        return kept, finish - self.day.departs, driving

    def _forward(self) -> None:
        """Work out when each halt can be left, with lunch to come (0) and with lunch had (1)."""
        early = np.full((2, len(self.nodes) - 1), np.inf)
        early[0 if self.lunch else 1, 0] = self.day.departs
        arrivals = np.full((2, len(self.nodes)), np.inf)
        for at in range(1, len(self.nodes)):
            arrivals[:, at] = self._arrive(early[:, at - 1], at - 1, self.legs[at - 1])
            if at == len(self.nodes) - 1:
                break
            early[:, at] = self._leave(self.route[at - 1], arrivals[:, at])
        self.early, self.arrivals = early, arrivals

    def _arrive(self, early: np.ndarray, at: int, leg: float) -> np.ndarray:
        drive = leg + self.extras[at]
        fed = early[1] + drive
        if self.lunch:
            fed = min(fed, float(self._fed(early[0], at, at + 1, drive)))
        return np.array([early[0] + drive, fed])

    def _leave(self, visit: int, arrives: np.ndarray) -> np.ndarray:
        begins = np.maximum(arrives, self.sites.earliest[visit] + self.shift)
        kept = begins <= self.sites.latest[visit] + self.shift + TINY
        found: np.ndarray = np.where(kept, begins + self.sites.service[visit], np.inf)
        return found

    def _fed(self, ready: np.ndarray, here: Any, there: Any, drive: Any) -> np.ndarray:
        """Return when one arrives having had lunch on the way between two halts of the route."""
        return _fed(self.problem, self.lunch, ready, self.nodes[here], self.nodes[there], drive)

    def _backward(self) -> None:
        """Work out how late each halt may be reached, with lunch to come (0) and had (1)."""
        count = len(self.nodes)
        late = np.full((2, count), NEVER)
        late[1, -1] = self.day.latest_return
        late[0, -1] = min(self.day.latest_return, self.lunch.latest) if self.lunch else NEVER
        for at in range(count - 2, 0, -1):
            visit, drive = self.route[at - 1], self.legs[at] + self.extras[at]
            leave = late[:, at + 1] - drive
            if self.lunch:
                leave[0] = max(leave[0], self._hungry(late[1, at + 1], at, drive))
            begins = np.minimum(
                leave - self.sites.service[visit], self.sites.latest[visit] + self.shift
            )
            opens = self.sites.earliest[visit] + self.shift
            late[:, at] = np.where(begins >= opens - TINY, begins, NEVER)
        self.late = late

    def _hungry(self, due: float, at: int, drive: float) -> float:
        """Return how late one may leave a halt to be at the next one in time and fed."""
        lunch = self.lunch
        if lunch is None:
            return NEVER
        if lunch.node is not None:
            to = float(self.problem.minutes[self.nodes[at], lunch.node]) + self.extra
            onward = float(self.problem.minutes[lunch.node, self.nodes[at + 1]]) + self.extra
            sits = min(due - onward - lunch.minutes, lunch.latest)
            return sits - to if sits >= lunch.earliest - TINY else NEVER
        before = min(due - drive - lunch.minutes, lunch.latest)
        after = min(due - lunch.minutes, lunch.latest)
        return max(
            before if before >= lunch.earliest - TINY else NEVER,
            after - drive if after >= lunch.earliest - TINY else NEVER,
        )

    def cost(self, visits: np.ndarray) -> np.ndarray:
        """Return what each visit adds in each gap, infinite where it does not fit.

        One row a visit, one column a gap. In the problem's objective: minutes of delay at the next
        halt, or minutes driven; a hundredth of the other decides between equals.
        """
        problem, sites = self.problem, self.sites
        nodes = sites.node[visits]
        to = problem.minutes[self.nodes[:-1][None, :], nodes[:, None]] + self.extra
        onward = problem.minutes[nodes[:, None], self.nodes[1:][None, :]] + self.extra
        opens, closes, service = (
            column[visits][:, None] + shift
            for column, shift in (
                (sites.earliest, self.shift),
                (sites.latest, self.shift),
                (sites.service, 0.0),
            )
        )

        def leave(arrives: np.ndarray) -> np.ndarray:
            begins = np.maximum(arrives, opens)
            return np.where(begins <= closes + TINY, begins + service, np.inf)

        hungry = leave(self.early[0] + to)
        fed = leave(self.early[1] + to)
        arrive_hungry, arrive_fed = hungry + onward, fed + onward
        if self.lunch:
            here, there = self.nodes[:-1][None, :], self.nodes[1:][None, :]
            fed = np.minimum(
                fed,
                leave(_fed(problem, self.lunch, self.early[0][None, :], here, nodes[:, None], to)),
            )
            arrive_fed = np.minimum(
                fed + onward, _fed(problem, self.lunch, hungry, nodes[:, None], there, onward)
            )
        late = self.late[:, 1:]
        fits = (arrive_hungry <= late[0] + TINY) | (arrive_fed <= late[1] + TINY)
        driving = to + onward - 2 * self.extra - self.legs
        whole = driving + self.legs.sum()
        fits &= whole <= problem.max_driving + TINY
        if self.lunch and self.lunch.node is not None:
            self._drive_to_lunch(fits, whole, visits, self.lunch.node)
        was = np.minimum(self.arrivals[0], self.arrivals[1])[1:]
        now = np.minimum(arrive_hungry, arrive_fed)
        with np.errstate(invalid="ignore"):
            delay = np.maximum(now - was, 0.0)
        wanted, other = (delay, driving) if problem.objective == "finish" else (driving, delay)
        return np.where(fits, wanted + 0.01 * other, np.inf)

    def _drive_to_lunch(
        self, fits: np.ndarray, whole: np.ndarray, visits: np.ndarray, lunch: int
    ) -> None:
        """Close the gaps in which the way round by lunch would be too much driving.

        `whole` is what is driven without it. Only where the longest way round might not do is the
        day walked through, since which of its legs lunch is on depends on its times.
        """
        minutes, limit = self.problem.minutes, self.problem.max_driving + TINY
        nodes, new = self.nodes, self.sites.node[visits][:, None]

        def round_(here: np.ndarray, there: np.ndarray) -> np.ndarray:
            way: np.ndarray = minutes[here, lunch] + minutes[lunch, there] - minutes[here, there]
            return way

        longest = np.maximum(round_(nodes[:-1][None, :], new), round_(new, nodes[1:][None, :]))
        longest = np.maximum(longest, round_(nodes[:-1], nodes[1:]).max())
        for row, gap in np.argwhere(fits & (whole + longest > limit)):
            route = [*self.route[:gap], int(visits[row]), *self.route[gap:]]
            fits[row, gap] = schedule(self.problem, route, day=self.number).kept


def _fed(
    problem: Problem,
    lunch: Lunch | None,
    ready: np.ndarray,
    here: Any,
    there: Any,
    drive: Any,
) -> np.ndarray:
    """Return when one arrives having had lunch between two places; `drive` has the extra in it."""
    if lunch is None:
        return np.full_like(ready + np.asarray(drive), np.inf)
    first, latest = lunch.earliest, lunch.latest + TINY
    if lunch.node is not None:
        sits = ready + problem.minutes[here, lunch.node] + problem.leg_extra
        onward = problem.minutes[lunch.node, there] + problem.leg_extra
        return np.where(sits <= latest, np.maximum(sits, first) + lunch.minutes + onward, np.inf)
    before = np.where(ready <= latest, np.maximum(ready, first) + lunch.minutes + drive, np.inf)
    arrives = ready + drive
    after = np.where(arrives <= latest, np.maximum(arrives, first) + lunch.minutes, np.inf)
    return np.minimum(before, after)
