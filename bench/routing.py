"""Measure the tour solver on public instances beside VROOM and OR-Tools: `python -m bench.routing`."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from bench import machine
from bench.peers import routing as peers
from geo.errors import GeoError
from geo.tour.problem import Day, Problem, Visit
from geo.tour.solve import solve
from tests.browser.server import ROOT

FOLDER = ROOT.parent / "shared" / "routing-bench"
RESULTS = ROOT / "build" / "routing.json"
KINDS = ("tsp", "atsp", "tsptw", "op")
GROUPS = {"tsp": "TSP", "atsp": "ATSP", "tsptw": "TSPTW", "op": "OP"}


@dataclass(frozen=True)
class Instance:
    """Hold one instance as a problem of ours, and its best known value."""

    name: str
    kind: str
    problem: Problem
    best: float


def read(path: Path) -> Instance:
    """Read one instance."""
    raw = json.loads(path.read_text("utf-8"))
    kind = path.parent.name
    made = _orienteering(raw) if kind == "op" else _all_of_them(raw)
    return Instance(path.stem, kind, made, float(raw["best_known"]))


def _all_of_them(raw: Mapping[str, Any]) -> Problem:
    matrix = np.array(raw["matrix"], dtype=float)
    windows = raw.get("tw") or [(0.0, math.inf)] * len(matrix)
    visits = tuple(
        Visit(node=at, earliest=float(windows[at][0]), latest=float(windows[at][1]))
        for at in range(1, len(matrix))
    )
    day = Day(0, 0, float(windows[0][0]), float(windows[0][1]))
    return Problem(minutes=matrix, visits=visits, days=(day,), objective="driving")


def _orienteering(raw: Mapping[str, Any]) -> Problem:
    places = np.array(raw["xy"], dtype=float)
    matrix = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    ends = (raw["start"], raw["end"])
    visits = tuple(
        Visit(node=at, must=False, prize=float(raw["score"][at]))
        for at in range(len(places))
        if at not in ends
    )
    day = Day(*ends, 0.0, float(raw["tmax"]))
    return Problem(minutes=matrix, visits=visits, days=(day,), objective="driving")


def ours(problem: Problem, seconds: float) -> tuple[tuple[int, ...] | None, bool]:
    """Solve with the app's own way; return the route and whether it is proven."""
    try:
        found = solve(problem, seconds=seconds)
    except GeoError:
        return None, False
    return found.routes[0], found.proven


WAYS: Mapping[str, Callable[[Problem, float], tuple[tuple[int, ...] | None, bool]]] = {
    "ours": ours,
    "VROOM": peers.vroom,
    "OR-Tools": peers.ortools,
}


def gap(instance: Instance, route: tuple[int, ...] | None) -> float | None:
    """Return by how much a route misses the best known value, in percent; None if it breaks a rule."""
    problem = instance.problem
    if route is None or len(set(route)) != len(route):
        return None
    day, here = problem.days[0], problem.days[0].start
    now, driven = day.departs, 0.0
    for at in route:
        visit = problem.visits[at]
        leg = float(problem.minutes[here, visit.node])
        now, driven, here = max(now + leg, visit.earliest) + visit.service, driven + leg, visit.node
        if now - visit.service > visit.latest + 1e-6:
            return None
    leg = float(problem.minutes[here, day.end])
    if now + leg > day.latest_return + 1e-6:
        return None
    if instance.kind == "op":
        score = sum(problem.visits[at].prize for at in route)
        return 100 * (instance.best - score) / instance.best
    if len(route) != len(problem.visits):
        return None
    return 100 * (driven + leg - instance.best) / instance.best


def measure(instances: list[Instance], seconds: float) -> Iterator[dict[str, Any]]:
    """Solve every instance in every way, one after the other."""
    for instance in instances:
        for way, run in WAYS.items():
            began = time.perf_counter()
            route, proven = run(instance.problem, seconds)
            took = time.perf_counter() - began
            yield {
                "instance": instance.name,
                "kind": instance.kind,
                "stops": len(instance.problem.visits),
                "way": way,
                "gap_pct": gap(instance, route),
                "seconds": round(took, 3),
                "proven": proven,
            }


def table(rows: list[dict[str, Any]]) -> str:
    """Write one line a kind and way."""
    lines = [
        "| instances | solver | best known reached | mean gap, % | worst, % | without a tour "
        "| proven | mean s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in KINDS:
        for way in WAYS:
            own = [row for row in rows if row["kind"] == kind and row["way"] == way]
            if not own:
                continue
            gaps = [row["gap_pct"] for row in own if row["gap_pct"] is not None]
            reached = sum(value < 0.005 for value in gaps)
            lines.append(
                f"| {GROUPS[kind]} | {way} | {reached} of {len(own)} "
                f"| {mean(gaps) if gaps else math.nan:.3f} | {max(gaps, default=math.nan):.2f} "
                f"| {len(own) - len(gaps)} | {sum(row['proven'] for row in own)} "
                f"| {mean(row['seconds'] for row in own):.2f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Measure and print; nothing fails."""
    parser = argparse.ArgumentParser(prog="python -m bench.routing", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    parser.add_argument("--only", nargs="+", help="some ways only")
    options = parser.parse_args()
    if options.only:
        for name in set(WAYS) - set(options.only):
            WAYS.pop(name)  # type: ignore[attr-defined]
    paths = [
        path for kind in options.kinds for path in sorted((options.folder / kind).glob("*.json"))
    ]
    rows = []
    for row in measure([read(path) for path in paths], options.seconds):
        rows.append(row)
        sys.stderr.write(f"{row}\n")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(
        json.dumps({"machine": machine.describe(), "rows": rows}, ensure_ascii=False, indent=1),
        "utf-8",
    )
    print(table(rows))


if __name__ == "__main__":
    main()
