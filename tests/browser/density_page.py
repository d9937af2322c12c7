"""The page about density as a visitor uses it: its question, map, chart, table and parts."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Frame, Locator, Page

from tests.browser.driving import map_frame, open_page, wait_idle
from tests.browser.map_page import DATA, until

ACCENT = "#0b57d0"
SECONDS = 20


class DensityPage:
    """One visitor on the page about density of a server."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def open(self, maps: int = 1, **query: str) -> DensityPage:
        """Open the page with a query and wait for its maps."""
        open_page(self.page, f"{self.url}/density?{urlencode(query)}")
        self.wait_drawn(maps)
        return self

    def wait_drawn(self, maps: int = 1) -> None:
        """Wait until the page has run and each of its maps has painted."""
        for nth in range(maps):
            self.frame(nth).wait_for_function(
                "() => window.GeoMap && GeoMap.app && GeoMap.app.drawn > 0"
            )
        wait_idle(self.page)

    def frame(self, nth: int = 0) -> Frame:
        return map_frame(self.page, nth=nth)

    def map_box(self, side: str = "") -> Locator:
        """Return the map's frame as the page has it; `side` is `_a` or `_b` of twin maps."""
        return self.page.locator(f".st-key-density_map_box{side} iframe")

    # the question

    def choose(self, name: str, words: str) -> None:
        """Choose an option in a control of the question."""
        self.page.locator(f".st-key-density_{name} input").first.click()
        self.page.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(words)}")).click()
        wait_idle(self.page)

    def by(self, words: str) -> None:
        self.page.locator(".st-key-density_by button").filter(has_text=words).click()
        wait_idle(self.page)

    def part(self, words: str) -> None:
        self.page.locator(".st-key-density_part button").filter(has_text=words).click()
        wait_idle(self.page)

    def query(self) -> dict[str, str]:
        """Read the address, where the map stands left out."""
        found = parse_qs(urlsplit(self.page.url).query)
        return {key: value[0] for key, value in found.items() if key != "at"}

    # what is shown

    def title(self) -> str:
        return self.page.locator("h5").first.inner_text()

    def legend_title(self, nth: int = 0) -> str:
        return self.frame(nth).locator(".gm-legend summary").first.inner_text()

    def legend(self, nth: int = 0) -> list[str]:
        """Read the classes, the densest first."""
        return self.frame(nth).locator(".gm-class .gm-label").all_inner_texts()

    def upper_bounds(self) -> list[float]:
        """Read the upper bounds of the classes from the lowest up."""
        return [float(label.split("–")[1].replace(",", "")) for label in self.legend()][::-1]

    def headings(self, key: str = "density_table") -> list[str]:
        return self.page.locator(f".st-key-{key} [role=columnheader]").all_text_contents()

    def cells(self, heading: str, key: str = "density_table") -> list[str]:
        """Read a column of a table, the rows that are on the screen, once the table has it."""
        until(self.page, lambda: heading in self.headings(key), SECONDS)
        at = self.headings(key).index(heading) + 1
        return self.page.locator(
            f".st-key-{key} [role=gridcell][aria-colindex='{at}']"
        ).all_text_contents()

    def chosen_row(self, key: str = "density_table") -> str:
        """Read the name in the chosen row, "" where there is none."""
        row = self.page.locator(f".st-key-{key} tr[aria-selected=true]")
        names = row.locator("[role=gridcell]").all_text_contents()
        known = {county["name"] for county in read_names()}
        return next((name for name in names if name in known), "")

    def behind(self, key: str = "density") -> Locator:
        return self.page.locator(f".st-key-{key}_behind")

    # what is pressed

    def click_county(self, code: str, *, side: str = "", nth: int = 0) -> None:
        """Press a county where the map writes its name."""
        lon, lat = label_of(code)
        box = self.map_box(side)
        box.scroll_into_view_if_needed()
        x, y = self.frame(nth).evaluate(
            "([lon, lat]) => { const p = map.latLngToContainerPoint([lat, lon]); return [p.x, p.y] }",
            [lon, lat],
        )
        at = box.bounding_box()
        assert at is not None
        self.page.mouse.click(at["x"] + 1 + x, at["y"] + 1 + y)

    def click_bar(self, number: int) -> None:
        """Press a bar of the overview; the first is number 0."""
        self.mark("density_bars", "rect", number).click()

    def mark(self, key: str, kind: str, number: int = 0) -> Locator:
        """Return a mark of a chart: `rect` a bar, `symbol` a dot."""
        chart = self.page.locator(f'[class*="st-key-{key}"] svg')
        return chart.locator(f".mark-{kind}.role-mark path").nth(number)

    def chart_words(self, key: str) -> list[str]:
        """Read what is written in a chart."""
        return self.page.locator(f'[class*="st-key-{key}"] svg text').all_text_contents()

    def centre(self, nth: int) -> tuple[float, float, float]:
        """Return lon, lat and zoom of a map."""
        lon, lat, zoom = self.frame(nth).evaluate(
            "() => [map.getCenter().lng, map.getCenter().lat, map.getZoom()]"
        )
        return lon, lat, zoom

    def place(self, expected: str) -> None:
        """Wait until a place stands out by the address."""
        until(self.page, lambda: self.query().get("place", "") == expected, SECONDS)
        wait_idle(self.page)


def read_names() -> list[dict[str, str]]:
    """Return the counties of the shipped city: code, name and where it is written."""
    found = json.loads((DATA / "counties.geojson").read_text("utf-8"))
    return [feature["properties"] for feature in found["features"]]


def label_of(code: str) -> tuple[float, float]:
    """Return where a county's name is written, lon, lat."""
    own = next(county for county in read_names() if county["code"] == code)
    return float(own["label_lon"]), float(own["label_lat"])
