"""Links that open a navigation app or a map page at a stop, each in its own datum and order.

AMap and Tencent want GCJ-02, Baidu BD-09 (what it is told of GCJ-02 does not reach its via
points), `geo:` WGS-84. AMap writes longitude first, Baidu and Tencent latitude first.
Formats and limits: the providers' published URI guides. A tour with more stops than a provider
takes becomes several links, each beginning where the last one ended.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from geo import crs
from geo.crs import Datum
from geo.exchange.carry.brief import one_line
from geo.exchange.table import cut
from geo.tour.itinerary import Place

APP = "geo-tour"
"""How this program names itself to the providers; none of the links needs a key."""

NAME_LIMIT = 40
# What separates names and coordinates in one of the formats, encoded or not.
_SEPARATORS = str.maketrans(",|;:&#()（）", "，｜；：＆＃[][]")


@dataclass(frozen=True)
class Provider:
    """Describe one way to open a route: where it works, its datum, how many via points it takes."""

    id: str
    brand: str
    app: bool
    datum: Datum
    vias: int
    write: Callable[[Place, Place, Sequence[Place]], str]


@dataclass(frozen=True)
class Piece:
    """Hold one link of a tour and between which of its places it leads (positions from 0)."""

    url: str
    first: int
    last: int


def leg(provider: str, origin: Place, target: Place) -> str:
    """Return the link for one drive; places are WGS-84."""
    chosen = PROVIDERS[provider]
    start, end = _moved([origin, target], chosen.datum)
    return chosen.write(start, end, ())


def tour(provider: str, places: Sequence[Place]) -> list[Piece]:
    """Return the links for a day's places in order, as few as the provider's limit allows."""
    chosen = PROVIDERS[provider]
    moved = _moved(places, chosen.datum)
    found: list[Piece] = []
    first = 0
    while first < len(moved) - 1:
        last = min(first + chosen.vias + 1, len(moved) - 1)
        url = chosen.write(moved[first], moved[last], moved[first + 1 : last])
        found.append(Piece(url, first, last))
        first = last
    return found


def spot(place: Place) -> str:
    """Return a `geo:` address that shows the place; WGS-84, latitude first by RFC 5870."""
    lat, lon = _degrees(place.lat), _degrees(place.lon)
    return f"geo:{lat},{lon}?q={lat},{lon}({_name(place)})"


def copied(place: Place, datum: Datum) -> str:
    """Return the place's coordinates in a datum as one copies them into a search field."""
    (moved,) = _moved([place], datum)
    if datum == "bd09":
        return f"{_degrees(moved.lat)},{_degrees(moved.lon)}"
    return _lon_lat(moved)


def _moved(places: Sequence[Place], datum: Datum) -> list[Place]:
    lons, lats = crs.shift(
        [place.lon for place in places], [place.lat for place in places], target=datum
    )
    return [
        Place(place.name, float(lon), float(lat))
        for place, lon, lat in zip(places, lons, lats, strict=True)
    ]


def _degrees(value: float) -> str:
    return f"{value:.6f}"  # a tenth of a metre


def _lon_lat(place: Place) -> str:
    return f"{_degrees(place.lon)},{_degrees(place.lat)}"


def _lat_lon(place: Place) -> str:
    return f"{_degrees(place.lat)},{_degrees(place.lon)}"


def _shown(place: Place) -> str:
    """Return the name without the characters that part names from coordinates."""
    return cut(one_line(place.name).translate(_SEPARATORS), NAME_LIMIT)


def _name(place: Place) -> str:
    return quote(_shown(place), safe="")


def _query(values: Mapping[str, str]) -> str:
    """Join what is encoded already."""
    return "&".join(f"{key}={value}" for key, value in values.items())


def _amap_web(start: Place, end: Place, vias: Sequence[Place]) -> str:
    values = {"from": f"{_lon_lat(start)},{_name(start)}", "to": f"{_lon_lat(end)},{_name(end)}"}
    if vias:
        values["via"] = f"{_lon_lat(vias[0])},{_name(vias[0])}"
    rest = {"mode": "car", "policy": "0", "src": APP, "callnative": "1"}
    return f"https://uri.amap.com/navigation?{_query(values | rest)}"


def _amap_route(start: Place, end: Place, vias: Sequence[Place]) -> str:
    values = {
        "sourceApplication": APP,
        "slat": _degrees(start.lat),
        "slon": _degrees(start.lon),
        "sname": _name(start),
        "dlat": _degrees(end.lat),
        "dlon": _degrees(end.lon),
        "dname": _name(end),
        "dev": "0",  # the coordinates are GCJ-02 already
        "t": "0",
    }
    if vias:
        values |= {
            "vian": str(len(vias)),
            "vialons": "%7C".join(_degrees(via.lon) for via in vias),
            "vialats": "%7C".join(_degrees(via.lat) for via in vias),
            "vianames": "%7C".join(_name(via) for via in vias),
        }
    return _query(values)


def _amap_android(start: Place, end: Place, vias: Sequence[Place]) -> str:
    return f"amapuri://route/plan/?{_amap_route(start, end, vias)}"


def _amap_ios(start: Place, end: Place, vias: Sequence[Place]) -> str:
    return f"iosamap://path?{_amap_route(start, end, vias)}"


def _baidu(start: Place, end: Place) -> dict[str, str]:
    return {
        "origin": f"latlng:{_lat_lon(start)}%7Cname:{_name(start)}",
        "destination": f"latlng:{_lat_lon(end)}%7Cname:{_name(end)}",
        "mode": "driving",
        "coord_type": "bd09ll",
    }


def _baidu_web(start: Place, end: Place, vias: Sequence[Place]) -> str:
    rest = {"output": "html", "src": f"webapp.{APP}.map"}
    return f"https://api.map.baidu.com/direction?{_query(_baidu(start, end) | rest)}"


def _baidu_app(start: Place, end: Place, vias: Sequence[Place]) -> str:
    values = _baidu(start, end)
    if vias:
        points = [
            {"name": _shown(via), "lat": round(via.lat, 6), "lng": round(via.lon, 6)}
            for via in vias
        ]
        text = json.dumps({"viaPoints": points}, ensure_ascii=False, separators=(",", ":"))
        values["viaPoints"] = quote(text, safe="")
    return f"baidumap://map/direction?{_query(values | {'src': f'andr.{APP}.map'})}"


def _tencent(start: Place, end: Place, vias: Sequence[Place]) -> str:
    values = {
        "type": "drive",
        "from": _name(start),
        "fromcoord": _lat_lon(start),
        "to": _name(end),
        "tocoord": _lat_lon(end),
    }
    if vias:  # the last one too ends with a bar, or the app drops it
        values["passes"] = "".join(f"name:{_name(via)};coord:{_lat_lon(via)}%7C" for via in vias)
    return _query(values | {"referer": APP})


def _tencent_web(start: Place, end: Place, vias: Sequence[Place]) -> str:
    return f"https://apis.map.qq.com/uri/v1/routeplan?{_tencent(start, end, ())}"


def _tencent_app(start: Place, end: Place, vias: Sequence[Place]) -> str:
    return f"qqmap://map/routeplan?{_tencent(start, end, vias)}"


# AMap states no limit for its app; three via points are what every version has shown.
PROVIDERS: dict[str, Provider] = {
    provider.id: provider
    for provider in (
        Provider("amap_web", "amap", False, "gcj02", 1, _amap_web),
        Provider("amap_android", "amap", True, "gcj02", 3, _amap_android),
        Provider("amap_ios", "amap", True, "gcj02", 3, _amap_ios),
        Provider("baidu_web", "baidu", False, "bd09", 0, _baidu_web),
        Provider("baidu_app", "baidu", True, "bd09", 3, _baidu_app),
        Provider("tencent_web", "tencent", False, "gcj02", 0, _tencent_web),
        Provider("tencent_app", "tencent", True, "gcj02", 15, _tencent_app),
    )
}
