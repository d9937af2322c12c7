"""On a phone of 390 × 844 with touch: nothing runs off the side, and fingers hit what they mean."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import MapPage, projects

ROWS = projects()
_OVER = """
() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return Math.max(
    document.scrollingElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
}
"""
_SIZES = """
(nodes) => nodes.map((node) => {
  const box = node.getBoundingClientRect();
  return [(node.innerText || node.getAttribute('aria-label') || '').trim(), box.width, box.height];
})
"""


def _small(sizes: list, least: float) -> list:
    return [size for size in sizes if min(size[1:]) < least and max(size[1:]) > 0]


def _open_filters(page: Page) -> None:
    page.locator('[data-testid="stExpandSidebarButton"]').tap()
    expect(page.locator('[data-testid="stSidebarUserContent"]')).to_be_in_viewport()
    wait_idle(page)


@pytest.mark.parametrize(
    "address",
    ["/", "/?m=table", "/?id=r01", "/?m=table&id=s001&lang=en", "/?lang=en&c=210682&s=build"],
)
def test_nothing_runs_off_the_side(server, phone, address):
    """Map, list, card and long English words stay within the width of the phone."""
    open_page(phone, server.url + address)
    if "m=table" not in address:
        MapPage(phone, server.url).wait_drawn()
    assert phone.evaluate(_OVER) <= 0


def test_the_page_about_the_data_fits_a_phone(server, phone):
    """Its tables become blocks that need no scrolling sideways, in either language."""
    for query in ("", "?lang=en"):
        open_page(phone, f"{server.url}/about{query}")
        assert phone.evaluate(_OVER) <= 0
        assert phone.locator(".about-scroll").evaluate_all(
            "(nodes) => nodes.every((node) => node.scrollWidth <= node.clientWidth + 1)"
        )


def test_filters_open_over_the_page_and_work(server, phone):
    """A finger opens the filters, chooses one, closes them, and the map shows the choice."""
    visit = MapPage(phone, server.url).open()
    _open_filters(phone)
    assert phone.evaluate(_OVER) <= 0
    with visit.redraw():
        visit.pill("kind", "真实").tap()
    phone.locator('[data-testid="stSidebarCollapseButton"] button').tap()
    expect(phone.locator('[data-testid="stSidebarUserContent"]')).not_to_be_in_viewport()
    assert visit.legend_count() == f"{sum(r['kind'] == 'real' for r in ROWS)} / {len(ROWS)}"


def test_map_and_list_switch(server, phone):
    """The phone shows the map or the list, not both, and a tap on the switch changes them."""
    visit = MapPage(phone, server.url).open()
    expect(phone.locator(".st-key-list")).to_be_hidden()
    phone.get_by_text("列表", exact=True).tap()
    expect(phone.locator(".st-key-map_box")).to_have_count(0)
    wait_idle(phone)  # the map's own list goes a moment later
    expect(phone.locator(".st-key-table")).to_be_visible()
    assert visit.grid_rows() == len(ROWS)
    phone.get_by_text("地图", exact=True).tap()
    visit.wait_drawn()


def test_a_tap_on_a_project_opens_its_card(server, phone):
    """A finger a little beside a symbol still opens the project; the card leaves the map in sight."""
    visit = MapPage(phone, server.url).open(at="124.2,40.3,11", k="sample")
    place = next(p for p in visit.places() if len(p.rows) == 1)
    with visit.redraw():
        visit.tap(place.x + 4, place.y - 4)
    assert visit.card_name() == ROWS[place.rows[0]]["name"]
    card = visit.card().bounding_box()
    assert card is not None
    assert 844 * 0.3 < card["y"] < 844 * 0.9
    assert phone.evaluate(_OVER) <= 0
    expect(phone.locator(".st-key-map_box")).to_be_in_viewport()
    with visit.redraw():
        phone.locator(".st-key-card_back button").tap()
    expect(visit.card()).to_be_hidden()


def test_targets_are_large_enough_for_a_finger(server, phone):
    """Buttons are at least 40 pixels high, entries of the legend and tools of the map at least 36."""
    visit = MapPage(phone, server.url).open(c="210682")
    buttons = phone.locator('[data-testid="stMain"] button:visible').evaluate_all(_SIZES)
    assert len(buttons) > 8
    assert _small([[name, 99, height] for name, _, height in buttons], 40) == []
    tools = visit.frame.locator("button.gm-tool, .leaflet-bar a").evaluate_all(_SIZES)
    entries_ = visit.frame.locator("button.gm-entry").evaluate_all(_SIZES)
    assert len(entries_) > 5
    assert _small(tools + entries_, 36) == []
    arrow = phone.locator('[data-testid="stExpandSidebarButton"]').evaluate_all(_SIZES)
    assert _small(arrow, 36) == []
