"""The composite index on the page: its words, charts, tables and files are those of the domain."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from geo.compare import composite, indexed
from geo.exchange import delimited, xlsx
from geo.wording import translator
from tests.ui.density.test_shown import scope
from ui.density import index_chart, index_table, index_words, weigh
from ui.density.asked import Asked
from ui.density.scope import Scope


def here(city, by="park", weights=(), lang="zh", way="minmax") -> Scope:
    """Return a visitor's scope with an index."""
    usual = scope(city, by=by)
    state = Asked(usual.state.question, weights=weights, normalise=way)
    view = replace(usual.view, language=lang)
    return replace(usual, state=state, view=view, t=translator(lang))


def made(of: Scope) -> index_words.Index:
    return index_words.get(of, weigh.weights(of))


@pytest.mark.parametrize("by", ["county", "park"])
def test_the_bars_add_up_to_the_scores(city, by):
    """Each place has one bar of as many parts as measures count, which add up to its score."""
    own = here(city, by, (("output", 60), ("tax/firms", 40), ("jobs", 0)), way="rank")
    found = made(own)
    _, data = index_chart.stacked(own, found)
    for score in found.found.scores:
        parts = data[data["id"] == score.place]["part"]
        assert len(parts) == 2
        assert sum(parts) == pytest.approx(float(score.score))
    _, bands = index_chart.banded(own, found)
    assert list(bands["rank"]) == [score.rank for score in found.found.scores]
    assert (bands["best"] <= bands["rank"]).all()
    assert (bands["rank"] <= bands["worst"]).all()


def test_what_is_left_out_is_named_with_its_reason(city):
    """Parks without an area are listed once, with the measures that they lack and why."""
    own = here(city)
    found = made(own)
    assert found.found.missing
    listed = index_words.apart(own, found)
    assert sum(len(names) for names in listed.values()) == len(found.found.missing)
    assert any("没有公布面积" in lacks for lacks in listed)


def test_names_are_as_short_as_they_can_be_told_apart(city):
    """Over one denominator the measure is enough; with several each says its own."""
    alike = here(city, weights=(("output", 1), ("tax", 1)))
    assert made(alike).named("tax", alike) == "税收"
    apart = here(city, weights=(("tax", 1), ("tax/firms", 1)))
    named = {made(apart).named(item, apart) for item in ("tax", "tax/firms")}
    assert named == {"税收（每 km²）", "税收（每家企业）"}


def test_measures_that_say_the_same_and_samples_are_said(city):
    """The correlated pairs are named, and every stated sample is, in both languages."""
    for lang, marks in (("zh", ("重复计算", "示例数字")), ("en", ("count twice", "are samples"))):
        own = here(city, "county", lang=lang)
        found = made(own)
        assert any(pair.strong for pair in found.found.pairs)
        said = " ".join(index_words.caveats(own, found))
        assert all(mark in said for mark in marks)
        assert all(index_words.is_sample(found, item) for item in ("output", "tax", "jobs"))
        assert not index_words.is_sample(found, "invest")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_files_hold_what_is_shown_and_what_is_not_scored(city, lang):
    """Excel and CSV have a row a place: scores with their parts, then those apart with the reason."""
    own = here(city, lang=lang)
    found = made(own)
    table = index_table.exported(own, found)
    scores, missing = found.found.scores, found.found.missing
    assert [row[0] for row in table.rows] == [*(score.place for score in scores), *missing]
    assert table.sample_rows == frozenset(range(len(scores)))
    at = [column.id for column in table.columns].index
    for row, score in zip(table.rows, scores, strict=False):
        parts = [row[at(f"{item}_part")] for item in found.items]
        assert sum(parts) == pytest.approx(row[at("score")])
        assert row[at("rank")] == score.rank
        assert [row[at(f"{item}_weight")] for item in found.items] == [25] * 4
    for row in table.rows[len(scores) :]:
        assert row[at("score")] is None
        assert row[at("lacking")]
    sheet = openpyxl.load_workbook(BytesIO(xlsx.write(table))).worksheets[0]
    assert any(cell.value == scores[0].place for row in sheet for cell in row)
    assert scores[0].place in delimited.write(table).decode("utf-8-sig")
    assert any("1000" in note for note in table.notes)


def test_an_item_that_nobody_has_scores_nobody(city):
    """Parks have no population: nobody is scored, everybody is apart, and nothing is 0."""
    own = here(city, weights=(("tax/population", 1), ("jobs", 1)))
    found = made(own)
    assert found.found.scores == ()
    assert found.doubts == ()
    assert len(found.found.missing) == len(found.answered.figures["jobs"])


def test_a_single_place_is_not_called_the_best(city):
    """Where one place alone has all measures, the summary says that nothing is compared."""
    own = here(city)
    asked_ = replace(own.state.question, area="total")
    own = replace(own, state=replace(own.state, question=asked_))
    found = made(own)
    assert len(found.found.scores) == 1
    assert "没有可以比较的" in index_words.summary(own, found)


def test_the_page_and_the_command_draw_alike(city):
    """The page's bands stand on the domain's usual draws and seed."""
    own = here(city, "county")
    weights = indexed.usual(city.atlas, by="county")
    found = made(own)
    wanted = composite.composite(found.answered.values, weights, "minmax")
    assert found.doubts == composite.doubted(wanted, draws=composite.DRAWS, seed=composite.SEED)
