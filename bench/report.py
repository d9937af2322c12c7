"""Turn results into one Markdown table, and say of each target whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

from bench.browser import LIMIT_SECONDS
from bench.load import ALONE_SECONDS, THINK_SECONDS
from bench.measure import APP, BARE, PEERS

SLOW = f"> {LIMIT_SECONDS} s"
OTHERS = ("half", "half off", "legend", "legend off", "search", "search off")
FILTERS = ("few", "all", *OTHERS)


def text(results: dict[str, Any]) -> str:
    """Write machine, maps, load and targets."""
    parts = [_machine(results), _maps(results), _others(results), _load(results)]
    return "\n\n".join([*parts, _targets(results)])


def _machine(results: dict[str, Any]) -> str:
    said = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    return f"{said}; load average at the start {results['load_average']:.2f}"


def _sizes(results: dict[str, Any]) -> list[int]:
    return sorted({found["projects"] for found in results["maps"]})


def _found(results: dict[str, Any], way: str, size: int) -> dict[str, Any]:
    return next(
        (f for f in results["maps"] if f["way"] == way and f["projects"] == size), {"ms": {}}
    )


def typical(results: dict[str, Any], way: str, size: int, measure: str) -> float | None:
    """Return the median in ms of one measure, or None where there is none."""
    taken = _found(results, way, size).get("ms", {}).get(measure)
    return median(taken) if taken else None


def _cell(results: dict[str, Any], way: str, size: int, measure: str) -> str:
    found = _found(results, way, size)
    value = typical(results, way, size, measure)
    if value is not None:
        return f"{value:,.0f}"
    if found.get("skipped"):
        return f"{SLOW} *"
    return SLOW if found.get("too_slow") else "–"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(head: list[str], rows: Iterator[list[str]]) -> str:
    return "\n".join([_row(head), _row(["---"] * len(head)), *(_row(cells) for cells in rows)])


def _maps(results: dict[str, Any]) -> str:
    sizes = _sizes(results)
    head = ["way (median ms)", *(f"{size:,}: first / few / all" for size in sizes)]

    def rows() -> Iterator[list[str]]:
        for way in (APP, *PEERS, BARE):
            cells = [
                " / ".join(_cell(results, way.id, size, m) for m in ("first", "few", "all"))
                for size in sizes
            ]
            yield [way.title, *cells]

    return _table(head, rows())


def _others(results: dict[str, Any]) -> str:
    sizes = _sizes(results)

    def rows() -> Iterator[list[str]]:
        for measure in OTHERS:
            yield [measure, *(_cell(results, APP.id, size, measure) for size in sizes)]
        name = "the server's first visitor"
        yield [name, *(_cell(results, APP.id, size, "cold") for size in sizes)]
        for title, key in (
            ("server up, s", "up_s"),
            ("server's memory, MB", "server_mb"),
        ):
            yield [title, *(_plain(_found(results, APP.id, size), key) for size in sizes)]

    return _table([f"{APP.title} (median ms)", *(f"{size:,}" for size in sizes)], rows())


def _plain(found: dict[str, Any], key: str) -> str:
    return f"{found[key]:,.1f}" if key in found else "–"


def _load(results: dict[str, Any]) -> str:
    head = ["sessions at projects", "alone p50", "p50", "p95", "first run p50", "errors"]
    head += ["KB a filter", "MB a session"]

    def rows() -> Iterator[list[str]]:
        for found in results["load"]:
            yield [
                f"{found['sessions']} at {found['projects']:,}",
                f"{median(found['alone_ms']):.0f}",
                f"{median(found['crowd_ms']):.0f}",
                f"{quantiles(found['crowd_ms'], n=20)[-1]:.0f}",
                f"{median(found['first_ms']):.0f}",
                str(len(found["errors"])),
                f"{found['kb_per_filter']:.0f}",
                f"{found['mb_per_session']:.2f}",
            ]

    think = f"Thinking {THINK_SECONDS[0]:g}–{THINK_SECONDS[1]:g} s between filters"
    return f"{think} (alone {ALONE_SECONDS[0]:g}–{ALONE_SECONDS[1]:g} s), ms:\n\n" + _table(
        head, rows()
    )


def _targets(results: dict[str, Any]) -> str:
    return _table(["target", "measured", "allowed", "holds"], _target_rows(results))


def _target_rows(results: dict[str, Any]) -> Iterator[list[str]]:
    sizes = _sizes(results)
    small, large = sizes[0], sizes[-1]
    ours = [typical(results, APP.id, small, m) for m in ("few", "all")]
    bare = [typical(results, BARE.id, small, m) for m in ("few", "all")]
    if None not in (*ours, *bare):
        yield _target(f"filter at {small:,} ÷ bare rerun", median(ours) / median(bare), 1.5)
    first = [typical(results, way, large, "first") for way in (APP.id, "deck")]
    if None not in first:
        yield _target(f"first map at {large:,} ÷ pydeck's", first[0] / first[1], 0.5)
    slowest = [typical(results, APP.id, large, m) for m in FILTERS]
    deck = typical(results, "deck", large, "all")
    if None not in (*slowest, deck):
        yield _target(f"slowest filter at {large:,} ÷ pydeck's all", max(slowest) / deck, 0.1)
    for found in results["load"]:
        name = f"{found['sessions']} sessions at {found['projects']:,}"
        ratio = median(found["crowd_ms"]) / median(found["alone_ms"])
        yield _target(f"{name}: p50 ÷ alone", ratio, 2)
        yield _target(f"{name}: errors", len(found["errors"]), 0)


def _target(name: str, value: float, allowed: float) -> list[str]:
    return [name, f"{value:.2f}", f"≤ {allowed:g}", "yes" if value <= allowed else "no"]
