"""What if: projects added, moved or cancelled; what that does to each place; the link to share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from geo.compare import scenario
from geo.compare.scenario import Change
from geo.density.land import m2_of_mu
from geo.density.measures import Densities, Figure
from geo.density.question import density
from geo.density.surface import Surface
from geo.errors import GeoError
from geo.layers import LAND
from geo.view import to_query
from ui import i18n, names, session
from ui.cache import City
from ui.controls import plain
from ui.density import asked, land, shown, words
from ui.density import map as density_map
from ui.density.scope import Scope

FAULT = "whatif_fault"
KINDS = ("cancel", "move", "add")
KEYS = {
    name: f"whatif_{name}" for name in ("kind", "project", "park", "name", "industry", "yi", "mu")
}


def show(scope: Scope) -> None:
    """Draw the changes, the form for one more, and what they do."""
    t = scope.t
    st.markdown(f"##### {t('dense.whatif_title')}")
    st.caption(t("dense.whatif_how"))
    left, right = st.columns([0.4, 0.6], gap="large")
    with left:
        _form(scope)
        _changes(scope)
        _share(scope)
    with right:
        _effect(scope)


def real(scope: Scope) -> Scope:
    """Return the scope without the scenario."""
    selection = scope.real.select(scope.view.filters)
    return replace(scope, city=scope.real, selection=selection, tag="")


def _form(scope: Scope) -> None:
    t = scope.t
    st.session_state.setdefault(KEYS["kind"], KINDS[0])
    kind = st.segmented_control(
        t("dense.whatif_kind"),
        KINDS,
        key=KEYS["kind"],
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: t(f"dense.whatif_{name}"),
    )
    parks = names.of_facet(scope.city.atlas, "park", language=scope.language, t=t)
    parks = {id_: name for id_, name in parks.items() if id_ in set(scope.city.atlas.parks["id"])}
    if kind == "add":
        _added(scope, parks)
    else:
        projects = scope.city.atlas.projects
        called = dict(zip(projects["id"], projects["name"], strict=True))
        st.selectbox(
            t("dense.whatif_project"),
            list(called),
            key=KEYS["project"],
            index=None,
            format_func=lambda id_: f"{called.get(id_, id_)} · {id_}",
            placeholder=t("dense.whatif_project_hint"),
        )
        if kind == "move":
            _park(scope, parks)
    if fault := st.session_state.pop(FAULT, ""):
        st.error(plain(fault), icon=":material/warning:")
    st.button(
        t("dense.whatif_take"),
        key="whatif_take",
        on_click=_take,
        args=(scope.real,),
        type="primary",
    )


def _added(scope: Scope, parks: Mapping[str, str]) -> None:
    t = scope.t
    st.text_input(t("dense.whatif_name"), key=KEYS["name"], max_chars=30)
    _park(scope, parks)
    industries = {
        i: e.title[scope.language] for i, e in scope.city.atlas.catalogue.industries.items()
    }
    st.selectbox(
        t("filter.industry"),
        list(industries),
        key=KEYS["industry"],
        index=None,
        format_func=lambda id_: industries.get(id_, id_),
        placeholder=t("filter.any"),
    )
    left, right = st.columns(2)
    left.number_input(t("dense.whatif_yi"), key=KEYS["yi"], min_value=0.0, value=1.0, step=0.5)
    right.number_input(
        t("dense.whatif_mu"),
        key=KEYS["mu"],
        min_value=0.0,
        value=None,
        step=10.0,
        placeholder=t("density.area_unknown"),
    )


def _park(scope: Scope, parks: Mapping[str, str]) -> None:
    st.selectbox(
        scope.t("dense.whatif_park"),
        list(parks),
        key=KEYS["park"],
        index=None,
        format_func=lambda id_: parks.get(id_, id_),
        placeholder=scope.t("dense.whatif_park_hint"),
    )


def _take(city: City) -> None:
    """Add one change from the form; what is incomplete or contradicts the rest is told, not taken."""
    typed = {name: st.session_state.get(key) for name, key in KEYS.items()}
    state = st.session_state[asked.STATE]
    changes = [*(scenario.read(state.whatif) if state.whatif else ()), _change(typed)]
    text = scenario.write(changes)
    language = st.session_state[session.VIEW].language
    t = i18n.translator(language)
    try:
        if len(text) > asked.MOST_SCENARIO:
            raise GeoError("scenario.many", read=len(changes), expected=len(changes) - 1)
        scenario.applied(city.atlas, scenario.read(text))
    except GeoError as error:
        incomplete = error.code == "scenario.syntax"
        st.session_state[FAULT] = (
            t("dense.whatif_incomplete") if incomplete else i18n.sentence(error, t)
        )
        return
    asked.change(whatif=text)


def _change(typed: Mapping[str, object]) -> Change:
    kind = str(typed["kind"])
    park = {"park": str(typed["park"])} if typed["park"] else {}
    if kind != "add":
        return Change(kind, str(typed["project"] or ""), park if kind == "move" else {})
    name = "".join(c for c in str(typed["name"] or "") if c not in ":;,=").strip()
    wan = round(Fraction(str(typed["yi"] or 0)) * 10_000)
    industry = {"industry": str(typed["industry"])} if typed["industry"] else {}
    mu = typed["mu"]
    taken = {} if mu is None else {LAND: str(m2_of_mu(Fraction(str(mu))))}
    fields = {**park, **industry, "invest_wan": str(wan), **taken}
    return Change("add", name if park else "", fields)


def _changes(scope: Scope) -> None:
    t = scope.t
    changes = scenario.read(scope.state.whatif) if scope.state.whatif else ()
    st.markdown(f"**{t('dense.whatif_changes', n=len(changes))}**")
    projects = scope.real.atlas.projects
    called = dict(zip(projects["id"], projects["name"], strict=True))
    for number, change in enumerate(changes):
        said, out = st.columns([0.8, 0.2], vertical_alignment="center")
        park = words.place(change.fields.get("park", ""), scope)
        name = called.get(change.project, change.project)
        wan = int(change.fields.get("invest_wan", "0"))
        said.text(
            t(
                f"dense.whatif_said_{change.kind}",
                name=name,
                park=park,
                money=i18n.money(wan, scope.language),
            )
        )
        rest = scenario.write([c for n, c in enumerate(changes) if n != number])
        out.button(
            t("dense.whatif_out"),
            key=f"whatif_out_{number}",
            on_click=asked.change,
            kwargs={"whatif": rest},
        )


def _share(scope: Scope) -> None:
    if scope.tag:
        st.caption(scope.t("dense.whatif_share"))
        query = to_query(scope.view) | asked.to_query(scope.state)
        st.code(f"{session.address('density')}?{urlencode(query)}", language=None, wrap_lines=True)


def _effect(scope: Scope) -> None:
    """Draw the map as it would be, and every place that changes: before, after, difference."""
    asked_ = scope.state.question
    before, after = shown.get_answer(real(scope), asked_), shown.get_answer(scope, asked_)
    found = shown.shown(asked_, after, (before, after))
    with st.container(key="density_map_box"):
        density_map.show(scope, found)
    if not isinstance(before, Surface) and not isinstance(after, Surface):
        _densities(scope, before, after)
    _land(scope)


def _densities(scope: Scope, before: Densities, after: Densities) -> None:
    t = scope.t
    old = {figure.place: figure for figure in before.figures}
    new = {figure.place: figure for figure in after.figures}
    rows = [
        _compared(scope, place, old.get(place), new.get(place))
        for place in dict.fromkeys([*new, *old])
        if _total(old.get(place)) != _total(new.get(place))
    ]
    if not rows:
        st.caption(t("dense.whatif_same"))
        return
    with st.container(key="whatif_effect"):
        st.dataframe(
            pd.DataFrame(rows), hide_index=True, placeholder="", alt=t("dense.whatif_title")
        )


def _land(scope: Scope) -> None:
    """Draw what remains of each park whose land changes: before, after, and why it may be less."""
    t = scope.t
    old, new = land.of_parks(real(scope)), land.of_parks(scope)
    rows = [
        {
            t("dense.whatif_park"): words.place(park, scope),
            t("dense.whatif_used_before"): land.used(old.get(park), scope),
            t("dense.whatif_used_after"): land.used(new.get(park), scope),
            t("dense.whatif_left_before"): land.remaining(old.get(park), scope),
            t("dense.whatif_left_after"): land.remaining(new.get(park), scope),
        }
        for park in dict.fromkeys([*new, *old])
        if land.changed(old.get(park), new.get(park))
    ]
    if rows:
        with st.container(key="whatif_land"):
            st.markdown(f"**{t('dense.col_remaining')}**")
            frame = pd.DataFrame(rows)
            st.dataframe(frame, hide_index=True, placeholder="", alt=t("dense.col_remaining"))
            st.caption(t("dense.land_how"))


def _compared(scope: Scope, place: str, old: Figure | None, new: Figure | None) -> dict[str, str]:
    """Return what changes in one place; a place without a known area still has its sum."""
    t, asked_ = scope.t, scope.state.question
    unit, total = words.unit(asked_, t), words.measure(asked_, t)
    was, becomes = (density(f, asked_.per) if f else None for f in (old, new))
    return {
        t("dense.place"): words.place(place, scope),
        t("dense.whatif_before", unit=unit): words.number(was, t),
        t("dense.whatif_after", unit=unit): words.number(becomes, t),
        t("dense.whatif_by"): _difference(was, becomes, scope),
        t("dense.whatif_before", unit=total): words.amount(_total(old), asked_, t),
        t("dense.whatif_after", unit=total): words.amount(_total(new), asked_, t),
    }


def _total(figure: Figure | None) -> Fraction | None:
    return figure.amount.value if figure else None


def _difference(old: Fraction | None, new: Fraction | None, scope: Scope) -> str:
    if old is None and new is None:
        return scope.t("figure.none")
    by = (new or 0) - (old or 0)
    return ("+" if by > 0 else "") + words.number(by, scope.t)
