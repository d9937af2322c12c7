"""How dense projects are: ask, see it on map and chart, compare places, take it along."""

from __future__ import annotations

import streamlit as st

from geo.view import View
from ui import controls as filters
from ui import frame, notices
from ui.cache import City
from ui.density import asked, controls, notes, parts, scratch
from ui.density.scope import Scope
from ui.i18n import Translate


def page(city: City, view: View, t: Translate) -> None:
    """Show the question, and the part of the page that answers it."""
    state = asked.current(city)
    scope = scratch.applied(Scope(city, city, view, city.select(view.filters), state, t))
    above = st.container(key="above")  # filled after the map, which is what a visitor waits for
    parts.show(scope)
    with st.sidebar:
        filters.panel(city, view, scope.selection, t)
    with above:
        with st.container(key="notices"):
            notices.address(t)
            notes.address(t)
            notices.earlier(t)
            notices.samples(scope.city, view, scope.rows, t)
            scratch.banner(scope)
        controls.show(scope)


frame.run(page, title="dense.title_page", sidebar="collapsed")
