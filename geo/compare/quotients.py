"""Location quotients: how much more of an industry a park has than the city as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from geo.density import places
from geo.density.measures import values
from geo.layers import Atlas

SMALL = 5  # projects, expected and found: with fewer, one more or less turns a quotient around


@dataclass(frozen=True)
class Quotient:
    """Hold one quotient with its four numbers, in 个 or 万元.

    `here`: the industry in the park, `park`: all in the park, `industry`: the industry in all,
    `all`: everything. `small`: fewer than five projects were found, and fewer to be expected.
    """

    industry_id: str
    park_id: str
    here: int
    park: int
    industry: int
    all: int
    small: bool
    rows: np.ndarray = field(repr=False)

    @property
    def value(self) -> Fraction | None:
        """Return (here / park) / (industry / all); None where a denominator is 0."""
        if not (self.park and self.industry and self.all):
            return None
        return Fraction(self.here * self.all, self.park * self.industry)


@dataclass(frozen=True)
class Quotients:
    """Hold the quotients of all industries × zones, and the rows whose industry or value is unknown."""

    measure: str
    cells: tuple[Quotient, ...]
    unknown: np.ndarray


def quotients(atlas: Atlas, rows: np.ndarray, *, measure: str = "projects") -> Quotients:
    """Compute the quotients of the marked rows: industries in order, zones as in `by_park`.

    A zone includes its sub-parks. The whole are all marked rows, in a park or not, whose industry
    and value are known. Zones without any are left out.
    """
    worth, known = values(atlas, measure)
    industry = atlas.projects["industry"].fillna("").to_numpy(dtype=object)
    counted = rows & known & (industry != "")
    zone = places.zone_of(atlas)
    parks = [id_ for id_ in atlas.parks["id"] if (counted & (zone == id_)).any()]
    cells = tuple(
        _quotient(id_, park, counted, worth, marks=(industry == id_, zone == park))
        for id_ in atlas.catalogue.industries
        for park in parks
    )
    return Quotients(measure, cells, np.flatnonzero(rows & ~counted))


def _quotient(
    industry: str,
    park: str,
    counted: np.ndarray,
    worth: np.ndarray,
    *,
    marks: tuple[np.ndarray, np.ndarray],
) -> Quotient:
    of_industry, in_park = marks
    both = counted & of_industry & in_park
    masks = (both, counted & in_park, counted & of_industry, counted)
    here, whole, total, everything = (int(worth[mask].sum()) for mask in masks)
    _, n_park, n_industry, n = (int(mask.sum()) for mask in masks)
    small = int(both.sum()) < SMALL and n_park * n_industry < SMALL * n
    rows = np.flatnonzero(both)
    return Quotient(industry, park, here, whole, total, everything, small, rows)
