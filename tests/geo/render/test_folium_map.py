"""The almost empty folium map: nothing from the web, nothing of the data, the same on every run."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import pytest
from streamlit_folium import (
    _get_feature_group_string,
    _get_header,
    _get_html,
    _get_map_string,
    generate_js_hash,
    generate_leaflet_string,
)

from geo.render import basemap, folium_map
from geo.render.command import Command
from tests.geo.exchange.samples import HOSTILE

SCRIPTS = ("../leaflet/leaflet.js", "../client/core.js", "../client/main.js")
STYLES = ("../leaflet/leaflet.css", "../client/map.css")
COMMAND = Command(
    atlas="a.json",
    points="p.json",
    details="d.json",
    mask="gA==",
    lang="zh",
    colour="stage",
    selected=-1,
    counts={},
    active={},
    text={"title": "地图"},
)
TEMPLATES = [
    "{{ 7 * 7 }}",
    "{{ this._parent.get_name() }}",
    "{{cycler.__init__.__globals__.os.mkdir('/nowhere/x')}}",
    "{% for x in (1,2) %}x{% endfor %}",
    "{# gone #}",
    "${alert(1)} `",
    "</script><script>alert(1)</script>",
]


def base(chosen: basemap.BaseMap = basemap.OFFLINE):
    return folium_map.base(chosen, centre=(124.35, 40.45), scripts=SCRIPTS, styles=STYLES)


def page(drawn) -> str:
    return drawn.get_root().render()


def leaflet(drawn) -> str:
    """Give the script that streamlit-folium sends, made as it makes it."""
    page(drawn)
    return _get_map_string(drawn)


def group(command: Command) -> str:
    return _get_feature_group_string(folium_map.command_group(command), base())


def decoded(script: str) -> list[dict]:
    found = re.findall(r'GeoMap\.apply\("([A-Za-z0-9+/=]+)"\)', script)
    return [json.loads(base64.b64decode(one, validate=True)) for one in found]


def test_the_offline_map_names_no_address_on_the_web():
    """Neither the page that folium renders nor what is sent of it holds an http address."""
    drawn = base()
    parts = [page(drawn), _get_html(drawn), _get_header(drawn), leaflet(drawn)]
    for part in parts:
        addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", part)
        assert [a for a in addresses if "w3.org" not in a] == []


def test_scripts_and_styles_are_those_given():
    """The only script and style addresses are the given ones, in the given order."""
    html = page(base())
    assert re.findall(r'<script[^>]*src="([^"]+)"', html) == list(SCRIPTS)
    assert re.findall(r'<link[^>]*href="([^"]+)"', html) == list(STYLES)


def test_two_runs_build_the_same_map():
    """Every run gives the same script, so the browser keeps the frame that it has."""
    one, two = leaflet(base()), leaflet(base())
    assert one == two
    assert generate_js_hash(one, "map") == generate_js_hash(two, "map")
    assert "GeoMap.attach(map_div, GeoMap.streamlitHost());" in one


def test_the_centre_is_where_the_city_is():
    """The map starts at the centre, latitude first, as Leaflet has it."""
    assert re.search(r"center: \[40\.45, 124\.35\]", leaflet(base()))


def test_nothing_of_the_data_is_in_the_map(atlas):
    """The map that folium builds has no name of a project, park or county in it."""
    drawn = base()
    text = page(drawn) + leaflet(drawn)
    for frame in (atlas.projects, atlas.parks, atlas.counties):
        assert not [name for name in frame["name"] if name in text]


@pytest.mark.parametrize("name", ["osm", "amap", "tianditu"])
def test_an_online_map_adds_its_own_layers_only(name):
    """With tiles by setting, the addresses are those of the chosen server, with its attribution."""
    chosen = basemap.choose({"GEO_BASEMAP": name, "GEO_TIANDITU_KEY": "abc123"})
    script = leaflet(base(chosen))
    found = [json.loads(f'"{url}"') for url in re.findall(r'"(https://[^"]*\{z\}[^"]*)"', script)]
    assert found == list(chosen.tiles)
    hosts = {url.split("/")[2] for url in re.findall(r"https?://[^\"' ]+", script)}
    assert hosts == {url.split("/")[2] for url in found}
    assert script.count("crossOrigin") == len(chosen.tiles)


def test_commands_differ_where_the_view_does():
    """The group that carries a command is the same for an equal command and another for a changed one."""
    script = group(COMMAND)
    assert script == group(replace(COMMAND))
    others = (
        replace(COMMAND, mask="AA=="),
        replace(COMMAND, selected=3),
        replace(COMMAND, colour="industry"),
        replace(COMMAND, text={"title": "Map"}),
    )
    assert len({script, *map(group, others)}) == 5
    assert generate_js_hash(script) == generate_js_hash(group(COMMAND))


@pytest.mark.parametrize("text", [*TEMPLATES, *(t for t in HOSTILE if "\ud800" not in t)])
def test_a_template_in_a_text_is_not_run(text):
    """Template, script or markup in a command comes out of streamlit-folium's rendering as it went in."""
    script = group(replace(COMMAND, text={"title": text, text: [text]}))
    assert [one["text"] for one in decoded(script)] == [{"title": text, text: [text]}]


def test_a_command_is_carried_once():
    """One command stands in the script once, and nothing but its letters comes from it."""
    script = group(replace(COMMAND, text={"title": "孔雀"}))
    assert len(decoded(script)) == 1
    assert "孔雀" not in script
    plain = generate_leaflet_string(folium_map.command_group(COMMAND), base_id="feature_group_0")
    assert decoded(plain) == decoded(group(COMMAND))
