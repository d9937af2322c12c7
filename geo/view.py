"""Keep what a visitor sees as one value, and write it to and read it from a URL's query.

The query uses short stable keys and ids, the same in every language:
`i` industry, `s` stage, `a` plan-year attribute, `c` county, `p` park, `l` list, `k` kind,
`v` investment range in 万元 (`5000-`, `-10000`, `5000-10000`), `q` words, `o` colour,
`m` mode, `id` open project, `lang`, `at` map position (`lon,lat,zoom`, in the datum of the base
map: the browser writes it and reads it back unchanged).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from geo.filters import Filters

LANGUAGES = ("zh", "en")
COLOURS = ("stage", "industry")
MODES = ("map", "table")
MAX_TEXT = 100
MAX_QUERY = 4000
MAX_WAN = 10**10  # 100 trillion yuan: beyond any project, within every integer type used

CHOICES = {
    "i": "industry",
    "s": "stage",
    "a": "attribute",
    "c": "county",
    "p": "park",
    "l": "list",
    "k": "kind",
}
KEYS = (*CHOICES, "v", "q", "o", "m", "id", "lang", "at")


@dataclass(frozen=True)
class View:
    """Hold the whole state of the map page; `at` is lon, lat in degrees and zoom."""

    filters: Filters = field(default_factory=Filters)
    language: str = "zh"
    colour: str = "stage"
    mode: str = "map"
    project: str = ""
    at: tuple[float, float, float] | None = None


def to_query(view: View) -> dict[str, str]:
    """Write a view as query parameters; what is at its default is left out."""
    filters, query = view.filters, {}
    for key, name in CHOICES.items():
        if chosen := getattr(filters, name):
            query[key] = ",".join(chosen)
    if filters.invest_min_wan is not None or filters.invest_max_wan is not None:
        query["v"] = f"{_number(filters.invest_min_wan)}-{_number(filters.invest_max_wan)}"
    plain = {
        "q": filters.text,
        "o": view.colour,
        "m": view.mode,
        "id": view.project,
        "lang": view.language,
    }
    defaults = {"o": "stage", "m": "map", "lang": "zh"}
    query |= {key: value for key, value in plain.items() if value and value != defaults.get(key)}
    if view.at is not None:
        lon, lat, zoom = view.at
        query["at"] = f"{lon:.5f},{lat:.5f},{zoom:g}"
    return query


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def from_query(
    query: Mapping[str, str], *, options: Mapping[str, Collection[str]], projects: Collection[str]
) -> tuple[View, tuple[str, ...]]:
    """Read a view from query parameters, dropping what cannot be meant.

    `options` holds the known ids of each facet, `projects` the known project ids.
    Returns the view and the sorted keys that were dropped wholly or in part
    (`?` for an unknown key or an oversized query); never raises.
    """
    if sum(len(key) + len(value) for key, value in query.items()) > MAX_QUERY:
        return View(), ("?",)
    dropped = {"?"} if set(query) - set(KEYS) else set()
    chosen: dict[str, Any] = {}
    for key, name in CHOICES.items():
        asked = _unique(query.get(key, ""))
        chosen[name] = tuple(option for option in options[name] if option in asked)
        if len(chosen[name]) != len(asked):
            dropped.add(key)
    view = View(filters=replace(Filters(), **chosen))
    for key, read in (("v", _range), ("q", _text), ("at", _at)):
        if key in query:
            changed = read(view, query[key])
            view = changed or view
            dropped |= set() if changed else {key}
    one_of = {"o": COLOURS, "m": MODES, "lang": LANGUAGES, "id": projects}
    names = {"o": "colour", "m": "mode", "lang": "language", "id": "project"}
    for key, allowed in one_of.items():
        if key in query and query[key] in allowed:
            change: dict[str, Any] = {names[key]: query[key]}
            view = replace(view, **change)
        elif key in query:
            dropped.add(key)
    return view, tuple(sorted(dropped))


def _unique(value: str) -> set[str]:
    return set(value.split(",")) if value else set()


def _range(view: View, value: str) -> View | None:
    found = re.fullmatch(r"([0-9]{0,11})-([0-9]{0,11})", value, re.ASCII)
    if not found or value == "-":
        return None
    low, high = (int(part) if part else None for part in found.groups())
    if max(low or 0, high or 0) > MAX_WAN or (low is not None and high is not None and low > high):
        return None
    filters = replace(view.filters, invest_min_wan=low, invest_max_wan=high)
    return replace(view, filters=filters)


def _text(view: View, value: str) -> View | None:
    if len(value) > MAX_TEXT or not value.isprintable() or not value.strip():
        return None
    return replace(view, filters=replace(view.filters, text=value.strip()))


def _at(view: View, value: str) -> View | None:
    try:
        lon, lat, zoom = (float(part) for part in value.split(","))
    except ValueError:
        return None
    if not all(map(math.isfinite, (lon, lat, zoom))):
        return None
    inside = abs(lon) <= 180 and abs(lat) <= 85 and 0 <= zoom <= 22
    return replace(view, at=(round(lon, 5), round(lat, 5), round(zoom, 2))) if inside else None
