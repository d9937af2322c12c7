"""An answer is classed once, and map, chart and table take the same classes from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.compare import classes, scenario
from geo.density.measures import Densities
from geo.density.question import BY, Question, answer, density
from geo.filters import Filters
from geo.render.shade import UNKNOWN
from geo.view import View
from geo.wording import translator
from ui import cache
from ui.density import controls, files, fits, map, notes, quotients, shown, table
from ui.density.asked import Asked
from ui.density.scope import Scope

T = translator("zh")


def scope(city, **question) -> Scope:
    """Return a visitor's scope over the shipped city."""
    state = Asked(Question(**question))
    return Scope(city, city, View(), city.select(Filters()), state, T)


@pytest.mark.parametrize("by", ["county", "park", "h3"])
def test_rows_are_in_order_and_in_the_class_of_their_value(city, by):
    """Rows come from the densest down, each in the class that its value belongs to, unknown last."""
    found = shown.get(scope(city, by=by), Question(by=by))
    values = [row.value for row in found.rows]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=True)
    assert values[: len(known)] == known
    wanted = classes.classes([None if v is None else float(v) for v in values], found.bounds)
    assert [row.number for row in found.rows] == [UNKNOWN if n is None else n for n in wanted]
    assert sum(shown.counts(found)) == len(known)


def test_views_that_share_their_classes_have_equal_bounds_and_labels(city):
    """Two answers classed together have one scale: equal values have equal classes in both."""
    one, other = Question(measure="invest"), Question(measure="done")
    here = scope(city)
    answers = [shown.get_answer(here, asked) for asked in (one, other)]
    first, second = (
        shown.shown(asked, found, answers)
        for asked, found in zip((one, other), answers, strict=True)
    )
    assert (first.bounds, first.lowest) == (second.bounds, second.lowest)
    assert first.lowest == min(float(row.value) for row in (*first.rows, *second.rows))


def test_a_class_of_one_value_is_written_as_one_figure():
    """A range names two figures that differ; one whose ends read the same is no range."""
    assert shown.labels([0.0, 1.5], str, 0.0) == ["0.0", "0.0 – 1.5"]


@pytest.mark.parametrize("by", ["county", "park", "h3"])
def test_projects_in_places_and_apart_are_all_that_the_sum_names(city, by):
    """The projects of the places and those in none of them are exactly those of the sum."""
    here = scope(city, by=by)
    found = shown.get(here, here.state.question).found
    inside = {int(row) for f in found.figures for row in (*f.amount.rows, *f.amount.unknown)}
    whole = {int(row) for row in (*found.whole.rows, *found.whole.unknown)}
    apart = len(whole - inside)
    said = notes._whole(found.whole, found.left_out, "", T)
    assert f"{len(whole)} 个项目" in said
    assert f"{apart} 个不在任何一处" in said


def test_a_table_never_rounds_a_whole_figure_that_the_chart_writes(city):
    """26,877 beside a bar is 26877 in the table, not 26880."""
    for question in (Question(by="park", measure="output", per="firms"), Question()):
        rows = shown.get(scope(city, **vars(question)), question).rows
        large = [row for row in rows if row.value is not None and row.value >= 10_000]
        for row in large:
            assert table.digits(rows) % float(row.value) == f"{round(row.value)}"
        assert large or table.digits(rows) == "%.4g"


def test_a_cell_is_named_by_the_area_that_the_table_states(city):
    """The choice of cells says the size that cells have in this city, to two digits."""
    here = scope(city, by="h3", resolution=7)
    row = shown.get(here, here.state.question).rows[0]
    size = f"{float(row.figure.area.km2):.2g} km²"
    assert size in controls._cell(city, T)(7)


def test_ranks_are_of_places_that_overlap_no_other(city):
    """A sub-park has no rank beside the zone that contains it."""
    found = shown.get(scope(city, by="park"), Question(by="park"))
    assert all(row.rank is None for row in found.rows if row.figure.within)
    ranks = sorted(row.rank for row in found.rows if row.rank)
    assert ranks[0] == 1


@pytest.mark.parametrize("by", BY)
def test_the_map_shades_what_the_answer_holds(city, by):
    """Every place has its class on the map, and the legend counts add up to them."""
    here = scope(city, by=by)
    found = shown.get(here, here.state.question)
    lit = map.made(here, found)
    if by == "surface":
        km2 = shown.surface_km2(found)
        assert len(km2) == len(found.bounds)
        assert set(lit.classes.values()) <= set(range(len(found.bounds)))
        return
    assert dict(lit.classes) == {row.id: row.number for row in found.rows}
    assert [int(n) for _, n in lit.legend.entries] == shown.counts(found)


def test_the_table_holds_the_figures_and_a_line_over_the_years(city):
    """The last point of a place's line is its density to the end of the last year."""
    here = scope(city, by="county", measure="projects")
    found = shown.get(here, here.state.question)
    frame = table.made(here, found)
    last = table.years(city)[-1]
    past = answer(city.atlas, here.rows, replace(here.state.question, year=last))
    assert isinstance(past, Densities)
    wanted = {f.place: float(density(f, "km2") or 0) for f in past.figures}
    assert frame["line"].map(lambda line: line[-1]).tolist() == [wanted[r.id] for r in found.rows]
    assert frame["amount"].sum() == len(found.found.whole.rows) - sum(
        len(rows) for rows in found.found.left_out.values()
    )


def test_the_file_says_areas_sources_samples_and_what_is_unknown(city):
    """A row of the file carries its area's kind and source, its samples, and its reason if any."""
    here = scope(city, by="park")
    found = shown.get(here, here.state.question)
    written = files.table(here, found)
    ids = [column.id for column in written.columns]
    cells = [dict(zip(ids, row, strict=True)) for row in written.rows]
    assert all(cell["samples"] <= cell["projects"] for cell in cells)
    assert all(cell["reason"] for cell in cells if cell["density"] is None)
    assert all(cell["area_source"] for cell in cells if cell["km2"] is not None)
    assert any("口径" in note for note in written.notes)


def test_a_scenario_changes_a_scratch_city_only(city):
    """Cancelling a project lowers its county by exactly its value; the city itself is as it was."""
    known = city.atlas.projects[city.atlas.projects["invest_wan"].notna()]
    project = known[known["county"].notna()].iloc[0]
    before = shown.get_answer(scope(city), Question())
    scratch = scenario.applied(city.atlas, scenario.read(f"cancel:{project['id']}"))
    assert len(scratch.projects) == len(city.atlas.projects) - 1
    after = answer(scratch, np.ones(len(scratch.projects), dtype=bool), Question())
    old = {f.place: f.amount.total for f in before.figures}
    new = {f.place: f.amount.total for f in after.figures}
    assert old[project["county"]] - new[project["county"]] == project["invest_wan"]
    assert {p for p in old if old[p] != new[p]} == {project["county"]}
    assert shown.get_answer(scope(city), Question()) is before


def test_a_scratch_city_is_not_served(city):
    """What a visitor tries is carried by his own connection, never written to a public address."""
    atlas = scenario.applied(
        city.atlas,
        scenario.read("add:secret idea:park=" + city.atlas.parks["id"].iloc[0] + ",invest_wan=5"),
    )
    made = cache.scratch(city, atlas)
    assert made.addresses["points"].startswith("data:")
    assert made.addresses["details"].startswith("data:")
    assert "x-secret idea" in made.row_of
    assert "x-secret idea" not in city.row_of


def test_a_cell_of_the_matrix_says_its_four_numbers(city):
    """The matrix has every park with every industry, and hatching exactly where numbers are small."""
    here = scope(city, measure="projects")
    found = quotients.made(here)
    _, data = quotients.matrix(here, found)
    assert len(data) == len(found.cells)
    for cell, row in zip(found.cells, data.to_dict("records"), strict=True):
        assert bool(row["small"]) == bool(cell.small and cell.here)
        assert row["how"].startswith(f"({cell.here:,} ÷ {cell.park:,})")


def test_the_bars_of_fits_add_up_to_the_projects_in_parks(city):
    """Fitting, misfitting and unknown projects are together all projects that state a park."""
    from geo.compare import misfits

    here = scope(city)
    found = misfits.misfits(city.atlas, here.rows)
    _, data = fits.bars(here, found)
    assert data["n"].sum() == city.atlas.projects["park"].notna().sum()
