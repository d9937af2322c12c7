"""What is asked of a density, as one value with an address, and its answer.

The address uses whole words that no other page has: `by`, `measure`, `per`, `area`, `res`
(hexagons), `radius` (metres of the surface's kernel), `vague`, `year`, `classes`, `n`.
Measures of projects and stated ones (`stated.METRICS`), areas and other denominators
(`OTHERS`) are asked for alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from geo.compare.classes import NUMBERS, SCHEMES
from geo.density import areas, hexagons, places, stated
from geo.density.measures import MEASURES, VAGUE, Densities, Figure, Note
from geo.density.per import KINDS as OTHERS
from geo.density.per import divided, of_places
from geo.density.surface import BANDWIDTHS_M, Surface, surface
from geo.layers import Atlas

BY = ("county", "park", "h3", "surface")
PER = ("km2", "mu")
AREAS: Mapping[str, tuple[str, ...]] = {
    "county": tuple(areas.COUNTY_SOURCES),
    "park": areas.PARK_CHOICES,
    "h3": (),
    "surface": (),
}
YEARS = range(1949, 2100)
KEYS = ("by", "measure", "per", "area", "res", "radius", "vague", "year", "classes", "n")


@dataclass(frozen=True)
class Question:
    """Ask for one density; `area` "" is the usual one, `year` None all years.

    With a year, projects count that had begun by its end; stated amounts and other denominators
    than areas are of that year, without one of the newest.
    """

    by: str = "county"
    measure: str = "invest"
    per: str = "km2"
    area: str = ""
    resolution: int = 7
    bandwidth_m: int = 3000
    vague: str = "left_out"
    year: int | None = None
    scheme: str = "natural"
    k: int = 5

    @property
    def area_kind(self) -> str:
        """Return the kind of area that is used, "" where areas are the cells' own."""
        allowed = AREAS[self.by]
        return self.area if self.area in allowed else next(iter(allowed), "")


def to_query(asked: Question) -> dict[str, str]:
    """Write a question as parameters of an address; what is at its default is left out."""
    usual = Question()
    names = dict(zip(KEYS, vars(asked), strict=True))
    return {
        key: str(getattr(asked, name))
        for key, name in names.items()
        if getattr(asked, name) != getattr(usual, name)
    }


def from_query(query: Mapping[str, str]) -> tuple[Question, tuple[str, ...]]:
    """Read a question from parameters; what cannot be meant is dropped and named; never raises."""
    allowed: dict[str, Callable[[Any], bool]] = {
        "by": BY.__contains__,
        "measure": (*MEASURES, *stated.METRICS).__contains__,
        "per": (*PER, *OTHERS).__contains__,
        "area": (*areas.COUNTY_SOURCES, *areas.PARK_CHOICES).__contains__,
        "res": hexagons.RESOLUTIONS.__contains__,
        "radius": lambda metres: BANDWIDTHS_M[0] <= metres <= BANDWIDTHS_M[1],
        "vague": VAGUE.__contains__,
        "year": YEARS.__contains__,
        "classes": SCHEMES.__contains__,
        "n": NUMBERS.__contains__,
    }
    asked, dropped = Question(), []
    for key, name in zip(KEYS, vars(asked), strict=True):
        if key not in query:
            continue
        read: Any = query[key]
        if key in ("res", "radius", "year", "n"):
            read = int(read) if re.fullmatch("[1-9][0-9]{0,7}", read) else -1
        if allowed[key](read):
            change: dict[str, Any] = {name: read}
            asked = replace(asked, **change)
        else:
            dropped.append(key)
    found = plausible(asked)
    dropped += [
        name for name in ("measure", "per", "area") if getattr(found, name) != getattr(asked, name)
    ]
    return found, tuple(dropped)


def plausible(asked: Question) -> Question:
    """Return the question without what does not go together: of cells nothing is stated."""
    if asked.by not in stated.BY:
        if asked.measure in stated.METRICS:
            asked = replace(asked, measure=Question.measure)
        if asked.per in OTHERS:
            asked = replace(asked, per=Question.per)
    return asked if asked.area in ("", *AREAS[asked.by]) else replace(asked, area="")


def amount_unit(asked: Question) -> str:
    """Return the unit of the amounts: wan (万元), count (个) or person (人)."""
    return {"projects": "count", "jobs": "person"}.get(asked.measure, "wan")


def unit(asked: Question) -> str:
    """Return the id of the unit of the densities, as `yi_per_km2`."""
    over = {"population": "10k_people", "firms": "firm"}.get(asked.per, asked.per)
    amount = amount_unit(asked)
    return f"{'yi' if amount == 'wan' and over == 'km2' else amount}_per_{over}"


def answer(atlas: Atlas, rows: np.ndarray, asked: Question) -> Densities | Surface:
    """Compute the densities, or the surface, of the marked rows; errors as in the ways themselves.

    Stated amounts are of places, not of rows: where rows are left out, a note says that they do
    not follow the filters. Errors besides: those of `stated.by_place` and `per.of_places`.
    """
    way = _of_places if asked.measure in stated.METRICS else _counted
    found: Densities | Surface = way(atlas, rows, asked)
    if asked.per in OTHERS:
        over = of_places(atlas, by=asked.by, kind=asked.per, year=_year(found, asked))
        if isinstance(found, Densities):
            found = divided(found, over)
    return found


def _year(found: Densities | Surface, asked: Question) -> int | None:
    """Return the year of the denominator: the one asked for, else that of the stated amounts."""
    if asked.year is None and isinstance(found, Densities):
        amounts = [figure.amount for figure in found.figures]
        points = [a.point for a in amounts if isinstance(a, stated.Stated) and a.point]
        return points[0].span.year if points else None
    return asked.year


def _of_places(atlas: Atlas, rows: np.ndarray, asked: Question) -> Densities:
    found = stated.by_place(
        atlas, by=asked.by, metric=asked.measure, year=asked.year, area=asked.area_kind
    )
    if not rows.all():
        found = replace(found, notes=(*found.notes, Note("stated_unfiltered", "")))
    return found


def _counted(atlas: Atlas, rows: np.ndarray, asked: Question) -> Densities | Surface:
    rows, undated = begun(atlas, rows, asked.year)
    if asked.by == "surface":
        found: Densities | Surface = surface(
            atlas,
            rows,
            measure=asked.measure,
            bandwidth_m=asked.bandwidth_m,
            vague=asked.vague,
        )
    elif asked.by == "h3":
        found = hexagons.by_hexagon(
            atlas, rows, measure=asked.measure, resolution=asked.resolution, vague=asked.vague
        )
    else:
        by = places.by_county if asked.by == "county" else places.by_park
        found = by(atlas, rows, measure=asked.measure, area=asked.area_kind)
    if len(undated):
        found = replace(found, left_out={**found.left_out, "start_unknown": undated})
    return found


def begun(atlas: Atlas, rows: np.ndarray, year: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the marked rows begun by the end of a year (mask), and positions without a start."""
    if year is None:
        return rows, np.empty(0, dtype=np.int64)
    start = start_years(atlas)
    return rows & (start > 0) & (start <= year), np.flatnonzero(rows & (start == 0))


def start_years(atlas: Atlas) -> np.ndarray:
    """Return the year in which each project began, 0 where unknown."""
    stated = atlas.projects["start_date"].str.slice(0, 4)
    return stated.fillna("0").astype(int).to_numpy()


def density(figure: Figure, per: str) -> Fraction | None:
    """Return a figure's density in the unit asked for: 个 or 亿元/km², 个 or 万元/亩, or `value`."""
    if per in OTHERS:
        return figure.value
    return figure.per_km2 if per == "km2" else figure.per_mu
