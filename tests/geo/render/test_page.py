"""The map as one web page: whole, closed to the web, with the given rows and no others."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from js_lib_leaflet import __file__ as leaflet_module

from geo.filters import Filters
from geo.render import page
from geo.render.payload import HIDDEN
from geo.view import View
from tests.geo.exchange.samples import HOSTILE

LEAFLET = Path(leaflet_module).parent / "static" / "js_lib_leaflet"
TEXT = {
    "picture_title": "地图",
    "picture_subtitle": "全部",
    "notice": "导出",
    "n_of_N_template": "{shown} / {total}",
}


class Tags(HTMLParser):
    """Collect every tag and attribute as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def write(atlas, rows=None, *, text=TEXT, view=None, names=None) -> str:
    rows = np.ones(len(atlas.projects), dtype=bool) if rows is None else rows
    fields = {"名称": names or atlas.projects["name"][rows].tolist()}
    content = page.write(
        atlas, rows=rows, fields=fields, text=text, view=view or View(), leaflet=LEAFLET
    )
    return content.decode("utf-8")


def data(html: str) -> dict:
    (encoded,) = re.findall(r'GeoMap\.standalone\("([A-Za-z0-9+/=]+)"\);</script>', html)
    return json.loads(base64.b64decode(encoded, validate=True))


def column(document: dict, name: str, dtype: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(document["files"]["points"][name]), dtype=dtype)


@pytest.fixture(scope="module")
def html(atlas) -> str:
    return write(atlas)


def test_the_page_loads_nothing(html):
    """No tag of the page has an address to load, and no style imports one from the web."""
    tags = Tags(html).tags
    loads = ("src", "href", "srcset", "action", "data", "poster")
    assert not [(tag, name) for tag, attrs in tags for name in loads if name in attrs]
    assert {tag for tag, _ in tags}.isdisjoint({"link", "iframe", "img", "object", "embed", "base"})
    assert not re.findall(r"url\(\s*['\"]?(?:https?:)?//", html)
    assert not re.findall(r"@import|sourceMappingURL", html)


def test_the_page_forbids_itself_to_load(html):
    """Its content security policy lets in nothing but the page's own script, style and images."""
    (policy,) = [
        attrs["content"]
        for tag, attrs in Tags(html).tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'unsafe-inline'",
        "style-src": "'unsafe-inline'",
        "img-src": "data: blob:",
    }


def test_the_page_is_whole(html):
    """It is one UTF-8 page with title, map, notice, and each script of the map once."""
    assert html.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in html
    assert [tag for tag, _ in Tags(html).tags].count("script") == 2
    assert html.count("<h1>地图</h1><p>全部</p>") == 1
    assert html.count("<footer>导出</footer>") == 1
    for name in (*page.SCRIPTS, "standalone.js"):
        code = (page.WEB / name).read_text("utf-8").strip().splitlines()
        assert html.count(code[0]) >= 1
        assert code[-2] in html


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language(atlas, language, tag):
    """The page's language is the view's."""
    written = write(atlas, np.arange(len(atlas.projects)) < 3, view=View(language=language))
    assert dict(Tags(written).tags)["html"] == {"lang": tag}
    assert data(written)["command"]["lang"] == language


def test_exactly_the_given_rows_are_in_the_page(atlas):
    """The page holds the marked projects in order, all shown, and nothing of any other."""
    projects = atlas.projects
    rows = np.arange(len(projects)) % 7 == 3
    document = data(write(atlas, rows))
    names = projects["name"][rows].tolist()
    assert document["files"]["details"]["names"] == names
    assert document["fields"] == [["名称", names]]
    assert document["files"]["points"]["n"] == len(names)
    lon = column(document, "lon", "<i4")
    mapped = projects["mapped"].to_numpy()[rows]
    assert (lon != HIDDEN).tolist() == mapped.tolist()
    assert np.abs(lon[mapped] / 1e6 - projects.geometry[rows][mapped].x).max() <= 1e-6
    bits = np.unpackbits(np.frombuffer(base64.b64decode(document["command"]["mask"]), "u1"))
    assert bits[: len(names)].all()
    text = json.dumps(document, ensure_ascii=False)
    assert not [name for name in projects["name"][~rows] if name in text and name not in names]


def test_a_page_without_rows_opens(atlas):
    """No row gives a page with the map alone."""
    document = data(write(atlas, np.zeros(len(atlas.projects), dtype=bool)))
    assert document["files"]["points"]["n"] == 0
    assert document["files"]["details"] == {"names": [], "invest_wan": []}
    assert len(document["files"]["atlas"]["layers"]["counties"]) == len(atlas.counties)


def test_the_open_project_is_the_same_one_in_the_page(atlas):
    """The selected row counts within the page's rows; a project that is not in them is not selected."""
    rows = np.arange(len(atlas.projects)) % 2 == 1
    ids = atlas.projects["id"][rows].tolist()
    assert data(write(atlas, rows, view=View(project=ids[5])))["command"]["selected"] == 5
    outside = atlas.projects["id"].iloc[0]
    assert data(write(atlas, rows, view=View(project=outside)))["command"]["selected"] == -1


def test_the_page_starts_as_the_view_stands(atlas):
    """Colour, place and county choice of the view are in the page."""
    view = View(colour="industry", at=(124.0, 40.0, 9.0), filters=Filters(county=("210624",)))
    command = data(write(atlas, np.arange(len(atlas.projects)) < 1, view=view))["command"]
    assert (command["colour"], command["at"]) == ("industry", [124.0, 40.0, 9.0])
    assert command["active"] == {"stage": [], "industry": [], "county": ["210624"], "park": []}


def test_hostile_names_are_only_in_the_data(atlas):
    """Hostile names are read back from the data as they are, and change nothing of the page around it."""
    names = [text for text in HOSTILE if "\ud800" not in text]
    projects = atlas.projects.iloc[: len(names)].copy()
    plain = write(replace(atlas, projects=projects))
    projects["name"] = names
    written = write(replace(atlas, projects=projects))
    document = data(written)
    assert document["files"]["details"]["names"] == names
    assert document["fields"] == [["名称", names]]
    assert Tags(written).tags == Tags(plain).tags
    mark, end = 'GeoMap.standalone("', '");</script>'
    assert written.split(mark)[0] == plain.split(mark)[0]
    assert written.split(end)[-1] == plain.split(end)[-1]


@pytest.mark.parametrize("key", ["picture_title", "picture_subtitle", "notice"])
def test_hostile_words_are_text(atlas, key):
    """A search word or city name in title, subtitle or notice is written as text."""
    few = replace(atlas, projects=atlas.projects.iloc[:1])
    hostile = "</title></h1><img src=x onerror=alert(1)>{data}{{7*7}}<script>alert(1)</script>&amp;"
    written = write(few, text=TEXT | {key: hostile})
    assert Tags(written).tags == Tags(write(few)).tags
    shown = "&lt;/title&gt;&lt;/h1&gt;&lt;img src=x onerror=alert(1)&gt;{data}{{7*7}}"
    assert shown in written
    assert "&amp;amp;" in written


def test_what_is_not_known_is_empty(atlas):
    """Missing values of any kind are shown as nothing, and every other value as its text."""
    few = replace(atlas, projects=atlas.projects.iloc[:7])
    values = [None, pd.NA, float("nan"), pd.NaT, 0, "nan", 1.5]
    fields = data(write(few, names=values))["fields"]
    assert fields == [["名称", ["", "", "", "", "0", "nan", "1.5"]]]
