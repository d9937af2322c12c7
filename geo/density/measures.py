"""What is counted over which area: amounts, areas and the exact density between them.

Money is whole 万元 and areas are the decimals that their source states, so a density is an exact
fraction. One km² is 1500 亩.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from geo.errors import GeoError
from geo.layers import Atlas

COLUMNS: Mapping[str, str | None] = {
    "projects": None,
    "invest": "invest_wan",
    "plan": "plan_wan",
    "done": "done_wan",
}
MEASURES = tuple(COLUMNS)
MU_PER_KM2 = 1500
WAN_PER_YI = 10_000
VAGUE = ("left_out", "spread")


@dataclass(frozen=True)
class Amount:
    """Hold a sum: `total` in 个 or 万元, positions of rows that state it, and of those that do not.

    A row that is spread may belong to several amounts, with a part of its value in each.
    """

    measure: str
    total: Fraction
    rows: np.ndarray = field(repr=False)
    unknown: np.ndarray = field(repr=False)

    @property
    def value(self) -> Fraction | None:
        """Return the total, None where there are rows and none of them states its value."""
        return None if self.reason else self.total

    @property
    def reason(self) -> str:
        """Return why there is no value, "" where there is one."""
        return "amount_unknown" if len(self.unknown) and not len(self.rows) else ""

    @property
    def unit(self) -> str:
        """Return the unit of the total: wan (万元), count (个) or person (人)."""
        return "count" if self.measure == "projects" else "wan"


@dataclass(frozen=True)
class Area:
    """Hold an area with its kind, source and year; `reason` says why `km2` is None.

    `source` is the id of a layer of the catalogue, or the words of a park's row.
    """

    km2: Fraction | None
    kind: str
    source: str
    year: str
    reason: str = ""


@dataclass(frozen=True)
class Denominator:
    """Hold what an amount is divided by that is no area: people or firms, of one year.

    `count` is None where `reason` says why; `status` (actual, estimate), `sample` and `source` are
    those of the figure.
    """

    kind: str
    count: Fraction | None
    year: str
    reason: str = ""
    source: str = ""
    status: str = ""
    sample: bool = False


# What of a denominator one figure stands on: money and counts per 10,000 people, per firm.
PORTIONS: Mapping[str, int] = {"population": 10_000, "firms": 1}


@dataclass(frozen=True)
class Figure:
    """Hold the density of one place; `within` is the zone that a sub-park belongs to.

    Where `per` is given, it is what the amount is divided by, and the area is beside the point.
    """

    place: str
    amount: Amount
    area: Area
    within: str = ""
    per: Denominator | None = None

    @property
    def reason(self) -> str:
        """Return why there is no density, "" where there is one."""
        return self.amount.reason or (self.per.reason if self.per else self.area.reason)

    @property
    def value(self) -> Fraction | None:
        """Return the density in `unit`."""
        if self.per is None:
            return self.per_km2
        value, count = self.amount.value, self.per.count
        return None if value is None or count is None else value * PORTIONS[self.per.kind] / count

    @property
    def unit(self) -> str:
        """Return the id of the unit: 亿元, 个 or 人 per km², and 万元, 个 or 人 per 万人 or 家."""
        over = {"": "km2", "population": "10k_people", "firms": "firm"}
        part = over[self.per.kind if self.per else ""]
        unit = self.amount.unit
        return f"{'yi' if unit == 'wan' and not self.per else unit}_per_{part}"

    @property
    def per_km2(self) -> Fraction | None:
        """Return 个, 人 or 亿元 per km²."""
        plain = self._plain()
        if plain is None or self.amount.unit != "wan":
            return plain
        return plain / WAN_PER_YI

    @property
    def per_mu(self) -> Fraction | None:
        """Return 个, 人 or 万元 per 亩."""
        plain = self._plain()
        return None if plain is None else plain / MU_PER_KM2

    def _plain(self) -> Fraction | None:
        value, km2 = self.amount.value, self.area.km2
        return None if value is None or km2 is None else value / km2


@dataclass(frozen=True)
class Densities:
    """Hold the figures of all places of one kind, what they leave out, and the whole.

    `left_out` names the reason of each row that no figure contains; `notes` are faults of outlines
    that were repaired or must be known. `whole` is the amount of every selected row.
    """

    by: str
    measure: str
    figures: tuple[Figure, ...]
    whole: Amount
    left_out: Mapping[str, np.ndarray] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def top(self) -> tuple[Figure, ...]:
        """Return the figures that overlap no other: without sub-parks."""
        return tuple(figure for figure in self.figures if not figure.within)


@dataclass(frozen=True)
class Note:
    """Say what was found in the outline of a place: a code, and the other place or its km²."""

    code: str
    place: str
    other: str = ""
    km2: float | None = None


def values(atlas: Atlas, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Return each project's value (int64, 0 where unknown) and whether it is known.

    Errors: `density.measure_unknown`.
    """
    one_of("measure", measure, MEASURES)
    column = COLUMNS[measure]
    if column is None:
        n = len(atlas.projects)
        return np.ones(n, dtype=np.int64), np.ones(n, dtype=bool)
    stated = atlas.projects[column]
    return stated.fillna(0).to_numpy(dtype=np.int64), stated.notna().to_numpy(dtype=bool)


def amount(atlas: Atlas, rows: np.ndarray, measure: str) -> Amount:
    """Sum a measure over the marked rows (mask) of an atlas's projects."""
    worth, known = values(atlas, measure)
    return Amount(
        measure,
        Fraction(int(worth[rows & known].sum())),
        rows=np.flatnonzero(rows & known),
        unknown=np.flatnonzero(rows & ~known),
    )


def decimal(value: object) -> Fraction | None:
    """Return the exact decimal that a column states, None where it is empty."""
    try:
        return Fraction(str(value))
    except ValueError:  # what is missing reads nan, None or <NA>
        return None


def one_of(field_: str, read: object, expected: tuple[object, ...]) -> None:
    """Raise `density.choice` where a choice is none of those there are."""
    if read not in expected:
        names = " / ".join(str(choice) for choice in expected)
        raise GeoError("density.choice", field=field_, read=read, expected=names)
