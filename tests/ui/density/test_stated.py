"""Stated figures on the page carry year, status, source and the mark of a sample wherever they go."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo import layers
from geo.compare import answers
from geo.density import per, stated
from geo.density.question import Question
from geo.exchange import delimited
from geo.filters import Filters
from geo.series import Point, Series
from geo.view import View
from geo.wording import translator
from ui import cache
from ui.density import asked, files, map, notes, shown, table, words
from ui.density.asked import Asked
from ui.density.scope import Scope

T = translator("zh")


def scope(city, **question) -> Scope:
    """Return a visitor's scope over the shipped city."""
    state = Asked(Question(**question))
    return Scope(city, city, View(), city.select(Filters()), state, T)


@pytest.mark.parametrize("by", stated.BY)
@pytest.mark.parametrize("measure", ["invest", *stated.METRICS])
@pytest.mark.parametrize("over", ["km2", "mu", *per.KINDS])
@pytest.mark.parametrize("year", [None, 2021])
def test_every_combination_is_shown(city, by, measure, over, year):
    """Table, map, file and notes are made for each measure and denominator, unknown as unknown."""
    here = scope(city, by=by, measure=measure, per=over, year=year)
    found = shown.get(here, here.state.question)
    frame = table.made(here, found)
    assert len(frame) == len(found.rows)
    assert set(frame.columns) <= {*table._config(here, found)}
    lit = map.made(here, found)
    assert set(lit.tips) == {row.id for row in found.rows}
    assert len(files.table(here, found).rows) == len(found.rows)
    assert words.unit(found.question, T) == T(f"density.unit_{shown_unit(found)}")
    assert isinstance(notes.lines(here, found.found), list)


def shown_unit(found) -> str:
    figure = found.found.figures[0]
    return (
        figure.unit.replace("yi_per_km2", "wan_per_mu").replace("km2", "mu")
        if (found.question.per == "mu")
        else figure.unit
    )


def test_a_sample_is_marked_wherever_it_goes(city):
    """Tip, table, file and picture say 示例 of a sample figure, and the file colours its row."""
    here = scope(city, measure="output", per="population", year=2021)
    found = shown.get(here, here.state.question)
    assert found.bounds
    for row in found.rows:
        tip = "".join(map.tip(here, found, row.id))
        assert tip.count("［示例］") == 2
        assert "2021" in tip
    frame = table.made(here, found)
    assert frame["area"].str.contains("示例").all()
    assert frame["source"].str.contains("示例").all()
    assert "projects" not in frame
    assert T("dense.has_samples") in notes.beside(here, found.found)
    written = files.table(here, found)
    assert written.sample_rows == frozenset(range(len(found.rows)))
    assert delimited.write(written).decode("utf-8-sig").count("［示例］") == 2 * len(found.rows)


def test_a_real_figure_bears_no_mark_and_text_stays_text(city):
    """A figure from a list names its source as it stands, without the mark of a sample."""
    code, nasty = city.atlas.counties["code"].iloc[0], "<b>x</b>{{7*7}}=1+1"
    point = Point(code, "tax", "2021", 900, "estimate", source=nasty)
    made = cache.scratch(city, layers.with_series(city.atlas, Series((point,))))
    here = replace(scope(made, measure="tax"), city=made, real=made)
    found = shown.get(here, here.state.question)
    figure = found.row_of[code].figure
    assert words.source(figure, here) == f"2021{T('app.separator')}预计{T('app.separator')}{nasty}"
    assert not answers.is_sample(figure)
    assert T("dense.has_samples") not in notes.beside(here, found.found)
    assert [words.reason(row.figure, T) for row in found.rows[1:]] == ["没有该年的数字"] * 5
    assert nasty in table.made(here, found)["source"].tolist()[0]


def test_a_line_over_the_years_has_no_zero_for_what_is_unknown(city):
    """The line of a stated figure has a point for each year that is stated, and none besides."""
    here = scope(city, by="park", measure="output")
    found = shown.get(here, here.state.question)
    lines = table.sparklines(here, found)
    years = table.years(city, here.state.question)
    assert years == [2019, 2020, 2021, 2022]
    for row in found.rows:
        assert len(lines[row.id]) == (0 if row.value is None else len(years))
        assert 0 not in lines[row.id]


def test_cells_drop_what_is_only_stated_of_places(city):
    """Changing to hexagons goes back to projects and areas, and says so in the address alone."""
    found = asked.question.plausible(Question(by="h3", measure="output", per="firms"))
    assert found == Question(by="h3")
    assert answers.twin(Question(measure="output"), "measure=tax") == Question(measure="tax")
    assert answers.twin(Question(measure="output"), "measure=jobs") is None
