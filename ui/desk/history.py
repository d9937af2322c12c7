"""Look back: who changed what when, the fields before and after, an earlier map, undo."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from geo.store import Version
from geo.store.roles import Role, may_read_history
from geo.view import View
from ui import cache, session
from ui.cache import City
from ui.desk import applied, fields, intake
from ui.i18n import Translate

SHOWN = 200  # versions and changes; older ones are in the store and its exports


def show(city: City, view: View, role: Role, t: Translate) -> None:
    """List the data versions; the chosen one opens with its changes."""
    kept = cache.database()
    if kept is None or not may_read_history(role):
        return
    st.subheader(t("desk.history"))
    versions = kept.history()[:SHOWN]
    chosen = _versions(versions, city, t)
    if chosen is None:
        st.caption(t("desk.history_hint"))
        return
    _changes(chosen, city, view, t)
    with st.container(horizontal=True):
        if role.kind == "office" and chosen.kind != "seed" and chosen.undone_by is None:
            st.button(
                t("desk.undo_version", version=chosen.number),
                key="desk_undo_version",
                on_click=applied.undo,
                args=(chosen.number,),
            )
        st.button(
            t("desk.look_at", version=chosen.number),
            key="desk_look",
            on_click=st.session_state.__setitem__,
            args=(session.AS_OF, chosen.number),
        )


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
    found = st.dataframe(
        pd.DataFrame(rows),
        key="desk_versions",
        hide_index=True,
        placeholder="",
        height=min(320, 36 * (len(rows) + 1) + 3),
        alt=t("desk.history"),
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            column: st.column_config.TextColumn(t(f"desk.{column}_col"))
            for column in ("at", "kind", "who", "why", "counts", "undone")
        }
        | {"number": st.column_config.NumberColumn(t("desk.number_col"), format="%d")},
    )
    chosen = found["selection"]["rows"]
    return versions[chosen[0]] if chosen and chosen[0] < len(versions) else None


def _changes(version: Version, city: City, view: View, t: Translate) -> None:
    known = dict(zip(city.atlas.projects["id"], city.atlas.projects["name"], strict=True))
    differences = cache.database().changes(version.number)  # type: ignore[union-attr]
    rows: list[dict[str, object]] = []
    for found in differences[:SHOWN]:
        name = known.get(found.project) or (found.before or found.after or {}).get("name")
        if found.before is None or found.after is None:
            what = "new" if found.before is None else "gone"
            rows.append({"what": t(f"desk.{what}"), "name": name})
            continue
        rows += [
            {
                "what": t("desk.changed"),
                "name": name,
                "field": fields.name(field, view),
                "before": fields.value(city, field, before, view=view, t=t),
                "after": fields.value(city, field, found.after[field], view=view, t=t),
            }
            for field, before in found.before.items()
        ]
    intake.change_table(rows, t, key="history")
