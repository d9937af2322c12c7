"""The harness itself: a guard that cannot fail would prove nothing about the app."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.driving import map_frame, open_page, wait_idle
from tests.browser.guard import Guard, is_own
from tests.browser.server import Server

SCRIPT = """
import base64, importlib.metadata, os, time
import folium, streamlit as st
from streamlit_folium import st_folium

# Leaflet from the installed distribution, inlined: stock folium asks for it elsewhere.
files = importlib.metadata.files("django-js-lib-leaflet")
leaflet = next(f for f in files if f.name == "leaflet.js").read_binary()
folium.Map.default_css = []
folium.Map.default_js = [
    ("leaflet", "data:text/javascript;base64," + base64.b64encode(leaflet).decode())
]
st.title("self-test")
st.write("setting:" + os.environ.get("GEO_DATA", "none"))
if st.button("slow"):
    time.sleep(1)
    st.write("slow is done")
if st.query_params.get("map"):
    st_folium(folium.Map([40, 124], tiles=None), height=200)
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve a script of five widgets instead of the app."""
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "tiny.py").write_text(SCRIPT, encoding="utf-8")
    with Server(folder / "log", script="tiny.py", cwd=folder) as running:
        yield running


def test_a_well_behaved_page_has_no_fault(tiny: Server, page: Page, guard: Guard):
    """A page that stays at home and says nothing passes the guard."""
    open_page(page, tiny.url)
    expect(page.get_by_role("heading", name="self-test")).to_be_visible()
    assert guard.faults() == []


@pytest.mark.parametrize(
    "script",
    [
        "fetch('https://tiles.example/1.png', {mode: 'no-cors'}).catch(() => 0)",
        "fetch('http://192.0.2.7/x').catch(() => 0)",
        "document.body.appendChild(new Image()).src = '//cdn.example/a.png'",
        "navigator.sendBeacon('https://stats.example/b', 'x')",
        "window.open('https://popup.example/')",
        "new WebSocket('wss://socket.example/s')",
        "fetch('http://127.0.0.1:9999/', {mode: 'no-cors'}).catch(() => 0)",
    ],
)
def test_a_request_to_another_address_fails_the_test(tiny, page, guard, script):
    """Whatever way a page tries to leave its own server, the guard names it and raises."""
    page.goto(tiny.url)
    page.evaluate(f"() => {{ {script} }}")
    _until(page, lambda: guard.outside)
    with pytest.raises(AssertionError, match="request to another address"):
        guard.check()
    guard.outside.clear()


def test_a_blocked_request_never_gets_an_answer(tiny: Server, page: Page, guard: Guard):
    """A request to another address is not only recorded: it ends in an error."""
    page.goto(tiny.url)
    answer = page.evaluate("() => fetch('https://tiles.example/').then(() => 'got', () => 'none')")
    assert answer == "none"
    guard.outside.clear()


def test_a_dialog_fails_the_test(tiny: Server, page: Page, guard: Guard):
    """An alert is recorded with its text and does not hang the page."""
    page.goto(tiny.url)
    page.evaluate("() => alert('boo')")
    with pytest.raises(AssertionError, match=r"dialog: alert 'boo'"):
        guard.check()
    guard.dialogs.clear()


def test_an_uncaught_error_in_a_frame_fails_the_test(tiny: Server, page: Page, guard: Guard):
    """An error that nobody catches inside the map's frame is the page's error too."""
    open_page(page, f"{tiny.url}/?map=1")
    map_frame(page).evaluate("() => setTimeout(() => { throw new Error('broken map') })")
    _until(page, lambda: guard.errors)
    with pytest.raises(AssertionError, match="broken map"):
        guard.check()
    guard.errors.clear()


def test_waiting_for_idle_outlasts_a_slow_run(tiny: Server, page: Page):
    """After a click the wait ends only when the script has ended."""
    open_page(page, tiny.url)
    began = time.monotonic()
    page.get_by_role("button", name="slow").click()
    wait_idle(page)
    assert time.monotonic() - began > 1
    assert page.get_by_text("slow is done").is_visible()


def test_the_phone_is_a_phone(tiny: Server, phone: Page):
    """The phone page has the size, the pixels and the touch of one."""
    open_page(phone, tiny.url)
    size = phone.evaluate(
        "() => [innerWidth, innerHeight, devicePixelRatio, 'ontouchstart' in window]"
    )
    assert size == [390, 844, 2, True]


def test_a_page_speaks_chinese_first(tiny: Server, page: Page):
    """The browser of the tests asks for Chinese."""
    page.goto(tiny.url)
    assert page.evaluate("() => navigator.language") == "zh-CN"


def test_another_server_has_its_own_setting(make_server, page: Page, tiny: Server):
    """A further server runs beside the first with the environment it was given."""
    folder = tiny.log.parent
    other = make_server(script="tiny.py", cwd=folder, env={"GEO_DATA": "elsewhere"})
    assert other.url != tiny.url
    open_page(page, other.url)
    expect(page.get_by_text("setting:elsewhere")).to_be_visible()


def test_a_restart_is_a_new_process_at_the_same_address(make_server, tiny: Server):
    """After a restart the old process is gone and the address answers again."""
    server = make_server(script="tiny.py", cwd=tiny.log.parent)
    before = (server.pid, server.url)
    server.restart()
    assert server.pid != before[0]
    assert server.url == before[1]
    assert not Path(f"/proc/{before[0]}").exists()


def test_a_stopped_server_is_no_longer_home(make_server, tiny: Server):
    """Only servers that run count as the page's own address."""
    server = make_server(script="tiny.py", cwd=tiny.log.parent)
    assert is_own(f"{server.url}/x")
    assert is_own(f"ws://127.0.0.1:{server.port}/_stcore/stream")
    server.stop()
    assert not is_own(f"{server.url}/x")


def test_a_script_that_is_missing_is_said(tmp_path: Path):
    """A server without its script fails at once, with the path."""
    with pytest.raises(AssertionError, match=r"nothing\.py"):
        Server(tmp_path / "log", script="nothing.py", cwd=tmp_path).start()


def _until(page: Page, happened, seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not happened() and time.monotonic() < end:
        page.wait_for_timeout(20)
    assert happened()
