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
    keep.open_linked(city, t)
    selection = city.select(view.filters)
    plan = draft.planned(city)
    left, right = st.columns([0.58, 0.42], gap="small")
    with left:
        layer = tour_layer(
            plan.itinerary if plan else None,
            datum=city.basemap.datum,
            start=t("tour.mark_start"),
            end=t("tour.mark_end"),
        )
        map_view.show(
            city, view, selection, t, tour=layer, picked=lambda: draft.take_pick(city, map_view.KEY)
        )
    with st.sidebar:
        controls.panel(city, view, selection, t)
    with right:
        st.session_state.setdefault(draft.PART, PARTS[0])
        part = st.segmented_control(
            t("tour.parts"),
            PARTS,
            key=draft.PART,
            required=True,
            label_visibility="collapsed",
            format_func=lambda name: t(f"tour.part_{name}"),
        )
        st.button(
            t("tour.plan_now"),
            key="tour_plan_now",
            type="primary",
            on_click=draft.plan_afresh,
            args=(city,),
            disabled=not draft.current(city).stops,
            width="stretch",
        )
        day.fault(t)
        if part == "choose":
            stops.show(city, view, selection, t)
        elif part == "rules":
            rules.show(city, t)
        elif part == "day":
            day.show(city, t)
        else:
            keep.show(city, view, t)


frame.run(page, title="tour.title_page")
