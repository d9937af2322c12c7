"""The projects as a table: on screen, in a figure's dialog, and in every download."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from geo.store.schema import PUBLIC_FIELDS
from geo.view import View
from ui import names, session
from ui.cache import City
from ui.i18n import Translate

ROW_PRESSES = (Path(__file__).parent / "rows.js").read_text("utf-8")
MAX_ROWS = 1000  # more would be sent to the browser again on every run; downloads hold all
SHORT = ("name", "stage", "invest_yi")
WIDE = (
    "kind",
    "name",
    "county",
    "park",
    "industry",
    "stage",
    "attribute",
    "invest_wan",
    "plan_wan",
    "done_wan",
    "land_m2",
    "progress_pct",
    "start_date",
    "end_date",
    "owner",
    "precision",
    "source",
)
MONEY = ("invest_wan", "plan_wan", "done_wan")
# columns of the table that are read from a column of another name
READ_FROM = {
    "kind": "sample",
    "attribute": "plan_attr",
    "precision": "placed",
    "invest_yi": "invest_wan",
}
# All that a project says to the public, in the order of its fields; a line's shape is the map's.
_NAMED = {"plan_attr": "attribute"}
_NOT_SAID = ("sample", "shape", "coord_source", "source_grade")  # `kind` says what is a sample
_SAID = [_NAMED.get(name, name) for name in PUBLIC_FIELDS if name not in _NOT_SAID]
FULL = ("id", "kind", *_SAID)


def ordered(city: City, rows: np.ndarray) -> np.ndarray:
    """Order the marked rows for reading: real ones first, then the largest; returns positions."""
    return city.order[rows[city.order]]


def readable(
    city: City, positions: np.ndarray, columns: tuple[str, ...], *, view: View, t: Translate
) -> pd.DataFrame:
    """Return projects with every code replaced by its name in the visitor's language.

    The columns keep their ids; money stays integer 万元, unknown stays missing.
    """
    atlas, language = city.atlas, view.language
    needed = dict.fromkeys(READ_FROM.get(column, column) for column in columns)
    projects = atlas.projects[list(needed)].iloc[positions]
    data = {}
    for column in columns:
        if column == "kind":
            words = {True: t("filter.kind_sample"), False: t("filter.kind_real")}
            data[column] = projects["sample"].map(words)
        elif column in ("industry", "stage", "county", "park"):
            known = names.of_facet(atlas, column, language=language, t=t)
            data[column] = projects[column].map(known)
        elif column == "attribute":
            known = names.of_facet(atlas, column, language=language, t=t)
            data[column] = projects["plan_attr"].map(known)
        elif column == "precision":
            known = {place: t(f"precision.{place}") for place in projects["placed"].unique()}
            data[column] = projects["placed"].map(known)
        elif column == "invest_yi":
            data[column] = projects["invest_wan"].astype("Float64") / session.WAN_PER_YI
        elif column == "lists":
            data[column] = projects["lists"].map(lambda v: names.of_lists(v, atlas, language))
        else:
            data[column] = projects[column]
    return pd.DataFrame(data)


def _config(columns: tuple[str, ...], *, view: View, t: Translate) -> dict[str, object]:
    config: dict[str, object] = {}
    for column in columns:
        label = t(f"table.{column}")
        if column in (*MONEY, "land_m2"):
            config[column] = st.column_config.NumberColumn(label, format="localized")
        elif column == "invest_yi":
            config[column] = st.column_config.NumberColumn(label, format="%.2f", width=66)
        elif column == "stage":
            width = 48 if view.language == "zh" else 112  # the longest stage, else it is cut off
            config[column] = st.column_config.TextColumn(label, width=width)
        elif column == "progress_pct":
            config[column] = st.column_config.ProgressColumn(
                label, min_value=0, max_value=100, format="%d%%"
            )
        else:
            width = (196 if view.language == "zh" else 140) if column == "name" else None
            config[column] = st.column_config.TextColumn(label, width=width)
    return config


def linked(
    city: City,
    view: View,
    rows: np.ndarray,
    *,
    columns: tuple[str, ...],
    height: int,
    t: Translate,
) -> None:
    """Draw the table that is linked to the map: choosing a row opens its project, and the
    project that is open is the chosen row."""
    positions = ordered(city, rows)
    total, positions = len(positions), positions[:MAX_ROWS]
    if not total:
        st.info(f"**{t('table.empty')}**\n\n{t('table.empty_hint')}", icon=":material/search_off:")
        return
    ids = city.atlas.projects["id"].to_numpy()[positions]
    chosen = np.flatnonzero(ids == view.project).tolist() if view.project else []
    st.session_state["table"] = {"selection": {"rows": chosen, "columns": [], "cells": []}}
    st.html(f"<script>{ROW_PRESSES}</script>", unsafe_allow_javascript=True)
    st.dataframe(
        city.recent.get(
            ("list", view.filters, view.language, columns),
            lambda: readable(city, positions, columns, view=view, t=t),
        ),
        key="table",
        hide_index=True,
        height=height,
        placeholder="",
        alt=t("table.title"),
        column_config=_config(columns, view=view, t=t),
        on_select=lambda: _take_row(city, positions),
        selection_mode="single-row",
    )
    st.caption(t("table.capped", n=MAX_ROWS, total=total) if total > MAX_ROWS else t("table.hint"))


def _take_row(city: City, positions: np.ndarray) -> None:
    rows = st.session_state["table"]["selection"]["rows"]
    session.open_project(city, int(positions[rows[0]]) if rows else -1)


def marked(city: City, positions: np.ndarray) -> np.ndarray:
    """Return positions of rows as a mask."""
    rows = np.zeros(len(city.atlas.projects), dtype=bool)
    rows[positions] = True
    return rows


def plain_rows(city: City, view: View, rows: np.ndarray, *, key: str, t: Translate) -> None:
    """Draw the marked rows as a table that only shows."""
    positions = ordered(city, rows)[:MAX_ROWS]
    if not len(positions):
        return
    columns = ("kind", "name", "county", "stage", "attribute", "invest_wan", "plan_wan", "source")
    st.dataframe(
        readable(city, positions, columns, view=view, t=t),
        key=f"rows_{key}",
        hide_index=True,
        height=min(360, 37 * (len(positions) + 1) + 2),
        placeholder="",
        alt=t("table.title"),
        column_config=_config(columns, view=view, t=t),
    )
    if int(rows.sum()) > MAX_ROWS:
        st.caption(t("table.capped", n=MAX_ROWS, total=int(rows.sum())))
