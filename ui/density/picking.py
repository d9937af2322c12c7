"""A table with a place a row, of which one can be chosen to stand out everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from ui.density import asked

ROW, EDGE, TALLEST = 36, 2, 420  # pixels


def table(
    frame: pd.DataFrame, ids: Sequence[str], *, key: str, alt: str, columns: dict[str, object]
) -> None:
    """Draw the rows, those of `ids` in order; the place that stands out is the chosen row."""
    place = st.session_state[asked.STATE].place
    chosen = [n for n, id_ in enumerate(ids) if id_ == place]
    st.session_state[key] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=min(TALLEST, ROW * (len(frame) + 1) + EDGE),
        placeholder="",
        alt=alt,
        column_config=columns,
        on_select=lambda: _take(ids, key),
        selection_mode="single-row",
    )


def _take(ids: Sequence[str], key: str) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    asked.change(place=ids[rows[0]] if rows else "")
