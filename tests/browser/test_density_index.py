"""The composite index as a visitor uses it: weights are set, the ranking follows, the link shares it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from geo import layers
from geo.compare import composite, indexed
from geo.density.question import Question, answer
from tests.browser.density_page import SECONDS, DensityPage
from tests.browser.driving import wait_idle
from tests.browser.map_page import DATA, until
from tests.browser.test_language import STREAMLIT, _words

TABLE = "density_index"
CHINESE = re.compile(r"[㐀-鿿]")


@pytest.fixture(scope="module")
def atlas():
    """Return the shipped city, computed without the app."""
    return layers.load(DATA)


def scored(atlas, weights: dict[str, int], by: str = "county", way: str = "minmax"):
    """Return the index as the domain computes it, and names by place."""
    everybody = np.ones(len(atlas.projects), dtype=bool)
    answered = indexed.answered(lambda q: answer(atlas, everybody, q), Question(by=by), weights)
    places = atlas.counties.set_index("code") if by == "county" else atlas.parks.set_index("id")
    return composite.composite(answered.values, weights, way), places["name"].to_dict()


def ranking(found, names: dict[str, str]) -> list[tuple[str, float]]:
    return [(names[score.place], round(float(score.score), 1)) for score in found.scores]


def shown(visit: DensityPage) -> list[tuple[str, float]]:
    """Read the ranking from the table."""
    places, scores = (visit.cells(heading, TABLE) for heading in ("地方", "得分"))
    return [(place, round(float(score), 1)) for place, score in zip(places, scores, strict=True)]


def put_weight(visit: DensityPage, item: str, weight: int) -> None:
    """Type a weight."""
    field = visit.page.locator(f'[class~="st-key-density_weight_{item}"] input')
    field.fill(str(weight))
    field.press("Enter")
    until(visit.page, lambda: f"{item}={weight}" in visit.query().get("weights", ""), SECONDS)
    wait_idle(visit.page)


def test_the_ranking_follows_the_weights_and_the_link_shares_it(server, page, new_page, atlas):
    """Typed weights and another way change scores to the domain's; the link opens them elsewhere."""
    visit = DensityPage(page, server.url).open(maps=0, part="index", by="county")
    usual = indexed.usual(atlas, by="county")
    assert shown(visit) == ranking(*scored(atlas, usual))
    put_weight(visit, "jobs", 100)
    put_weight(visit, "invest", 0)
    page.locator(".st-key-density_normalise button").filter(has_text="位次法").click()
    until(page, lambda: visit.query().get("norm") == "rank", SECONDS)
    wait_idle(page)
    weights = {**usual, "jobs": 100, "invest": 0}
    found, names = scored(atlas, weights, way="rank")
    wanted = ranking(found, names)
    assert wanted != ranking(*scored(atlas, usual))
    until(page, lambda: shown(visit) == wanted, SECONDS)
    bands = [
        str(band.best) if band.best == band.worst else f"{band.best}–{band.worst}"
        for band in (doubt.band for doubt in composite.doubted(found))
    ]
    assert visit.cells("可能的名次", TABLE) == bands
    assert "总投资的贡献" not in visit.headings(TABLE)  # a weight of 0 is a measure left out

    other = DensityPage(new_page(), server.url)
    other.page.goto(page.url)
    wait_idle(other.page, seconds=2 * SECONDS)
    until(other.page, lambda: shown(other) == wanted, SECONDS)
    assert other.query() == visit.query()


def test_a_place_opens_what_its_score_is_made_of(server, page, atlas):
    """A click on a bar lets the place stand out and lists each measure with its source."""
    visit = DensityPage(page, server.url).open(maps=0, part="index", by="county")
    found, _ = scored(atlas, indexed.usual(atlas, by="county"))
    visit.mark("density_index_bars", "rect").click()
    visit.place(found.scores[0].place)
    behind = page.locator(".st-key-density_index_behind")
    expect(behind).to_contain_text(f"{float(found.scores[0].score):.1f} 分，第 1 名")
    sources = visit.cells("数字来源", "density_index_behind")
    assert "个项目，其中示例" in sources[0]
    assert all("示例" in source for source in sources[1:])


def test_parks_without_a_measure_are_apart_and_correlated_measures_named(server, page, atlas):
    """Who is not scored stands below with the reason; what counts twice and what is a sample is said."""
    visit = DensityPage(page, server.url).open(maps=0, part="index", by="park")
    found, names = scored(atlas, indexed.usual(atlas, by="park"), by="park")
    assert shown(visit) == ranking(found, names)
    apart = page.locator(".st-key-density_index_missing")
    expect(apart).to_contain_text(f"另有 {len(found.missing)} 处指标不全")
    for place in found.missing:
        expect(apart).to_contain_text(names[place])
    expect(apart).to_contain_text("没有公布面积")
    main = page.locator("[data-testid=stMain]")
    expect(main).to_contain_text("权重是判断，不是测量")
    expect(main).to_contain_text("这些指标是示例数字")
    assert any(pair.strong for pair in found.pairs)
    expect(main).to_contain_text("重复计算")


def test_measures_are_added_and_taken_away(server, page):
    """One measure is too few and said so; the controls stay, and another one makes an index again."""
    visit = DensityPage(page, server.url).open(
        maps=0, part="index", weights="output=40,tax/firms=30"
    )
    items = page.locator(".st-key-density_items")
    items.locator("input").press("Backspace")
    expect(page.get_by_text("综合评价要 2 … 8 项指标，现在是 1 项")).to_be_visible()
    assert visit.query()["weights"] == "output=40"
    items.locator("input").fill("从业人员")
    expect(page.get_by_text("Select all")).to_have_count(0)
    page.get_by_role("option", name="从业人员（人/家）").click()
    until(page, lambda: visit.query()["weights"] == "output=40,jobs/firms=25", SECONDS)
    page.keyboard.press("Escape")
    until(page, lambda: "从业人员（每家企业）的贡献" in visit.headings(TABLE), SECONDS)
    page.locator(".st-key-density_index_equal button").click()
    until(page, lambda: visit.query()["weights"] == "output=25,jobs/firms=25", SECONDS)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("weights", "output=4000,tax=30"),
        ("weights", "![x](//evil.example/x.png)=40,tax=30"),
        ("norm", "**magic**"),
    ],
)
def test_a_hostile_address_is_dropped_and_named(server, page, atlas, key, value):
    """What makes no index is named in a notice, leaves the address, and the usual index is shown."""
    visit = DensityPage(page, server.url).open(maps=0, part="index", **{key: value})
    expect(page.locator(".st-key-notices")).to_contain_text(key)
    expect(page.locator("[data-testid=stMain] img")).to_have_count(0)
    assert key not in visit.query()
    assert shown(visit) == ranking(*scored(atlas, indexed.usual(atlas, by="county")))


def test_the_files_are_what_is_shown(server, page, atlas):
    """The CSV has a row a place with the score on the page, and those apart with their reason."""
    visit = DensityPage(page, server.url).open(maps=0, part="index", by="park")
    with page.expect_download() as download:
        page.locator(".st-key-density_csv_index button").click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    scores = [row for row in rows if row["名次"]]
    assert [(r["地方"], round(float(r["得分（0–100）"]), 1)) for r in scores] == shown(visit)
    found, _ = scored(atlas, indexed.usual(atlas, by="park"), by="park")
    apart = [row for row in rows if not row["名次"]]
    assert [row["标识"] for row in apart] == list(found.missing)
    assert all(row["不评分的原因"] and not row["得分（0–100）"] for row in apart)


def test_english_has_no_chinese_chrome(server, page):
    """Nothing of the part's own words is Chinese in English; names of sources are data."""
    visit = DensityPage(page, server.url).open(
        maps=0, part="index", by="park", lang="en", weights="output=40,tax/firms=30,jobs=30"
    )
    assert visit.title().startswith("Composite index")
    for key in ("density_weights", "density_index_way", "density_index_missing", "density_items"):
        expect(page.locator(f".st-key-{key}")).not_to_contain_text(CHINESE)
    assert not CHINESE.search("".join(visit.headings(TABLE)))
    assert not CHINESE.search("".join(visit.chart_words("density_index_bars")))
    said = page.locator("[data-testid=stMain] [data-testid=stCaptionContainer]").all_inner_texts()
    assert not [line for line in said if CHINESE.search(line)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_sets_weights_without_moving_sideways(server, phone, lang):
    """All is within 390 pixels, two weights stand side by side, and one can be set."""
    visit = DensityPage(phone, server.url).open(maps=0, part="index", lang=lang)
    wide = phone.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    boxes = [
        phone.locator(f'[class~="st-key-density_weight_{item}"]').bounding_box()
        for item in ("invest", "output")
    ]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    put_weight(visit, "tax", 60)
    assert visit.query()["weights"] == "invest=25,output=25,tax=60,jobs=25"


def test_the_chinese_part_has_no_english_words_of_the_framework(server, page):
    """Open lists, lists without a hit and typed weights never show Streamlit's own English."""
    DensityPage(page, server.url).open(maps=0, part="index", by="park")
    field = page.locator(".st-key-density_items input")
    field.click()
    seen = _words(page)
    field.fill("zzzz")
    page.wait_for_timeout(300)
    seen += _words(page)
    page.keyboard.press("Escape")
    page.locator(".st-key-density_weight_tax input").fill("77")
    seen += _words(page)
    assert [text for text in seen if any(word in text for word in STREAMLIT)] == []


def test_hexagons_have_no_index_and_one_press_gives_one(server, page):
    """With hexagons the part says what it needs, and one press switches."""
    visit = DensityPage(page, server.url).open(maps=0, part="index", by="h3")
    expect(page.get_by_text("比较的是有名称的地方")).to_be_visible()
    page.get_by_role("button", name="改为按园区统计").click()
    wait_idle(page)
    until(page, lambda: "地方" in visit.headings(TABLE), SECONDS)
