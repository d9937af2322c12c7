"""An independent solver: every choice, every order, every place for lunch, minute by minute."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from geo.tour.problem import Problem, covered, value

TOO_LATE = float("inf")


def best(problem: Problem) -> tuple[float, float, float] | None:
    """Return value, and the objective's two sums (the wanted one first), of the best tour."""
    found: tuple[float, float, float] | None = None
    days = len(problem.days)
    for shares in itertools.product(range(-1, days), repeat=len(problem.visits)):
        chosen = tuple(v for v, day in enumerate(shares) if day >= 0)
        if not _permitted(problem, chosen, shares):
            continue
        sums = [0.0, 0.0]
        for day in range(days):
            own = [v for v in chosen if shares[v] == day]
            keys = min(_days(problem, own, day), default=None)
            if keys is None:
                break
            sums = [sums[0] + keys[0], sums[1] + keys[1]]
        else:
            answer = (-value(problem, chosen), round(sums[0], 6), round(sums[1], 6))
            if found is None or answer < found:
                found = answer
    return None if found is None else (-found[0], found[1], found[2])


def _permitted(problem: Problem, chosen: tuple[int, ...], shares: tuple[int, ...]) -> bool:
    if any(visit.must and v not in chosen for v, visit in enumerate(problem.visits)):
        return False
    if problem.max_visits is not None and len(chosen) > problem.max_visits:
        return False
    days = ((problem.visits[v].day, shares[v]) for v in chosen)
    return covered(problem, chosen) and all(wanted in (None, got) for wanted, got in days)


def _days(problem: Problem, own: list[int], day: int) -> Iterator[tuple[float, float]]:
    """Give the two sums of every way to spend a day with these visits."""
    for order in itertools.permutations(own):
        places = [problem.visits[v].position for v in order]
        if any(p is not None and p > 0 and p != at + 1 for at, p in enumerate(places)):
            continue
        if any(p == -1 and at != len(order) - 1 for at, p in enumerate(places)):
            continue
        for finish, driven in _walk(problem, list(order), day):
            spent = finish - problem.days[day].departs
            keys = (spent, driven) if problem.objective == "finish" else (driven, spent)
            yield round(keys[0], 6), keys[1]


def _walk(problem: Problem, order: list[int], day: int) -> Iterator[tuple[float, float]]:
    """Follow a day halt by halt; at every halt one may have lunch before or after, or go to it."""
    today, shift = problem.days[day], 1440 * day
    lunch = problem.lunch
    due = lunch is not None and today.departs <= lunch.latest + shift

    def eat(now: float) -> float:
        begins = max(now, lunch.earliest + shift)
        return begins + lunch.minutes if begins <= lunch.latest + shift + 1e-9 else TOO_LATE

    def go(
        at: int, here: int, now: float, driven: float, fed: bool
    ) -> Iterator[tuple[float, float]]:
        if now == TOO_LATE:
            return
        last = at == len(order)
        there = today.end if last else problem.visits[order[at]].node
        ways = [(float(problem.minutes[here, there]), 0.0, fed)]
        idle = last and not order and today.start == today.end
        extra = 0.0 if idle else problem.leg_extra
        starts = [(now + ways[0][0] + extra, driven + ways[0][0], fed)]
        if due and not fed and lunch.node is None:
            leg = float(problem.minutes[here, there])
            starts.append((eat(now) + leg + extra, driven + leg, True))
            starts.append((eat(now + leg + extra), driven + leg, True))
        if due and not fed and lunch.node is not None:
            to, onward = (
                float(problem.minutes[pair]) for pair in ((here, lunch.node), (lunch.node, there))
            )
            fed_at = eat(now + to + problem.leg_extra)
            starts.append((fed_at + onward + problem.leg_extra, driven + to + onward, True))
        for arrives, drove, ate in starts:
            if drove > problem.max_driving + 1e-9:
                continue
            if last:
                hungry = due and not ate and arrives > lunch.latest + shift + 1e-9
                if arrives <= today.latest_return + 1e-9 and not hungry:
                    yield arrives, drove
                continue
            visit = problem.visits[order[at]]
            begins = max(arrives, visit.earliest + shift)
            if begins <= visit.latest + shift + 1e-9:
                yield from go(at + 1, there, begins + visit.service, drove, ate)

    yield from go(0, today.start, today.departs, 0.0, not due)
