"""How concentrated projects are: Lorenz and Gini, Herfindahl, the share in parks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np

from geo.errors import GeoError
from geo.layers import Atlas
from geo.model import Industry

TARGET = "park_concentration"  # the published figure, in basis points
INDUSTRY_DIVISIONS = range(6, 47)  # GB/T 4754-2017, sections B to D: 06 … 46

Point = tuple[Fraction, Fraction]


def lorenz(amounts: Sequence[Fraction], weights: Sequence[Fraction] | None = None) -> list[Point]:
    """Return the Lorenz curve from (0, 0) to (1, 1): share of weight, share of amount.

    Places come from the least dense up; `weights` are their areas, all equal if None.
    Errors: `compare.nothing` without a positive total, `compare.negative`.
    """
    sizes = [Fraction(1)] * len(amounts) if weights is None else list(weights)
    if any(a < 0 for a in amounts) or any(w <= 0 for w in sizes):
        raise GeoError("compare.negative")
    pairs = sorted(zip(amounts, sizes, strict=True), key=lambda pair: Fraction(pair[0], pair[1]))
    whole, width = sum(amounts, Fraction(0)), sum(sizes, Fraction(0))
    if not whole:
        raise GeoError("compare.nothing")
    x = y = Fraction(0)
    points = [(x, y)]
    for amount, size in pairs:
        x, y = x + Fraction(size) / width, y + Fraction(amount) / whole
        points.append((x, y))
    return points


def gini(amounts: Sequence[Fraction], weights: Sequence[Fraction] | None = None) -> Fraction:
    """Return the Gini coefficient, twice the area between the curve and the diagonal; 0 is even."""
    points = lorenz(amounts, weights)
    steps = pairwise(points)
    return 1 - sum(((b[0] - a[0]) * (a[1] + b[1]) for a, b in steps), Fraction(0))


def herfindahl(amounts: Sequence[Fraction]) -> Fraction:
    """Return the sum of squared shares: 1/n where n places have equal parts, 1 where one has all.

    Errors: `compare.nothing`, `compare.negative`.
    """
    if any(amount < 0 for amount in amounts):
        raise GeoError("compare.negative")
    whole = sum(amounts, Fraction(0))
    if not whole:
        raise GeoError("compare.nothing")
    return sum(((amount / whole) ** 2 for amount in amounts), Fraction(0))


@dataclass(frozen=True)
class ShareInParks:
    """Hold the share of industrial projects whose row names a park.

    `mixed`: industries that are only partly industry by GB/T 4754 are counted in both numbers and
    named here; `unclassified`: rows without an industry, in neither; `nowhere`: counted rows that
    name neither park nor county, which may lie in one; `target`: the published one, None if none.
    """

    inside: np.ndarray = field(repr=False)
    counted: np.ndarray = field(repr=False)
    mixed: np.ndarray = field(repr=False)
    unclassified: np.ndarray = field(repr=False)
    nowhere: np.ndarray = field(repr=False)
    target: Fraction | None

    @property
    def value(self) -> Fraction | None:
        """Return the share, None where there is no industrial project."""
        return Fraction(len(self.inside), len(self.counted)) if len(self.counted) else None


def share_in_parks(atlas: Atlas, rows: np.ndarray) -> ShareInParks:
    """Compute the share of industrial projects in parks over the marked rows."""
    industry = atlas.projects["industry"].fillna("").to_numpy(dtype=object)
    kinds = {id_: _kind(entry) for id_, entry in atlas.catalogue.industries.items()}
    kind = np.array([kinds.get(id_, "") for id_ in industry], dtype=object)
    counted = rows & ((kind == "all") | (kind == "part"))
    park = atlas.projects["park"].notna().to_numpy(dtype=bool)
    county = atlas.projects["county"].notna().to_numpy(dtype=bool)
    published = atlas.catalogue.published.get(TARGET)
    return ShareInParks(
        inside=np.flatnonzero(counted & park),
        counted=np.flatnonzero(counted),
        mixed=np.flatnonzero(counted & (kind == "part")),
        unclassified=np.flatnonzero(rows & (kind == "")),
        nowhere=np.flatnonzero(counted & ~park & ~county),
        target=Fraction(published.value, 10_000) if published else None,
    )


def _kind(industry: Industry) -> str:
    """Tell whether an industry is industry in all, part or none of its divisions; "" if it has none."""
    inside = {int(prefix[:2]) in INDUSTRY_DIVISIONS for prefix in industry.gbt4754}
    return {frozenset({True}): "all", frozenset({False}): "none", frozenset(): ""}.get(
        frozenset(inside), "part"
    )
