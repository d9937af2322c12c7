"""Divide by people or firms instead of an area, from series: per 10,000 people, per firm."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from geo.density import stated
from geo.density.measures import PORTIONS, Denominator, Densities, one_of
from geo.errors import GeoError
from geo.layers import Atlas

KINDS = tuple(PORTIONS)


def of_places(
    atlas: Atlas, *, by: str, kind: str, year: int | None = None
) -> dict[str, Denominator]:
    """Return how many people or firms each county or park has in one year, by code or id.

    Without a year it is the newest for which any place has a figure. A place without one, or with
    none at all, has a reason: those of `stated.year_point`, `none_there`.
    Errors: `density.choice`, `density.per_by` (read, by, expected).
    """
    one_of("per", kind, KINDS)
    if by not in stated.BY:
        raise GeoError("density.per_by", read=kind, by=by, expected=" / ".join(stated.BY))
    places = stated.places_of(atlas, by)
    known = kind in stated.amounts(atlas)
    wanted = year if year is not None or not known else stated.newest(atlas, places, kind)
    if not known or wanted is None:
        missing = Denominator(kind, None, "", "not_stated")
        return dict.fromkeys(places, missing)
    return {place: _denominator(atlas, place, kind, wanted) for place in places}


def _denominator(atlas: Atlas, place: str, kind: str, year: int) -> Denominator:
    point, reason = stated.year_point(atlas, place, kind, year)
    if point is None:
        return Denominator(kind, None, str(year), reason)
    return Denominator(
        kind,
        Fraction(point.value) if point.value > 0 else None,
        str(year),
        reason="" if point.value > 0 else "none_there",
        source=point.source,
        status=point.status,
        sample=point.sample,
    )


def divided(found: Densities, denominators: dict[str, Denominator]) -> Densities:
    """Return densities per person or firm in the place of those per area; amounts stay as they are.

    Works with amounts of projects and with stated ones; notes on areas are left out.
    """
    return replace(
        found,
        figures=tuple(replace(f, per=denominators[f.place]) for f in found.figures),
        notes=tuple(note for note in found.notes if note.code.startswith("stated_")),
    )


def offered(atlas: Atlas, *, by: str) -> dict[str, str]:
    """Return the denominators beside the area, each with why it cannot be had, "" if it can."""
    if by not in stated.BY:
        return dict.fromkeys(KINDS, "stated_by")
    found = {}
    for kind in KINDS:
        values = of_places(atlas, by=by, kind=kind).values()
        found[kind] = "" if any(one.count is not None for one in values) else "none_stated"
    return found
