"""Charts of the page about density, as Vega-Lite: drawn by the browser, and by the server as PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pandas as pd
import streamlit as st

from geo.render.shade import UNKNOWN
from ui.density import asked, words
from ui.density.scope import Scope
from ui.density.shown import Row, Shown, labels, surface_km2
from ui.i18n import Translate

FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
ACCENT = "#0b57d0"
GREY = "#c9cdd2"
MOST_BARS = 24
CONFIG: Mapping[str, Any] = {
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 500,
        "labelColor": "#333d49",
        "titleColor": "#4a5563",
        "gridColor": "#e6eaef",
        "domainColor": "#aab2bc",
        "tickColor": "#aab2bc",
        "labelLimit": 210,
    },
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 260},
}
PICK = "pick"
Spec = dict[str, Any]
Width = Literal["stretch", "content"]


def draw(
    spec: Spec,
    data: pd.DataFrame,
    *,
    key: str,
    alt: str,
    on_pick: Callable[[str], None] | None = None,
    width: Width = "stretch",
) -> None:
    """Draw a chart; a click on a mark gives the id of its place to `on_pick`.

    A chart keeps what was clicked, and the same mark clicked again would be no news to it; so it
    is drawn anew after each click.
    """
    whole = {**spec, "config": {**CONFIG, **spec.get("config", {})}, "description": alt}
    whole["usermeta"] = {"embedOptions": {"actions": False}}  # its menu speaks English only
    if on_pick is None:
        st.vega_lite_chart(data, whole, key=key, width=width)
        return

    turns = f"{key}_turns"
    turn = st.session_state.setdefault(turns, 0)
    own = f"{key}_{turn}" if turn else key

    def take() -> None:
        st.session_state[turns] = turn + 1
        chosen = st.session_state[own]["selection"].get(PICK) or []
        if chosen and (place := chosen[0].get("id")):
            on_pick(str(place))

    st.vega_lite_chart(data, whole, key=own, width=width, on_select=take, selection_mode=[PICK])


def picking() -> list[Spec]:
    """Return the parameter that lets a click choose a place."""
    return [{"name": PICK, "select": {"type": "point", "fields": ["id"], "on": "click"}}]


def bars(scope: Scope, found: Shown) -> tuple[Spec, pd.DataFrame]:
    """Return the densities as bars, the densest first, in the colours of their classes."""
    t = scope.t
    known = [row for row in found.rows if row.value is not None][:MOST_BARS]
    unit = words.unit(found.question, t)
    data = pd.DataFrame(
        {
            "id": [row.id for row in known],
            "name": [name(row, scope) for row in known],
            "value": [float(row.value or 0) for row in known],
            "said": [words.number(row.value, t) for row in known],
            "class": [row.number for row in known],
            "picked": [row.id == scope.state.place for row in known],
        }
    )
    base: Spec = {
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, "title": None},
            "x": {
                "field": "value",
                "type": "quantitative",
                "title": unit,
                "axis": {"tickCount": 4} if any(data["value"]) else {"values": [0], "format": "d"},
            },
        }
    }
    return {
        **base,
        "height": {"step": 26},
        "layer": [
            {
                "params": picking(),
                "mark": {"type": "bar", "cursor": "pointer", "height": {"band": 0.72}},
                "encoding": {
                    "color": class_colours(found),
                    **outlined(None),
                    "tooltip": [
                        {"field": "name", "title": t("dense.place")},
                        {"field": "said", "title": unit},
                    ],
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 12},
                "encoding": {"text": {"field": "said"}, "color": {"value": "#333d49"}},
            },
        ],
    }, data


def outlined(plain: str | None) -> Spec:
    """Return the outline of marks: the place that stands out has it bold, in the map's blue."""
    return {
        "stroke": {"condition": {"test": "datum.picked", "value": ACCENT}, "value": plain},
        "strokeWidth": {"condition": {"test": "datum.picked", "value": 3}, "value": 1},
    }


def name(row: Row, scope: Scope) -> str:
    """Name a place; a sub-park is marked as one."""
    shown = words.place(row.id, scope)
    return f"· {shown}" if row.figure.within else shown


def class_colours(found: Shown) -> Spec:
    """Return the colours of the classes as the map has them."""
    numbers = list(range(len(found.colours)))
    return {
        "field": "class",
        "type": "nominal",
        "scale": {"domain": [*numbers, UNKNOWN], "range": [*found.colours, GREY]},
        "legend": None,
    }


def keys(found: Shown, t: Translate) -> list[tuple[str, str]]:
    """Return the legend of the classes: each colour with its range."""
    written = labels(found.bounds, lambda v: words.number(v, t), found.lowest)
    return list(zip(found.colours, written, strict=True))


def surface_bars(scope: Scope, found: Shown) -> tuple[Spec, pd.DataFrame]:
    """Return how many km² of the surface are in each class."""
    t = scope.t
    written = labels(found.bounds, lambda v: words.number(v, t), found.lowest)
    data = pd.DataFrame(
        {"name": written, "value": surface_km2(found), "class": range(len(written))}
    )[::-1]
    return {
        "height": {"step": 30},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "title": words.unit(found.question, t),
            },
            "x": {"field": "value", "type": "quantitative", "title": "km²"},
            "color": class_colours(found),
        },
    }, data


def overview(scope: Scope, found: Shown) -> tuple[Spec, pd.DataFrame] | None:
    """Draw the bars that belong to the map and return them, None where there is nothing to draw."""
    t = scope.t
    if not found.bounds:
        st.info(t("dense.nothing"), icon=":material/search_off:")
        return None
    alt = words.title(found.question, t)
    if found.rows:
        spec, data = bars(scope, found)
        draw(spec, data, key="density_bars", alt=alt, on_pick=asked.pick)
        more = sum(row.value is not None for row in found.rows) - len(data)
        if more > 0:
            st.caption(t("dense.bars_more", n=more))
    else:
        spec, data = surface_bars(scope, found)
        draw(spec, data, key="density_surface", alt=alt)
    return spec, data
