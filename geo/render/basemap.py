"""The base maps that can lie below the projects: the shipped one, or tiles from a server by setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geo.crs import Datum
from geo.errors import GeoError


@dataclass(frozen=True)
class BaseMap:
    """Name a base map, the datum in which it is drawn, and its tile layers (none: the shipped map)."""

    id: str
    datum: Datum
    tiles: tuple[str, ...] = ()
    attribution: str = ""
    subdomains: str = "abc"
    max_zoom: int = 18


OFFLINE = BaseMap(id="offline", datum="wgs84")
_TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_AMAP = (
    "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8"
    "&x={x}&y={y}&z={z}"
)
_OSM = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"


def choose(settings: Mapping[str, str]) -> BaseMap:
    """Choose by `GEO_BASEMAP` (offline, tianditu, amap, osm) and `GEO_TIANDITU_KEY`.

    Errors: `basemap_unknown` (read, expected), `basemap_key_missing` (setting).
    """
    name = settings.get("GEO_BASEMAP", "offline").strip().lower() or "offline"
    if name == "offline":
        return OFFLINE
    if name == "osm":
        return BaseMap("osm", "wgs84", (_OSM,), attribution="© OpenStreetMap", max_zoom=19)
    if name == "amap":
        return BaseMap("amap", "gcj02", (_AMAP,), attribution="© 高德地图", subdomains="1234")
    if name == "tianditu":
        key = settings.get("GEO_TIANDITU_KEY", "").strip()
        if not (key.isascii() and key.isalnum()):
            raise GeoError("basemap_key_missing", setting="GEO_TIANDITU_KEY")
        layers = tuple(_TIANDITU.format(layer=layer, key=key) for layer in ("vec", "cva"))
        return BaseMap("tianditu", "wgs84", layers, attribution="© 天地图", subdomains="01234567")
    raise GeoError("basemap_unknown", read=name, expected="offline / tianditu / amap / osm")
