"""Densities as plain values for JSON: exact fractions beside rounded numbers, ids of the rows behind."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from geo import wording
from geo.density.measures import Amount, Area, Denominator, Densities, Figure, Note
from geo.density.stated import point_of
from geo.density.surface import Surface
from geo.layers import Atlas
from geo.series.points import CITY, PARKS


class Names:
    """Give ids of rows, and names of places and industries in one language."""

    def __init__(self, atlas: Atlas, lang: str) -> None:
        self._ids = atlas.projects["id"].to_numpy(dtype=object)
        self._names: dict[str, str] = {}
        for frame, key in ((atlas.counties, "code"), (atlas.parks, "id")):
            shown = frame["name"] if lang == "zh" else frame["name_en"].fillna(frame["name"])
            self._names |= dict(zip(frame[key], shown, strict=True))
        self._names |= {id_: wording.say(f"series.place_{id_}", lang) for id_ in (CITY, PARKS)}
        layers = atlas.catalogue.layers
        self._layers = {id_: layer.source[lang] for id_, layer in layers.items()}
        self._industries = {i: e.title[lang] for i, e in atlas.catalogue.industries.items()}

    def ids(self, rows: np.ndarray) -> list[str]:
        """Return the project ids of positions."""
        return [str(id_) for id_ in self._ids[rows]]

    def place(self, id_: str) -> str:
        """Return the name of a county or park; a hexagon's id is its name."""
        return self._names.get(id_, id_)

    def source(self, id_: str) -> str:
        """Return where an area comes from: a layer's source, or the words that the row has."""
        return self._layers.get(id_, id_)

    def industry(self, id_: str) -> str:
        """Return the name of an industry."""
        return self._industries.get(id_, id_)


def exact(value: Fraction | None) -> dict[str, Any] | None:
    """Return a fraction as text and as a number, None as null."""
    return None if value is None else {"exact": str(value), "value": float(value)}


def units(whole: Amount) -> dict[str, str]:
    """Return the ids of the units of amounts and densities."""
    if whole.unit == "wan":
        return {"amount": "wan", "per_km2": "yi_per_km2", "per_mu": "wan_per_mu"}
    unit = whole.unit
    return {"amount": unit, "per_km2": f"{unit}_per_km2", "per_mu": f"{unit}_per_mu"}


def densities_value(found: Densities, names: Names) -> dict[str, Any]:
    """Return a table of densities."""
    return {
        "units": units(found.whole),
        "figures": [figure_value(figure, names) for figure in found.figures],
        "whole": amount_value(found.whole, names),
        "left_out": left_out_value(found.left_out, names),
        "notes": [note_value(note, names) for note in found.notes],
    }


def figure_value(figure: Figure, names: Names) -> dict[str, Any]:
    """Return one place's figure."""
    return {
        "place": figure.place,
        "name": names.place(figure.place),
        "within": figure.within,
        "value": exact(figure.value),
        "unit": figure.unit,
        "per_km2": exact(figure.per_km2),
        "per_mu": exact(figure.per_mu),
        "reason": figure.reason,
        "amount": amount_value(figure.amount, names),
        "area": area_value(figure.area, names),
        "per": per_value(figure.per),
    }


def area_value(area: Area, names: Names) -> dict[str, Any]:
    """Return an area with its kind, source and year."""
    return {
        "km2": exact(area.km2),
        "kind": area.kind,
        "source": names.source(area.source),
        "year": area.year,
        "reason": area.reason,
    }


def per_value(per: Denominator | None) -> dict[str, Any] | None:
    """Return what an amount is divided by where that is no area."""
    if per is None:
        return None
    plain = {name: value for name, value in vars(per).items() if name != "count"}
    return {**plain, "count": exact(per.count)}


def amount_value(amount: Amount, names: Names) -> dict[str, Any]:
    """Return a sum with the rows that state it and those that do not, or what states it."""
    return {
        "value": exact(amount.value),
        "projects": names.ids(amount.rows),
        "unknown": names.ids(amount.unknown),
        "stated": _stated(amount),
    }


def _stated(amount: Amount) -> dict[str, Any] | None:
    point = point_of(amount)
    if point is None:
        return None
    kept = ("period", "status", "sample", "source", "source_url", "source_grade", "note")
    return {name: getattr(point, name) for name in kept}


def left_out_value(left_out: Mapping[str, np.ndarray], names: Names) -> dict[str, list[str]]:
    """Return the ids of what is left out, by reason."""
    return {reason: names.ids(rows) for reason, rows in left_out.items()}


def note_value(note: Note, names: Names) -> dict[str, Any]:
    """Return a note on an outline."""
    return {
        "code": note.code,
        "place": names.place(note.place),
        "other": names.place(note.other),
        "km2": note.km2,
    }


def surface_value(found: Surface) -> dict[str, Any]:
    """Return what a surface adds up to and where it is highest."""
    money = found.whole.unit == "wan"
    lon, lat, peak = found.peak()
    return {
        "units": units(found.whole),
        "surface": {
            "bandwidth_m": found.bandwidth_m,
            "kernel": "quartic",
            "projection": found.plane.proj,
            "cell_m": found.cell_m,
            "shape": list(found.values.shape),
            "total": exact(found.total),
            "integral": found.integral,
            "outside": found.outside,
            "peak": {
                "lon": round(lon, 6),
                "lat": round(lat, 6),
                "per_km2": peak / 10_000 if money else peak,
            },
        },
    }
