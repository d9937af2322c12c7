"""A city with a scenario's changes made, for one visitor; the real one stays as it is."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.compare import scenario
from geo.errors import GeoError
from ui import cache, i18n
from ui.controls import plain
from ui.density import asked
from ui.density.scope import Scope
from ui.recent import Recent

FAULT = "density_scenario_fault"
MOST = 4  # scratch cities that are kept: each is a whole one


def applied(scope: Scope) -> Scope:
    """Return the scope with the scenario's changes made; one that cannot be made is told and dropped."""
    text = scope.state.whatif
    if not text:
        return scope
    real = scope.real
    kept = real.recent.get("scratches", lambda: Recent(MOST))
    try:
        city = kept.get(
            text,
            lambda: cache.scratch(real, scenario.applied(real.atlas, scenario.read(text))),
        )
    except GeoError as error:
        st.session_state[FAULT] = i18n.sentence(error, scope.t)
        state = replace(scope.state, whatif="")
        st.session_state[asked.STATE] = state
        return replace(scope, state=state)
    return replace(scope, city=city, selection=city.select(scope.view.filters), tag=text)


def banner(scope: Scope) -> None:
    """Say that a scenario is at work, with the way back."""
    t = scope.t
    if fault := st.session_state.pop(FAULT, ""):
        st.warning(t("dense.scenario_fault", fault=plain(fault)), icon=":material/warning:")
    if not scope.tag:
        return
    with st.container(key="earlier", horizontal=True, vertical_alignment="center"):
        n = len(scenario.read(scope.tag))
        st.markdown(t("dense.scenario_on", n=n), width="stretch")
        st.button(t("dense.scenario_off"), key="density_restore", on_click=restore)


def restore() -> None:
    """Drop the scenario from a callback: everything is again as it was."""
    asked.change(whatif="")
