"""What can be asked of the store, and what is written, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.store.values import Fields, Plain


@dataclass(frozen=True)
class Create:
    """Make a project; without an id the store gives one."""

    fields: Mapping[str, object]
    id: str = ""


@dataclass(frozen=True)
class Update:
    """Set some fields of a project."""

    id: str
    fields: Mapping[str, object]


@dataclass(frozen=True)
class Delete:
    """Delete a project; the history keeps it."""

    id: str


Change = Create | Update | Delete


@dataclass(frozen=True)
class Stamp:
    """Say who writes, why, by which kind of deed, from which file, and which version it undoes."""

    who: str
    why: str
    kind: str
    source: str | None = None
    undone: int | None = None


@dataclass(frozen=True)
class Clash:
    """Hold one field that two people want: as both read it, as it is now, as one wants it."""

    project: str
    name: str
    field: str
    base: Plain
    theirs: Plain
    mine: Plain


@dataclass(frozen=True)
class Edit:
    """Hold one project's step: whole rows before and after, None where there is none.

    `key` is the one that a project to be made would like to have again.
    """

    id: str
    before: Fields | None
    after: Fields | None
    key: int | None = None
    row_version: int | None = None
