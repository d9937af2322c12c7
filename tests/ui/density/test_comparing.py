"""Ranks, places side by side and twin maps say what the figures say."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from geo.compare import answers
from geo.compare import ranks as compare
from geo.density.measures import MEASURES
from geo.density.question import Question
from geo.exchange import xlsx
from tests.ui.density.test_shown import scope
from ui.density import cards, changes, flips, ranks, shown, side, twin
from ui.density.asked import Asked
from ui.density.scope import Scope


def rows_of(here: Scope, *places: str):
    """Return the shown rows of some places, the densest ones where none are named."""
    found = shown.get(here, here.state.question)
    chosen = places or [row.id for row in found.rows if row.value is not None][:3]
    return [found.row_of[place] for place in chosen]


@pytest.mark.parametrize("by", ["county", "park"])
def test_bands_are_those_of_the_comparison(city, by):
    """Each place's band holds its rank, and the sentence names exactly the ends of the band."""
    here = scope(city, by=by)
    found = shown.get(here, here.state.question)
    bands = ranks.banded(here, found)
    data = ranks.frame(here, found, bands)
    assert list(data["rank"]) == sorted(data["rank"])
    assert (data["best"] <= data["rank"]).all()
    assert (data["rank"] <= data["worst"]).all()
    for band, said in zip(bands, data["said"], strict=True):
        assert str(band.rank) in said
        if band.best < band.worst:
            assert f"{band.best} 至 {band.worst}" in said
        assert ("area" in band.ranges) == (by == "county")


def test_the_summary_counts_what_is_certain(city):
    """All, none and some certain ranks have their own sentence; those that are certain are named."""
    here = scope(city)
    code = list(city.atlas.counties["code"])
    firm = compare.Band(code[0], 1, {"bootstrap": (1, 1)})
    loose = [compare.Band(c, n, {"bootstrap": (2, 3)}) for n, c in ((2, code[1]), (3, code[2]))]
    assert "3 个名次中只有 1 个" in ranks.summary(here, [firm, *loose])
    assert "第 1 名" in ranks.summary(here, [firm, *loose])
    assert "没有一个" in ranks.summary(here, loose)
    assert "都经得起" in ranks.summary(here, [firm])


def test_places_that_are_all_alike_have_no_ranks_to_be_sure_of(city):
    """Where every place shares the first rank, nothing is called certain."""
    here = scope(city)
    alike = [compare.Band(code, 1, {"area": (1, 1)}) for code in city.atlas.counties["code"]]
    assert ranks.level(alike)
    assert "没有先后" in ranks.summary(here, alike)
    assert "经得起" not in ranks.summary(here, alike)
    assert not ranks.level([*alike, compare.Band("another", 1, {"area": (1, 2)})])


def test_flips_colour_those_that_move_and_no_other(city):
    """The chart marks a county exactly where its ranks differ between the views."""
    here = scope(city, measure="invest")
    views = flips.of_counties(here)
    moved = [f.place for f in compare.flips(views) if all(r is not None for r in f.ranks.values())]
    _, data = flips.slopes(here, views, moved)
    for place, own in data.groupby("id"):
        assert bool(own["moved"].all()) == (own["rank"].nunique() > 1) == (place in moved)
    assert set(data["view"]) == {here.t(f"dense.view_{name}") for name in views}


@pytest.mark.parametrize(
    ("measure", "wanted"), [("invest", Fraction(10_000, 1500)), ("projects", Fraction(1, 1500))]
)
def test_a_figure_of_a_km2_turns_into_one_of_a_mu(measure, wanted):
    """1 亿元/km² is 10000/1500 万元/亩, and a count only changes its area."""
    assert flips.in_unit(Fraction(1), Question(measure=measure, per="mu")) == wanted
    assert flips.in_unit(Fraction(1), Question(measure=measure)) == 1


@pytest.mark.parametrize("by", ["county", "park"])
def test_the_largest_of_each_measure_is_a_hundred(city, by):
    """Among the chosen places every measure has one at 100; others keep their proportion."""
    here = scope(city, by=by)
    rows = rows_of(here)
    measured = side.by_measure(here)
    assert set(MEASURES) < set(measured)
    data = side.shares(here, rows, measured)
    assert len(data) == len(rows) * len(measured)
    for measure in {str(cell["measure"]) for cell in data}:
        own = [cell["share"] for cell in data if cell["measure"] == measure]
        assert max(share for share in own if share is not None) == pytest.approx(100)
    invest = [cell for cell in data if cell["measure"] == here.t("density.measure_invest")]
    most = max(row.value for row in rows if row.value is not None)
    for row, cell in zip(rows, invest, strict=True):
        assert cell["share"] == pytest.approx(float(100 * row.value / most))


def test_a_place_without_a_figure_is_a_dash_and_no_bar_of_zero(city):
    """Where a place has no density its share is unknown, and the label says so."""
    here = scope(city, by="park")
    found = shown.get(here, here.state.question)
    unknown = next(row for row in found.rows if row.value is None)
    data = side.shares(here, [*rows_of(here), unknown], side.by_measure(here))
    own = [c for c in data if c["id"] == unknown.id and c["measure"] == "总投资"]
    assert [(c["share"], c["label"]) for c in own] == [(None, "—")]


def test_areas_of_several_kinds_are_warned_of(city):
    """Counties share a kind of area and are not warned of; parks of two kinds are, with both named."""
    here = scope(city)
    assert side.kinds(here, rows_of(here)) == ""
    parks = scope(city, by="park")
    rows = [r for r in shown.get(parks, parks.state.question).rows if r.figure.area.km2]
    kinds = {row.figure.area.kind for row in rows}
    assert len(kinds) > 1
    assert all(parks.t(f"density.area_{kind}") in side.kinds(parks, rows) for kind in kinds)


def test_the_workbook_has_a_row_a_place_and_opens(city):
    """Every chosen place is a row with the sums and densities of all measures."""
    here = scope(city)
    rows = rows_of(here)
    made = side.exported(here, rows, side.by_measure(here), "并排")
    assert [row[0] for row in made.rows] == [row.id for row in rows]
    ids = [column.id for column in made.columns]
    assert made.rows[0][ids.index("invest_km2")] == pytest.approx(float(rows[0].value))
    assert xlsx.write(made)[:2] == b"PK"


def test_outlines_are_at_one_scale(city):
    """A drawing is a picture whose scale is the one given, and a place without outline has none."""
    here = scope(city)
    shape = cards.outline(here, city.atlas.counties["code"].iloc[0])
    assert shape is not None
    assert "data:image/svg+xml;base64," in cards.drawing(shape, 500.0, "#ffffff")
    assert cards.drawing(None, 500.0, "#ffffff") == ""
    assert cards.outline(here, "nowhere") is None


def test_the_second_map_offers_what_keeps_the_unit(city):
    """Years, the other source of areas and other sums are offered; a count has no other sum."""
    offered = twin.choices(scope(city))
    assert {one.partition("=")[0] for one in offered} == {"year", "area", "measure"}
    assert offered[0].startswith("year=")
    counted = twin.choices(scope(city, by="park", measure="projects"))
    assert {one.partition("=")[0] for one in counted} == {"year"}
    assert "year=2020" not in twin.choices(scope(city, year=2020))


@pytest.mark.parametrize("by", ["county", "park", "h3", "surface"])
def test_both_maps_have_the_same_classes(city, by):
    """Bounds and lowest value are equal on both maps, so that equal colours mean equal values."""
    here = scope(city, by=by)
    one = here.state.question
    left, right = twin.both(here, one, replace(one, year=2021))
    assert left.bounds == right.bounds
    assert left.lowest == right.lowest
    assert left.colours == right.colours


def test_differences_come_largest_first_and_add_up(city):
    """Each difference is left less right, the largest first, and unknown ones come last."""
    here = scope(city, by="h3")
    one = here.state.question
    left, right = twin.both(here, one, replace(one, year=2021))
    rows = changes.compared(here, left, right)
    sizes = [abs(row["change"]) for row in rows if row["change"] is not None]
    assert sizes == sorted(sizes, reverse=True)
    for row in rows[: len(sizes)]:
        assert row["change"] == pytest.approx(row["left"] - row["right"])
    assert any(row["right"] == 0 for row in rows)  # a hexagon that had no project yet
    state = Asked(replace(one, by="park"))
    parks = replace(here, state=state)
    pair = twin.both(parks, state.question, replace(state.question, year=2021))
    assert changes.compared(parks, *pair)[-1]["change"] is None


@pytest.mark.parametrize(
    ("share", "said"), [(None, "—"), (0.0, "0"), (0.3, "<1"), (1.0, "1"), (99.6, "100")]
)
def test_a_small_share_is_not_written_as_nothing(city, share, said):
    """Less than one in a hundred is said to be that; 0 and unknown stay apart."""
    assert side.label(share, scope(city).t) == said


def test_stated_figures_are_ranked_without_claims(city):
    """Where no project is behind the figures, no sentence says how sure a rank is."""
    here = scope(city, by="park", measure="output")
    found = shown.get(here, here.state.question)
    bands = ranks.banded(here, found)
    assert bands
    assert all(band.ranges == {} for band in bands)
    assert "没有逐个项目可供检验" in ranks.summary(here, bands)
    assert not any("检验" in ranks.sentence(here, band) for band in bands)
    said = ranks.caveats(here, found, bands)
    assert any("示例" in line for line in said)
    assert not any("色带" in line for line in said)
    counties = scope(city, measure="output")
    assert ranks.ways(counties.state.question) == ("area",)


def test_ranks_per_head_follow_the_figure_shown(city):
    """Divided by people, ranks are those of the density per head, tested by projects alone."""
    here = scope(city, per="population")
    found = shown.get(here, here.state.question)
    bands = ranks.banded(here, found)
    assert [band.place for band in bands] == [r.id for r in found.rows if r.value is not None]
    assert {way for band in bands for way in band.ranges} == {
        "weights",
        "leave_one_out",
        "bootstrap",
    }
    assert answers.over_projects(here.state.question).per == "km2"


def test_samples_among_stated_figures_are_said(city):
    """A comparison with sample figures says so on the page, in pictures and in the workbook."""
    here = scope(city, by="park")
    rows, measured = rows_of(here), side.by_measure(here)
    assert any(answers.is_sample(figures[row.id]) for figures in measured.values() for row in rows)
    said = side.samples(here, rows, measured)
    assert "示例" in said
    assert said in side.exported(here, rows, measured, "并排").notes
    assert side.samples(here, rows, {m: measured[m] for m in MEASURES}) == ""


def test_a_year_of_stated_figures_is_that_year(city):
    """Stated figures are of one year, counts of projects run up to its end; titles say which."""
    one = Question(measure="output")
    here = scope(city, measure="output")
    left, right = twin.both(here, one, replace(one, year=2021))
    assert twin.title_of(left, "year=2021", here) == "最近"
    assert twin.title_of(right, "year=2021", here) == "2021 年"
    counted = scope(city)
    pair = twin.both(counted, Question(), Question(year=2021))
    assert [twin.title_of(found, "year=2021", counted) for found in pair] == [
        "不论年份",
        "截至 2021 年底",
    ]
