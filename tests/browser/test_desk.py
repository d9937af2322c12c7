"""The data desk in the browser: a list comes in, every fault is said, it is applied and undone."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from geo import crs
from geo.store import Create, Store, Update, open_store
from tests.browser.desk_page import HEADINGS, Desk, workbook
from tests.browser.driving import wait_idle
from tests.browser.server import Server

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ONE, TWO = "试验项目甲", "试验项目乙"
PLACED = (*HEADINGS, "经度(WGS-84)", "纬度(WGS-84)")
GOOD = (
    (1, ONE, "东港市", "农产品加工", "在建", 1.5, "2026-03", 124.1, 39.9),
    (2, TWO, "凤城市", "农产品加工", "在建", 2, "2026-05", 124.05, 40.45),
)


# Bars come and go between two looks of a test, so the page itself notes what each has shown.
WATCH_BARS = """() => {
  window.bars = [];
  const look = () => document.querySelectorAll('[role=progressbar]').forEach((bar) => {
    const share = Number(bar.getAttribute('aria-valuenow'));
    if (window.bars.at(-1) !== share) window.bars.push(share);
  });
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, attributes: true, attributeFilter: ['aria-valuenow']});
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """Serve the shipped city with the local sign-in, its store open here as another process."""
    state = tmp_path_factory.mktemp("state")
    environment = {"GEO_STATE": str(state), "GEO_LOCAL_SIGN_IN": "1"}
    data = Path(__file__).parents[2] / "data"
    store = open_store(state / "store.sqlite", city=data)
    with Server(state / "server.log", env=environment) as server:
        yield SimpleNamespace(url=server.url, store=store, log=server.log_text)
    store.close()


@pytest.fixture
def desk(page: Page, site: SimpleNamespace) -> Desk:
    """Have a session that has not opened a page yet."""
    return Desk(page, site.url)


def make(store: Store, name: str, **fields: object) -> tuple[str, int]:
    """Make a project from another process; returns its id and the data version."""
    row = {"name": name, "county": "210681", "stage": "build", "remark": "原来的"} | fields
    version = store.apply([Create(row)], who="另一进程", why="试验", kind="edit", expected={})
    table = store.projects().set_index("name")
    return str(table.at[name, "id"]), version


def update(store: Store, id_: str, **fields: object) -> None:
    expected = {id_: int(store.projects().set_index("id").at[id_, "row_version"])}
    store.apply([Update(id_, fields)], who="另一进程", why="", kind="edit", expected=expected)


def test_faulty_list_is_refused_with_every_fault_in_its_place(
    desk: Desk, site: SimpleNamespace
) -> None:
    """Every fault is listed with sheet, row, column and a Chinese sentence; nothing is written;
    the copy that can be downloaded has those cells marked."""
    desk.open("office")
    before = site.store.version()
    bad = (2, TWO, "火星县", "农产品加工", "在建", "很多", "2026-13", 124.05, 40.45)
    desk.upload(workbook(GOOD[0], bad, headings=PLACED))
    expect(desk.page.get_by_text("发现 3 处错误，没有写入任何内容")).to_be_visible()
    wrong = {("4", "所属县区"), ("4", "总投资（亿元）"), ("4", "开工时间")}
    shown = desk.rows("错误")
    assert {(row, column) for _, row, column, _ in shown} == wrong
    assert all(sheet == "Sheet" and CHINESE.search(text) for sheet, _, _, text in shown)
    assert {"火星县", "很多", "2026-13"} == {
        read for read in ("火星县", "很多", "2026-13") for row in shown if read in row[3]
    }
    assert not desk.has("desk_apply")
    assert site.store.version() == before
    link = desk.page.get_by_text("下载标注了问题的副本")
    copy = openpyxl.load_workbook(io.BytesIO(desk.download(link.click)))
    sheet = copy["Sheet"]
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert marked >= {"C4", "F4", "G4"}
    assert all(CHINESE.search(sheet[spot].comment.text) for spot in ("C4", "F4", "G4"))
    assert copy.sheetnames[0] != "Sheet"
    assert [sheet.cell(row, 2).value for row in (3, 4)] == [ONE, TWO]


def test_corrected_list_is_previewed_applied_shown_and_undone(
    desk: Desk, site: SimpleNamespace
) -> None:
    """A corrected list is previewed field by field, applied in one version, is on the map, and one
    press brings the map back to what it was; the history says who did what when."""
    known, _ = make(site.store, ONE, invest_wan=9000)
    desk.open("office").go("项目地图")
    before = desk.count()
    assert TWO not in desk.on_map()
    desk.go("数据管理")
    desk.upload(workbook(*GOOD, headings=PLACED))
    expect(desk.page.get_by_text("新增 1 · 修改 1 · 未变 0")).to_be_visible()
    preview = desk.rows("预览：将要发生的变化")
    assert next(row for row in preview if TWO in row)[:3] == ["4", "新增", TWO]
    money = next(row for row in preview if "总投资" in "".join(row))
    assert money[:3] == ["3", "修改", ONE]
    assert money[4:] == ["9,000 万元", "15,000 万元"]
    assert site.store.projects().set_index("id").at[known, "invest_wan"] == 9000
    desk.press("desk_apply")
    version = site.store.version()
    expect(desk.page.get_by_text(f"已写入，数据版本 {version}")).to_be_visible()
    desk.go("项目地图")
    assert desk.count() == before + 1
    assert {ONE, TWO} <= set(desk.on_map())
    rows = desk.page.locator(".st-key-list [role=grid]")
    assert int(rows.get_attribute("aria-rowcount") or 0) - 1 == before + 1
    desk.go("数据管理")
    desk.press("desk_undo")
    expect(desk.page.get_by_text(f"已撤销版本 {version}")).to_be_visible()
    versions = {row[0]: row for row in desk.rows("历史", least=version + 1)}
    imported, undone = versions[str(version)], versions[str(version + 1)]
    assert {"导入", "local:office", "清单.xlsx", f"已由版本 {version + 1} 撤销"} <= set(imported)
    assert {"撤销", "local:office"} <= set(undone)
    assert "初始数据" in versions["1"]
    assert all(re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", " ".join(r)) for r in versions.values())
    desk.go("项目地图")
    assert desk.count() == before
    assert TWO not in desk.on_map()
    assert site.store.projects().set_index("id").at[known, "invest_wan"] == 9000


def test_an_open_version_stays_open_when_another_is_written(
    desk: Desk, site: SimpleNamespace
) -> None:
    """A newer version moves the rows of the history down; the one that was chosen stays chosen."""
    _, version = make(site.store, "试验项目历史一")
    desk.open("office").pick_version(version)
    expect(desk.page.get_by_text(f"撤销版本 {version}", exact=True)).to_be_visible()
    make(site.store, "试验项目历史二")
    desk.take("auditor")
    assert desk.rows("历史", least=version + 1)[0][0] == str(version + 1)
    expect(desk.page.get_by_text(f"在地图上查看版本 {version}", exact=True)).to_be_visible()


def test_the_button_that_takes_a_file_speaks_the_visitors_language(desk: Desk) -> None:
    """Streamlit's own English word is not on the button; ours is."""
    desk.open("office")
    button = desk.page.locator(".st-key-desk_upload button")
    expect(button.get_by_text("Upload", exact=True)).to_be_hidden()
    said = button.evaluate("(e) => getComputedStyle(e, '::after').content")
    assert "选择文件" in said


def test_a_longer_list_shows_how_far_its_reading_is(desk: Desk) -> None:
    """While a long list is read a bar goes from its beginning towards its end, and is gone afterwards."""
    head = "项目名称,所属县区,项目阶段,总投资（万元）,形象进度（%）,开工时间,建设单位,经度（WGS-84）,纬度（WGS-84）"
    row = "批量项目{n},东港市,在建,{n}1,50%,2026-03,公司{n},124.1,39.9"
    text = "\n".join([head, *(row.format(n=n) for n in range(8000))])
    desk.open("office")
    desk.page.evaluate(WATCH_BARS)
    desk.upload(text.encode(), "清单.csv")
    expect(desk.page.get_by_text("新增 8000 · 修改 0 · 未变 0")).to_be_visible(timeout=60_000)
    expect(desk.page.get_by_role("progressbar")).to_have_count(0)
    seen = desk.page.evaluate("() => window.bars")
    assert seen == sorted(seen)
    assert len([share for share in seen if 0 < share < 100]) >= 2


def _unfold(desk: Desk, words: str) -> None:
    """Open a fold; one that the page draws anew at that moment is closed again, one may be open."""
    field = desk.page.locator(".st-key-desk_column_0 input").first
    expect(desk.page.get_by_text(words)).to_be_visible()
    for _ in range(6):
        desk.page.wait_for_timeout(
            500
        )  # while a fold opens or closes, its list is still to be seen
        if field.is_visible():
            return
        desk.page.get_by_text(words).click()
    raise AssertionError(words)


def test_unknown_column_is_asked_for_and_then_read(desk: Desk, site: SimpleNamespace) -> None:
    """A column that nobody knows is ignored at first, can be told what it is, and is then read."""
    name = "试验项目丙"
    desk.open("office")
    row = (1, name, "东港市", "农产品加工", "在建", 1.5, "2026-03", "分管王五")
    desk.upload(workbook(row, headings=(*HEADINGS, "怪列")))
    opened = desk.page.get_by_text("不认识的列：1 个")
    _unfold(desk, "不认识的列：1 个")
    desk.choose("desk_column_0", "备注")
    desk.page.get_by_text("按此读取", exact=True).click()
    wait_idle(desk.page)
    expect(opened).to_have_count(0)
    desk.press("desk_apply")
    assert site.store.projects().set_index("name").at[name, "remark"] == "分管王五"
    # the same source's next list needs no answer
    desk.upload(workbook((1, name, *row[2:7], "李六"), headings=(*HEADINGS, "怪列")))
    expect(desk.page.get_by_text("新增 0 · 修改 1 · 未变 0")).to_be_visible()
    desk.press("desk_apply")
    assert site.store.projects().set_index("name").at[name, "remark"] == "李六"
    # an answer that was wrong can be given again, or taken back
    for answer, label in (("责任单位", "您指定过的列：1 个"), ("不指定", "不认识的列：1 个")):
        desk.upload(workbook((1, name, *row[2:7], f"{answer}赵七"), headings=(*HEADINGS, "怪列")))
        _unfold(desk, "您指定过的列：1 个")
        desk.choose("desk_column_0", answer)
        desk.page.get_by_text("按此读取", exact=True).click()
        wait_idle(desk.page)
        expect(desk.page.get_by_text(label)).to_be_visible()
        if desk.page.locator(".st-key-desk_apply button").is_enabled():
            desk.press("desk_apply")
    kept = site.store.projects().set_index("name").loc[name]
    assert (kept["remark"], kept["responsible"]) == ("李六", "责任单位赵七")


def test_two_columns_for_one_field_are_asked_about(desk: Desk, site: SimpleNamespace) -> None:
    """With 责任单位 and 牵头单位 the person says which is the field; the next list is read so at once."""
    name = "试验项目两单位"
    desk.open("office")
    heads = (*HEADINGS, "责任单位", "牵头单位")
    row = (1, name, "东港市", "农产品加工", "在建", 1.5, "2026-03")
    version = site.store.version()
    desk.upload(workbook((*row, "工信局", "商务局"), headings=heads))
    expect(desk.page.get_by_text("要您说明的列：2 个")).to_be_visible()
    expect(desk.page.get_by_text("请说明哪一列是它，其余的各是什么")).to_be_visible()
    assert not desk.has("desk_apply")
    desk.choose("desk_column_0", "不导入")
    desk.choose("desk_column_1", "责任单位")
    desk.page.get_by_text("按此读取", exact=True).click()
    wait_idle(desk.page)
    expect(desk.page.get_by_text("您指定过的列：2 个")).to_be_visible()
    assert site.store.version() == version
    desk.press("desk_apply")
    kept = site.store.projects().set_index("name")
    assert kept.at[name, "responsible"] == "商务局"
    desk.upload(workbook((*row, "发改局", "住建局"), headings=heads))
    expect(desk.page.get_by_text("新增 0 · 修改 1 · 未变 0")).to_be_visible()
    desk.press("desk_apply")
    kept = site.store.projects().set_index("name")
    assert kept.at[name, "responsible"] == "住建局"


def test_second_of_two_editors_sees_both_values_and_decides(
    desk: Desk, new_page: Callable[..., Page], site: SimpleNamespace
) -> None:
    """Who saves second is shown both values of each field, and nothing is written until decided;
    a third one who comes in between is a conflict again."""
    name = "试验项目丁"
    id_, _ = make(site.store, name, owner="原单位")
    desk.open("office").edit(name)
    other = Desk(new_page(), site.url).open("office")
    other.edit(name)
    desk.field("备注").fill("甲改的")
    desk.save()
    other.field("备注").fill("乙改的")
    other.field("建设单位").fill("乙单位")
    other.save()
    expect(other.page.get_by_text("在您打开之后改过这个项目")).to_be_visible()
    expect(other.page.get_by_text("保留现值：甲改的（原为 原来的）")).to_be_visible()
    expect(other.page.get_by_text("用我的：乙改的（原为 原来的）")).to_be_visible()
    assert _fields(site.store, id_) == ("甲改的", "原单位")
    other.page.get_by_text("用我的：乙改的").click()
    update(site.store, id_, remark="丙改的")
    other.page.get_by_text("按选择保存").click()
    wait_idle(other.page)
    expect(other.page.get_by_text("保留现值：丙改的")).to_be_visible()
    assert _fields(site.store, id_) == ("丙改的", "原单位")
    # nobody else wants the unit, so it needs no answer
    other.page.get_by_text("按选择保存").click()
    wait_idle(other.page)
    assert _fields(site.store, id_) == ("丙改的", "乙单位")


def _fields(store: Store, id_: str) -> tuple[str, str]:
    row = store.projects().set_index("id").loc[id_]
    return row["remark"], row["owner"]


def test_another_project_opens_with_its_own_values(desk: Desk, site: SimpleNamespace) -> None:
    """Going from one project to the next, the form holds the next one's values, and saving it
    changes only what was typed there."""
    one, two = "试验项目戊", "试验项目己"
    make(site.store, one, remark="戊的备注", owner="戊单位")
    make(site.store, two, remark="己的备注", county="210682")
    desk.open("office")
    desk.edit(one)
    expect(desk.field("备注")).to_have_value("戊的备注")
    desk.field("备注").fill("没有保存")
    desk.edit(two)
    expect(desk.field("备注")).to_have_value("己的备注")
    expect(desk.field("建设单位")).to_have_value("")
    desk.field("备注").fill("己的新备注")
    desk.save()
    table = site.store.projects().set_index("name")
    assert (table.at[one, "remark"], table.at[one, "owner"]) == ("戊的备注", "戊单位")
    assert (table.at[two, "remark"], table.at[two, "county"]) == ("己的新备注", "210682")
    assert table.at[two, "owner"] is None or str(table.at[two, "owner"]) in ("<NA>", "nan")


def test_position_is_checked_and_converted(desk: Desk, site: SimpleNamespace) -> None:
    """A position typed into the form is checked as one in a list: one in another county is said and
    not written, one in another datum is converted; lists and notes are kept as well."""
    name = "试验项目壬"
    id_, version = make(site.store, name, lon=124.1, lat=39.9, precision="site")
    desk.open("office").edit(name)
    desk.field("经度").fill("124.05")
    desk.field("纬度").fill("40.45")
    desk.save()
    assert "在凤城市" in desk.rows("错误")[0][3]
    assert site.store.version() == version
    x, y = crs.shift([124.11], [39.91], target="gcj02", source="wgs84")
    desk.field("经度").fill(f"{x[0]:.7f}")
    desk.field("纬度").fill(f"{y[0]:.7f}")
    desk.choose(f"e_{id_}_{version}_datum", "GCJ-02")
    desk.choose(f"e_{id_}_{version}_lists", "重点项目")
    desk.page.keyboard.press("Escape")
    desk.field("领导批示").fill("加快")
    desk.field("修改说明（记入历史，可不填）").fill("实地测得")
    desk.save()
    expect(desk.page.get_by_text("已写入，数据版本")).to_be_visible()
    row = site.store.projects().set_index("id").loc[id_]
    assert (row["lon"], row["lat"]) == pytest.approx((124.11, 39.91), abs=2e-6)
    assert row["leader_note"] == "加快"
    assert site.store.history()[0].why == "实地测得"
    assert isinstance(row["lists"], str)
    assert row["lists"]


def test_time_machine_shows_an_earlier_map_and_the_way_back(
    desk: Desk, site: SimpleNamespace
) -> None:
    """The map as of version 1 has the projects of version 1, says so, and leads back."""
    make(site.store, "试验项目庚", lon=124.1, lat=39.9, precision="site")
    first, newest = len(site.store.projects(as_of=1)), len(site.store.projects())
    assert newest > first
    desk.open("office")
    desk.pick_version(1)
    assert not desk.has("desk_undo_version")
    desk.press("desk_look")
    desk.go("项目地图")
    expect(desk.page.get_by_text("正在查看数据版本 1，不是最新数据")).to_be_visible()
    assert desk.count() == first
    assert "试验项目庚" not in desk.on_map()
    desk.press("newest")
    expect(desk.page.get_by_text("正在查看数据版本")).to_have_count(0)
    assert desk.count() == newest
    desk.frame().wait_for_function("() => GeoMap.app.details.names.includes('试验项目庚')")


def test_another_process_is_seen_by_the_next_run(page: Page, site: SimpleNamespace) -> None:
    """What another process writes is on the page of a visitor within 5 s, without a reload."""
    visitor = Desk(page, site.url)
    page.goto(site.url)
    wait_idle(page)
    before = visitor.count()
    make(site.store, "试验项目辛", lon=124.2, lat=39.95, precision="site")
    written = time.monotonic()
    page.get_by_role("button", name="English").click()  # any press makes the page run
    expect(page.locator(".st-key-bar")).to_contain_text(f"{before + 1}")
    seconds = time.monotonic() - written
    assert visitor.count() == before + 1
    assert "试验项目辛" in visitor.on_map()
    assert seconds < 5
