"""What if: projects added, moved or cancelled in a scratch copy; the atlas itself never changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from geo import layers
from geo.density.measures import one_of
from geo.errors import GeoError
from geo.layers import Atlas

KINDS = ("add", "move", "cancel")
AMOUNTS = ("invest_wan", "plan_wan", "done_wan", layers.LAND)
FIELDS = ("park", "county", "industry", "stage", *AMOUNTS, "lon", "lat")
MOVES = ("park", "county", "lon", "lat")
MOST = 200
PREFIX = "x-"  # an added project's id
_WHOLE = re.compile(r"[0-9]{1,10}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?", re.ASCII)


@dataclass(frozen=True)
class Change:
    """Hold one change; `fields` are texts as in the project files, empty for `cancel`."""

    kind: str
    project: str
    fields: Mapping[str, str] = field(default_factory=dict)


def read(text: str) -> tuple[Change, ...]:
    """Read a scenario as `write` writes it: `cancel:s1;move:s2:park=p1;add:a:park=p1,invest_wan=500`.

    Errors: `scenario.syntax` (read), `scenario.many`.
    """
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) > MOST:
        raise GeoError("scenario.many", read=len(parts), expected=MOST)
    return tuple(_read(part.strip()) for part in parts)


def _read(part: str) -> Change:
    kind, _, rest = part.partition(":")
    project, _, listed = rest.partition(":")
    pairs = [pair.partition("=") for pair in listed.split(",") if pair]
    fields = {name.strip(): value.strip() for name, mark, value in pairs if mark}
    complete = kind in KINDS and project and len(fields) == len(pairs)
    if not complete or (kind == "cancel") == bool(fields):
        raise GeoError("scenario.syntax", read=part)
    allowed = MOVES if kind == "move" else FIELDS
    for name in fields:
        one_of("field", name, allowed)
    return Change(kind, project, fields)


def write(changes: Sequence[Change]) -> str:
    """Write a scenario as one short text, for an address or a command."""
    return ";".join(_write(change) for change in changes)


def _write(change: Change) -> str:
    listed = ",".join(f"{name}={value}" for name, value in change.fields.items())
    return ":".join(part for part in (change.kind, change.project, listed) if part)


def applied(atlas: Atlas, changes: Sequence[Change]) -> Atlas:
    """Return a scratch atlas with the changes made in order; the given one stays as it was.

    A project moved to a park takes the park's county; it is a point only where the change states
    lon and lat. Errors: `project_unknown`, `scenario.exists`, `scenario.value` (field, read,
    expected).
    """
    table = _unplaced(atlas)
    for change in changes:
        known = set(table["id"])
        if change.kind == "add":
            table = _added(atlas, table, change, known)
            continue
        if change.project not in known:
            raise GeoError("project_unknown", project=change.project)
        if change.kind == "cancel":
            table = table[table["id"] != change.project].reset_index(drop=True)
        else:
            table = _set(table, change.project, _values(atlas, change))
    return layers.with_projects(atlas, table)


def rows_of(atlas: Atlas, scratch: Atlas, rows: np.ndarray) -> np.ndarray:
    """Carry a row mask over to a scratch atlas: what is still there, and every added project."""
    chosen = set(atlas.projects.loc[rows, "id"])
    ids, known = scratch.projects["id"], set(atlas.projects["id"])
    return np.array([id_ in chosen or id_ not in known for id_ in ids], dtype=bool)


def _unplaced(atlas: Atlas) -> pd.DataFrame:
    """Return the projects as `layers.read_projects` gives them: a copy, its lines apart."""
    projects = atlas.projects
    table = pd.DataFrame(projects.drop(columns=["geometry", "placed", "mapped"]))
    lines = [
        shape if placed == "line" and shape.geom_type != "Point" else None
        for shape, placed in zip(projects.geometry, projects["placed"], strict=True)
    ]
    return table.assign(shape=pd.Series(lines, index=table.index, dtype=object))


def _added(atlas: Atlas, table: pd.DataFrame, change: Change, known: set[str]) -> pd.DataFrame:
    id_ = PREFIX + change.project
    if id_ in known:
        raise GeoError("scenario.exists", project=change.project)
    values = {"id": id_, "name": change.project, "sample": True, **_values(atlas, change)}
    row = pd.DataFrame([values]).reindex(columns=table.columns)
    for name in table.columns:
        filled = row[name].fillna(False) if table[name].dtype == bool else row[name]
        row[name] = filled.astype(table[name].dtype)
    return pd.concat([table, row], ignore_index=True)


def _set(table: pd.DataFrame, project: str, values: Mapping[str, Any]) -> pd.DataFrame:
    table = table.copy()
    here = table["id"] == project
    for name, value in values.items():
        table.loc[here, name] = value
    table.loc[here, "shape"] = None
    return table


def _values(atlas: Atlas, change: Change) -> dict[str, object]:
    """Return the cells that a change sets, checked as the project files are."""
    fields, declared = change.fields, atlas.catalogue
    known = {
        "park": list(atlas.parks["id"]),
        "county": list(atlas.counties["code"]),
        "industry": list(declared.industries),
        "stage": list(declared.stages),
    }
    found: dict[str, object] = {}
    for name, value in fields.items():
        if name in known:
            _check(name, value, value in known[name], " / ".join(known[name]))
            found[name] = value
        elif name in AMOUNTS:
            _check(name, value, bool(_WHOLE.fullmatch(value)), "0 … 10000000000")
            found[name] = int(value)
        else:
            low, high = layers.LIMITS[name]
            right = bool(_DECIMAL.fullmatch(value)) and low <= float(value) <= high
            _check(name, value, right, f"{low:g} … {high:g}")
            found[name] = float(value)
    return {**found, **_position(atlas, found)} if set(found) & set(MOVES) else found


def _position(atlas: Atlas, found: Mapping[str, object]) -> dict[str, object]:
    if ("lon" in found) != ("lat" in found):
        raise GeoError("scenario.value", field="lon, lat", read="", expected="lon + lat")
    park, county = found.get("park"), found.get("county")
    if park is not None and county is None:
        county = atlas.parks.set_index("id")["county"].get(park)
    precision = "site" if "lon" in found else "park" if park is not None else "county"
    return {
        "park": pd.NA if park is None else park,
        "county": pd.NA if county is None else county,
        "lon": found.get("lon", pd.NA),
        "lat": found.get("lat", pd.NA),
        "precision": precision,
    }


def _check(name: str, value: str, right: bool, expected: str) -> None:
    if not right:
        raise GeoError("scenario.value", field=name, read=value, expected=expected)
