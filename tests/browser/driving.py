"""How the tests drive a Streamlit page: open it, wait for its script, find the map's frame."""

from __future__ import annotations

from playwright.sync_api import Frame, Page

MAP_FRAME = 'iframe[title*="streamlit_folium"]'
SECONDS = 30

# What a click asks of the server is not answered at once: the page notes what it has sent until
# something comes back. A context takes this before its first page.
NOTE_QUESTIONS = """
window.__askedAt = undefined;
window.WebSocket = class extends WebSocket {
  constructor(...how) {
    super(...how);
    this.addEventListener("message", () => { window.__askedAt = undefined; });
  }
  send(data) {
    window.__askedAt = performance.now();
    super.send(data);
  }
};
"""
# Some messages are never answered; nobody waits longer than this for an answer.
ANSWER_MS = 5000
# The root element says what the script does. A widget may hold a change back for a moment before it
# sends it, so the page counts as idle only after a quiet spell without a break.
_IDLE = """
([quiet, answer]) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const idle = app
    && app.dataset.testConnectionState === 'CONNECTED'
    && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale="true"], [data-testid="stAppSkeleton"]');
  const now = performance.now();
  const asked = window.__askedAt !== undefined && now - window.__askedAt < answer;
  if (!idle || asked) { window.__idleSince = undefined; return false; }
  window.__idleSince ??= now;
  return now - window.__idleSince >= quiet;
}
"""


def wait_idle(page: Page, *, quiet_ms: int = 200, seconds: float = SECONDS) -> None:
    """Wait until the page's script has ended and no old element is left for `quiet_ms`.

    Prefer `expect(...)` on what a person should see; this is for what is no longer there.
    """
    page.evaluate("() => { window.__idleSince = undefined }")
    page.wait_for_function(_IDLE, arg=[quiet_ms, ANSWER_MS], timeout=seconds * 1000)


def open_page(page: Page, url: str, *, seconds: float = SECONDS) -> Page:
    """Go to an address and wait for the first run of its script."""
    page.goto(url, wait_until="domcontentloaded")
    wait_idle(page, seconds=seconds)
    return page


def map_frame(
    page: Page, *, nth: int = 0, wait_for: str = ".leaflet-container", seconds: float = SECONDS
) -> Frame:
    """Return the frame of the nth map once `wait_for` (Leaflet's own box) is visible in it.

    The frame is a snapshot: after a remount of the map ask again.
    """
    handle = page.locator(MAP_FRAME).nth(nth).element_handle(timeout=seconds * 1000)
    frame = handle.content_frame()
    assert frame is not None, "the map's iframe has no document"
    frame.wait_for_selector(wait_for, timeout=seconds * 1000)
    return frame
