"""Hostile text is shown as text everywhere, in both languages; a fault shows words, never a traceback."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import open_page, wait_idle
from tests.browser.map_page import DATA, MapPage, read_csv
from tests.browser.server import ROOT, Server
from ui.frame import PAGES

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "`${alert(1)}` ${alert(1)}",
    "=cmd|' /C calc'!A0",
    "{{cycler.__init__.__globals__.os.mkdir('x')}}",
    "{% if %} {% raw %} {# x",
    "[x](https://evil.example) ![y](https://evil.example/y.png)",
    ":red[x] :material/home: $x$ **b** _i_ <b>c</b> ~~d~~ # e",
    "javascript:alert(1) https://evil.example/auto",
    "\"onmouseover=alert(1) x='y' --><svg onload=alert(1)>",
)
ALL = " ".join(HOSTILE)
AT = "124.1,40.45,10"  # a view in which the hostile projects stand apart


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _hostile_city(folder: Path) -> None:
    """Copy the shipped city and put hostile text wherever a city's owner may write text."""
    shutil.copytree(DATA, folder)
    shape = read_csv("projects.csv")[0]
    template = dict.fromkeys(shape, "") | {
        "county": "210682", "park": "fengcheng", "industry": "food", "stage": "build",
        "invest_wan": "600000", "precision": "site", "source_url": "javascript:alert(1)",
    }  # fmt: skip
    text = ("name", "owner", "place", "source", "remark", "progress_note", "leader", "code")
    text = (*text, "responsible")
    rows = [
        template
        | {
            "id": f"h{n}",
            "lon": f"{123.8 + 0.11 * (n % 5):.2f}",
            "lat": f"{40.4 + 0.13 * (n // 5):.2f}",
        }
        | dict.fromkeys(text, words)
        for n, words in enumerate(HOSTILE)
    ]
    rows.append(rows[0] | {"id": "h99", "name": ALL, "precision": "none", "lon": "", "lat": ""})
    _write(folder / "projects.csv", rows)
    parks = read_csv("parks.csv")
    for park in parks:
        if park["id"] == "fengcheng":
            park.update(dict.fromkeys(("name", "name_en", "note", "source"), ALL))
    _write(folder / "parks.csv", parks)
    counties = json.loads((folder / "counties.geojson").read_text("utf-8"))
    for feature in counties["features"]:
        if feature["properties"]["code"] == "210682":
            feature["properties"] |= {"name": ALL, "name_en": ALL}
    (folder / "counties.geojson").write_text(json.dumps(counties), "utf-8")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """Serve the hostile city from a folder of its own, in which nothing may appear."""
    base = tmp_path_factory.mktemp("hostile")
    _hostile_city(base / "city")
    work = base / "work"
    shutil.copytree(ROOT / ".streamlit", work / ".streamlit")
    env = {"GEO_DATA": str(base / "city"), "GEO_STATE": str(base / "state")}
    script = str(ROOT / "app.py")
    with Server(base / "log", script=script, cwd=work, env=env) as running:
        yield running, work


@pytest.fixture(autouse=True)
def _nothing_ran(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test on the hostile city its working folder is as it was."""
    yield
    if "city" in request.fixturenames:
        server, work = request.getfixturevalue("city")
        assert [path.name for path in work.iterdir()] == [".streamlit"]
        assert not (ROOT / "x").exists()
        assert "Traceback" not in server.log_text()


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u2060", ""))


def _no_markup(page: Page) -> None:
    """Nothing of the data has become an element."""
    for where in page.frames:
        made = where.locator(
            'img[src="x"], svg[onload], [onerror], [onmouseover], a[href*="evil"], img[src*="evil"], '
            'a[href^="javascript"], .katex'
        )
        assert made.count() == 0, made.first.evaluate("node => node.outerHTML")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_names_are_text_on_map_and_card(city, page, language):
    """Every hostile project shows its name in the tooltip and all its words on its card."""
    visit = MapPage(page, city[0].url).open(k="real", lang=language, at=AT)
    for row, words in enumerate(HOSTILE):
        place = visit.place_of(row)
        visit.move(place.x, place.y)
        expect(visit.frame.locator(".gm-tip strong")).to_have_text(words)
        with visit.redraw():
            visit.click(place.x, place.y)
        assert visit.card_name() == words
        facts = list(visit.facts().values())
        assert sum(words in fact for fact in facts) >= 6, facts
        assert any(ALL in _flat(fact) for fact in facts)  # county and park
        assert visit.card().locator("a").count() == 0  # javascript: is no link
    _no_markup(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_names_are_text_in_filters_chips_tables_and_dialogs(city, page, language):
    """List, chips, options, a search for the words, a figure's dialog and the about page show them as text."""
    server = city[0]
    visit = MapPage(page, server.url).open(lang=language)
    options = [_flat(text) for text in visit.offered("county")]
    assert any(ALL in option for option in options), options
    visit.open(c="210682", p="fengcheng", k="real", lang=language)
    chips = [_flat(chip) for chip in visit.chips()]
    assert chips.count(ALL) == 2
    shown = {visit.grid_cell(row, 0) for row in range(11)}
    assert shown == {*HOSTILE, ALL}
    for key in ("figure_projects", "figure_rate", "unmapped"):
        page.locator(f".st-key-{key} button:visible").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        wait_idle(page)
        _no_markup(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    _no_markup(page)
    for words in HOSTILE[:5]:
        with visit.redraw():
            visit.type_in({"zh": "搜索", "en": "Search"}[language], words)
        assert any(words in _flat(chip) for chip in visit.chips()), visit.chips()
        assert visit.count()[0] >= 1
    visit.open(m="table", id="h99", lang=language)
    assert visit.card_name() == ALL
    _no_markup(page)
    open_page(page, f"{server.url}/about?lang={language}")
    main = page.locator('[data-testid="stMain"]')
    expect(main).to_contain_text(ALL, use_inner_text=True)  # the page is still drawing its end
    assert ALL in _flat(main.inner_text())
    _no_markup(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_names_are_text_in_the_exported_map(city, page, new_page, tmp_path, language):
    """The HTML file opened from disk runs nothing of the data and shows it in tooltip and card."""
    visit = MapPage(page, city[0].url).open(c="210682", k="real", q="onerror", lang=language, at=AT)
    page.get_by_role("button", name={"zh": "下载", "en": "Download"}[language]).click()
    with page.expect_download() as waiting:
        page.locator(".st-key-download_html button").click()
    waiting.value.save_as(tmp_path / "map.html")
    assert visit.count()[0] >= 2
    other = new_page()
    other.goto((tmp_path / "map.html").as_uri())
    other.wait_for_function("() => window.GeoMap && GeoMap.app && GeoMap.app.details")
    names = other.evaluate("() => GeoMap.app.details.names")
    assert HOSTILE[0] in names
    x, y = other.evaluate(
        """(row) => {
          const app = GeoMap.app, item = app.points.items.find((i) => i.rows.includes(row));
          const at = app.map.layerPointToContainerPoint(L.point(item.x, item.y).add(app.top._bounds.min));
          const box = app.map.getContainer().getBoundingClientRect();
          return [at.x + box.x, at.y + box.y];
        }""",
        names.index(HOSTILE[0]),
    )
    other.mouse.move(x, y)
    expect(other.locator(".gm-tip strong")).to_have_text(HOSTILE[0])
    other.mouse.click(x, y)
    expect(other.locator(".gm-card")).to_contain_text(HOSTILE[0])
    _no_markup(other)


def _broken(folder: Path, change: Callable[[list[dict[str, str]]], None]) -> Path:
    shutil.copytree(DATA, folder)
    rows = read_csv("projects.csv")
    change(rows)
    _write(folder / "projects.csv", rows)
    return folder


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("projects.csv", "第 4 行", "“invest_wan”", "“many”")),
        ("en", ("projects.csv", "row 4", "“many”")),
    ],
)
def test_a_broken_file_is_named_with_row_and_column(make_server, page, tmp_path, lang, words):
    """A cell that is no number is said with file, row and column, on every page, without a traceback."""
    city = _broken(tmp_path / "city", lambda rows: rows[2].update(invest_wan="many"))
    server = make_server(env={"GEO_DATA": str(city), "GEO_STATE": str(tmp_path / "state")})
    for path in ("/", "/about"):
        open_page(page, f"{server.url}{path}?lang={lang}")
        alert = page.get_by_role("alert")
        for word in words:
            expect(alert).to_contain_text(word)
        assert "Traceback" not in page.locator("body").inner_text()
        assert page.locator('[data-testid="stException"]').count() == 0


def test_what_nobody_foresaw_shows_a_number_that_the_log_knows(make_server, page, tmp_path):
    """An unforeseen exception shows only an id; the log has the id and the whole story."""
    (tmp_path / "site" / "pages").mkdir(parents=True)
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from ui import frame\n"
        "def page(city, view, t):\n"
        "    raise RuntimeError('secret-detail')\n"
        "frame.run(page, title='app.nav_map')\n"
    )
    for name in PAGES:
        (tmp_path / "site" / name).write_text(script, "utf-8")
    shutil.copytree(ROOT / ".streamlit", tmp_path / "site" / ".streamlit")
    server = make_server(cwd=tmp_path / "site", env={"GEO_STATE": str(tmp_path / "state")})
    open_page(page, server.url)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("页面出错了")
    number = re.search(r"[0-9a-f]{8}", alert.inner_text())
    assert number, alert.inner_text()
    text = page.locator("body").inner_text()
    assert "secret-detail" not in text
    assert "RuntimeError" not in text
    assert number[0] in server.log_text()
    assert "RuntimeError: secret-detail" in server.log_text()
