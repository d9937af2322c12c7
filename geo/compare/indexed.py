"""The measures of a composite index, as text and as questions to a city.

An item is a measure over an area, `output`, or over people or firms, `output/firms`. Its text with
the weights, `output=40,tax/firms=30`, is the same in an address and on the command line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from geo.compare import composite
from geo.density import per, stated
from geo.density.measures import MEASURES, Densities, Figure
from geo.density.question import PER, Question
from geo.density.surface import Surface
from geo.errors import GeoError
from geo.layers import Atlas

Weights = dict[str, int]
Figures = dict[str, dict[str, Figure]]  # by item, then by place
Ask = Callable[[Question], Densities | Surface]
PREFERRED = ("invest", "output", "tax", "jobs", "projects", "done")
USUAL = 4
_ITEM = re.compile(r"([a-z]+(?:/[a-z]+)?)=(0|[1-9][0-9]?|100)")


@dataclass(frozen=True)
class Answered:
    """Hold the answers behind an index, by item."""

    found: Mapping[str, Densities]

    @property
    def figures(self) -> Figures:
        """Return the figures of the places that overlap no other, by item and place."""
        return {item: {f.place: f for f in own.top} for item, own in self.found.items()}

    @property
    def values(self) -> dict[str, dict[str, Fraction | None]]:
        """Return the densities, by item and place; None where unknown."""
        return {
            item: {place: figure.value for place, figure in own.items()}
            for item, own in self.figures.items()
        }


def items() -> tuple[str, ...]:
    """Return all items that there are, those over areas first."""
    measures = (*MEASURES, *stated.METRICS)
    return tuple(
        f"{measure}/{over}" if over else measure
        for over in ("", *per.KINDS)
        for measure in measures
    )


def offered(atlas: Atlas, *, by: str) -> tuple[str, ...]:
    """Return the items of which any county or park has a figure."""
    measures, over = stated.offered(atlas, by=by), per.offered(atlas, by=by)
    return tuple(
        item
        for item in items()
        if not measures.get(_halves(item)[0]) and not over.get(_halves(item)[1])
    )


def usual(atlas: Atlas, *, by: str) -> Weights:
    """Return what an index begins with: the first four there are, with equal weights."""
    there = offered(atlas, by=by)
    first = [item for item in PREFERRED if item in there][:USUAL]
    return dict.fromkeys(first, composite.USUAL_WEIGHT)


def read(text: str) -> Weights:
    """Read items with their weights; errors: `compare.index_text` (read, expected)."""
    found: Weights = {}
    for part in text.split(","):
        match = _ITEM.fullmatch(part.strip())
        if match is None or match[1] not in items() or match[1] in found:
            raise GeoError("compare.index_text", read=part[:60], expected=" / ".join(items()))
        found[match[1]] = int(match[2])
    if len(found) > composite.NUMBERS[-1]:
        composite.checked(found)
    return found


def write(weights: Mapping[str, int]) -> str:
    """Write items with their weights, as `read` reads them."""
    return ",".join(f"{item}={weight}" for item, weight in weights.items())


def question(item: str, base: Question) -> Question:
    """Return what an item asks: its own measure and denominator, area and year of the base."""
    measure, over = _halves(item)
    return replace(base, measure=measure, per=over or PER[0])


def answered(ask: Ask, base: Question, weights: Mapping[str, int]) -> Answered:
    """Ask for the densities of each item; errors are those of the questions."""
    found = {item: ask(question(item, base)) for item in weights}
    return Answered({item: own for item, own in found.items() if isinstance(own, Densities)})


def _halves(item: str) -> tuple[str, str]:
    measure, _, over = item.partition("/")
    return measure, over
