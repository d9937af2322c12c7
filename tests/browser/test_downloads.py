"""Downloads hold exactly the rows on screen; the map as a page opens anywhere, the picture is whole."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.map_page import MapPage, colours, near, projects

ROWS = projects()
MINE = {r["id"]: r for r in ROWS if r["county"] == "210682"}
KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture
def visit(server, page) -> MapPage:
    return MapPage(page, server.url)


def _save(visit: MapPage, kind: str, folder: Path) -> Path:
    """Download a format as a visitor does."""
    body = visit.page.locator('[data-testid="stPopoverBody"]')
    if not body.count():
        visit.page.get_by_role("button", name="下载").click()
    with visit.page.expect_download() as waiting:
        visit.page.locator(f".st-key-download_{kind} button").click()
    name = waiting.value.suggested_filename
    assert name.startswith("丹东市重点项目地图_")
    assert name.endswith(f".{kind}")
    waiting.value.save_as(folder / name)
    return folder / name


def test_the_files_hold_exactly_the_rows_on_screen(visit, tmp_path):
    """Excel, CSV, GeoJSON and KML have the filtered rows, each sample marked as one."""
    visit.open(c="210682")
    assert visit.count()[0] == len(MINE)
    samples = {id_ for id_, row in MINE.items() if row["kind"] == "sample"}

    sheet = openpyxl.load_workbook(_save(visit, "xlsx", tmp_path)).worksheets[0]
    head, *body = sheet.iter_rows(values_only=True)
    rows = [dict(zip(head, line, strict=True)) for line in body]
    assert {r["系统编号"] for r in rows} == set(MINE)
    assert {r["系统编号"] for r in rows if r["数据性质"] == "示例"} == samples
    for row in rows:
        wanted = MINE[row["系统编号"]]["invest_wan"]
        assert row["总投资（万元）"] == (int(wanted) if wanted else None)

    raw = _save(visit, "csv", tmp_path).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert {r["系统编号"] for r in table} == set(MINE)
    assert len(table) == len(MINE)
    assert {r["系统编号"] for r in table if r["数据性质"] == "示例"} == samples

    features = json.loads(_save(visit, "geojson", tmp_path).read_text("utf-8"))["features"]
    assert {f["properties"]["id"] for f in features} == set(MINE)
    assert {f["properties"]["id"] for f in features if f["properties"]["kind"] == "示例"} == samples
    assert next(f for f in features if f["properties"]["id"] == "r32")["geometry"] is None
    site = next(f for f in features if MINE[f["properties"]["id"]]["precision"] == "site")
    row = MINE[site["properties"]["id"]]
    assert site["geometry"]["coordinates"] == [float(row["lon"]), float(row["lat"])]

    marks = ET.parse(_save(visit, "kml", tmp_path)).getroot().iterfind(".//k:Placemark", KML)
    found = {
        m.findtext("k:name", namespaces=KML): m.findtext("k:styleUrl", namespaces=KML)
        for m in marks
    }
    assert set(found) == {r["name"] for r in MINE.values()}
    assert {n for n, style in found.items() if style == "#sample"} == {
        MINE[id_]["name"] for id_ in samples
    }


def test_the_map_as_a_page_opens_without_a_server(visit, new_page, tmp_path):
    """The HTML file draws the filtered projects from disk alone; legend, tooltip and card work."""
    visit.open(c="210682")
    file = _save(visit, "html", tmp_path)
    page = new_page()
    page.goto(file.as_uri())
    page.wait_for_function(
        "() => window.GeoMap && GeoMap.app && GeoMap.app.drawn && GeoMap.app.details"
    )
    expect(page.locator(".gm-n")).to_have_text(f"{len(MINE)} / {len(MINE)}")
    expect(page.get_by_role("heading")).to_have_text("丹东市重点项目地图")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert len(colours(image)) > 300
    entry = page.locator('[data-key="stage:start"]')
    n = sum(r["stage"] == "start" for r in MINE.values())
    entry.click()
    expect(page.locator(".gm-n")).to_have_text(f"{n} / {len(MINE)}")
    entry.click()
    expect(page.locator(".gm-n")).to_have_text(f"{len(MINE)} / {len(MINE)}")
    x, y, name = page.evaluate(
        """() => {
          const app = GeoMap.app, item = app.points.items.find((i) => i.rows.length === 1);
          const at = app.map.layerPointToContainerPoint(L.point(item.x, item.y).add(app.top._bounds.min));
          const box = app.map.getContainer().getBoundingClientRect();
          return [at.x + box.x, at.y + box.y, app.details.names[item.rows[0]]];
        }"""
    )
    page.mouse.click(x, y)
    card = page.locator(".gm-card")
    expect(card).to_contain_text(name)
    assert any(r["name"] == name for r in MINE.values())
    card.get_by_role("button", name="关闭").click()
    expect(card).to_be_hidden()


def test_the_picture_has_map_title_legend_and_foot(visit, tmp_path):
    """The PNG is twice the map's size and more, with words above, below and beside the map."""
    visit.open(c="210682")
    width, height = visit.frame.evaluate("() => { const s = map.getSize(); return [s.x, s.y] }")
    with visit.page.expect_download() as waiting:
        visit.frame.get_by_role("button", name="图片").click()
    assert waiting.value.suggested_filename.endswith(".png")
    waiting.value.save_as(tmp_path / "map.png")
    raw = (tmp_path / "map.png").read_bytes()
    assert raw.startswith(b"\x89PNG\r\n\x1a\n")
    image = Image.open(io.BytesIO(raw)).convert("RGB")
    assert image.width == 2 * (width + 210)
    assert image.height >= 2 * (height + 64 + 30)
    head, body = 128, 128 + 2 * height
    parts = {
        "title": (0, 0, 900, head),
        "legend": (2 * width + 20, head, image.width, body),
        "foot": (0, body + 4, 1200, image.height),
    }
    for name, box in parts.items():
        seen = colours(image.crop(box))
        assert seen.most_common(1)[0][0] == (255, 255, 255), name
        dark = sum(n for c, n in seen.items() if sum(c) < 300)
        assert dark > 300, name
    drawn = colours(image.crop((0, head, 2 * width, body)))
    assert len(drawn) > 500
    assert sum(n for c, n in drawn.items() if near(c, "#fbfaf6", 2)) > 10_000
