"""Turn the setting `GEO_TRAVEL` into a chain of backends; the text is untrusted and may hold a key."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from geo.errors import GeoError
from geo.layers import Atlas
from geo.tour.travel.amap import Amap
from geo.tour.travel.ashore import Ashore
from geo.tour.travel.chain import Chain
from geo.tour.travel.embedded import EmbeddedValhalla
from geo.tour.travel.graph import Graph
from geo.tour.travel.great_circle import GreatCircle
from geo.tour.travel.osrm import Osrm
from geo.tour.travel.protocol import Backend
from geo.tour.travel.valhalla import Valhalla

EXPECTED = "graph, great_circle, osrm:URL, valhalla:URL, amap:KEY, pyvalhalla:FOLDER"
_KEY = re.compile(r"[0-9A-Za-z]{16,64}")


def chosen(text: str, *, atlas: Atlas) -> Chain:
    """Return the backend that a setting names, before the embedded graph and straight lines.

    Empty means `graph`. A city without [travel] has no travel times: `travel.not_declared`.
    Errors: `travel.setting` (expected), `travel.url` (source), `travel.key` (source), those of
    `EmbeddedValhalla`; none of them repeats the text.
    """
    travel = atlas.catalogue.travel
    if travel is None:
        raise GeoError("travel.not_declared", file="city.toml")
    kind, _, rest = text.strip().partition(":")
    last = GreatCircle(travel)
    if kind == "great_circle" and not rest:
        return Chain([last])
    graph = Graph(travel, counties=atlas.counties, roads=atlas.base["roads"])
    if kind in ("", "graph") and not rest:
        return Chain([graph, last])
    service = Ashore(
        _service(kind, rest.strip()),
        land=atlas.base["land"],
        counties=atlas.counties,
        reach_km=travel.reach_km,
    )
    return Chain([service, graph, last])


def _service(kind: str, rest: str) -> Backend:
    if kind == "osrm":
        return Osrm(_url(rest, source=kind))
    if kind == "valhalla":
        return Valhalla(_url(rest, source=kind))
    if kind == "amap":
        if not _KEY.fullmatch(rest):
            raise GeoError("travel.key", source=kind)
        return Amap(rest)
    if kind == "pyvalhalla":
        return EmbeddedValhalla(Path(rest))
    raise GeoError("travel.setting", expected=EXPECTED)


def _url(text: str, *, source: str) -> str:
    """Return a base URL as it is; only http and https with a host, no query and no fragment."""
    try:
        url = httpx.URL(text)
        port = url.port
    except (httpx.InvalidURL, TypeError, ValueError):
        raise GeoError("travel.url", source=source) from None
    named = url.scheme in ("http", "https") and url.host and (port is None or 0 < port < 65536)
    if not named or url.query or url.fragment or re.search(r"\s", text):
        raise GeoError("travel.url", source=source)
    return text
