"""The times of one day's visits in a given order: when one arrives, begins, leaves, has lunch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from geo.tour.problem import Day, Lunch, Problem

MINUTES_A_DAY = 24 * 60
# What sums of minutes may differ by without meaning anything.
TINY = 1e-6


@dataclass(frozen=True)
class Halt:
    """Hold one halt of a day; `visit` is None for lunch and for the day's end.

    `minutes` were driven to it, `late` is by how much it begins after its latest moment, `slack`
    how much later one may arrive without breaking a later rule, negative where one is broken.
    """

    visit: int | None
    node: int
    minutes: float
    arrives: float
    begins: float
    departs: float
    late: float
    slack: float


@dataclass(frozen=True)
class Timetable:
    """Hold one day: its halts in driving order, the end the last; `lunch` is lunch's index or None.

    `late` sums what comes too late, `over` is driving above the limit; both 0 where all is kept.
    """

    halts: tuple[Halt, ...]
    lunch: int | None
    departs: float
    finish: float
    driving: float
    late: float
    over: float

    @property
    def kept(self) -> bool:
        """Tell whether every rule of time is kept."""
        return self.late <= TINY and self.over <= TINY

    @property
    def duration(self) -> float:
        """Return the minutes from the day's start to its end."""
        return self.finish - self.departs


@dataclass(frozen=True)
class _Call:
    """Describe a halt before its times are known; `leg` is driven, `extra` only waited."""

    visit: int | None
    node: int
    leg: float
    extra: float
    service: float
    earliest: float
    latest: float


def lunch_of(problem: Problem, day: int) -> Lunch | None:
    """Return the lunch of a day in that day's own times; None where none is due."""
    lunch = problem.lunch
    if lunch is None:
        return None
    shift = MINUTES_A_DAY * day
    if problem.days[day].departs > lunch.latest + shift:
        return None
    return Lunch(lunch.minutes, lunch.earliest + shift, lunch.latest + shift, lunch.node)


def schedule(problem: Problem, route: Sequence[int], *, day: int = 0) -> Timetable:
    """Return the best times for visits in this order, lunch where it serves the objective best.

    What cannot be kept is kept as nearly as possible and told in `late` and `over`.
    """
    lunch = lunch_of(problem, day)
    ways = _arrangements(problem, route, day, lunch)
    tables = (_run(problem, calls, day=day, lunch=lunch, at=at) for calls, at in ways)
    return min(tables, key=lambda table: _rank(problem, table))


def _rank(problem: Problem, found: Timetable) -> tuple[float, ...]:
    keys = (found.duration, found.driving)
    order = keys if problem.objective == "finish" else keys[::-1]
    had = 0 if found.lunch is None else 1
    return (round(found.late + found.over, 6), *(round(key, 6) for key in order), had)


def _arrangements(
    problem: Problem, route: Sequence[int], day: int, lunch: Lunch | None
) -> Iterator[tuple[list[_Call], int | None]]:
    """Give the halts without lunch, and with it at every place where it can be had."""
    plain = _calls(problem, route, day)
    yield plain, None
    if lunch is None:
        return
    here = problem.days[day].start
    for at, call in enumerate(plain):
        meal = (lunch.minutes, lunch.earliest, lunch.latest)
        if lunch.node is not None:
            there = _leg(problem, here, lunch.node)
            onward = _leg(problem, lunch.node, call.node)
            moved = _Call(call.visit, call.node, *onward, call.service, call.earliest, call.latest)
            yield (
                [*plain[:at], _Call(None, lunch.node, *there, *meal), moved, *plain[at + 1 :]],
                at,
            )
        else:
            before = _Call(None, call.node, call.leg, call.extra, *meal)
            moved = _Call(call.visit, call.node, 0, 0, call.service, call.earliest, call.latest)
            yield [*plain[:at], _Call(None, here, 0, 0, *meal), *plain[at:]], at
            yield [*plain[:at], before, moved, *plain[at + 1 :]], at
        here = call.node


def _calls(problem: Problem, route: Sequence[int], day: int) -> list[_Call]:
    shift, here, calls = MINUTES_A_DAY * day, problem.days[day].start, []
    for number in route:
        visit = problem.visits[number]
        leg = _leg(problem, here, visit.node)
        window = (visit.earliest + shift, visit.latest + shift)
        calls.append(_Call(number, visit.node, *leg, visit.service, *window))
        here = visit.node
    end = problem.days[day]
    leg = _leg(problem, here, end.end) if route else empty_leg(problem, end)
    return [*calls, _Call(None, end.end, *leg, 0.0, end.departs, end.latest_return)]


def _leg(problem: Problem, here: int, there: int) -> tuple[float, float]:
    return float(problem.minutes[here, there]), problem.leg_extra


def empty_leg(problem: Problem, day: Day) -> tuple[float, float]:
    """Return the leg and its extra of a day without visits; who stays needs no bus."""
    return (0.0, 0.0) if day.start == day.end else _leg(problem, day.start, day.end)


def _run(
    problem: Problem, calls: Sequence[_Call], *, day: int, lunch: Lunch | None, at: int | None
) -> Timetable:
    departs = problem.days[day].departs
    now, late, halts = departs, 0.0, []
    last = len(calls) - 1
    for number, call in enumerate(calls):
        arrives = now + call.leg + call.extra
        begins = max(arrives, call.earliest)
        latest = call.latest
        if number == last and lunch is not None and at is None:
            latest = min(latest, lunch.latest)  # a day that goes on needs its lunch
        halts.append((call, arrives, begins, max(0.0, begins - latest), latest))
        late += max(0.0, begins - latest)
        now = begins + call.service
    driving = sum(call.leg for call in calls)
    return Timetable(
        halts=tuple(_with_slack(halts)),
        lunch=at,
        departs=departs,
        finish=now,
        driving=driving,
        late=late,
        over=max(0.0, driving - problem.max_driving),
    )


def _with_slack(halts: Sequence[tuple[_Call, float, float, float, float]]) -> list[Halt]:
    """Walk back from the end: how late may each halt be reached at most?"""
    found: list[Halt] = []
    allowed = float("inf")
    for call, arrives, begins, late, latest in reversed(halts):
        allowed = min(latest, allowed - call.service)
        departs = begins + call.service
        found.append(
            Halt(call.visit, call.node, call.leg, arrives, begins, departs, late, allowed - arrives)
        )
        allowed -= call.leg + call.extra
    return found[::-1]
