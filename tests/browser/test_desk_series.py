"""The data desk brings metrics in: faults named, previewed, applied in one version, taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from geo.store import open_store
from tests.browser.density_page import DensityPage
from tests.browser.desk_page import Desk, Received, workbook
from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import until
from tests.browser.server import Server

HEADINGS = ("园区", "指标", "时期", "数值", "单位", "来源")
PARK, ID = "东港经济开发区", "donggang|output|2021|actual|"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Serve the shipped city with the local sign-in, its store open here as another process."""
    state = tmp_path_factory.mktemp("state")
    environment = {"GEO_STATE": str(state), "GEO_LOCAL_SIGN_IN": "1"}
    data = Path(__file__).parents[2] / "data"
    store = open_store(state / "store.sqlite", city=data)
    with Server(state / "server.log", env=environment) as server:
        yield SimpleNamespace(url=server.url, store=store)
    store.close()


@pytest.fixture
def desk(page: Page, site: SimpleNamespace) -> Desk:
    """Have a session that has not opened a page yet."""
    return Desk(page, site.url)


def upload(desk: Desk, *rows: tuple[object, ...], headings: tuple[str, ...] = HEADINGS) -> None:
    """Choose a list of metrics: a title in row 1, headings in row 2."""
    content = workbook(*rows, headings=headings)
    file = {"name": "指标.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    desk.page.locator(".st-key-desk_series_upload input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    wait_idle(desk.page, quiet_ms=400)


def test_every_fault_is_said_and_nothing_is_written(desk: Desk, site: SimpleNamespace) -> None:
    """A list with faults shows each with row, column and a Chinese sentence, and cannot be applied."""
    desk.open("office")
    before = site.store.version()
    upload(
        desk,
        (PARK, "产值", 2021, 45.5, "亿元", ""),
        ("没有的园区", "产值", "三季度", "约3", "亿元", ""),
    )
    expect(desk.page.get_by_text("发现 2 处错误，没有写入任何内容")).to_be_visible()
    shown = desk.rows("指标的错误", least=2)
    assert {(row, column) for _, row, column, _ in shown} == {("4", "园区"), ("4", "时期")}
    assert all(re.search(r"[\u4e00-\u9fff]", text) for *_, text in shown)
    assert not desk.has("desk_series_apply")
    assert site.store.version() == before


def test_a_list_is_previewed_applied_and_undone(desk: Desk, site: SimpleNamespace) -> None:
    """The preview shows the value before and after with its marks; one press writes, one takes back."""
    desk.open("office")
    nasty = "<b>报表</b>{{7*7}}"
    upload(desk, (PARK, "产值", 2021, 45.5, "亿元", nasty), (PARK, "税收", 2018, 900, "万元", ""))
    expect(desk.page.get_by_text("新增 1 · 修改 1 · 未变 0")).to_be_visible()
    preview = desk.rows("变化", least=2)
    changed = next(row for row in preview if "修改" in row)
    assert PARK in "".join(changed)
    assert "示例" in changed[4]
    assert "45.5 亿元" in changed[5]
    assert nasty in changed[5]
    assert site.store.series.points() == {}
    desk.press("desk_series_apply")
    assert site.store.series.points()[ID].value == 455_000
    assert site.store.history()[0].who == "local:office"
    desk.press("desk_series_undo")
    assert site.store.series.points() == {}
    expect(desk.page.get_by_text(re.compile("已撤销版本"))).to_be_visible()


def test_the_history_shows_what_became_of_figures(desk: Desk, site: SimpleNamespace) -> None:
    """A version of metrics opens with place, metric and period of each value."""
    desk.open("office")
    upload(desk, (PARK, "产值", 2017, 30, "亿元", ""))
    desk.press("desk_series_apply")
    desk.pick_version(site.store.version())
    shown = "".join("".join(row) for row in desk.rows("变化"))
    assert f"{PARK}·规上工业产值·2017年" in shown
    assert "30 亿元" in shown


@pytest.mark.parametrize("role", ["staff", "auditor", "visitor"])
def test_others_do_not_bring_metrics_in(desk: Desk, role: str) -> None:
    """Only the office has the step: figures are of the whole city."""
    desk.open(role)
    assert not desk.has("desk_series_upload")


def test_what_cannot_be_undone_is_named(desk: Desk, site: SimpleNamespace) -> None:
    """Where a figure was changed again, the refusal names its place, metric and period, not an id."""
    desk.open("office")
    for value in (31, 32):
        upload(desk, (PARK, "产值", 2016, value, "亿元", ""))
        desk.press("desk_series_apply")
    version = site.store.version()
    desk.pick_version(version - 1)
    desk.press("desk_undo_version")
    refused = desk.page.get_by_text(re.compile("不能撤销"))
    expect(refused).to_contain_text(f"“{PARK}·规上工业产值·2016年”")
    assert "|" not in refused.inner_text()
    assert site.store.version() == version


def test_what_the_template_calls_internal_reaches_no_visitor(
    desk: Desk, site: SimpleNamespace, new_page: Callable[..., Page]
) -> None:
    """A figure marked 是否内部 is seen by the office; a visitor's browser gets neither it nor a trace."""
    secret = "内部报表绝密甲"
    desk.open("office")
    upload(
        desk,
        (PARK, "税收", 2022, 7_654_321, "万元", secret, "yes"),
        headings=(*HEADINGS, "是否内部"),
    )
    shown = "".join("".join(row) for row in desk.rows("变化"))
    assert "内部，不公开" in shown
    desk.press("desk_series_apply")
    assert site.store.series.points()["donggang|tax|2022|actual|"].internal
    query = "by=park&measure=tax&year=2022"
    visitor = new_page()
    received = Received(visitor)
    for part in ("overview", "rank", "side&with=donggang,bec", "trend&place=donggang&metric=tax"):
        open_page(visitor, f"{site.url}/density?{query}&part={part}")
        received.settle()
    needles = {"source": secret.encode(), "packed": json.dumps(secret)[1:-1].encode()}
    assert received.holding(needles) == {}
    assert received.holding({"page": "东港经济开发区".encode()})
    desk.go("园区密度")
    shown_to_office = DensityPage(desk.page, site.url)
    shown_to_office.by("园区")
    shown_to_office.choose("measure", "税收")
    table = "税收密度（按园区，亿元/km²），最近一年"
    until(desk.page, lambda: "765.43" in "".join("".join(row) for row in desk.rows(table)))
