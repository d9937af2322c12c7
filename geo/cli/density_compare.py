"""The comparisons of the density command, each as plain values."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from geo.cli import density_index
from geo.cli.density_values import Names, area_value, exact, left_out_value
from geo.compare import concentration, misfits, neighbours, quotients, ranks, scales
from geo.density import land, places, stated
from geo.density.measures import MEASURES, Densities, values
from geo.density.question import Question
from geo.errors import GeoError
from geo.layers import Atlas

# What each comparison can be asked of.
KINDS: dict[str, tuple[str, ...]] = {
    "rank": ("county", "park"),
    "flips": ("county",),
    "quotients": ("park",),
    "concentration": ("county", "park", "h3"),
    "misfits": ("park",),
    "nearest": ("county",),
    "moran": ("county", "h3"),
    "land": ("park",),
    "index": ("county", "park"),
}


def check(chosen: argparse.Namespace) -> None:
    """Refuse a comparison that does not belong to `--by`, or needs projects where there are none."""
    allowed = KINDS[chosen.compare]
    own = chosen.compare == density_index.KIND  # its measures are its own, and so are their years
    stated_ = not own and (chosen.measure in stated.METRICS or chosen.year is not None)
    if stated_ or chosen.per != "area":
        raise GeoError("density.compare_stated", kind=chosen.compare)
    if chosen.by not in allowed:
        expected = " / ".join(allowed)
        raise GeoError("density.compare_by", read=chosen.by, kind=chosen.compare, expected=expected)


def compared(
    atlas: Atlas,
    rows: np.ndarray,
    found: Densities,
    *,
    chosen: argparse.Namespace,
    names: Names,
) -> dict[str, Any]:
    """Return the comparison that was asked for."""
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "rank": lambda: _ranks(atlas, rows, found, chosen, names),
        "flips": lambda: _flips(atlas, rows, chosen, names),
        "quotients": lambda: _quotients(atlas, rows, chosen.measure, names),
        "concentration": lambda: _concentration(atlas, rows, found, names),
        "misfits": lambda: {
            "parks": [_fit(fit, names) for fit in misfits.misfits(atlas, rows)],
        },
        "nearest": lambda: _nearest(atlas, rows, chosen, names),
        "moran": lambda: _moran(atlas, found, chosen.seed, names),
        "land": lambda: _land(atlas, rows, chosen, names),
        "index": lambda: _index(atlas, rows, chosen, names),
    }
    return makers[chosen.compare]()


def _ranks(
    atlas: Atlas, rows: np.ndarray, found: Densities, chosen: argparse.Namespace, names: Names
) -> dict[str, Any]:
    if found.by == "county":
        sources = ("tianditu", "amap")
        others = [places.by_county(atlas, rows, measure=found.measure, area=s) for s in sources]
    else:  # a park's other kinds of area are other things, not another source of the same
        others = []
    by = places.by_county if found.by == "county" else places.by_park
    area = chosen.area or ("tianditu" if found.by == "county" else "stated")
    weights = [
        by(atlas, rows, measure=name, area=area) for name in MEASURES if name != found.measure
    ]
    worth, _ = values(atlas, found.measure)
    bands = ranks.banded(
        found, worth, others=others, weights=weights, draws=chosen.draws, seed=chosen.seed
    )
    return {
        "draws": chosen.draws,
        "seed": chosen.seed,
        "ranks": [
            {
                "place": band.place,
                "name": names.place(band.place),
                "rank": band.rank,
                "best": band.best,
                "worst": band.worst,
                "ranges": {way: list(range_) for way, range_ in band.ranges.items()},
            }
            for band in bands
        ],
    }


def _flips(
    atlas: Atlas, rows: np.ndarray, chosen: argparse.Namespace, names: Names
) -> dict[str, Any]:
    views = scales.of_counties(atlas, rows, measure=chosen.measure, resolution=chosen.resolution)
    return {
        "views": {
            name: {place: exact(density) for place, density in view.items()}
            for name, view in views.items()
        },
        "flips": [
            {"place": flip.place, "name": names.place(flip.place), "ranks": dict(flip.ranks)}
            for flip in ranks.flips(views)
        ],
    }


def _quotients(atlas: Atlas, rows: np.ndarray, measure: str, names: Names) -> dict[str, Any]:
    found = quotients.quotients(atlas, rows, measure=measure)
    return {
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


def _concentration(
    atlas: Atlas, rows: np.ndarray, found: Densities, names: Names
) -> dict[str, Any]:
    sized = [f for f in found.top if f.per_km2 is not None]
    amounts = [f.amount.total for f in sized]
    weights = [f.area.km2 or Fraction(0) for f in sized]
    share = concentration.share_in_parks(atlas, rows)
    curve = concentration.lorenz(amounts, weights)
    return {
        "places": len(sized),
        "gini": exact(concentration.gini(amounts, weights)),
        "herfindahl": exact(concentration.herfindahl(amounts)),
        "lorenz": [[float(x), float(y)] for x, y in curve],
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


def _land(
    atlas: Atlas, rows: np.ndarray, chosen: argparse.Namespace, names: Names
) -> dict[str, Any]:
    found = land.by_park(atlas, rows, area=chosen.area or "stated")
    return {
        "parks": [
            {
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
            for one in found.figures
        ],
        "whole_m2": found.whole_m2,
        "left_out": left_out_value(found.left_out, names),
    }


def _index(
    atlas: Atlas, rows: np.ndarray, chosen: argparse.Namespace, names: Names
) -> dict[str, Any]:
    base = Question(by=chosen.by, area=chosen.area or "", year=chosen.year)
    return density_index.value(atlas, rows, base, chosen=chosen, names=names)


def _nearest(
    atlas: Atlas, rows: np.ndarray, chosen: argparse.Namespace, names: Names
) -> dict[str, Any]:
    found = neighbours.nearest(atlas, rows, source=chosen.area or "tianditu")
    return {
        "index": found.index,
        "observed_m": found.observed_m,
        "expected_m": found.expected_m,
        "z": found.z,
        "pattern": found.pattern,
        "n": found.n,
        "km2": found.km2,
        "left_out": left_out_value(found.left_out, names),
    }


def _moran(atlas: Atlas, found: Densities, seed: int, names: Names) -> dict[str, Any]:
    if found.by == "h3":
        densities = neighbours.with_empty_cells(atlas, found)
        links = neighbours.cell_neighbours(densities)
    else:
        densities = {f.place: float(f.per_km2) for f in found.figures if f.per_km2 is not None}
        links = neighbours.county_neighbours(atlas)
    result = neighbours.moran(densities, links, seed=seed)
    return {
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
                "name": names.place(one.place),
                "value": one.value,
                "quadrant": one.quadrant,
                "p": one.p,
            }
            for one in result.local
        ],
    }
