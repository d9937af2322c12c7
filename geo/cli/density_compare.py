"""The comparisons of the density command, each as plain values."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from geo.cli import density_index
from geo.cli.density_values import Names, area_value, exact, figure_value, left_out_value
from geo.compare import answers, concentration, misfits, neighbours, ranks
from geo.compare.answers import LEAST_PLACES, MOST_PLACES
from geo.density import land, question
from geo.density.measures import Densities, Figure
from geo.density.question import Question, unit
from geo.density.surface import Surface
from geo.errors import GeoError
from geo.layers import Atlas

PER_NAMES = {"km2": "area", "mu": "area"}  # as the command calls them
OPTIONS = {"places": "side", "twin": "twin", "weights": "index", "normalise": "index"}

# What each comparison can be asked of.
KINDS: dict[str, tuple[str, ...]] = {
    "rank": ("county", "park"),
    "flips": ("county",),
    "side": ("county", "park"),
    "twin": ("county", "park", "h3"),
    "quotients": ("park",),
    "concentration": ("county", "park", "h3"),
    "misfits": ("park",),
    "nearest": ("county",),
    "moran": ("county", "h3"),
    "land": ("park",),
    "index": ("county", "park"),
}


@dataclass(frozen=True)
class Case:
    """Hold what a comparison works on: a city, the selected rows, the question and its answer."""

    atlas: Atlas
    rows: np.ndarray
    asked: Question
    found: Densities
    chosen: argparse.Namespace
    names: Names

    @property
    def begun(self) -> np.ndarray:
        """Return the selected rows that had begun by the end of the year asked for."""
        return question.begun(self.atlas, self.rows, self.asked.year)[0]

    def answer(self, asked: Question) -> Densities | Surface:
        """Answer a question of the same rows."""
        return self.found if asked == self.asked else question.answer(self.atlas, self.rows, asked)

    def densities(self, asked: Question) -> Densities:
        """Answer a question of places or hexagons."""
        found = self.answer(asked)
        if isinstance(found, Surface):
            raise TypeError(asked)
        return found


def check(chosen: argparse.Namespace) -> None:
    """Refuse a comparison that does not belong to `--by`, and options of another comparison."""
    for option, kind in OPTIONS.items():
        if getattr(chosen, option) and chosen.compare != kind:
            name = {"places": "--with"}.get(option, f"--{option}")
            raise GeoError("density.goes_with", option=name, kind=kind)
    if chosen.compare == "index" and chosen.per != "area":
        raise GeoError("density.index_per")
    if chosen.compare and chosen.by not in (allowed := KINDS[chosen.compare]):
        expected = " / ".join(allowed)
        raise GeoError("density.compare_by", read=chosen.by, kind=chosen.compare, expected=expected)


def compared(case: Case) -> dict[str, Any]:
    """Return the comparison that was asked for, with what it counts and over what."""
    return {"kind": case.chosen.compare, **_MAKERS[case.chosen.compare](case)}


def _ranks(case: Case) -> dict[str, Any]:
    draws, seed = case.chosen.draws, case.chosen.seed
    bands = answers.bands(case.atlas, case.asked, case.answer, draws=draws, seed=seed)
    return {
        "draws": draws,
        "seed": seed,
        "ways": list(answers.ways(case.asked)),
        "samples": _samples(case.found),
        "ranks": [
            {
                "place": band.place,
                "name": case.names.place(band.place),
                "rank": band.rank,
                "best": band.best,
                "worst": band.worst,
                "ranges": {way: list(range_) for way, range_ in band.ranges.items()},
            }
            for band in bands
        ],
    }


def _samples(found: Densities) -> int:
    """Count the figures that stand on a stated sample."""
    return sum(answers.is_sample(figure) for figure in found.figures)


def _flips(case: Case) -> dict[str, Any]:
    views = answers.views(case.atlas, case.rows, case.asked)
    return {
        **_of(answers.over_projects(case.asked)),
        "views": {
            name: {place: exact(density) for place, density in view.items()}
            for name, view in views.items()
        },
        "flips": [
            {"place": flip.place, "name": case.names.place(flip.place), "ranks": dict(flip.ranks)}
            for flip in ranks.flips(views)
        ],
    }


def _of(asked: Question) -> dict[str, str]:
    """Return what a comparison counts and over what, where that may not be what was asked for."""
    return {"measure": asked.measure, "per": PER_NAMES.get(asked.per, asked.per)}


def _quotients(case: Case) -> dict[str, Any]:
    found, names = answers.quotients(case.atlas, case.rows, case.asked), case.names
    return {
        "measure": found.measure,
        "quotients": [
            {
                "industry": cell.industry_id,
                "industry_name": names.industry(cell.industry_id),
                "park": cell.park_id,
                "park_name": names.place(cell.park_id),
                "numbers": [cell.here, cell.park, cell.industry, cell.all],
                "quotient": exact(cell.value),
                "small": cell.small,
                "projects": names.ids(cell.rows),
            }
            for cell in found.cells
        ],
        "unknown": names.ids(found.unknown),
    }


def _concentration(case: Case) -> dict[str, Any]:
    names, found = case.names, answers.spread(case.found)
    share = concentration.share_in_parks(case.atlas, case.begun)
    return {
        **_of(answers.over_areas(case.asked)),
        "samples": _samples(case.found),
        "places": found.n,
        "gini": exact(found.gini),
        "herfindahl": exact(found.herfindahl),
        "lorenz": [[float(x), float(y)] for x, y in found.curve],
        "share_in_parks": {
            "share": exact(share.value),
            "target": exact(share.target),
            "inside": names.ids(share.inside),
            "counted": names.ids(share.counted),
            "mixed": names.ids(share.mixed),
            "unclassified": names.ids(share.unclassified),
            "nowhere": names.ids(share.nowhere),
        },
    }


def _fits(case: Case) -> dict[str, Any]:
    found = misfits.misfits(case.atlas, case.begun)
    return {"parks": [_fit(fit, case.names) for fit in found]}


def _fit(fit: misfits.Fit, names: Names) -> dict[str, Any]:
    return {
        "park": fit.park,
        "name": names.place(fit.park),
        "named": [names.industry(id_) for id_ in fit.named],
        "named_by": names.place(fit.named_by),
        "fitting": names.ids(fit.fitting),
        "misfits": names.ids(fit.misfits),
        "unknown": names.ids(fit.unknown),
        "leading": names.industry(fit.leading),
        "leading_share": exact(fit.leading_share),
    }


def _land(case: Case) -> dict[str, Any]:
    found = land.by_park(case.atlas, case.begun, area=answers.land_area(case.asked))
    return {
        "parks": [_park(one, case.names) for one in found.figures],
        "whole_m2": found.whole_m2,
        "left_out": left_out_value(found.left_out, case.names),
    }


def _index(case: Case) -> dict[str, Any]:
    asked = Question(by=case.asked.by, area=case.asked.area, year=case.asked.year)
    return density_index.value(case.atlas, case.rows, asked, chosen=case.chosen, names=case.names)


def _park(one: land.Land, names: Names) -> dict[str, Any]:
    return {
        "park": one.place,
        "name": names.place(one.place),
        "within": one.within,
        "area": area_value(one.area, names),
        "used_m2": one.used_m2,
        "remaining_km2": exact(one.remaining_km2),
        "at_most": one.at_most,
        "reason": one.reason,
        "projects": names.ids(one.rows),
        "unknown": names.ids(one.unknown),
        "off": names.ids(one.off),
    }


def _nearest(case: Case) -> dict[str, Any]:
    found = neighbours.nearest(case.atlas, case.begun, source=case.asked.area_kind)
    return {
        "index": found.index,
        "observed_m": found.observed_m,
        "expected_m": found.expected_m,
        "z": found.z,
        "pattern": found.pattern,
        "n": found.n,
        "km2": found.km2,
        "left_out": left_out_value(found.left_out, case.names),
    }


def _moran(case: Case) -> dict[str, Any]:
    asked, seed = answers.over_areas(case.asked), case.chosen.seed
    found = case.densities(asked)
    result, _ = answers.moran(case.atlas, found, seed=seed)
    return {
        **_of(asked),
        "samples": _samples(found),
        "moran": result.value,
        "expected": result.expected,
        "z": result.z,
        "p_normal": result.p_normal,
        "p": result.p,
        "n": result.n,
        "pattern": result.pattern,
        "seed": seed,
        "isolated": list(result.isolated),
        "local": [
            {
                "place": one.place,
                "name": case.names.place(one.place),
                "value": one.value,
                "quadrant": one.quadrant,
                "p": one.p,
            }
            for one in result.local
        ],
    }


def _side(case: Case) -> dict[str, Any]:
    """Return the places named, else the densest, with every measure that there is."""
    measured = answers.side_by_side(case.atlas, case.asked, case.answer)
    known = [figure.place for figure in case.found.figures]
    places = _places(case.chosen.places, known) or answers.densest(case.found, MOST_PLACES)
    if len(places) < LEAST_PLACES:
        raise GeoError("compare.few", read=len(places), expected=LEAST_PLACES)
    own = {measure: [figures[place] for place in places] for measure, figures in measured.items()}
    samples = sum(answers.is_sample(figure) for figures in own.values() for figure in figures)
    return {
        "places": [{"place": place, "name": case.names.place(place)} for place in places],
        "samples": samples,
        "measures": {
            measure: [
                {**figure_value(figure, case.names), "share": exact(share)}
                for figure, share in zip(figures, _shares(figures), strict=True)
            ]
            for measure, figures in own.items()
        },
    }


def _shares(figures: Sequence[Figure]) -> list[Fraction | None]:
    return list(answers.shares({figure.place: figure.value for figure in figures}).values())


def _places(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """Read the places of `--with`; errors: `density.side_places` (read, unknown, expected)."""
    read = tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
    unknown = [place for place in read if place not in known]
    if read and (unknown or not LEAST_PLACES <= len(read) <= MOST_PLACES):
        expected = ", ".join(known)
        raise GeoError("density.side_places", read=text, most=MOST_PLACES, expected=expected)
    return read


def _twin(case: Case) -> dict[str, Any]:
    other = answers.twin(case.asked, case.chosen.twin)
    if other is None:
        raise GeoError("density.twin", read=case.chosen.twin or "—")
    found = case.densities(other)
    changed = answers.changes(case.asked, case.found, found)
    return {
        "twin": case.chosen.twin,
        "unit": unit(case.asked),
        "samples": _samples(case.found) + _samples(found),
        "changes": [
            {
                "place": change.place,
                "name": case.names.place(change.place),
                "left": exact(change.left),
                "right": exact(change.right),
                "change": exact(change.value),
            }
            for change in changed
        ],
    }


_MAKERS: dict[str, Callable[[Case], dict[str, Any]]] = {
    "rank": _ranks,
    "flips": _flips,
    "side": _side,
    "twin": _twin,
    "quotients": _quotients,
    "concentration": _concentration,
    "misfits": _fits,
    "nearest": _nearest,
    "moran": _moran,
    "land": _land,
    "index": _index,
}
