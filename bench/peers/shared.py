"""What the peers have in common: the same rows, the same filter, Leaflet from installed packages."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pandas as pd
import streamlit as st
import streamlit.components.v1 as components
from js_lib_leaflet import __file__ as leaflet_module
from xstatic.pkg import leaflet_markercluster

from geo import layers

LEAFLET = Path(leaflet_module).parent / "static" / "js_lib_leaflet"
FEW = "few"
HEIGHT = 620


@st.cache_resource(show_spinner=False)
def rows() -> pd.DataFrame:
    """Return every mapped project once a process: name, lon, lat (degrees), colour, few (bool)."""
    atlas = layers.load(Path(os.environ["GEO_DATA"]))
    projects = atlas.projects[atlas.projects["mapped"]]
    spots = projects.geometry.representative_point()
    stages = {stage.id: stage.colour for stage in atlas.catalogue.stages.values()}
    frame = pd.DataFrame(
        {
            "name": projects["name"].astype(object),
            "lon": spots.x,
            "lat": spots.y,
            "colour": projects["stage"].map(stages).fillna("#7a828c").astype(object),
            "few": ~projects["sample"].to_numpy(dtype=bool),
        }
    )
    freeze()
    return frame


def freeze() -> None:
    """Give a peer the app's own tuning, so that the comparison is of ways, not of settings."""
    gc.collect()
    gc.freeze()


def page() -> pd.DataFrame:
    """Draw the filter and return the rows that it leaves: all, or the few real projects."""
    st.set_page_config(layout="wide")
    frame = rows()
    with st.sidebar:
        chosen = st.pills("filter", [FEW], key="f_few")
    return frame[frame["few"]] if chosen else frame


def centre() -> tuple[float, float]:
    """Return lat, lon in the middle of all rows, whatever the filter."""
    frame = rows()
    return float(frame["lat"].mean()), float(frame["lon"].mean())


def leaflet() -> list[tuple[str, str]]:
    """Serve Leaflet with MarkerCluster and return the scripts as folium takes them."""
    components.declare_component("leaflet", path=str(LEAFLET))
    components.declare_component("cluster", path=leaflet_markercluster.BASE_DIR)
    return [
        ("leaflet", f"../{__name__}.leaflet/leaflet.js"),
        ("cluster", f"../{__name__}.cluster/leaflet.markercluster.js"),
    ]


def styles() -> list[tuple[str, str]]:
    """Return the styles that belong to `leaflet`."""
    return [
        ("leaflet", f"../{__name__}.leaflet/leaflet.css"),
        ("cluster", f"../{__name__}.cluster/MarkerCluster.css"),
        ("cluster_default", f"../{__name__}.cluster/MarkerCluster.Default.css"),
    ]
