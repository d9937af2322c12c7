"""Where two answers with the same classes differ most, place by place or class by class."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import streamlit as st

from geo.compare import answers
from geo.density.measures import Densities
from ui.density import picking, words
from ui.density.scope import Scope
from ui.density.shown import Shown, labels, surface_km2

KEY = "density_changes"
MOST = 30


def show(scope: Scope, left: Shown, right: Shown) -> None:
    """Draw the places with the largest difference; choosing one lets it stand out on both maps."""
    if not left.rows and not right.rows:
        _classes(scope, left, right)
        return
    t, rows = scope.t, compared(scope, left, right)
    st.markdown(f"**{t('dense.twin_changes', n=min(len(rows), MOST))}**")
    st.caption(summary(scope, rows))
    ids = [str(row["id"]) for row in rows[:MOST]]
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    unit = words.unit(left.question, t)
    picking.table(
        pd.DataFrame(rows[:MOST])[["name", "left", "right", "change", "class"]],
        ids,
        key=KEY,
        alt=t("dense.twin_changes", n=len(ids)),
        columns={
            "name": text(t("dense.place"), width=200),
            "left": number(t("dense.twin_col_left", unit=unit), format="%.4g", width=150),
            "right": number(t("dense.twin_col_right", unit=unit), format="%.4g", width=150),
            "change": number(t("dense.twin_col_change"), format="%+.4g", width=110),
            "class": text(t("dense.twin_col_class"), width=130),
        },
    )


def compared(scope: Scope, left: Shown, right: Shown) -> list[dict[str, object]]:
    """Return both values of each place, the largest difference first, unknown ones last."""
    one, other = left.found, right.found
    if not isinstance(one, Densities) or not isinstance(other, Densities):
        raise TypeError(one)
    found: list[dict[str, object]] = []
    for change in answers.changes(left.question, one, other):
        rows = (side.row_of.get(change.place) for side in (left, right))
        classes = [
            str(row.number + 1) if row and row.number >= 0 else scope.t("figure.none")
            for row in rows
        ]
        found.append(
            {
                "id": change.place,
                "name": words.place(change.place, scope),
                "left": _plain(change.left),
                "right": _plain(change.right),
                "change": _plain(change.value),
                "class": classes[0] if classes[0] == classes[1] else " ← ".join(classes),
                "moved": classes[0] != classes[1],
            }
        )
    return found


def _plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def summary(scope: Scope, rows: list[dict[str, object]]) -> str:
    """Say how many places changed their class, and how many have no difference to speak of."""
    t = scope.t
    moved = sum(bool(row["moved"]) for row in rows)
    same = sum(row["change"] == 0 for row in rows)
    unknown = sum(row["change"] is None for row in rows)
    return t("dense.twin_summary", n=len(rows), moved=moved, same=same, unknown=unknown)


def _classes(scope: Scope, left: Shown, right: Shown) -> None:
    """Draw how many km² of each surface are in each class."""
    t = scope.t
    written = labels(left.bounds, lambda v: words.number(v, t), left.lowest)
    unit = words.unit(left.question, t)
    one, other = surface_km2(left), surface_km2(right)
    data = [
        {"class": label, "left": one[n], "right": other[n], "change": one[n] - other[n]}
        for n, label in enumerate(written)
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        pd.DataFrame(data[::-1]),
        key="density_changes_km2",
        hide_index=True,
        placeholder="",
        alt=t("dense.twin_km2"),
        column_config={
            "class": st.column_config.TextColumn(unit, width=160),
            "left": number(t("dense.twin_col_left", unit="km²"), format="%.1f", width=140),
            "right": number(t("dense.twin_col_right", unit="km²"), format="%.1f", width=140),
            "change": number(t("dense.twin_col_change"), format="%+.1f", width=110),
        },
    )
    st.caption(t("dense.twin_km2"))
