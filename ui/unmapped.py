"""The projects that no map can show, counted and listed."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geo.view import View
from ui import table
from ui.cache import City
from ui.i18n import Translate


def show(city: City, view: View, rows: np.ndarray, t: Translate) -> None:
    """Say how many of the marked rows have no place, and open their list on a click."""
    missing = rows & ~city.atlas.projects["mapped"].to_numpy(dtype=bool)
    label = t("table.unmapped", n=int(missing.sum()))
    if st.button(label, key="unmapped", width="stretch", disabled=not missing.any()):

        @st.dialog(label, width="large")
        def dialog() -> None:
            st.markdown(t("table.unmapped_how"))
            table.plain_rows(city, view, missing, key="unmapped", t=t)

        dialog()
