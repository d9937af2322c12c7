"""Measure counts of points by outline and by hexagon beside other ways: `python -m bench.density`."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import shapely

from bench import machine
from bench.peers import density as peers
from tests.browser.server import ROOT

POINTS = (335, 100_000, 1_000_000, 10_000_000)
RESULTS = ROOT / "build" / "density.json"
REPEATS = 5
LIMIT_SECONDS = 90.0  # for a child in all; a way that takes longer is skipped at that size
SLOW_SECONDS = 5.0  # what takes this long is measured three times
PACKAGES = (
    *("numpy", "shapely", "geopandas", "h3", "duckdb"),
    *("duckdb-extension-spatial", "sedonadb", "h3ronpy"),
)


def outlines() -> peers.Outlines:
    """Return the shipped city's counties."""
    from geo import layers

    frame = layers.load(ROOT / "data").counties.sort_values("code")
    return list(frame["code"]), list(frame.geometry)


def points(size: int) -> np.ndarray:
    """Return seeded lon, lat (2 × size): two thirds even over the counties' box, a third in clusters.

    None lies exactly on a border, where a plain join counts twice.
    """
    random = np.random.default_rng(size)
    shapes = outlines()[1]
    west, south, east, north = shapely.total_bounds(shapes)
    found = random.uniform([[west], [south]], [[east], [north]], (2, size))
    third = size // 3
    middles = shapely.get_coordinates(shapely.point_on_surface(shapes))
    found[:, :third] = random.choice(middles, third).T + random.normal(0, 0.05, (2, third))
    return found


def child(kind: str, way: str, file: Path) -> dict[str, Any]:
    """Count once, warm (a thousand points before), and return time, memory and a digest."""
    lon, lat = np.load(file)
    made = outlines()
    peers.WAYS[kind][way](made, lon[:1000], lat[:1000])()
    run = peers.WAYS[kind][way](made, lon, lat)
    before = _peak_mb()
    began = time.perf_counter()
    found = run()
    took = time.perf_counter() - began
    said = json.dumps(sorted(found.items())).encode()
    return {
        "kind": kind,
        "way": way,
        "points": len(lon),
        "seconds": took,
        "peak_mb": _peak_mb(),
        "added_mb": _peak_mb() - before,
        "places": len(found),
        "digest": hashlib.sha256(said).hexdigest(),
    }


def _peak_mb() -> float:
    """Return the peak of this process alone; what `getrusage` says begins with its parent's."""
    return int(machine.field("/proc/self/status", "VmHWM").split()[0]) / 1024


def measure(
    sizes: Sequence[int], *, repeats: int = REPEATS, limit: float = LIMIT_SECONDS
) -> list[dict[str, Any]]:
    """Run every way in turn, each time in a process of its own; say why one has no time."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.npy"
        for size in sizes:
            np.save(file, points(size))
            for kind in peers.WAYS:
                rows += _in_turn(kind, size, file, repeats=repeats, limit=limit)
    return rows


def _in_turn(
    kind: str, size: int, file: Path, *, repeats: int, limit: float
) -> list[dict[str, Any]]:
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in peers.WAYS[kind]}
    failed: dict[str, str] = {}
    for turn in range(repeats):
        for way, own in runs.items():
            slow = turn >= 3 and own and own[0]["seconds"] > SLOW_SECONDS
            if way not in failed and not slow:
                found = _started(kind, way, file, limit)
                sys.stderr.write(f"{found}\n")
                if isinstance(found, str):
                    failed[way] = found
                else:
                    own.append(found)
    right = {run["digest"] for run in runs[peers.OURS]}
    rows = []
    for way, own in runs.items():
        row = {"kind": kind, "way": way, "points": size, "failed": failed.get(way, "")}
        if {run["digest"] for run in own} - right or len(right) > 1:
            row["failed"] = "other counts than ours"
        rows.append(row if row["failed"] else row | summary(own))
    return rows


def _started(kind: str, way: str, file: Path, limit: float) -> dict[str, Any] | str:
    command = [sys.executable, "-m", "bench.density", "--child", kind, way, str(file)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, check=False, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return f"over {limit:.0f} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]
    return json.loads(done.stdout.splitlines()[-1])


def summary(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the medians of some runs of one way, and the fastest and slowest."""
    times = [run["seconds"] for run in runs]
    return {
        "seconds": median(times),
        "fastest": min(times),
        "slowest": max(times),
        "runs": len(runs),
        "peak_mb": median(run["peak_mb"] for run in runs),
        "added_mb": median(run["added_mb"] for run in runs),
        "places": runs[0]["places"],
    }


def ratio(rows: Iterable[dict[str, Any]], kind: str, size: int) -> float | None:
    """Return our time over the fastest other way's; None where nobody else has one."""
    here = [r for r in rows if (r["kind"], r["points"]) == (kind, size) and not r["failed"]]
    ours = [row["seconds"] for row in here if row["way"] == peers.OURS]
    others = [row["seconds"] for row in here if row["way"] != peers.OURS]
    return ours[0] / min(others) if ours and others else None


def table(rows: list[dict[str, Any]]) -> str:
    """Write the ratios, then one line a way: seconds and the peak of memory, by size."""
    sizes = sorted({row["points"] for row in rows})
    head = " | ".join(f"{size:,}" for size in sizes)
    lines = [f"| ours ÷ the fastest other | {head} |", "| --- |" + " --- |" * len(sizes)]
    for kind in peers.WAYS:
        found = [ratio(rows, kind, size) for size in sizes]
        cells = " | ".join("" if value is None else f"{value:.2f}" for value in found)
        lines.append(f"| {kind} | {cells} |")
    lines += ["", f"| by | way | {head} |", "| --- | --- |" + " --- |" * len(sizes)]
    for kind, ways in peers.WAYS.items():
        for way in ways:
            own = {r["points"]: r for r in rows if (r["kind"], r["way"]) == (kind, way)}
            lines.append(f"| {kind} | {way} | {' | '.join(_cell(own[s]) for s in sizes)} |")
    return "\n".join(lines)


def _cell(row: dict[str, Any]) -> str:
    if row["failed"]:
        return str(row["failed"])
    return f"{row['seconds']:.4g} s, {row['peak_mb']:,.0f} MB"


def main() -> None:
    """Measure and print; nothing fails."""
    parser = argparse.ArgumentParser(prog="python -m bench.density", description=__doc__)
    parser.add_argument("--points", nargs="+", type=int, default=POINTS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--limit", type=float, default=LIMIT_SECONDS, help="seconds a process")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--page", action="store_true", help="the page's reaction alone")
    parser.add_argument("--child", nargs=3, metavar=("KIND", "WAY", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        kind, way, file = options.child
        print(json.dumps(child(kind, way, Path(file))))
        return
    if options.page:
        from bench import density_page

        print(density_page.table(density_page.reaction(repeats=options.repeats)))
        return
    load = os.getloadavg()[0]
    rows = measure(options.points, repeats=options.repeats, limit=options.limit)
    found = {"machine": machine.describe(PACKAGES), "load": load, "rows": rows}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    print(json.dumps(found, ensure_ascii=False, indent=1) if options.json else table(rows))


if __name__ == "__main__":
    main()
