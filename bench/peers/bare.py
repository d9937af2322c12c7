"""The app's widgets and its table without its map and its computing: what Streamlit itself costs.

Everything shown is worked out once a process for the two states that the measurement visits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from bench.peers import shared
from geo.filters import Filters, select
from ui import cache, controls, i18n, names, table

T = i18n.translator("zh")


@dataclass(frozen=True)
class Shown:
    """Hold the words and rows of one state of the filter."""

    said: str
    options: dict[str, dict[str, str]]
    table: pd.DataFrame


@st.cache_resource(show_spinner=False)
def states() -> dict[bool, Shown]:
    """Prepare the page for no filter and for the few real projects."""
    city = cache.city()
    prepared = {few: _state(city, few=few) for few in (False, True)}
    shared.freeze()
    return prepared


def _state(city: cache.City, *, few: bool) -> Shown:
    selection = select(city.index, Filters(kind=("real",) if few else ()))
    options = {}
    for facet in (*controls.PICKED_FROM_PILLS, *controls.PICKED_FROM_LIST):
        known = names.of_facet(city.atlas, facet, language="zh", t=T)
        counts = selection.counts[facet]
        options[facet] = {
            option: controls.plain(f"{name}（{counts.get(option, 0)}）")
            for option, name in known.items()
        }
    return Shown(
        said=f"{int(selection.rows.sum())} / {len(selection.rows)}",
        options=options,
        table=_table(city, selection.rows),
    )


def _table(city: cache.City, rows: np.ndarray) -> pd.DataFrame:
    atlas = city.atlas
    shown = atlas.projects.iloc[table.ordered(city, rows)[: table.MAX_ROWS]]
    stages = names.of_facet(atlas, "stage", language="zh", t=T)
    return pd.DataFrame(
        {
            "name": shown["name"],
            "stage": shown["stage"].map(stages),
            "invest_yi": shown["invest_wan"].astype("Float64") / 10_000,
        }
    )


def panel(shown: Shown) -> None:
    """Draw the sidebar's widgets."""
    st.subheader("filter")
    st.text_input("search", key="f_text", max_chars=100, placeholder="…")
    for facet in controls.PICKED_FROM_PILLS:
        words = shown.options[facet]
        st.pills(
            facet, list(words), key=f"f_{facet}", selection_mode="multi", format_func=words.get
        )
    for facet in controls.PICKED_FROM_LIST:
        words = shown.options[facet]
        st.multiselect(facet, list(words), key=f"f_{facet}", format_func=words.get, placeholder="…")
    st.markdown("investment")
    with st.container(horizontal=True):
        for bound in ("f_low", "f_high"):
            st.number_input(bound, key=bound, value=None, min_value=0.0, max_value=1e6, step=1.0)
    st.button("reset", key="reset", width="stretch")


def head() -> None:
    """Draw the title and the ways to elsewhere."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html("<h1>title</h1>", width="content")
        with st.container(horizontal=True, width="content", gap="small"):
            st.page_link("https://127.0.0.1/", label="map")
            st.page_link("https://127.0.0.1/about", label="about")
        st.button("language", key="language", help="language")
    st.html("<style>.bare { color: red }</style>")


def above(shown: Shown, *, few: bool) -> None:
    """Draw what stands above the map: banner, switches, chips, figures."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"banner **{shown.said}**", width="stretch")
        st.button("show" if few else "hide", key="banner")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{shown.said}**", width="content")
        st.segmented_control("mode", ["map", "table"], key="mode", default="map")
        st.segmented_control("colour", ["stage", "industry"], key="colour", default="stage")
        with st.container(horizontal=True, gap="small"):
            if few:
                st.button("chip  ✕", key="chip_0", help="remove")
                st.button("reset", key="chip_all", type="tertiary")
    with st.container(horizontal=True, gap="small"):
        for figure in ("projects", "invest", "plan", "rate", "rate_value"):
            label = f"**{shown.said}**  \n{figure}"
            st.button(label, key=f"figure_{figure}", help="open", width="stretch")


def beside(shown: Shown) -> None:
    """Draw what stands beside the map: table, list of the unmapped, downloads."""
    st.dataframe(
        shown.table,
        key="table",
        hide_index=True,
        height=470,
        column_config={
            "name": st.column_config.TextColumn("name", width=196),
            "stage": st.column_config.TextColumn("stage", width=48),
            "invest_yi": st.column_config.NumberColumn("invest", format="%.2f", width=66),
        },
        on_select="rerun",
        selection_mode="single-row",
    )
    st.caption("table")
    st.button("unmapped", key="unmapped", width="stretch")
    with st.popover("download", icon=":material/download:", width="stretch"):
        st.caption(shown.said)
        for kind in ("xlsx", "csv", "geojson", "kml", "html"):
            st.download_button(
                kind, data=lambda: b"", file_name=kind, key=f"download_{kind}", on_click="ignore"
            )
        st.caption("how")


st.set_page_config(layout="wide", initial_sidebar_state="auto")
few = bool(st.session_state.get("f_kind"))
now = states()[few]
head()
place = st.container()
left, right = st.columns([0.66, 0.34], gap="small")
with left, st.container(key="said"):
    st.markdown(now.said)  # stands where the app has its map, and like it comes first
with st.sidebar:
    panel(now)
with place:
    above(now, few=few)
with right:
    beside(now)
