"""What one process keeps for all its visitors: the city, its index, and the files it serves."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components
from js_lib_leaflet import __file__ as leaflet_module

from geo import filters, layers
from geo.filters import Index
from geo.layers import Atlas
from geo.render import folium_map, payload
from geo.render.basemap import BaseMap
from ui import settings

LEAFLET = Path(leaflet_module).parent / "static" / "js_lib_leaflet"


@dataclass(frozen=True)
class City:
    """Hold one city as every session shares it; nothing in it is ever changed.

    `addresses` are those of the payloads, `scripts` and `styles` those of the map's own code,
    all relative to the map's frame.
    """

    atlas: Atlas
    index: Index
    basemap: BaseMap
    addresses: dict[str, str]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    row_of: dict[str, int]
    options: dict[str, tuple[str, ...]]


@st.cache_resource(show_spinner=False)
def city() -> City:
    """Load the city once a process; errors as in `layers.load` and `settings.base_map`."""
    atlas = layers.load(settings.city_folder())
    basemap = settings.base_map()
    index = filters.build_index(atlas)
    _serve()
    loaded = City(
        atlas=atlas,
        index=index,
        basemap=basemap,
        addresses=_publish(atlas, basemap),
        scripts=(
            _address("leaflet", "leaflet.js"),
            *(_address("client", name) for name in (*folium_map.SCRIPTS, "streamlit.js")),
        ),
        styles=(_address("leaflet", "leaflet.css"), _address("client", "map.css")),
        row_of={id_: row for row, id_ in enumerate(atlas.projects["id"])},
        options={name: facet.options for name, facet in index.facets.items()},
    )
    # Streamlit collects garbage after every run; what lives for ever need not be walked each time
    gc.collect()
    gc.freeze()
    return loaded


def _serve() -> None:
    """Register the folders that the map's frame loads from."""
    for name, path in (
        ("leaflet", LEAFLET),
        ("client", folium_map.WEB),
        ("payload", _payload_folder()),
    ):
        components.declare_component(name, path=str(path))


@st.cache_resource(show_spinner=False)
def _payload_folder() -> Path:
    folder = settings.state_folder() / "web"
    folder.mkdir(exist_ok=True)
    return folder


def _publish(atlas: Atlas, basemap: BaseMap) -> dict[str, str]:
    contents = {
        "atlas": payload.shapes(atlas, datum=basemap.datum),
        "points": payload.points(atlas, datum=basemap.datum),
        "details": payload.details(atlas),
    }
    return {name: _write(name, content) for name, content in contents.items()}


def _write(name: str, content: bytes) -> str:
    """Write a payload under a name made of its content, so that no browser keeps a stale one."""
    file = f"{name}-{hashlib.sha256(content).hexdigest()[:16]}.json"
    path = _payload_folder() / file
    if not path.exists():
        draft = path.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(path)
    return _address("payload", file)


def _address(component: str, file: str) -> str:
    return f"../{__name__}.{component}/{file}"
