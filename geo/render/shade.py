"""Shade places by class on the map: counties, parks or cells, with the legend that says how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from branca import colormap
from shapely.geometry.base import BaseGeometry

from geo import crs
from geo.crs import Datum

UNKNOWN = -1  # the class of a place without a figure: hatched, never the lightest colour
SCALE = "YlOrRd_09"  # ColorBrewer, safe for colour-blind readers
DECIMALS = 5  # about a metre


@dataclass(frozen=True)
class Legend:
    """Hold the words of a legend; `entries` are a label and how many places, by class from 0."""

    title: str
    unit: str
    entries: Sequence[tuple[str, int]]
    unknown: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Shade:
    """Hold what is shaded: `kind` county, park or cell, and the class of each place by id.

    `shapes`: the outline of each cell, WGS-84; counties and parks are in the browser already.
    `tips`: lines that a place says of itself; `picked`: places that stand out; maps with the same
    `group` move together.
    """

    kind: str
    classes: Mapping[str, int]
    colours: Sequence[str]
    legend: Legend
    tips: Mapping[str, Sequence[str]] = field(default_factory=dict)
    picked: Sequence[str] = ()
    shapes: Mapping[str, BaseGeometry] = field(default_factory=dict)
    group: str = ""


def layer(shade: Shade, *, datum: Datum) -> dict[str, object]:
    """Return a shade as the map draws it; cells are flat lon, lat rings in the base map's datum."""
    return {
        "kind": shade.kind,
        "classes": dict(shade.classes),
        "colours": list(shade.colours),
        "picked": list(shade.picked),
        "tips": {id_: list(lines) for id_, lines in shade.tips.items()},
        "cells": _cells(shade.shapes, datum),
        "legend": {
            "title": shade.legend.title,
            "unit": shade.legend.unit,
            "entries": [list(entry) for entry in shade.legend.entries],
            "unknown": shade.legend.unknown,
            "notes": list(shade.legend.notes),
        },
        "group": shade.group,
    }


def _cells(shapes: Mapping[str, BaseGeometry], datum: Datum) -> list[list[object]]:
    """Return id and rings of each shape; all coordinates are moved in one go."""
    polygons = [(id_, part) for id_, shape in shapes.items() for part in shapely.get_parts(shape)]
    rings = [
        (number, ring)
        for number, (_, part) in enumerate(polygons)
        for ring in (part.exterior, *part.interiors)
    ]
    found: dict[str, list[list[float]]] = {id_: [] for id_ in shapes}
    if rings:
        points = [shapely.get_coordinates(ring) for _, ring in rings]
        flat = np.concatenate(points)
        lon, lat = crs.shift(flat[:, 0], flat[:, 1], target=datum)
        moved = np.column_stack([lon, lat]).round(DECIMALS)
        ends = np.cumsum([len(part) for part in points])[:-1]
        for (number, _), part in zip(rings, np.split(moved, ends), strict=True):
            found[polygons[number][0]].append(part.ravel().tolist())
    return [[id_, parts] for id_, parts in found.items()]


@lru_cache(maxsize=32)
def sequence(k: int) -> tuple[str, ...]:
    """Return k colours from light to dark."""
    scale: Any = getattr(colormap.linear, SCALE)
    steps = np.linspace(0.14, 0.94, k) if k > 1 else [0.6]
    return tuple(scale.rgb_hex_str(float(step)) for step in steps)
