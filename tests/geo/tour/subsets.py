"""A second independent solver, for more visits: plain dictionaries over subsets, a visit at a time.

Every state is a set of visits seen (bits of a whole number), the halt one is at and whether lunch
was had; for it, all pairs of time and driving of which none is better in both.
"""

from __future__ import annotations

from collections.abc import Iterator

from geo.tour.problem import Problem, covered, value

Pair = tuple[float, float]  # time of leaving, minutes driven
EPS = 1e-9


def best(problem: Problem) -> tuple[float, float, float] | None:
    """Return value, and the objective's two sums (the wanted one first), of the best tour."""
    finish = problem.objective == "finish"
    sums: dict[int, Pair] = {0: (0.0, 0.0)}
    for day in range(len(problem.days)):
        today = {seen: min(pairs) for seen, pairs in _day(problem, day, finish=finish).items()}
        after: dict[int, Pair] = {}
        for before, spent in sums.items():
            for own, more in today.items():
                if own & before:
                    continue
                total = (round(spent[0] + more[0], 6), round(spent[1] + more[1], 6))
                seen = before | own
                if seen not in after or total < after[seen]:
                    after[seen] = total
        sums = after
    must = sum(1 << v for v, visit in enumerate(problem.visits) if visit.must)
    most = len(problem.visits) if problem.max_visits is None else problem.max_visits
    answers = [
        (-value(problem, _visits(seen)), *total)
        for seen, total in sums.items()
        if must & ~seen == 0 and seen.bit_count() <= most and covered(problem, _visits(seen))
    ]
    if not answers:
        return None
    found = min(answers)
    return -found[0], found[1], found[2]


def _visits(seen: int) -> tuple[int, ...]:
    return tuple(v for v in range(seen.bit_length()) if seen >> v & 1)


def _day(problem: Problem, day: int, *, finish: bool) -> dict[int, list[Pair]]:
    """Return for each set that one day can see what it costs, the wanted measure first."""
    today, shift = problem.days[day], 1440 * day
    due = problem.lunch is not None and today.departs <= problem.lunch.latest + shift
    states: dict[tuple[int, int, bool], list[Pair]] = {(0, -1, not due): [(today.departs, 0.0)]}
    ends: dict[int, list[Pair]] = {}
    while states:
        grown: dict[tuple[int, int, bool], list[Pair]] = {}
        for (seen, last, fed), pairs in states.items():
            here = today.start if last < 0 else problem.visits[last].node
            for pair in pairs:
                for end in _home(problem, day, (here, last), pair, fed=fed):
                    spent = (round(end[0] - today.departs, 6), end[1])
                    ends.setdefault(seen, []).append(spent if finish else spent[::-1])
                if last >= 0 and problem.visits[last].position == -1:
                    continue
                for v, visit in enumerate(problem.visits):
                    if seen >> v & 1 or visit.day not in (None, day):
                        continue
                    place = visit.position
                    if place is not None and place > 0 and place != seen.bit_count() + 1:
                        continue
                    for arrives, drove, ate in _legs(problem, day, (here, visit.node), pair, fed):
                        begins = max(arrives, visit.earliest + shift)
                        ready = begins + visit.service
                        if begins <= visit.latest + shift + EPS and ready <= today.latest_return:
                            key = (seen | 1 << v, v, ate)
                            grown.setdefault(key, []).append((ready, drove))
        states = {key: _frontier(pairs) for key, pairs in grown.items()}
    return ends


def _home(
    problem: Problem, day: int, where: tuple[int, int], pair: Pair, *, fed: bool
) -> Iterator[Pair]:
    today, (here, last) = problem.days[day], where
    idle = last < 0 and today.start == today.end
    for arrives, drove, ate in _legs(problem, day, (here, today.end), pair, fed, idle=idle):
        hungry = not ate and arrives > problem.lunch.latest + 1440 * day + EPS
        if arrives <= today.latest_return + EPS and not hungry:
            yield arrives, drove


def _legs(
    problem: Problem,
    day: int,
    ends: tuple[int, int],
    pair: Pair,
    fed: bool,
    *,
    idle: bool = False,
) -> Iterator[tuple[float, float, bool]]:
    """Give arrivals at the next halt: as one is, and where one is hungry after each way to eat."""
    (here, there), (now, driven), lunch = ends, pair, problem.lunch
    extra = 0.0 if idle else problem.leg_extra
    leg = float(problem.minutes[here, there])

    def eaten(at: float) -> float | None:
        begins = max(at, lunch.earliest + 1440 * day)
        return begins + lunch.minutes if begins <= lunch.latest + 1440 * day + EPS else None

    ways = [(now + leg + extra, driven + leg, fed)]
    if not fed and lunch.node is None:
        before, after = eaten(now), eaten(now + leg + extra)
        ways += [] if before is None else [(before + leg + extra, driven + leg, True)]
        ways += [] if after is None else [(after, driven + leg, True)]
    elif not fed:
        to, onward = (
            float(problem.minutes[way]) for way in ((here, lunch.node), (lunch.node, there))
        )
        left = eaten(now + to + problem.leg_extra)
        if left is not None:
            ways.append((left + onward + problem.leg_extra, driven + to + onward, True))
    for arrives, drove, ate in ways:
        if drove <= problem.max_driving + EPS and arrives < float("inf"):
            yield arrives, drove, ate


def _frontier(pairs: list[Pair]) -> list[Pair]:
    found: list[Pair] = []
    for pair in sorted(set(pairs)):
        if not found or pair[1] < found[-1][1] - EPS:
            found.append(pair)
    return found
