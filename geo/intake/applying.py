"""Write what an import changes into the store: all of it as one data version, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.errors import GeoError
from geo.intake.compare import Diff, compare
from geo.intake.faults import Record
from geo.intake.text import name_key
from geo.store import Create, Store, Update

TRIES = 3
_MOVED = frozenset({"store.exists", "store.conflict", "store.gone"})


@dataclass(frozen=True)
class Applied:
    """Hold what came of an import: the data version (None if its diff has errors) and the diff."""

    version: int | None
    diff: Diff


def preview(records: Sequence[Record], store: Store) -> tuple[Diff, dict[str, int]]:
    """Compare records with the store; also return the row version of each project as read."""
    frame = store.projects()
    versions = dict(zip(frame["id"], (int(n) for n in frame["row_version"]), strict=True))
    return compare(records, _rows(frame)), versions


def apply(diff: Diff, versions: Mapping[str, int], store: Store, *, who: str, source: str) -> int:
    """Write a previewed diff and return the data version. The diff must have no errors.

    Errors: those of `Store.apply`; `store.exists` if another import was first with a project.
    """
    changes: list[Create | Update] = []
    for record in diff.new:
        id_ = identity(record)
        fields = {n: value for n, value in record.fields.items() if value is not None and n != "id"}
        changes.append(Create(fields, id="" if id_ in versions else id_))
    changes += [Update(m.id, {c.field: c.after for c in m.changes}) for m in diff.changed]
    expected = {match.id: versions[match.id] for match in diff.changed}
    return store.apply(
        changes, who=who, why=source, kind="import", expected=expected, source=source
    )


def run(records: Sequence[Record], store: Store, *, who: str, source: str) -> Applied:
    """Compare and write; if somebody else wrote in between, compare again.

    Errors: those of `Store.apply`, the ones about others' writes after `TRIES` times only.
    """
    for left in reversed(range(TRIES)):
        diff, versions = preview(records, store)
        if diff.errors:
            break
        try:
            return Applied(apply(diff, versions, store, who=who, source=source), diff)
        except GeoError as error:
            if error.code not in _MOVED or not left:
                raise
    return Applied(None, diff)


def identity(record: Record) -> str:
    """Return the id a new project gets: the same in two imports of it at the same moment.

    The second one then fails on the id, compares again, and finds the project there.
    """
    fields = record.fields
    stated = fields.get("code") or f"{name_key(str(fields.get('name')))}|{fields.get('county')}"
    digest = hashlib.sha256(str(stated).encode()).hexdigest()
    return f"p{digest[:10]}"


def _rows(frame: pd.DataFrame) -> list[Mapping[str, Any]]:
    plain = frame.drop(columns="geometry", errors="ignore")
    return pd.DataFrame(plain).to_dict("records")  # type: ignore[return-value]
