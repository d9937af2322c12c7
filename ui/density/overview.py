"""The first part: map and chart side by side, the table below, and the rows behind a figure."""

from __future__ import annotations

import streamlit as st

from ui.density import chart, files, notes, shown, table, words
from ui.density import map as density_map
from ui.density.scope import Scope


def show(scope: Scope) -> None:
    """Draw the answer to the question."""
    found = shown.get(scope, scope.state.question)
    st.markdown(f"##### {words.title(scope.state.question, scope.t)}")
    left, right = st.columns([0.6, 0.4], gap="small")
    with left, st.container(key="density_map_box"):
        density_map.show(scope, found)
    with right, st.container(key="density_chart"):
        drawn = chart.overview(scope, found)
        notes.said(scope, found)
    table.behind(scope, found)
    table.show(scope, found)
    files.show(scope, found, drawn)
