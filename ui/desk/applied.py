"""What came of the last step: the version that it made, with the way back, or why it was refused."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.view import View
from ui import account, cache, i18n
from ui.cache import City
from ui.controls import plain
from ui.i18n import Translate

VERSION, REFUSED, UNDONE = "desk_version", "desk_refused", "desk_undone"


def remember(version: int) -> None:
    """Keep the version that an import made, for the message after it."""
    st.session_state[VERSION] = version


def refuse(error: GeoError) -> None:
    """Keep why a step was refused, for the message after it."""
    st.session_state[REFUSED] = error


def undo(version: int) -> None:
    """Take a version back from a callback."""
    try:
        made = cache.database().undo(version, who=account.name())  # type: ignore[union-attr]
        st.session_state[UNDONE] = (version, made)
        st.session_state.pop(VERSION, None)
    except GeoError as error:
        refuse(error)


def show(city: City, view: View, t: Translate) -> None:
    """Say once what came of the last step; an import offers to be undone."""
    if error := st.session_state.pop(REFUSED, None):
        st.error(plain(i18n.sentence(error, t)), icon=":material/block:")
    if undone := st.session_state.pop(UNDONE, None):
        st.success(t("desk.undone", version=undone[0], made=undone[1]), icon=":material/undo:")
    if version := st.session_state.get(VERSION):
        with st.container(horizontal=True, vertical_alignment="center", key="desk_done"):
            st.success(t("desk.applied", version=version), icon=":material/check_circle:")
            st.button(t("desk.undo"), key="desk_undo", on_click=undo, args=(version,))
