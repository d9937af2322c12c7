"""Nearness of projects: the nearest-neighbour index, and Moran's I as esda computes it.

Index: Clark and Evans (1954), Ecology 35, 445-453. Local I: Anselin (1995), Geographical Analysis 27.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import h3
import numpy as np
import shapely
from scipy.spatial import cKDTree

from geo import crs
from geo.density import areas, hexagons
from geo.density.located import locate, plane_of
from geo.density.measures import Densities
from geo.errors import GeoError
from geo.layers import Atlas

FEWEST = 3
PERMUTATIONS = 999
SURE = 0.05
SURE_Z = 1.96  # the same, two-sided, of a standard score
QUADRANTS = ("", "high_high", "low_high", "low_low", "high_low")


@dataclass(frozen=True)
class NearestNeighbour:
    """Hold the index: mean distance to the next project over that of a random pattern, in metres.

    Below 1 is clustered, above 1 even; `z` is its standard score without edge correction.
    """

    observed_m: float
    expected_m: float
    z: float
    n: int
    km2: float
    left_out: Mapping[str, np.ndarray] = field(repr=False)

    @property
    def index(self) -> float:
        """Return observed over expected."""
        return self.observed_m / self.expected_m

    @property
    def pattern(self) -> str:
        """Return `clustered`, `dispersed`, or `random` where chance could well be the reason."""
        if abs(self.z) < SURE_Z:
            return "random"
        return "clustered" if self.index < 1 else "dispersed"


def nearest(atlas: Atlas, rows: np.ndarray, *, source: str = "tianditu") -> NearestNeighbour:
    """Compute the index over projects with an exact point inside the counties.

    The area is that of all counties from one source. Points beyond them are left out as
    `beyond`, drawn lines as `line`. Errors: `compare.few` below three points, `density.choice`.
    """
    found = locate(atlas, rows)
    line = (atlas.projects["placed"].iloc[found.row] == "line").to_numpy(dtype=bool)
    within = shapely.intersects(_land(atlas), shapely.points(found.lon, found.lat))
    inside = within & ~line
    n = int(inside.sum())
    if n < FEWEST:
        raise GeoError("compare.few", read=n, expected=FEWEST)
    lon, lat = found.lon[inside], found.lat[inside]
    place = np.column_stack(plane_of(atlas).metres(lon, lat))
    other = cKDTree(place).query(place, k=2)[1]
    # Of projects at one spot the tree may name the point itself second.
    next_ = np.where(other[:, 1] == np.arange(n), other[:, 0], other[:, 1])
    metres = crs.distance_km(lon, lat, lon[next_], lat[next_]) * 1000
    known = areas.of_counties(atlas, source=source).values()
    km2 = float(sum(area.km2 for area in known if area.km2 is not None))
    density = n / (km2 * 1e6)
    expected, error = 0.5 / math.sqrt(density), 0.26136 / math.sqrt(n * density)
    z = (float(metres.mean()) - expected) / error
    others = {"line": found.row[line], "beyond": found.row[~within & ~line]}
    named = {reason: np.unique(rows_) for reason, rows_ in others.items() if len(rows_)}
    left_out = {**found.left_out, **named}
    return NearestNeighbour(float(metres.mean()), expected, z, n, km2, left_out)


def _land(atlas: Atlas) -> Any:
    codes = zip(atlas.counties["code"], atlas.counties.geometry, strict=True)
    land = shapely.union_all([areas.outline(shape, place=code)[0] for code, shape in codes])
    shapely.prepare(land)
    return land


@dataclass(frozen=True)
class LocalMoran:
    """Hold one place's local I, its quadrant (`high_high` …) and its pseudo p-value."""

    place: str
    value: float
    quadrant: str
    p: float


@dataclass(frozen=True)
class Moran:
    """Hold global I with what chance would give, and the local ones.

    `p_normal` assumes normality, `p` is from permutations; `isolated` places have no neighbour
    and were left out.
    """

    value: float
    expected: float
    z: float
    p_normal: float
    p: float
    n: int
    local: tuple[LocalMoran, ...]
    isolated: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """Return `clustered`, `dispersed`, or `random` where p is 0.05 or more."""
        if self.p >= SURE:
            return "random"
        return "clustered" if self.value > self.expected else "dispersed"


def moran(
    densities: Mapping[str, float],
    neighbours: Mapping[str, Sequence[str]],
    *,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
) -> Moran:
    """Compute global and local Moran's I with row-standardised weights, through esda.

    Permutations are drawn from the seed; numpy's global state is put back. p is one-sided. Errors:
    `compare.few` below three places with neighbours, `compare.constant` where all are equal.
    """
    import esda  # with scikit-learn behind it, a second that only those who ask should wait for
    from libpysal.weights import W

    linked, isolated = _linked(densities, neighbours)
    y = np.array([densities[place] for place in linked])
    if len(linked) < FEWEST:
        raise GeoError("compare.few", read=len(linked), expected=FEWEST)
    if np.ptp(y) == 0:
        raise GeoError("compare.constant")
    links = {place: _kept(neighbours[place], linked) for place in linked}
    weights = W(links, id_order=linked, silence_warnings=True)
    whole = esda.Moran(y, weights, permutations=0)
    state = np.random.get_state()  # esda seeds numpy's global one
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a later esda will double p by default
            each = esda.Moran_Local(y, weights, permutations=permutations, seed=seed)
    finally:
        np.random.set_state(state)
    local = tuple(
        LocalMoran(place, float(value), QUADRANTS[int(quadrant)], float(p))
        for place, value, quadrant, p in zip(linked, each.Is, each.q, each.p_sim, strict=True)
    )
    return Moran(
        value=float(whole.I),
        expected=float(whole.EI),
        z=float(whole.z_norm),
        p_normal=float(whole.p_norm),
        p=_pseudo_p(y, weights.sparse, float(whole.I), permutations, seed),
        n=len(linked),
        local=local,
        isolated=isolated,
    )


def _linked(
    densities: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]
) -> tuple[list[str], tuple[str, ...]]:
    linked = [p for p in densities if _kept(neighbours.get(p, ()), densities)]
    return linked, tuple(place for place in densities if place not in set(linked))


def _kept(places: Sequence[str], among: Any) -> list[str]:
    known = set(among)
    return [place for place in places if place in known]


def _pseudo_p(y: np.ndarray, weights: Any, value: float, permutations: int, seed: int) -> float:
    """Return the part of random arrangements at least as extreme on the same side, as esda does."""
    random, z = np.random.default_rng(seed), y - y.mean()
    drawn = np.array([random.permutation(z) for _ in range(permutations)])
    found = len(y) / weights.sum() * np.einsum("ij,ij->i", drawn, (weights @ drawn.T).T)
    above = int((found / (z**2).sum() >= value).sum())
    return (min(above, permutations - above) + 1) / (permutations + 1)


def county_neighbours(atlas: Atlas) -> dict[str, list[str]]:
    """Return, for each county, those that share a border or a corner with it."""
    codes = list(atlas.counties["code"])
    shapes = [
        areas.outline(s, place=c)[0] for c, s in zip(codes, atlas.counties.geometry, strict=True)
    ]
    found: dict[str, list[str]] = {code: [] for code in codes}
    for one, other in shapely.STRtree(shapes).query(shapes, predicate="intersects").T:
        if one != other:
            found[codes[one]].append(codes[other])
    return found


def with_empty_cells(atlas: Atlas, densities: Densities) -> dict[str, float]:
    """Return the density of every hexagon of the counties, 0 where nothing lies.

    Without the empty ones, Moran's I would compare only places that have something.
    """
    resolution = h3.get_resolution(densities.figures[0].place) if densities.figures else 7
    codes = zip(atlas.counties["code"], atlas.counties.geometry, strict=True)
    cells: dict[str, float] = {}
    for code, shape in codes:
        clean = areas.outline(shape, place=code)[0]
        cells |= dict.fromkeys(hexagons.cells_within(clean, resolution), 0.0)
    for figure in densities.figures:
        if figure.per_km2 is None:
            cells.pop(figure.place, None)
        else:
            cells[figure.place] = float(figure.per_km2)
    return dict(sorted(cells.items()))


def cell_neighbours(cells: Sequence[str] | Mapping[str, float]) -> dict[str, list[str]]:
    """Return the neighbours of each hexagon among those given."""
    known = set(cells)
    return {
        cell: sorted(other for other in h3.grid_disk(cell, 1) if other in known and other != cell)
        for cell in cells
    }
