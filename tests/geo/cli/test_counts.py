"""The counts command answers from files and from the store, and refuses what does not go together."""

from __future__ import annotations

import json

import h3
import pandas as pd
import pytest

from geo.__main__ import main
from geo.cli.context import DONE, REFUSED
from geo.density import areas
from geo.density.counts import by_cell, by_outline
from geo.store import open_store
from geo.store.engine import FILE
from tests.geo.density.worlds import every


@pytest.fixture(autouse=True)
def stored(city, data_dir):
    """Let the store hold the city's projects."""
    open_store(city / FILE, city=data_dir).close()


def run(capsys, *arguments: object) -> tuple[int, str]:
    code = main(["counts", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    assert bool(said.err) == (code == REFUSED)
    return code, said.out + said.err


def test_the_stores_projects_are_counted_where_they_are(atlas, capsys):
    """Projects with an exact place are in their county and hexagon, with the sum; the rest outside."""
    code, said = run(capsys, "--h3", 7, "--value", "invest", "--json")
    assert code == DONE
    found = json.loads(said)
    exact = atlas.projects[every(atlas) & (atlas.projects["placed"] == "site").to_numpy(bool)]
    lon, lat = exact.geometry.x.to_numpy(), exact.geometry.y.to_numpy()
    worth = exact["invest_wan"].fillna(0).to_numpy("int64")
    wanted = by_outline(areas.lookup(atlas.counties, key="code"), lon, lat, worth)
    rows = found["county"]["places"]
    assert [row["place"] for row in rows] == list(wanted.places)
    assert [row["count"] for row in rows] == list(wanted.counts)
    assert [row["sum"] for row in rows] == list(wanted.sums)
    assert found["county"]["outside"] == len(atlas.projects) - sum(wanted.counts)
    cells = by_cell(lon, lat, 7, worth)
    assert {row["place"]: row["sum"] for row in found["h3"]["places"]} == dict(
        zip(cells.places, cells.sums, strict=True)
    )
    assert found["points"] == len(atlas.projects)


def test_files_are_counted_and_told_in_both_languages(atlas, capsys, tmp_path):
    """A file's points are shown by county and hexagon, one line each; what is outside is told."""
    inside = atlas.counties.geometry.iloc[0].representative_point()
    frame = pd.DataFrame({"x": [inside.x, inside.x, 0.0], "y": [inside.y, inside.y, 0.0]})
    frame.assign(n=[1, 2, 4]).to_parquet(tmp_path / "points.parquet")
    asked = (tmp_path / "points.parquet", "--lon", "x", "--lat", "y", "--h3", 6)
    code, said = run(capsys, *asked, "--value", "n")
    assert code == DONE
    county, cell = atlas.counties.iloc[0], h3.latlng_to_cell(inside.y, inside.x, 6)
    assert f"{county['code']}\t{county['name']}\t2\t3" in said
    assert f"{cell}\t\t2\t3" in said
    assert "3 个点" in said
    _, english = run(capsys, *asked, "--by", "none", "--lang", "en", "--workers", 2)
    assert "3 points" in english
    assert f"{cell}\t\t2\t\n" in english
    assert county["code"] not in english


@pytest.mark.parametrize(
    "asked", [("f.parquet", "--table", "t"), ("--table", "t"), ("none.parquet",), ("--value", "x")]
)
def test_what_does_not_go_together_is_refused(capsys, asked):
    """Files with a table, a table without PostGIS, a missing file, a field that is no number."""
    code, said = run(capsys, *asked)
    assert code == REFUSED
    assert said.strip()
