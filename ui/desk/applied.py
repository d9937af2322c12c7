"""What came of the last step: the version that it made, with the way back, or why it was refused."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.series.text import Texts, spoken
from geo.store import Store
from geo.store.roles import may_change
from geo.view import View
from ui import account, cache
from ui.cache import City
from ui.failing import refusal
from ui.i18n import Translate

VERSION, REFUSED, UNDONE = "desk_version", "desk_refused", "desk_undone"


def remember(version: int) -> None:
    """Keep the version that an import made, for the message after it."""
    st.session_state[VERSION] = version


def refuse(error: GeoError) -> None:
    """Keep why a step was refused, for the message after it."""
    st.session_state[REFUSED] = error


def undo(version: int) -> None:
    """Take a version back from a callback; who may is asked here, whatever the page has shown."""
    try:
        kept: Store = cache.database()  # type: ignore[assignment]
        if not _may_undo(kept, version):
            raise GeoError("not_your_version", version=version)
        made = kept.undo(version, who=account.name())
        st.session_state[UNDONE] = (version, made)
        st.session_state.pop(VERSION, None)
    except GeoError as error:
        refuse(error)


def _may_undo(kept: Store, version: int) -> bool:
    """The office takes back any version, staff their own ones that lie within their units."""
    role = account.role()
    if role.kind != "staff":
        return role.kind == "office"
    who = next((entry.who for entry in kept.history() if entry.number == version), None)
    if who != account.name():
        return False
    if kept.series.changes(version):  # figures of the whole city: the office's, whoever wrote them
        return False
    touched = {change.project for change in kept.changes(version)}
    for moment in (version - 1, version):
        table = kept.projects(as_of=moment)
        rows = table.loc[table["id"].isin(touched), ["county", "park"]].to_dict("records")
        if not all(may_change(role, row) for row in rows):
            return False
    return True


def show(city: City, view: View, t: Translate) -> None:
    """Say once what came of the last step; an import offers to be undone."""
    if error := st.session_state.pop(REFUSED, None):
        named = spoken(error, Texts(city.atlas, view.language))
        st.error(refusal(named, account.role(), t), icon=":material/block:")
    if undone := st.session_state.pop(UNDONE, None):
        st.success(t("desk.undone", version=undone[0], made=undone[1]), icon=":material/undo:")
    if version := st.session_state.get(VERSION):
        with st.container(horizontal=True, vertical_alignment="center", key="desk_done"):
            st.success(t("desk.applied", version=version), icon=":material/check_circle:")
            st.button(t("desk.undo"), key="desk_undo", on_click=undo, args=(version,))
