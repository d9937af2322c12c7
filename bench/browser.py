"""Drive Chromium over one page and time what a person sees: the first map, and each filter."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Error, Frame, Page, sync_playwright

from scripts.install_browser import find_browser, sandbox_args

PROBE = (Path(__file__).parent / "probe.js").read_text("utf-8")
LIMIT_SECONDS = 60
SETTLE_MS = 700
VIEWPORT = {"width": 1440, "height": 900}
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # As in a browser without a graphics card: WebGL (pydeck) and canvases are drawn in software,
    # canvases by the page's own thread, so that the clock sees their drawing too.
    "--enable-unsafe-swiftshader",
    "--disable-accelerated-2d-canvas",
]
OUTSIDE = re.compile(r"^(?!http://127\.0\.0\.1:\d+/|(data|blob|about):).*")
MAP = 'iframe[title*="streamlit_folium"], [data-testid="stDeckGlJsonChart"], .st-key-said'


class TooSlow(Exception):
    """Raised when a picture takes longer than `LIMIT_SECONDS`, or the browser gives up."""


@contextmanager
def limited() -> Iterator[None]:
    """Turn what Playwright raises inside into `TooSlow`."""
    try:
        yield
    except Error as error:
        raise TooSlow(str(error)) from None


@dataclass(frozen=True)
class Step:
    """Name a click and how it is made; `shown` is the number of projects drawn after it."""

    name: str
    act: Callable[[Page], None]
    shown: int | None = None


@contextmanager
def chromium() -> Iterator[Browser]:
    """Launch the system's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(),
            args=FLAGS + sandbox_args(),
            env={**os.environ, "TZ": "Asia/Shanghai"},
        )
        yield browser
        browser.close()


class Visit:
    """One page in a browser profile of its own, with nothing cached and nothing outside reachable."""

    def __init__(self, browser: Browser, *, way: str, url: str) -> None:
        self._context = browser.new_context(viewport=VIEWPORT, locale="zh-CN")
        self._context.route(OUTSIDE, lambda route: route.abort())
        self._context.add_init_script(PROBE.replace("__WAY__", way))
        self._url = url
        self.page = self._context.new_page()
        self.page.set_default_timeout(LIMIT_SECONDS * 1000)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def first(self, *, shown: int | None) -> float:
        """Open the page; return ms from the start of the navigation to the projects' pixels.

        Errors: `TooSlow`.
        """
        with limited():
            self.page.goto(self._url, wait_until="commit")
            return self._wait("0", shown)["at"]

    def step(self, step: Step) -> float:
        """Click; return ms from the click to changed pixels of the projects. Errors: `TooSlow`."""
        with limited():
            self.page.wait_for_timeout(SETTLE_MS)
            self.page.evaluate("() => { window.__marks.length = 0; window.__clicked = 0 }")
            step.act(self.page)
            mark = self._wait("window.__clicked", step.shown)
            return mark["at"] - self.page.evaluate("() => window.__clicked")

    def picture(self) -> Image.Image:
        """Return the map as it is on the screen. Errors: `TooSlow`."""
        with limited():
            self.page.wait_for_timeout(SETTLE_MS)
            shot = self.page.locator(MAP).first.screenshot()
        return Image.open(io.BytesIO(shot)).convert("RGB")

    def _wait(self, since: str, shown: int | None) -> dict[str, Any]:
        wanted = "true" if shown is None else f"mark.n === {shown}"
        found = (
            f"() => {since} === 0 && '{since}' !== '0' ? null : window.__marks"
            f".find((mark) => mark.at > {since} && {wanted})"
        )
        return self.page.wait_for_function(found, polling=20).json_value()


def map_frame(page: Page) -> Frame:
    """Return the frame of the app's map."""
    handle = page.locator('iframe[title*="streamlit_folium"]').element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None, "the map has no frame"
    return frame


def changed_pixels(before: Image.Image, after: Image.Image) -> int:
    """Count the pixels that differ between two pictures of the map."""
    difference = ImageChops.difference(before, after).convert("L")
    return sum(difference.histogram()[8:])
