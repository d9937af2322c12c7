"""The tour planner: choose sites, say the rules, get the best day, change it, take it along."""

from __future__ import annotations

import streamlit as st

from geo.render.command import tour_layer
from geo.view import View
from ui import controls, frame, map_view, settings
from ui.cache import City
from ui.i18n import Translate
from ui.tour import day, draft, keep, rules, stops

PARTS = ("choose", "rules", "day", "keep")


def page(city: City, view: View, t: Translate) -> None:
    """Show map and planner side by side."""
    if settings.is_public():
        st.info(t("tour.public"), icon=":material/lock:")
        return
    keep.open_linked(city)
    selection = city.select(view.filters)
    left, right = st.columns([0.55, 0.45], gap="small")
    with left, st.container(key="tour_map"):
        map_view.show(
            city,
            view,
            selection,
            t,
            tour=_layer(city, t),
            picked=lambda: draft.take_pick(city, map_view.KEY),
        )
    with st.sidebar:
        controls.panel(city, view, selection, t)
    with right, st.container(key="tour_side"):
        part = _steps(city, t)
        if part == "choose":
            stops.show(city, selection, t)
        elif part == "rules":
            rules.show(city, t)
        elif part == "day":
            day.show(city, t)
        else:
            keep.show(city, view, t)


def _layer(city: City, t: Translate) -> dict[str, object]:
    plan = draft.planned(city)
    return tour_layer(
        plan.itinerary if plan else None,
        datum=city.basemap.datum,
        ends=(t("tour.mark_start"), t("tour.mark_end")),
        rows=city.row_of,
        chosen=draft.current(city).ids,
        fit=st.session_state.get(draft.FIT, 0),
    )


def _steps(city: City, t: Translate) -> str:
    """Draw the steps and what plans the tour; return the step that is open."""
    st.session_state.setdefault(draft.PART, PARTS[0])
    part = st.segmented_control(
        t("tour.parts"),
        PARTS,
        key=draft.PART,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda name: t(f"tour.part_{name}"),
    )
    if part != "rules":  # which has a button of its own, so that no rule is forgotten
        day.plan_now(city, t)
    day.fault(t)
    return str(part)


frame.run(page, title="tour.title_page", sidebar="collapsed")
