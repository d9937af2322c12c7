"""Score places by several measures at once, with weights that somebody sets, and doubt the ranks.

The weighted mean of normalised measures, as in OECD/JRC (2008), *Handbook on Constructing Composite
Indicators*: normalisation (section 1.5), linear aggregation (1.6), uncertainty (1.7). More of a
measure is better. Exact: every figure is a fraction; standard scores are rounded to 12 places
before they are summed, so that contributions still add up to the score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from math import isqrt, lcm

import numpy as np

from geo.compare.ranks import BAND_PCT, Band, ranked
from geo.density.measures import one_of
from geo.errors import GeoError

NUMBERS = range(2, 9)  # of measures in one index
WEIGHTS = range(101)
USUAL_WEIGHT = 25
MIDDLE = Fraction(50)  # points where a measure tells no place from another
DIGITS = 12  # of a square root
DRAWS, SEED = 1000, 0
SPREAD_PCT = 50  # by which each weight is moved up or down, of itself
TOP = 3
STRONG = Fraction(8, 10)  # from here on two measures say much the same
LEAST_CORRELATED = 4  # places below which a correlation says nothing
WAYS = ("weights", "normalise", "without")
Measured = Mapping[str, Mapping[str, Fraction | None]]  # by measure, then by place


@dataclass(frozen=True)
class Score:
    """Hold a place's score and rank; `points` are the normalised measures, 0 to 100.

    `parts` are what each measure contributes; they add up to the score.
    """

    place: str
    rank: int
    score: Fraction
    points: Mapping[str, Fraction]
    parts: Mapping[str, Fraction]


@dataclass(frozen=True)
class Pair:
    """Hold two measures and Spearman's rank correlation of the scored places."""

    one: str
    other: str
    rho: Fraction

    @property
    def strong(self) -> bool:
        """Tell whether both say so much the same that they count nearly twice."""
        return abs(self.rho) > STRONG


@dataclass(frozen=True)
class Composite:
    """Hold the scores, best first, and the measures that are missing of each place without one.

    `weights` has the measures that count: those above 0. `pairs` are their correlations, the
    strongest first; one that is equal everywhere has none.
    """

    normalise: str
    weights: Mapping[str, int]
    scores: tuple[Score, ...]
    missing: Mapping[str, tuple[str, ...]]
    pairs: tuple[Pair, ...] = ()
    values: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Doubt:
    """Hold a place's band, and in which share of the drawn weightings it is first, or among three.

    Ranges of the band: `weights` (the middle 90 % of the draws), `normalise` (the other ways),
    `without` (any one measure left out). Places that tie for a rank all have it.
    """

    band: Band
    first: Fraction
    top: Fraction


def composite(measured: Measured, weights: Mapping[str, int], normalise: str) -> Composite:
    """Score the places for which every measure with a weight above 0 is known.

    Measures are normalised over these places alone. A place that lacks one is listed as missing:
    neither counted as 0 nor scored by the rest. Errors: `density.choice`, `compare.index_number`
    (read, expected), `compare.index_weight` (measure, read, expected), `compare.index_nothing`.
    """
    one_of("normalise", normalise, tuple(_NORMALISED))
    checked(weights)
    counted = {measure: weight for measure, weight in weights.items() if weight}
    places = sorted({place for measure in counted for place in measured[measure]})
    missing = {
        place: lacking
        for place in places
        if (lacking := tuple(m for m in counted if measured[m].get(place) is None))
    }
    values = {
        m: {p: v for p, v in measured[m].items() if p not in missing and v is not None}
        for m in counted
    }
    points = {m: normalised(known, normalise) for m, known in values.items()}
    return Composite(
        normalise,
        counted,
        _scores(points, counted),
        missing,
        correlations(values),
        values,
    )


def checked(weights: Mapping[str, int]) -> None:
    """Raise where weights make no index: too few or many measures, a wrong weight, nothing above 0."""
    if len(weights) not in NUMBERS:
        raise GeoError("compare.index_number", read=len(weights), expected=_span(NUMBERS))
    for measure, weight in weights.items():
        if weight not in WEIGHTS:
            expected = _span(WEIGHTS)
            raise GeoError("compare.index_weight", measure=measure, read=weight, expected=expected)
    if not any(weights.values()):
        raise GeoError("compare.index_nothing")


def _span(of: range) -> str:
    return f"{of[0]} … {of[-1]}"


def normalised(values: Mapping[str, Fraction], way: str) -> dict[str, Fraction]:
    """Return each place's points, 0 to 100; equal values, or a single one, are 50 each.

    `minmax`: 100 (x − min) / (max − min). `rank`: 100 (n − r) / (n − 1), places that tie share
    the mean of their ranks r. `zscore`: 50 + 10 (x − mean) / standard deviation of all n, cut at
    0 and 100.
    """
    if len(set(values.values())) <= 1:
        return dict.fromkeys(values, MIDDLE)
    return _NORMALISED[way](values)


def _minmax(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    low, high = min(values.values()), max(values.values())
    return {place: 100 * (value - low) / (high - low) for place, value in values.items()}


def _by_rank(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    known, above = list(values.values()), len(values) - 1
    return {
        place: 100
        * (sum(v < value for v in known) + Fraction(known.count(value) - 1, 2))
        / Fraction(above)
        for place, value in values.items()
    }


def _zscore(values: Mapping[str, Fraction]) -> dict[str, Fraction]:
    mean = _mean(values.values())
    variance = _mean([(value - mean) ** 2 for value in values.values()])
    points = {}
    for place, value in values.items():
        away = root((value - mean) ** 2 / variance)
        moved = MIDDLE + 10 * (away if value > mean else -away)
        points[place] = min(max(moved, Fraction(0)), Fraction(100))
    return points


_NORMALISED: Mapping[str, Callable[[Mapping[str, Fraction]], dict[str, Fraction]]] = {
    "minmax": _minmax,
    "rank": _by_rank,
    "zscore": _zscore,
}
NORMALISE = tuple(_NORMALISED)


def _mean(values: object) -> Fraction:
    known = list(values)  # type: ignore[call-overload]
    return sum(known, Fraction(0)) / len(known)


def root(square: Fraction) -> Fraction:
    """Return a square root, rounded down to 12 places.

    It is taken of a ratio without unit, so another unit of a measure changes no digit.
    """
    scaled = square.numerator * 10 ** (2 * DIGITS) // square.denominator
    return Fraction(isqrt(scaled), 10**DIGITS)


def _scores(
    points: Mapping[str, Mapping[str, Fraction]], weights: Mapping[str, int]
) -> tuple[Score, ...]:
    whole = sum(weights.values())
    places = list(next(iter(points.values()), {}))
    parts = {p: {m: points[m][p] * w / whole for m, w in weights.items()} for p in places}
    scores = {place: sum(own.values(), Fraction(0)) for place, own in parts.items()}
    rank = ranked(scores)
    return tuple(
        Score(p, rank[p], scores[p], {m: points[m][p] for m in weights}, parts[p])
        for p in sorted(places, key=lambda place: (rank[place], place))
    )


def correlations(values: Mapping[str, Mapping[str, Fraction]]) -> tuple[Pair, ...]:
    """Return Spearman's correlation of each two measures, the strongest first.

    It is Pearson's of the ranks, ties sharing their mean. Measures that are equal everywhere have
    none, and fewer than four places are too few to tell.
    """
    varied = {
        m: _by_rank(own)
        for m, own in values.items()
        if len(own) >= LEAST_CORRELATED and len(set(own.values())) > 1
    }
    pairs = [
        Pair(one, other, _rho(varied[one], varied[other])) for one, other in combinations(varied, 2)
    ]
    return tuple(sorted(pairs, key=lambda pair: (-abs(pair.rho), pair.one, pair.other)))


def _rho(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> Fraction:
    away = [
        (one[place] - MIDDLE, other[place] - MIDDLE) for place in one
    ]  # the mean of ranks is 50
    both = sum(x * y for x, y in away)
    square = both**2 / (sum(x * x for x, _ in away) * sum(y * y for _, y in away))
    return root(Fraction(square)) * (1 if both > 0 else -1)


def doubted(found: Composite, *, draws: int = DRAWS, seed: int = SEED) -> tuple[Doubt, ...]:
    """Return the band of each scored place, in the order of the scores.

    `weights`: each weight is multiplied by a whole percentage drawn evenly from 50 to 150, each by
    itself; the same seed gives the same band, whatever the order of the measures. Ranks are of the
    same places throughout. Errors: `compare.draws`.
    """
    if not 1 <= draws <= 100_000:
        raise GeoError("compare.draws", read=draws, expected="1 … 100000")
    if not found.scores:
        return ()
    places = [score.place for score in found.scores]
    ranks = _drawn(found, draws, seed)
    low, high = np.percentile(ranks, BAND_PCT, axis=0, method="nearest")
    others = [_otherwise(found, way) for way in NORMALISE if way != found.normalise]
    ranges = {
        "weights": {p: (int(a), int(b)) for p, a, b in zip(places, low, high, strict=True)},
        "normalise": _extremes(others, places),
    }
    if len(found.weights) > 1:
        ranges["without"] = _extremes([_without(found, m) for m in found.weights], places)
    return tuple(
        Doubt(
            Band(score.place, score.rank, {way: own[score.place] for way, own in ranges.items()}),
            first=Fraction(int((ranks[:, n] == 1).sum()), draws),
            top=Fraction(int((ranks[:, n] <= TOP).sum()), draws),
        )
        for n, score in enumerate(found.scores)
    )


def _otherwise(found: Composite, way: str) -> dict[str, int]:
    points = {m: normalised(own, way) for m, own in found.values.items()}
    return {score.place: score.rank for score in _scores(points, found.weights)}


def _without(found: Composite, measure: str) -> dict[str, int]:
    rest = {m: weight for m, weight in found.weights.items() if m != measure}
    points = {m: {score.place: score.points[m] for score in found.scores} for m in rest}
    return {score.place: score.rank for score in _scores(points, rest)}


def _extremes(
    rankings: Sequence[Mapping[str, int]], places: Sequence[str]
) -> dict[str, tuple[int, int]]:
    own = {place: [ranking[place] for ranking in rankings] for place in places}
    return {place: (min(seen), max(seen)) for place, seen in own.items()}


def _drawn(found: Composite, draws: int, seed: int) -> np.ndarray:
    """Return the ranks (draws × places) under weights drawn anew, in whole numbers, so ties stay ties."""
    measures = sorted(found.weights)
    whole = lcm(*(score.points[m].denominator for score in found.scores for m in measures))
    points = [[int(score.points[m] * whole) for m in measures] for score in found.scores]
    own = [found.weights[m] for m in measures]
    span = (100 - SPREAD_PCT, 100 + SPREAD_PCT)
    factors = np.random.default_rng(seed).integers(*span, (draws, len(own)), endpoint=True)
    ranks = np.empty((draws, len(points)), dtype=np.int64)
    for draw, row in enumerate(factors.tolist()):
        weights = [weight * factor for weight, factor in zip(own, row, strict=True)]
        totals = [sum(w * p for w, p in zip(weights, place, strict=True)) for place in points]
        ranks[draw] = [1 + sum(other > total for other in totals) for total in totals]
    return ranks
