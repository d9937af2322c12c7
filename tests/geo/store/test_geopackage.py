"""The GeoPackage that goes to QGIS."""

from __future__ import annotations

import geopandas as gpd
import pyogrio
import pytest
import shapely

from geo import layers
from geo.errors import GeoError
from geo.store import Update, geopackage, open_store


@pytest.fixture
def placed(tmp_path, data_dir) -> gpd.GeoDataFrame:
    """Return the shipped city's projects, one of them a line."""
    store = open_store(tmp_path / "s.sqlite", city=data_dir)
    line = shapely.LineString([(124.1, 40.1), (124.2, 40.2)])
    store.apply(
        [Update("s001", {"shape": line})], who="a", why="", kind="edit", expected={"s001": 1}
    )
    frame = store.projects()
    store.close()
    return layers.with_projects(layers.load(data_dir), frame).projects


def test_every_project_is_in_the_file_with_its_values(placed, tmp_path):
    """Points, lines and projects without a place come back from their layers, values unchanged."""
    file = tmp_path / "projects.gpkg"
    geopackage.export(placed, file)
    assert {name for name, _ in pyogrio.list_layers(file)} == {
        "projects",
        "projects_line",
        "projects_unplaced",
    }
    points = gpd.read_file(file, layer="projects")
    lines = gpd.read_file(file, layer="projects_line")
    unplaced = pyogrio.read_dataframe(file, layer="projects_unplaced")
    assert points.crs == lines.crs == "EPSG:4326"
    assert list(lines["id"]) == ["s001"]
    assert len(points) + len(lines) + len(unplaced) == len(placed)
    there = points.set_index("id")
    expected = placed[placed["id"].isin(points["id"])].set_index("id")
    assert there.geometry.geom_equals(expected.geometry.loc[there.index]).all()
    for name in ("name", "invest_wan", "stage", "lon"):
        assert there[name].dropna().to_dict() == expected[name].dropna().to_dict()


def test_an_export_replaces_the_old_one_whole_or_not_at_all(placed, tmp_path, monkeypatch):
    """A second export takes the first one's place; one that fails leaves it, and no crumbs."""
    file = tmp_path / "out" / "projects.gpkg"
    file.parent.mkdir()
    geopackage.export(placed, file)
    geopackage.export(placed.iloc[:5], file)
    assert len(gpd.read_file(file, layer="projects")) <= 5
    before = file.read_bytes()

    def fail(*_args: object, **_options: object) -> None:
        raise pyogrio.errors.DataSourceError("no space")

    monkeypatch.setattr(pyogrio, "write_dataframe", fail)
    with pytest.raises(GeoError) as caught:
        geopackage.export(placed, file)
    assert caught.value.code == "store.export_failed"
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["projects.gpkg"]


def test_an_empty_export_is_a_file_that_opens(placed, tmp_path):
    """With nothing to show there is still an empty layer of points."""
    geopackage.export(placed.iloc[:0], tmp_path / "none.gpkg")
    assert gpd.read_file(tmp_path / "none.gpkg", layer="projects").empty
