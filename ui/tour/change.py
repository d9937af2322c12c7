"""Change a planned tour by hand: move, lock or drop a stop, and plan the rest of a day that runs late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import streamlit as st

from geo.errors import GeoError
from geo.tour import tour as tours
from geo.tour.itinerary import Place, Stop, clock
from geo.tour.planning import Plan
from geo.tour.tour import Tour
from ui.cache import City
from ui.i18n import Translate
from ui.tour import draft
from ui.tour.stops import minutes_of

TO, LEAVE = "tour_to", "tour_leave"


def show(city: City, plan: Plan, stop: Stop, *, number: int, t: Translate) -> None:
    """Draw what can be done with one stop of a day."""
    ids = list(plan.tour.order[number])
    at = ids.index(stop.project_id)
    with st.container(key="tour_actions", border=True):
        with st.container(horizontal=True, gap="small"):
            _step(city, stop, number, at - 1, label=t("tour.up"), why=_first(at, t))
            last = t("tour.is_last") if at == len(ids) - 1 else None
            _step(city, stop, number, at + 1, label=t("tour.down"), why=last)
            _lock_button(city, plan, stop, (number, at + 1), t)
            st.button(
                t("tour.drop"),
                key="tour_drop",
                on_click=draft.by_hand,
                args=(city, _dropping(stop.project_id)),
            )
        _to(city, plan, stop, (number, at), t)
        _late_form(city, stop, number, t)


def _first(at: int, t: Translate) -> str | None:
    return t("tour.is_first") if at == 0 else None


def _step(city: City, stop: Stop, day: int, to: int, *, label: str, why: str | None) -> None:
    st.button(
        label,
        key=f"tour_step_{label}",
        on_click=draft.by_hand,
        args=(city, _moving(stop.project_id, day, to)),
        disabled=why is not None,
        help=why,
    )


def _lock_button(city: City, plan: Plan, stop: Stop, place: tuple[int, int], t: Translate) -> None:
    asked = next(s for s in plan.tour.stops if s.project == stop.project_id)
    locked = asked.position is not None
    st.button(
        t("tour.unlock" if locked else "tour.lock"),
        key="tour_lock",
        on_click=_lock,
        args=(city, stop.project_id, None if locked else place),
        help=t("tour.lock_help"),
    )


def _to(city: City, plan: Plan, stop: Stop, here: tuple[int, int], t: Translate) -> None:
    """Draw where else the stop can go: any place of any day."""
    places = [
        (day, at)
        for day, ids in enumerate(plan.tour.order)
        for at in range(len(ids) + (day != here[0]))
        if (day, at) != here
    ]
    if not places:
        return
    st.session_state[TO] = None
    st.selectbox(
        t("tour.move_to"),
        places,
        key=TO,
        format_func=lambda place: place_name(plan, place, t),
        placeholder=t("tour.move_to"),
        label_visibility="collapsed",
        on_change=_move_to,
        args=(city, stop.project_id),
    )


def place_name(plan: Plan, place: tuple[int, int], t: Translate) -> str:
    """Name a place of the tour by its day, where there are several, and its position."""
    day, at = place
    if len(plan.tour.days) == 1:
        return t("tour.place_n", n=at + 1)
    return t("tour.place_of_day", day=day + 1, n=at + 1)


def _move_to(city: City, project: str) -> None:
    place = st.session_state[TO]
    if place is not None:
        draft.by_hand(city, _moving(project, *place))


def _moving(project: str, day: int, to: int) -> Callable[[Tour], Tour]:
    return lambda tour: tours.moved(tour, project, day=day, position=to)


def _dropping(project: str) -> Callable[[Tour], Tour]:
    return lambda tour: tours.dropped(tour, project)


def _lock(city: City, project: str, place: tuple[int, int] | None) -> None:
    """Pin a stop where it is and let the planner order the others, or let it go."""
    day, position = place or (None, None)

    def change(tour: Tour) -> Tour:
        stops = [
            replace(s, day=day, position=position) if s.project == project else s
            for s in tour.stops
        ]
        return replace(tour, stops=tuple(stops), mode="plan")

    if draft.changed(change):
        draft.make_plan(city)


def _late_form(city: City, stop: Stop, day: int, t: Translate) -> None:
    with (
        st.form("tour_late", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        key = _leave_key(stop)
        st.text_input(t("tour.leave_at"), clock(stop.departs), key=key, width=150, max_chars=5)
        st.form_submit_button(
            t("tour.replan_rest"),
            on_click=_late,
            args=(city, stop, day, t),
            help=t("tour.rest_help"),
        )


def _leave_key(stop: Stop) -> str:
    return f"{LEAVE}_{stop.project_id}_{stop.departs:.0f}"


def _late(city: City, stop: Stop, day: int, t: Translate) -> None:
    """Plan what is left of the day from a stop at the typed time; the whole tour is kept."""
    whole = st.session_state.get(draft.WHOLE) or (
        draft.current(city),
        st.session_state.get(draft.STORED),
    )

    def change(tour: Tour) -> Tour:
        now = minutes_of(st.session_state[_leave_key(stop)])
        if now is None:
            raise GeoError("tour.clock", read="")
        rest = tours.late(tour, day=day, stop=stop.project_id, now=now)
        here = Place(stop.name, stop.lon, stop.lat)
        days = (replace(rest.days[0], start=here), *rest.days[1:])
        named = whole[0].title or f"{whole[0].first:%Y-%m-%d}"
        first = tour.first + timedelta(days=day)
        return replace(rest, days=days, first=first, title=t("tour.rest_title", title=named))

    if draft.changed(change):
        st.session_state[draft.WHOLE] = whole
        st.session_state.pop(draft.STORED, None)  # saving must not put the rest over the whole
        draft.make_plan(city)
        draft.show_whole()


def rest_notice(city: City, t: Translate) -> None:
    """Say that this is only the rest of a tour, and lead back to the whole of it."""
    if draft.WHOLE not in st.session_state:
        return
    with st.container(key="tour_rest", border=True):
        st.markdown(t("tour.rest"))
        st.button(t("tour.whole_again"), key="tour_whole_again", on_click=_whole, args=(city,))


def _whole(city: City) -> None:
    tour, stored = st.session_state.pop(draft.WHOLE)
    if stored is not None:
        st.session_state[draft.STORED] = stored
    draft.put(tour)
    draft.make_plan(city)
    draft.show_whole()
