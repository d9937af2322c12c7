"""The data desk: lists in from Excel, every fault shown, a preview, one step to apply, undo."""

from __future__ import annotations

import streamlit as st

from geo.view import View
from ui import account, frame
from ui.cache import City
from ui.desk import edit, history, intake, series, signin, welcome
from ui.i18n import Translate


def page(city: City, view: View, t: Translate) -> None:
    """Show what the signed-in role may do: bring lists in, look back, undo."""
    st.header(t("desk.title"))
    signin.show(city, view, t)
    role = account.role()
    if role.kind == "visitor":
        welcome.show(view, t)
        return
    if role.kind != "auditor":
        intake.show(city, view, role, t)
        edit.show(city, view, role, t)
        series.show(city, view, role, t)
    history.show(city, view, role, t)


frame.run(page, title="app.nav_desk")
