"""What one process keeps for all its visitors: the city, its index, and the files it serves."""

from __future__ import annotations

import gc
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
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
SERVED = "payload"  # the component under whose address the map's frame finds its files


@dataclass(frozen=True)
class City:
    """Hold one city as every session shares it; nothing in it is ever changed.

    `addresses` are those of the payloads, `scripts` and `styles` those of the map's own code,
    all relative to the map's frame; `order` lists every row as tables show them.
    """

    atlas: Atlas
    index: Index
    basemap: BaseMap
    addresses: dict[str, str]
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    row_of: dict[str, int]
    order: np.ndarray
    options: dict[str, tuple[str, ...]]


@st.cache_resource(show_spinner=False)
def city() -> City:
    """Load the city once a process; errors as in `layers.load` and `settings.base_map`."""
    atlas = layers.load(settings.city_folder())
    basemap = settings.base_map()
    index = filters.build_index(atlas)
    components.declare_component(SERVED, path=str(_served_folder()))
    loaded = City(
        atlas=atlas,
        index=index,
        basemap=basemap,
        addresses=_publish(atlas, basemap),
        scripts=(
            _bundle(
                LEAFLET / "leaflet.js",
                *(folium_map.WEB / name for name in (*folium_map.SCRIPTS, "streamlit.js")),
            ),
        ),
        styles=(_bundle(LEAFLET / "leaflet.css", folium_map.WEB / "map.css"),),
        order=_reading_order(atlas, index),
        row_of={id_: row for row, id_ in enumerate(atlas.projects["id"])},
        options={name: facet.options for name, facet in index.facets.items()},
    )
    # Streamlit collects garbage after every run; what lives for ever need not be walked each time
    gc.collect()
    gc.freeze()
    return loaded


def _reading_order(atlas: Atlas, index: Index) -> np.ndarray:
    """Order all rows for reading: real ones first, then the largest."""
    return np.lexsort((-index.invest_wan, atlas.projects["sample"].to_numpy(dtype=bool)))


@st.cache_resource(show_spinner=False)
def _served_folder() -> Path:
    folder = settings.state_folder() / "web"
    folder.mkdir(exist_ok=True)
    return folder


def _publish(atlas: Atlas, basemap: BaseMap) -> dict[str, str]:
    contents = {
        "atlas": payload.shapes(atlas, datum=basemap.datum),
        "points": payload.points(atlas, datum=basemap.datum),
        "details": payload.details(atlas),
    }
    return {name: _write(f"{name}.json", content) for name, content in contents.items()}


def _bundle(*files: Path) -> str:
    """Join files of one kind: the frame loads scripts one after another, each a round trip."""
    joined = b"\n".join(file.read_bytes() for file in files)
    return _write(f"client{files[0].suffix}", joined)


def _write(name: str, content: bytes) -> str:
    """Write a file under a name made of its content, so that no browser keeps a stale one.

    Returns its address, relative to the map's frame.
    """
    digest = hashlib.sha256(content).hexdigest()[:16]
    path = _served_folder() / f"{Path(name).stem}-{digest}{Path(name).suffix}"
    if not path.exists():
        draft = path.with_suffix(".part")
        draft.write_bytes(content)
        draft.replace(path)
    return f"../{__name__}.{SERVED}/{path.name}"
