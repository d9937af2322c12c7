"""The rules of a tour: when and where it starts, how long it may take, what it must cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import streamlit as st

from geo.tour.itinerary import Place
from geo.tour.places import typed
from geo.tour.tour import MOST_DAYS, Meal, Span, Tour
from ui.cache import City
from ui.i18n import Translate
from ui.tour import draft

OBJECTIVES = ("finish", "driving")


def show(city: City, t: Translate) -> None:
    """Draw the rules as one form; nothing is taken before it is sent."""
    tour = draft.current(city)
    with st.form("tour_rules", border=False):
        # above the rules: the plan that it makes is then in sight
        st.form_submit_button(
            t("tour.take_rules" if tour.stops else "tour.keep_rules"),
            type="primary",
            on_click=_take,
            args=(city,),
            width="stretch",
        )
        _day(city, tour, t)
        _choice(tour, t)
        _pace(city, tour, t)


def _day(city: City, tour: Tour, t: Translate) -> None:
    day = tour.days[0]
    st.text_input(t("tour.title"), tour.title, key="r_title", max_chars=80)
    one, two = st.columns(2)
    one.date_input(t("tour.date"), tour.first, key="r_first", format="YYYY-MM-DD")
    two.number_input(t("tour.days"), 1, MOST_DAYS, len(tour.days), key="r_days")
    _place(city, t("tour.start"), day.start, key="r_start", t=t)
    _place(city, t("tour.end"), tour.days[-1].end, key="r_end", t=t)
    if len(tour.days) > 1:
        _place(city, t("tour.night"), day.end, key="r_night", t=t)
    st.caption(t("tour.place_help"))
    one, two = st.columns(2)
    one.time_input(t("tour.departs"), _time(day.departs), key="r_departs", step=300)
    two.time_input(t("tour.returns"), _time(day.returns), key="r_returns", step=300)
    st.caption(t("tour.returns_hint"))


def _place(city: City, label: str, chosen: Place, *, key: str, t: Translate) -> None:
    names = [place.name for place in draft.places(city)]
    st.selectbox(
        label,
        names if chosen.name in names else [chosen.name, *names],
        index=names.index(chosen.name) if chosen.name in names else 0,
        key=key,
        accept_new_options=True,
        placeholder=t("tour.place_hint"),
    )


def _choice(tour: Tour, t: Translate) -> None:
    st.markdown(f"**{t('tour.choice')}**")
    one, two = st.columns(2)
    one.number_input(t("tour.most"), 0, 60, tour.most or 0, key="r_most")
    two.number_input(t("tour.industries"), 0, 20, tour.industries, key="r_industries")
    st.caption(t("tour.most_help"))
    st.toggle(t("tour.every_county"), tour.every_county, key="r_every_county")
    st.toggle(t("tour.started_first"), tour.started_first, key="r_started_first")


def _pace(city: City, tour: Tour, t: Translate) -> None:
    st.markdown(f"**{t('tour.pace')}**")
    meal = tour.meal or Meal()
    st.toggle(t("tour.lunch"), tour.meal is not None, key="r_lunch")
    one, two, three = st.columns(3)
    one.time_input(t("tour.lunch_from"), _time(meal.earliest), key="r_lunch_from", step=300)
    two.time_input(t("tour.lunch_until"), _time(meal.latest), key="r_lunch_until", step=300)
    three.number_input(
        t("tour.lunch_minutes"), 15, 180, int(meal.minutes), 5, key="r_lunch_minutes"
    )
    names = [place.name for place in draft.places(city)]
    at = meal.place.name if meal.place else None
    offered = names if at is None or at in names else [at, *names]
    st.selectbox(
        t("tour.lunch_place"),
        offered,
        index=None if at is None else offered.index(at),
        key="r_lunch_place",
        accept_new_options=True,
        placeholder=t("tour.anywhere"),
    )
    one, two, three = st.columns(3)
    one.number_input(t("tour.convoy"), 0, 100, tour.convoy_pct, 5, key="r_convoy")
    two.number_input(t("tour.assembly"), 0, 30, int(tour.assembly), key="r_assembly")
    three.number_input(
        t("tour.max_driving"),
        0,
        1440,
        int(tour.max_driving or 0),
        30,
        key="r_max_driving",
    )
    st.segmented_control(
        t("tour.objective"),
        OBJECTIVES,
        default=tour.objective,
        key="r_objective",
        required=True,
        format_func=lambda name: t(f"tour.objective_{name}"),
    )


def _take(city: City) -> None:
    if draft.changed(lambda tour: _ruled(city, tour)) and draft.current(city).stops:
        draft.plan_afresh(city)


def _ruled(city: City, tour: Tour) -> Tour:
    """Return the tour under the rules of the form; errors as of `Tour` and `places.typed`."""
    asked: dict[str, Any] = {
        key[2:]: value for key, value in st.session_state.items() if str(key).startswith("r_")
    }
    most = int(asked["most"]) or None
    stops = tour.stops
    if (most is None) != (tour.most is None):  # all must be seen, or the planner chooses
        stops = tuple(replace(stop, must=most is None) for stop in stops)
    return replace(
        tour,
        title=str(asked["title"]).strip(),
        first=asked["first"],
        days=_spans(city, tour, asked),
        stops=stops,
        meal=_meal(city, tour, asked) if asked["lunch"] else None,
        convoy_pct=int(asked["convoy"]),
        assembly=float(asked["assembly"]),
        max_driving=float(asked["max_driving"]) or None,
        most=most,
        every_county=bool(asked["every_county"]),
        industries=int(asked["industries"]),
        started_first=bool(asked["started_first"]),
        objective=asked["objective"],
        order=(),
        mode="plan",
    )


def _spans(city: City, tour: Tour, asked: dict[str, Any]) -> tuple[Span, ...]:
    old = [place for day in tour.days for place in (day.start, day.end)]
    start, end = (
        typed(asked[name] or "", [*draft.places(city), *old]) for name in ("start", "end")
    )
    count = int(asked["days"])
    night = typed(asked["night"] or "", [*draft.places(city), *old]) if "night" in asked else end
    departs, returns = _minutes(asked["departs"]), _minutes(asked["returns"])
    if returns <= departs:
        returns += 24 * 60  # back after midnight
    return tuple(
        Span(
            start if number == 0 else night,
            end if number == count - 1 else night,
            departs,
            returns,
        )
        for number in range(count)
    )


def _meal(city: City, tour: Tour, asked: dict[str, Any]) -> Meal:
    old = [tour.meal.place] if tour.meal and tour.meal.place else []
    name = asked["lunch_place"]
    return Meal(
        minutes=float(asked["lunch_minutes"]),
        earliest=_minutes(asked["lunch_from"]),
        latest=_minutes(asked["lunch_until"]),
        place=typed(name, [*draft.places(city), *old]) if name else None,
    )


def _time(minutes: float) -> time:
    return time(int(minutes) // 60 % 24, int(minutes) % 60)


def _minutes(moment: time) -> float:
    return moment.hour * 60.0 + moment.minute
