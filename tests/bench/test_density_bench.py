"""The measurement of counts compares equals: same points, same counts, and says where one has none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench import density, density_page
from bench.peers import density as peers

SIZE = 2500


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    found = tmp_path_factory.mktemp("bench") / "points.npy"
    np.save(found, density.points(SIZE))
    return found


@pytest.mark.parametrize("kind", peers.WAYS)
def test_every_way_counts_the_same(kind, file):
    """All ways are installed, and give the counts of ours for the same points."""
    found = {way: density.child(kind, way, file) for way in peers.WAYS[kind]}
    assert {run["digest"] for run in found.values()} == {found[peers.OURS]["digest"]}
    assert {run["points"] for run in found.values()} == {SIZE}
    assert found[peers.OURS]["places"] > 5
    assert all(run["peak_mb"] > 1 and run["seconds"] > 0 for run in found.values())


def test_points_are_the_same_each_time_and_partly_outside(file):
    """The points of a size are seeded, within the world, and some lie in no outline."""
    lon, lat = density.points(SIZE)
    assert (np.load(file) == [lon, lat]).all()
    from geo.density import counts
    from geo.density.outlines import Outlines

    found = counts.by_outline(Outlines.of(*density.outlines()), lon, lat)
    assert min(found.counts) > 0
    assert 0 < found.outside < SIZE / 2


def test_a_child_is_a_process_of_its_own(file):
    """One way runs in a new process and answers as it does here; too slow a one is told as such."""
    found = density._started("outline", peers.OURS, file, 60.0)
    assert found["digest"] == density.child("outline", peers.OURS, file)["digest"]
    assert density._started("outline", peers.OURS, file, 0.01) == "over 0 s"
    assert "KeyError" in density._started("outline", "nobody", file, 60.0)


def test_a_child_does_not_count_its_parents_memory(file):
    """What the measuring process itself has held does not show in the peak of a child."""
    held = np.ones(60_000_000)  # half a gigabyte
    found = density._started("outline", peers.OURS, file, 60.0)
    assert held.nbytes / 2**20 > 400 > found["peak_mb"] > 50


def test_only_a_way_with_our_counts_has_a_time(file, monkeypatch):
    """Medians and the ratio are of ways that count as we do; a failed one has its reason."""
    runs = {
        peers.OURS: iter([3.0, 1.0, 2.0]),
        "GeoPandas sjoin": iter([8.0, 8.0, 8.0]),
        "DuckDB spatial": iter([1.0, 1.0, 1.0]),
        "SedonaDB": iter([4.0, 5.0, 4.0]),
    }

    def started(kind: str, way: str, *_: object) -> dict[str, object] | str:
        if way not in runs:
            return "over 5 s"
        digest = "other" if way == "DuckDB spatial" else "same"
        more = {"peak_mb": 100.0, "added_mb": 10.0, "places": 6, "digest": digest}
        return {"seconds": next(runs[way]), **more}

    monkeypatch.setattr(density, "_started", started)
    rows = density._in_turn("outline", 7, file, repeats=3, limit=5)
    said = {row["way"]: row["failed"] for row in rows}
    assert said["DuckDB spatial"] == "other counts than ours"
    assert said["GeoPandas sjoin, points ready"] == "over 5 s"
    assert (said[peers.OURS], said["SedonaDB"]) == ("", "")
    assert density.ratio(rows, "outline", 7) == 2.0 / 4.0
    assert density.ratio(rows, "hexagon", 7) is None
    rows += [
        dict(row, kind="hexagon", way=way) for way in peers.WAYS["hexagon"] for row in rows[:1]
    ]
    text = density.table(rows)
    assert "| outline | 0.50 |" in text
    assert "other counts than ours" in text
    assert "4 s, 100 MB" in text


def test_what_is_slow_is_measured_three_times(file, monkeypatch):
    """A way that takes long has three runs, the others as many as asked for."""
    asked: list[str] = []

    def started(kind: str, way: str, *_: object) -> dict[str, object]:
        asked.append(way)
        took = 9.0 if way == "h3ronpy" else 1.0
        return {"seconds": took, "peak_mb": 1.0, "added_mb": 1.0, "places": 1, "digest": "same"}

    monkeypatch.setattr(density, "_started", started)
    rows = density._in_turn("hexagon", 7, file, repeats=5, limit=5)
    assert {way: asked.count(way) for way in peers.WAYS["hexagon"]} == {
        peers.OURS: 5,
        "h3, one by one": 5,
        "h3ronpy": 3,
    }
    assert [row["runs"] for row in rows] == [5, 5, 3]
    assert asked[:3] == list(peers.WAYS["hexagon"])  # in turn


def test_the_pages_reaction_is_told_beside_the_bare_rerun():
    """Each change has its median in ms and its ratio; the first picture has no ratio."""
    page = {"first": [900.0], "by park": [150.0, 130.0, 200.0]}
    text = density_page.table({"load": 0.25, "page": page, "bare": [90.0, 110.0]})
    assert "| by park | 150 | 1.50 |" in text
    assert "| bare rerun | 100 | |" in text
    assert "| first | 900 |  |" in text
    assert "0.25" in text
