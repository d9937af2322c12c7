"""Remaining area of parks: what a park has, less the land that its projects say they take.

Exact: land is whole m², areas are the decimals of their source. Where projects state no land, the
remaining area is an upper bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from geo.density import areas, places
from geo.density.measures import Area
from geo.layers import LAND, Atlas

M2_PER_KM2 = 1_000_000


@dataclass(frozen=True)
class Land:
    """Hold the land taken in one park; `within` is the zone that a sub-park belongs to.

    `rows`, `unknown` and `off` are positions of projects: with land, without, and halted or ended,
    which do not count.
    """

    place: str
    area: Area
    used_m2: int
    within: str = ""
    rows: np.ndarray = field(repr=False, default_factory=lambda: np.empty(0, dtype=np.int64))
    unknown: np.ndarray = field(repr=False, default_factory=lambda: np.empty(0, dtype=np.int64))
    off: np.ndarray = field(repr=False, default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def used_km2(self) -> Fraction:
        """Return the land taken, as far as it is stated, in km²."""
        return Fraction(self.used_m2, M2_PER_KM2)

    @property
    def remaining_km2(self) -> Fraction | None:
        """Return what is left in km², below zero where more is taken; None without an area."""
        return None if self.area.km2 is None else self.area.km2 - self.used_km2

    @property
    def reason(self) -> str:
        """Return why nothing can be said to remain, "" where it can."""
        return self.area.reason

    @property
    def at_most(self) -> bool:
        """Tell whether it may be less, since projects that count state no land."""
        return bool(len(self.unknown))


@dataclass(frozen=True)
class Lands:
    """Hold all parks; `whole_m2` is the land of all counted projects that are in any of them.

    `left_out` names the reason of each row that no park contains.
    """

    figures: tuple[Land, ...]
    whole_m2: int
    left_out: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def top(self) -> tuple[Land, ...]:
        """Return the parks that overlap no other: without sub-parks."""
        return tuple(land for land in self.figures if not land.within)


def by_park(atlas: Atlas, rows: np.ndarray, *, area: str = "stated") -> Lands:
    """Compute what remains of each zone, its sub-parks' projects included, and of each sub-park.

    Counted are the marked rows whose stage is not on the side of the ladder (halted, ended); those
    that have yet to start take their land too. Errors: `density.choice`, those of `areas.checked`.
    """
    known = areas.of_parks(atlas, kind=area)
    zone, top = places.zones(atlas), places.zone_of(atlas)
    own = atlas.projects["park"].fillna("").to_numpy(dtype=object)
    levels = dict(zip(atlas.parks["id"], atlas.parks["level"], strict=True))
    m2 = atlas.projects[LAND].fillna(0).to_numpy(dtype=np.int64)
    stated = atlas.projects[LAND].notna().to_numpy(dtype=bool)
    off = aside(atlas)
    figures = []
    for id_, found in known.items():
        within = "" if zone[id_] == id_ else zone[id_]
        here = rows & ((own if within else top) == id_)
        if not here.any() and levels[id_] == places.NOT_SHOWN:
            continue
        counted = here & ~off
        figures.append(
            Land(
                id_,
                found,
                int(m2[counted].sum()),
                within,
                rows=np.flatnonzero(counted & stated),
                unknown=np.flatnonzero(counted & ~stated),
                off=np.flatnonzero(here & off),
            )
        )
    outside = np.flatnonzero(rows & (top == ""))
    return Lands(
        tuple(figures),
        whole_m2=int(m2[rows & ~off & (top != "")].sum()),
        left_out={"outside_parks": outside} if len(outside) else {},
    )


def m2_of_mu(mu: Fraction) -> int:
    """Return 亩 as whole m², rounded half up; 1 亩 is exactly 2000/3 m²."""
    return int(mu * Fraction(2000, 3) + Fraction(1, 2))


def aside(atlas: Atlas) -> np.ndarray:
    """Mark the projects whose stage is of the last phase, beside the ladder; an unknown one is not."""
    stages = list(atlas.catalogue.stages.values())
    side = [stage.id for stage in stages if stage.phase == stages[-1].phase] if stages else []
    return atlas.projects["stage"].isin(side).to_numpy(dtype=bool)
