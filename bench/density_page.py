"""Measure how soon the density page has a new picture, beside a bare rerun of Streamlit."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from bench import browser as chromium
from bench import city as cities
from bench import measure
from bench.browser import Step, Visit
from bench.measure import BARE, City, Way
from tests.browser.server import ROOT

PROJECTS = 335
DENSITY = Way("density", "density page", "app.py")
NEW = "a question not asked before"


def reaction(*, repeats: int) -> dict[str, Any]:
    """Return the ms of each change on the page and of the bare page's filters, all of one run."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="geo-bench-") as name, chromium.chromium() as browser:
        scratch = Path(name)
        folder = cities.make(ROOT / "data", scratch / "city", projects=PROJECTS)
        place = measure.city(folder, projects=PROJECTS)
        with measure.serve(BARE, place, scratch) as server:
            bare = measure.way(browser, BARE, place, url=server.url, repeats=repeats)
        page = _page(browser, place, scratch, repeats)
    return {"load": load, "page": page, "bare": [*bare.ms["few"], *bare.ms["all"]]}


def _page(browser: Browser, place: City, scratch: Path, repeats: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first": []}
    with measure.serve(DENSITY, place, scratch) as server:
        url = f"{server.url}/density"
        for _ in range(2):  # for the first visitor the server reads its data
            with Visit(browser, way=DENSITY.id, url=url) as visit:
                found["first"].append(visit.first(shown=None))
        with Visit(browser, way=DENSITY.id, url=url) as visit:
            visit.first(shown=None)
            before = visit.picture()
            found[NEW] = [visit.step(step) for step in _unasked()]
            assert chromium.changed_pixels(before, visit.picture()), "the picture did not change"
            for step in (_by(0), _measured(1)):
                visit.step(step)
            for _ in range(repeats):
                for step in _steps():
                    found.setdefault(step.name, []).append(visit.step(step))
    return found


def _steps() -> list[Step]:
    """Give changes of the question that bring the page back to where it was."""
    return [_measured(0), _measured(1), _by(1), _by(0)]


def _unasked() -> list[Step]:
    """Give changes to questions that nobody has asked this server yet."""
    measures = [_measured(number) for number in (0, 2, 3)]
    return [*measures, _by(1), *measures[1::-1]]


def _measured(number: int) -> Step:
    def act(page: Page) -> None:
        page.locator(".st-key-density_measure input").click()
        page.get_by_role("option").nth(number).click()

    return Step("back" if number else "another measure", act)


def _by(number: int) -> Step:
    def act(page: Page) -> None:
        page.locator(".st-key-density_by button").nth(number).click()

    return Step("by park" if number else "by county", act)


def table(found: dict[str, Any]) -> str:
    """Write medians in ms, and each over the bare rerun's."""
    bare = median(found["bare"])
    lines = [
        f"load average at the start {found['load']:.2f}",
        "",
        "| change | ms | ÷ bare rerun |",
        "| --- | --- | --- |",
        f"| bare rerun | {bare:.0f} | |",
    ]
    for name, taken in found["page"].items():
        ratio = "" if name == "first" else f"{median(taken) / bare:.2f}"
        lines.append(f"| {name} | {median(taken):.0f} | {ratio} |")
    return "\n".join(lines)
