"""Online base maps by setting: right tile server, right datum, clear words where the key is missing.

Only these tests let a page ask for tiles; the browser answers itself, nothing leaves the machine.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from pyproj import Geod

from tests.browser.driving import open_page
from tests.browser.map_page import MapPage, colours, near, projects

# one pixel of magenta, which no layer of the map uses
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFAAH/q842iQAAAABJRU5ErkJggg=="
)
HOSTS = {
    "osm": r"tile\.openstreetmap\.org",
    "amap": r"webrd0[1-4]\.is\.autonavi\.com",
    "tianditu": r"t[0-7]\.tianditu\.gov\.cn",
}


def _open(make_server, page, guard, tmp_path, name: str) -> tuple[MapPage, list[str]]:
    """Serve with a base map, answer its tiles here, and return the visit and the asked addresses."""
    env = {"GEO_BASEMAP": name, "GEO_TIANDITU_KEY": "abc123", "GEO_STATE": str(tmp_path / "state")}
    asked: list[str] = []

    def answer(route) -> None:
        asked.append(route.request.url)
        route.fulfill(
            body=TILE, content_type="image/png", headers={"access-control-allow-origin": "*"}
        )

    page.route(re.compile(rf"https://{HOSTS[name]}/"), answer)
    visit = MapPage(page, make_server(env=env).url).open()
    page.wait_for_timeout(700)
    # these addresses, and no other, are allowed here
    allowed = re.compile(rf"https://{HOSTS[name]}/")
    guard.outside[:] = [url for url in guard.outside if not allowed.match(url)]
    return visit, asked


@pytest.mark.parametrize("name", ["osm", "tianditu", "amap"])
def test_tiles_come_from_the_server_of_the_setting(make_server, page, guard, tmp_path, name):
    """Tiles are asked only from the named provider and lie under the projects, credited."""
    visit, asked = _open(make_server, page, guard, tmp_path, name)
    assert len(asked) > 4
    assert all(re.match(rf"https://{HOSTS[name]}/", url) for url in asked)
    if name == "tianditu":
        queries = [parse_qs(urlsplit(url).query) for url in asked]
        assert {q["tk"][0] for q in queries} == {"abc123"}
        assert {q["LAYER"][0] for q in queries} == {"vec", "cva"}
    credit = {"osm": "OpenStreetMap", "amap": "高德", "tianditu": "天地图"}[name]
    expect(visit.frame.locator(".leaflet-control-attribution")).to_contain_text(credit)
    sea = visit.picture().crop((60, 560, 200, 640))
    assert not any(near(c, "#d5e4ec", 2) for c in colours(sea)), "the offline sea hides the tiles"
    shift = _shift_m(visit)
    assert shift == pytest.approx(0, abs=1) if name != "amap" else 400 < shift < 700


def _shift_m(visit: MapPage) -> float:
    """Measure how far the first sample lies on the map from where its file has it."""
    rows = projects()
    number = next(i for i, r in enumerate(rows) if r["precision"] == "site")
    lon, lat = visit.frame.evaluate(
        """(row) => {
          const p = GeoMap.app.points;
          const at = L.CRS.EPSG3857.pointToLatLng(L.point(p.x[row], p.y[row]), 0);
          return [at.lng, at.lat];
        }""",
        number,
    )
    own = rows[number]
    return abs(Geod(ellps="WGS84").inv(float(own["lon"]), float(own["lat"]), lon, lat)[2])


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"GEO_BASEMAP": "tianditu"}, "使用天地图需要在 GEO_TIANDITU_KEY 中填写密钥"),
        (
            {"GEO_BASEMAP": "mapbox"},
            "设置 GEO_BASEMAP 为“mapbox”，可用的是：offline / tianditu / amap / osm",
        ),
    ],
)
def test_a_setting_that_cannot_work_is_said(make_server, page, env, words):
    """A missing key or an unknown name gives one clear sentence instead of the map."""
    server = make_server(env=env)
    open_page(page, server.url)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.locator(".st-key-map_box")).to_have_count(0)
