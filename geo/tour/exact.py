"""Prove the best tour of few visits: a dynamic programme over sets, with labels of time and driving.

A label is a part of a day: which visits are done (bits of a whole number, one more for lunch), which
was the last, when one is ready to leave, how much was driven. Of two labels for the same set and
last visit, one that is neither earlier nor less driven can never become the better tour. Waiting and
windows make both measures necessary (Desrochers and Soumis 1988; Dumas et al. 1995).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.tour.problem import FOREVER, Lunch, Problem
from geo.tour.timetable import MINUTES_A_DAY, TINY, empty_leg, lunch_of

PROVABLE = 12  # optional visits on several days: 2^12 sets, 3^12 ways to share them out
MOST_BITS = 62


class GivenUp(Exception):
    """Say that labels or time ran out before a proof."""


@dataclass(frozen=True)
class Labels:
    """Hold labels as columns; `parent` is the row in the layer before, `first` in `day_plans`."""

    mask: np.ndarray
    last: np.ndarray
    ready: np.ndarray
    driven: np.ndarray
    parent: np.ndarray

    def take(self, rows: np.ndarray) -> Labels:
        """Return some rows, in their order."""
        return Labels(*(column[rows] for column in self.columns()))

    def columns(self) -> tuple[np.ndarray, ...]:
        """Return the columns."""
        return (self.mask, self.last, self.ready, self.driven, self.parent)


@dataclass(frozen=True)
class DayPlans:
    """Hold the best day for each set of visits that can be seen in one day.

    `masks` ascend; bits are the place in `chosen`. `duration` and `driven` belong together.
    """

    chosen: tuple[int, ...]
    masks: np.ndarray
    duration: np.ndarray
    driven: np.ndarray
    ends: tuple[tuple[int, int], ...]  # layer and row of the last label, for the way back
    layers: tuple[Labels, ...]

    def route(self, index: int) -> tuple[int, ...]:
        """Return the visits of one plan in order."""
        layer, row = self.ends[index]
        found: list[int] = []
        while layer > 0:
            labels = self.layers[layer]
            last = int(labels.last[row])
            if last < len(self.chosen):
                found.append(self.chosen[last])
            row = int(labels.parent[row])
            layer -= 1
        return tuple(found[::-1])


def day_plans(
    problem: Problem,
    chosen: Sequence[int],
    *,
    day: int,
    below: float | None = None,
    labels: int = 4_000_000,
    seconds: float = 60.0,
) -> DayPlans:
    """Find, for each set of the chosen visits, the best day that sees just these.

    With `below` only the full set is looked for, which lets much be left out early: a driving time
    that is known to be possible for it, infinite where none is. Raises `GivenUp` beyond that many
    `labels` or `seconds`.
    """
    search = _Search(problem, tuple(chosen), day, below)
    return search.run(until=time.monotonic() + seconds, room=labels)


class _Search:
    """Grow labels visit by visit; what stays the same for all of them is worked out once."""

    def __init__(
        self, problem: Problem, chosen: tuple[int, ...], day: int, below: float | None
    ) -> None:
        self.problem, self.chosen, self.day = problem, chosen, problem.days[day]
        self.lunch: Lunch | None = lunch_of(problem, day)
        self.full = below is not None
        self.below = FOREVER if below is None else below
        if len(chosen) + 1 > MOST_BITS:
            raise GivenUp
        visits = [problem.visits[number] for number in chosen]
        shift = MINUTES_A_DAY * day
        nodes = [visit.node for visit in visits]
        self.service = [visit.service for visit in visits]
        self.earliest = [visit.earliest + shift for visit in visits]
        self.latest = [visit.latest + shift for visit in visits]
        self.position = [visit.position for visit in visits]
        self.allowed = [visit.day is None or visit.day == day for visit in visits]
        self.lunch_bit = 1 << len(chosen)
        self.all_bits = self.lunch_bit - 1
        if self.lunch is not None and self.lunch.node is not None:
            nodes.append(self.lunch.node)
        # the last row is the day's start, the last column its end
        self.legs = problem.minutes[np.ix_([*nodes, self.day.start], [*nodes, self.day.end])]
        self.start = len(nodes)
        self.cheapest = self._cheapest_way_in()

    def _cheapest_way_in(self) -> np.ndarray:
        """Return for each visit and the end what reaching it costs at least, for a lower bound."""
        ways = self.legs.copy()
        count = len(self.chosen)
        for at in range(self.start):
            ways[at, at] = np.inf
        least: np.ndarray = ways[:, [*range(count), -1]].min(axis=0)
        return np.where(np.isfinite(least), least, 0.0)

    def run(self, *, until: float, room: int) -> DayPlans:
        first = Labels(
            mask=np.zeros(1, np.int64),
            last=np.full(1, self.start, np.int16),
            ready=np.array([self.day.departs]),
            driven=np.zeros(1),
            parent=np.zeros(1, np.int64),
        )
        layers, seen = [first], 1
        while len(layers[-1].mask):
            grown = self._grow(layers[-1])
            seen += len(grown.mask)
            if seen > room or time.monotonic() > until:
                raise GivenUp
            layers.append(grown)
        return self._collect(layers)

    def _grow(self, labels: Labels) -> Labels:
        parts = [self._to_visit(labels, at) for at in range(len(self.chosen)) if self.allowed[at]]
        if self.lunch is not None and self.lunch.node is not None:
            parts.append(self._to_table(labels))
        parts = [part for part in parts if len(part.mask)]
        if not parts:
            return labels.take(np.zeros(0, np.int64))
        joined = Labels(
            *(np.concatenate(column) for column in zip(*(p.columns() for p in parts), strict=True))
        )
        return _undominated(self._hopeful(joined))

    def _to_visit(self, labels: Labels, at: int) -> Labels:
        bit = 1 << at
        rows = np.flatnonzero((labels.mask & bit) == 0)
        rows = rows[self._may_follow(labels.mask[rows], at)]
        legs = self.legs[labels.last[rows], at]
        fine = np.isfinite(legs)
        rows, legs = rows[fine], legs[fine]
        arrives = labels.ready[rows] + legs + self.problem.leg_extra
        found = [self._label(labels, rows, legs, arrives, at=at, bit=bit)]
        if self.lunch is not None and self.lunch.node is None:
            free = (labels.mask[rows] & self.lunch_bit) == 0
            fed = self._fed(labels.ready[rows[free]], legs[free])
            bits = bit | self.lunch_bit
            found.append(self._label(labels, rows[free], legs[free], fed, at=at, bit=bits))
        return Labels(
            *(np.concatenate(column) for column in zip(*(p.columns() for p in found), strict=True))
        )

    def _may_follow(self, masks: np.ndarray, at: int) -> np.ndarray:
        """Keep places that are promised: this visit's own, and the last one's."""
        fine = np.ones(len(masks), dtype=bool)
        wanted = self.position[at]
        if wanted is not None and wanted > 0:
            fine &= np.bitwise_count(masks & self.all_bits) == wanted - 1
        for other, place in enumerate(self.position):
            if place == -1:
                fine &= (masks & (1 << other)) == 0
        return fine

    def _label(
        self,
        labels: Labels,
        rows: np.ndarray,
        legs: np.ndarray,
        arrives: np.ndarray,
        *,
        at: int,
        bit: int,
    ) -> Labels:
        begins = np.maximum(arrives, self.earliest[at])
        driven = labels.driven[rows] + legs
        fine = (begins <= self.latest[at] + TINY) & (driven <= self.problem.max_driving + TINY)
        rows = rows[fine]
        return Labels(
            mask=labels.mask[rows] | bit,
            last=np.full(len(rows), at, np.int16),
            ready=begins[fine] + self.service[at],
            driven=driven[fine],
            parent=rows,
        )

    def _fed(self, ready: np.ndarray, legs: np.ndarray) -> np.ndarray:
        """Return when one arrives fed: after lunch before leaving, or after lunch on arriving."""
        if self.lunch is None:
            return np.full(len(ready), np.inf)
        first, late = self.lunch.earliest, self.lunch.latest + TINY
        drive = legs + self.problem.leg_extra
        before = np.where(
            ready <= late, np.maximum(ready, first) + self.lunch.minutes + drive, np.inf
        )
        there = ready + drive
        after = np.where(there <= late, np.maximum(there, first) + self.lunch.minutes, np.inf)
        fed: np.ndarray = np.minimum(before, after)
        return fed

    def _to_table(self, labels: Labels) -> Labels:
        """Go to where lunch is; it is a halt like a visit, and none of the visits."""
        if self.lunch is None:
            return labels.take(np.zeros(0, np.int64))
        table = len(self.chosen)
        rows = np.flatnonzero((labels.mask & self.lunch_bit) == 0)
        legs = self.legs[labels.last[rows], table]
        begins = np.maximum(labels.ready[rows] + legs + self.problem.leg_extra, self.lunch.earliest)
        driven = labels.driven[rows] + legs
        fine = (begins <= self.lunch.latest + TINY) & (driven <= self.problem.max_driving + TINY)
        rows = rows[fine]
        return Labels(
            mask=labels.mask[rows] | self.lunch_bit,
            last=np.full(len(rows), table, np.int16),
            ready=begins[fine] + self.lunch.minutes,
            driven=driven[fine],
            parent=rows,
        )

    def _hopeful(self, labels: Labels) -> Labels:
        """Drop what cannot end in time, or, where all are to be seen, misses one or drives more."""
        home = self.legs[labels.last, -1]
        fine = labels.ready + home + self.problem.leg_extra <= self.day.latest_return + TINY
        fine &= labels.driven + home <= self.problem.max_driving + TINY
        if self.full:
            rest = np.full(len(labels.mask), self.cheapest[-1])
            for at in range(len(self.chosen)):
                open_ = (labels.mask & (1 << at)) == 0
                reached = labels.ready + self.legs[labels.last, at] + self.problem.leg_extra
                fine &= ~open_ | (reached <= self.latest[at] + TINY)
                rest += np.where(open_, self.cheapest[at], 0.0)
            fine &= labels.driven + rest <= self.below + TINY
        return labels.take(np.flatnonzero(fine))

    def _collect(self, layers: list[Labels]) -> DayPlans:
        """End every label's day, and keep the best for each set of visits."""
        columns: list[list[np.ndarray]] = [[], [], [], [], []]
        for layer, labels in enumerate(layers):
            finish, driven = self._ended(labels)
            keep = np.flatnonzero(np.isfinite(finish) & (driven <= self.problem.max_driving + TINY))
            seen = labels.mask[keep] & self.all_bits
            if self.full:
                keep, seen = keep[seen == self.all_bits], seen[seen == self.all_bits]
            parts = (seen, finish[keep], driven[keep], np.full(len(keep), layer), keep)
            for column, part in zip(columns, parts, strict=True):
                column.append(part)
        masks, finish, driven, layer_of, rows = map(np.concatenate, columns)
        keys = (finish, driven) if self.problem.objective == "finish" else (driven, finish)
        # equal but for rounding is equal: the second measure must decide
        order = np.lexsort((keys[1], np.round(keys[0], 6), masks))
        best = order[np.unique(masks[order], return_index=True)[1]]
        return DayPlans(
            chosen=self.chosen,
            masks=masks[best],
            duration=finish[best] - self.day.departs,
            driven=driven[best],
            ends=tuple(zip(layer_of[best].tolist(), rows[best].tolist(), strict=True)),
            layers=tuple(layers),
        )

    def _ended(self, labels: Labels) -> tuple[np.ndarray, np.ndarray]:
        """Return when each label's day ends, infinite where it may not, and what was driven."""
        home, extra = self.legs[labels.last, -1], self.problem.leg_extra
        home = home + np.zeros(len(labels.mask))
        extras = np.full(len(labels.mask), extra)
        nothing = labels.last == self.start
        home[nothing], extras[nothing] = empty_leg(self.problem, self.day)
        finish = labels.ready + home + extras
        if self.lunch is not None:
            hungry = (labels.mask & self.lunch_bit) == 0
            late = hungry & (finish > self.lunch.latest + TINY)
            if self.lunch.node is None:
                fed = self._fed_home(labels.ready, home, extras)
                finish = np.where(late, fed, finish)
            else:
                finish = np.where(late, np.inf, finish)
        return np.where(finish <= self.day.latest_return + TINY, finish, np.inf), (
            labels.driven + home
        )

    def _fed_home(self, ready: np.ndarray, home: np.ndarray, extras: np.ndarray) -> np.ndarray:
        return self._fed(ready, home + extras - self.problem.leg_extra)


def _undominated(labels: Labels) -> Labels:
    """Keep, for each set and last halt, the labels that are earliest for what they have driven."""
    if not len(labels.mask):
        return labels
    order = np.lexsort((labels.driven, labels.ready, labels.last, labels.mask))
    labels = labels.take(order)
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (labels.mask[1:] != labels.mask[:-1]) | (labels.last[1:] != labels.last[:-1])
    # within a group, by rising time, only a new least driving is worth keeping
    group = np.cumsum(fresh)
    spread = (labels.driven.max() + 1.0) if len(labels.driven) else 1.0
    falling = labels.driven - group * spread
    least = np.minimum.accumulate(falling)
    keep = fresh.copy()
    keep[1:] |= falling[1:] < least[:-1] - TINY
    return labels.take(np.flatnonzero(keep))
