"""Ranks with a band, and places whose rank flips by scale or by the source of the area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from geo.density.measures import Densities, Figure
from geo.errors import GeoError

BAND_PCT = (5, 95)
DIGITS = 12  # of a resampled density: sums of floats in another order must still tie


@dataclass(frozen=True)
class Band:
    """Hold a place's rank and the best and worst rank that each way of doubting gives it.

    `ranges`: `area` (other area sources), `weights` (projects weighed by another of their
    figures), `leave_one_out` (any single project away), `bootstrap` (projects drawn anew; the
    middle 90 % of the draws).
    """

    place: str
    rank: int
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def best(self) -> int:
        """Return the best rank of all."""
        return min([self.rank, *(low for low, _ in self.ranges.values())])

    @property
    def worst(self) -> int:
        """Return the worst rank of all."""
        return max([self.rank, *(high for _, high in self.ranges.values())])


@dataclass(frozen=True)
class Flip:
    """Hold a place whose rank is not the same in every view; None where it has none."""

    place: str
    ranks: Mapping[str, int | None]


def ranked(densities: Mapping[str, Fraction | None]) -> dict[str, int]:
    """Rank places from the densest down; equal ones share the better rank, None has none."""
    known = sorted((d for d in densities.values() if d is not None), reverse=True)
    first = {density: n for n, density in reversed(list(enumerate(known, start=1)))}
    return {place: first[d] for place, d in densities.items() if d is not None}


def by_place(figures: Iterable[Figure]) -> dict[str, Fraction | None]:
    """Return each place's density."""
    return {figure.place: figure.value for figure in figures}


def banded(
    densities: Densities,
    worth: np.ndarray,
    *,
    others: Sequence[Densities] = (),
    weights: Sequence[Densities] = (),
    draws: int = 1000,
    seed: int = 0,
) -> tuple[Band, ...]:
    """Rank the places that overlap no other, each with its band, best first.

    `worth`: each project's value (`measures.values`); `others`: the same with other area sources;
    `weights`: the same with each project weighed otherwise (by number, by another sum).
    The same seed gives the same band. Where no project is behind any figure (a stated amount), no
    project can be left out or drawn anew. Errors: `compare.draws`.
    """
    if not 1 <= draws <= 100_000:
        raise GeoError("compare.draws", read=draws, expected="1 … 100000")
    shown = [figure for figure in densities.top if figure.value is not None]
    base = ranked(by_place(shown))
    ranges: dict[str, dict[str, tuple[int, int]]] = {place: {} for place in base}
    by_area, by_weight = (
        [ranked(by_place(other.top)) for other in more] for more in (others, weights)
    )
    ways = {
        "area": _extremes([base, *by_area]) if others else {},
        "weights": _extremes([base, *by_weight]) if weights else {},
    }
    if any(len(figure.amount.rows) for figure in shown):
        ways["leave_one_out"] = _leave_one_out(shown, worth)
        ways["bootstrap"] = _bootstrap(shown, worth, np.arange(draws), seed)
    for way, found in ways.items():
        for place, range_ in found.items():
            if place in ranges:
                ranges[place][way] = range_
    order = sorted(base, key=lambda place: (base[place], place))
    return tuple(Band(place, base[place], ranges[place]) for place in order)


def _extremes(rankings: Sequence[Mapping[str, int]]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for ranking in rankings:
        for place, rank in ranking.items():
            low, high = found.get(place, (rank, rank))
            found[place] = (min(low, rank), max(high, rank))
    return found


def _leave_one_out(figures: Sequence[Figure], worth: np.ndarray) -> dict[str, tuple[int, int]]:
    """Rank anew without a place's largest project: no other single one moves its ranks further.

    Places that overlap no other share no project, so taking one away lowers one place only.
    """
    base = by_place(figures)
    rankings = [ranked(base)]
    for figure in (figure for figure in figures if len(figure.amount.rows)):
        largest = int(worth[figure.amount.rows].max())
        left = figure.amount.total - largest
        density, total = base[figure.place], figure.amount.total
        alone = len(figure.amount.rows) == 1 and len(figure.amount.unknown) > 0
        if density is not None and total:  # without its only stated value a place has no density
            rest = None if alone else density * left / total
            rankings.append(ranked({**base, figure.place: rest}))
    return _extremes(rankings)


def _bootstrap(
    figures: Sequence[Figure], worth: np.ndarray, draws: np.ndarray, seed: int
) -> dict[str, tuple[int, int]]:
    if not figures:
        return {}
    rows = np.concatenate([figure.amount.rows for figure in figures]).astype(np.int64)
    place = np.repeat(np.arange(len(figures)), [len(f.amount.rows) for f in figures])
    over = np.array([float((f.per.count if f.per else f.area.km2) or 1) for f in figures])
    value = worth[rows].astype(float)
    random = np.random.default_rng(seed)
    ranks = np.empty((len(draws), len(figures)), dtype=np.int64)
    for draw in draws:
        picked = random.integers(0, max(len(rows), 1), size=len(rows))
        sums = np.bincount(place[picked], weights=value[picked], minlength=len(figures))
        density = np.array([float(f"{d:.{DIGITS}g}") for d in sums / over])
        ranks[draw] = 1 + (density[None, :] > density[:, None]).sum(axis=1)
    low, high = np.percentile(ranks, BAND_PCT, axis=0, method="nearest")
    return {
        figure.place: (int(one), int(other))
        for figure, one, other in zip(figures, low, high, strict=True)
    }


def flips(views: Mapping[str, Mapping[str, Fraction | None]]) -> tuple[Flip, ...]:
    """Return the places whose rank differs between views of the same places, by place.

    Only places that every view can rank are ranked, so that a missing figure moves nobody; a
    place that a view cannot rank is returned with None there.
    """
    places = sorted({place for view in views.values() for place in view})
    common = {p for p in places if all(view.get(p) is not None for view in views.values())}
    ranks = {
        name: ranked({p: view[p] for p in places if p in common}) for name, view in views.items()
    }
    found = []
    for place in places:
        own = {
            name: ranks[name].get(place) if views[name].get(place) is not None else None
            for name in views
        }
        if place not in common or len(set(own.values())) > 1:
            found.append(Flip(place, own))
    return tuple(found)
