"""How good a planned tour is, as one sentence's key and figures, for the page and the command alike."""

from __future__ import annotations

import math

from geo.tour.planning import Plan
from geo.tour.problem import Solution

LEAST_PCT = 0.1  # a smaller gap is said as this: the sentence says "at most"
_EQUAL = 0.5  # minutes that nobody would call a difference


def verdict(plan: Plan) -> tuple[str, dict[str, object]]:
    """Return the key under `tour.` of what is to be said, and its values.

    A tour is proven, within a gap, or by hand and then compared with the planner's own. Percent
    have one decimal, rounded up; minutes are whole.
    """
    found = plan.solution
    if plan.tour.mode == "hand":
        return _by_hand(plan)
    if found.proven:
        return "proven", {}
    chosen = "_chosen" if plan.left else ""
    if not found.bound:
        return f"not_proven{chosen}", {}
    gap = 100 * (_cost(plan, found) - found.bound) / found.bound
    return f"gap{chosen}", {"pct": f"{max(LEAST_PCT, math.ceil(10 * gap - 1e-9) / 10):.1f}"}


def _by_hand(plan: Plan) -> tuple[str, dict[str, object]]:
    found, best = plan.solution, plan.best
    if best is None:
        return "by_hand_alone", {}
    fewer = _seen(best) - _seen(found)
    if fewer:
        return ("by_hand_fewer" if fewer > 0 else "by_hand_more"), {"n": abs(fewer)}
    more = _cost(plan, found) - _cost(plan, best)
    return ("by_hand", {"n": f"{more:.0f}"}) if more >= _EQUAL else ("by_hand_equal", {})


def _cost(plan: Plan, found: Solution) -> float:
    return found.finish if plan.tour.objective == "finish" else found.driving


def _seen(found: Solution) -> int:
    return sum(map(len, found.routes))
