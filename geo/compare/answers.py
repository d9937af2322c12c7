"""The comparisons of a question, asked alike by page and command, so that their figures are the same.

What only projects can answer (location quotients, ranks across scales) takes the number of projects
where a stated metric is asked for, and areas where people or firms are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from geo.compare import concentration, neighbours, ranks, scales
from geo.compare import quotients as location
from geo.compare.neighbours import Moran
from geo.compare.quotients import Quotients
from geo.compare.ranks import Band
from geo.density import areas, stated
from geo.density.measures import COLUMNS, MEASURES, Densities, Figure, values
from geo.density.per import KINDS as OTHERS
from geo.density.question import (
    AREAS,
    PER,
    Question,
    begun,
    density,
    from_query,
    plausible,
    to_query,
    unit,
)
from geo.density.surface import Surface
from geo.layers import Atlas

WAYS = ("area", "weights", "leave_one_out", "bootstrap")
LEAST_PLACES, MOST_PLACES = 2, 4  # side by side
TWINS = ("measure", "area", "year")

Answer = Callable[[Question], Densities | Surface]  # answers a question, of rows that it knows


def project_measure(asked: Question) -> str:
    """Return the measure for what only projects can answer: the one asked for, else their number."""
    return asked.measure if asked.measure in COLUMNS else "projects"


def over_projects(asked: Question) -> Question:
    """Return the question for what only projects over areas can answer."""
    per = asked.per if asked.per in PER else PER[0]
    return replace(asked, measure=project_measure(asked), per=per)


def over_areas(asked: Question) -> Question:
    """Return the question for what compares densities of areas."""
    return plausible(replace(asked, per=PER[0]))


def ways(asked: Question) -> tuple[str, ...]:
    """Return the ways of doubting that a question allows: a stated amount has no projects to draw."""
    area = asked.by == "county" and asked.per not in OTHERS
    counted = asked.measure in COLUMNS
    return (*WAYS[:1] * area, *WAYS[1:] * counted)


def bands(
    atlas: Atlas, asked: Question, answer: Answer, *, draws: int, seed: int
) -> tuple[Band, ...]:
    """Rank the places with a band; a surface has no places.

    Counties are doubted by the other source of their areas, all by projects weighed otherwise.
    Errors: those of `ranks.banded`.
    """
    found, doubts = answer(asked), ways(asked)
    if not isinstance(found, Densities):
        return ()
    by_area = [
        replace(asked, area=source)
        for source in areas.COUNTY_SOURCES
        if "area" in doubts and source != asked.area_kind
    ]
    by_weight = [
        replace(asked, measure=measure)
        for measure in MEASURES
        if "weights" in doubts and measure != asked.measure
    ]
    others, weights = (
        [one for one in map(answer, more) if isinstance(one, Densities)]
        for more in (by_area, by_weight)
    )
    worth, _ = values(atlas, project_measure(asked))
    return ranks.banded(found, worth, others=others, weights=weights, draws=draws, seed=seed)


def views(atlas: Atlas, rows: np.ndarray, asked: Question) -> dict[str, scales.View]:
    """Return the counties' densities at each scale, of what had begun by the year asked for."""
    had, _ = begun(atlas, rows, asked.year)
    measure = project_measure(asked)
    return scales.of_counties(atlas, had, measure=measure, resolution=asked.resolution)


def quotients(atlas: Atlas, rows: np.ndarray, asked: Question) -> Quotients:
    """Compute the location quotients of what had begun by the year asked for."""
    had, _ = begun(atlas, rows, asked.year)
    return location.quotients(atlas, had, measure=project_measure(asked))


@dataclass(frozen=True)
class Spread:
    """Hold how unevenly `n` places with an area and an amount share: curve, Gini and Herfindahl."""

    n: int
    curve: tuple[concentration.Point, ...]
    gini: Fraction
    herfindahl: Fraction


def spread(found: Densities) -> Spread:
    """Compute how unevenly amounts are spread over areas; errors as in `concentration.lorenz`."""
    sized = [figure for figure in found.top if figure.per_km2 is not None]
    amounts = [figure.amount.total for figure in sized]
    km2 = [figure.area.km2 or Fraction(0) for figure in sized]
    return Spread(
        len(sized),
        tuple(concentration.lorenz(amounts, km2)),
        concentration.gini(amounts, km2),
        concentration.herfindahl(amounts),
    )


def moran(atlas: Atlas, found: Densities, *, seed: int = 0) -> tuple[Moran, Mapping[str, float]]:
    """Compute Moran's I of counties or hexagons, with the densities that it is of.

    Empty hexagons count as 0. Errors: those of `neighbours.moran`.
    """
    if found.by == "h3":
        cells = neighbours.with_empty_cells(atlas, found)
        return neighbours.moran(cells, neighbours.cell_neighbours(cells), seed=seed), cells
    known = {f.place: float(f.value) for f in found.figures if f.value is not None}
    return neighbours.moran(known, neighbours.county_neighbours(atlas), seed=seed), known


def side_by_side(atlas: Atlas, asked: Question, answer: Answer) -> dict[str, dict[str, Figure]]:
    """Return the figures of every place for every measure that there is: by measure, then by place."""
    there = [metric for metric, why in stated.offered(atlas, by=asked.by).items() if not why]
    found = {one: answer(replace(asked, measure=one)) for one in (*MEASURES, *there)}
    return {
        measure: {figure.place: figure for figure in densities.figures}
        for measure, densities in found.items()
        if isinstance(densities, Densities)
    }


def twin(asked: Question, text: str) -> Question | None:
    """Return the other question of a pair, None where the text says no other one.

    The text is one parameter and its value, as in an address: `year=2020`, `area=amap`; only what
    keeps the unit may differ, so that both share their classes.
    """
    key, _, value = text.partition("=")
    if key not in TWINS:
        return None
    found, dropped = from_query(to_query(asked) | {key: value})
    same = unit(asked) == unit(found)
    return found if not dropped and found != asked and same else None


@dataclass(frozen=True)
class Change:
    """Hold both densities of one place, None where unknown."""

    place: str
    left: Fraction | None
    right: Fraction | None

    @property
    def value(self) -> Fraction | None:
        """Return left less right."""
        return None if self.left is None or self.right is None else self.left - self.right


def changes(asked: Question, left: Densities, right: Densities) -> tuple[Change, ...]:
    """Return where two answers differ, the largest difference first, unknown ones last.

    Densities are in the unit asked for. A hexagon that one answer lacks has no project there, so
    it counts as 0.
    """
    empty = Fraction(0) if asked.by == "h3" else None
    one, other = (
        {figure.place: density(figure, asked.per) for figure in found.figures}
        for found in (left, right)
    )
    places = dict.fromkeys((*one, *other))
    found = [Change(place, one.get(place, empty), other.get(place, empty)) for place in places]
    return tuple(sorted(found, key=lambda c: (c.value is None, -abs(c.value or 0), c.place)))


def densest(found: Densities, n: int) -> tuple[str, ...]:
    """Return the densest places that overlap no other, at most n; those with nothing are no use."""
    known = [(-figure.value, figure.place) for figure in found.top if figure.value]
    return tuple(place for _, place in sorted(known)[:n])


def shares(values: Mapping[str, Fraction | None]) -> dict[str, Fraction | None]:
    """Return each density in percent of the largest, None where unknown or all are 0."""
    most = max((value for value in values.values() if value is not None), default=Fraction(0))
    return {
        place: None if value is None or not most else 100 * value / most
        for place, value in values.items()
    }


def is_sample(figure: Figure) -> bool:
    """Tell whether a figure stands on a stated sample, above or below the line."""
    point = stated.point_of(figure.amount)
    return bool((point and point.sample) or (figure.per and figure.per.sample))


def land_area(asked: Question) -> str:
    """Return the kind of area from which the land of parks is taken off."""
    return asked.area_kind if asked.by == "park" else AREAS["park"][0]
