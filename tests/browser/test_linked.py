"""Table, map and card: whatever is pressed, the three show the same project."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving import wait_idle
from tests.browser.map_page import MapPage, colours, entries, money, near, projects

ROWS = projects()
HALO = "#0b57d0"


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


def _ring(visit: MapPage, place) -> int:
    half = place.r + 12
    box = (place.x - half, place.y - half, place.x + half, place.y + half)
    image = visit.picture().crop(tuple(round(v) for v in box))
    return sum(n for c, n in colours(image).items() if near(c, HALO, 25))


def test_a_row_of_the_list_opens_its_project_on_the_map(visit):
    """A press on a name in the list opens the card and rings the project on the map."""
    visit.open(c="210682", k="sample")
    name = visit.grid_cell(1, 0)
    with visit.redraw():
        visit.click_row(1)
    row = next(i for i, r in enumerate(ROWS) if r["name"] == name)
    assert visit.card_name() == name
    assert visit.query()["id"] == ROWS[row]["id"]
    visit.page.mouse.move(5, 5)
    place = visit.place_of(row)
    spot = visit.fan().get(row)
    assert place.rows == (row,) or spot
    if not spot:
        assert _ring(visit, place) > 60
    with visit.redraw():
        visit.page.get_by_role("button", name="返回列表").click()
    assert "id" not in visit.query()
    assert visit.grid_rows() == visit.count()[0]


def test_a_project_on_the_map_opens_its_card(visit):
    """A press on a symbol opens the card and rings the symbol; a press beside it closes the card."""
    visit.open(at="124.2,40.45,9.5", k="sample")
    place = max((p for p in visit.places() if len(p.rows) == 1), key=lambda p: p.r)
    with visit.redraw():
        visit.click(place.x, place.y)
    row = ROWS[place.rows[0]]
    assert visit.card_name() == row["name"]
    assert visit.query()["id"] == row["id"]
    visit.page.mouse.move(5, 5)
    assert _ring(visit, visit.place_of(place.rows[0])) > 60
    with visit.redraw():
        visit.page.locator(".st-key-card_back button").click()
    expect(visit.card()).to_be_hidden()


def test_the_table_shows_the_open_project_as_chosen(visit):
    """In the table's own view the row of the open project is the chosen one, and a row opens its card."""
    visit.open(m="table", id="s310", c="210682")
    chosen = visit.grid().locator('[role=row][aria-selected="true"]')
    expect(chosen).to_have_count(1)
    expect(chosen).to_contain_text(ROWS[36 + 309]["name"])
    for row in (0, 2):
        name = visit.grid_cell(row, 1)
        with visit.rerun():
            visit.click_row(row)
            expect(visit.page.locator(".card-name")).to_have_text(name)
        expect(chosen).to_contain_text(name)


def test_the_card_says_all_that_is_known_and_nothing_else(visit):
    """Stage in plain words, sums, place with its precision, source and link; no empty row."""
    visit.open(id="r01")
    row, facts = ROWS[0], visit.facts()
    stage = entries("stages.toml")[row["stage"]]
    assert all(facts.values())
    assert visit.card_name() == row["name"]
    now = visit.page.locator('.card-ladder [aria-current="step"]')
    expect(now).to_have_text(stage["zh"])
    expect(visit.page.locator(".card-ladder li.reached")).to_have_count(6)
    expect(visit.page.locator(".card-plain")).to_contain_text(stage["plain"]["zh"])
    assert facts["总投资"] == money(int(row["invest_wan"]))
    assert facts["建设单位"] == row["owner"]
    assert facts["建设地点"] == row["place"]
    assert facts["位置精度"] == "仅知所在园区"
    assert facts["最后更新"] == row["updated"]
    assert row["source"] in facts["来源"]
    link = visit.page.get_by_role("link", name="打开来源")
    assert link.get_attribute("href") == row["source_url"]
    assert link.get_attribute("target") == "_blank"
    assert "年度计划" not in facts
    assert "包保领导" not in facts
    visit.open(id="s001")
    expect(visit.card()).to_contain_text("示例项目 · 随机生成，并非真实")
    assert visit.facts()["建设单位"] == ROWS[36]["owner"]
    visit.open(id="r04")
    expect(visit.page.locator(".card-plain")).to_have_text("来源未说明阶段")
    expect(visit.page.locator(".card-ladder")).to_have_count(0)
    assert all(visit.facts().values())


def test_what_is_not_on_the_map_is_counted_and_listed(visit):
    """ "未落图" counts the projects without a place and opens their list, the linear ones among them."""
    visit.open(k="real")
    missing = [r for r in ROWS if r["kind"] == "real" and r["precision"] in ("line", "none", "")]
    button = visit.page.locator(".st-key-unmapped button")
    expect(button).to_contain_text(f"未落图：{len(missing)} 个")
    button.click()
    expect(visit.page.get_by_role("dialog")).to_contain_text("线性工程走向未公开")
    wait_idle(visit.page)
    assert visit.grid_rows("[role=dialog]") == len(missing)
    listed = visit.grid("[role=dialog]").text_content()
    assert "本溪至庄河高速公路（本庄高速）" in listed
