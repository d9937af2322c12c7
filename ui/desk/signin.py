"""Sign in through the site's provider, or choose a role on this machine for trying things out."""

from __future__ import annotations

import streamlit as st

from geo.view import View
from ui import account, names, settings
from ui.cache import City
from ui.i18n import Translate


def show(city: City, view: View, t: Translate) -> None:
    """Say who is signed in as what, with the way in or out."""
    if settings.is_public():
        return
    role = account.role()
    if settings.local_sign_in():
        _local(city, view, t)
    elif account.has_sign_in() and st.user.is_logged_in:
        with st.container(horizontal=True, vertical_alignment="center"):
            said = t(
                "desk.signed_in", name=_exactly(account.name()), role=t(f"desk.role_{role.kind}")
            )
            st.markdown(said, width="stretch")
            st.button(t("desk.sign_out"), on_click=st.logout)
    elif account.has_sign_in():
        st.button(t("desk.sign_in"), type="primary", on_click=st.login)
    else:
        st.info(t("desk.no_sign_in"), icon=":material/info:")


def _exactly(identity: str) -> str:
    """Write an identity so that it can be copied into the roles file, which `plain` would not."""
    return f"`{identity.replace('`', '')}`"


def _local(city: City, view: View, t: Translate) -> None:
    st.warning(t("desk.local"), icon=":material/construction:")
    units = names.of_rows(city.atlas.counties, "code", view.language)
    role = account.role()
    st.session_state["local_kind"] = role.kind
    st.session_state["local_units"] = [unit for unit in units if unit in role.units]
    with st.container(horizontal=True):
        st.selectbox(
            t("desk.role"),
            account.KINDS,
            key="local_kind",
            format_func=lambda kind: t(f"desk.role_{kind}"),
            on_change=_take,
        )
        if role.kind == "staff":
            st.multiselect(
                t("desk.units"),
                list(units),
                key="local_units",
                format_func=units.get,
                placeholder=t("desk.choose"),
                on_change=_take,
            )


def _take() -> None:
    units = tuple(st.session_state.get("local_units", ()))
    account.choose(st.session_state["local_kind"], units)
