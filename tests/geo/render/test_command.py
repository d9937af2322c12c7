"""The command that tells the browser what to show: base64 outside, data inside."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.render.command import Command
from tests.geo.exchange.samples import HOSTILE

PLAIN = Command(
    atlas="a.json",
    points="p.json",
    details="d.json",
    mask="gA==",
    lang="zh",
    colour="stage",
    selected=-1,
    counts={"stage": {"build": 3}},
    active={"stage": ["build"]},
    text={"title": "地图"},
    at=(124.35, 40.1, 9.0),
)
JINJA = ["{{ 7*7 }}", "{% raw %}", "{# #}", "`${alert(1)}`", "</script>", "{{ this._parent }}"]
text = st.text(st.characters(exclude_categories=("Cs",)))


def decode(encoded: str) -> dict:
    return json.loads(base64.b64decode(encoded, validate=True).decode("utf-8"))


@given(text, st.dictionaries(text, text | st.lists(text)), st.integers(-1, 10**6))
def test_a_command_survives_its_encoding(name, words, selected):
    """Whatever its texts, a command is read back equal, and only base64 letters carry it."""
    command = replace(PLAIN, text=words, details=name, selected=selected, active={name: [name]})
    encoded = command.encode()
    assert re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", encoded)
    assert decode(encoded) == json.loads(json.dumps(asdict(command)))


@pytest.mark.parametrize("hostile", [*JINJA, *(t for t in HOSTILE if "\ud800" not in t)])
def test_markup_and_templates_stay_inside(hostile):
    """Template, script and markup in a text reach the other side unaltered and show no sign outside."""
    encoded = replace(PLAIN, text={"picture_subtitle": hostile}).encode()
    assert not set("{}<>`$\"'\\%#&") & set(encoded)
    assert decode(encoded)["text"]["picture_subtitle"] == hostile


def test_half_a_character_is_no_failure():
    """A lone surrogate, which UTF-8 cannot hold, is replaced and the rest is kept."""
    assert decode(replace(PLAIN, text={"t": "a\ud800b"}).encode())["text"]["t"] == "a?b"


def test_every_field_is_sent():
    """The document holds each field of the command and nothing else."""
    assert decode(PLAIN.encode()) == {
        "atlas": "a.json",
        "points": "p.json",
        "details": "d.json",
        "mask": "gA==",
        "lang": "zh",
        "colour": "stage",
        "selected": -1,
        "counts": {"stage": {"build": 3}},
        "active": {"stage": ["build"]},
        "text": {"title": "地图"},
        "at": [124.35, 40.1, 9.0],
        "tiles": False,
        "tour": None,
        "shade": None,
    }
