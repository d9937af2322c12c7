"""The choice of a base map by setting."""

from __future__ import annotations

import pytest

from geo.errors import GeoError
from geo.render import basemap

KEY = "0123456789abcdef0123456789abcdef"


def choose(name: str, key: str | None = None) -> basemap.BaseMap:
    settings = {"GEO_BASEMAP": name} | ({} if key is None else {"GEO_TIANDITU_KEY": key})
    return basemap.choose(settings)


@pytest.mark.parametrize("settings", [{}, {"GEO_BASEMAP": ""}, {"GEO_BASEMAP": " Offline "}])
def test_the_shipped_map_is_the_first_choice(settings):
    """Without a setting nothing is loaded from anywhere, and the datum is WGS-84."""
    chosen = basemap.choose(settings)
    assert (chosen.id, chosen.datum, chosen.tiles) == ("offline", "wgs84", ())


@pytest.mark.parametrize(
    ("name", "datum", "layers", "host"),
    [
        ("osm", "wgs84", 1, "tile.openstreetmap.org"),
        ("amap", "gcj02", 1, "is.autonavi.com"),
        ("tianditu", "wgs84", 2, "tianditu.gov.cn"),
        (" OSM ", "wgs84", 1, "tile.openstreetmap.org"),
    ],
)
def test_a_server_is_chosen_by_name(name, datum, layers, host):
    """Each server is named in any case, has its own datum, and its layers name it, over https, with an attribution."""
    chosen = choose(name, KEY)
    assert (chosen.id, chosen.datum) == (name.strip().lower(), datum)
    assert len(chosen.tiles) == layers
    for tiles in chosen.tiles:
        assert tiles.startswith("https://")
        assert host in tiles.split("/")[2]
        assert all(part in tiles for part in ("{x}", "{y}", "{z}"))
    assert chosen.attribution


def test_the_key_goes_to_both_layers_of_tianditu():
    """Ground and labels are asked with the key, and the placeholders of the client stay in place."""
    ground, labels = choose("tianditu", f" {KEY} ").tiles
    assert "LAYER=vec&" in ground
    assert "LAYER=cva&" in labels
    for tiles in (ground, labels):
        assert tiles.endswith(f"&tk={KEY}")
        assert tiles.startswith("https://t{s}.")
        assert "{{" not in tiles


@pytest.mark.parametrize("name", ["google", "osm;amap", "<script>", "天地图"])
def test_an_unknown_map_is_refused(name):
    """A name that is no base map is refused with what was read and what there is."""
    with pytest.raises(GeoError) as caught:
        choose(name, KEY)
    assert caught.value.code == "basemap_unknown"
    assert caught.value.details == {"read": name, "expected": "offline / tianditu / amap / osm"}


@pytest.mark.parametrize(
    "key", [None, "", "  ", "a b", "x&tk=y", "a/../b", "k\nX: 1", "{s}", "{{7*7}}", "a'b", "键值"]
)
def test_tianditu_without_a_plain_key_is_refused(key):
    """A missing key, or one that could change the address, is refused and not repeated in the error."""
    with pytest.raises(GeoError) as caught:
        choose("tianditu", key)
    assert caught.value.code == "basemap_key_missing"
    assert caught.value.details == {"setting": "GEO_TIANDITU_KEY"}
