"""Every filter: what it selects, how it is shown and removed, and that the map keeps its frame."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.driving import wait_idle
from tests.browser.map_page import DATA, YI, MapPage, entries, projects, read_csv


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


ROWS = projects()
ALL = len(ROWS)


def _n(wanted) -> int:
    return sum(bool(wanted(row)) for row in ROWS)


def test_filters_keep_the_map_and_its_zoom(visit):
    """Through every filter the map's document stays the same one, at the same place and zoom."""
    visit.open()
    visit.move(300, 300)
    visit.page.mouse.wheel(0, -300)
    visit.frame.wait_for_function("() => map.getZoom() > 8.2 && !map._animatingZoom")
    visit.page.wait_for_timeout(300)
    frame, zoom = visit.frame, visit.zoom()
    frame.evaluate("() => { window.marker = 'still here' }")

    def same() -> None:
        assert frame.evaluate("() => window.marker") == "still here"
        assert visit.zoom() == zoom
        expect(visit.page.locator(".st-key-map_box iframe")).to_have_count(1)

    stories = (
        (lambda: visit.pill("kind", "真实").click(), lambda r: r["kind"] == "real"),
        (lambda: visit.pill("attribute", "续建").click(), lambda r: r["plan_attr"] == "resumed"),
        (lambda: visit.choose("industry", "农产品加工"), lambda r: r["industry"] == "food"),
        (lambda: visit.choose("stage", "在建"), lambda r: r["stage"] == "build"),
        (lambda: visit.choose("county", "东港市"), lambda r: r["county"] == "210681"),
        (lambda: visit.choose("park", "前阳经济开发区"), lambda r: r["park"] == "qianyang"),
        (
            lambda: visit.choose("list", "省重大工程项目"),
            lambda r: "provincial" in r["lists"].split(";"),
        ),
        (lambda: visit.type_in("不低于", "10"), lambda r: int(r["invest_wan"] or 0) >= 10 * YI),
        (
            lambda: visit.type_in("搜索", "示例"),
            lambda r: "示例" in r["name"] + r["owner"] + r["place"],
        ),
    )
    for press, wanted in stories:
        with visit.redraw():
            press()
        assert visit.count() == (_n(wanted), ALL)
        assert visit.legend_count() == f"{_n(wanted)} / {ALL}"
        assert len(visit.chips()) == 1, visit.chips()
        same()
        with visit.redraw():
            visit.page.locator(".st-key-chip_0 button:visible").click()
        assert visit.count() == (ALL, ALL)
        assert visit.chips() == []
        same()


def test_choices_of_a_facet_add_up_and_facets_narrow(visit):
    """Two counties are "or", county and stage are "and"; chips go one by one, then all."""
    visit.open()
    for press in (
        lambda: visit.choose("county", "凤城市"),
        lambda: visit.choose("county", "东港市"),
        lambda: visit.choose("stage", "竣工"),
    ):
        with visit.redraw():
            press()
    two = [r for r in ROWS if r["county"] in ("210681", "210682")]
    assert visit.count() == (sum(r["stage"] == "done" for r in two), ALL)
    assert sorted(visit.chips()) == sorted(["凤城市", "东港市", "竣工"])
    assert visit.page.get_by_role("heading", name="筛选（2）").is_visible()
    done = next(i for i, chip in enumerate(visit.chips()) if chip == "竣工")
    with visit.redraw():
        visit.page.locator(f".st-key-chip_{done} button:visible").click()
    assert visit.count() == (len(two), ALL)
    with visit.redraw():
        visit.page.locator(".st-key-chip_all button").click()
    assert visit.count() == (ALL, ALL)
    assert visit.chips() == []


def test_groups_select_their_members(visit):
    """A group of industries, a phase of stages and a zone select what belongs to them."""
    visit.open()
    industries = {i for i, e in entries("industries.toml").items() if e["group"] == "emerging"}
    with visit.redraw():
        visit.choose("industry", "▸ 六大新兴产业")
    assert visit.count()[0] == _n(lambda r: r["industry"] in industries)
    assert visit.query()["i"] == "g-emerging"
    visit.open(s="g-done")
    stages = {i for i, e in entries("stages.toml").items() if e["phase"] == "done"}
    assert visit.count()[0] == _n(lambda r: r["stage"] in stages)
    visit.open()
    subs = {p["id"] for p in read_csv("parks.csv") if "donggang" in (p["id"], p["parent"])}
    assert len(subs) > 5
    with visit.redraw():
        visit.choose("park", "东港经济开发区（")
    assert visit.count()[0] == _n(lambda r: r["park"] in subs)
    visit.open(p="donggang-incubator")
    assert visit.count()[0] == _n(lambda r: r["park"] == "donggang-incubator")


def test_each_choice_says_how_many_it_would_give(visit):
    """The number behind a choice counts its rows with all other facets kept."""
    visit.open(s="done")
    done = [r for r in ROWS if r["stage"] == "done"]
    said = visit.offered("county")
    for county in ("210681", "210682", "210624"):
        name = {"210681": "东港市", "210682": "凤城市", "210624": "宽甸满族自治县"}[county]
        assert f"{name}（{sum(r['county'] == county for r in done)}）" in said
    said = visit.offered("stage")
    assert f"在建（{_n(lambda r: r['stage'] == 'build')}）" in said
    real = sum(r["kind"] == "real" for r in done)
    assert visit.pill("kind", "真实").inner_text() == f"真实（{real}）"


def test_the_investment_range_is_inclusive(visit):
    """Bounds typed in 亿元 keep the projects from one to the other; unknown sums are outside."""
    visit.open()
    with visit.redraw():
        visit.type_in("不低于", "1.2")
    with visit.redraw():
        visit.type_in("不高于", "2")
    wanted = _n(lambda r: r["invest_wan"] and 12_000 <= int(r["invest_wan"]) <= 20_000)
    assert visit.count() == (wanted, ALL)
    assert any(r["invest_wan"] == "12000" for r in ROWS)
    assert visit.query()["v"] == "12000-20000"
    assert visit.chips() == ["总投资 1.2–2 亿元"]


@pytest.mark.parametrize("words", ["孔雀", "kongque", "kq"])
def test_search_finds_by_characters_pinyin_and_initials(visit, words):
    """孔雀, kongque and kq each bring the same watchmaker's project."""
    visit.open()
    with visit.redraw():
        visit.type_in("搜索", words)
    shown = [visit.grid_cell(row, 0) for row in range(min(visit.grid_rows(), 9))]
    assert "机械机芯智能研发项目（孔雀表业）" in shown
    assert visit.chips() == [f"搜索“{words}”"]
    assert visit.count()[0] < 10


def test_one_switch_hides_the_samples(visit):
    """The banner says how many samples are shown; its button hides them, and brings them back."""
    visit.open()
    samples = _n(lambda r: r["kind"] == "sample")
    banner = visit.page.locator(".st-key-banner")
    expect(banner).to_contain_text(f"{ALL} 个项目中有 {samples} 个示例")
    with visit.redraw():
        banner.get_by_role("button", name="隐藏示例").click()
    assert visit.count() == (ALL - samples, ALL)
    expect(banner).to_contain_text("示例项目已隐藏")
    with visit.redraw():
        banner.get_by_role("button", name="显示示例").click()
    assert visit.count() == (ALL, ALL)


def test_a_click_on_a_county_and_on_a_park_filters_by_it(visit):
    """Where no project lies, a press on the map chooses the county; on a park's mark, the park."""
    visit.open(s="full", k="real")  # no such project: nothing lies in the way
    features = json.loads((DATA / "counties.geojson").read_text("utf-8"))["features"]
    counties = [feature["properties"] for feature in features]
    fengcheng = next(c for c in counties if c["code"] == "210682")
    x, y = visit.point_at(fengcheng["label_lon"], fengcheng["label_lat"] + 0.12)
    with visit.redraw():
        visit.click(x, y)
    assert visit.query()["c"] == "210682"
    assert "凤城市" in visit.chips()
    with visit.redraw():
        visit.click(x, y)  # the same county again lets go
    assert "c" not in visit.query()
    park = next(p for p in read_csv("parks.csv") if p["id"] == "kuandian-south")
    with visit.redraw():
        visit.click(*visit.point_at(float(park["lon"]), float(park["lat"])))
    assert visit.query()["p"] == "kuandian-south"


def test_pan_and_zoom_run_nothing_but_the_address_follows(visit):
    """Dragging and wheeling send the server nothing; the address holds the new position."""
    visit.open()
    sent = len(visit.sent)
    assert sent > 0  # the count counts
    box = visit.box()
    visit.page.mouse.move(box["x"] + 300, box["y"] + 300)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + 380, box["y"] + 340, steps=6)
    visit.page.mouse.up()
    visit.page.mouse.wheel(0, -400)
    visit.frame.wait_for_function("() => map.getZoom() > 8 && !map._animatingZoom")
    visit.page.wait_for_function("() => location.search.includes('at=')")
    visit.page.wait_for_timeout(600)
    lon, lat, zoom = (float(v) for v in visit.query()["at"].split(","))
    centre = visit.frame.evaluate("() => [map.getCenter().lng, map.getCenter().lat, map.getZoom()]")
    assert (lon, lat, zoom) == pytest.approx(centre, abs=0.01)
    assert len(visit.sent) == sent
    with visit.redraw():
        visit.choose("county", "凤城市")
    assert len(visit.sent) == sent + 1
    wait_idle(visit.page)
    visit.page.wait_for_function("() => location.search.includes('at=')")
