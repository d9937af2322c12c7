"""Run every measurement and print one table: `python -m bench [--quick] [--projects N …]`."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import browser, load, machine, measure, report
from bench import city as cities
from bench.load import ALONE_SECONDS, Crowd
from bench.measure import APP, BARE, PEERS, City, Way
from tests.browser.server import ROOT

SIZES = (335, 20_000, 100_000)
RESULTS = ROOT / "build" / "bench.json"


def main() -> int:
    """Measure, print, keep; the answer is the table, so the exit code is always 0."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="335 projects and ten sessions only")
    parser.add_argument("--projects", type=int, nargs="+", help="other sizes than the usual")
    parser.add_argument("--only", nargs="+", help="some ways only: app bare markers cluster deck")
    parser.add_argument("--repeats", type=int, help="repetitions of everything in the browser")
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait for a quiet machine")
    options = parser.parse_args()
    # a run that is told to stop still ends its servers and its browser
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sizes = tuple(options.projects or ((SIZES[0],) if options.quick else SIZES))
    busy = machine.wait_quiet(seconds=options.wait)
    results: dict[str, Any] = {"machine": machine.describe(), "load_average": busy}
    results |= {"maps": [], "load": []}
    with tempfile.TemporaryDirectory(prefix="geo-bench-") as name:
        scratch = Path(name)
        places = [_city(scratch, size) for size in sizes]
        for found in _maps(places, scratch, options):
            _keep(results, "maps", found)
        for place in places[::2]:
            _keep(results, "load", _load(place, scratch, quick=options.quick))
    print(report.text(results))
    return 0


def _keep(results: dict[str, Any], part: str, found: dict[str, Any]) -> None:
    """Add what was found and write all of it, so that a run that is cut short is not lost."""
    results[part].append(found)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


def _city(scratch: Path, size: int) -> City:
    folder = cities.make(ROOT / "data", scratch / f"city-{size}", projects=size)
    return measure.city(folder, projects=size)


def _maps(
    places: list[City], scratch: Path, options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    hopeless: set[str] = set()
    with browser.chromium() as chromium:
        for number, place in enumerate(places):
            for way in (APP, *((BARE,) if not number else ()), *PEERS):
                if options.only and way.id not in options.only:
                    continue
                if way.id in hopeless:
                    yield {"way": way.id, "projects": place.projects, "skipped": True}
                    continue
                found = _map(chromium, way, place, scratch, options)
                hopeless |= {way.id} if found["too_slow"] else set()
                yield found


def _map(
    chromium: Any, way: Way, place: City, scratch: Path, options: argparse.Namespace
) -> dict[str, Any]:
    print(f"measuring {way.id} at {place.projects}", file=sys.stderr, flush=True)
    repeats = options.repeats or (3 if options.quick else 8 if place.projects < 1000 else 5)
    server = measure.serve(way, place, scratch)
    began = time.perf_counter()
    with server:
        up = time.perf_counter() - began
        times = measure.way(chromium, way, place, url=server.url, repeats=repeats)
        memory = machine.resident_mb(server.pid)
    return {
        "way": way.id,
        "projects": place.projects,
        "up_s": up,
        "ms": times.ms,
        "too_slow": times.too_slow,
        "changed_pixels": times.changed_pixels,
        "server_mb": memory,
    }


def _load(place: City, scratch: Path, *, quick: bool) -> dict[str, Any]:
    sessions, filters = (10, 6) if quick else (50, 12)
    print(f"measuring {sessions} sessions at {place.projects}", file=sys.stderr, flush=True)
    with measure.serve(APP, place, scratch) as server:
        asyncio.run(load.visit(Crowd(server.url, 1, 4, ALONE_SECONDS)))
        alone = asyncio.run(load.visit(Crowd(server.url, 1, 40, ALONE_SECONDS)))
        before = machine.resident_mb(server.pid)
        held: list[float] = []
        crowd = asyncio.run(
            load.visit(
                Crowd(server.url, sessions, filters),
                on_full=lambda: held.append(machine.resident_mb(server.pid)),
            )
        )
    return {
        "projects": place.projects,
        "sessions": sessions,
        "alone_ms": [1000 * taken for taken in alone.filters],
        "crowd_ms": [1000 * taken for taken in crowd.filters],
        "first_ms": [1000 * taken for taken in crowd.first],
        "errors": alone.errors + crowd.errors,
        "kb_per_filter": crowd.received / 1024 / max(len(crowd.filters), 1),
        "mb_per_session": (held[0] - before) / sessions,
        "server_mb": held[0],
    }


if __name__ == "__main__":
    sys.exit(main())
