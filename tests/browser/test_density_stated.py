"""The page about density with output, tax, people and firms: marked, dated, and refused for cells."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Page, expect

from tests.browser.driving import SECONDS, open_page, wait_idle
from tests.browser.server import Server


def visit(page: Page, server: Server, **query: str) -> None:
    """Open the page with a question."""
    open_page(page, f"{server.url}/density?{urlencode(query)}", seconds=2 * SECONDS)


def test_an_address_shows_stated_figures_with_their_year_and_mark(page, server):
    """Output per 10,000 people says its year and unit, how many are samples, and shows a table."""
    visit(page, server, measure="output", per="population", year="2021")
    main = page.locator("[data-testid=stMain]")
    expect(main).to_contain_text("规上工业产值密度（按区县，万元/万人），2021 年")
    expect(main).to_contain_text("有数字的 6 处，其中示例 6 处")
    expect(page.locator("[data-testid=stDataFrameResizable]").first).to_be_attached()


def test_measure_and_denominator_are_chosen_on_the_page(page, server):
    """Choosing tax and firms writes both into the address, and the title follows."""
    visit(page, server, by="park")
    for key, words in (("measure", "税收"), ("per", "每家企业")):
        field = page.locator(f".st-key-density_{key} input").first
        field.click()
        page.get_by_role("option", name=words).first.click()
        wait_idle(page)
    query = parse_qs(urlsplit(page.url).query)
    assert (query["measure"], query["per"]) == (["tax"], ["firms"])
    expect(page.locator("[data-testid=stMain]")).to_contain_text(
        "税收密度（按园区，万元/家），最近一年"
    )


def test_what_has_no_figures_is_offered_with_its_reason(page, server):
    """Parks have no population: the choice says so, and chosen it gives reasons, no zero."""
    visit(page, server, by="park", measure="output")
    page.locator(".st-key-density_per input").first.click()
    option = page.get_by_role("option", name="每万人")
    expect(option).to_contain_text("没有数字")
    option.click()
    wait_idle(page)
    expect(page.locator("[data-testid=stMain]")).to_contain_text("没有可以计算的密度")


def test_cells_go_back_to_projects(page, server):
    """Of hexagons nothing is stated: changing to them asks of projects again."""
    visit(page, server, measure="jobs", per="firms")
    page.get_by_role("radio", name="六边形").or_(
        page.get_by_text("六边形", exact=True)
    ).first.click()
    expect(page).to_have_url(re.compile("by=h3"))
    query = parse_qs(urlsplit(page.url).query)
    assert "measure" not in query
    assert "per" not in query
