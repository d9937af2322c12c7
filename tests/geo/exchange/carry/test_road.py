"""The road book: a page that fetches nothing, runs one script, and shows every text as text."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from PIL import Image

from geo.exchange.carry import facts, links, road_html, timeline
from geo.exchange.carry.brief import one_line
from tests.geo.exchange.carry.samples import HOSTILE

SCHEMES = ("https://", "amapuri:", "iosamap:", "baidumap:", "qqmap:", "geo:", "#")


class Reader(HTMLParser):
    """Collects what a browser would see: elements, attributes, text outside script and style."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.code: dict[str, str] = {}
        self.inside = ""
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        self.inside = tag

    def handle_data(self, data):
        if self.inside in ("script", "style"):
            self.code[self.inside] = self.code.get(self.inside, "") + data
        elif data.strip():
            self.texts.append(data)

    def handle_endtag(self, tag):
        self.inside = ""

    def values(self, name):
        return [attrs[name] for _, attrs in self.elements if name in attrs]


@pytest.fixture(scope="module")
def page(hostile) -> Reader:
    return Reader(road_html.write(hostile))


def test_hostile_text_is_text(page):
    """Each hostile text stands in the page's text, and not one element comes from it."""
    for text in HOSTILE:
        flat = one_line(text).replace("\x00", "")
        assert any(flat in one for one in page.texts), text
    tags = [tag for tag, _ in page.elements]
    assert tags.count("script") == tags.count("style") == tags.count("img") == 1
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "style" not in {name for _, attrs in page.elements for name in attrs}


def test_links_have_known_schemes(page):
    """Every link is one of ours; a name never makes a scheme."""
    hrefs = page.values("href")
    assert len(hrefs) > 50
    assert all(href.startswith(SCHEMES) for href in hrefs)
    assert not [src for src in page.values("src") if not src.startswith("data:image/png;base64,")]


def test_the_policy_names_the_very_script(page):
    """Nothing may be fetched, and only the script and style that stand in the page may run."""
    (policy,) = [a["content"] for _, a in page.elements if "http-equiv" in a]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.code[kind].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_each_stop_has_its_card(plain):
    """A card a stop, with arrival, links for its drive, and coordinates in three datums."""
    content = road_html.write(plain).decode()
    read = Reader(content.encode())
    cards = re.findall(r'<article id="stop-(\d+)">(.*?)</article>', content, re.DOTALL)
    assert [int(number) for number, _ in cards] == [stop.number for stop in plain.tour.stops]
    places = timeline.places(plain.tour.days[0])
    hrefs = read.values("href")
    for number, (origin, target) in enumerate(pairwise(places[:-1])):
        for provider in links.PROVIDERS:
            assert links.leg(provider, origin, target) in hrefs, number
        for datum in ("wgs84", "gcj02", "bd09"):
            assert links.copied(target, datum) in read.values("data-copy")
    for (_, card), stop in zip(cards, plain.tour.stops, strict=True):
        assert facts.precision(plain, stop) in card
        assert (plain.t("card.sample") in card) == stop.sample


def test_the_whole_tour_is_linked(plain):
    """Every piece of the whole tour is a link."""
    hrefs = Reader(road_html.write(plain)).values("href")
    places = timeline.places(plain.tour.days[0])
    for provider in ("amap_web", "amap_android", "baidu_app", "tencent_app"):
        assert all(piece.url in hrefs for piece in links.tour(provider, places))


def test_the_map_is_in_the_page(plain):
    """The picture is inside the file, has words for those who cannot see it, and says what it is."""
    read = Reader(road_html.write(plain))
    ((_, image),) = [one for one in read.elements if one[0] == "img"]
    picture = Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2])))
    assert picture.size == (int(image["width"]), int(image["height"]))
    assert all(one_line(stop.name) in image["alt"] for stop in plain.tour.stops)
    assert plain.legal() in read.texts


def test_contacts_only_for_internal_use(hostile):
    """Without leave the file holds neither contact nor telephone, not even hidden."""
    stop = hostile.tour.stops[0]
    secret = replace(stop, project=stop.project | {"contact": "联系人甲", "phone": "13900000000"})
    day = replace(hostile.tour.days[0], stops=(secret, *hostile.tour.days[0].stops[1:]))
    brief = replace(hostile, tour=replace(hostile.tour, days=(day,)))
    assert "13900000000" in road_html.write(brief).decode()
    assert "13900000000" not in road_html.write(replace(brief, internal=False)).decode()
