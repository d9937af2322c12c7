"""The table of a density: each place with its sum, its area and source, and how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from geo.density import stated
from geo.density.measures import Densities
from geo.density.per import KINDS as OTHERS
from geo.density.question import Question, amount_unit, density, start_years
from ui import table
from ui.cache import City
from ui.controls import plain
from ui.density import asked, land, picking, shown, words
from ui.density.scope import Scope
from ui.density.shown import Row, Shown

MOST_ROWS = 1000
YEARS = 12  # of a sparkline, the last ones


def show(scope: Scope, found: Shown) -> None:
    """Draw the table; choosing a row lets its place stand out on map and chart."""
    if not found.rows:
        return
    t = scope.t
    frame = scope.recall(("density table", found.question), lambda: made(scope, found))
    picking.table(
        frame,
        [row.id for row in found.rows[:MOST_ROWS]],
        key="density_table",
        alt=words.title(found.question, t),
        columns=_config(scope, found),
    )
    if len(found.rows) > MOST_ROWS:
        st.caption(t("table.capped", n=MOST_ROWS, total=len(found.rows)))


def made(scope: Scope, found: Shown) -> pd.DataFrame:
    """Return the table's cells: numbers as numbers, unknown missing."""
    t, lines = scope.t, sparklines(scope, found)
    rows = found.rows[:MOST_ROWS]
    figures = [row.figure for row in rows]
    money = amount_unit(found.question) == "wan"
    data: dict[str, list[object]] = {
        "rank": [row.rank for row in rows],
        "name": [("· " if f.within else "") + words.place(f.place, scope) for f in figures],
        "density": [None if row.value is None else float(row.value) for row in rows],
        "amount": [
            None if f.amount.value is None else float(f.amount.value / (10_000 if money else 1))
            for f in figures
        ],
        "km2": [None if f.area.km2 is None else float(f.area.km2) for f in figures],
        **_land(scope, found),
        "projects": [len(f.amount.rows) + len(f.amount.unknown) for f in figures],
        "unknown": [len(f.amount.unknown) for f in figures],
        "area": [words.over(f, scope) for f in figures],
        "source": [words.source(f, scope) for f in figures],
        "reason": [words.reason(f, t) for f in figures],
    }
    if lines:
        data["line"] = [lines.get(f.place) for f in figures]
    empty = ["projects", "unknown"] if any(data["source"]) else ["source"]
    empty += [] if any(data["reason"]) else ["reason"]
    if found.question.measure == "projects" and data["amount"] == data["projects"]:
        empty += ["projects", "unknown"]  # the sum is their number: once is enough
    for column in set(empty):
        del data[column]
    return pd.DataFrame(data)


def _land(scope: Scope, found: Shown) -> dict[str, list[object]]:
    """Return what projects take of each park, and what remains; nothing for other places."""
    if found.question.by != "park":
        return {}
    parks = land.of_parks(scope)
    own = [parks.get(row.id) for row in found.rows[:MOST_ROWS]]
    return {
        "used": [land.used(one, scope) for one in own],
        "remaining": [land.remaining(one, scope) for one in own],
    }


def sparklines(scope: Scope, found: Shown) -> dict[str, list[float]]:
    """Return each place's density at the end of every year, the years as `years` gives them."""
    if found.question.by not in stated.BY:
        return {}
    span = years(scope.city, found.question)
    lines: dict[str, list[float]] = {row.id: [] for row in found.rows} if span else {}
    for year in span:
        past = shown.get_answer(scope, replace(found.question, year=year))
        if isinstance(past, Densities):
            for figure in past.figures:
                value = density(figure, found.question.per)
                # projects that had not begun are none; what nobody has stated is no zero
                if figure.place in lines and (value is not None or not is_stated(found.question)):
                    lines[figure.place].append(float(value or 0))
    # a line with a year missing would put the others under the wrong years
    return {place: line if len(line) == len(span) else [] for place, line in lines.items()}


def is_stated(question: Question) -> bool:
    """Tell whether a figure stands on stated amounts, people or firms, which are of single years."""
    return question.measure in stated.METRICS or question.per in OTHERS


def years(city: City, question: Question | None = None) -> list[int]:
    """Return the years in which projects began, or of which figures are stated, the last dozen."""
    if question is not None and is_stated(question):
        kinds = {question.measure, question.per} & {*stated.METRICS, *OTHERS}
        by, atlas = question.by, city.atlas
        found = [set(stated.years_of(atlas, by=by, metric=kind)) for kind in kinds]
        return sorted(set.intersection(*found))[-YEARS:]

    def make() -> list[int]:
        found = start_years(city.atlas)
        begun = found[found > 0]
        return list(range(int(begun.min()), int(begun.max()) + 1))[-YEARS:] if len(begun) else []

    return city.recent.get("years", make)


def digits(rows: Iterable[Row]) -> str:
    """Return how a table writes densities: four digits that count, but never less than all whole ones."""
    return "%.0f" if any((row.value or 0) >= 10_000 for row in rows) else "%.4g"


def _config(scope: Scope, found: Shown) -> dict[str, object]:
    t, number = scope.t, st.column_config.NumberColumn
    money = amount_unit(found.question) == "wan"
    span = years(scope.city, found.question)
    config: dict[str, object] = {
        "rank": number(t("dense.col_rank"), width=56),
        "name": st.column_config.TextColumn(t("dense.place"), width=190),
        "density": number(words.unit(found.question, t), format=digits(found.rows), width=96),
        "amount": number(
            t("dense.col_amount", measure=words.measure(found.question, t))
            if money
            else words.measure(found.question, t),
            format="%.2f" if money else "%d",
        ),
        "km2": number("km²", format="%.4g", width=80),
        "used": st.column_config.TextColumn(t("dense.col_used"), width=190),
        "remaining": st.column_config.TextColumn(
            t("dense.col_remaining"), width=120, help=t("dense.land_how")
        ),
        "projects": number(t("dense.col_projects"), width=72),
        "unknown": number(t("dense.col_unknown"), width=72),
        "area": st.column_config.TextColumn(t("dense.col_area"), width=320),
        "source": st.column_config.TextColumn(t("dense.col_source"), width=260),
        "reason": st.column_config.TextColumn(t("dense.col_reason"), width=170),
    }
    if span:
        config["line"] = st.column_config.LineChartColumn(
            t("dense.col_line", first=span[0], last=span[-1]), y_min=0, width=130
        )
    return config


def behind(scope: Scope, found: Shown, *, key: str = "density") -> None:
    """Open the figure of the place that stands out: what it is made of, project by project."""
    t, place = scope.t, scope.state.place
    row = found.row_of.get(place)
    if row is None:
        return
    figure = row.figure
    with st.container(key=f"{key}_behind", border=True):
        head, close = st.columns([0.86, 0.14], vertical_alignment="center")
        unit = words.unit(found.question, t)
        head.markdown(
            t(
                "dense.behind",
                name=plain(words.place(place, scope)),
                value=words.number(row.value, t),
                unit=unit,
                amount=words.amount(figure.amount.value, found.question, t),
                area=plain(words.over(figure, scope)),
            )
        )
        close.button(t("dense.close"), key=f"{key}_close", on_click=asked.pick, args=(place,))
        if reason := words.reason(figure, t):
            st.caption(t("dense.tip_none", reason=reason))
        if said := words.source(figure, scope):
            st.caption(plain(said))
            return
        rows = np.concatenate([figure.amount.rows, figure.amount.unknown])
        marks = table.marked(scope.city, rows)
        table.plain_rows(scope.city, scope.view, marks, key=key, t=t)
        if len(figure.amount.unknown):
            st.caption(
                t("dense.tip_rows", n=len(figure.amount.rows), unknown=len(figure.amount.unknown))
            )
