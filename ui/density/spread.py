"""Concentration: the Lorenz curve with Gini and Herfindahl, and the share of industry in parks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd
import streamlit as st

from geo.compare import answers, concentration
from geo.compare.concentration import ShareInParks
from geo.density.measures import Densities
from geo.errors import GeoError
from ui import table
from ui.density import chart, files, notes, shown, words
from ui.density.chart import Spec
from ui.density.scope import Scope
from ui.i18n import percent

Curve = Sequence[concentration.Point]


def show(scope: Scope) -> None:
    """Draw how unevenly the places share, and how much industry is in parks."""
    t = scope.t
    left, right = st.columns([0.55, 0.45], gap="large")
    with left:
        _places(scope)
    with right:
        st.markdown(f"##### {t('dense.share_title')}")
        _share(scope, concentration.share_in_parks(scope.city.atlas, scope.begun))


def _places(scope: Scope) -> None:
    t, asked = scope.t, scope.state.question
    title = t("dense.lorenz_title", measure=words.measure(asked, t), by=t(f"dense.by_{asked.by}"))
    st.markdown(f"##### {title}")
    found = shown.get_answer(scope, asked)
    if not isinstance(found, Densities):
        st.info(t("dense.needs_places"), icon=":material/info:")
        return
    try:
        made = answers.spread(found)
    except GeoError:
        st.info(t("dense.nothing"), icon=":material/search_off:")
        return
    said = t(
        "dense.lorenz_said",
        n=made.n,
        gini=words.number(made.gini, t),
        herfindahl=words.number(made.herfindahl, t),
        even=words.number(Fraction(1, made.n), t),
    )
    st.markdown(said)
    drawn = lorenz(scope, made.curve)
    chart.draw(*drawn, key="density_lorenz", alt=title)
    st.caption(t("dense.lorenz_how") + (t("dense.lorenz_cells") if asked.by == "h3" else ""))
    beside = [said.replace("**", ""), *notes.beside(scope, found)]
    files.picture(scope, drawn, title=title, key="lorenz", said=beside)


def lorenz(scope: Scope, curve: Curve) -> tuple[Spec, pd.DataFrame]:
    """Return the Lorenz curve beside the line of equal shares, in percent."""
    t = scope.t
    data = pd.DataFrame(
        {"x": [float(x) * 100 for x, _ in curve], "y": [float(y) * 100 for _, y in curve]}
    )
    axis = {"type": "quantitative", "scale": {"domain": [0, 100]}}
    x = {"field": "x", "title": t("dense.lorenz_x"), **axis}
    y = {"field": "y", "title": t("dense.lorenz_y"), **axis}
    return {
        "height": 320,
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "area", "color": "#fdd49e", "opacity": 0.55}},
            {
                "mark": {
                    "type": "line",
                    "color": "#b3331d",
                    "strokeWidth": 2.5,
                    "point": {"color": "#b3331d"},
                },
            },
            {
                "mark": {"type": "line", "color": "#6b7682", "strokeDash": [5, 4]},
                "encoding": {"y": {"field": "x", **axis}},
            },
        ],
    }, data


def _share(scope: Scope, found: ShareInParks) -> None:
    t = scope.t
    st.markdown(
        t(
            "dense.share_said",
            share=percent(found.value, t),
            inside=len(found.inside),
            counted=len(found.counted),
            target=percent(found.target, t),
        )
    )
    spec, data = bullet(scope, found)
    chart.draw(spec, data, key="density_share", alt=t("dense.share_title"))
    st.caption(t("dense.share_how"))
    outside = sorted(set(found.counted.tolist()) - set(found.inside.tolist()))
    for name, rows in (
        ("inside", found.inside),
        ("outside", outside),
        ("mixed", found.mixed),
        ("nowhere", found.nowhere),
        ("unclassified", found.unclassified),
    ):
        if len(rows):
            with st.expander(t(f"dense.share_{name}", n=len(rows))):
                marks = table.marked(scope.city, list(rows))
                table.plain_rows(scope.city, scope.view, marks, key=f"share_{name}", t=t)


def bullet(scope: Scope, found: ShareInParks) -> tuple[Spec, pd.DataFrame]:
    """Return the share as a bar, the published target as a mark on it, in percent."""
    t = scope.t
    data = pd.DataFrame({"name": [t("dense.share_bar")], "value": [float(found.value or 0) * 100]})
    layers: list[Spec] = [{"mark": {"type": "bar", "height": 26, "color": "#1f6fb2"}}]
    if found.target is not None:
        layers.append(
            {
                "mark": {"type": "tick", "thickness": 3, "size": 44, "color": "#b3331d"},
                "encoding": {"x": {"datum": float(found.target) * 100}},
            }
        )
    return {
        "height": 60,
        "encoding": {
            "x": {
                "field": "value",
                "type": "quantitative",
                "title": "%",
                "scale": {"domain": [0, 100]},
            },
            "y": {"field": "name", "type": "nominal", "title": None},
        },
        "layer": layers,
    }, data
