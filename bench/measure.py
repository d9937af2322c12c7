"""Measure one way of showing projects: start a server on a city, open pages, click filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench import browser as chromium
from bench.browser import Step, TooSlow, Visit
from geo import layers
from tests.browser.server import ROOT, Server

SLOW_MS = 15_000  # what takes this long is measured once
SEARCH = "shili"  # the pinyin of what every sample's name begins with: the widest search there is


@dataclass(frozen=True)
class Way:
    """Name a way of showing projects, its script and where its filter for a few is."""

    id: str
    title: str
    script: str
    pill: str = ".st-key-f_few button"


APP = Way("app", "this app", "app.py", pill=".st-key-f_kind button")
BARE = Way("bare", "bare page, no map", "bench/peers/bare.py", pill=".st-key-f_kind button")
PEERS = (
    Way("markers", "folium.Marker loop", "bench/peers/markers.py"),
    Way("cluster", "FastMarkerCluster", "bench/peers/cluster.py"),
    Way("deck", "pydeck ScatterplotLayer", "bench/peers/deck.py"),
)


@dataclass(frozen=True)
class City:
    """Hold a generated city: its folder and how many projects a map shows of all and of few."""

    folder: Path
    projects: int
    all: int
    few: int


@dataclass
class Times:
    """Hold the ms of every repetition by measure, and the measures that took too long."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    too_slow: list[str] = field(default_factory=list)
    changed_pixels: int = 0

    def take(self, name: str, measured: Callable[[], float]) -> bool:
        """Measure once and keep it; return whether it was quick enough to be repeated."""
        try:
            taken = measured()
        except TooSlow:
            self.too_slow.append(name)
            return False
        self.ms.setdefault(name, []).append(taken)
        return taken < SLOW_MS


def city(folder: Path, *, projects: int) -> City:
    """Count what a map shows of a city folder."""
    frame = layers.load(folder).projects
    mapped = frame[frame["mapped"]]
    return City(folder, projects, len(mapped), int((~mapped["sample"]).sum()))


def serve(way: Way, place: City, scratch: Path) -> Server:
    """Prepare a server of one way on one city."""
    env = {
        "GEO_DATA": str(place.folder),
        "GEO_STATE": str(scratch / f"state-{place.projects}"),
        "PYTHONPATH": str(ROOT),
    }
    return Server(scratch / f"{way.id}-{place.projects}.log", script=way.script, env=env)


def way(browser: Browser, which: Way, place: City, *, url: str, repeats: int) -> Times:
    """Open the page in fresh profiles, and filter in the last one as often.

    The first visitor, for whom the server reads its data, is kept apart as `cold`.
    """
    times = Times()
    shown = None if which.id in ("cluster", "bare") else place.all
    for number in range(repeats + 1):
        with Visit(browser, way=which.id, url=url) as visit:
            name = "first" if number else "cold"
            again = times.take(name, lambda visit=visit: visit.first(shown=shown))
            if times.too_slow:
                return times
            if number and (not again or number == repeats):
                _filters(visit, which, place, times=times, repeats=repeats)
                return times
    return times


def _filters(visit: Visit, which: Way, place: City, *, times: Times, repeats: int) -> None:
    few, everything = _toggle(which, place)
    times.changed_pixels = _changed_pixels(visit, few, everything)
    for step in (few, everything) * repeats:
        if not times.take(step.name, lambda step=step: visit.step(step)):
            return
    if which is APP:
        for step in _more_steps(place) * repeats:
            times.take(step.name, lambda step=step: visit.step(step))


def _changed_pixels(visit: Visit, few: Step, everything: Step) -> int:
    """Compare pictures of the screen, so that what the probe says is seen once by other eyes."""
    try:
        before = visit.picture()
        visit.step(few)
        after = visit.picture()
        visit.step(everything)
    except TooSlow:
        return 0
    return chromium.changed_pixels(before, after)


def _toggle(which: Way, place: City) -> tuple[Step, Step]:
    counted = which.id not in ("cluster", "bare")

    def press(page: Page) -> None:
        page.locator(which.pill).first.click()

    return (
        Step("few", press, place.few if counted else None),
        Step("all", press, place.all if counted else None),
    )


def _more_steps(place: City) -> list[Step]:
    """Give the other ways to filter; each pair leaves the page as it found it."""

    def half(page: Page) -> None:
        page.locator(".st-key-f_attribute button").nth(1).click()

    def legend(page: Page) -> None:
        chromium.map_frame(page).locator('[data-key^="stage:"]').first.click()

    def search(words: str) -> Callable[[Page], None]:
        def act(page: Page) -> None:
            box = page.locator(".st-key-f_text input")
            box.fill(words)
            box.press("Enter")

        return act

    return [
        Step("half", half),
        Step("half off", half, place.all),
        Step("legend", legend),
        Step("legend off", legend, place.all),
        Step("search", search(SEARCH), place.all - place.few),
        Step("search off", search(""), place.all),
    ]
