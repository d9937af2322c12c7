"""What became of a project, in lines: readable, short, text, and no more than may be known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.exchange.carry import handbook_pdf, road_html, since
from geo.exchange.carry.since import Words
from geo.store.history import Difference
from geo.wording import translator
from tests.geo.exchange.carry.samples import HOSTILE
from tests.geo.exchange.carry.test_handbook import pdf_pages, squeezed
from tests.geo.exchange.carry.test_road import Reader


@pytest.fixture(scope="module")
def words(atlas) -> Words:
    return Words(atlas, translator("zh"), "zh")


def step(before: dict | None, after: dict | None, *, version: int = 2) -> Difference:
    return Difference("p", 1, before, after, version)


def test_values_are_readable(words):
    """Amounts, stages, places and what is unknown read as the handbook's facts do."""
    stage_ids = [
        id_
        for id_ in words.atlas.catalogue.stages
        if id_ not in words.atlas.catalogue.internal_stages
    ]
    one, two = stage_ids[0], stage_ids[1]
    county = words.atlas.counties.iloc[0]
    before = {"invest_wan": 100_000, "progress_pct": 45.0, "stage": one, "county": None}
    after = {"invest_wan": 125_000, "progress_pct": 80.5, "stage": two, "county": county["code"]}
    titles = {id_: words.atlas.catalogue.stages[id_].title["zh"] for id_ in (one, two)}
    assert since.lines([step(before, after)], words) == [
        f"项目阶段：{titles[one]} → {titles[two]}",
        "形象进度：45% → 80.5%",
        "总投资：10 亿元 → 12.5 亿元",
        f"县（市、区）：未填 → {county['name']}",
    ]


def test_land_is_told_in_the_units_of_the_office(words):
    """A change of land reads in 亩 and hectares, and unknown land is no 0."""
    said = since.lines([step({"land_m2": None}, {"land_m2": 3333333})], words)
    assert said == ["用地面积：未填 → 5,000 亩（333.33 公顷）"]


def test_changes_add_up(words):
    """Of several changes the first value and the last are told; what came back is not."""
    steps = [
        step({"progress_pct": 10.0, "owner": "甲"}, {"progress_pct": 20.0, "owner": "乙"}),
        step(
            {"progress_pct": 20.0, "owner": "乙"}, {"progress_pct": 30.0, "owner": "甲"}, version=3
        ),
    ]
    assert since.lines(steps, words) == ["形象进度：10% → 30%"]
    assert since.lines([], words) == []


def test_what_says_nothing_of_the_project_is_not_told(words):
    """Sources, dates of entry and bare coordinates are no lines; that it was moved is one."""
    fields = {"source": "a", "updated": "2026-01-01", "coord_source": "x", "source_url": "u"}
    assert since.lines([step(fields, dict.fromkeys(fields, "b"))], words) == []
    moved = {"lon": 124.1, "lat": 40.1}
    assert since.lines([step(moved, {"lon": 124.2, "lat": 40.2})], words) == ["位置有更新"]


def test_contacts_only_for_internal_use(words):
    """Persons and exact places are told in the internal edition alone."""
    before = {"contact": "联系人甲", "phone": "13900000000", "leader_note": "阅", "place": "某街"}
    change = step(before, dict.fromkeys(before, "新"))
    assert since.lines([change], words) == []
    assert len(since.lines([change], replace(words, internal=True))) == len(before)


def test_what_was_hidden_is_not_quoted(words):
    """Of what a project was while it was internal, other editions say only that it has changed."""
    hidden = next(iter(words.atlas.catalogue.internal_stages))
    for before in ({"internal": True, "owner": "甲"}, {"stage": hidden, "owner": "甲"}):
        change = step(before, {**dict.fromkeys(before, None), "owner": "乙"})
        assert since.lines([change], words) == ["此后资料有更新。"]
        assert any("甲" in line for line in since.lines([change], replace(words, internal=True)))


def test_lines_are_few_and_short(words):
    """A long remark is cut, and of many changes the rest is counted."""
    fields = [name for name in since.PRINTED if not name.endswith(("_wan", "_pct", "_m2"))]
    change = step(dict.fromkeys(fields, "旧" * 500), dict.fromkeys(fields, "新" * 500))
    found = since.lines([change], replace(words, internal=True))
    assert len(found) == since.MOST + 1
    assert found[-1] == f"另有 {len(fields) - since.MOST} 项变化"
    assert all(len(line) < 140 for line in found)


def test_made_and_gone(words):
    """That a record begins is no change of what was visited, what comes after is; gone is none."""
    made = step(None, {"name": "新", "progress_pct": 10.0})
    assert since.lines([made], words) == []
    later = step({"progress_pct": 10.0}, {"progress_pct": 20.0}, version=3)
    assert since.lines([made, later], words) == ["形象进度：10% → 20%"]
    assert since.lines([step({"name": "旧"}, None)], words) == []


def test_hostile_values_are_text(plain, words):
    """A hostile remark is text in the lines, the PDF and the road page; it makes no element."""
    stop = plain.tour.stops[0]
    for text in HOSTILE:
        found = since.lines([step({"remark": None}, {"remark": text})], words)
        brief = replace(plain, changes={stop.project_id: found})
        read = Reader(road_html.write(brief))
        assert found[0] in read.texts
        assert [tag for tag, _ in read.elements].count("script") == 1
        assert [tag for tag, _ in read.elements].count("img") == 1
    assert squeezed(found[0]) in pdf_pages(handbook_pdf.write(brief))[2]
