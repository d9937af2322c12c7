"""Links lead to the right spot, with the right name, by the providers' own order and datum."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crs
from geo.exchange.carry import links
from geo.exchange.carry.links import PROVIDERS
from geo.exchange.table import clean
from geo.tour.itinerary import Place
from tests.geo.exchange.carry.samples import HOSTILE

names = st.text(st.characters(exclude_categories=()), max_size=60) | st.sampled_from(HOSTILE)
places = st.builds(Place, names, st.floats(73.7, 135), st.floats(18.2, 53.5))
NEAR_M = 1.0  # 30 m are asked for


def query(url: str) -> dict[str, str]:
    """What a provider reads: the values of the query, decoded once."""
    parsed = parse_qs(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in parsed.values())
    return {key: values[0] for key, values in parsed.items()}


def pair(text: str, *, lat_first: bool) -> tuple[float, float]:
    one, other = (float(part) for part in text.split(","))
    return (other, one) if lat_first else (one, other)


def amap_web(values):
    points = []
    for key in ("from", "via", "to"):
        if key in values:
            lon, lat, _ = values[key].split(",")
            points.append((float(lon), float(lat)))
    return points


def amap_app(values):
    vias = [
        (float(lon), float(lat))
        for lon, lat in zip(
            values.get("vialons", "").split("|"), values.get("vialats", "").split("|"), strict=True
        )
        if lon
    ]
    ends = [(float(values[f"{end}lon"]), float(values[f"{end}lat"])) for end in "sd"]
    assert values["dev"] == "0"
    return [ends[0], *vias, ends[1]]


def baidu(values):
    assert values["coord_type"] == "bd09ll"
    ends = []
    for key in ("origin", "destination"):
        spot, _ = values[key].split("|")
        ends.append(pair(spot.removeprefix("latlng:"), lat_first=True))
    vias = json.loads(values.get("viaPoints", '{"viaPoints": []}'))["viaPoints"]
    return [ends[0], *((via["lng"], via["lat"]) for via in vias), ends[1]]


def tencent(values):
    passes = values.get("passes", "")
    assert not passes or passes.endswith("|")
    vias = [pair(one.split(";coord:")[1], lat_first=True) for one in passes.split("|") if one]
    ends = [pair(values[f"{end}coord"], lat_first=True) for end in ("from", "to")]
    return [ends[0], *vias, ends[1]]


READERS = {
    "amap_web": (amap_web, "https://uri.amap.com/navigation?"),
    "amap_android": (amap_app, "amapuri://route/plan/?"),
    "amap_ios": (amap_app, "iosamap://path?"),
    "baidu_web": (baidu, "https://api.map.baidu.com/direction?"),
    "baidu_app": (baidu, "baidumap://map/direction?"),
    "tencent_web": (tencent, "https://apis.map.qq.com/uri/v1/routeplan?"),
    "tencent_app": (tencent, "qqmap://map/routeplan?"),
}


def points(provider: str, url: str) -> list[tuple[float, float]]:
    read, start = READERS[provider]
    assert url.startswith(start)
    return read(query(url))


def metres_off(provider: str, point: tuple[float, float], place: Place) -> float:
    lon, lat = crs.shift(*point, source=PROVIDERS[provider].datum, target="wgs84")
    return 1000 * float(crs.distance_km(lon, lat, place.lon, place.lat))


@pytest.mark.parametrize("provider", PROVIDERS)
@settings(max_examples=40)
@given(origin=places, target=places)
def test_a_drive_leads_from_place_to_place(provider, origin, target):
    """Whatever the places and their names, both ends are read back within a metre."""
    found = points(provider, links.leg(provider, origin, target))
    assert len(found) == 2
    for point, place in zip(found, (origin, target), strict=True):
        assert metres_off(provider, point, place) < NEAR_M


@pytest.mark.parametrize("provider", PROVIDERS)
@settings(max_examples=25)
@given(many=st.lists(places, min_size=2, max_size=20))
def test_a_tour_is_whole_and_in_order(provider, many):
    """The links together visit every place in order, none takes more via points than is allowed."""
    seen = [0]
    for piece in links.tour(provider, many):
        found = points(provider, piece.url)
        assert piece.first == seen[-1]
        assert len(found) == piece.last - piece.first + 1 <= PROVIDERS[provider].vias + 2
        for point, place in zip(found, many[piece.first : piece.last + 1], strict=True):
            assert metres_off(provider, point, place) < NEAR_M
        seen += range(piece.first + 1, piece.last + 1)
    assert seen == list(range(len(many)))


@pytest.mark.parametrize(
    ("provider", "limit", "pieces"),
    [
        ("amap_web", 1, 6),
        ("amap_android", 3, 3),
        ("baidu_web", 0, 12),
        ("baidu_app", 3, 3),
        ("tencent_web", 0, 12),
        ("tencent_app", 15, 1),
    ],
)
def test_the_limits_are_the_documented_ones(provider, limit, pieces):
    """Twelve drives come in as few links as each provider's limit of via points allows."""
    many = [Place(str(n), 124 + n / 100, 40 + n / 100) for n in range(13)]
    assert PROVIDERS[provider].vias == limit
    assert len(links.tour(provider, many)) == pieces


@pytest.mark.parametrize("provider", PROVIDERS)
@given(name=names)
@settings(max_examples=40)
def test_a_link_is_plain_ascii_without_loose_ends(provider, name):
    """Names are percent-encoded in full: no quote, bracket, space or line end stands in a link."""
    url = links.leg(provider, Place(name, 124.3, 40.1), Place(name, 124.4, 40.2))
    assert url.isascii()
    assert not set(url) & set("\"'<>`{}\\ \n\r\t")
    json.dumps(url)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_is_shown_as_it_is(text):
    """A hostile name is the target's name, with only the separators in another form."""
    url = links.leg("tencent_web", Place("a", 124.3, 40.1), Place(text, 124.4, 40.2))
    shown = query(url)["to"]
    flat = " ".join(clean(text).split())[: len(shown)]
    pairs = [(a, b) for a, b in zip(shown, flat, strict=True) if a != b]
    assert all(b in ",|;:&#()" for _, b in pairs)


@given(place=places)
def test_geo_addresses_are_wgs84(place):
    """A `geo:` address has latitude first and the place's own degrees."""
    url = links.spot(place)
    lat, lon = url.removeprefix("geo:").split("?")[0].split(",")
    assert abs(float(lat) - place.lat) < 1e-6 > abs(float(lon) - place.lon)
    label = unquote(url.partition("(")[2])
    assert label.endswith(")")
    assert "(" not in label


@pytest.mark.parametrize("datum", crs.DATUMS)
@given(place=places)
@settings(max_examples=30)
def test_copied_coordinates_lead_to_the_place(datum, place):
    """The copied text, read in its datum, is within a metre; Baidu's has latitude first."""
    lon, lat = pair(links.copied(place, datum), lat_first=datum == "bd09")
    x, y = crs.shift(lon, lat, source=datum, target="wgs84")
    assert 1000 * float(crs.distance_km(x, y, place.lon, place.lat)) < NEAR_M


def test_the_shift_is_the_known_one():
    """At 124.39°E 40.13°N the GCJ-02 link is about half a kilometre off the WGS-84 degrees."""
    place = Place("a", 124.39, 40.13)
    (_, (lon, lat)) = points("amap_web", links.leg("amap_web", place, place))
    assert 500 < 1000 * float(crs.distance_km(lon, lat, place.lon, place.lat)) < 550
