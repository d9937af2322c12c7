"""The figures above the map against sums made here from the city's files, and the rows behind them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.driving import wait_idle
from tests.browser.map_page import MapPage, entries, money, projects, total

ROWS = projects()
STARTED = {id_ for id_, entry in entries("stages.toml").items() if entry["started"]}


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.2f}%"


def _expected(rows) -> dict[str, str]:
    planned = [r for r in rows if r["plan_attr"] in ("new", "resumed")]
    begun = [r for r in planned if r["stage"] in STARTED]
    return {
        "projects": f"{len(rows)} 个",
        "invest": money(total(rows, "invest_wan")),
        "plan": money(total(rows, "plan_wan")),
        "rate": _share(len(begun), len(planned)),
        "rate_value": _share(total(begun, "invest_wan"), total(planned, "invest_wan")),
    }


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


def test_the_figures_are_the_sums_of_the_rows(visit):
    """Count, sums and rates equal those computed from the files, with and without filters."""
    visit.open()
    assert visit.figures() == _expected(ROWS)
    with visit.redraw():
        visit.choose("county", "凤城市")
    assert visit.figures() == _expected([r for r in ROWS if r["county"] == "210682"])


def test_each_figure_opens_its_rows(visit):
    """A press on a figure shows its number again with as many rows as it was made of."""
    visit.open(c="210681")
    rows = [r for r in ROWS if r["county"] == "210681"]
    planned = [r for r in rows if r["plan_attr"] in ("new", "resumed")]
    begun = [r for r in planned if r["stage"] in STARTED]
    known = {c: [r for r in rows if r[c]] for c in ("invest_wan", "plan_wan")}
    figures, dialog = visit.figures(), visit.page.get_by_role("dialog")
    behind = {
        "projects": [len(rows)],
        "invest": [len(known["invest_wan"])],
        "plan": [len(known["plan_wan"])],
        "rate": [len(planned) - len(begun), len(begun)],
    }
    for name, tables in behind.items():
        visit.page.locator(f".st-key-figure_{name} button:visible").click()
        expect(dialog).to_be_visible()
        wait_idle(visit.page)
        assert [visit.grid_rows("[role=dialog]", nth) for nth in range(len(tables))] == tables
        if name != "projects":
            expect(dialog).to_contain_text(figures[name])
        if name in ("invest", "plan"):
            left_out = len(rows) - len(known[f"{name}_wan"])
            expect(dialog).to_contain_text(f"另有 {left_out} 个项目未公布")
        if name == "rate":
            expect(dialog).to_contain_text(f"{len(begun)} ÷ {len(planned)}")
            expect(dialog).to_contain_text("待核实")
        visit.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        wait_idle(visit.page)


def test_the_rate_by_value_shows_its_parts(visit):
    """The rate by value names the started and the planned sum that make it."""
    visit.open(c="210681")
    visit.page.locator(".st-key-figure_rate_value button:visible").click()
    dialog = visit.page.get_by_role("dialog")
    rows = [r for r in ROWS if r["county"] == "210681" and r["plan_attr"] in ("new", "resumed")]
    begun = [r for r in rows if r["stage"] in STARTED]
    expect(dialog).to_contain_text(
        f"{money(total(begun, 'invest_wan'))} ÷ {money(total(rows, 'invest_wan'))}"
    )


def test_a_rate_without_a_denominator_is_a_dash(visit):
    """Where nothing was planned to start, the rate shows — and never 0 %."""
    visit.open(k="real")
    assert not [r for r in ROWS if r["kind"] == "real" and r["plan_attr"]]
    figures = visit.figures()
    assert (figures["rate"], figures["rate_value"], figures["plan"]) == ("—", "—", "0 万元")
