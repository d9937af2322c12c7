"""What one process keeps for all its visitors: the city, its index, and the files it serves."""

from __future__ import annotations

import base64
import gc
import hashlib
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import streamlit as st
import streamlit.components.v1 as components
from js_lib_leaflet import __file__ as leaflet_module

from geo import filters, layers, store
from geo.errors import GeoError
from geo.filters import Filters, Index, Selection, select
from geo.layers import Atlas
from geo.render import folium_map, payload
from geo.render.basemap import BaseMap
from geo.series import importing
from geo.store import Store, readonly
from geo.store.roles import VISITOR, Kind, Role, may_read_history, visible, visible_series
from geo.tour import travel as travel_times
from geo.tour.travel import Chain
from ui import settings
from ui.recent import Recent

LEAFLET = Path(leaflet_module).parent / "static" / "js_lib_leaflet"
log = logging.getLogger(__name__)
SERVED = "payload"  # the component under whose address the map's frame finds its files


@dataclass(frozen=True)
class City:
    """Hold one city as every session shares it; nothing in it is ever changed.

    `addresses` are those of the payloads, `scripts` and `styles` those of the map's own code,
    all relative to the map's frame; `order` lists every row as tables show them; `recent`
    remembers what was worked out from it.
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
    recent: Recent = field(default_factory=Recent, compare=False)

    def select(self, filters: Filters) -> Selection:
        """Return what filters select; visitors with the same ones share it."""
        return self.recent.get(("select", filters), lambda: select(self.index, filters))


def city(role: Role = VISITOR, *, as_of: int | None = None) -> City:
    """Return the city as a role may see it, in its newest data version or an earlier one.

    Another process's change is seen by the next run; who may not read the history sees the newest
    only, for what is internal by now may once have been public. Errors as in `layers.load`,
    `settings.base_map` and `store.open_store`.
    """
    kept = database()
    epoch, version = kept.state() if kept else ("", 0)
    wanted = as_of if as_of is not None and may_read_history(role) else version
    return _city(epoch, wanted, kind=role.kind, units=tuple(sorted(role.units)))


def scratch(city: City, atlas: Atlas) -> City:
    """Return a city of other projects, for one visitor to try things with; nothing of it is served."""
    index = filters.build_index(atlas)
    return replace(
        city,
        atlas=atlas,
        index=index,
        addresses=city.addresses | _publish(atlas, city.basemap, public=False),
        order=_reading_order(atlas, index),
        row_of={id_: row for row, id_ in enumerate(atlas.projects["id"])},
        options={name: facet.options for name, facet in index.facets.items()},
        recent=Recent(),
    )


@st.cache_resource(show_spinner=False)
def database() -> Store | None:
    """Open the store; None where nothing can be written and nothing has been yet.

    One that may not be written is shown all the same, and says so when somebody wants to change it.
    """
    where = settings.database()
    try:
        return store.open_store(where, city=settings.city_folder())
    except GeoError as error:
        if error.code not in ("store.unwritable", "store.read_only") or "://" in where:
            raise
        if Path(where).exists():
            log.warning("the store may not be written: showing it as it is now (%s)", error)
            return readonly.open_copy(Path(where))
        log.warning("the state folder cannot be written: showing the city folder's projects")
        return None


@st.cache_resource(show_spinner=False, max_entries=8)
def _city(epoch: str, version: int, *, kind: Kind, units: tuple[str, ...]) -> City:
    """Make a city; `epoch` is a key only: after a restore a version number may mean other rows."""
    role, kept = Role(kind, frozenset(units)), database()
    table = kept.projects(as_of=version) if kept else layers.read_projects(settings.city_folder())
    shown = visible(table, role, internal_stages=base().catalogue.internal_stages)
    atlas = layers.with_projects(base(), shown)
    known = importing.known(atlas.series, kept, as_of=version) if kept else atlas.series
    atlas = layers.with_series(atlas, visible_series(known, role))
    basemap = settings.base_map()
    index = filters.build_index(atlas)
    scripts, styles = _client()
    components.declare_component(SERVED, path=str(_served_folder()))
    loaded = City(
        atlas=atlas,
        index=index,
        basemap=basemap,
        addresses=_publish(atlas, basemap, public=role == VISITOR),
        scripts=(scripts,),
        styles=(styles,),
        order=_reading_order(atlas, index),
        row_of={id_: row for row, id_ in enumerate(atlas.projects["id"])},
        options={name: facet.options for name, facet in index.facets.items()},
    )
    # Streamlit collects garbage after every run; what lives long need not be walked each time
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    return loaded


def approval() -> str:
    """Return the city's map-approval number, empty where it has none."""
    return base().catalogue.city.map_approval


@st.cache_resource(show_spinner=False)
def travel() -> Chain:
    """Return where travel times come from; errors as in `travel.chosen`."""
    return travel_times.chosen(settings.travel(), atlas=base())


@st.cache_resource(show_spinner=False)
def base() -> Atlas:
    """Load the city folder once a process; its projects are those that a new store begins with."""
    return layers.load(settings.city_folder())


def _reading_order(atlas: Atlas, index: Index) -> np.ndarray:
    """Order all rows for reading: real ones first, then the largest."""
    return np.lexsort((-index.invest_wan, atlas.projects["sample"].to_numpy(dtype=bool)))


@st.cache_resource(show_spinner=False)
def _served_folder() -> Path:
    return settings.served_folder()


def _publish(atlas: Atlas, basemap: BaseMap, *, public: bool) -> dict[str, str]:
    """Return the addresses of the payloads.

    A served file needs no sign-in to be read, so rows that are not public travel over the
    session's own connection, inside their address.
    """
    shapes = payload.shapes(atlas, datum=basemap.datum)
    contents = {
        "points": payload.points(atlas, datum=basemap.datum),
        "details": payload.details(atlas),
    }
    addresses = {
        name: _write(f"{name}.json", content) if public else _inline(content)
        for name, content in contents.items()
    }
    return addresses | {"atlas": _write("atlas.json", shapes)}


def _inline(content: bytes) -> str:
    return "data:application/json;base64," + base64.b64encode(content).decode("ascii")


@st.cache_resource(show_spinner=False)
def _client() -> tuple[str, str]:
    """Publish the map's own scripts and styles, the same for every version and role."""
    names = (*folium_map.SCRIPTS, "streamlit.js")
    scripts = _bundle(LEAFLET / "leaflet.js", *(folium_map.WEB / name for name in names))
    return scripts, _bundle(LEAFLET / "leaflet.css", folium_map.WEB / "map.css")


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
