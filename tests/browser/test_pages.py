"""Every page as the very first request to a fresh server, and what the page about the data says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import MapPage, entries, projects, read_csv

# Streamlit looks for its own server below the page's path before it tries the root.
PROBING = "/about/_stcore/"


@pytest.mark.parametrize("path", ["/", "/about"])
def test_each_page_works_as_the_first_request(make_server, page, guard, tmp_path, path):
    """A fresh server answers a deep link to any page: heading, no traceback, no fault."""
    server = make_server(env={"GEO_STATE": str(tmp_path / "state")})
    failed, said = [], []
    page.on("response", lambda answer: failed.append(answer) if answer.status >= 400 else None)
    page.on("console", lambda line: said.append(line) if line.type == "error" else None)
    open_page(page, server.url + path)
    heading = "丹东市重点项目地图" if path == "/" else "数据说明"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    if path == "/":
        MapPage(page, server.url).wait_drawn()
    assert not page.locator('[data-testid="stException"]').count()
    assert "Traceback" not in page.locator("body").inner_text() + server.log_text()
    assert [r.url for r in failed if PROBING not in r.url] == []
    assert [line.text for line in said if PROBING not in line.location["url"]] == []
    assert guard.faults() == []


def test_the_pages_link_to_each_other_and_keep_the_view(server, page):
    """Going to the page about the data and back keeps language and filters."""
    visit = MapPage(page, server.url).open(c="210682", lang="en")
    page.get_by_role("link", name="About the data").click()
    expect(page.get_by_role("heading", name="Layers and licences")).to_be_visible()
    wait_idle(page)
    assert visit.query() == {"c": "210682", "lang": "en"}
    page.get_by_role("link", name="Project map").click()
    page.wait_for_selector(".st-key-map_box")
    visit.wait_drawn()
    assert visit.query() == {"c": "210682", "lang": "en"}
    assert visit.chips() == ["Fengcheng City"]


def test_the_page_about_the_data_names_every_source_and_what_is_unverified(server, page):
    """Each layer stands there with source and licence, each published figure beside the computed one."""
    open_page(page, f"{server.url}/about")
    text = page.locator('[data-testid="stMain"]').inner_text()
    for layer in entries("city.toml", table="layers").values():
        for part in (layer["title"], layer["source"], layer["licence"]):
            assert part["zh"] in text
    assert f"{sum(p['kind'] == 'sample' for p in projects())} 个示例项目" in text
    for industry in entries("industries.toml").values():
        assert industry["zh"] in text
    for park in read_csv("parks.csv"):
        assert park["name"] in text
    assert text.count("待核实") > len(read_csv("parks.csv"))
    published = entries("published.toml")
    for figure in published.values():
        assert figure["zh"] in text
    row = page.locator(".about-table tr").filter(has_text=published["planned_count"]["zh"]).first
    assert "335" in row.inner_text()
