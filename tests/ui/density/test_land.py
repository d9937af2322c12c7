"""What remains of a park is said as what it is: a bound, too little, or unknown."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from fractions import Fraction

import numpy as np
import openpyxl
import pytest

from geo.density.land import Land
from geo.density.measures import Area
from geo.exchange import delimited, xlsx
from geo.exchange.table import Table
from geo.wording import translator
from tests.ui.density.test_shown import scope
from ui.density import files, land, shown, side, table, words
from ui.density.scope import Scope

ONE = np.array([0])


def park(km2: int | None, used_m2: int, **rows: np.ndarray) -> Land:
    area = Area(None if km2 is None else Fraction(km2), "planned", "", "", "area_not_stated")
    return Land("p", area, used_m2, **rows)


def spoken(here: Scope, language: str) -> Scope:
    """Return a scope whose visitor reads a language."""
    return replace(here, view=replace(here.view, language=language), t=translator(language))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (park(5, 2_000_000, rows=ONE), "3 km²"),
        (park(5, 2_000_000, rows=ONE, unknown=ONE), "至多 3 km²"),
        (park(5, 5_500_000, rows=ONE), "超出 0.5 km²"),
        (park(5, 5_500_000, rows=ONE, unknown=ONE), "至少超出 0.5 km²"),
        (park(None, 2_000_000, rows=ONE), "—"),
        (None, "—"),
    ],
)
def test_what_remains_is_said_as_it_is(city, one, said):
    """Exact, at most, exceeded and unknown have words of their own."""
    assert land.remaining(one, scope(city, by="park")) == said


def test_land_that_nobody_states_is_no_zero(city):
    """A park whose projects state no land has a dash; one without projects takes none."""
    here = scope(city, by="park")
    assert land.used(park(5, 0, unknown=ONE), here) == "—"
    assert land.used(park(5, 0), here).startswith("0 亩")


@pytest.mark.parametrize(("by", "there"), [("park", True), ("county", False)])
def test_the_table_has_land_for_parks_alone(city, by, there):
    """Only parks have the columns of land, and every row has its own words."""
    here = scope(city, by=by)
    found = shown.get(here, here.state.question)
    made = table.made(here, found)
    assert ({"used", "remaining"} <= set(made.columns)) is there
    if there:
        parks = land.of_parks(here)
        said = [land.remaining(parks[row.id], here) for row in found.rows]
        assert list(made["remaining"]) == said


def read_back(table: Table, kind: str) -> list[dict[str, object]]:
    """Return a file's rows by heading, as a spreadsheet opens it."""
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(delimited.write(table).decode("utf-8-sig"))))
        head, *body = lines
        return [dict(zip(head, line, strict=False)) for line in body]
    page = openpyxl.load_workbook(io.BytesIO(xlsx.write(table))).worksheets[0]
    head, *body = [[cell.value for cell in line] for line in page.iter_rows()]
    return [dict(zip(head, line, strict=True)) for line in body]


def close(value: object, wanted: Fraction | None) -> bool:
    """Compare a cell with an exact figure; a blank one is unknown."""
    if value in (None, "") or wanted is None:
        return value in (None, "") and wanted is None
    return float(str(value)) == pytest.approx(float(wanted))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("question", [{}, {"year": 2020}, {"measure": "output"}])
def test_files_have_the_land_of_parks(city, language, kind, question):
    """Read back, each park has its exact figures in km², what they mean, and why one is blank."""
    here = spoken(scope(city, by="park", **question), language)
    t, parks = here.t, land.of_parks(here)
    found = shown.get(here, here.state.question)
    rows = {row[t("dense.file_id")]: row for row in read_back(files.table(here, found), kind)}
    assert "km²" in t("dense.file_land_used")
    assert "km²" in t("dense.file_land_remaining")
    bounds = blanks = 0
    for place in (row.id for row in found.rows):
        row, one = rows[place], parks.get(place)
        said = row[t("dense.file_land_reason")]
        if one is None:
            assert said == t("dense.land_no_projects")
            continue
        silent = len(one.unknown) and not len(one.rows)
        assert close(row[t("dense.file_land_used")], None if silent else one.used_km2)
        assert close(row[t("dense.file_land_remaining")], one.remaining_km2)
        assert bool(said) == bool(silent or one.remaining_km2 is None)
        assert str(row[t("dense.file_land_unstated")]) == str(len(one.unknown))
        sample = city.atlas.projects["sample"].to_numpy(dtype=bool)[one.rows].sum()
        assert str(row[t("dense.file_land_samples")]) == str(sample)
        if one.remaining_km2 is None:
            blanks += 1
            assert t(f"density.reason_{one.area.reason}") in str(said)
            continue
        assert words.area_kind(one.area, t) in str(row[t("dense.file_land_area")])
        meant = str(row[t("dense.file_land_meant")])
        bounds += one.at_most
        assert (meant in (t("dense.land_is_left_at_most"), t("dense.land_is_over_at_most"))) == (
            one.at_most
        )
    assert bounds
    assert blanks
    assert {"zh": "上限", "en": "upper bound"}[language] in t("dense.land_is_left_at_most")


def test_other_places_have_no_columns_of_land(city):
    """Counties have none, and no note on it; the notes of parks say how many samples there are."""
    here = scope(city)
    made = files.table(here, shown.get(here, here.state.question))
    assert not any(column.id.startswith("land_") for column in made.columns)
    assert land.notes(here) == []
    parks = scope(city, by="park")
    made = files.table(parks, shown.get(parks, parks.state.question))
    assert any("示例项目" in note for note in made.notes)
    assert parks.t("dense.land_how_file") in made.notes


def test_places_side_by_side_take_their_land_along(city):
    """The workbook of a comparison has the same land as the file of all parks."""
    here = scope(city, by="park")
    found = shown.get(here, here.state.question)
    rows = list(found.rows[:3])
    made = side.exported(here, rows, side.by_measure(here), "并排")
    at = [column.id for column in made.columns].index("land_used")
    for row, line in zip(rows, made.rows, strict=True):
        own = land.cells(here, row.id)
        assert tuple(line[at : at + len(own)]) == own


def test_unknown_land_is_blank_with_its_reason(city, monkeypatch):
    """A park whose projects all keep silent has no land taken, an upper bound, and says why."""
    here = scope(city, by="park")
    monkeypatch.setattr(land, "of_parks", lambda _: {"p": park(5, 0, unknown=ONE)})
    used, left, meant, *_, reason = land.cells(here, "p")
    assert (used, left) == (None, 5.0)
    assert "上限" in str(meant)
    assert "1 个项目都没有写明用地" in str(reason)
    monkeypatch.setattr(land, "of_parks", lambda _: {"p": park(5, 5_500_000, rows=ONE)})
    assert land.cells(here, "p")[:3] == (5.5, -0.5, "负数：已超出")
