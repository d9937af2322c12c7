"""Chinese and English: the switch keeps the view, and each page speaks one language throughout."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import CHINESE, MapPage

# Every word a person reads or hears: text that is drawn, and the attributes that speak.
_WORDS = """
() => {
  const words = [], data = '[role=grid], .card-name, .card-facts dd, .about-table td, .about-table tbody th';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const host = node.parentElement;
    if (host.closest(data + ', style, script, noscript') || !host.getClientRects().length) continue;
    if (node.data.trim()) words.push(node.data.trim());
  }
  for (const node of document.querySelectorAll('[placeholder], [title], [aria-label], [alt]')) {
    if (node.closest(data) || !node.getClientRects().length) continue;
    for (const name of ['placeholder', 'title', 'aria-label', 'alt'])
      if (node.getAttribute(name)) words.push(node.getAttribute(name));
  }
  return words;
}
"""
# Streamlit's own words, which have no Chinese; none may be seen on a Chinese page.
STREAMLIT = (
    "Press Enter",
    "Choose an option",
    "Choose options",
    "No results",
    "Running",
    "Select all",
    "empty",
    "Loading",
    "Download as",
    "Fullscreen",
    "Deploy",
    "Rerun",
    "Made with",
)
# Words that have to stand in the other script: the switch itself, and how samples are named.
CHINESE_IN_ENGLISH = ("中文", "示例", "待核实")


def _words(where: Page | Frame) -> list[str]:
    return where.evaluate(_WORDS)


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


def test_the_switch_keeps_everything_else(visit):
    """Switching the language changes words only: same filters, project, place and map document."""
    visit.open(c="210682", s="build", id="s310", o="industry", at="124.1,40.4,10")
    visit.frame.evaluate("() => { window.marker = 1 }")
    before, rows = visit.query(), visit.count()
    assert visit.page.evaluate("() => document.documentElement.lang") == "zh-CN"
    with visit.redraw():
        visit.page.get_by_role("button", name="English").click()
    assert visit.count() == rows
    after = visit.query()
    assert after.pop("lang") == "en"
    assert {**after, "at": ""} == {**before, "at": ""}
    assert visit.frame.evaluate("() => window.marker") == 1
    assert visit.zoom() == 10
    assert visit.chips() == ["Under construction", "Fengcheng City"]
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Dandong project map")
    assert visit.page.evaluate("() => document.documentElement.lang") == "en"
    assert visit.page.title().endswith("Dandong")
    with visit.redraw():
        visit.page.get_by_role("button", name="中文").click()
    assert "lang" not in visit.query()


def _strange(words: list[str]) -> list[str]:
    kept = []
    for text in words:
        for known in CHINESE_IN_ENGLISH:
            text = text.replace(known, "")
        if CHINESE.search(text):
            kept.append(text)
    return kept


def test_the_english_pages_have_no_chinese_words(server, new_page):
    """On English pages Chinese stands only where it is data."""
    visit = MapPage(new_page(locale="en-GB"), server.url)
    visit.open(lang="en", c="210682", id="r32")
    assert _strange(_words(visit.page)) == []
    assert _strange(_words(visit.frame)) == []
    visit.page.get_by_role("button", name="Download").click()
    visit.page.wait_for_selector('[data-testid="stPopoverBody"]')
    assert _strange(_words(visit.page)) == []
    visit.page.keyboard.press("Escape")
    visit.open(lang="en", m="table", q="zzzz")
    assert _strange(_words(visit.page)) == []
    visit.open(lang="en", junk="1")
    visit.page.locator(".st-key-figure_rate button:visible").click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    wait_idle(visit.page)
    assert _strange(_words(visit.page)) == []


def test_the_english_page_about_the_data_has_english_words(server, page):
    """Headings, column heads and explanations of the page about the data are English."""
    open_page(page, f"{server.url}/about?lang=en")
    own = "h1, h2, h3, thead th, [data-testid='stMarkdownContainer'] p, li"
    texts = page.locator('[data-testid="stMain"]').locator(own).all_inner_texts()
    assert len(texts) > 20
    assert _strange(texts) == []


def test_the_chinese_page_has_no_english_words_of_the_framework(visit):
    """Typing, an open list, a hit-less list, a dialog and the table never show Streamlit's English."""
    visit.open(id="r01")
    seen = _words(visit.page) + _words(visit.frame)
    visit.page.get_by_label("搜索", exact=True).fill("孔")
    seen += _words(visit.page)
    visit.page.get_by_label("不低于", exact=True).fill("3")
    seen += _words(visit.page)
    visit.page.keyboard.press("Escape")
    visit.page.locator(".st-key-f_stage input").click()
    seen += _words(visit.page)
    visit.page.locator(".st-key-f_stage input").fill("zzzz")
    visit.page.wait_for_timeout(300)
    seen += _words(visit.page)
    visit.page.keyboard.press("Escape")
    visit.open(m="table", q="zzzz")
    seen += _words(visit.page)
    visit.open(k="real")
    visit.page.locator(".st-key-figure_rate button:visible").click()
    expect(visit.page.get_by_role("dialog")).to_be_visible()
    wait_idle(visit.page)
    seen += _words(visit.page)
    shown = [text for text in seen if any(word in text for word in STREAMLIT)]
    assert shown == []
