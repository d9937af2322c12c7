"""The home page: the project map. Open the city, take the view, select, show."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geo.view import COLOURS, MODES, View
from ui import (
    card,
    controls,
    downloads,
    figures,
    frame,
    map_view,
    notices,
    table,
    unmapped,
)
from ui.cache import City
from ui.i18n import Translate


def page(city: City, view: View, t: Translate) -> None:
    """Show the projects of a view: filters, figures, map, list, card."""
    selection = city.select(view.filters)
    rows = selection.rows
    on_map = view.mode == "map"
    above = st.container(key="above")  # filled after the map, which is what a visitor waits for
    left, right = st.columns([0.66, 0.34] if on_map or view.project else [0.78, 0.22], gap="small")
    with left:
        if on_map:
            map_view.show(city, view, selection, t)
        else:
            table.linked(city, view, rows, columns=table.WIDE, height=600, t=t)
    with st.sidebar:
        controls.panel(city, view, selection, t)
    with above:
        _above(city, view, rows, t)
    with right:
        if view.project:
            card.show(city, view, t)
        elif on_map:
            with st.container(key="list"):
                table.linked(city, view, rows, columns=table.SHORT, height=470, t=t)
        unmapped.show(city, view, rows, t)
        downloads.show(city, view, rows, t)


def _above(city: City, view: View, rows: np.ndarray, t: Translate) -> None:
    with st.container(key="notices"):
        notices.address(t)
        notices.earlier(t)
        notices.samples(city, view, rows, t)
    with st.container(horizontal=True, key="bar", vertical_alignment="center"):
        notices.count(rows, t)
        controls.switch("mode", MODES, view.mode, t)
        controls.switch("colour", COLOURS, view.colour, t)
        controls.chips(city, view, t)
    figures.show(city, view, rows, t)


frame.run(page, title="app.nav_map")
