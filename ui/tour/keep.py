"""Keep a tour: variants side by side, save and reopen, share, members' code, what to carry along."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from geo.errors import GeoError
from geo.exchange.carry.brief import duration
from geo.store.roles import may_run_tours
from geo.tour import tour as tours
from geo.tour.planning import Plan
from geo.tour.tour import Tour
from geo.view import View
from ui import account, session
from ui.cache import City
from ui.i18n import Translate
from ui.score import tours as kept
from ui.tour import carry, draft
from ui.tour.day import returned

VARIANTS, OPENED, CODE, SAVED = "tour_variants", "tour_opened", "tour_code", "tour_saved"
MOST_VARIANTS = 6


@dataclass(frozen=True)
class Variant:
    """Hold one variant with the figures it is compared by."""

    tour: Tour
    plan: Plan


def open_linked(city: City) -> None:
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
    st.session_state.pop(draft.WHOLE, None)
    draft.make_plan(city)
    st.session_state[SAVED] = tours.to_json(draft.current(city))
    draft.show_whole()
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
    full = len(variants) >= MOST_VARIANTS
    why = t("tour.variants_full", n=MOST_VARIANTS) if full else t("tour.not_planned")
    with st.container(horizontal=True):
        st.button(
            t("tour.keep_variant"),
            key="tour_keep_variant",
            on_click=_keep,
            args=(plan,),
            disabled=plan is None or full,
            help=why if plan is None or full else None,
        )
        if variants:
            st.button(t("tour.forget_variants"), key="tour_forget", on_click=_forget)
    if not variants:
        st.caption(t("tour.variants_hint"))
        return
    st.html(_compared([_figures(city, n, variant, t) for n, variant in enumerate(variants)]))
    with st.container(horizontal=True):
        for number, variant in enumerate(variants):
            st.button(
                t("tour.take_variant", name=chr(65 + number)),
                key=f"variant_{number}",
                on_click=_take,
                args=(city, variant),
            )


def _compared(rows: list[dict[str, str]]) -> Markup:
    """Return variants as a table: one column each, so that a phone has room for it."""
    names = list(rows[0])
    lines = Markup("").join(
        Markup("<tr><th>{}</th>{}</tr>").format(
            name, Markup("").join(Markup("<td>{}</td>").format(row[name]) for row in rows)
        )
        for name in names
    )
    return Markup('<div class="about-scroll"><table class="tour-table">{}</table></div>').format(
        lines
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
        t("tour.f_returns"): " / ".join(returned(day, n) for n, day in enumerate(days)),
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
    draft.show_whole()


def _forget() -> None:
    st.session_state[VARIANTS] = []


def _saved(city: City, plan: Plan | None, t: Translate) -> None:
    st.markdown(f"**{t('tour.saved')}**")
    if not may_run_tours(account.role()):
        st.caption(t("tour.save_office"))
        return
    stored: draft.Stored | None = st.session_state.get(draft.STORED)
    stops = draft.current(city).stops
    with st.container(horizontal=True, key="tour_saving"):
        st.button(
            t("tour.save"),
            type="primary",
            on_click=_save,
            args=(city, False),
            disabled=not stops,
            help=None if stops else t("tour.none_chosen"),
            key="tour_save",
        )
        if stored is not None:
            st.button(t("tour.save_copy"), on_click=_save, args=(city, True), key="tour_save_copy")
            with st.popover(t("tour.delete")):
                st.markdown(t("tour.delete_sure"))
                st.button(t("tour.delete_now"), on_click=_delete, key="tour_delete")
    _said(city, stored, t)
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


def _said(city: City, stored: draft.Stored | None, t: Translate) -> None:
    """Say what saving came to: kept, or kept by somebody else in the meantime."""
    error = st.session_state.get(draft.FAULT)
    if isinstance(error, GeoError) and error.code == "tour.conflict" and stored is not None:
        st.markdown(t("tour.conflict_hint"))
        st.button(t("tour.open_newest"), key="tour_newest", on_click=_again, args=(city, stored.id))
    elif stored is not None and st.session_state.get(SAVED) == tours.to_json(draft.current(city)):
        st.caption(f":material/check: {t('tour.is_saved')}")
    elif stored is not None:
        st.caption(t("tour.is_unsaved"))


def _again(city: City, id_: str) -> None:
    try:
        _open(city, id_)
    except GeoError as error:
        st.session_state[draft.FAULT] = error


def _label(tour: kept.StoredTour) -> str:
    return f"{tour.title} · {tour.updated_at:%Y-%m-%d}"


def _take_open(city: City) -> None:
    id_ = st.session_state["tour_open"]
    if id_:
        _again(city, id_)
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
    st.session_state.pop(draft.FAULT, None)
    st.session_state.pop(draft.WHOLE, None)
    if draft.planned(city) is not None:
        draft.make_plan(city)  # its files carry the tour's id
    st.session_state[SAVED] = tours.to_json(draft.current(city))


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
    st.code(session.address(f"tour?tour={stored.id}"), language=None)
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
