"""What no order of given visits can beat: the one-tree bound of Held and Karp (1970, 1971)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import minimum_spanning_tree

from geo.tour.problem import Problem

ROUNDS = 150


def least_driving(problem: Problem, chosen: Sequence[int]) -> float:
    """Return minutes that any day with all of these visits must be driven at least.

    Windows and lunch are left out of it, so the true least may be greater. A leg counts with the
    shorter of its two directions, the way home from the last visit may be free where a day ends
    elsewhere than it begins.
    """
    day = problem.days[0]
    nodes = [day.start, *(problem.visits[visit].node for visit in chosen)]
    legs = problem.minutes[np.ix_(nodes, nodes)].astype(float)
    home = problem.minutes[nodes, day.end]
    legs[:, 0] = home
    legs[0, 0] = 0.0
    if len(nodes) < 3:
        return float(legs[0, 1:].sum() + legs[1:, 0].sum())
    legs = np.minimum(legs, legs.T)
    return _ascent(np.where(np.isfinite(legs), legs, 1e9))


def _ascent(legs: np.ndarray) -> float:
    """Raise the bound by charging places for each leg too many, and paying for one too few."""
    count = len(legs)
    charge, best = np.zeros(count), 0.0
    step = float(legs.sum()) / (count * count) / 2
    for _ in range(ROUNDS):
        length, degree = _one_tree(legs + charge[:, None] + charge[None, :])
        best = max(best, length - 2 * float(charge.sum()))
        if (degree == 2).all():
            break
        charge = charge + step * (degree - 2)
        step *= 0.97
    return best


def _one_tree(legs: np.ndarray) -> tuple[float, np.ndarray]:
    """Return length and degrees of the least tree over all places but the first, and its two legs."""
    # a leg of no length would be no leg at all to the library
    shift = 1.0 - min(0.0, float(legs.min()))
    tree = minimum_spanning_tree(legs[1:, 1:] + shift).tocoo()
    degree = np.bincount(tree.row + 1, minlength=len(legs)) + np.bincount(
        tree.col + 1, minlength=len(legs)
    )
    two = np.argsort(legs[0, 1:])[:2] + 1
    degree[two] += 1
    degree[0] = 2
    length = float(tree.data.sum()) - shift * tree.nnz + float(legs[0, two].sum())
    return length, degree
