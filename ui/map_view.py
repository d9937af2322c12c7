"""The map itself: an almost empty folium map, and the command that says what it shows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import streamlit as st
from streamlit_folium import st_folium

from geo.exchange.table import safe_filename
from geo.filters import FACETS, Selection
from geo.render import folium_map, payload
from geo.render.command import Command
from geo.view import View
from ui import controls, i18n, session
from ui.cache import City
from ui.i18n import Translate

KEY = "map"
# A browser draws what arrives together in one go, and the map's frame last of all. The rest of the
# page follows this much later, so that the map is painted before it (docs/performance.md).
HEAD_START_SECONDS = 0.04
HEIGHT = 620  # the style sheet fits it to the window; this is what a browser without it gets


def show(
    city: City,
    view: View,
    selection: Selection,
    t: Translate,
    *,
    tour: Mapping[str, object] | None = None,
    picked: Callable[[], None] | None = None,
) -> None:
    """Draw the map; a pan or a zoom costs no run, a pick costs one.

    With a `tour` (see `command.tour_layer`) it is drawn above the projects, and sites can be
    enclosed by hand; `picked` then takes what was picked instead of the session.
    """
    drawn = folium_map.base(
        city.basemap,
        centre=city.atlas.catalogue.city.centre,
        scripts=city.scripts,
        styles=city.styles,
    )
    with st.container(key="map_box"):
        st_folium(
            drawn,
            key=KEY,
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
            render=False,  # it renders anyway; the extra time would be spent for nothing
            feature_group_to_add=folium_map.command_group(
                replace(command(city, view, selection, t), tour=tour)
            ),
            on_change=picked or (lambda: session.take_event(city, KEY)),
        )
    time.sleep(HEAD_START_SECONDS)


def command(city: City, view: View, selection: Selection, t: Translate) -> Command:
    """Say what the map shows for a view and its selection."""
    return Command(
        **city.addresses,
        mask=payload.row_mask(selection.rows),
        lang=view.language,
        colour=view.colour,
        selected=city.row_of.get(view.project, -1),
        counts={facet: selection.counts[facet] for facet in ("stage", "industry")},
        active={facet: getattr(view.filters, facet) for facet in FACETS},
        text=words(city, view, selection.rows, t),
        at=view.at,
        tiles=bool(city.basemap.tiles),
    )


def words(city: City, view: View, rows: np.ndarray, t: Translate) -> dict[str, object]:
    """Return every word on the map and its picture."""
    atlas, place = city.atlas, city.atlas.catalogue.city
    n_of_total = t("map.n_of_N", shown=int(rows.sum()), total=len(rows))
    approval = (
        t("app.approval", number=place.map_approval)
        if place.map_approval
        else t("app.draft_internal")
    )
    title = t("app.title", city=place.name[view.language])
    today = datetime.now(ZoneInfo(place.time_zone)).date().isoformat()
    credits = dict.fromkeys(
        layer.credit[view.language] for layer in atlas.catalogue.layers.values() if layer.credit
    )
    source = t("map.picture_source", sources=t("app.separator").join(credits))
    legal = t("map.picture_legal", approval=approval)
    return i18n.section(view.language, "map") | {
        "legal": f"{legal} {source}",
        "n_of_N": n_of_total,
        "map_label": t("map.map_label", n_of_N=n_of_total),
        "picture_title": title,
        "picture_subtitle": t(
            "map.picture_subtitle",
            scope=scope(city, view, t),
            shown=int(rows.sum()),
            total=len(rows),
            sample=int(atlas.projects["sample"].to_numpy()[rows].sum()),
        ),
        "picture_foot": [
            source,
            legal,
            t("map.picture_date", date=today),
        ],
        "picture_file": safe_filename(f"{title}_{today}", "png"),
    }


def scope(city: City, view: View, t: Translate) -> str:
    """Say in words what is selected."""
    chosen = [label for label, _ in controls.described(city, view, t)]
    return "、".join(chosen) if chosen else t("map.scope_all")
