"""For keyboards and screen readers: everything is reached, seen to be reached, and named."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.driving import map_frame, open_page, wait_idle
from tests.browser.map_page import MapPage, projects

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
ROWS = projects()
# What axe finds in the framework's own elements, which this app cannot change: (rule, part of the
# selector) → reason.
FRAMEWORK: dict[tuple[str, str], str] = {}
_FOCUS = """
() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const host = node.closest('[class*="st-key-"]');
  const shown = (s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none' ||
    s.borderColor === 'rgb(11, 87, 208)';
  let up = node, seen = false;
  for (let i = 0; i < 4 && up; i++, up = up.parentElement) seen = seen || shown(getComputedStyle(up));
  return {
    tag: node.tagName, label: node.getAttribute('aria-label') || node.title || node.innerText || '',
    key: host ? [...host.classList].find((c) => c.startsWith('st-key-')) : '',
    data: node.dataset.key || node.dataset.tool || node.className, seen,
  };
}
"""


def _violations(where: Page | Frame) -> list[str]:
    """Run axe in one document; return what is serious, lasts, and is not the framework's own."""
    where.evaluate(AXE.read_text("utf-8"))
    found = _once(where)
    if found:  # the framework fades its elements in, and a pale moment is no fault
        where.wait_for_timeout(1000)
        found = _once(where)
    return found


def _once(where: Page | Frame) -> list[str]:
    found = where.evaluate(
        "() => axe.run(document, {iframes: false, resultTypes: ['violations']}).then((r) => r.violations)"
    )
    lines = []
    for violation in found:
        if violation["impact"] not in ("serious", "critical"):
            continue
        for node in violation["nodes"]:
            target, html = str(node["target"]), node["html"]
            known = any(
                rule == violation["id"] and part in target + html for rule, part in FRAMEWORK
            )
            if not known:
                lines.append(f"{violation['id']}: {target} {html[:140]}")
    return lines


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", ["/?", "/?id=r01", "/?m=table", "/?m=table&id=s001", "/about?"])
def test_axe_finds_nothing_serious(server, page, address, language):
    """Neither page nor map has a serious or critical fault of accessibility, in either language."""
    open_page(page, f"{server.url}{address}&lang={language}")
    if "id=" in address:
        expect(page.locator(".st-key-card_back button")).to_be_enabled()
    found = _violations(page)
    if address.startswith("/?") and "m=table" not in address:
        MapPage(page, server.url).wait_drawn()
        found += _violations(map_frame(page))
    assert found == []


def test_axe_finds_nothing_serious_in_a_dialog(server, page):
    """The dialog behind a figure is as accessible as the page."""
    MapPage(page, server.url).open()
    page.locator(".st-key-figure_rate button:visible").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    wait_idle(page)
    assert _violations(page) == []


def _focus(page: Page, frame: Frame) -> dict | None:
    at = page.evaluate(_FOCUS)
    return frame.evaluate(_FOCUS) if at and at["tag"] == "IFRAME" else at


def test_the_tab_key_reaches_everything(server, page):
    """Tab comes by search, filters, figures, the map, its tools and its legend, each visibly focused."""
    visit = MapPage(page, server.url).open()
    frame = visit.frame
    stops: list[dict] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        stop = _focus(page, frame)
        if stop and not stop["seen"]:
            page.wait_for_timeout(350)  # the framework fades its borders in
            stop = _focus(page, frame)
        if stop and stop["tag"] != "MAIN":  # a region that scrolls, no control
            stops.append(stop)
        if stops and "download" in stops[-1]["label"]:
            break
    keys = {stop["key"] for stop in stops}
    data = {str(stop["data"]) for stop in stops}
    for wanted in ("f_text", "f_kind", "f_industry", "f_stage", "f_county", "f_park", "f_low"):
        assert f"st-key-{wanted}" in keys, wanted
    for wanted in (
        "language",
        "banner_switch",
        "switch_mode",
        "figure_invest",
        "figure_rate_value",
        "table",
    ):
        assert f"st-key-{wanted}" in keys, wanted
    assert any("leaflet-container" in d for d in data)
    for wanted in ("fit", "png", "stage:build", "industry:food"):
        assert wanted in data, wanted
    assert stops[-1]["key"] != "st-key-table", "the focus does not leave the table"
    assert visit.query() == {}, "the tab key alone must change nothing"
    # the table draws its own ring round a cell on its canvas
    assert [s for s in stops if not s["seen"] and s["key"] != "st-key-table"] == []


def test_a_project_is_opened_without_a_mouse(server, page):
    """With the map focused n goes to the next project, says its name, and Enter opens it."""
    visit = MapPage(page, server.url).open(at="124.2,40.3,11", k="sample")
    visit.frame.locator(".leaflet-container").focus()
    for _ in range(40):
        page.keyboard.press("n")
        alone = visit.frame.evaluate(
            "() => GeoMap.app.stepped && GeoMap.app.stepped.rows.length === 1"
        )
        if alone:
            break
    name = visit.frame.locator(".gm-tip strong").inner_text()
    assert name in visit.frame.locator(".gm-live").inner_text()
    with visit.redraw():
        page.keyboard.press("Enter")
    assert visit.card_name() == name
    assert any(r["name"] == name for r in ROWS)


def test_a_legend_entry_and_a_figure_work_by_keys(server, page):
    """Space presses an entry of the legend and keeps the focus there; Enter opens a figure, Escape closes it."""
    visit = MapPage(page, server.url).open()
    visit.legend_entry("stage", "done").focus()
    with visit.redraw():
        page.keyboard.press("Space")
    assert visit.query()["s"] == "done"
    assert visit.frame.evaluate("() => document.activeElement.dataset.key") == "stage:done"
    page.locator(".st-key-figure_invest button:visible").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
