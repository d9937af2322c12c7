"""What the solver is given and what it answers: minutes, windows, prizes; nothing of maps.

All times are minutes of the tour's first day (480 is 08:00; the second day's 08:00 is 1920), all
durations minutes. Visits are known by their place in `Problem.visits`, places by their row in
`Problem.minutes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from geo.errors import GeoError

Objective = Literal["finish", "driving"]
FOREVER = float("inf")
# No time, prize or count beyond this: a library that counts thousandths in 64 bits must hold sums.
MOST = 1e9


@dataclass(frozen=True)
class Visit:
    """Describe one site that a tour may or must see.

    It begins between `earliest` and `latest`; one that comes early waits. `groups` are what it
    counts for in a `Cover`. `position` is its place among the visits of its day, from 1,
    -1 backwards; `day` counts from 0.
    """

    node: int
    service: float = 0.0
    earliest: float = 0.0
    latest: float = FOREVER
    must: bool = True
    prize: float = 0.0
    groups: frozenset[str] = frozenset()
    position: int | None = None
    day: int | None = None


@dataclass(frozen=True)
class Day:
    """Say where and when one day begins, and where and until when it ends."""

    start: int
    end: int
    departs: float
    latest_return: float = FOREVER


@dataclass(frozen=True)
class Lunch:
    """Ask for a break that begins between `earliest` and `latest` on every day.

    Without a `node` it is had where the tour is: on arrival before a visit, or after one before
    leaving. A day that is over by `latest`, or begins after it, needs none. The window is that of
    the first day; the others have theirs 24 hours later.
    """

    minutes: float
    earliest: float
    latest: float
    node: int | None = None


@dataclass(frozen=True)
class Cover:
    """Ask that the visits together stand for `at_least` of some groups; each is worth `weight`."""

    groups: frozenset[str]
    at_least: int = 0
    weight: float = 0.0


@dataclass(frozen=True)
class Problem:
    """Hold a whole tour to be planned.

    `minutes` is a square array of driving times, the convoy's allowance already in it;
    `leg_extra` is added to every leg without being driven (getting on and off the bus);
    `max_driving` holds for each day. A better tour has the greater value (prizes and covered
    groups), then the smaller `objective`, then the smaller other of the two.
    """

    minutes: np.ndarray
    visits: tuple[Visit, ...]
    days: tuple[Day, ...]
    lunch: Lunch | None = None
    covers: tuple[Cover, ...] = ()
    max_visits: int | None = None
    max_driving: float = FOREVER
    leg_extra: float = 0.0
    objective: Objective = "finish"

    def __post_init__(self) -> None:
        check(self)


@dataclass(frozen=True)
class Solution:
    """Answer with the visits of each day in order.

    `value` is what was collected, `finish` the sum of the days' durations and waits included,
    `driving` the sum of driven minutes. `proven` says that no better tour exists; otherwise `bound`
    is what no tour can beat in the objective for these visits, None where nothing is known.
    """

    routes: tuple[tuple[int, ...], ...]
    value: float
    finish: float
    driving: float
    proven: bool = False
    bound: float | None = None
    method: str = ""


@dataclass(frozen=True)
class Obstacle:
    """Name a rule that cannot be kept, or a visit, and what would have to give.

    `rule` is one of `must`, `window`, `return`, `driving`, `lunch`, `cover`, `count`, `position`,
    `path`; `visit` names a visit where one is meant; `minutes` is how much more time would do,
    None where time is not the matter.
    """

    rule: str
    visit: int | None = None
    minutes: float | None = None
    detail: dict[str, object] = field(default_factory=dict)


def check(problem: Problem) -> None:
    """Refuse a problem that means nothing.

    Errors: `tour.matrix` (rows, columns), `tour.no_day`, `tour.node` (node, expected),
    `tour.minutes`, `tour.number` (field, read, expected), `tour.window` (visit, earliest, latest),
    `tour.lunch_window` (read), `tour.cover` (expected, read).
    """
    shape = problem.minutes.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        raise GeoError("tour.matrix", rows=len(problem.minutes), columns=shape[-1])
    if not problem.days:
        raise GeoError("tour.no_day")
    far = np.isfinite(problem.minutes) & (problem.minutes > MOST)
    if np.isnan(problem.minutes).any() or (problem.minutes < 0).any() or far.any():
        raise GeoError("tour.minutes")
    _check_nodes(problem)
    for name, read, least, most in _limits(problem):
        if not least <= read <= most:
            raise GeoError("tour.number", field=name, read=read, expected=f"{least:g} … {most:g}")
    for number, visit in enumerate(problem.visits):
        if visit.earliest > visit.latest:
            raise GeoError(
                "tour.window", visit=number + 1, earliest=visit.earliest, latest=visit.latest
            )
        if visit.position is not None and visit.position != -1 and visit.position < 1:
            raise GeoError(
                "tour.number", field="position", read=visit.position, expected="1 … / -1"
            )
    lunch = problem.lunch
    if lunch is not None and lunch.earliest > lunch.latest:
        raise GeoError("tour.lunch_window", read=f"{lunch.earliest:g} – {lunch.latest:g}")
    for cover in problem.covers:
        if cover.at_least > len(cover.groups):
            raise GeoError("tour.cover", expected=cover.at_least, read=len(cover.groups))


def _check_nodes(problem: Problem) -> None:
    nodes = [visit.node for visit in problem.visits]
    nodes += [node for day in problem.days for node in (day.start, day.end)]
    nodes += [problem.lunch.node] if problem.lunch and problem.lunch.node is not None else []
    for node in nodes:
        if not 0 <= node < len(problem.minutes):
            raise GeoError("tour.node", node=node, expected=len(problem.minutes))


def _limits(problem: Problem) -> Iterator[tuple[str, float, float, float]]:
    """Give every number with its name, its least and its greatest value."""
    for visit in problem.visits:
        yield "service", visit.service, 0, MOST
        yield "earliest", visit.earliest, -MOST, MOST
        yield "latest", visit.latest, -MOST, FOREVER
        yield "prize", visit.prize, 0, MOST
        yield "day", visit.day or 0, 0, len(problem.days) - 1
    for day in problem.days:
        yield "departs", day.departs, -MOST, MOST
        yield "latest_return", day.latest_return, -MOST, FOREVER
    if problem.lunch is not None:
        yield "lunch.minutes", problem.lunch.minutes, 0, MOST
        yield "lunch.earliest", problem.lunch.earliest, -MOST, MOST
        yield "lunch.latest", problem.lunch.latest, -MOST, FOREVER
    for cover in problem.covers:
        yield "at_least", cover.at_least, 0, MOST
        yield "weight", cover.weight, 0, MOST
    yield "max_visits", problem.max_visits or 0, 0, MOST
    yield "max_driving", problem.max_driving, 0, FOREVER
    yield "leg_extra", problem.leg_extra, 0, MOST


def value(problem: Problem, chosen: tuple[int, ...]) -> float:
    """Return what some visits are worth: their prizes, and each group they cover."""
    groups = frozenset[str]().union(*(problem.visits[visit].groups for visit in chosen))
    prizes = sum(problem.visits[visit].prize for visit in chosen)
    return prizes + sum(cover.weight * len(cover.groups & groups) for cover in problem.covers)


def covered(problem: Problem, chosen: tuple[int, ...]) -> bool:
    """Tell whether some visits stand for as many groups as every cover asks for."""
    groups = frozenset[str]().union(*(problem.visits[visit].groups for visit in chosen))
    return all(len(cover.groups & groups) >= cover.at_least for cover in problem.covers)
