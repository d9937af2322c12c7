"""Prove the best choice among few visits: every set of them, shared out over the days in every way."""

from __future__ import annotations

import numpy as np

from geo.tour.exact import DayPlans, day_plans
from geo.tour.problem import Problem, Solution


def best_choice(problem: Problem, *, seconds: float = 60.0) -> Solution | None:
    """Return the best tour and that it is proven, or None where no tour keeps all rules.

    For up to `exact.PROVABLE` visits. Raises `exact.GivenUp` if that takes too long.
    """
    chosen = tuple(range(len(problem.visits)))
    plans = [
        day_plans(problem, chosen, day=day, seconds=seconds) for day in range(len(problem.days))
    ]
    size = 1 << len(chosen)
    duration, driven = _table(plans[0], size)
    shares = [np.where(np.isfinite(duration), np.arange(size), -1)]
    for plan in plans[1:]:
        duration, driven, share = _shared(problem, (duration, driven), _table(plan, size))
        shares.append(share)
    best = _best(problem, duration, driven)
    if best is None:
        return None
    routes: list[tuple[int, ...]] = []
    rest = best
    for plan, share in zip(plans[::-1], shares[::-1], strict=True):
        own = int(share[rest])
        routes.append(plan.route(int(np.searchsorted(plan.masks, own))))
        rest ^= own
    return Solution(
        routes=tuple(routes[::-1]),
        value=float(_values(problem)[best]),
        finish=float(duration[best]),
        driving=float(driven[best]),
        proven=True,
        method="exact",
    )


def _table(plan: DayPlans, size: int) -> tuple[np.ndarray, np.ndarray]:
    duration, driven = np.full(size, np.inf), np.full(size, np.inf)
    duration[plan.masks], driven[plan.masks] = plan.duration, plan.driven
    return duration, driven


def _shared(
    problem: Problem, so_far: tuple[np.ndarray, np.ndarray], day: tuple[np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Add a day: for each set, the best split into what was seen before and what this day sees."""
    size = len(so_far[0])
    duration, driven = np.full(size, np.inf), np.full(size, np.inf)
    share = np.full(size, -1)
    first, second = (0, 1) if problem.objective == "finish" else (1, 0)
    subsets = [np.zeros(1, np.int64)]
    for bit in range(size.bit_length() - 1):
        subsets += [np.concatenate((part, part | (1 << bit))) for part in subsets]
    for mask in range(size):
        own = subsets[mask]
        sums = [so_far[key][mask ^ own] + day[key][own] for key in (0, 1)]
        least = sums[first].min()
        if not np.isfinite(least):
            continue
        equal = np.flatnonzero(sums[first] <= least + 1e-6)
        at = equal[sums[second][equal].argmin()]
        duration[mask], driven[mask], share[mask] = sums[0][at], sums[1][at], own[at]
    return duration, driven, share


def _best(problem: Problem, duration: np.ndarray, driven: np.ndarray) -> int | None:
    fine = np.isfinite(duration) & _permitted(problem)
    if not fine.any():
        return None
    found = np.flatnonzero(fine)
    values = _values(problem)[found]
    found = found[values >= values.max() - 1e-9]
    keys = (duration, driven) if problem.objective == "finish" else (driven, duration)
    found = found[keys[0][found] <= keys[0][found].min() + 1e-6]
    return int(found[keys[1][found].argmin()])


def _bits(count: int) -> np.ndarray:
    """Return, for each set (a row), which visits it has."""
    return (np.arange(1 << count)[:, None] >> np.arange(count)) & 1 == 1


def _covering(problem: Problem) -> list[np.ndarray]:
    """Return, for each cover, how many of its groups each set of visits stands for."""
    sets = _bits(len(problem.visits))
    found = []
    for cover in problem.covers:
        groups = sorted(cover.groups)
        has = np.array(
            [[group in visit.groups for group in groups] for visit in problem.visits], dtype=bool
        ).reshape(len(problem.visits), len(groups))
        found.append(((sets.astype(np.int32) @ has.astype(np.int32)) > 0).sum(axis=1))
    return found


def _values(problem: Problem) -> np.ndarray:
    prizes = np.array([visit.prize for visit in problem.visits])
    values: np.ndarray = _bits(len(problem.visits)) @ prizes
    for cover, covered in zip(problem.covers, _covering(problem), strict=True):
        values = values + cover.weight * covered
    return values


def _permitted(problem: Problem) -> np.ndarray:
    """Tell for each set whether it has what it must, covers enough and is not too large."""
    sets = _bits(len(problem.visits))
    must = np.array([visit.must for visit in problem.visits], dtype=bool)
    fine = np.asarray(sets[:, must].all(axis=1))
    if problem.max_visits is not None:
        fine = fine & (sets.sum(axis=1) <= problem.max_visits)
    for cover, covered in zip(problem.covers, _covering(problem), strict=True):
        fine = fine & (covered >= cover.at_least)
    return fine
