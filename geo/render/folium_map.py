"""Build the almost empty folium map that the client fills; the only place that imports folium.

folium renders its output as a template and its popups as HTML, so no text of the data ever
passes through it: names reach the browser as JSON, and commands as base64.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.render.basemap import BaseMap
from geo.render.command import Command

SCRIPTS = (
    "core.js",
    "symbols.js",
    "canvas.js",
    "scene.js",
    "points.js",
    "legend.js",
    "picture.js",
    "lines.js",
    "tour.js",
    "shade.js",
    "keys.js",
    "main.js",
)
WEB = Path(__file__).parent / "web"


class _Attach(MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "GeoMap.attach({{ this._parent.get_name() }}, GeoMap.streamlitHost());"
        "{% endmacro %}"
    )


class _Apply(MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}GeoMap.apply({{ this.command }});{% endmacro %}"
    )

    def __init__(self, command: Command) -> None:
        super().__init__()
        self._name = "Apply"
        self.command = json.dumps(command.encode())


def base(
    basemap: BaseMap, *, centre: tuple[float, float], scripts: Sequence[str], styles: Sequence[str]
) -> folium.Map:
    """Build the map itself; it is the same on every run, so the browser keeps its frame.

    `centre` is lon, lat; `scripts` and `styles` are addresses, Leaflet's first.
    """
    lon, lat = centre
    drawn = folium.Map(
        location=[lat, lon], zoom_start=8, tiles=None, zoom_snap=0.25, attr=None, prefer_canvas=True
    )
    # folium's own are addresses on the web; this map takes everything from this app
    drawn.default_js = [(f"script{n}", address) for n, address in enumerate(scripts)]
    drawn.default_css = [(f"style{n}", address) for n, address in enumerate(styles)]
    for tiles in basemap.tiles:
        folium.TileLayer(
            tiles,
            attr=basemap.attribution,
            max_zoom=basemap.max_zoom,
            control=False,
            subdomains=basemap.subdomains,
            cross_origin="anonymous",
        ).add_to(drawn)
    drawn.add_child(_Attach())
    return drawn


def command_group(command: Command) -> folium.FeatureGroup:
    """Wrap a command as the feature group through which it reaches a map that is already drawn."""
    group = folium.FeatureGroup(name="command", control=False)
    group.add_child(_Apply(command))
    return group
