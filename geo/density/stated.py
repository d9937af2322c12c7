"""Amounts that no project row holds: output, tax and jobs as series state them for a place and year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from geo.density import places
from geo.density.measures import Amount, Densities, Figure, Note, one_of
from geo.errors import GeoError
from geo.layers import Atlas
from geo.series import Point, latest, of
from geo.series.points import CITY, PARKS, years

METRICS = ("output", "tax", "jobs")  # those that a question can ask for
BY = ("county", "park")  # the places for which there are series
UNITS = ("wan", "count", "person")
_NOBODY = np.empty(0, dtype=np.int64)
_WHOLE = {"county": CITY, "park": PARKS}
_WAYS: Mapping[str, Callable[..., Densities]] = {
    "county": places.by_county,
    "park": places.by_park,
}


@dataclass(frozen=True)
class Stated(Amount):
    """Hold an amount that a source states; no project row is behind it.

    `point` is the figure with its status, source and whether it is a sample; where `missing` says
    why there is none, the total is no value. `counted` is its unit.
    """

    point: Point | None = None
    missing: str = ""
    counted: str = "wan"

    @property
    def reason(self) -> str:
        """Return why there is no value, "" where there is one."""
        return self.missing

    @property
    def unit(self) -> str:
        """Return the unit of the total: wan (万元), count (个) or person (人)."""
        return self.counted


def point_of(amount: Amount) -> Point | None:
    """Return the stated figure behind an amount, None where it is counted or not stated."""
    return amount.point if isinstance(amount, Stated) else None


def by_place(
    atlas: Atlas, *, by: str, metric: str, year: int | None = None, area: str = ""
) -> Densities:
    """Compute each county's or park's density of a stated amount in one year.

    Without a year it is the newest for which any of the places has a whole year's figure. A place
    without one has the reason `not_stated`, `part_year` or `target_only`, and no zero. The whole
    is the sum over the places that overlap no other; where a source states it too and it differs,
    a note `stated_whole` says so. Errors: `density.choice`, `density.stated_by` (measure, by,
    expected), `density.stated_none` (measure), those of `places.by_county` and `by_park`.
    """
    if by not in BY:
        raise GeoError("density.stated_by", measure=metric, by=by, expected=" / ".join(BY))
    one_of("measure", metric, amounts(atlas))
    everybody = np.ones(len(atlas.projects), dtype=bool)  # also parks listed for a project's sake
    found_places = _WAYS[by](
        atlas, everybody, measure="projects", **({"area": area} if area else {})
    )
    empty = replace(found_places, left_out={})
    found = year if year is not None else newest(atlas, [f.place for f in empty.figures], metric)
    if found is None:
        raise GeoError("density.stated_none", measure=metric)
    figures = tuple(
        replace(figure, amount=_amount(atlas, figure.place, metric, found))
        for figure in empty.figures
    )
    whole = _sum(atlas, figures, metric)
    notes = (*empty.notes, *_differs(atlas, by, whole, found))
    return replace(empty, measure=metric, figures=figures, whole=whole, notes=notes)


def amounts(atlas: Atlas) -> tuple[str, ...]:
    """Return the metrics of a city that can be divided by something: 万元 or counts."""
    metrics = atlas.catalogue.metrics.values()
    return tuple(m.id for m in metrics if m.kind == "amount" and m.unit in UNITS)


def offered(atlas: Atlas, *, by: str) -> dict[str, str]:
    """Return the metrics that a question can ask for, each with why it cannot be had, "" if it can."""
    if by not in BY:
        return dict.fromkeys(METRICS, "stated_by")
    known = amounts(atlas)
    found = {}
    for metric in METRICS:
        there = metric in known and newest(atlas, places_of(atlas, by), metric) is not None
        found[metric] = "" if there else "none_stated"
    return found


def places_of(atlas: Atlas, by: str) -> list[str]:
    """Return the ids of all counties, or of all parks."""
    return list(atlas.counties["code"] if by == "county" else atlas.parks["id"])


def years_of(atlas: Atlas, *, by: str, metric: str) -> tuple[int, ...]:
    """Return the years for which any county or park has a whole year's figure, newest first."""
    return _years(atlas, places_of(atlas, by), metric)


def newest(atlas: Atlas, ids: list[str], metric: str) -> int | None:
    """Return the newest year for which any of the places has a whole year's figure."""
    return next(iter(_years(atlas, ids, metric)), None)


def _years(atlas: Atlas, ids: list[str], metric: str) -> tuple[int, ...]:
    """Return the years that `year_point` has a figure of, newest first."""
    year_end = atlas.catalogue.metrics[metric].unit != "wan"
    return years(atlas.series, places=ids, metric=metric, year_end=year_end)


def year_point(atlas: Atlas, place: str, metric: str, year: int) -> tuple[Point | None, str]:
    """Return a place's figure for a whole year, or None with the reason.

    A count may also stand for the year at the end of its last month; an amount of some months is
    no year's. Reasons: `part_year`, `target_only`, `not_stated`.
    """
    found = latest(atlas.series, place=place, metric=metric, year=year, whole=True)
    if found is None and atlas.catalogue.metrics[metric].unit != "wan":
        last = latest(atlas.series, place=place, metric=metric, year=year)
        found = last if last and last.period == f"{year}-12" else None
    if found is not None:
        return found, ""
    rest = [p for p in of(atlas.series, place=place, metric=metric) if p.span.year == year]
    if any(point.status != "target" for point in rest):
        return None, "part_year"
    return None, "target_only" if rest else "not_stated"


def _amount(atlas: Atlas, place: str, metric: str, year: int) -> Stated:
    point, reason = year_point(atlas, place, metric, year)
    total = Fraction(point.value if point else 0)
    unit = atlas.catalogue.metrics[metric].unit
    return Stated(metric, total, _NOBODY, _NOBODY, point=point, missing=reason, counted=unit)


def _sum(atlas: Atlas, figures: tuple[Figure, ...], metric: str) -> Stated:
    known = [f.amount for f in figures if not f.within and f.amount.value is not None]
    total = sum((amount.total for amount in known), Fraction(0))
    unit = atlas.catalogue.metrics[metric].unit
    missing = "" if known else "not_stated"
    return Stated(metric, total, _NOBODY, _NOBODY, missing=missing, counted=unit)


def _differs(atlas: Atlas, by: str, whole: Stated, year: int) -> tuple[Note, ...]:
    """Return a note where the sum is not what is published for all places together."""
    point, _ = year_point(atlas, _WHOLE[by], whole.measure, year)
    if point is None or whole.value is None or point.value == whole.total:
        return ()
    return (Note("stated_whole", _WHOLE[by], str(point.value)),)
