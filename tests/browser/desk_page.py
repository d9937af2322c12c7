"""The data desk as somebody in an office uses it, and a record of all that a browser receives."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl
from playwright.sync_api import Error, Frame, Locator, Page, Response, WebSocket, expect

from tests.browser.driving import map_frame, open_page, wait_idle

ROLES = {"visitor": "公众", "staff": "单位人员", "office": "市项目办", "auditor": "督查（只读）"}
HEADINGS = ("序号", "项目名称", "所属县区", "所属产业", "项目阶段", "总投资（亿元）", "开工时间")

_CELLS = """
(grid) => Array.from(grid.querySelectorAll('[role=row]'), (row) =>
  Array.from(row.querySelectorAll('[role=gridcell]'), (cell) => cell.textContent.trim())
).filter((cells) => cells.length)
"""


def workbook(*rows: Iterable[object], headings: Iterable[object] = HEADINGS) -> bytes:
    """Write a list as an office has it: a title in row 1, headings in row 2, entries below."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2026年重点项目表"])
    for row in (headings, *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class Desk:
    """One session on the pages of a server that has the local sign-in."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def open(self, role: str = "", *units: str) -> Desk:
        """Open the desk and take a role; a new page is a new session."""
        open_page(self.page, f"{self.url}/desk")
        if role:
            self.take(role, *units)
        return self

    def take(self, role: str, *units: str) -> None:
        self.choose("local_kind", ROLES[role])
        for unit in units:
            self.choose("local_units", unit)
            self.page.keyboard.press("Escape")

    def choose(self, key: str, words: str) -> None:
        """Choose an option, by its words, in a list."""
        field = self.page.locator(f".st-key-{key} input").first
        field.click()
        field.fill(words)
        self.page.get_by_role("option").filter(has_text=words).first.click()
        wait_idle(self.page)

    def upload(self, content: bytes, name: str = "清单.xlsx") -> None:
        file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.locator(".st-key-desk_upload input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        wait_idle(self.page, quiet_ms=400)

    def press(self, key: str) -> None:
        self.page.locator(f".st-key-{key} button").click()
        wait_idle(self.page)

    def has(self, key: str) -> bool:
        return self.page.locator(f".st-key-{key}").count() > 0

    def table(self, name: str) -> Locator:
        """Return the table that screen readers know by a name."""
        return self.page.locator(f'[data-testid=stDataFrameResizable][aria-label="{name}"]')

    def rows(self, name: str, *, least: int = 1) -> list[list[str]]:
        """Read the cells that a table has on screen, row by row, once it has so many rows."""
        grid = self.table(name).locator("[role=grid]")
        grid.wait_for(state="attached")
        for _ in range(200):
            found = grid.evaluate(_CELLS)
            if len(found) >= least and all(any(cells) for cells in found):
                return found
            self.page.wait_for_timeout(40)
        raise AssertionError(f"{name}: {found}")

    def pick_version(self, number: int, *, listed: Sequence[int] = ()) -> None:
        """Open a version of the history: a press on the box at the beginning of its row.

        `listed` are the versions of the table, newest first, where it does not hold all.
        """
        table = self.table("历史")
        table.scroll_into_view_if_needed()
        self.page.wait_for_timeout(300)  # a grid that has just come loses a click
        rows = int(table.locator("[role=grid]").get_attribute("aria-rowcount") or 0) - 1
        box = table.locator("canvas").first.bounding_box()
        assert box is not None
        self.page.mouse.move(box["x"] + 16, box["y"] + 60)
        scrolled = 0
        if (35 * (rows + 1)) > box["height"]:
            self.page.mouse.wheel(0, 10_000)
            self.page.wait_for_timeout(300)
            scrolled = 35 * (rows + 1) - int(box["height"])
        place = list(listed).index(number) if listed else rows - number  # the newest stands first
        y = 35 + 35 * place + 17 - scrolled
        chosen = table.locator("[role=row][aria-selected=true]")
        for _ in range(3):  # a busy grid may lose one all the same
            self.page.mouse.click(box["x"] + 16, box["y"] + y)
            self.page.wait_for_timeout(300)
            if chosen.count():
                break
        expect(chosen).to_have_count(1)
        wait_idle(self.page)

    def edit(self, name: str) -> None:
        self.choose("edit_project", name)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def save(self) -> None:
        self.page.get_by_text("保存修改", exact=True).click()
        wait_idle(self.page)

    def go(self, page: str) -> None:
        """Follow the head's link to another page, in the same session."""
        self.page.locator(".st-key-nav").get_by_text(page, exact=True).click()
        wait_idle(self.page)

    # the map page

    def count(self) -> int:
        """Read how many projects there are at all: the N of n / N above the map."""
        bar = self.page.locator(".st-key-bar")
        expect(bar).to_contain_text(re.compile(r"\d+\s*(/|of)\s*\d+"))
        found = re.search(r"(\d+)\s*(?:/|of)\s*(\d+)", bar.inner_text())
        assert found
        return int(found[2])

    def frame(self) -> Frame:
        return drawn(self.page)

    def on_map(self) -> list[str]:
        """Return the names of the projects that the map's frame holds."""
        return self.frame().evaluate("() => GeoMap.app.details.names")

    def download(self, press: Callable[[], None]) -> bytes:
        with self.page.expect_download() as started:
            press()
        return Path(started.value.path()).read_bytes()


def drawn(page: Page) -> Frame:
    """Return the map's frame once it has painted and has its names."""
    frame = map_frame(page)
    frame.wait_for_function(
        "() => window.GeoMap && GeoMap.app && GeoMap.app.drawn > 0 && GeoMap.app.details"
    )
    return frame


_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def unfolded(content: bytes, depth: int = 3) -> Iterable[bytes]:
    """Yield content and what is inside it: members of archives, and whatever base64 hides.

    What stands before a run of base64 may look like a part of it, so every beginning is tried.
    """
    yield content
    if not depth:
        return
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from unfolded(archive.read(name), depth - 1)
        return
    for found in _BASE64.finditer(content):
        run = found[0].rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        for start in range(4):
            part = run[start:]
            part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part
            inner = base64.b64decode(part + b"=" * (-len(part) % 4))
            yield from unfolded(inner, depth - 1)


class Received:
    """Keep all that a page's browser gets: every frame of its websockets, every body, every file."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.parts: list[tuple[str, bytes]] = []
        self._responses: list[Response] = []
        self._fetched: set[str] = set()
        page.on("websocket", self._on_socket)
        page.on("response", lambda response: self._responses.append(response))

    def _on_socket(self, socket: WebSocket) -> None:
        def keep(payload: str | bytes) -> None:
            content = payload.encode() if isinstance(payload, str) else payload
            self.parts.append(("websocket", content))

        socket.on("framereceived", keep)

    def add(self, what: str, content: bytes) -> None:
        self.parts.append((what, content))

    def settle(self) -> None:
        """Take the bodies of what has come; one that the browser has let go is fetched again."""
        waiting, self._responses = self._responses, []
        for response in waiting:
            url = response.url
            if url in self._fetched or not url.startswith("http"):
                continue
            self._fetched.add(url)
            try:
                body = response.body()
            except Error:
                body = self.page.context.request.get(url).body()
            self.parts.append((url, body))

    def holding(self, needles: dict[str, bytes]) -> dict[str, set[str]]:
        """Say which of the needles were received, and where."""
        self.settle()
        found: dict[str, set[str]] = {}
        for what, content in self.parts:
            own = (
                "/static/" in what
            )  # Streamlit's own code: megabytes in which all looks like base64
            for inner in unfolded(content, 0 if own else 3):
                for name, needle in needles.items():
                    if needle in inner:
                        found.setdefault(name, set()).add(what)
        return found
