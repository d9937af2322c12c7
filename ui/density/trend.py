"""Metrics over the years, as they were published or brought in: lines, slopes, every figure's source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from geo.density import stated
from geo.density.measures import MU_PER_KM2, WAN_PER_YI
from geo.series import Point, of
from geo.series.points import CITY, PARKS
from geo.series.text import Texts
from ui.controls import plain
from ui.density import asked, chart, files
from ui.density.chart import Spec
from ui.density.scope import Scope

TOGETHER = (PARKS, CITY)
PALETTE = ("#1f6fb2", "#d1495b", "#4c9a6a", "#8a5fbf", "#c8861b", "#3b8686", "#9c4a1a", "#5b6470")
MOST_COLOURS = len(PALETTE)
MOST_NAMES = 24  # one above the other beside the chart


def show(scope: Scope) -> None:
    """Draw one metric: what is published for all together, then place by place."""
    t, texts = scope.t, Texts(scope.city.atlas, scope.language)
    metrics = offered(scope)
    if not metrics:
        st.info(t("dense.trend_none"), icon=":material/info:")
        return
    metric = scope.state.metric if scope.state.metric in metrics else metrics[0]
    _choose(scope, metrics, metric, texts)
    together = points(scope, metric, TOGETHER)
    title = t("dense.trend_title", metric=texts.metric(metric))
    st.markdown(f"##### {title}")
    for line in headlines(scope, together, texts):
        st.markdown(line)
    by = scope.state.question.by
    own = points(scope, metric, stated.places_of(scope.city.atlas, by)) if by in stated.BY else []
    if not own and len(together) < 2:
        st.caption(t("dense.trend_single"))
    else:
        spec, data = lines(scope, own or together, texts)
        chart.draw(spec, data, key="density_trend", alt=title, on_pick=asked.pick if own else None)
        st.caption(t("dense.trend_how"))
        files.picture(
            scope, (spec, data), title=title, key="trend", said=beside(scope, own or together)
        )
    _table(scope, [*together, *own], texts)


def offered(scope: Scope) -> list[str]:
    """Return the metrics that have a point, those of all parks together first."""
    series = scope.city.atlas.series
    known = {point.metric for point in series.points}
    parks = {point.metric for point in series.points if point.place == PARKS}
    order = [id_ for id_ in scope.city.atlas.catalogue.metrics if id_ in known]
    return sorted(order, key=lambda id_: (id_ != "output_density", id_ not in parks))


def points(scope: Scope, metric: str, places: Sequence[str]) -> list[Point]:
    """Return the points of a metric at places, by place and period."""
    series = scope.city.atlas.series
    return [point for place in places for point in of(series, place=place, metric=metric)]


def _choose(scope: Scope, metrics: list[str], metric: str, texts: Texts) -> None:
    key = "density_metric"
    st.session_state[key] = metric
    st.selectbox(
        scope.t("dense.trend_metric"),
        metrics,
        key=key,
        format_func=texts.metric,
        on_change=lambda: asked.change(metric=st.session_state[key]),
        width=320,
        placeholder="",
    )


def headlines(scope: Scope, found: Sequence[Point], texts: Texts) -> list[str]:
    """Say what is published for all places together: from the first year to the last, or each one."""
    t, said = scope.t, []
    for place in TOGETHER:
        own = [point for point in found if point.place == place]
        years = [p for p in own if p.span.whole_year and p.status != "target" and not p.sample]
        if len(years) > 1:
            first, last = years[0], years[-1]
            said.append(
                t(
                    "dense.trend_from_to",
                    place=plain(texts.place(place)),
                    old=texts.value(first),
                    new=_both(last, texts, scope),
                    first=first.span.year,
                    last=last.span.year,
                    basis=plain(_beside(last, texts, scope)),
                )
            )
        said += [
            t(
                "dense.trend_point",
                point=plain(texts.name(p)),
                value=_both(p, texts, scope),
                basis=plain(_beside(p, texts, scope)),
            )
            for p in own
            if len(years) < 2 or p not in years
        ]
    return said


def beside(scope: Scope, found: Sequence[Point]) -> list[str]:
    """Return what must go with a picture: what the marks mean, that there are samples, the sources."""
    t = scope.t
    marked = [t("dense.has_samples")] if any(point.sample for point in found) else []
    sources = t("app.separator").join(dict.fromkeys(p.source for p in found if p.source))
    return [t("dense.trend_marks"), *marked, t("dense.trend_sources", sources=sources)]


def _both(point: Point, texts: Texts, scope: Scope) -> str:
    """Write a value; one per km² in 万元/亩 too, which is how parks are judged."""
    if texts.exact(point)["unit"] != "yi_per_km2":
        return texts.value(point)
    per_mu = point.value / MU_PER_KM2
    unit = scope.t("density.unit_wan_per_mu")
    return scope.t("dense.trend_both", value=texts.value(point), other=f"{per_mu:g} {unit}")


def _beside(point: Point, texts: Texts, scope: Scope) -> str:
    parts = (texts.status(point), texts.basis(point), point.source, point.note)
    said = dict.fromkeys(part.rstrip("。") for part in parts if part)
    return scope.t("app.separator").join(said)


def lines(scope: Scope, found: Sequence[Point], texts: Texts) -> tuple[Spec, pd.DataFrame]:
    """Return each place as a line over its whole years, its name at the right end.

    The place that stands out is bold; with none, each has its own colour as long as they can be
    told apart. Samples are dashed, estimates and targets hollow.
    """
    whole = [p for p in found if p.span.whole_year] or list(found)
    kept = list({(p.place, p.period, p.status == "target"): p for p in reversed(whole)}.values())[
        ::-1
    ]
    places = list(dict.fromkeys(point.place for point in kept))
    picked = scope.state.place if scope.state.place in places else ""
    ends = named({p.place: p for p in kept if p.status != "target"}, picked)
    known = texts.exact(kept[0])["unit"]
    unit = scope.t(f"series.unit_{'yi' if known == 'wan' else known}")
    data = pd.DataFrame(
        {
            "id": [p.place for p in kept],
            "name": [texts.place(p.place) for p in kept],
            "period": [texts.period(p) for p in kept],
            "value": [_shown(p, texts) for p in kept],
            "said": [texts.value(p) for p in kept],
            "how": [_beside(p, texts, scope) for p in kept],
            "sample": [p.sample for p in kept],
            "firm": [p.status == "actual" for p in kept],
            "target": [p.status == "target" for p in kept],
            "end": [ends.get(p.place) is p for p in kept],
            "colour": [_colour(places.index(p.place), p.place, picked, len(places)) for p in kept],
            "width": [3.5 if p.place == picked else 2 for p in kept],
        }
    )
    return _layers(scope, unit), data


def named(ends: Mapping[str, Point], picked: str) -> dict[str, Point]:
    """Return the line ends that get a name: those far enough apart to be read, the picked one first."""
    values = [point.value for point in ends.values()]
    apart = (max(values) - min(values)) / MOST_NAMES if values else 0
    order = sorted(ends, key=lambda place: (place != picked, -ends[place].value))
    kept: dict[str, Point] = {}
    for place in order:
        if all(abs(ends[place].value - other.value) >= apart for other in kept.values()):
            kept[place] = ends[place]
    return kept


def _shown(point: Point, texts: Texts) -> float:
    """Return the value in one unit for the whole chart, 亿元 also below one."""
    found = texts.exact(point)
    value = float(str(found["shown"]))
    return value / WAN_PER_YI if found["unit"] == "wan" else value


def _colour(number: int, place: str, picked: str, n: int) -> str:
    if picked:
        return chart.ACCENT if place == picked else "#b4bbc4"
    return PALETTE[number % MOST_COLOURS] if n <= MOST_COLOURS else "#6b7682"


def _layers(scope: Scope, unit: str) -> Spec:
    t = scope.t
    own = {"type": "nominal", "scale": None}
    x = {"field": "period", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}}
    y = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": False}}
    actual = [{"filter": "!datum.target"}]
    tips = {
        "name": t("dense.place"),
        "period": t("dense.trend_period"),
        "said": unit,
        "how": t("dense.trend_source"),
    }
    line: Spec = {
        "transform": actual,
        "mark": {"type": "line"},
        "encoding": {
            "detail": {"field": "id"},
            "color": {"field": "colour", **own},
            "strokeWidth": {"field": "width", **own},
            "strokeDash": {
                "condition": {"test": "datum.sample", "value": [5, 4]},
                "value": [1, 0],
            },
        },
    }
    names: Spec = {
        "transform": [{"filter": "datum.end"}],
        "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 12},
        "encoding": {
            "text": {"field": "name"},
            "color": {"field": "colour", **own},
        },
    }
    return {
        "height": 380,
        "padding": {"right": 150},
        "encoding": {"x": x, "y": y},
        "layer": [line, _dots(tips), names],
    }


def _dots(tips: Mapping[str, str]) -> Spec:
    own = {"type": "nominal", "scale": None}
    return {
        "params": chart.picking(),
        "mark": {"type": "point", "size": 80, "cursor": "pointer", "strokeWidth": 2},
        "encoding": {
            "shape": {"condition": {"test": "datum.target", "value": "diamond"}, "value": "circle"},
            "stroke": {"field": "colour", **own},
            "fill": {
                "condition": {"test": "datum.firm", "field": "colour", **own},
                "value": "#ffffff",
            },
            "tooltip": [{"field": name, "title": title} for name, title in tips.items()],
        },
    }


def _table(scope: Scope, found: Sequence[Point], texts: Texts) -> None:
    """Draw every point with what it stands on and where it is from."""
    t = scope.t
    frame = pd.DataFrame(
        [
            {
                t("dense.place"): texts.place(p.place),
                t("dense.trend_period"): texts.period(p),
                t("dense.trend_value"): texts.value(p),
                t("dense.trend_status"): texts.status(p),
                t("dense.trend_basis"): texts.basis(p),
                t("dense.trend_source"): p.source,
                t("dense.trend_note"): p.note,
            }
            for p in found
        ]
    )
    st.dataframe(
        frame, key="density_points", hide_index=True, placeholder="", alt=t("dense.part_trend")
    )
