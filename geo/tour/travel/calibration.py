"""Measure an estimate of travel against known figures: how far off it is, and the band that says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.catalogue import read_toml
from geo.errors import GeoError
from geo.tour.travel.protocol import Backend

FILE = "travel_checks.toml"
STEP = 5  # a band is stated in whole steps of this many percent


@dataclass(frozen=True)
class Check:
    """Hold one known drive between two places (lon, lat WGS-84); what is unknown is None."""

    id: str
    start: tuple[float, float]
    end: tuple[float, float]
    km: float | None
    minutes: float | None
    used: bool
    source: str


@dataclass(frozen=True)
class Miss:
    """Say how far one estimate is off: (known − estimate) / estimate in percent."""

    check: str
    figure: str
    known: float
    estimate: float
    percent: float


def read(folder: Path) -> tuple[Check, ...]:
    """Read the known drives of a city folder; error `catalogue_invalid` (file, entry, field)."""
    document = read_toml(folder / FILE)
    places = {place["id"]: (place["lon"], place["lat"]) for place in document["place"]}
    found = []
    for entry in document["check"]:
        try:
            found.append(
                Check(
                    id=entry["id"],
                    start=places[entry["from"]],
                    end=places[entry["to"]],
                    km=entry.get("km"),
                    minutes=entry.get("minutes"),
                    used=entry.get("used", True),
                    source=entry["source"],
                )
            )
        except KeyError as error:
            raise GeoError(
                "catalogue_invalid", file=FILE, entry=str(entry.get("id", "?")), field=str(error)
            ) from None
    return tuple(found)


def misses(backend: Backend, checks: Sequence[Check]) -> tuple[Miss, ...]:
    """Compare a backend's estimates with every known figure, the unused ones included."""
    found = []
    for check in checks:
        answer = backend.matrix([check.start, check.end])
        for figure, known, estimate in (
            ("km", check.km, float(answer.km[0, 1])),
            ("minutes", check.minutes, float(answer.minutes[0, 1])),
        ):
            if known is not None:
                percent = 100.0 * (known - estimate) / estimate
                found.append(Miss(check.id, figure, known, estimate, percent))
    return tuple(found)


def band_pct(backend: Backend, checks: Sequence[Check]) -> int:
    """Return the smallest band, in whole steps, that covers every figure that is used."""
    used = [check for check in checks if check.used]
    worst = max((abs(miss.percent) for miss in misses(backend, used)), default=0.0)
    return math.ceil(worst / STEP) * STEP
