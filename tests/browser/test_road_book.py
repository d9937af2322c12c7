"""The road book, opened from a file as on a phone without any network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from geo import layers
from geo.exchange.carry import road_html
from tests.geo.exchange.carry import samples


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """Return the file of a tour whose every text is hostile."""
    path = tmp_path_factory.mktemp("road") / "road.html"
    path.write_bytes(road_html.write(samples.hostile(layers.load(data_dir))))
    return path


def test_a_hostile_tour_opens_from_a_file(phone: Page, book: Path):
    """It fetches nothing, runs nothing of a name's, fits the phone, and shows its picture."""
    phone.goto(book.as_uri())
    assert phone.locator("article h3").first.inner_text().endswith(samples.HOSTILE[0])
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    assert phone.evaluate("document.images[0].naturalWidth") > 0
    small = phone.locator("nav a, .links a, button").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).length"
    )
    assert small == 0


def test_coordinates_can_be_copied(phone: Page, book: Path):
    """A tap on the button says that it has copied, also where the page has no clipboard."""
    phone.goto(book.as_uri())
    phone.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    phone.evaluate(
        "document.addEventListener('copy', () => { window.copied = getSelection() + ''; })"
    )
    button = phone.locator("#stop-1 button").first
    button.tap()
    assert button.inner_text() == "已复制"
    phone.wait_for_timeout(1700)
    assert button.inner_text() == "复制"
