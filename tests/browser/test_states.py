"""The states between: nothing found, still loading, not loaded."""

from __future__ import annotations

import io
import re

import openpyxl
from playwright.sync_api import Route, expect

from tests.browser.driving import map_frame, open_page, wait_idle
from tests.browser.map_page import MapPage

POINTS = re.compile(r"/points-[0-9a-f]+\.json")


def test_nothing_found_is_said_on_map_and_in_the_table(server, page):
    """Without a match map, list and table each say so and how to go on; the reset brings all back."""
    visit = MapPage(page, server.url).open(q="zzzz")
    card = visit.frame.locator(".gm-empty")
    expect(card).to_be_visible()
    expect(card).to_contain_text("地图上没有符合条件的项目")
    expect(card).to_contain_text("请减少筛选条件")
    expect(page.locator(".st-key-list")).to_contain_text("没有符合条件的项目")
    assert visit.count()[0] == 0
    assert visit.figures()["projects"] == "0 个"
    assert visit.figures()["rate"] == "—"
    with visit.rerun():
        page.get_by_role("radio", name="列表").click()
    expect(page.locator('[data-testid="stMain"]')).to_contain_text("没有符合条件的项目")
    with visit.rerun():
        page.get_by_role("radio", name="地图").click()
    visit.wait_drawn()
    with visit.redraw():
        page.locator(".st-key-chip_all button").click()
    expect(visit.frame.locator(".gm-empty")).to_be_hidden()


def test_while_the_data_is_on_its_way_the_map_says_so(server, page):
    """Until the points arrive a veil with words lies over the map, then it goes."""
    held: list[Route] = []
    page.route(POINTS, lambda route: held.append(route))
    page.goto(server.url)
    frame = map_frame(page)
    veil = frame.locator(".gm-veil")
    expect(veil).to_have_text("正在载入地图…")
    expect(veil).to_be_visible()
    wait_idle(page)
    expect(veil).to_be_visible()  # the page is ready, the map says that it is not
    assert held
    for route in held:
        route.continue_()
    expect(veil).to_be_hidden()
    MapPage(page, server.url).wait_drawn()


def test_data_that_does_not_load_can_be_asked_for_again(server, page, guard):
    """A failing server gives a sentence and a button; the button loads the map."""
    page.route(POINTS, lambda route: route.fulfill(status=500, body="no"))
    page.goto(server.url)
    frame = map_frame(page)
    veil = frame.locator(".gm-veil")
    expect(veil).to_contain_text("地图数据没有载入")
    wait_idle(page)
    page.unroute(POINTS)
    veil.get_by_role("button", name="重试").click()
    MapPage(page, server.url).wait_drawn()
    expect(veil).to_be_hidden()
    assert guard.errors == []


def test_the_desk_says_what_it_is_for_to_who_is_not_signed_in(server, page):
    """The steps, a template that is the real one, and how to try it where that is allowed."""
    open_page(page, f"{server.url}/desk")
    main = page.locator('[data-testid="stMain"]')
    for words in ("尚未配置登录", "上传", "核对", "生效", "GEO_LOCAL_SIGN_IN=1"):
        expect(main).to_contain_text(words)
    with page.expect_download() as taken:
        main.get_by_role("button", name="下载 Excel 模板").click()
    book = openpyxl.load_workbook(io.BytesIO(taken.value.path().read_bytes()))
    headings = {str(cell.value) for sheet in book for row in sheet for cell in row}
    assert "项目名称" in {heading.rstrip("*") for heading in headings}
