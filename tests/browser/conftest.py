"""Fixtures of the browser tests: servers, one Chromium a worker, and a guarded context a test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.install_browser import find_browser, sandbox_args
from tests.browser.driving import NOTE_QUESTIONS
from tests.browser.guard import Guard
from tests.browser.server import Server

DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # A second fence below the guard: no name and no address but loopback resolves.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder, so that `-m 'not browser'` leaves it out."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the app on its shipped data, once for all tests of a worker."""
    with Server(tmp_path_factory.mktemp("server") / "server.log") as running:
        yield running
        assert "Traceback" not in running.log_text()


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Return a function that starts further servers: `make_server(env={"GEO_DATA": …}, args=[…])`.

    It takes what `Server` takes and ends every server with the test.
    """
    numbers = itertools.count(1)
    with ExitStack() as stack:

        def start(**options: Any) -> Server:
            return stack.enter_context(Server(tmp_path / f"server{next(numbers)}.log", **options))

        yield start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Launch the system's Chromium, or Playwright's own where there is none."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=find_browser(windowless=True),
            args=FLAGS + sandbox_args(),
            env={**os.environ, "TZ": "Asia/Shanghai"},
        )
        yield launched
        launched.close()


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Watch every context of a test and fail it at its end for what must not happen."""
    watch = Guard()
    yield watch
    watch.check()


@pytest.fixture
def new_page(browser: Browser, guard: Guard) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a fresh guarded context: `new_page(locale="en-GB")`."""
    contexts = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(
            **{**DESKTOP, "locale": "zh-CN", "service_workers": "block", **options}
        )
        context.add_init_script(NOTE_QUESTIONS)
        contexts.append(context)
        guard.watch(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """Return a fresh desktop page, 1440 × 900, Chinese."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """Return a fresh phone page, 390 × 844 at two device pixels, with touch, Chinese."""
    return new_page(**PHONE)
