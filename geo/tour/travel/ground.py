"""Driving over open ground with faster straight roads in it: exact least times between points.

Off the roads a km costs the same everywhere; an edge may be entered and left anywhere. So the
least times are those of one metric: symmetric, zero from a point to itself, and never longer than
by way of a third point, whichever other points are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import shortest_path

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_OPEN_GROUND = -1


@dataclass(frozen=True)
class Roads:
    """Hold straight roads: edge e runs from node `ends[e, 0]` to `ends[e, 1]`.

    `nodes` is (m, 2) in km of a plane; `rate` is each edge's minutes per km of its line, `km` its
    driven km per km of line; `ground_rate` and `ground_km` are the same off the roads.
    """

    nodes: Floats
    ends: Ints
    rate: Floats
    km: Floats
    ground_rate: float
    ground_km: float


@dataclass(frozen=True)
class Hops:
    """Hold the least times from each of some points to each of others by at most one edge.

    `edge` is the edge that is used, −1 for none; `forward` tells whether along its direction.
    """

    minutes: Floats
    km: Floats
    edge: Ints
    forward: NDArray[np.bool_]


@dataclass(frozen=True)
class _Seen:
    """Hold points as one edge sees them: `along` its line, `off` it, where they enter and leave.

    The cheapest entry lies ahead of the foot of the perpendicular by an angle that only the two
    rates fix; entering costs `into` and leaving `out_of`, both counted from the edge's start.
    """

    enter: Floats
    leave: Floats
    into: Floats
    out_of: Floats
    into_km: Floats
    out_of_km: Floats


def hops(roads: Roads, start: Floats, end: Floats) -> Hops:
    """Return the least times by at most one edge between points, (n, 2) and (k, 2) km."""
    gap = np.hypot(start[:, None, 0] - end[None, :, 0], start[:, None, 1] - end[None, :, 1])
    best = Hops(
        gap * roads.ground_rate,
        gap * roads.ground_km,
        np.full(gap.shape, _OPEN_GROUND, dtype=np.int64),
        np.zeros(gap.shape, dtype=bool),
    )
    for edge in range(len(roads.ends)):
        _improve(best, roads, edge, forward=True, start=start, end=end)
        if start is not end:
            _improve(best, roads, edge, forward=False, start=start, end=end)
    if start is end:
        _mirror(best)
    return best


def via(roads: Roads, start: Floats, end: Floats, *, edge: int, forward: bool) -> Floats:
    """Return the course of one hop as points (2 or 4, 2) in km of the plane."""
    if edge == _OPEN_GROUND:
        return np.vstack([start, end])
    origin, direction, _ = _line(roads, edge, forward=forward)
    first = _seen(roads, edge, start[None, :], forward=forward)
    last = _seen(roads, edge, end[None, :], forward=forward)
    on = origin + np.outer([first.enter[0], last.leave[0]], direction)
    return np.vstack([start, on, end])


class Network:
    """Keep the least times between all junctions, and answer for any points from them."""

    def __init__(self, roads: Roads) -> None:
        self.roads = roads
        self._hop = hops(roads, roads.nodes, roads.nodes)
        # Junctions at one spot are zero minutes apart, which a sparse graph would read as no link.
        links = np.maximum(self._hop.minutes, 1e-9)
        self.minutes, self._before = shortest_path(
            links, method="FW", directed=False, return_predecessors=True
        )
        self.km = self._lengths()

    def between(self, points: Floats) -> tuple[Floats, Floats]:
        """Return least minutes and their km between points (n, 2) in km; square arrays."""
        return self._between(hops(self.roads, points, points), self._to_nodes(points))

    def legs(self, points: Floats) -> tuple[Floats, Floats, list[Floats]]:
        """Return minutes, km and the course, (k, 2) in km, from each point to the next."""
        direct, to_nodes = hops(self.roads, points, points), self._to_nodes(points)
        minutes, km = self._between(direct, to_nodes)
        courses = [self._course(points, row, direct, to_nodes) for row in range(len(points) - 1)]
        return np.diagonal(minutes, 1), np.diagonal(km, 1), courses

    def _to_nodes(self, points: Floats) -> Hops:
        return hops(self.roads, points, self.roads.nodes)

    def _between(self, direct: Hops, to_nodes: Hops) -> tuple[Floats, Floats]:
        if not len(self.roads.nodes):
            return direct.minutes.copy(), direct.km.copy()
        reached, reached_km = self._spread(to_nodes)
        minutes, km = direct.minutes.copy(), direct.km.copy()
        every = np.arange(len(minutes))
        for row in range(len(minutes)):
            total = reached[row][None, :] + to_nodes.minutes
            node = total.argmin(axis=1)
            cost = total[every, node]
            better = cost < minutes[row]
            minutes[row, better] = cost[better]
            km[row, better] = (reached_km[row][node] + to_nodes.km[every, node])[better]
        return minutes, km

    def _course(self, points: Floats, row: int, direct: Hops, to_nodes: Hops) -> Floats:
        start, end, nodes = points[row], points[row + 1], self.roads.nodes
        if not len(nodes):
            return self._hop_line(direct, (row, row + 1), start, end)
        total = to_nodes.minutes[row][:, None] + self.minutes + to_nodes.minutes[row + 1][None, :]
        if direct.minutes[row, row + 1] <= total.min():
            return self._hop_line(direct, (row, row + 1), start, end)
        enter, leave = np.unravel_index(int(total.argmin()), total.shape)
        chain = self._chain(int(enter), int(leave))
        lines = [self._hop_line(to_nodes, (row, chain[0]), start, nodes[chain[0]])]
        lines += [self._hop_line(self._hop, (a, b), nodes[a], nodes[b]) for a, b in pairwise(chain)]
        lines += [self._hop_line(to_nodes, (row + 1, chain[-1]), end, nodes[chain[-1]])[::-1]]
        return np.vstack(lines)

    def _spread(self, to_node: Hops) -> tuple[Floats, Floats]:
        """Return the minutes and km from each point to each junction, by whichever junction."""
        shape = to_node.minutes.shape
        minutes, km = np.empty(shape), np.empty(shape)
        every = np.arange(shape[1])
        for row in range(shape[0]):
            total = to_node.minutes[row][:, None] + self.minutes
            first = total.argmin(axis=0)
            minutes[row] = total[first, every]
            km[row] = to_node.km[row][first] + self.km[first, every]
        return minutes, km

    def _lengths(self) -> Floats:
        """Return the km of the least ways between junctions, the nearer ones first."""
        km = np.zeros_like(self.minutes)
        for source in range(len(km)):
            for node in np.argsort(self.minutes[source], kind="stable"):
                before = self._before[source, node]
                if before >= 0:
                    km[source, node] = km[source, before] + self._hop.km[before, node]
        return km

    def _chain(self, start: int, end: int) -> list[int]:
        chain = [end]
        while chain[-1] != start:
            chain.append(int(self._before[start, chain[-1]]))
        return chain[::-1]

    def _hop_line(self, found: Hops, at: tuple[int, int], start: Floats, end: Floats) -> Floats:
        return via(
            self.roads, start, end, edge=int(found.edge[at]), forward=bool(found.forward[at])
        )


def _improve(
    best: Hops, roads: Roads, edge: int, *, forward: bool, start: Floats, end: Floats
) -> None:
    first = _seen(roads, edge, start, forward=forward)
    last = first if start is end else _seen(roads, edge, end, forward=forward)
    minutes = first.into[:, None] + last.out_of[None, :]
    better = (minutes < best.minutes) & (first.enter[:, None] < last.leave[None, :])
    if not better.any():
        return
    rows, columns = np.nonzero(better)
    best.minutes[rows, columns] = minutes[rows, columns]
    best.km[rows, columns] = first.into_km[rows] + last.out_of_km[columns]
    best.edge[rows, columns] = edge
    best.forward[rows, columns] = forward


def _mirror(best: Hops) -> None:
    """Let each pair of the same points have the better of both directions."""
    better = best.minutes > best.minutes.T
    for figures in (best.minutes, best.km, best.edge):
        figures[better] = figures.T[better]
    best.forward[better] = False


def _line(roads: Roads, edge: int, *, forward: bool) -> tuple[Floats, Floats, float]:
    one, other = roads.nodes[roads.ends[edge]] if forward else roads.nodes[roads.ends[edge][::-1]]
    length = float(np.hypot(*(other - one)))
    return one, (other - one) / length, length


def _seen(roads: Roads, edge: int, points: Floats, *, forward: bool) -> _Seen:
    origin, direction, length = _line(roads, edge, forward=forward)
    apart = points - origin
    along = apart @ direction
    off = np.abs(apart[:, 0] * direction[1] - apart[:, 1] * direction[0])
    rate, ground = roads.rate[edge], roads.ground_rate
    ahead = off * rate / np.sqrt(ground**2 - rate**2)
    enter, leave = np.clip(along + ahead, 0, length), np.clip(along - ahead, 0, length)
    to_enter, to_leave = np.hypot(off, enter - along), np.hypot(off, along - leave)
    return _Seen(
        enter=enter,
        leave=leave,
        into=ground * to_enter - rate * enter,
        out_of=ground * to_leave + rate * leave,
        into_km=roads.ground_km * to_enter - roads.km[edge] * enter,
        out_of_km=roads.ground_km * to_leave + roads.km[edge] * leave,
    )
