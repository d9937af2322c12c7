"""The planned day: its figures and timetable, how good it is, and what stands against one."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import streamlit as st
from markupsafe import Markup

from geo.errors import GeoError
from geo.exchange.carry import timeline
from geo.exchange.carry.brief import duration
from geo.exchange.carry.timeline import Row
from geo.tour.itinerary import Stop, TourDay, clock
from geo.tour.planning import NoTour, Plan
from geo.tour.problem import Obstacle
from geo.tour.verdict import verdict
from ui import i18n
from ui.cache import City
from ui.controls import plain
from ui.i18n import Translate
from ui.tour import change, draft, left


def plan_now(city: City, t: Translate) -> None:
    """Draw the button that lets the planner choose; it says why it cannot."""
    tour, plan = draft.current(city), draft.planned(city)
    fresh = plan is not None and plan.best is None and tour.mode == "plan"
    st.button(
        t("tour.best_again" if plan is not None and not fresh else "tour.plan_now"),
        key="tour_plan_now",
        type="secondary" if fresh else "primary",
        on_click=draft.plan_afresh,
        args=(city,),
        disabled=not tour.stops,
        help=None if tour.stops else t("tour.none_chosen"),
        width="stretch",
    )


def show(city: City, t: Translate) -> None:
    """Draw the plan of the tour in work, or the way to one."""
    tour, plan = draft.current(city), draft.planned(city)
    if plan is None:
        st.info(
            t("tour.not_planned" if tour.stops else "tour.none_chosen"), icon=":material/route:"
        )
        return
    change.rest_notice(city, t)
    if tour.title:
        st.markdown(f"**{plain(tour.title)}** · {tour.first:%Y-%m-%d}")
    _figures(plan, t)
    for notice in plan.notices:
        said = GeoError(notice.code, **notice.details)
        st.caption(f":material/info: {plain(i18n.sentence(said, t))}")
    _broken(plan, t)
    for number, day in enumerate(plan.itinerary.days):
        if len(plan.itinerary.days) > 1:
            st.markdown(f"**{t('tour.day_n', n=number + 1)}**")
        with st.container(key=f"tour_day_{number}", gap=None):
            _timetable(city, plan, number, day, t=t)
    st.caption(t("tour.pick_hint"))
    left.show(city, plan, t)


def fault(t: Translate) -> None:
    """Say what stands against the last step: a sentence, and what would have to give."""
    error = st.session_state.get(draft.FAULT)
    if error is None:
        return
    if isinstance(error, NoTour):
        lines = [_cure(obstacle, error.names, t) for obstacle in error.obstacles[:6]]
        head = t("tour.no_tour" if error.proven else "tour.none_found")
        body = "\n".join(f"- {plain(line)}" for line in lines)
        told = f"{t('tour.cures')}\n\n{body}" if lines else t("tour.no_cure")
        st.error(f"**{head}**\n\n{told}", icon=":material/block:")
    else:
        st.error(plain(i18n.sentence(error, t)), icon=":material/warning:")


def _cure(obstacle: Obstacle, names: tuple[str, ...], t: Translate) -> str:
    name = names[obstacle.visit] if obstacle.visit is not None else ""
    minutes = "" if obstacle.minutes is None else f"{obstacle.minutes:.0f}"
    cover = "industry" if obstacle.detail.get("cover") == 1 else "county"
    rule = f"cover_{cover}" if obstacle.rule == "cover" else obstacle.rule
    return t(f"tour.cure_{rule}", name=name, n=minutes)


def _figures(plan: Plan, t: Translate) -> None:
    """Draw four figures in one strip, and below them how far they can be trusted."""
    days = plan.itinerary.days
    band = max((leg.band_pct for day in days for leg in day.legs), default=0)
    mark = f"±{band}%" if band else ""
    driving = sum(day.driving for day in days)
    figures = [
        (t("tour.f_stops"), str(len(plan.itinerary.stops)), ""),
        (t("tour.f_returns"), " / ".join(returned(day, n) for n, day in enumerate(days)), ""),
        (t("tour.f_driving"), duration(driving, t), mark),
        (t("tour.f_km"), f"{sum(day.km for day in days):.0f} km", mark),
    ]
    st.html(
        Markup('<dl class="tour-figures">{}</dl>').format(
            Markup("").join(
                Markup("<div><dt>{}</dt><dd>{} <small>{}</small></dd></div>").format(*figure)
                for figure in figures
            )
        )
    )
    judged, values = verdict(plan)
    said = t(f"tour.{judged}", **values)
    st.caption(said + (f" {t('tour.estimate', band=band)}" if band else ""))


def _broken(plan: Plan, t: Translate) -> None:
    names = {stop.project: stop.name for stop in plan.tour.stops}
    lines = [
        t(f"tour.broken_{fact.rule}", name=names.get(fact.project, ""), n=f"{fact.minutes:.0f}")
        for fact in plan.broken
    ]
    if lines:
        st.warning("\n".join(f"- {plain(line)}" for line in lines), icon=":material/error:")


def _timetable(city: City, plan: Plan, number: int, day: TourDay, *, t: Translate) -> None:
    """Draw a day as lines; each stop is a button that opens what can be done with it."""
    locked = {stop.project for stop in plan.tour.stops if stop.position is not None}
    for row in _ordered(day):
        if row.stop is None:
            st.html(_other(row, t))
            continue
        chosen = st.session_state.get(draft.SELECTED) == row.stop.project_id
        st.button(
            _label(row, row.stop, t, locked=row.stop.project_id in locked),
            key=f"tour_stop_{row.stop.number}",
            type="primary" if chosen else "tertiary",
            width="stretch",
            on_click=_select,
            args=(row.stop.project_id,),
        )
        if chosen:
            change.show(city, plan, row.stop, number=number, t=t)


def _select(project: str) -> None:
    """Open a stop from a callback, or close it."""
    known = st.session_state.get(draft.SELECTED)
    st.session_state[draft.SELECTED] = None if known == project else project


def _ordered(day: TourDay) -> list[Row]:
    """Return the day's rows; a lunch on arrival takes the drive of the stop where it is had."""
    rows = timeline.rows(day)
    for at, (row, following) in enumerate(pairwise(rows)):
        stop = following.stop
        if row.kind != "lunch" or row.name or stop is None or row.arrives is None:
            continue
        if stop.arrives <= row.arrives:
            rows[at] = replace(row, leg=following.leg)
            rows[at + 1] = replace(following, arrives=stop.begins, leg=None, waits=0.0)
    return rows


def _label(row: Row, stop: Stop, t: Translate, *, locked: bool) -> str:
    facts = _facts(row, t)
    facts.append(t("tour.spare", n=f"{max(0.0, stop.slack):.0f}"))
    if stop.sample:
        facts.append(t("tour.sample"))
    if locked:
        facts.append(t("tour.locked"))
    return f"**{stop.number}** {plain(row.name)} *{_times(row)}* *{plain(' · '.join(facts))}*"


def _other(row: Row, t: Translate) -> Markup:
    """Return the line of a start, a lunch or an end."""
    name = row.name
    if row.kind == "lunch":
        name = t("tour.lunch_at", name=row.name or t("tour.on_the_way"))
    facts = _facts(row, t)
    return Markup(
        '<p class="tour-line {}"><b>{}</b><span>{}</span><em>{}</em><em>{}</em></p>'
    ).format(row.kind, t(f"tour.line_{row.kind}"), name, _times(row), " · ".join(facts))


def _facts(row: Row, t: Translate) -> list[str]:
    facts = []
    if row.leg is not None:
        facts.append(t("tour.drive", n=f"{row.leg.minutes:.0f}", km=f"{row.leg.km:.0f}"))
    if row.waits >= 1:
        facts.append(t("tour.waits", n=f"{row.waits:.0f}"))
    return facts


def _times(row: Row) -> str:
    times = [row.arrives, row.leaves]
    return "–".join(clock(minutes) for minutes in times if minutes is not None)


def returned(day: TourDay, number: int) -> str:
    """Write when a day returns; +1 says after midnight."""
    over = int(day.returns // 1440) - number
    return clock(day.returns) + (f" +{over}" if over > 0 else "")
