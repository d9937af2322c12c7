"""Look back: who changed what when, the fields before and after, an earlier map, undo."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from geo.series.text import Texts
from geo.store import Store, Version
from geo.store.past import Past, Step
from geo.store.points import Step as Moved
from geo.store.roles import Role, may_read_history
from geo.view import View
from ui import account, cache, session
from ui.cache import City
from ui.desk import applied, fields, intake, series
from ui.i18n import Translate

OPEN = "desk_open_version"  # a number: its row moves down with every new version
TABLE = "desk_versions"
SHOWN = 200  # versions and changes; older ones are in the store and its exports


def show(city: City, view: View, role: Role, t: Translate) -> None:
    """List the data versions that a role may read; the chosen one opens with its changes."""
    kept = cache.database()
    if kept is None or role.kind == "visitor":
        return
    own = None if may_read_history(role) else _past(*kept.state(), units=role.units)
    versions = (kept.history() if own is None else list(own.versions))[:SHOWN]
    if not versions:
        return
    st.subheader(t("desk.history"))
    chosen = _versions(versions, city, t)
    if chosen is None:
        st.caption(t("desk.history_hint" if own is None else "desk.history_own"))
        return
    steps = _steps(kept, chosen, city) if own is None else own.steps[chosen.number]
    points = kept.series.changes(chosen.number)[:SHOWN] if own is None else []
    _changes(steps, city, view, t, points=points)
    with st.container(horizontal=True):
        if _offers_undo(chosen, role, own):
            st.button(
                t("desk.undo_version", version=chosen.number),
                key="desk_undo_version",
                on_click=applied.undo,
                args=(chosen.number,),
            )
        if own is None:
            st.button(
                t("desk.look_at", version=chosen.number),
                key="desk_look",
                on_click=st.session_state.__setitem__,
                args=(session.AS_OF, chosen.number),
            )


@st.cache_resource(show_spinner=False, max_entries=16)
def _past(epoch: str, version: int, *, units: frozenset[str]) -> Past:
    """Read a unit's part of the history once a data version; the first two are keys only."""
    return cache.database().past(units)  # type: ignore[union-attr]


def _offers_undo(version: Version, role: Role, own: Past | None) -> bool:
    """Tell whether to draw the way back; whether it may be gone is asked again when it is pressed."""
    if version.kind == "seed" or version.undone_by is not None:
        return False
    if own is None:
        return role.kind == "office"
    return version.number in own.whole and version.who == account.name()


def _steps(kept: Store, version: Version, city: City) -> tuple[Step, ...]:
    known = dict(zip(city.atlas.projects["id"], city.atlas.projects["name"], strict=True))
    steps = []
    for found in kept.changes(version.number)[:SHOWN]:
        name = known.get(found.project) or (found.before or found.after or {}).get("name")
        steps.append(Step(str(name or found.project), found))
    return tuple(steps)


def _versions(versions: list[Version], city: City, t: Translate) -> Version | None:
    zone = ZoneInfo(city.atlas.catalogue.city.time_zone)
    rows = [
        {
            "number": entry.number,
            "at": entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            "kind": t(f"desk.kind_{entry.kind}"),
            "who": entry.who,
            "why": entry.why,
            "counts": t(
                "desk.counts", new=entry.created, changed=entry.updated, gone=entry.deleted
            ),
            "undone": t("desk.undone_by", version=entry.undone_by) if entry.undone_by else "",
        }
        for entry in versions
    ]
    numbers = [entry.number for entry in versions]
    chosen = [row for row, number in enumerate(numbers) if number == st.session_state.get(OPEN)]
    st.session_state[TABLE] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    st.dataframe(
        pd.DataFrame(rows),
        key=TABLE,
        hide_index=True,
        placeholder="",
        height=min(320, 36 * (len(rows) + 1) + 3),
        alt=t("desk.history"),
        on_select=lambda: _open(numbers),
        selection_mode="single-row",
        column_config={
            column: st.column_config.TextColumn(t(f"desk.{column}_col"))
            for column in ("at", "kind", "who", "why", "counts", "undone")
        }
        | {"number": st.column_config.NumberColumn(t("desk.number_col"), format="%d")},
    )
    return versions[chosen[0]] if chosen else None


def _open(numbers: Sequence[int]) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    st.session_state[OPEN] = numbers[rows[0]] if rows else None


def _changes(
    steps: Sequence[Step], city: City, view: View, t: Translate, *, points: Sequence[Moved]
) -> None:
    rows: list[dict[str, object]] = []
    for step in steps[:SHOWN]:
        name, before, after = step.name, step.difference.before, step.difference.after
        if before is None or after is None or step.moved:
            what = f"moved_{step.moved}" if step.moved else "new" if before is None else "gone"
            rows.append({"what": t(f"desk.{what}"), "name": name})
            continue
        rows += [
            {
                "what": t("desk.changed"),
                "name": name,
                "field": fields.name(field, view),
                "before": fields.value(city, field, old, view=view, t=t),
                "after": fields.value(city, field, after[field], view=view, t=t),
            }
            for field, old in before.items()
        ]
    texts = Texts(city.atlas, view.language)
    rows += [series.change_row(texts, t, before=one.before, after=one.after) for one in points]
    intake.change_table(rows, t, key="history")
