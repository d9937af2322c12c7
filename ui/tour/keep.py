"""Keep a tour: variants side by side, save and reopen, share, members' code, what to carry along."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from geo.errors import GeoError
from geo.store.roles import may_run_tours
from geo.tour import tour as tours
from geo.tour.itinerary import clock
from geo.tour.planning import Plan
from geo.tour.tour import Tour
from geo.view import View
from ui import account
from ui.cache import City
from ui.i18n import Translate
from ui.score import tours as kept
from ui.tour import carry, draft
from ui.tour.day import duration

VARIANTS, OPENED, CODE = "tour_variants", "tour_opened", "tour_code"
MOST_VARIANTS = 6


@dataclass(frozen=True)
class Variant:
    """Hold one variant with the figures it is compared by."""

    tour: Tour
    plan: Plan


def open_linked(city: City, t: Translate) -> None:
    """Open the tour that the address names, once."""
    wanted = st.query_params.get("tour", "")
    if not wanted or st.session_state.get(OPENED) == wanted:
        return
    st.session_state[OPENED] = wanted
    try:
        _open(city, wanted)
    except GeoError as error:
        st.session_state[draft.FAULT] = error
        st.query_params.pop("tour", None)


def _open(city: City, id_: str) -> None:
    """Take a kept tour into work; sites that are gone or hidden by now are named, not planned."""
    stored = kept.store().tour(id_)
    tour = tours.from_json(stored.body)
    names = dict(zip(city.atlas.projects["id"], city.atlas.projects["name"], strict=True))
    there = [replace(s, name=str(names[s.project])) for s in tour.stops if s.project in names]
    gone = len(tour.stops) - len(there)
    st.session_state[draft.STORED] = draft.Stored(stored.id, stored.revision)
    draft.put(tours.with_stops(tour, there))
    draft.make_plan(city)
    st.session_state[draft.PART] = "day"
    if gone:
        st.session_state[draft.FAULT] = GeoError("tour.stops_gone", n=gone)


def show(city: City, view: View, t: Translate) -> None:
    """Draw variants, saving, sharing and the files to carry."""
    plan = draft.planned(city)
    if plan is not None:
        carry.show(city, plan, view, t)
        st.divider()
    _variants(city, plan, t)
    st.divider()
    _saved(city, plan, t)


def _variants(city: City, plan: Plan | None, t: Translate) -> None:
    st.markdown(f"**{t('tour.variants')}**")
    variants: list[Variant] = st.session_state.setdefault(VARIANTS, [])
    st.button(
        t("tour.keep_variant"),
        on_click=_keep,
        args=(plan,),
        disabled=plan is None or len(variants) >= MOST_VARIANTS,
    )
    if not variants:
        st.caption(t("tour.variants_hint"))
        return
    rows = [_figures(city, number, variant, t) for number, variant in enumerate(variants)]
    st.dataframe(pd.DataFrame(rows), hide_index=True, placeholder="")
    with st.container(horizontal=True):
        for number, variant in enumerate(variants):
            st.button(
                t("tour.take_variant", name=chr(65 + number)),
                key=f"variant_{number}",
                on_click=_take,
                args=(city, variant),
            )


def _figures(city: City, number: int, variant: Variant, t: Translate) -> dict[str, str]:
    days, stops = variant.plan.itinerary.days, variant.plan.itinerary.stops
    count = {
        name: len({stop.project.get(name) for stop in stops} - {None})
        for name in ("county", "industry")
    }
    return {
        t("tour.variant"): chr(65 + number),
        t("tour.f_stops"): str(len(stops)),
        t("tour.f_returns"): " / ".join(clock(day.returns) for day in days),
        t("tour.f_driving"): duration(sum(day.driving for day in days), t),
        t("tour.f_km"): f"{sum(day.km for day in days):.0f} km",
        t("tour.f_counties"): str(count["county"]),
        t("tour.f_industries"): str(count["industry"]),
    }


def _keep(plan: Plan | None) -> None:
    if plan is not None:
        st.session_state[VARIANTS] = [*st.session_state[VARIANTS], Variant(plan.tour, plan)]


def _take(city: City, variant: Variant) -> None:
    draft.put(variant.tour)
    draft.make_plan(city)
    st.session_state[draft.PART] = "day"


def _saved(city: City, plan: Plan | None, t: Translate) -> None:
    st.markdown(f"**{t('tour.saved')}**")
    if not may_run_tours(account.role()):
        st.caption(t("tour.save_office"))
        return
    stored: draft.Stored | None = st.session_state.get(draft.STORED)
    with st.container(horizontal=True):
        st.button(
            t("tour.save"),
            type="primary",
            on_click=_save,
            args=(city, False),
            disabled=not draft.current(city).stops,
            key="tour_save",
        )
        if stored is not None:
            st.button(t("tour.save_copy"), on_click=_save, args=(city, True), key="tour_save_copy")
            st.button(t("tour.delete"), on_click=_delete, key="tour_delete")
    if stored is not None:
        _sharing(stored, t)
    found = [tour for tour in kept.store().tours() if stored is None or tour.id != stored.id]
    if found:
        st.selectbox(
            t("tour.open"),
            [tour.id for tour in found],
            index=None,
            key="tour_open",
            format_func={tour.id: _label(tour) for tour in found}.get,
            placeholder=t("tour.open_hint"),
            on_change=_take_open,
            args=(city,),
        )


def _label(tour: kept.StoredTour) -> str:
    return f"{tour.title} · {tour.updated_at:%Y-%m-%d}"


def _take_open(city: City) -> None:
    id_ = st.session_state["tour_open"]
    if id_:
        try:
            _open(city, id_)
        except GeoError as error:
            st.session_state[draft.FAULT] = error
        else:
            st.session_state[OPENED] = id_
            st.query_params["tour"] = id_


def _save(city: City, copy: bool) -> None:
    """Keep the tour in work under its own id, or as a new one."""
    tour = draft.current(city)
    stored: draft.Stored | None = None if copy else st.session_state.get(draft.STORED)
    try:
        id_, revision = kept.store().save(
            stored.id if stored else None,
            title=tour.title or f"{tour.first:%Y-%m-%d}",
            body=tours.to_json(tour),
            expected_revision=stored.revision if stored else 0,
            who=account.name(),
        )
    except GeoError as error:
        st.session_state[draft.FAULT] = error
        return
    st.session_state[draft.STORED] = draft.Stored(id_, revision)
    st.session_state[OPENED] = id_
    st.session_state.pop(CODE, None)
    st.query_params["tour"] = id_
    if draft.planned(city) is not None:
        draft.make_plan(city)  # its files carry the tour's id


def _delete() -> None:
    stored: draft.Stored = st.session_state[draft.STORED]
    try:
        kept.store().delete(stored.id, expected_revision=stored.revision, who=account.name())
    except GeoError as error:
        st.session_state[draft.FAULT] = error
        return
    for key in (draft.STORED, CODE, OPENED):
        st.session_state.pop(key, None)
    st.query_params.pop("tour", None)


def _sharing(stored: draft.Stored, t: Translate) -> None:
    st.caption(t("tour.share_hint"))
    st.code(carry.address(f"tour?tour={stored.id}"), language=None)
    st.button(t("tour.new_code"), on_click=_code, args=(stored.id,), key="tour_new_code")
    code = st.session_state.get(CODE)
    if code and code[0] == stored.id:
        link = kept.link(stored.id, code[1])
        with st.container(key="tour_code", border=True):
            st.html(carry.qr(link))
            st.markdown(t("tour.code_is", code=code[1]))
            st.code(link, language=None)


def _code(id_: str) -> None:
    try:
        st.session_state[CODE] = (id_, kept.store().new_code(id_))
    except GeoError as error:
        st.session_state[draft.FAULT] = error
