"""The tour that a session works on: kept in the session, changed by callbacks, planned on demand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from geo.errors import GeoError
from geo.tour import hand
from geo.tour import tour as tours
from geo.tour.itinerary import Place
from geo.tour.places import known
from geo.tour.planning import Plan, plan
from geo.tour.problem import Solution
from geo.tour.tour import Asked, Span, Tour
from ui import cache, session
from ui.cache import City

TOUR, PLAN, FAULT, STORED = "tour_draft", "tour_plan", "tour_fault", "tour_stored"
PICKED = "tour_picked"  # the map keeps its last event through every run; each counts once
EDITS = "tour_edits"  # counts changes, so that the editor of stops starts afresh
PART = "tour_part"
SELECTED = "tour_selected"  # the stop that the page holds open for changes
FIT = "tour_fit"  # counts the plans that the map shows whole
BEST = "tour_best"  # what the tour asks for, and the planner's answer to it
WHOLE = "tour_whole"  # the tour and its id before only the rest of it was planned afresh


@dataclass(frozen=True)
class Stored:
    """Say which kept tour the draft is, and which revision of it was read."""

    id: str
    revision: int


def current(city: City) -> Tour:
    """Return the tour in work; a new session begins with an empty one, tomorrow."""
    if TOUR not in st.session_state:
        place = city.atlas.catalogue.city
        today = datetime.now(ZoneInfo(place.time_zone)).date()
        home = places(city)[0]
        st.session_state[TOUR] = Tour(
            title="", first=today + timedelta(days=1), days=(Span(home, home),)
        )
    tour: Tour = st.session_state[TOUR]
    return tour


def places(city: City) -> list[Place]:
    """Return the places that a tour can start from: towns, then parks."""
    return city.recent.get("places", lambda: known(city.atlas))


def put(tour: Tour) -> None:
    """Take a changed tour from a callback; a plan of the old one is out of date from now on."""
    st.session_state[TOUR] = tour
    st.session_state[EDITS] = st.session_state.get(EDITS, 0) + 1
    st.session_state.pop(FAULT, None)


def changed(change: Callable[[Tour], Tour]) -> bool:
    """Change the tour from a callback; a change that contradicts itself is told, not taken."""
    try:
        put(change(st.session_state[TOUR]))
    except GeoError as error:
        st.session_state[FAULT] = error
        return False
    return True


def add(city: City, ids: Sequence[str]) -> None:
    """Add sites that have a place and are not there yet."""
    tour = current(city)
    known = set(tour.ids)
    projects = city.atlas.projects
    rows = [city.row_of[id_] for id_ in ids if id_ in city.row_of and id_ not in known]
    placed = projects.iloc[rows]
    placed = placed[placed["mapped"]]
    must = tour.most is None
    new = [
        Asked(project=str(id_), name=str(name), must=must)
        for id_, name in zip(placed["id"], placed["name"], strict=True)
    ]
    changed(lambda old: tours.with_stops(old, [*old.stops, *new]))


def remove(ids: Sequence[str]) -> None:
    """Take sites out of the tour."""
    gone = set(ids)
    changed(lambda old: tours.with_stops(old, [s for s in old.stops if s.project not in gone]))


def take_pick(city: City, key: str) -> None:
    """Act on what was picked on the map.

    A site comes in or goes out, a loop brings all in, the legend and areas filter as on the map's
    own page; in a planned tour a stop opens, and any other site comes in where it costs least.
    """
    event = (st.session_state.get(key) or {}).get("event")
    if not isinstance(event, dict) or event.get("n") == st.session_state.get(PICKED):
        return
    st.session_state[PICKED] = event.get("n")
    if event.get("kind") == "filter":
        session.take_event(city, key)
        return
    ids = city.atlas.projects["id"]
    rows = event.get("rows") if event.get("kind") == "lasso" else [event.get("row")]
    if event.get("kind") not in ("lasso", "project") or not isinstance(rows, list):
        return
    chosen = [str(ids.iloc[r]) for r in rows if isinstance(r, int) and 0 <= r < len(ids)]
    if event["kind"] == "lasso":
        add(city, chosen)
    elif chosen:
        _take_one(city, chosen[0])


def _take_one(city: City, project: str) -> None:
    made = planned(city)
    if made and st.session_state.get(PART) == "day":
        if any(project in ids for ids in made.tour.order):
            st.session_state[SELECTED] = project
        else:
            insert(city, project)
    elif project in current(city).ids:
        remove([project])
    else:
        add(city, [project])


def insert(city: City, project: str, *, place: tuple[int, int] | None = None) -> None:
    """Bring a site into the planned order, at a place (day, position from 0) or where it costs least."""
    add(city, [project])
    if project not in current(city).ids:
        return  # it has no place, or there are too many: told already
    try:
        day, position = place or hand.best_place(
            current(city), project, atlas=city.atlas, travel=cache.travel()
        )
    except GeoError as error:
        st.session_state[FAULT] = error
        return
    st.session_state[SELECTED] = project
    by_hand(city, lambda tour: tours.moved(tour, project, day=day, position=position))


def planned(city: City) -> Plan | None:
    """Return the plan of the tour in work, None where there is none or it is out of date."""
    kept = st.session_state.get(PLAN)
    return kept[1] if kept and kept[0] == _key(city, current(city)) else None


def make_plan(city: City) -> None:
    """Plan the tour in work; what stands against it is kept for the page to say."""
    tour = current(city)
    st.session_state.pop(FAULT, None)
    stored: Stored | None = st.session_state.get(STORED)
    try:
        made = plan(
            tour,
            id_=stored.id if stored else "new",
            atlas=city.atlas,
            travel=cache.travel(),
            known=_known(city, tour),
        )
    except GeoError as error:
        st.session_state.pop(PLAN, None)
        st.session_state[FAULT] = error
        return
    st.session_state[TOUR] = made.tour
    st.session_state[PLAN] = (_key(city, made.tour), made)
    if made.best is not None or made.tour.mode == "plan":
        st.session_state[BEST] = (_key(city, _asked(tour)), made.best or made.solution)


def _asked(tour: Tour) -> Tour:
    """Return a tour without what was settled: those that ask for the same have the same best."""
    return replace(tour, order=(), mode="plan", title="")


def _known(city: City, tour: Tour) -> Solution | None:
    key, best = st.session_state.get(BEST, (None, None))
    return best if key == _key(city, _asked(tour)) else None


def _key(city: City, tour: Tour) -> tuple[str, str]:
    return city.addresses["points"][-60:], tours.to_json(tour)


def plan_afresh(city: City) -> None:
    """Let the planner choose the order, whatever it was before."""
    put(replace(current(city), mode="plan"))
    make_plan(city)
    show_whole()


def show_whole() -> None:
    """Show a plan that was made afresh: its page, no stop open, the map on all of it."""
    st.session_state[FIT] = st.session_state.get(FIT, 0) + 1
    st.session_state.pop(SELECTED, None)
    if FAULT not in st.session_state:
        st.session_state[PART] = "day"


def by_hand(city: City, change: Callable[[Tour], Tour]) -> None:
    """Change the order by hand, and give it its times at once."""
    if changed(change):
        make_plan(city)
