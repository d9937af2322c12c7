"""One park, one industry: which projects are of an industry that their park does not name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from geo.compare import misfits
from geo.compare.misfits import Fit
from ui import map_view, names, table, unmapped
from ui.controls import plain
from ui.density import asked, chart, files, words
from ui.density.chart import Spec
from ui.density.scope import Scope
from ui.i18n import percent

KINDS = ("fitting", "misfits", "unknown")
COLOURS = ("#4c9a6a", "#d1495b", "#c9cdd2")


def show(scope: Scope) -> None:
    """Draw the parks' projects as they fit, and the misfits on the map: as many as are counted."""
    t = scope.t
    found = scope.recall(
        ("fits", scope.state.question.year),
        lambda: misfits.misfits(scope.city.atlas, scope.begun),
    )
    st.markdown(f"##### {t('dense.fits_title')}")
    if not found:
        st.info(t("dense.nothing"), icon=":material/search_off:")
        return
    chosen = [fit for fit in found if fit.park == scope.state.place] or list(found)
    rows = np.concatenate([fit.misfits for fit in chosen]).astype(int)
    left, right = st.columns([0.5, 0.5], gap="small")
    with left:
        drawn = bars(scope, found)
        chart.draw(*drawn, key="density_fits", alt=t("dense.fits_title"), on_pick=asked.pick)
        st.caption(t("dense.fits_how"))
    with right, st.container(key="density_map_box"):
        _map(scope, rows)
    place = plain(words.place(chosen[0].park, scope)) if len(chosen) == 1 else t("dense.fits_all")
    st.markdown(t("dense.fits_said", place=place, n=len(rows)))
    marks = table.marked(scope.city, rows)
    table.plain_rows(scope.city, scope.view, marks, key="fits", t=t)
    unmapped.show(scope.city, scope.view, marks, t)
    _parks(scope, found)
    files.picture(scope, drawn, title=t("dense.fits_title"), key="fits")


def _map(scope: Scope, rows: np.ndarray) -> None:
    projects = scope.city.atlas.projects.iloc[rows]
    counts = {facet: projects[facet].value_counts().to_dict() for facet in ("stage", "industry")}
    only = replace(
        scope.selection,
        rows=table.marked(scope.city, rows),
        counts={**scope.selection.counts, **counts},
    )
    map_view.show(
        scope.city,
        replace(scope.view, colour="industry", project=""),
        only,
        scope.t,
        picked=lambda: None,
    )


def bars(scope: Scope, found: tuple[Fit, ...]) -> tuple[Spec, pd.DataFrame]:
    """Return each park's projects as one bar: those that fit, that do not, that cannot be judged."""
    t = scope.t
    said = [t(f"dense.fits_{kind}") for kind in KINDS]
    data = pd.DataFrame(
        [
            {
                "id": fit.park,
                "park": words.place(fit.park, scope),
                "kind": label,
                "n": len(getattr(fit, kind)),
                "order": order,
            }
            for fit in found
            for order, (kind, label) in enumerate(zip(KINDS, said, strict=True))
        ]
    )
    return {
        "height": {"step": 28},
        "params": chart.picking(),
        "mark": {"type": "bar", "cursor": "pointer"},
        "encoding": {
            "y": {"field": "park", "type": "nominal", "sort": None, "title": None},
            "x": {
                "field": "n",
                "type": "quantitative",
                "title": t("dense.col_projects"),
                "axis": {"tickMinStep": 1},
            },
            "order": {"field": "order"},
            "color": {
                "field": "kind",
                "type": "nominal",
                "title": None,
                "scale": {"domain": said, "range": list(COLOURS)},
                "legend": {"orient": "top", "direction": "vertical"},  # a phone cuts a row off
            },
            "tooltip": [
                {"field": "park", "title": t("dense.place")},
                {"field": "kind", "title": t("dense.fits_kind")},
                {"field": "n", "title": t("dense.col_projects")},
            ],
        },
    }, data


def _parks(scope: Scope, found: tuple[Fit, ...]) -> None:
    """Draw what each park names, and which industry leads in it."""
    t = scope.t
    industry = names.of_facet(scope.city.atlas, "industry", language=scope.language, t=t)
    comma = t("density.comma")
    frame = pd.DataFrame(
        [
            {
                t("dense.place"): words.place(fit.park, scope),
                t("dense.fits_named"): comma.join(industry[id_] for id_ in fit.named)
                or t("figure.none"),
                t("dense.fits_named_by"): words.place(fit.named_by, scope)
                if fit.named_by not in ("", fit.park)
                else "",
                t("dense.fits_leading"): industry.get(fit.leading, t("figure.none")),
                t("dense.fits_leading_share"): percent(fit.leading_share, t),
                t("dense.fits_misfits"): len(fit.misfits),
            }
            for fit in found
        ]
    )
    st.dataframe(
        frame, key="density_fits_table", hide_index=True, placeholder="", alt=t("dense.fits_title")
    )
