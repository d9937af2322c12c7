"""The data desk brings metrics in: faults named, previewed, applied in one version, taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from geo.store import open_store
from tests.browser.desk_page import Desk, workbook
from tests.browser.driving import wait_idle
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


def upload(desk: Desk, *rows: tuple[object, ...]) -> None:
    """Choose a list of metrics: a title in row 1, headings in row 2."""
    content = workbook(*rows, headings=HEADINGS)
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
