"""What the desk is for, for who is not signed in: the steps, and the template to fill in meanwhile."""

from __future__ import annotations

import streamlit as st

from geo.view import View
from ui import account, settings
from ui.desk import intake
from ui.i18n import Translate

STEPS = ("upload", "check", "apply")


def show(view: View, t: Translate) -> None:
    """Say what can be done after signing in, and how to try it where nobody else is served."""
    if settings.is_public():
        st.info(t("desk.public"), icon=":material/lock:")
        return
    if account.can_sign_in():
        st.info(t("desk.visitor"), icon=":material/lock:")
    st.markdown("\n".join(f"1. {t(f'desk.step_{step}')}" for step in STEPS))
    intake.template_button(view, t)
    if account.could_try():
        st.caption(t("desk.try_here"))
