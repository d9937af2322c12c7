"""Read what the sample refers to: dictionaries, parks, counties, dry land and towns."""

from __future__ import annotations

import csv
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

import shapely
from shapely.geometry import shape

LEVELS_WITH_PROJECTS = ("national", "provincial", "sub")


@dataclass(frozen=True)
class City:
    """Hold what the sample refers to; `land` is each county's polygon less water."""

    header: tuple[str, ...]
    series_header: tuple[str, ...]
    counties: dict[str, str]
    land: dict[str, shapely.Geometry]
    parks: list[dict[str, str]]
    towns: list[dict]
    industries: list[dict]


def read_city(folder: Path) -> City:
    """Read the dictionaries, parks, counties, land, water and towns of a city folder."""
    with (folder / "parks.csv").open(encoding="utf-8", newline="") as file:
        parks = [row for row in csv.DictReader(file) if row["level"] in LEVELS_WITH_PROJECTS]
    features = {
        name: json.loads((folder / f"{name}.geojson").read_text("utf-8"))["features"]
        for name in ("counties", "land", "water", "towns")
    }
    dry = shapely.union_all([shape(f["geometry"]) for f in features["land"]]).difference(
        shapely.union_all([shape(f["geometry"]) for f in features["water"]])
    )
    industries = tomllib.loads((folder / "industries.toml").read_text("utf-8"))["entry"]
    return City(
        header=_header(folder / "projects.csv"),
        series_header=_header(folder / "series.csv"),
        counties={f["properties"]["code"]: f["properties"]["name"] for f in features["counties"]},
        land={
            f["properties"]["code"]: shape(f["geometry"]).intersection(dry)
            for f in features["counties"]
        },
        parks=[park for park in parks if park["county"]],
        towns=[f for f in features["towns"] if f["geometry"]],
        industries=sorted(industries, key=lambda entry: entry["order"]),
    )


def _header(file: Path) -> tuple[str, ...]:
    """Return the columns of the real rows, which the samples share."""
    with file.open(encoding="utf-8", newline="") as table:
        return tuple(next(csv.reader(table)))
