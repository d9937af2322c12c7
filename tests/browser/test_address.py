"""The address holds the whole view, and nothing in an address can break the page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import MapPage, projects, until

ROWS = projects()


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


def test_a_link_shows_another_visitor_the_same(visit, new_page):
    """Filters, words, colour, language, open project and position come back in a fresh browser."""
    visit.open()
    steps = (
        lambda: visit.choose("county", "东港市"),
        lambda: visit.legend_entry("stage", "build").click(),
        lambda: visit.type_in("不低于", "1"),
        lambda: visit.page.get_by_role("radio", name="按产业").click(),
        lambda: visit.type_in("搜索", "示例"),
        lambda: visit.page.get_by_role("button", name="English").click(),
        lambda: visit.click_row(2),
    )
    for step in steps:
        with visit.redraw():
            step()
    visit.move(300, 300)
    visit.page.mouse.wheel(0, 200)
    visit.page.wait_for_timeout(900)
    until(visit.page, lambda: "at" in visit.query())
    first = visit.query()
    assert set(first) == {"c", "s", "v", "q", "o", "lang", "id", "at"}
    other = MapPage(new_page(), visit.url)
    other.page.goto(visit.page.url)
    other.wait_drawn()
    wait_idle(other.page)
    assert other.query() == first
    assert other.count() == visit.count()
    assert other.count()[0] == sum(
        r["county"] == "210681" and r["stage"] == "build" and int(r["invest_wan"] or 0) >= 10_000
        for r in ROWS
        if r["kind"] == "sample"
    )
    assert other.chips() == visit.chips()
    assert other.card_name() == visit.card_name()
    assert other.legend("stage") == visit.legend("stage")
    expect(other.page.get_by_role("radio", name="By industry")).to_be_checked()
    where = "() => [map.getCenter().lng, map.getCenter().lat, map.getZoom()]"
    assert other.frame.evaluate(where) == pytest.approx(visit.frame.evaluate(where), abs=0.02)


def test_the_place_in_the_address_does_not_drift(visit):
    """A window made a few pixels smaller and larger shows the place that the link names."""
    visit.page.goto(f"{visit.url}/?at=123.96938,39.97975,11")
    visit.wait_drawn()
    for width, height in ((1433, 893), (1427, 900), (1441, 887)):
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.wait_for_timeout(800)  # the address follows a little later
    wait_idle(visit.page)
    assert visit.query()["at"] == "123.96938,39.97975,11"


def test_the_mode_is_in_the_address_too(visit, new_page):
    """The table's own view has an address that opens it."""
    visit.open(c="210682")
    with visit.rerun():
        visit.page.get_by_role("radio", name="列表").click()
    until(visit.page, lambda: visit.query().get("m") == "table")
    other = new_page()
    open_page(other, visit.page.url)
    expect(other.get_by_role("radio", name="列表")).to_be_checked()
    expect(other.locator(".st-key-map_box")).to_have_count(0)


def test_the_back_button_goes_back_one_step(visit):
    """Back takes away the last filter, forward brings it again; the map keeps its document."""
    visit.open()
    visit.frame.evaluate("() => { window.marker = 1 }")
    with visit.redraw():
        visit.choose("county", "凤城市")
    with visit.redraw():
        visit.legend_entry("stage", "done").click()
    assert set(visit.chips()) == {"凤城市", "竣工"}
    with visit.redraw():
        visit.page.go_back()
    assert visit.chips() == ["凤城市"]
    assert visit.count()[0] == sum(r["county"] == "210682" for r in ROWS)
    with visit.redraw():
        visit.page.go_forward()
    assert set(visit.chips()) == {"凤城市", "竣工"}
    assert visit.frame.evaluate("() => window.marker") == 1


@pytest.mark.parametrize(
    "query",
    [
        "s=nothing&c=%3Cscript%3Ealert(1)%3C/script%3E&p=../../etc/passwd",
        "v=9-1&at=NaN,Infinity,999&lang=xx&m=<b>&o=__class__&id=r999",
        "q=" + "%00%07" + "&junk[]=1&__proto__=x&constructor=y",
        "q=" + "a" * 5000,
        "v=99999999999999999999-&at=1e400,0,0&k=real'%20OR%201=1--",
        "id={{7*7}}&q=%0A%0D&c=%F0%9F%92%A5&s=%ED%A0%80",
    ],
)
def test_a_hostile_address_gives_the_default_view_and_says_so(visit, server, query):
    """Whatever stands in the address, the page shows all projects and a notice, and goes on working."""
    open_page(visit.page, f"{server.url}/?{query}")
    visit.wait_drawn()
    assert visit.count() == (len(ROWS), len(ROWS))
    expect(visit.page.locator(".st-key-notices")).to_contain_text("链接中有无法识别的内容")
    assert visit.chips() == []
    expect(visit.page.get_by_role("heading", name="丹东市重点项目地图")).to_be_visible()
    assert "Traceback" not in server.log_text()
    with visit.redraw():
        visit.legend_entry("stage", "done").click()
    expect(visit.page.locator(".st-key-notices")).not_to_contain_text("无法识别")


def test_junk_beside_a_good_filter_leaves_the_filter(visit, server):
    """What can be read of an address is used, what cannot is named."""
    open_page(visit.page, f"{server.url}/?c=210682&s=bogus")
    visit.wait_drawn()
    assert visit.chips() == ["凤城市"]
    expect(visit.page.locator(".st-key-notices")).to_contain_text("（s）")
