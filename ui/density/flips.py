"""Rank flips: the same measure of each county at several scales, and where its rank changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import pandas as pd
import streamlit as st

from geo.compare import answers, ranks
from geo.compare.answers import over_projects
from geo.density.measures import MU_PER_KM2, WAN_PER_YI
from geo.density.question import Question
from ui.controls import plain
from ui.density import asked, chart, files, words
from ui.density.chart import Spec
from ui.density.scope import Scope

INKS = ("#0b57d0", "#c4360a", "#00796b", "#8e24aa", "#9a6700", "#455a64")
FLAT, QUIET = "#b3bac2", "#5b6673"
NAME = 170  # pixels for a name at either end
Views = dict[str, dict[str, Fraction | None]]


def show(scope: Scope) -> None:
    """Draw each county's rank across the scales, and name those that change places."""
    t, asked_ = scope.t, over_projects(scope.state.question)
    key = ("scales", asked_.measure, asked_.year, asked_.resolution)
    views = scope.recall(key, lambda: of_counties(scope))
    st.markdown(f"##### {t('dense.flips_title', measure=words.measure(asked_, t))}")
    common = [place for place in _places(views) if _everywhere(views, place)]
    if len(common) < 2:
        st.info(t("dense.flips_few"), icon=":material/search_off:")
        return
    moved = [flip.place for flip in ranks.flips(views) if flip.place in common]
    made = slopes(scope, views, moved)
    left, right = st.columns([0.62, 0.38], gap="medium")
    with left:
        said = sentence(scope, moved)
        chart.draw(*made, key="density_flips", alt=said, on_pick=_pick(scope))
    with right:
        st.markdown(f"**{plain(said)}**")
        st.caption(t("dense.flips_how", cell=asked_.resolution))
        missing = _missing(scope, views)
        for line in missing:
            st.caption(plain(line))
        title = t("dense.flips_title", measure=words.measure(asked_, t))
        files.picture(scope, made, title=title, key="flips", said=[said, *missing])


def of_counties(scope: Scope) -> Views:
    """Return the counties' densities at each scale, of what had begun by the year asked for."""
    return answers.views(scope.city.atlas, scope.rows, scope.state.question)


def _pick(scope: Scope) -> Callable[[str], None] | None:
    """Return what a click does: counties are the places of this page only while they are asked for."""
    return asked.pick if scope.state.question.by == "county" else None


def _places(views: Views) -> list[str]:
    return sorted({place for view in views.values() for place in view})


def _everywhere(views: Views, place: str) -> bool:
    return all(view.get(place) is not None for view in views.values())


def sentence(scope: Scope, moved: list[str]) -> str:
    """Name the counties whose rank depends on how they are looked at."""
    t = scope.t
    if not moved:
        return t("dense.flips_none")
    return t("dense.flips_some", names=t("dense.list").join(words.place(p, scope) for p in moved))


def _missing(scope: Scope, views: Views) -> list[str]:
    """Say of each county that is not ranked which scale has no figure of it."""
    t = scope.t
    lines: dict[str, list[str]] = {}
    for place in _places(views):
        lacking = [name for name, view in views.items() if view.get(place) is None]
        if lacking:
            named = t("dense.list").join(t(f"dense.view_{name}") for name in lacking)
            lines.setdefault(named, []).append(words.place(place, scope))
    return [
        t("dense.flips_missing", names=t("dense.list").join(places), views=named)
        for named, places in lines.items()
    ]


def in_unit(value: Fraction, asked_: Question) -> Fraction:
    """Turn 个 or 亿元 a km² into the unit asked for."""
    if asked_.per == "km2":
        return value
    return value * (1 if asked_.measure == "projects" else WAN_PER_YI) / MU_PER_KM2


def slopes(scope: Scope, views: Views, moved: list[str]) -> tuple[Spec, pd.DataFrame]:
    """Return the chart: a column a scale, a line a county, those that flip in colour."""
    data = _points(scope, views, moved)
    t, names = scope.t, list(data["view"].unique())
    inks = {place: INKS[n % len(INKS)] for n, place in enumerate(moved)}
    places = list(data["id"].unique())
    colour = {
        "field": "id",
        "type": "nominal",
        "scale": {"domain": places, "range": [inks.get(place, FLAT) for place in places]},
        "legend": None,
    }
    bold = {"condition": {"test": "datum.moved", "value": 4}, "value": 2}
    tips = [
        ("name", t("dense.place")),
        ("view", t("dense.flips_by")),
        ("rank", t("dense.col_rank")),
    ]
    tips += [("figure", t("dense.col_density"))]
    x, y = _axes(names, len(places))
    return {
        "resolve": {"scale": {"color": "independent"}},
        "height": 60 * len(places) + 40,
        "encoding": {"x": x, "y": y, "order": {"field": "order", "type": "quantitative"}},
        "layer": [
            {
                "mark": {"type": "line", "interpolate": "monotone"},
                "encoding": {"color": colour, "detail": {"field": "id"}, "strokeWidth": bold},
            },
            {
                "params": chart.picking(),
                "mark": {"type": "circle", "size": 420, "opacity": 1, "cursor": "pointer"},
                "encoding": {
                    "color": colour,
                    "tooltip": [{"field": field, "title": title} for field, title in tips],
                },
            },
            {
                "mark": {"type": "text", "fontSize": 12, "fontWeight": 700, "color": "#ffffff"},
                "encoding": {"text": {"field": "rank"}},
            },
            *_named(colour, at=0, align="left"),
            *_named(colour, at=len(names) - 1, align="right"),
        ],
    }, data


def _axes(names: list[str], places: int) -> tuple[Spec, Spec]:
    """Return the scales as columns, and ranks from the top down without an axis of their own."""
    axis = {"orient": "top", "labelAngle": 0, "domain": False, "ticks": False, "grid": True}
    x = {"field": "view", "type": "nominal", "sort": names, "title": None, "axis": axis}
    y = {"field": "rank", "type": "quantitative", "axis": None}
    down = {"domain": [places + 0.4, 0.4], "nice": False, "zero": False}
    return x | {"scale": {"padding": 0.16}}, y | {"scale": down}


def _named(colour: Spec, *, at: int, align: str) -> list[Spec]:
    """Return the names at one end, above the line: a pale halo, so that no line crosses them."""
    place = {"align": align, "dx": -8 if align == "left" else 8, "dy": -20}
    mark = {"type": "text", "fontSize": 12, "fontWeight": 600, "limit": NAME} | place
    inks = [QUIET if ink == FLAT else ink for ink in colour["scale"]["range"]]
    own = {**colour, "scale": {**colour["scale"], "range": inks}}
    halo = {"stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round", "color": "#ffffff"}
    return [
        {
            "transform": [{"filter": f"datum.order === {at}"}],
            "mark": {**mark, **more},
            "encoding": {"text": {"field": "name"}, **coloured},
        }
        for more, coloured in ((halo, {}), ({}, {"color": own}))
    ]


def _points(scope: Scope, views: Views, moved: list[str]) -> pd.DataFrame:
    t, asked_ = scope.t, over_projects(scope.state.question)
    common = [place for place in _places(views) if _everywhere(views, place)]
    rows = []
    for order, (name, view) in enumerate(views.items()):
        known: Mapping[str, Fraction | None] = {place: view[place] for place in common}
        for place, rank in ranks.ranked(known).items():
            value = in_unit(view[place] or Fraction(0), asked_)
            rows.append(
                {
                    "id": place,
                    "name": words.place(place, scope),
                    "view": t(f"dense.view_{name}"),
                    "order": order,
                    "rank": rank,
                    "figure": f"{words.number(value, t)} {words.unit(asked_, t)}",
                    "moved": place in moved,
                }
            )
    return pd.DataFrame(rows)
