"""The page about density: map, chart and table say one thing, and comparisons can be trusted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from geo.compare import classes
from tests.browser.density_page import ACCENT, SECONDS, DensityPage, read_names
from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import YI, near, projects, shoot, total, until

COUNTIES = {county["name"]: county["code"] for county in read_names()}
EAST, WEST = "210624", "210681"


def overflow(page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return page.evaluate(
        """() => { const main = document.querySelector('[data-testid="stMain"]');
        return Math.max(document.scrollingElement.scrollWidth - innerWidth,
          main.scrollWidth - main.clientWidth) }"""
    )


def has_blue(page, inside: str) -> bool:
    """Tell whether a chart shows the colour of what stands out."""
    picture = shoot(page.locator(inside).first)
    return any(near(colour, ACCENT, 12) for colour in set(picture.get_flattened_data()))


def test_another_measure_or_unit_changes_all_words_together(server, page):
    """Measure and unit change title, legend, table and classes at once, and the numbers agree."""
    visit = DensityPage(page, server.url).open()
    assert visit.title() == "总投资密度（按区县，亿元/km²）"
    assert visit.legend_title() == "总投资 · 亿元/km²"
    per_km2 = [float(value) for value in visit.cells("亿元/km²")]
    assert len(per_km2) == len(COUNTIES)
    visit.choose("per", "每亩")
    until(page, lambda: visit.legend_title() == "总投资 · 万元/亩", SECONDS)
    assert visit.title() == "总投资密度（按区县，万元/亩）"
    per_mu = [float(value) for value in visit.cells("万元/亩")]
    assert per_mu == pytest.approx([value * 10_000 / 1500 for value in per_km2])
    visit.choose("measure", "项目数")
    until(page, lambda: visit.legend_title() == "项目数 · 个/亩", SECONDS)
    assert visit.title() == "项目数密度（按区县，个/亩）"
    until(page, lambda: "个/亩" in visit.chart_words("density_bars"), SECONDS)
    assert visit.query() == {"measure": "projects", "per": "mu"}
    counted = sum(int(value) for value in visit.cells("项目数"))
    assert counted == sum(bool(row["county"]) or bool(row["park"]) for row in projects())


def test_a_county_pressed_on_the_map_stands_out_everywhere(server, page):
    """It is the chosen row, has the blue outline in the chart, and its rows add up to its figure."""
    visit = DensityPage(page, server.url).open(k="real")
    assert not has_blue(page, '[class*="st-key-density_bars"]')
    visit.click_county(WEST)
    visit.place(WEST)
    name = next(name for name, code in COUNTIES.items() if code == WEST)
    until(page, lambda: visit.chosen_row() == name, SECONDS)
    assert has_blue(page, '[class*="st-key-density_bars"]')
    expect(visit.behind()).to_contain_text(name)
    own = [row for row in projects() if row["kind"] == "real" and row["county"] == WEST]
    amounts = visit.cells("总投资（万元）", "density_behind")
    assert len(amounts) == len(own)
    rows = sum(int(float(text.replace(",", ""))) for text in amounts if text.strip())
    assert rows == total(own, "invest_wan")
    at = visit.cells("地方").index(name)
    assert float(visit.cells("总投资（亿元）")[at]) == pytest.approx(rows / YI)
    visit.click_county(WEST)  # the same one again lets it go
    visit.place("")
    expect(visit.behind()).to_have_count(0)


def test_a_bar_pressed_does_the_same_also_twice(server, page):
    """A bar lets its place stand out; the same bar again lets it go, and again brings it back."""
    visit = DensityPage(page, server.url).open()
    names = visit.cells("地方")
    for expected in (COUNTIES[names[0]], "", COUNTIES[names[0]]):
        visit.click_bar(0)
        visit.place(expected)
    until(page, lambda: visit.chosen_row() == names[0], SECONDS)
    visit.click_bar(1)
    visit.place(COUNTIES[names[1]])
    expect(visit.behind()).to_contain_text(names[1])


@pytest.mark.parametrize(
    ("scheme", "words"), [("quantile", "分位数"), ("equal", "等距"), ("log", "对数")]
)
def test_a_class_scheme_has_the_bounds_that_it_computes(server, page, scheme, words):
    """The legend's bounds are those of the scheme over the table's values, to its three digits."""
    visit = DensityPage(page, server.url).open(n="3")
    visit.choose("scheme", words)
    until(page, lambda: words in visit.frame().locator(".gm-keys").inner_text(), SECONDS)
    values = [float(value) for value in visit.cells("亿元/km²")]
    bounds = classes.breaks(values, scheme=scheme, k=3)
    assert visit.upper_bounds() == pytest.approx(bounds, rel=0.006)
    assert visit.query()["classes"] == scheme


def test_an_address_opens_the_same_elsewhere(server, page, new_page):
    """Question, part and what stands out are in the address, and open the same in another browser."""
    visit = DensityPage(page, server.url).open()
    visit.by("园区")
    visit.choose("measure", "累计完成投资")
    visit.choose("k", "4")
    other = DensityPage(new_page(), server.url)
    open_page(other.page, page.url)
    other.wait_drawn()
    for read in (DensityPage.title, DensityPage.legend, DensityPage.query):
        assert read(other) == read(visit)
    assert other.cells("地方") == visit.cells("地方")


def test_a_hostile_address_is_named_and_not_obeyed(server, page):
    """What cannot be meant is dropped and named, nothing of it becomes an element."""
    evil = '"><img src=x onerror=alert(1)>'
    visit = DensityPage(page, server.url).open(
        by=evil, measure="__class__", n="99", part="../x", place=evil, twin="by=park", whatif=evil
    )
    warning = page.get_by_role("alert").filter(has_text="链接")
    for key in ("by", "measure", "n", "part", "place", "twin", "whatif"):
        expect(warning).to_contain_text(key)
    assert visit.title() == "总投资密度（按区县，亿元/km²）"
    assert page.locator('img[src="x"], [onerror]').count() == 0
    assert visit.query() == {}


def test_an_earlier_year_counts_less(server, page):
    """One step back on the slider is in title and address; no place has more than without a year."""
    visit = DensityPage(page, server.url).open()
    before = dict(zip(visit.cells("地方"), visit.cells("项目数"), strict=True))
    page.locator(".st-key-density_year input").first.focus()
    page.keyboard.press("ArrowLeft")
    until(page, lambda: "year" in visit.query(), SECONDS)
    wait_idle(page)
    assert f"截至 {visit.query()['year']} 年底" in visit.title()
    after = dict(zip(visit.cells("地方"), visit.cells("项目数"), strict=True))
    assert all(int(after[name]) <= int(before[name]) for name in before)
    assert sum(map(int, after.values())) < sum(map(int, before.values()))


def test_hexagons_and_the_surface_are_drawn(server, page):
    """Cells can be pressed and open their rows; the surface says its radius and what lies outside."""
    visit = DensityPage(page, server.url).open(by="h3", res="6")
    cell = visit.frame().evaluate(
        """() => { const shade = GeoMap.app.state.shade, f = shade.features[0];
          const [w, s, e, n] = f.box;
          const at = L.CRS.EPSG3857.pointToLatLng(L.point((w + e) / 2, (s + n) / 2), 0);
          map.setView(at, 10, {animate: false});
          return [f.id, at.lng, at.lat] }"""
    )
    box = visit.map_box().bounding_box()
    x, y = visit.frame().evaluate(
        "([, lon, lat]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y] }",
        cell,
    )
    page.mouse.click(box["x"] + 1 + x, box["y"] + 1 + y)
    visit.place(cell[0])
    expect(visit.behind()).to_be_visible()
    visit.by("密度面")
    until(page, lambda: "核半径" in visit.frame().locator(".gm-keys").inner_text(), SECONDS)
    assert "place" not in visit.query()
    expect(page.get_by_text("平滑的密度面是估算")).to_be_visible()


def test_ranks_have_bands_and_say_which_are_certain(server, page):
    """Each rank lies in its band, the sentence names the band's ends, and a rank opens its rows."""
    visit = DensityPage(page, server.url).open(maps=0, part="rank")
    expect(page.get_by_text("个名次").first).to_be_visible()
    key = "density_ranks"
    ranks = [int(text) for text in visit.cells("名次", key)]
    assert sorted(ranks) == ranks == list(range(1, len(COUNTIES) + 1))
    for rank, band, said in zip(
        ranks, visit.cells("可能的名次", key), visit.cells("有多确定", key), strict=True
    ):
        low, high = (int(end) for end in (band.split("–") * 2)[:2])
        assert low <= rank <= high
        wanted = "怎样检验都不变" if low == high else f"可能是第 {low} 至 {high} 名"
        assert said == f"第 {rank} 名，{wanted}"
    assert {"换面积来源", "去掉任一项目", "重新抽样"} <= set(visit.headings(key))
    expect(page.get_by_text(re.compile("名次随看法而变|名次完全一致"))).to_be_visible()
    first = COUNTIES[visit.cells("地方", key)[0]]
    visit.mark("density_bands", "symbol").click()
    visit.place(first)
    until(page, lambda: visit.chosen_row(key) != "", SECONDS)
    expect(visit.behind()).to_be_visible()


@pytest.mark.parametrize("part", ["rank", "side"])
def test_a_part_that_needs_names_says_so_and_switches(server, page, part):
    """With hexagons the part says what it needs, and one press gives it."""
    visit = DensityPage(page, server.url).open(maps=0, part=part, by="h3")
    expect(page.get_by_text("比较的是有名称的地方")).to_be_visible()
    page.get_by_role("button", name="改为按园区统计").click()
    wait_idle(page)
    assert visit.query() == {"by": "park", "part": part}
    expect(page.get_by_text("比较的是有名称的地方")).to_have_count(0)


def test_places_side_by_side_share_classes_and_columns(server, page):
    """The densest come in with one press; one more is refused, one less leaves the others."""
    visit = DensityPage(page, server.url).open(maps=0, part="side")
    expect(page.get_by_text("选出要比较的地方")).to_be_visible()
    page.locator(".st-key-density_side_densest button").click()
    wait_idle(page)
    chosen = visit.query()["with"].split(",")
    assert len(chosen) == 4
    cards = page.locator(".side-cards section")
    expect(cards).to_have_count(4)
    expect(cards.locator("img")).to_have_count(4)
    names = cards.locator("h4").all_inner_texts()
    assert [COUNTIES[name] for name in names] == chosen
    assert page.locator(".side-table thead th").all_inner_texts() == names
    own = [row for row in projects() if row["county"] == chosen[0]]
    row = page.locator(".side-table tr").filter(has=page.get_by_text("项目数", exact=True))
    assert row.locator("td").first.inner_text() == f"{len(own)} 个"
    assert page.locator(".side-keys").first.locator("li").count() == 5
    with page.expect_download() as waiting:
        page.locator(".st-key-density_xlsx_side button").click()
    assert waiting.value.path().read_bytes()[:2] == b"PK"
    page.locator(".st-key-density_side").get_by_role("button").first.click()
    wait_idle(page)
    until(page, lambda: len(visit.query().get("with", "").split(",")) == 3, SECONDS)


def test_parks_on_several_kinds_of_area_are_warned_of(server, page):
    """Two parks whose stated areas are of different kinds come with a warning that names them."""
    DensityPage(page, server.url).open(maps=0, part="side", by="park", **{"with": "bec,kuandian"})
    expect(page.get_by_role("alert").filter(has_text="面积口径不同")).to_contain_text("已开发面积")


def test_twin_maps_move_together_and_share_their_legend(server, page):
    """Dragging one map moves the other once, without an answer; classes are equal, the unit too."""
    visit = DensityPage(page, server.url).open(maps=2, part="twin")
    assert visit.legend(0) == visit.legend(1)
    assert visit.legend_title(0) == visit.legend_title(1)
    for nth in (0, 1):
        visit.frame(nth).evaluate(
            """() => { window.sent = 0; const post = BroadcastChannel.prototype.postMessage;
              BroadcastChannel.prototype.postMessage = function (m) { sent++; post.call(this, m) } }"""
        )
    box = visit.map_box("_a").bounding_box()
    before = visit.centre(1)
    page.mouse.move(box["x"] + 250, box["y"] + 250)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 220, steps=6)
    page.mouse.up()
    until(page, lambda: abs(visit.centre(1)[0] - before[0]) > 0.1, SECONDS)
    page.wait_for_timeout(300)  # an answer would come now
    assert visit.centre(0) == pytest.approx(visit.centre(1), abs=0.01)
    assert visit.frame(0).evaluate("() => sent") > 0
    assert visit.frame(1).evaluate("() => sent") == 0
    page.mouse.wheel(0, -200)
    until(page, lambda: visit.centre(1)[2] == visit.centre(0)[2] > before[2], SECONDS)


def test_twin_maps_differ_in_what_is_chosen(server, page):
    """The second map takes the other area; a county pressed on it stands out on both, with its rows."""
    visit = DensityPage(page, server.url).open(maps=2, part="twin")
    visit.choose("twin", "面积：高德边界")
    until(page, lambda: visit.query().get("twin") == "area=amap", SECONDS)
    expect(page.get_by_text("左图：天地图边界").first).to_be_visible()
    expect(page.get_by_text("右图：高德边界").first).to_be_visible()
    until(page, lambda: visit.legend(0) == visit.legend(1), SECONDS)
    visit.click_county(EAST, side="_b", nth=1)
    visit.place(EAST)
    for side in ("_a", "_b"):
        expect(visit.behind(f"density_twin{side}")).to_be_visible()
    changes = [abs(float(text)) for text in visit.cells("左 − 右", "density_changes")]
    assert changes == sorted(changes, reverse=True)
    visit.choose(
        "measure", "项目数"
    )  # another sum of money is no twin of a count, the area still is
    assert visit.query()["twin"] == "area=amap"


@pytest.mark.parametrize(("part", "maps"), [("side", 0), ("twin", 2)])
def test_a_phone_compares_without_sideways_scroll(server, phone, part, maps):
    """Places beside each other stay within 390 pixels, in the language with the longer words."""
    query = {"part": part, "with": f"{WEST},{EAST}"}
    DensityPage(phone, server.url).open(maps=maps, lang="en", **query)
    assert overflow(phone) <= 0


def test_the_page_is_spoken_in_english(server, page):
    """No Chinese words of the page itself are left in its parts in English."""
    visit = DensityPage(page, server.url).open(maps=0, lang="en", part="rank")
    assert visit.title().startswith("How sure are the ranks")
    assert "Rank 1" in visit.cells("How sure", "density_ranks")[0]
    expect(page.locator(".st-key-density_rank_words")).not_to_contain_text(
        re.compile(r"[\u3400-\u9fff]")
    )
