"""The planned day: its figures and timetable, what was left out and why, changes by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.tour import tour as tours
from geo.tour.itinerary import Place, Stop, TourDay, clock
from geo.tour.planning import NoTour, Plan
from geo.tour.problem import Obstacle
from geo.tour.tour import Tour
from ui import i18n
from ui.cache import City
from ui.controls import plain
from ui.i18n import Translate
from ui.tour import draft
from ui.tour.stops import minutes_of


def show(city: City, t: Translate) -> None:
    """Draw the plan of the tour in work, or the way to one."""
    tour, plan = draft.current(city), draft.planned(city)
    if plan is None:
        st.info(
            t("tour.not_planned" if tour.stops else "tour.none_chosen"), icon=":material/route:"
        )
        return
    _figures(plan, t)
    for notice in plan.notices:
        said = GeoError(notice.code, **notice.details)
        st.caption(f"⚠ {plain(i18n.sentence(said, t))}")
    _broken(plan, t)
    for number, day in enumerate(plan.itinerary.days):
        if len(plan.itinerary.days) > 1:
            st.markdown(f"**{t('tour.day_n', n=number + 1)}**")
        _timetable(city, plan, number, day, t=t)
    _left(plan, t)


def fault(t: Translate) -> None:
    """Say what stands against the last step: a sentence, and what would have to give."""
    error = st.session_state.get(draft.FAULT)
    if error is None:
        return
    if isinstance(error, NoTour):
        lines = [_cure(obstacle, error.names, t) for obstacle in error.obstacles[:6]]
        body = "\n".join(f"- {plain(line)}" for line in lines) or t("tour.no_cure")
        head = t("tour.no_tour" if error.proven else "tour.none_found")
        st.error(f"**{head}**\n\n{t('tour.cures')}\n\n{body}", icon=":material/block:")
    else:
        st.error(plain(i18n.sentence(error, t)), icon=":material/warning:")


def _cure(obstacle: Obstacle, names: tuple[str, ...], t: Translate) -> str:
    name = names[obstacle.visit] if obstacle.visit is not None else ""
    minutes = "" if obstacle.minutes is None else f"{obstacle.minutes:.0f}"
    cover = "industry" if obstacle.detail.get("cover") == 1 else "county"
    rule = f"cover_{cover}" if obstacle.rule == "cover" else obstacle.rule
    return t(f"tour.cure_{rule}", name=name, n=minutes)


def _figures(plan: Plan, t: Translate) -> None:
    days = plan.itinerary.days
    band = max((leg.band_pct for day in days for leg in day.legs), default=0)
    mark = f" ±{band}%" if band else ""
    driving = sum(day.driving for day in days)
    figures = [
        (t("tour.f_stops"), str(len(plan.itinerary.stops))),
        (t("tour.f_returns"), " / ".join(clock(day.returns) for day in days)),
        (t("tour.f_driving"), f"{duration(driving, t)}{mark}"),
        (t("tour.f_km"), f"{sum(day.km for day in days):.0f} km"),
    ]
    with st.container(key="tour_figures", horizontal=True):
        for label, value in figures:
            st.metric(label, value, border=True)
    st.caption(_quality(plan, t) + (f" {t('tour.estimate', band=band)}" if band else ""))


def _quality(plan: Plan, t: Translate) -> str:
    """Say how good the order is: proven, within a gap, or by hand and what that costs."""
    found = plan.solution
    if plan.best is not None:
        first = plan.tour.objective == "finish"
        mine, best = ((s.finish if first else s.driving) for s in (found, plan.best))
        fewer = sum(map(len, plan.best.routes)) - sum(map(len, found.routes))
        if fewer > 0:
            return t("tour.by_hand_fewer", n=fewer)
        return t("tour.by_hand", n=f"{max(0.0, mine - best):.0f}")
    if found.proven:
        return t("tour.proven")
    if found.bound:
        value = found.finish if plan.tour.objective == "finish" else found.driving
        gap = max(0.0, 100 * (value - found.bound) / max(found.bound, 1e-9))
        return t("tour.gap", pct=f"{gap:.1f}")
    return t("tour.not_proven")


def _broken(plan: Plan, t: Translate) -> None:
    names = {stop.project: stop.name for stop in plan.tour.stops}
    for fact in plan.broken:
        words = t(
            f"tour.broken_{fact.rule}", name=names.get(fact.project, ""), n=f"{fact.minutes:.0f}"
        )
        st.warning(plain(words), icon=":material/error:")


def _timetable(city: City, plan: Plan, number: int, day: TourDay, *, t: Translate) -> None:
    rows, stops = _lines(day, t)
    key = f"tour_table_{number}_{st.session_state.get(draft.EDITS, 0)}"
    st.dataframe(
        pd.DataFrame(rows),
        key=key,
        hide_index=True,
        height=37 * (len(rows) + 1) + 2,
        placeholder="",
        alt=t("tour.timetable"),
        selection_mode="single-row",
        on_select="rerun",
        column_config={
            "n": st.column_config.TextColumn("", width=34),
            "name": st.column_config.TextColumn(t("tour.site"), width=190),
            "arrives": st.column_config.TextColumn(t("tour.arrives"), width=56),
            "departs": st.column_config.TextColumn(t("tour.leaves"), width=56),
            "drive": st.column_config.TextColumn(t("tour.leg"), width=100),
            "slack": st.column_config.TextColumn(t("tour.slack"), width=60),
        },
    )
    chosen = (st.session_state.get(key) or {}).get("selection", {}).get("rows", [])
    stop = stops[chosen[0]] if chosen and chosen[0] < len(stops) else None
    if stop is None:
        st.caption(t("tour.pick_hint"))
        return
    _actions(city, plan, stop, number=number, t=t)


def _lines(day: TourDay, t: Translate) -> tuple[list[dict[str, str]], list[Stop | None]]:
    """Return the rows of a day, and which stop each stands for."""
    rows = [_row("", day.start.name, "", clock(day.departs), "", "")]
    stops: list[Stop | None] = [None]
    legs = iter(day.legs)
    for at in range(len(day.stops) + 1):
        if day.meal is not None and day.meal.after == at:
            drive = ""
            if day.meal.place is not None:
                leg = next(legs)
                drive = f"{leg.minutes:.0f} {t('tour.min')} · {leg.km:.0f} km"
            name = day.meal.place.name if day.meal.place else t("tour.on_the_way")
            ends = clock(day.meal.begins + day.meal.minutes)
            rows.append(
                _row("🍴", t("tour.lunch_at", name=name), clock(day.meal.begins), ends, drive, "")
            )
            stops.append(None)
        leg = next(legs, None)
        drive = "" if leg is None else f"{leg.minutes:.0f} {t('tour.min')} · {leg.km:.0f} km"
        if at == len(day.stops):
            rows.append(_row("", day.end.name, clock(day.returns), "", drive, ""))
            stops.append(None)
            break
        stop = day.stops[at]
        mark = (
            f"（{t('tour.sample')}）" if stop.sample and t("tour.sample") not in stop.name else ""
        )
        spare = f"{max(0.0, stop.slack):.0f} {t('tour.min')}"
        rows.append(
            _row(
                str(stop.number),
                stop.name + mark,
                clock(stop.arrives),
                clock(stop.departs),
                drive,
                spare,
            )
        )
        stops.append(stop)
    return rows, stops


def _row(n: str, name: str, arrives: str, departs: str, drive: str, slack: str) -> dict[str, str]:
    return {
        "n": n,
        "name": name,
        "arrives": arrives,
        "departs": departs,
        "drive": drive,
        "slack": slack,
    }


def _actions(city: City, plan: Plan, stop: Stop, *, number: int, t: Translate) -> None:
    """Draw what can be done with one stop of the timetable."""
    ids = list(plan.tour.order[number])
    at = ids.index(stop.project_id)
    with st.container(key="tour_actions", border=True):
        st.markdown(f"**{stop.number}. {plain(stop.name)}**")
        with st.container(horizontal=True):
            for label, to, off in (
                (t("tour.up"), at - 1, at == 0),
                (t("tour.down"), at + 1, at == len(ids) - 1),
            ):
                st.button(
                    label,
                    on_click=draft.by_hand,
                    disabled=off,
                    key=f"tour_move_{to - at}",
                    args=(city, _moving(stop.project_id, number, to)),
                )
            st.button(
                t("tour.drop"), on_click=draft.by_hand, args=(city, _dropping(stop.project_id))
            )
            asked = next(s for s in plan.tour.stops if s.project == stop.project_id)
            locked = asked.position is not None
            st.button(
                t("tour.unlock" if locked else "tour.lock"),
                on_click=_lock,
                args=(city, stop.project_id, None if locked else (number, at + 1)),
            )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(t("tour.leave_at"), clock(stop.departs), key="tour_leave", width=120)
            st.button(t("tour.replan_rest"), on_click=_late, args=(city, stop, number))


def _moving(project: str, day: int, to: int):  # type: ignore[no-untyped-def]
    return lambda tour: tours.moved(tour, project, day=day, position=to)


def _dropping(project: str):  # type: ignore[no-untyped-def]
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


def _late(city: City, stop: Stop, day: int) -> None:
    """Plan what is left of the day from a stop at the typed time."""

    def change(tour: Tour) -> Tour:
        now = minutes_of(st.session_state["tour_leave"])
        if now is None:
            raise GeoError("tour.clock", read="")
        rest = tours.late(tour, day=day, stop=stop.project_id, now=now)
        here = Place(stop.name, stop.lon, stop.lat)
        return replace(rest, days=(replace(rest.days[0], start=here), *rest.days[1:]))

    if draft.changed(change):
        draft.make_plan(city)


def _left(plan: Plan, t: Translate) -> None:
    if not plan.left:
        return
    with st.expander(t("tour.left_n", n=len(plan.left))):
        rows = [
            {"name": left.name, "why": _why(left.why, t)}
            for left in sorted(plan.left, key=lambda left: left.why.minutes or 0.0)
        ]
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            height=min(320, 37 * (len(rows) + 1) + 2),
            placeholder="",
            column_config={
                "name": st.column_config.TextColumn(t("tour.site"), width=200),
                "why": st.column_config.TextColumn(t("tour.why")),
            },
        )


def _why(why: Obstacle, t: Translate) -> str:
    minutes = "" if why.minutes is None else f"{why.minutes:.0f}"
    return t(f"tour.why_{why.rule}", n=minutes or str(why.detail.get("most", "")))


def duration(minutes: float, t: Translate) -> str:
    """Write minutes as hours and minutes."""
    hours, rest = divmod(round(minutes), 60)
    return t("tour.h_min", h=hours, n=f"{rest:02d}") if hours else t("tour.n_min", n=rest)
