"""The sites of a tour: brought in from map, filter or name, and what is asked of each."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.filters import Selection
from geo.tour.tour import MOST_STOPS, Asked, Tour
from ui.cache import City
from ui.i18n import Translate
from ui.tour import draft

USUAL, MANY = 11, 14  # stops of a usual day; more than so many hardly fit into one
_CLOCK = re.compile(r"([01]?\d|2[0-9]):([0-5]\d)")


def show(city: City, selection: Selection, t: Translate) -> None:
    """Draw the ways to bring sites in, and the list of those that are."""
    tour = draft.current(city)
    st.caption(t("tour.choose_hint"))
    placed = selection.rows & city.atlas.projects["mapped"].to_numpy(dtype=bool)
    fresh = [
        str(id_)
        for id_ in city.atlas.projects["id"].to_numpy()[np.flatnonzero(placed)]
        if id_ not in set(tour.ids)
    ]
    full = len(fresh) + len(tour.stops) > MOST_STOPS
    with st.container(horizontal=True, key="tour_add"):
        st.button(
            t("tour.add_filtered", n=len(fresh)),
            key="tour_add_filtered",
            on_click=draft.add,
            args=(city, fresh),
            disabled=not fresh or full,
            help=_why_not(len(fresh), full, t),
        )
        st.button(
            t("tour.clear"),
            key="tour_clear",
            on_click=draft.remove,
            args=(tour.ids,),
            disabled=not tour.stops,
            help=None if tour.stops else t("tour.none_chosen"),
        )
    _by_name(city, tour, t)
    if not tour.stops:
        st.info(t("tour.none_chosen"), icon=":material/add_location_alt:")
        return
    st.markdown(f"**{t('tour.chosen_n', n=len(tour.stops))}**")
    _too_many(tour, t)
    _editor(tour, t)
    if any(asked.day is not None for asked in tour.stops):
        st.caption(t("tour.day_locked"))


def _why_not(fresh: int, full: bool, t: Translate) -> str | None:
    if not fresh:
        return t("tour.add_none")
    return t("tour.add_full", n=MOST_STOPS) if full else None


def _too_many(tour: Tour, t: Translate) -> None:
    """Offer to let the planner choose where more are asked for than a day can hold."""
    if tour.most is not None or len(tour.stops) <= MANY * len(tour.days):
        return
    with st.container(key="tour_many", border=True):
        st.markdown(t("tour.many", n=len(tour.stops)))
        st.button(
            t("tour.pick_best", n=USUAL * len(tour.days)),
            key="tour_pick_best",
            on_click=_let_choose,
            args=(USUAL * len(tour.days),),
        )


def _let_choose(most: int) -> None:
    def change(tour: Tour) -> Tour:
        stops = tuple(replace(stop, must=False) for stop in tour.stops)
        return replace(tour, most=most, stops=stops)

    draft.changed(change)


def _by_name(city: City, tour: Tour, t: Translate) -> None:
    projects = city.atlas.projects
    known = set(tour.ids)
    options = [
        row
        for row in city.order
        if projects["mapped"].iat[row] and projects["id"].iat[row] not in known
    ]
    st.session_state["tour_name"] = None
    st.selectbox(
        t("tour.by_name"),
        options,
        key="tour_name",
        format_func=lambda row: projects["name"].iat[row],
        placeholder=t("tour.by_name_hint"),
        on_change=_take_name,
        args=(city,),
        label_visibility="collapsed",
    )


def _take_name(city: City) -> None:
    row = st.session_state["tour_name"]
    if row is not None:
        draft.add(city, [str(city.atlas.projects["id"].iat[row])])


def _editor(tour: Tour, t: Translate) -> None:
    frame = pd.DataFrame(
        {
            "name": [stop.name for stop in tour.stops],
            "out": [False] * len(tour.stops),
            "minutes": [stop.minutes for stop in tour.stops],
            "must": [stop.must for stop in tour.stops],
            "earliest": [clock_text(stop.earliest) for stop in tour.stops],
            "latest": [clock_text(stop.latest) for stop in tour.stops],
            "priority": [stop.priority for stop in tour.stops],
            "place": [_place_text(stop) for stop in tour.stops],
        }
    )
    key = f"tour_stops_{st.session_state.get(draft.EDITS, 0)}"
    column = st.column_config
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="fixed",
        disabled=["name"],
        height=min(420, 37 * (len(frame) + 1) + 2),
        placeholder="",
        column_order=_columns(tour),
        column_config={
            "name": column.TextColumn(t("tour.site"), width=185),
            "minutes": column.NumberColumn(
                t("tour.minutes"), min_value=0, max_value=600, step=5, width=68
            ),
            "must": column.CheckboxColumn(t("tour.must"), width=68),
            "earliest": column.TextColumn(t("tour.earliest"), width=68),
            "latest": column.TextColumn(t("tour.latest"), width=68),
            "priority": column.NumberColumn(
                t("tour.priority"), min_value=0, max_value=100, step=1, width=68
            ),
            "place": column.SelectboxColumn(
                t("tour.position"),
                options=["", *map(str, range(1, min(len(frame), 20) + 1)), "-1"],
                format_func=lambda place: t("tour.last") if place == "-1" else place,
                width=68,
                required=False,
            ),
            "out": column.CheckboxColumn(t("tour.out"), width=68),
        },
        on_change=_take_edits,
        args=(key,),
    )
    st.caption(t("tour.editor_hint"))


def _columns(tour: Tour) -> list[str]:
    """Return the columns in order; priority means something only where the planner chooses."""
    choosing = tour.most is not None or not all(stop.must for stop in tour.stops)
    return [
        *("name", "minutes", "must", "earliest", "latest"),
        *(["priority"] if choosing else []),
        *("place", "out"),
    ]


def _take_edits(key: str) -> None:
    rows: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]

    def change(tour: Tour) -> Tour:
        stops = list(tour.stops)
        for row, values in rows.items():
            stops[row] = _edited(stops[row], values)
        out = {tour.stops[row].project for row, values in rows.items() if values.get("out")}
        kept = [stop for stop in stops if stop.project not in out]
        order = tuple(tuple(i for i in ids if i not in out) for ids in tour.order)
        return replace(tour, stops=tuple(kept), order=order)

    draft.changed(change)


def _edited(stop: Asked, values: dict[str, Any]) -> Asked:
    numbers = {name: float(values[name] or 0) for name in ("minutes", "priority") if name in values}
    times = {name: minutes_of(values[name]) for name in ("earliest", "latest") if name in values}
    found = replace(stop, **numbers, **times)
    if "must" in values:
        found = replace(found, must=bool(values["must"]))
    if "place" in values:
        found = replace(found, position=int(values["place"]) if values["place"] else None)
    return found


def minutes_of(text: str | None) -> float | None:
    """Read a time of day as minutes; empty is None. Error `tour.clock` (read)."""
    if not (text or "").strip():
        return None
    found = _CLOCK.fullmatch(str(text).strip().replace("：", ":"))
    if not found:
        raise GeoError("tour.clock", read=text)
    return int(found[1]) * 60.0 + int(found[2])


def clock_text(minutes: float | None) -> str:
    """Write minutes as a time of day that `minutes_of` reads back; None is empty."""
    if minutes is None:
        return ""
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _place_text(stop: Asked) -> str:
    return "" if stop.position is None else str(stop.position)
