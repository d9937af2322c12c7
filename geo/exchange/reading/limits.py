"""How much an uploaded file may ask for; a city sets its own in `[limits]` of city.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from geo.errors import GeoError

MB = 1024 * 1024
FILE = "city.toml"


@dataclass(frozen=True)
class Limits:
    """Hold the limits of one upload; MB are 2**20 bytes.

    `rows` are the rows of a list; titles, headings and totals come on top (`ROWS_BESIDE`).
    `cells` and `text_mb` count what is filled, in all sheets together; `unpacked_mb` is what the
    archive of a workbook may hold. `seconds` is the processor time of one file, which is its wall
    time where a core is free (a busy server waits up to three times as long); `memory_mb` is the
    address space of the process that reads it.
    """

    rows: int = 50_000
    columns: int = 300
    file_mb: int = 50
    cell_chars: int = 32_767
    cells: int = 1_500_000
    text_mb: int = 60
    unpacked_mb: int = 250
    seconds: int = 8
    memory_mb: int = 440


ROWS_BESIDE = 200
"""Rows of a sheet that are no entries of the list."""


def of(settings: Mapping[str, object]) -> Limits:
    """Make limits from settings; what is not set keeps its default.

    Raises GeoError `catalogue_invalid` for an unknown name or a value that is no positive integer.
    """
    known = {field.name for field in fields(Limits)}
    chosen: dict[str, int] = {}
    for name, value in settings.items():
        if name not in known or type(value) is not int or value < 1:
            raise GeoError(
                "catalogue_invalid", file=FILE, entry="limits", field=f"{name} = {value}"
            )
        chosen[name] = value
    return Limits(**chosen)


def of_city(folder: Path) -> Limits:
    """Read the limits of a city folder.

    Raises GeoError `file_missing`, `file_unreadable` or `catalogue_invalid`.
    """
    try:
        settings = tomllib.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        raise GeoError("file_missing", file=FILE) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GeoError("file_unreadable", file=FILE, reason=str(error)) from None
    return of(settings.get("limits", {}))
