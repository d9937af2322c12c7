"""Points in Parquet files give the same counts in one process, in several, and from Dask-GeoPandas."""

from __future__ import annotations

import builtins
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geo.density import areas, counts, distributed, parquet
from geo.density.parquet import Answer, Columns, Question
from geo.errors import GeoError

SIZE = 5000
WITH_VALUE = Columns(value="worth")


@pytest.fixture(scope="module")
def question(atlas) -> Question:
    return Question(areas.lookup(atlas.counties, key="code"), 7)


@pytest.fixture(scope="module")
def points(question) -> pd.DataFrame:
    """Return points in and around the counties, some on corners, some without a place or a value."""
    random = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds(question.outlines.shapes)
    corners = random.choice(shapely.get_coordinates(question.outlines.shapes), 500)
    lon = np.concatenate([corners[:, 0], random.uniform(west, east, SIZE - 500)])
    lat = np.concatenate([corners[:, 1], random.uniform(south, north, SIZE - 500)])
    order = random.permutation(SIZE)
    worth = pd.array(random.integers(2**53, 2**60, SIZE), dtype="Int64")  # no float holds them
    frame = pd.DataFrame({"lon": lon[order], "lat": lat[order], "worth": worth})
    frame.loc[::97, ["lon", "lat"]] = None
    frame.loc[::101, "worth"] = pd.NA
    return frame


@pytest.fixture(scope="module")
def whole(question, points) -> Answer:
    worth = points["worth"].fillna(0).to_numpy(np.int64)
    return question.count(points["lon"].to_numpy(), points["lat"].to_numpy(), worth)


@pytest.fixture(scope="module")
def folder(points, tmp_path_factory) -> Path:
    """Write the points as three files of several row groups, one of them in a folder below."""
    place = tmp_path_factory.mktemp("points")
    (place / "below").mkdir()
    for n, name in enumerate(("a", "b", "below/c")):
        table = pa.Table.from_pandas(points[n::3], preserve_index=False)
        pq.write_table(table, place / f"{name}.parquet", row_group_size=700)
    return place


def places(points: pd.DataFrame, crs: str) -> gpd.GeoDataFrame:
    geometry = gpd.points_from_xy(points["lon"], points["lat"], crs="EPSG:4326")
    return gpd.GeoDataFrame(points[["worth"]], geometry=geometry).to_crs(crs)


def in_turn(pieces: list[parquet.Piece], question: Question) -> Answer:
    return parquet.added(parquet.count(piece, question) for piece in pieces)


def test_files_are_counted_as_one_table(folder, question, whole, monkeypatch):
    """Over files, row groups and chunks the counts add up to those of all points at once."""
    assert whole.points == SIZE
    assert len(set(whole.by_outline.counts)) > 3
    pieces = parquet.pieces([folder], WITH_VALUE)
    assert len(pieces) == 9
    assert in_turn(pieces, question) == whole
    monkeypatch.setattr(counts, "CHUNK", 300)
    assert in_turn(pieces, question) == whole


def test_dask_counts_the_same_in_two_processes(folder, question, whole):
    """Two processes of Dask, each with some of the row groups, give the same answer."""
    pytest.importorskip("dask", reason="requirements-scale.txt is not installed")
    pieces = parquet.pieces([folder], WITH_VALUE)
    assert distributed.of_pieces(pieces, question, workers=2) == whole
    assert distributed.of_pieces([], question, workers=2) == Answer()


def test_a_frame_of_dask_geopandas_is_counted_the_same(points, question, whole):
    """A partitioned frame of Dask-GeoPandas has the counts of its points, empty partitions or not."""
    dask = pytest.importorskip("dask", reason="requirements-scale.txt is not installed")
    dask_geopandas = pytest.importorskip("dask_geopandas", reason="requirements-scale.txt …")
    frame = dask_geopandas.from_geopandas(places(points, "EPSG:4326"), npartitions=20)
    with dask.config.set(scheduler="synchronous"):
        assert distributed.of_frame(frame, question, value="worth") == whole
        few = distributed.of_frame(frame[frame["worth"] < 2**54], question)
    small = (points["worth"] < 2**54).fillna(False)
    assert few.points == int(small.sum())


def test_a_part_that_fails_fails_the_whole(folder, question, tmp_path):
    """A file that is damaged between listing and counting gives an error, never the rest's counts."""
    pytest.importorskip("dask", reason="requirements-scale.txt is not installed")
    for file in folder.glob("*.parquet"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    pieces = parquet.pieces([tmp_path], Columns())
    (tmp_path / "b.parquet").write_bytes(b"PAR1" + bytes(100))
    for way in (in_turn, lambda *a: distributed.of_pieces(*a, workers=2)):
        with pytest.raises(GeoError) as failed:
            way(pieces, question)
        assert failed.value.code == "counts.unreadable"


@pytest.mark.parametrize("crs", ["EPSG:4326", "OGC:CRS84", "EPSG:3857"])
def test_geoparquet_says_its_own_crs(points, question, whole, tmp_path, crs):
    """GeoParquet is read by its geometry; in another CRS it is turned into degrees first."""
    places(points, crs).to_parquet(tmp_path / "p.parquet")
    found = in_turn(parquet.pieces([tmp_path], WITH_VALUE), question)
    assert (found.points, found.by_cell.outside) == (whole.points, whole.by_cell.outside)
    assert sum(found.by_cell.sums) == sum(whole.by_cell.sums)
    if crs != "EPSG:3857":  # to metres and back, a point on a border may fall beside it
        assert found == whole


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        (Columns(lon="x"), "counts.column"),
        (Columns(value="y"), "counts.column"),
        (Columns(value="lat"), "counts.not_whole"),
    ],
)
def test_a_column_that_does_not_fit_is_refused_at_once(folder, columns, code):
    """A missing column, or one to be summed that is not of whole numbers, is named before counting."""
    with pytest.raises(GeoError) as refused:
        parquet.pieces([folder], columns)
    assert refused.value.code == code


def test_files_that_are_none_are_refused(tmp_path):
    """A missing file, an empty folder and a text that is called Parquet each have their error."""
    codes = []
    (tmp_path / "text.parquet").write_text("x", "utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("none.parquet", "empty", "text.parquet"):
        with pytest.raises(GeoError) as refused:
            parquet.pieces([tmp_path / name], Columns())
        codes.append(refused.value.code)
    assert codes == ["file_missing", "file_missing", "counts.unreadable"]


def test_without_dask_it_says_what_to_install(folder, question, monkeypatch):
    """Where Dask is missing, asking for several processes is refused with its own code."""
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "dask":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(GeoError) as refused:
        distributed.of_pieces(parquet.pieces([folder], Columns()), question, workers=2)
    assert refused.value.code == "counts.dask_missing"
