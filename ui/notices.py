"""What a visitor must be told above the map: how many rows, which are samples, what was dropped."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geo.view import View
from ui import session
from ui.cache import City
from ui.i18n import Translate


def address(t: Translate) -> None:
    """Say which parts of the address could not be read."""
    if dropped := st.session_state[session.DROPPED]:
        keys = "、".join(t("notice.oversized") if key == "?" else key for key in dropped)
        st.warning(t("notice.url", keys=keys), icon=":material/link_off:")


def earlier(t: Translate) -> None:
    """Say that this is not the newest data version, with the way back to it."""
    if (version := st.session_state.get(session.AS_OF)) is None:
        return
    with st.container(key="earlier", horizontal=True, vertical_alignment="center"):
        st.markdown(t("desk.as_of", version=version), width="stretch")
        st.button(
            t("desk.newest"), key="newest", on_click=st.session_state.pop, args=(session.AS_OF,)
        )


def count(rows: np.ndarray, t: Translate) -> None:
    """Say how many of all projects are shown, in red when none is."""
    shown = int(rows.sum())
    text = t("filter.count", shown=shown, total=len(rows))
    st.markdown(f":red[**{text}**]" if not shown else f"**{text}**", width="content")


def samples(city: City, view: View, rows: np.ndarray, t: Translate) -> None:
    """Say how many samples are shown, with the one switch that hides them."""
    sample = int(city.atlas.projects["sample"].to_numpy(dtype=bool)[rows].sum())
    hidden = view.filters.kind == ("real",)
    if not sample and not hidden:
        return
    with st.container(key="banner", horizontal=True, vertical_alignment="center"):
        said = (
            t("banner.hidden") if hidden else t("banner.sample", n=int(rows.sum()), sample=sample)
        )
        st.markdown(said, width="stretch")
        st.button(
            t("banner.show") if hidden else t("banner.hide"),
            key="banner_switch",
            on_click=session.narrow,
            kwargs={"kind": () if hidden else ("real",)},
        )
