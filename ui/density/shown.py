"""An answer made ready to be shown: places in order, their classes, the same for map, chart, table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from geo.compare import classes
from geo.compare.ranks import ranked
from geo.density.measures import MU_PER_KM2, WAN_PER_YI, Densities, Figure
from geo.density.per import KINDS as OTHERS
from geo.density.question import Question, answer, density
from geo.density.surface import Surface
from geo.errors import GeoError
from geo.render.shade import UNKNOWN, sequence
from ui.density.scope import Scope


@dataclass(frozen=True)
class Row:
    """Hold one place as it is shown; `rank` is None for sub-parks and for what has no density."""

    figure: Figure
    value: Fraction | None
    number: int  # its class, UNKNOWN without a density
    rank: int | None

    @property
    def id(self) -> str:
        """Return the place's id."""
        return self.figure.place


@dataclass(frozen=True)
class Shown:
    """Hold an answer with class bounds and colours; `rows` from the densest down, unknown last."""

    question: Question
    found: Densities | Surface
    rows: tuple[Row, ...]
    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    lowest: float  # of all values that share the classes

    @cached_property
    def row_of(self) -> dict[str, Row]:
        """Return the rows by place."""
        return {row.id: row for row in self.rows}


def get(scope: Scope, asked: Question) -> Shown:
    """Return the answer to a question, shared by visitors who ask the same of the same projects."""
    found = get_answer(scope, asked)
    return scope.recall(("shown", asked), lambda: shown(asked, found, (found,)))


def get_answer(scope: Scope, asked: Question) -> Densities | Surface:
    """Return the bare answer; how it is classed and in which unit does not matter to it."""
    usual = Question()
    per = asked.per if asked.per in OTHERS else usual.per
    plain = replace(asked, scheme=usual.scheme, k=usual.k, per=per)
    return scope.recall(("density", plain), lambda: answer(scope.city.atlas, scope.rows, plain))


def answers(scope: Scope) -> Callable[[Question], Densities | Surface]:
    """Return what answers questions in this run, from what is remembered where it can."""
    return lambda asked: get_answer(scope, asked)


def shown(
    asked: Question, found: Densities | Surface, together: Sequence[Densities | Surface]
) -> Shown:
    """Order and class an answer; `together` are all that share their classes, itself among them."""
    views = [_values(asked, one) for one in together]
    bounds = _bounds(asked, views)
    colours = sequence(len(bounds)) if bounds else ()
    lowest = min((min(view) for view in views if view), default=0.0)
    if isinstance(found, Surface):
        return Shown(asked, found, (), bounds, colours, 0.0)
    values = [density(figure, asked.per) for figure in found.figures]
    numbers = classes.classes([None if v is None else float(v) for v in values], bounds)
    ranks = ranked({f.place: density(f, asked.per) for f in found.top})
    rows = [
        Row(figure, value, UNKNOWN if number is None else number, ranks.get(figure.place))
        for figure, value, number in zip(found.figures, values, numbers, strict=True)
    ]
    rows.sort(key=lambda row: (row.value is None, -(row.value or 0), row.id))
    return Shown(asked, found, tuple(rows), bounds, colours, lowest)


def _bounds(asked: Question, views: Sequence[Sequence[float]]) -> tuple[float, ...]:
    try:
        return classes.breaks(*views, scheme=asked.scheme, k=asked.k)
    except GeoError as error:
        if error.code != "compare.nothing":
            raise
        return ()


def _values(asked: Question, found: Densities | Surface) -> Sequence[float]:
    if isinstance(found, Surface):
        flat = found.values[found.values > 0]
        return (flat * scale(asked)).tolist() if len(flat) else []
    values = (density(figure, asked.per) for figure in found.figures)
    return [float(value) for value in values if value is not None]


def scale(asked: Question) -> float:
    """Return what turns a surface's 个 or 万元 a km² into the unit asked for."""
    per_km2 = 1.0 if asked.measure == "projects" else 1 / WAN_PER_YI
    return per_km2 if asked.per == "km2" else 1 / MU_PER_KM2


def labels(bounds: Sequence[float], write: Callable[[float], str], lowest: float) -> list[str]:
    """Write classes as ranges, from the lowest up; one whose ends read the same as one figure."""
    lows = [lowest, *bounds[:-1]][: len(bounds)]  # of nothing known there is no class
    ends = ((write(low), write(high)) for low, high in zip(lows, bounds, strict=True))
    return [low if low == high else f"{low} – {high}" for low, high in ends]


def counts(found: Shown) -> list[int]:
    """Count the places of each class."""
    numbers = [row.number for row in found.rows if row.number != UNKNOWN]
    return np.bincount(numbers, minlength=len(found.bounds)).tolist() if numbers else []


def surface_km2(found: Shown) -> list[float]:
    """Return the km² of each class of a surface."""
    smooth = found.found
    if not isinstance(smooth, Surface) or not found.bounds:
        return []
    factor, cell_km2 = scale(found.question), smooth.cell_m**2 / 1e6
    flat = smooth.values[smooth.values > found.bounds[0] / factor / 1000] * factor
    numbers = np.minimum(np.searchsorted(found.bounds, flat), len(found.bounds) - 1)
    return (np.bincount(numbers, minlength=len(found.bounds)) * cell_km2).tolist()
