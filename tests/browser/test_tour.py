"""The tour planner from the first site to the link that somebody else opens, on the hostile city."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import SECONDS, open_page, wait_idle
from tests.browser.map_page import MapPage, near, until
from tests.browser.server import Server
from tests.browser.test_safety import AT, HOSTILE, _hostile_city

WAY = "#0b57d0"  # the colour of what is on the tour
MAPS = ("uri.amap.com", "api.map.baidu.com", "apis.map.qq.com")
NAMES = ("onerror", "evil", "cycler", "calc")
FILES = {
    "pdf": b"%PDF-",
    "docx": b"PK",
    "xlsx": b"PK",
    "html": b"<!doctype html",
    "ics": b"BEGIN:VCALENDAR",
    "gpx": b"<?xml",
    "kml": b"<?xml",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Serve a city whose projects have hostile names, with the local sign-in."""
    base = tmp_path_factory.mktemp("tour")
    _hostile_city(base / "city")
    env = {
        "GEO_DATA": str(base / "city"),
        "GEO_STATE": str(base / "state"),
        "GEO_LOCAL_SIGN_IN": "1",
    }
    with Server(base / "log", env=env) as server:
        yield SimpleNamespace(url=server.url, server=server)
        assert "Traceback" not in server.log_text()


def planner(page: Page, site: SimpleNamespace, query: str) -> MapPage:
    """Open the planner and wait for its map."""
    visit = MapPage(page, site.url)
    open_page(page, f"{site.url}/tour?{query}")
    visit.wait_drawn()
    return visit


def sign_in(page: Page, site: SimpleNamespace) -> None:
    """Become the city's office."""
    open_page(page, f"{site.url}/desk")
    page.locator(".st-key-local_kind input").first.click()
    page.get_by_role("option").filter(has_text="市项目办").first.click()
    wait_idle(page)
    page.get_by_role("link", name="行程规划").click()
    page.wait_for_selector(".st-key-tour_side")
    wait_idle(page)


def step(page: Page, words: str) -> None:
    """Go to a step of the planner."""
    page.locator(".st-key-tour_part label, .st-key-tour_part button").filter(
        has_text=words
    ).first.click()
    wait_idle(page)


def press(page: Page, words: str | re.Pattern[str]) -> None:
    """Press a button beside the map and wait for what comes of it."""
    page.locator(".st-key-tour_side").get_by_role("button", name=words).first.click()
    wait_idle(page)


def chosen(page: Page) -> int:
    """Read how many sites are chosen."""
    said = page.locator(".st-key-tour_side").get_by_text(re.compile(r"已选 \d+ 个项目"))
    return int(re.sub(r"\D", "", said.inner_text())) if said.count() else 0


def bring(page: Page, *words: str) -> None:
    """Bring one site in by name for each of some words."""
    for text in words:
        page.locator(".st-key-tour_name input").fill(text)
        page.get_by_role("option").first.click()
        wait_idle(page)


def clean(page: Page) -> None:
    """Nothing of the data has become an element; what a link carries of it is data to a map."""
    made = page.locator('img[src="x"], svg[onload], [onerror], [onmouseover], .katex')
    assert made.count() == 0, made.first.evaluate("node => node.outerHTML")
    for href in page.locator("a[href]").evaluate_all("(nodes) => nodes.map((node) => node.href)"):
        host = urlsplit(str(href)).hostname
        assert host in ("127.0.0.1", *MAPS), href


def stops(page: Page) -> list[str]:
    """Read the names of the planned stops in their order."""
    return page.locator('[class*="st-key-tour_stop_"] button p').evaluate_all(
        """(nodes) => nodes.map((node) => Array.from(node.childNodes)
          .filter((child) => child.nodeType === 3).map((child) => child.data).join('')
          .replaceAll('\\u2060', '').replace(/\\s+/g, ' ').trim())"""
    )


def blue(visit: MapPage, x: float, y: float) -> bool:
    """Tell whether the map shows the colour of a chosen site near a point."""
    picture = visit.picture()
    spots = [(int(x) + 1 + dx, int(y) + 1 + dy) for dx in range(-8, 9) for dy in range(-8, 9)]
    return any(near(picture.getpixel(spot), WAY) for spot in spots)


def test_sites_come_in_by_click_lasso_filter_and_name(site, page):
    """A click marks a site at once and a second one takes it out; a loop and the filters bring many."""
    visit = planner(page, site, f"k=real&at={AT}")
    expect(page.get_by_role("button", name="规划行程")).to_be_disabled()
    place = visit.place_of(0)
    with visit.redraw():
        visit.click(place.x, place.y)
        page.wait_for_timeout(60)
        assert blue(visit, place.x, place.y)  # before the server has answered
    until(page, lambda: chosen(page) == 1, SECONDS)
    assert blue(visit, place.x, place.y)
    zoom = visit.zoom()
    with visit.redraw():
        visit.click(place.x, place.y)
    until(page, lambda: chosen(page) == 0, SECONDS)
    assert not blue(visit, place.x, place.y)
    wanted = [visit.place_of(row) for row in (0, 1, 5, 6)]
    visit.frame.locator('[data-tool="lasso"]').click()
    box = visit.box()
    left, right = min(p.x for p in wanted) - 25, max(p.x for p in wanted) + 25
    top, low = min(p.y for p in wanted) - 25, max(p.y for p in wanted) + 25
    inside = [p for p in visit.places() if left < p.x < right and top < p.y < low]
    corners = [(left, top), (right, top), (right, low), (left, low)]
    page.mouse.move(box["x"] + left, box["y"] + top)
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    with visit.redraw():
        page.mouse.up()
    assert chosen(page) == sum(len(p.rows) for p in inside) >= 4
    assert visit.zoom() == zoom
    press(page, re.compile("加入筛选出的"))
    until(page, lambda: chosen(page) == len(HOSTILE), SECONDS)
    press(page, "清空")
    bring(page, "onerror")
    until(page, lambda: chosen(page) == 1, SECONDS)
    clean(page)


def test_a_day_is_planned_changed_by_hand_and_brought_back(site, page):
    """A move by hand says its cost and keeps the zoom, the best comes back, a site comes in by click."""
    visit = planner(page, site, f"k=real&at={AT}")
    for row in (0, 1, 5, 6):
        place = visit.place_of(row)
        with visit.redraw():
            visit.click(place.x, place.y)
    press(page, "规划行程")
    side = page.locator(".st-key-tour_side")
    expect(side).to_contain_text("已证明")
    expect(page.locator(".tour-figures")).to_be_visible(timeout=SECONDS * 1000)
    best = stops(page)
    assert sorted(best) == sorted(HOSTILE[row] for row in (0, 1, 5, 6))
    clean(page)
    box = page.locator(".tour-figures").bounding_box()
    assert box is not None
    assert box["height"] < 80  # one strip
    page.locator(".st-key-tour_stop_1 button").click()
    wait_idle(page)
    expect(side.get_by_role("button", name="上移")).to_be_disabled()
    visit.frame.evaluate("() => map.setZoom(map.getZoom() + 1, {animate: false})")
    zoom = visit.zoom()
    page.locator(".st-key-tour_to input").click()
    page.get_by_role("option", name="第 3 位").click()
    wait_idle(page)
    until(page, lambda: stops(page) == [best[1], best[2], best[0], best[3]], SECONDS)
    expect(side).to_contain_text(re.compile(r"手工行程：比最优多 \d+ 分钟"))
    expect(page.locator(".st-key-tour_stop_3 button")).to_have_attribute("kind", "primary")
    assert visit.zoom() == zoom
    press(page, "回到最优")
    until(page, lambda: stops(page) == best, SECONDS)
    expect(side).to_contain_text("已证明")
    place = visit.place_of(2)
    with visit.redraw():
        visit.click(place.x, place.y)
    until(page, lambda: sorted(stops(page)) == sorted([*best, HOSTILE[2]]), SECONDS)
    expect(side).to_contain_text("手工行程")
    page.locator(".st-key-tour_actions").get_by_role("button", name="移出行程").click()
    wait_idle(page)
    until(page, lambda: stops(page) == best, SECONDS)
    expect(side).to_contain_text(f"必看的“{HOSTILE[2]}”不在行程里")
    clean(page)


def test_late_on_the_way_only_the_rest_is_planned(site, page):
    """From a stop left late the rest is planned and said to be that; the whole tour comes back."""
    planner(page, site, "k=real")
    bring(page, *NAMES[:3])
    press(page, "规划行程")
    expect(page.locator(".tour-figures")).to_be_visible(timeout=SECONDS * 1000)
    best = stops(page)
    page.locator(".st-key-tour_stop_1 button").click()
    wait_idle(page)
    field = page.get_by_label("离开此站的时间")
    expect(field).to_have_value(re.compile(r"\d+:\d\d"))
    hour, minute = map(int, field.input_value().split(":"))
    field.fill(f"{hour}:{minute + 25:02d}" if minute < 35 else f"{hour + 1}:{minute - 35:02d}")
    press(page, "从此站起重排")
    expect(page.locator(".st-key-tour_rest")).to_contain_text("这是剩余行程")
    until(page, lambda: sorted(stops(page)) == sorted(best[1:]), SECONDS)
    press(page, "回到完整行程")
    until(page, lambda: stops(page) == best, SECONDS)
    expect(page.locator(".st-key-tour_rest")).to_have_count(0)


def test_what_cannot_be_kept_says_what_would_have_to_give(site, page):
    """A day that is too short names what to relax or to drop, and the tour in work is still there."""
    planner(page, site, "k=real")
    bring(page, *NAMES)
    step(page, "规则")
    page.get_by_label("行车上限分钟").fill("30")
    press(page, "采用规则并规划")
    alert = page.locator(".st-key-tour_side").get_by_role("alert")
    expect(alert).to_contain_text("只改下面任何一条就可以")
    expect(alert).to_contain_text(re.compile(r"行车上限增加 \d+ 分钟"))
    step(page, "选点")
    until(page, lambda: chosen(page) == len(NAMES), SECONDS)
    press(page, "清空")
    expect(page.get_by_role("button", name="规划行程")).to_be_disabled()


def test_a_kept_tour_opens_by_link_and_a_second_writer_is_told(site, page, new_page):
    """Saved, it opens elsewhere the same; who saves over another's change is told and loses nothing."""
    sign_in(page, site)
    bring(page, "onerror", "evil")
    step(page, "规则")
    page.get_by_label("行程名称").fill(HOSTILE[0])
    press(page, "采用规则并规划")
    expect(page.locator(".tour-figures")).to_be_visible(timeout=SECONDS * 1000)
    best = stops(page)
    assert len(best) == 2
    clean(page)
    step(page, "保存与携带")
    press(page, "保存")
    expect(page.locator(".st-key-tour_side")).to_contain_text("已保存")
    link = page.locator(".st-key-tour_side code").first.inner_text()
    press(page, "生成打分口令")
    expect(page.locator(".st-key-tour_code img")).to_be_visible()
    assert "score?tour=" in page.locator(".st-key-tour_code code").inner_text()
    clean(page)

    other = new_page()
    open_page(other, link)
    MapPage(other, site.url).wait_drawn()
    until(other, lambda: stops(other) == best, SECONDS)
    expect(other.locator(".st-key-tour_side")).to_contain_text(HOSTILE[0])
    clean(other)
    step(other, "保存与携带")
    expect(other.locator(".st-key-tour_side")).to_contain_text("登录为市级办公室后可以保存")
    expect(other.locator(".st-key-tour_save")).to_have_count(0)

    second = new_page()
    sign_in(second, site)
    open_page(second, link)  # a new session is nobody: sign in, then open from the list
    sign_in(second, site)
    step(second, "保存与携带")
    second.locator(".st-key-tour_open input").click()
    second.get_by_role("option").first.click()
    wait_idle(second)
    for one in (second, page):
        step(one, "行程")
        one.locator(".st-key-tour_stop_1 button").click()
        press(one, "下移")
        step(one, "保存与携带")
        press(one, "保存")
    expect(second.locator(".st-key-tour_side")).to_contain_text("已保存")
    expect(page.locator(".st-key-tour_side")).to_contain_text("没有写入")
    expect(page.locator(".st-key-tour_side")).to_contain_text("没有丢失")
    press(page, "另存为新行程")
    expect(page.locator(".st-key-tour_side")).to_contain_text("已保存")
    page.locator(".st-key-tour_side").get_by_role("button", name="删除").click()
    page.locator(".st-key-tour_delete button").click()
    wait_idle(page)
    expect(page.locator(".st-key-tour_side")).not_to_contain_text("另存为新行程")


def test_every_file_of_a_tour_downloads_and_is_what_it_says(site, page):
    """Each of the seven files arrives with its own beginning and a name without traps."""
    planner(page, site, "k=real")
    bring(page, *NAMES[:3])
    press(page, "规划行程")
    step(page, "保存与携带")
    for name, begins in FILES.items():
        with page.expect_download() as waiting:
            page.locator(f".st-key-tour_file_{name} button").click()
        body = waiting.value.path().read_bytes()
        assert body.lstrip()[: len(begins)].lower() == begins.lower(), name
        assert re.fullmatch(r"[^<>:\"/\\|?*]+\." + name, waiting.value.suggested_filename)
    page.get_by_text("手机导航").click()
    links = page.locator("a.tour-link")
    assert links.count() >= 6
    assert all(
        str(href).startswith("https://")
        for href in links.evaluate_all("(nodes) => nodes.map((node) => node.getAttribute('href'))")
    )
    clean(page)


def test_on_a_phone_fingers_choose_plan_and_change(site, phone):
    """A loop drawn by a finger chooses; nothing runs off the side; what is pressed is 44 pixels high."""
    visit = planner(phone, site, "k=real")
    visit.frame.locator('[data-tool="lasso"]').tap()
    box = visit.box()
    cdp = phone.context.new_cdp_session(phone)
    corners = [(4, 4), (box["width"] - 8, 4), (box["width"] - 8, box["height"] - 8), (4, 250)]
    for at, (x, y) in enumerate([*corners, corners[-1]]):
        points = [{"x": box["x"] + x, "y": box["y"] + y}]
        kind = "touchStart" if at == 0 else "touchMove"
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    with visit.redraw():
        cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert chosen(phone) >= 3
    step(phone, "规则")
    phone.get_by_label("最晚返回").first.wait_for()
    phone.get_by_label("最多几站").fill("3")
    press(phone, "采用规则并规划")
    assert 1 <= len(stops(phone)) <= 3
    phone.locator(".st-key-tour_stop_1 button").tap()
    wait_idle(phone)
    over = phone.evaluate(
        """() => { const main = document.querySelector('[data-testid="stMain"]');
        return Math.max(document.scrollingElement.scrollWidth - innerWidth,
          main.scrollWidth - main.clientWidth) }"""
    )
    assert over <= 0
    small = phone.locator(".st-key-tour_side button:visible").evaluate_all(
        """(nodes) => nodes.map((node) => [node.innerText, node.getBoundingClientRect().height])
          .filter(([words, height]) => words && height < 40)"""
    )
    assert small == []


def test_the_planner_is_the_first_page_of_a_fresh_server(make_server, page, guard, tmp_path):
    """A deep link to the planner works as the very first request, in English as well."""
    server = make_server(env={"GEO_STATE": str(tmp_path / "state")})
    visit = MapPage(page, server.url)
    open_page(page, f"{server.url}/tour?lang=en")
    visit.wait_drawn()
    expect(page.get_by_role("button", name="Plan the tour")).to_be_disabled()
    assert not page.locator('[data-testid="stException"]').count()
    assert "Traceback" not in server.log_text()
    assert guard.faults() == []


def test_the_public_edition_has_no_planner(make_server, page, tmp_path):
    """The public edition says that it has none, leads nowhere to it, and opens no tour by link."""
    env = {"GEO_STATE": str(tmp_path / "state"), "GEO_EDITION": "public", "GEO_EDITION_DRAFT": "1"}
    server = make_server(env=env)
    open_page(page, f"{server.url}/tour?tour=abcdefg")
    expect(page.locator('[data-testid="stMain"]')).to_contain_text("公开版不提供行程规划")
    assert page.locator(".st-key-tour_side, .st-key-map_box").count() == 0
    assert page.get_by_role("link", name="行程规划").count() == 0
