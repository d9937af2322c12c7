"""How places compare, as a visitor sees it: quotients, concentration, misfits, nearness, what-if."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from geo import layers
from geo.compare import concentration, misfits, quotients, scenario
from geo.density import land, places
from tests.browser.driving import SECONDS, map_frame, open_page, wait_idle
from tests.browser.server import Server
from ui.density import asked

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="module")
def atlas():
    """Return the shipped city, computed without the app."""
    return layers.load(DATA)


def visit(page: Page, server: Server, **query: str) -> None:
    """Open a part of the page."""
    open_page(page, f"{server.url}/density?{urlencode(query)}", seconds=2 * SECONDS)


def every(atlas) -> np.ndarray:
    return np.ones(len(atlas.projects), dtype=bool)


def test_a_cell_of_the_matrix_opens_its_four_numbers(page, server, atlas):
    """A cell's address opens its four numbers and as many rows as the first of them says."""
    found = quotients.quotients(atlas, every(atlas), measure="projects")
    cell = max(found.cells, key=lambda c: c.here)
    visit(
        page,
        server,
        part="quotients",
        measure="projects",
        cell=f"{cell.park_id}.{cell.industry_id}",
    )
    box = page.locator(".st-key-density_cell")
    for number in (cell.here, cell.park, cell.industry, cell.all):
        expect(box).to_contain_text(f"{number} 个")
    assert cell.value is not None
    expect(box).to_contain_text(f"{float(cell.value):.3g}")


def test_a_click_on_the_matrix_opens_a_cell(page, server):
    """A click on a cell writes it into the address and opens it; a click again closes it."""
    visit(page, server, part="quotients", measure="projects")
    cell = page.locator(".st-key-density_matrix svg.marks .mark-rect path").last
    cell.click(timeout=SECONDS * 1000, force=True)  # the number lies above the cell
    expect(page.locator(".st-key-density_cell")).to_be_visible()
    assert re.fullmatch(r"[\w-]+\.[\w-]+", parse_qs(urlsplit(page.url).query)["cell"][0])


def test_concentration_says_what_the_domain_computes(page, server, atlas):
    """Gini, Herfindahl and the share in parks on the page are those computed without it."""
    visit(page, server, part="spread", by="county", measure="projects")
    found = places.by_county(atlas, every(atlas), measure="projects")
    amounts = [f.amount.total for f in found.top]
    gini = concentration.gini(amounts, [f.area.km2 or Fraction(0) for f in found.top])
    body = page.locator("[data-testid=stMain]")
    expect(body).to_contain_text(f"基尼系数 {float(gini):.3g}")
    expect(body).to_contain_text(f"赫芬达尔指数 {float(concentration.herfindahl(amounts)):.3g}")
    share = concentration.share_in_parks(atlas, every(atlas))
    expect(body).to_contain_text(
        f"{len(share.counted)} 个工业项目中有 {len(share.inside)} 个在园区"
    )
    expect(body).to_contain_text(f"在园区：{len(share.inside)} 个")


def test_the_map_of_misfits_shows_exactly_those(page, server, atlas):
    """As many projects are drawn as are counted as misfits and have a place."""
    visit(page, server, part="fits")
    rows = np.concatenate([fit.misfits for fit in misfits.misfits(atlas, every(atlas))])
    expect(page.locator("[data-testid=stMain]")).to_contain_text(f"{len(rows)} 个项目的产业不在")
    frame = map_frame(page)
    frame.wait_for_function("() => window.GeoMap && GeoMap.app && GeoMap.app.drawn")
    drawn = frame.evaluate("() => Array.from(GeoMap.app.points.rows).sort((a, b) => a - b)")
    mapped = atlas.projects["mapped"].to_numpy(dtype=bool)
    assert drawn == sorted(int(row) for row in rows if mapped[row])


def test_nearness_says_index_and_pattern_with_its_caveat(page, server):
    """The index comes with a plain sentence and its caveat, Moran's I with a map of where."""
    visit(page, server, part="near", by="county", measure="projects")
    body = page.locator("[data-testid=stMain]")
    expect(body).to_contain_text(re.compile(r"R = 0\.\d+"))
    expect(body).to_contain_text("不宜单独解读")
    expect(body).to_contain_text(re.compile(r"I = -?\d\.\d{3}"), timeout=4 * SECONDS * 1000)
    expect(body).to_contain_text("结论不稳")
    frame = map_frame(page)
    expect(frame.locator(".gm-legend")).to_contain_text("局部莫兰指数")
    visit(page, server, part="near", by="park")
    expect(body).to_contain_text("请按区县或六边形统计")


def test_published_metrics_come_first_with_basis_and_source(page, server):
    """Output per km² of all parks is said from 2019 to 2021 in both units; another metric by address."""
    visit(page, server, part="trend")
    body = page.locator("[data-testid=stMain]")
    for said in ("3.06 亿元/km²", "4.5 亿元/km²", "30 万元/亩", "面积口径未说明", "辽宁日报"):
        expect(body).to_contain_text(said)
    visit(page, server, part="trend", by="park", metric="output")
    expect(body).to_contain_text("规上工业产值：历年数值")
    dots = page.locator(".vega-embed svg.marks .mark-symbol path")
    expect(dots.first).to_be_visible(timeout=SECONDS * 1000)
    dots.last.click(force=True)
    wait_idle(page)
    assert "place=" in page.url


def test_a_scenario_is_made_followed_shared_and_undone(page, server, atlas, new_page):
    """Cancelling a project lowers its place, every part follows, the link carries it, restore is exact."""
    known = atlas.projects[atlas.projects["invest_wan"].notna() & atlas.projects["county"].notna()]
    project = known.loc[known["invest_wan"].astype(int).idxmax()]
    visit(page, server, part="whatif", by="county")
    page.locator("[data-testid=stSelectbox] input").last.fill(str(project["id"]))
    page.get_by_role("option").filter(has_text=f"· {project['id']}").first.click()
    page.locator(".st-key-whatif_take button").click()
    expect(page.locator(".st-key-earlier")).to_contain_text("假设方案（1 处改动）")
    expect(page.locator(".st-key-whatif_effect")).to_be_visible()
    link = page.locator("[data-testid=stCode]").inner_text().strip()
    assert parse_qs(urlsplit(link).query)["whatif"] == [f"cancel:{project['id']}"]

    other = new_page()
    scratch = scenario.applied(atlas, scenario.read(f"cancel:{project['id']}"))
    open_page(other, link.replace("part=whatif", "part=overview"), seconds=2 * SECONDS)
    after = places.by_county(scratch, every(scratch), measure="invest")
    total = float(after.whole.total) / 10_000
    expect(other.locator("[data-testid=stMain]")).to_contain_text(f"合计 {total:,.0f} 亿元")

    page.locator(".st-key-density_restore button").click()
    expect(page.locator(".st-key-earlier")).to_have_count(0)
    wait_idle(page)
    assert "whatif=" not in page.url


def test_an_added_project_takes_its_land_from_the_park(page, server, atlas):
    """1500 亩 added to a park take 1 km² of what remains: before and after are those of the domain."""
    parks = {one.place: one for one in land.by_park(atlas, every(atlas)).figures}
    park = max(
        (one for one in parks.values() if one.rows.size), key=lambda one: one.remaining_km2 or 0
    )
    name = atlas.parks.set_index("id").at[park.place, "name"]
    visit(page, server, part="whatif", by="park")
    page.get_by_role("radio", name="增加").click()
    page.get_by_label("名称", exact=True).fill("示例新厂")
    page.locator(".st-key-whatif_park input").fill(name)
    page.get_by_role("option").filter(has_text=name).first.click()
    page.locator(".st-key-whatif_mu input").fill("1500")
    page.locator(".st-key-whatif_mu input").press("Enter")
    page.locator(".st-key-whatif_take button").click()
    expect(page.locator(".st-key-earlier")).to_contain_text("假设方案（1 处改动）")
    assert "land_m2=1000000" in page.locator("[data-testid=stCode]").inner_text().replace(
        "%3D", "="
    )
    shown = page.locator(".st-key-whatif_land")
    for left in (park.remaining_km2, park.remaining_km2 - 1):
        expect(
            shown.locator("[role=gridcell]").filter(has_text=f"至多 {float(left):.3g} km²")
        ).to_have_count(1)


def test_a_scenario_that_cannot_be_made_is_told(page, server):
    """A link with an unknown project shows the real city and says why the scenario was not taken."""
    visit(page, server, part="whatif", whatif="cancel:nobody")
    expect(page.locator("[data-testid=stMain]")).to_contain_text("假设方案没有采用")
    expect(page.locator(".st-key-earlier")).to_have_count(0)


def test_an_incomplete_change_is_told_and_not_taken(page, server):
    """A change without a project asks for it; the scenario stays empty."""
    visit(page, server, part="whatif")
    page.locator(".st-key-whatif_take button").click()
    expect(page.locator("[data-testid=stMain]")).to_contain_text("请把项目、园区等填全")
    assert "whatif=" not in page.url.replace("part=whatif", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_sees_every_part_without_moving_sideways(phone, server, lang):
    """No part is wider than a phone, in either language."""
    visit(phone, server, lang=lang)
    parts = phone.locator(".st-key-density_part button")
    wide = {}
    for nth in range(parts.count()):
        parts.nth(nth).click()
        expect(parts.nth(nth)).to_be_checked()
        wait_idle(phone)
        width = phone.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
        wide[parts.nth(nth).inner_text()] = width
        open_ = parts.nth(nth).bounding_box()
        assert open_ is not None
        assert 0 <= open_["x"] <= open_["x"] + open_["width"] <= 390  # it is seen which is open
    assert len(wide) == len(asked.PARTS)
    assert {part: width for part, width in wide.items() if width > 390} == {}


def test_a_question_without_an_answer_keeps_the_controls(page, server):
    """Where a question has no answer, the page says why, and filters and controls are still there."""
    visit(page, server, by="surface", q="没有这个项目")
    body = page.locator("[data-testid=stMain]")
    expect(body).to_contain_text("无法计算密度面")
    expect(page.locator(".st-key-density_by")).to_be_visible()
    page.locator(".st-key-density_by button").first.click()
    expect(page.locator(".st-key-density_map_box")).to_be_visible()


def test_a_hostile_scenario_is_told_as_text_and_dropped(page, server):
    """Markdown and wrong amounts in a scenario's address are named, never drawn, and go away."""
    for hostile in ("cancel:![x](//evil.example/x.png)", "add:x:park=zz,invest_wan=abc"):
        visit(page, server, part="whatif", whatif=hostile)
        expect(page.locator("[data-testid=stMain]")).to_contain_text("假设方案没有采用")
        expect(page.locator("[data-testid=stMain] img")).to_have_count(0)
        expect(page.locator(".st-key-density_ask")).to_be_visible()
