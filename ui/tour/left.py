"""What a planned tour leaves out and why, and the way in for any of it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from geo.tour.planning import Left, Plan
from geo.tour.problem import Obstacle
from ui.cache import City
from ui.i18n import Translate
from ui.tour import draft
from ui.tour.change import place_name

SITE, PLACE = "tour_in", "tour_in_place"
SHOWN = 40


def show(city: City, plan: Plan, t: Translate) -> None:
    """List what is left out, the nearest to coming in first, and offer to bring one in."""
    if not plan.left:
        return
    left = sorted(plan.left, key=lambda one: one.why.minutes or 0.0)
    _bring_in(city, plan, left, t)
    with st.expander(t("tour.left_n", n=len(left))):
        rows = Markup("").join(
            Markup("<tr><td>{}</td><td>{}</td></tr>").format(one.name, why(one.why, t))
            for one in left[:SHOWN]
        )
        st.html(
            Markup(
                '<table class="tour-table"><thead><tr><th>{}</th><th>{}</th></tr></thead>'
                "<tbody>{}</tbody></table>"
            ).format(t("tour.site"), t("tour.why"), rows)
        )
        if len(left) > SHOWN:
            st.caption(t("tour.left_more", n=len(left) - SHOWN))


def _bring_in(city: City, plan: Plan, left: list[Left], t: Translate) -> None:
    names = {one.project: one.name for one in left}
    if st.session_state.get(SITE) not in names:
        st.session_state[SITE] = None
    st.markdown(f"**{t('tour.bring_in')}**")
    with st.container(horizontal=True, key="tour_bring"):
        project = st.selectbox(
            t("tour.bring_in"),
            list(names),
            key=SITE,
            format_func=lambda id_: names[id_],
            placeholder=t("tour.bring_hint", n=len(names)),
            label_visibility="collapsed",
            width=230,
        )
        st.selectbox(
            t("tour.bring_place"),
            _places(plan),
            key=f"{PLACE}_{sum(map(len, plan.tour.order))}",
            format_func=lambda place: _place_words(plan, place, t),
            label_visibility="collapsed",
            width=180,
        )
        st.button(
            t("tour.bring"),
            key="tour_bring_in",
            on_click=_take,
            args=(city, plan),
            disabled=project is None,
            help=t("tour.bring_hint", n=len(names)) if project is None else None,
        )


def _places(plan: Plan) -> list[tuple[str, int, int]]:
    """Return the choices: the least cost, before or after each stop, instead of each stop."""
    order = plan.tour.order
    spots = [("at", day, at) for day, ids in enumerate(order) for at in range(len(ids) + 1)]
    swaps = [("for", day, at) for day, ids in enumerate(order) for at in range(len(ids))]
    return [("best", 0, 0), *spots, *swaps]


def _place_words(plan: Plan, place: tuple[str, int, int], t: Translate) -> str:
    kind, day, at = place
    if kind == "best":
        return t("tour.place_best")
    name = place_name(plan, (day, at), t)
    return t("tour.place_for", place=name) if kind == "for" else name


def _take(city: City, plan: Plan) -> None:
    """Bring the chosen site in from a callback."""
    project = st.session_state[SITE]
    kind, day, at = st.session_state[f"{PLACE}_{sum(map(len, plan.tour.order))}"]
    if project is None:
        return
    if kind == "for":
        gone = plan.tour.order[day][at]
        order = tuple(tuple(id_ for id_ in ids if id_ != gone) for ids in plan.tour.order)
        if not draft.changed(lambda tour: replace(tour, order=order)):
            return
    draft.insert(city, project, place=None if kind == "best" else (day, at))


def why(obstacle: Obstacle, t: Translate) -> str:
    """Say which rule keeps a site out."""
    minutes = "" if obstacle.minutes is None else f"{obstacle.minutes:.0f}"
    return t(f"tour.why_{obstacle.rule}", n=minutes or str(obstacle.detail.get("most", "")))
