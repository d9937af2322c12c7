"""The map of a density: places shaded by class, a click makes one stand out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

import h3
import numpy as np
import streamlit as st
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry
from streamlit_folium import st_folium

from geo.density.contours import bands
from geo.density.measures import Amount
from geo.density.surface import Surface
from geo.exchange.table import safe_filename
from geo.render import folium_map, shade
from geo.render.shade import Legend, Shade
from ui import map_view
from ui.density import asked, words
from ui.density.scope import Scope
from ui.density.shown import Shown, counts, labels, scale

KEY = "density_map"
MOST_CELLS = 20_000  # more would be sent again with every change, some megabytes each
# As in map_view, but charts keep the browser busy for longer than a list does
HEAD_START_SECONDS = 0.09
PICKED = "density_picked"  # the map keeps its last event through every run; each counts once


def show(scope: Scope, found: Shown, *, key: str = KEY, group: str = "", title: str = "") -> None:
    """Draw the map of an answer; maps of one `group` move together, `title` is the picture's."""
    layer = scope.recall(
        ("shade", found.question, found.bounds),
        lambda: shade.layer(made(scope, found), datum=scope.city.basemap.datum),
    )
    draw(
        scope,
        {**layer, "group": group},
        title=title or words.title(found.question, scope.t),
        whole=found.found.whole,
        key=key,
    )


def draw(
    scope: Scope, layer: Mapping[str, object], *, title: str, whole: Amount, key: str = KEY
) -> None:
    """Draw any shaded map (`shade.layer`); `whole` is what it is made of."""
    city = scope.city
    place = city.atlas.catalogue.city.name[scope.language]
    plain = map_view.command(city, scope.view, scope.selection, scope.t)
    text = {**plain.text, **_words(scope, f"{place} · {title}", layer, whole)}
    picked = [scope.state.place] if scope.state.place else []
    lit = replace(plain, text=text, selected=-1, shade={**layer, "picked": picked})
    st_folium(
        folium_map.base(
            city.basemap,
            centre=city.atlas.catalogue.city.centre,
            scripts=city.scripts,
            styles=city.styles,
        ),
        key=key,
        height=map_view.HEIGHT,
        use_container_width=True,
        returned_objects=[],
        render=False,
        feature_group_to_add=folium_map.command_group(lit),
        on_change=lambda: take_event(key),
    )
    time.sleep(HEAD_START_SECONDS)


def take_event(key: str) -> None:
    """Act on a place that was picked on the map."""
    event = (st.session_state.get(key) or {}).get("event")
    if not isinstance(event, dict) or event.get("n") == st.session_state.get(PICKED):
        return
    st.session_state[PICKED] = event.get("n")
    if event.get("kind") == "place" and isinstance(event.get("id"), str):
        asked.pick(event["id"][:40])


def made(scope: Scope, found: Shown) -> Shade:
    """Return what the map shades, with its legend and what each place says of itself."""
    if isinstance(found.found, Surface):
        return _surface(scope, found, found.found)
    kind = "cell" if found.question.by == "h3" else found.question.by
    rows = found.rows[:MOST_CELLS]
    return Shade(
        kind=kind,
        classes={row.id: row.number for row in rows},
        colours=found.colours,
        legend=_legend(scope, found, notes=_notes(scope, found)),
        tips={row.id: tip(scope, found, row.id) for row in rows},
        shapes={row.id: cell(row.id) for row in rows} if kind == "cell" else {},
    )


def cell(id_: str) -> BaseGeometry:
    """Return the outline of a hexagon, lon, lat."""
    return Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(id_)])


def _legend(scope: Scope, found: Shown, *, notes: Sequence[str]) -> Legend:
    t = scope.t
    unknown = sum(row.value is None for row in found.rows)
    written = labels(found.bounds, lambda v: words.number(v, t), found.lowest)
    numbers = [str(n) for n in counts(found)] or [""] * len(written)
    return Legend(
        title=words.measure(found.question, t),
        unit=words.unit(found.question, t),
        entries=list(zip(written, numbers, strict=True)),
        unknown=t("dense.unknown_n", n=unknown) if unknown else "",
        notes=(t(f"density.classes_{found.question.scheme}"), *notes),
    )


def _notes(scope: Scope, found: Shown) -> list[str]:
    t = scope.t
    if found.question.by == "park":
        parks = scope.city.atlas.parks
        drawn = set(parks.loc[parks.geometry.notna() & ~parks.geometry.is_empty, "id"])
        missing = sum(row.id not in drawn for row in found.rows)
        return [t("dense.parks_unplaced", n=missing)] if missing else []
    if len(found.rows) > MOST_CELLS:
        return [t("dense.cells_capped", n=MOST_CELLS, total=len(found.rows))]
    return []


def tip(scope: Scope, found: Shown, place: str) -> list[str]:
    """Say what a place's figure is, line by line."""
    t, row = scope.t, found.row_of[place]
    figure, asked_ = row.figure, found.question
    said = words.reason(figure, t)
    lines = [
        words.place(place, scope),
        t("dense.tip_none", reason=said)
        if said
        else f"{words.number(row.value, t)} {words.unit(asked_, t)}",
        t(
            "dense.tip_amount",
            amount=words.amount(figure.amount.value, asked_, t),
            area=words.number(figure.area.km2, t),
        )
        if figure.per is None
        else t(
            "dense.tip_over",
            amount=words.amount(figure.amount.value, asked_, t),
            over=words.over(figure, scope),
        ),
        words.source(figure, scope)
        or t("dense.tip_rows", n=len(figure.amount.rows), unknown=len(figure.amount.unknown)),
    ]
    return [*lines, t("dense.tip_rank", rank=row.rank)] if row.rank else lines


def _surface(scope: Scope, found: Shown, smooth: Surface) -> Shade:
    t, factor = scope.t, scale(found.question)
    areas = bands(smooth, [bound / factor for bound in found.bounds])
    written = labels(found.bounds, lambda v: words.number(v, t), found.lowest)
    unit = words.unit(found.question, t)
    drawn = {
        f"class{number}": (number, shape)
        for number, shape in enumerate(areas)
        if not shape.is_empty
    }
    notes = (
        t("dense.bandwidth_note", n=found.question.bandwidth_m),
        t("dense.outside_note", pct=f"{smooth.outside * 100:.1f}"),
    )
    return Shade(
        kind="cell",
        classes={id_: number for id_, (number, _) in drawn.items()},
        colours=found.colours,
        legend=_legend(scope, found, notes=notes),
        tips={id_: [f"{written[number]} {unit}"] for id_, (number, _) in drawn.items()},
        shapes={id_: shape for id_, (_, shape) in drawn.items()},
    )


def _words(
    scope: Scope, title: str, layer: Mapping[str, object], whole: Amount
) -> dict[str, object]:
    """Return the title, legend head and file name of the map and its picture."""
    t, classes = scope.t, layer["classes"]
    rows = np.concatenate([whole.rows, whole.unknown]).astype(int)
    sample = scope.city.atlas.projects["sample"].to_numpy(dtype=bool)
    return {
        "picture_title": title,
        "legend": t("dense.legend"),
        "n_of_N": t("dense.n_places", n=len(classes)),  # type: ignore[arg-type]
        "map_label": title,
        "picture_file": safe_filename(title, "png"),
        "picture_subtitle": t(
            "dense.picture_subtitle",
            scope=map_view.scope(scope.city, scope.view, t),
            n=len(rows),
            sample=int(sample[rows].sum()),
        ),
    }
