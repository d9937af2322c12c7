"""Who may see and change what; pure rules on tables and rows, applied before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
import pandas as pd

from geo.series import Series
from geo.store.schema import PUBLIC_FIELDS

Frame = TypeVar("Frame", bound=pd.DataFrame)
Kind = Literal["visitor", "staff", "office", "auditor"]

# What else a frame of projects has that says nothing more: what the placing has added.
_OPEN = frozenset({"id", *PUBLIC_FIELDS, "geometry", "placed", "mapped"})
# What is of use to a writer only, and says when a project was last touched.
_WRITERS_COLUMNS = ("row_version",)
# Where a project exactly lies; `geometry` and `placed` stand in a frame that is placed already.
_EXACT = ("lon", "lat", "shape", "coord_source", "place", "geometry")


@dataclass(frozen=True)
class Role:
    """Say what somebody is; `units` are the county codes and park ids that staff answer for."""

    kind: Kind
    units: frozenset[str] = frozenset()


VISITOR = Role("visitor")
OFFICE = Role("office")
AUDITOR = Role("auditor")


def staff(*units: str) -> Role:
    """Return the role of a unit's staff."""
    return Role("staff", frozenset(units))


def owns(frame: pd.DataFrame, role: Role) -> np.ndarray:
    """Return, for each row, whether the role may see all of it."""
    if role.kind in ("office", "auditor"):
        return np.ones(len(frame), dtype=bool)
    if role.kind != "staff":
        return np.zeros(len(frame), dtype=bool)
    units = list(role.units)
    own = frame["county"].isin(units) | frame["park"].isin(units)
    return own.fillna(False).to_numpy(dtype=bool)


def visible(frame: Frame, role: Role, *, internal_stages: Collection[str]) -> Frame:
    """Return the rows and columns that a role may receive; the input stays as it is.

    Office and auditor receive all. Of other units' projects, and as a visitor of all, one receives
    neither internal projects nor those in `internal_stages`, neither internal columns nor, where
    the position is internal, anything closer than the park or the county; which stages are
    internal the city says (`Catalogue.internal_stages`). Geometry is only coarse
    in a table that has not been placed yet: filter first, then `layers.with_projects`.
    """
    own = owns(frame, role)
    if own.all() and role.kind in ("office", "auditor"):
        return frame
    hidden = _flag(frame, "internal") | frame["stage"].isin(list(internal_stages)).to_numpy(bool)
    shown = own | ~hidden
    found, own = frame[shown].reset_index(drop=True), own[shown]
    found = _coarse(found, _flag(found, "position_internal") & ~own)
    if role.kind == "visitor":
        return found.drop(columns=[name for name in found if name not in _OPEN])
    for name in (n for n in found if n not in _OPEN and n not in _WRITERS_COLUMNS):
        if found[name].dtype != bool:
            found[name] = found[name].where(own)
    return found


def _flag(frame: pd.DataFrame, name: str) -> np.ndarray:
    if name not in frame:
        return np.zeros(len(frame), dtype=bool)
    return frame[name].fillna(True).to_numpy(dtype=bool)


def _coarse(frame: Frame, rows: np.ndarray) -> Frame:
    """Leave of a position what its park or county says."""
    if not rows.any():
        return frame
    for name in (name for name in _EXACT if name in frame):
        frame[name] = frame[name].where(~rows, None)
    coarse = np.where(frame["park"].notna(), "park", "county")
    coarse = np.where(frame["park"].isna() & frame["county"].isna(), "none", coarse)
    frame["precision"] = frame["precision"].where(~rows, pd.Series(coarse, index=frame.index))
    return frame


def visible_series(series: Series, role: Role) -> Series:
    """Return the points that a role may receive: what is internal, office, auditor and its unit."""
    if role.kind in ("office", "auditor"):
        return series
    own = role.units if role.kind == "staff" else frozenset()
    return Series(tuple(p for p in series.points if not p.internal or p.place in own))


def may_bring_series(role: Role) -> bool:
    """Tell whether a role may bring series in: they are of the whole city, so the office does."""
    return role.kind == "office"


def may_change(role: Role, project: Mapping[str, object]) -> bool:
    """Tell whether a role may change a project; ask before and after, so that none is moved away.

    `project` has `county` and `park`. Staff change what lies in one of their own units.
    """
    if role.kind == "office":
        return True
    return role.kind == "staff" and bool(_units(project) & role.units)


def may_read_history(role: Role, project: Mapping[str, object] | None = None) -> bool:
    """Tell whether a role may read the history: all of it, or that of one project."""
    if role.kind in ("office", "auditor"):
        return True
    return role.kind == "staff" and project is not None and bool(_units(project) & role.units)


def may_read_scores(role: Role) -> bool:
    """Tell whether a role may see what the members of a tour have scored, said and pictured."""
    return role.kind in ("office", "auditor")


def may_run_tours(role: Role) -> bool:
    """Tell whether a role may make tours, give out their codes and note what is to be done."""
    return role.kind == "office"


def may_score(role: Role) -> bool:
    """Tell whether a role may score without a tour's code."""
    return role.kind in ("office", "staff")


def _units(project: Mapping[str, object]) -> set[str]:
    found = (project.get(name) for name in ("county", "park"))
    return {value for value in found if isinstance(value, str) and value}
