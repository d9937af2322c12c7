"""The map page as a visitor uses it: where things are, how to press them, what is seen.

`GeoMap.app` inside the frame tells positions and when a painting is done; what a test asserts is
taken from the screen: pixels, words, the address.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from PIL import Image
from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.driving import map_frame, open_page, wait_idle

DATA = Path(__file__).resolve().parents[2] / "data"
YI = 10_000  # 万元 in 1 亿元
CHINESE = re.compile(r"[\u3400-\u9fff]")

# A project's place in the frame's own pixels, with what is drawn there: {x, y, n rows}
_PLACES = """
() => {
  const app = GeoMap.app, shift = app.top._bounds.min.subtract(app.map.containerPointToLayerPoint([0, 0]));
  return app.points.items.map((item) => ({
    x: item.x + shift.x, y: item.y + shift.y, r: item.r, rows: Array.from(item.rows),
  }));
}
"""
_FAN = """
() => {
  const app = GeoMap.app, fan = app.points.fan;
  if (!fan) return [];
  const at = app.map.latLngToContainerPoint(L.CRS.EPSG3857.pointToLatLng(L.point(fan.wx, fan.wy), 0));
  return Array.from(fan.rows).map((row, i) => ({ row, x: at.x + fan.spots[i][0], y: at.y + fan.spots[i][1] }));
}
"""


def read_csv(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """Read a file of a city folder with nothing but the standard library."""
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def projects(folder: Path = DATA) -> list[dict[str, str]]:
    """Return all projects in the order of the map's rows, each with `kind` real or sample."""
    real = [row | {"kind": "real"} for row in read_csv("projects.csv", folder)]
    return real + [row | {"kind": "sample"} for row in read_csv("projects_sample.csv", folder)]


def entries(name: str, folder: Path = DATA, table: str = "entry") -> dict[str, dict[str, Any]]:
    """Read a dictionary of a city folder by id."""
    found = tomllib.loads((folder / name).read_text("utf-8"))[table]
    return {entry["id"]: entry for entry in found}


def total(rows: list[dict[str, str]], column: str) -> int:
    """Add up what is stated in a column."""
    return sum(int(row[column]) for row in rows if row[column])


def money(wan: int) -> str:
    """Write 万元 as the Chinese page does."""
    if wan < YI:
        return f"{wan:,} 万元"
    return f"{wan / YI:,.2f}".rstrip("0").rstrip(".") + " 亿元"


@dataclass(frozen=True)
class Place:
    """A drawn symbol or group: its middle in the frame's pixels, radius, and rows."""

    x: float
    y: float
    r: float
    rows: tuple[int, ...]


class MapPage:
    """One visitor on the map page of a server."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.sent: list[str] = []  # sizes of what the browser told the server, after start
        page.on("websocket", lambda ws: ws.on("framesent", lambda data: self.sent.append("x")))

    def open(self, **query: str) -> MapPage:
        """Open the page with a query and wait for its map, if it has one in this mode."""
        open_page(self.page, f"{self.url}/?{urlencode(query)}" if query else self.url)
        if query.get("m") != "table":
            self.wait_drawn()
        elif self.count()[0]:
            self.grid_rows()
        return self

    # the frame

    @property
    def frame(self) -> Frame:
        return map_frame(self.page)

    def wait_drawn(self, above: int = 0) -> None:
        """Wait until the map has painted more than `above` commands."""
        self.frame.wait_for_function(
            "(n) => window.GeoMap && GeoMap.app && GeoMap.app.drawn > n && GeoMap.app.details",
            arg=above,
        )

    @contextmanager
    def redraw(self) -> Iterator[None]:
        """Do something that makes the map paint anew, and wait for the end of it."""
        before = self.frame.evaluate("() => GeoMap.app.drawn")
        yield
        self.wait_drawn(before)
        wait_idle(self.page)

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Do something that makes the page run anew, and wait for the end of it."""
        yield
        wait_idle(self.page)

    def zoom(self) -> float:
        return float(self.frame.evaluate("() => map.getZoom()"))

    def places(self) -> list[Place]:
        """Return what is drawn inside the visible part of the map, away from its controls."""
        width, height = self.frame.evaluate("() => [innerWidth, innerHeight]")
        right = width - 230 if width > 640 else width - 20
        low = height - 60 if width > 640 else height - 170
        found = [
            Place(p["x"], p["y"], p["r"], tuple(p["rows"])) for p in self.frame.evaluate(_PLACES)
        ]
        return [p for p in found if 70 < p.x < right and 30 < p.y < low]

    def place_of(self, row: int) -> Place:
        return next(place for place in self.places() if row in place.rows)

    def fan(self) -> dict[int, tuple[float, float]]:
        """Return where an open fan has its projects, by row."""
        return {spot["row"]: (spot["x"], spot["y"]) for spot in self.frame.evaluate(_FAN)}

    def point_at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place of the earth stands in the frame."""
        x, y = self.frame.evaluate(
            "([lon, lat]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y] }",
            [lon, lat],
        )
        return x, y

    def box(self) -> dict[str, float]:
        box = self.page.locator(".st-key-map_box iframe").bounding_box()
        assert box is not None
        return {**box, "x": box["x"] + 1, "y": box["y"] + 1}  # the frame's border

    def move(self, x: float, y: float) -> None:
        box = self.box()
        self.page.mouse.move(box["x"] + x, box["y"] + y)

    def click(self, x: float, y: float) -> None:
        """Press the mouse at a point of the frame."""
        box = self.box()
        self.page.mouse.click(box["x"] + x, box["y"] + y)

    def tap(self, x: float, y: float) -> None:
        box = self.box()
        self.page.touchscreen.tap(box["x"] + x, box["y"] + y)

    def picture(self) -> Image.Image:
        """Photograph the map as it stands on the screen."""
        return shoot(self.page.locator(".st-key-map_box iframe"))

    # the words around it

    def count(self) -> tuple[int, int]:
        """Read "n / N" above the map."""
        text = self.page.locator(".st-key-bar").inner_text()
        found = re.search(r"(\d+)\s*(?:/|of)\s*(\d+)", text)
        assert found, text
        return int(found[1]), int(found[2])

    def legend_count(self) -> str:
        return self.frame.locator(".gm-n").inner_text()

    def legend(self, facet: str) -> dict[str, int]:
        """Read the legend's entries of a facet: id → count."""
        entries_ = self.frame.locator(f'.gm-entry[data-key^="{facet}:"]')
        pairs = entries_.evaluate_all(
            "(nodes) => nodes.map((node) => [node.dataset.key, node.querySelector('.gm-count').innerText])"
        )
        return {key.split(":")[1]: int(n) for key, n in pairs}

    def legend_entry(self, facet: str, id_: str) -> Locator:
        return self.frame.locator(f'[data-key="{facet}:{id_}"]')

    def query(self) -> dict[str, str]:
        """Read the address."""
        return {k: v[0] for k, v in parse_qs(urlsplit(self.page.url).query).items()}

    def chips(self) -> list[str]:
        found = self.page.locator(
            '.st-key-chips [class*="st-key-chip_"] button:visible'
        ).all_inner_texts()
        return [
            text.replace("\u2060", "").removesuffix("✕").strip() for text in found if "✕" in text
        ]

    def card(self) -> Locator:
        return self.page.locator(".st-key-card")

    def card_name(self) -> str:
        return self.page.locator(".card-name").inner_text()

    def facts(self) -> dict[str, str]:
        """Read the card's facts by their labels."""
        labels = self.page.locator(".card-facts dt").all_inner_texts()
        return dict(zip(labels, self.page.locator(".card-facts dd").all_inner_texts(), strict=True))

    def figures(self) -> dict[str, str]:
        """Read the bold value of each figure."""
        names = ("projects", "invest", "plan", "rate", "rate_value")
        return {
            name: self.page.locator(f".st-key-figure_{name} strong:visible").inner_text()
            for name in names
        }

    # widgets

    def choose(self, facet: str, option: str) -> None:
        """Choose an option, by the start of its words, in a list of the side panel."""
        box = self.page.locator(f".st-key-f_{facet}")
        box.locator("input").fill(option)  # the list holds only what is in its window
        options = self.page.get_by_role("option")
        options.filter(has_text=re.compile(f"^{re.escape(option)}")).first.click()
        self.page.keyboard.press("Escape")

    def offered(self, facet: str) -> list[str]:
        """Read the options of a list of the side panel that are in its window, and close it."""
        options = self.page.get_by_role("option")
        self.page.locator(f".st-key-f_{facet} input").click()
        expect(options.first).to_be_visible()
        said = options.all_inner_texts()
        self.page.keyboard.press("Escape")
        expect(options).to_have_count(0)
        return said

    def pill(self, facet: str, words: str) -> Locator:
        return self.page.locator(f".st-key-f_{facet} button").filter(has_text=words)

    def type_in(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.fill(text)
        field.press("Enter")

    def grid(self, inside: str = ".st-key-table", nth: int = 0) -> Locator:
        """Return a table's grid; its cells exist for screen readers under the canvas."""
        return self.page.locator(f"{inside} [role=grid]").nth(nth)

    def grid_rows(self, inside: str = ".st-key-table", nth: int = 0) -> int:
        """Say how many rows a table holds, its head left out."""
        grid = self.grid(inside, nth)
        grid.wait_for(state="attached")
        return int(grid.get_attribute("aria-rowcount") or 0) - 1

    def grid_cell(self, row: int, column: int, inside: str = ".st-key-table") -> str:
        """Read a cell (both count from 0, row 0 below the head) that the table has on screen."""
        cell = self.grid(inside).locator(f"#glide-cell-{column + 1}-{row}")
        return (cell.text_content() or "").strip()

    def click_row(self, row: int) -> None:
        """Press the mouse on the name in a row of a table."""
        box = self.page.locator(".st-key-table canvas").first.bounding_box()
        assert box is not None
        x, y = box["x"] + 110, box["y"] + 35 + 35 * row + 17
        self.page.mouse.move(x - 9, y, steps=3)
        self.page.wait_for_timeout(200)  # a grid that has just been given other rows loses a click
        self.page.mouse.click(x, y)


def shoot(thing: Locator | Page, **options: Any) -> Image.Image:
    """Photograph something on the screen."""
    return Image.open(io.BytesIO(thing.screenshot(**options))).convert("RGB")


def colours(image: Image.Image) -> Counter[tuple[int, int, int]]:
    """Count the pixels of each colour."""
    return Counter(image.get_flattened_data())


def near(colour: tuple[int, ...], hex_: str, tolerance: int = 6) -> bool:
    """Tell whether a pixel has about the colour #rrggbb."""
    wanted = [int(hex_[i : i + 2], 16) for i in (1, 3, 5)]
    return all(abs(a - b) <= tolerance for a, b in zip(colour, wanted, strict=True))


def differs(one: Image.Image, other: Image.Image) -> int:
    """Count the pixels in which two pictures of one size differ."""
    assert one.size == other.size
    pairs = zip(one.get_flattened_data(), other.get_flattened_data(), strict=True)
    return sum(a != b for a, b in pairs)


def until(page: Page, happened: Callable[[], bool], seconds: float = 8) -> None:
    """Wait, letting the browser's events come in, until something has happened."""
    for _ in range(int(seconds * 50)):
        if happened():
            return
        page.wait_for_timeout(20)
    raise AssertionError("it did not happen in time")
