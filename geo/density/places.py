"""Density by county and by park: each project counted once, by the place that its row states."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.density import areas
from geo.density.measures import Densities, Figure, Note, amount
from geo.density.once import once
from geo.layers import Atlas

NOT_SHOWN = "historical"  # a park that is no more is listed only where a project names it


def by_county(atlas: Atlas, rows: np.ndarray, *, measure: str, area: str = "tianditu") -> Densities:
    """Compute the density of each county over the marked rows; `area` is the outlines' provider.

    Errors: `density.choice`, those of `areas.checked`.
    """
    known = areas.of_counties(atlas, source=area)
    _, notes = areas.checked(atlas.counties, key="code")
    county = areas.county_of(atlas)
    figures = tuple(
        Figure(code, amount(atlas, rows & (county == code), measure), found)
        for code, found in known.items()
    )
    unplaced = rows & ~np.isin(county, list(known))
    return Densities(
        by="county",
        measure=measure,
        figures=figures,
        whole=amount(atlas, rows, measure),
        left_out=_named({"county_unknown": unplaced}),
        notes=notes,
    )


def by_park(atlas: Atlas, rows: np.ndarray, *, measure: str, area: str = "stated") -> Densities:
    """Compute the density of each zone, its sub-parks included, and of each sub-park by itself.

    A project of a sub-park is counted once in its zone; `Densities.top` are the zones alone.
    Errors: `density.choice`, those of `areas.checked`.
    """
    known = areas.of_parks(atlas, kind=area)
    zone = zones(atlas)
    own = atlas.projects["park"].fillna("").to_numpy(dtype=object)
    top = zone_of(atlas)
    levels = dict(zip(atlas.parks["id"], atlas.parks["level"], strict=True))
    figures = []
    for id_, found in known.items():
        within = "" if zone[id_] == id_ else zone[id_]
        here = rows & ((own if within else top) == id_)
        if here.any() or levels[id_] != NOT_SHOWN:
            figures.append(Figure(id_, amount(atlas, here, measure), found, within))
    return Densities(
        by="park",
        measure=measure,
        figures=tuple(figures),
        whole=amount(atlas, rows, measure),
        left_out=_named({"outside_parks": rows & (top == "")}),
        notes=(*_surveyed(atlas), *_larger(figures), *_mixed(figures)),
    )


def zones(atlas: Atlas) -> dict[str, str]:
    """Return the zone of each park: itself, or the park at the end of its chain of parents."""
    parents = dict(zip(atlas.parks["id"], atlas.parks["parent"], strict=True))
    found = {}
    for id_ in parents:
        seen, here = {id_}, id_
        while isinstance(parents.get(here), str) and parents[here] not in seen:
            here = parents[here]
            seen.add(here)
        found[id_] = here
    return found


def zone_of(atlas: Atlas) -> np.ndarray:
    """Return the zone of each project, "" where its row names no park."""
    found = atlas.projects["park"].map(pd.Series(zones(atlas), dtype=object)).fillna("")
    return found.to_numpy(dtype=object)


def _named(masks: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {reason: np.flatnonzero(mask) for reason, mask in masks.items() if mask.any()}


@once
def _surveyed(atlas: Atlas) -> tuple[Note, ...]:
    """Return the notes of surveyed outlines; a sub-park inside its own zone is no overlap."""
    drawn = atlas.parks[atlas.parks["outline"] == "polygon"]
    if not len(drawn):
        return ()
    zone = zones(atlas)
    _, notes = areas.checked(drawn, key="id")
    return tuple(n for n in notes if n.code != "overlap" or zone[n.place] != zone[n.other])


def _larger(figures: list[Figure]) -> list[Note]:
    """Return a note for each sub-park whose stated area is above its zone's, another kind as a rule."""
    known = {figure.place: figure.area.km2 for figure in figures}
    notes = []
    for figure in figures:
        whole = known.get(figure.within)
        if whole is not None and figure.area.km2 is not None and figure.area.km2 > whole:
            notes.append(Note("above_zone", figure.place, figure.within))
    return notes


def _mixed(figures: list[Figure]) -> list[Note]:
    """Return a note where densities stand on areas of several kinds, which are not to be compared."""
    kinds = sorted({f.area.kind for f in figures if not f.within and f.area.km2 is not None})
    return [Note("mixed_kinds", "", ", ".join(kinds))] if len(kinds) > 1 else []
