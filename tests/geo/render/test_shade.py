"""What the map is told of shaded places: ids, classes, outlines in its own datum, words as data."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from geo import crs
from geo.render.shade import UNKNOWN, Legend, Shade, layer, sequence
from tests.geo.render.test_command import PLAIN

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}${7*7}`",
    "\u2028\u2029'\\",
)
RING = Polygon(
    [(124.0, 40.0), (124.2, 40.0), (124.2, 40.2), (124.0, 40.2)],
    [[(124.05, 40.05), (124.15, 40.05), (124.15, 40.15), (124.05, 40.15)]],
)
ISLANDS = MultiPolygon([box(124.3, 40.0, 124.31, 40.01), box(124.4, 40.0, 124.41, 40.01)])
WORDS = Legend("标题", "亿元/km²", [("0 – 1", 3), ("1 – 2", 1)], "没有密度的 2 处", ("自然断点",))


def shade(**more: object) -> Shade:
    """Return three cells, one of them without a figure."""
    shapes = {"a": RING, "b": ISLANDS, "c": box(124.5, 40.0, 124.6, 40.1)}
    given_ = {
        "kind": "cell",
        "classes": {"a": 0, "b": 1, "c": UNKNOWN},
        "colours": sequence(2),
        "legend": WORDS,
        "shapes": shapes,
    }
    return Shade(**{**given_, **more})  # type: ignore[arg-type]


def rings(made: dict, id_: str) -> list[np.ndarray]:
    """Return the rings of a cell as points."""
    flat = dict(made["cells"])[id_]
    return [np.array(ring).reshape(-1, 2) for ring in flat]


def test_every_place_comes_with_its_class_and_every_ring():
    """Ids and classes arrive as they were; holes and islands are rings of their own."""
    made = layer(shade(picked=("b",), group="g"), datum="wgs84")
    assert made["classes"] == {"a": 0, "b": 1, "c": UNKNOWN}
    assert [id_ for id_, _ in made["cells"]] == ["a", "b", "c"]
    assert [len(rings(made, id_)) for id_ in "abc"] == [2, 2, 1]
    assert (made["picked"], made["group"], made["kind"]) == (["b"], "g", "cell")
    hole = Polygon(rings(made, "a")[1])
    assert hole.area == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_outlines_are_moved_to_the_base_map_once(datum):
    """Each ring is where its points lie in the base map's datum, to a metre; twice would be 500 m off."""
    made = layer(shade(), datum=datum)
    for id_, shape in (("a", RING), ("b", ISLANDS)):
        points = shapely.get_coordinates(shape)
        lon, lat = crs.shift(points[:, 0], points[:, 1], target=datum)
        assert np.concatenate(rings(made, id_)) == pytest.approx(
            np.column_stack([lon, lat]), abs=1.1e-5
        )


def test_counties_and_parks_need_no_outline():
    """Places that the browser has already come as classes alone."""
    made = layer(shade(kind="county", shapes={}), datum="gcj02")
    assert made["cells"] == []
    assert made["classes"]["b"] == 1


def test_the_legend_keeps_its_order_counts_and_notes():
    """Labels with their counts stand from the lowest class up; unknown places and notes are apart."""
    legend = layer(shade(), datum="wgs84")["legend"]
    assert legend["entries"] == [["0 – 1", 3], ["1 – 2", 1]]
    assert (legend["unknown"], legend["notes"]) == ("没有密度的 2 处", ["自然断点"])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text):
    """Names with markup or script survive JSON unchanged, and the command that carries them shows no sign."""
    made = layer(
        shade(
            kind="county",
            shapes={},
            classes={text: 0},
            tips={text: [text, "1"]},
            picked=(text,),
            legend=Legend(text, text, [(text, 1)], text, (text,)),
        ),
        datum="wgs84",
    )
    assert json.loads(json.dumps(made)) == made
    assert made["tips"] == {text: [text, "1"]}
    encoded = replace(PLAIN, shade=made).encode()
    assert not set("{}<>`$\"'\\%#&") & set(encoded)
    assert json.loads(base64.b64decode(encoded))["shade"] == made


def test_nothing_shaded_is_a_layer_too():
    """Without places there are no cells, and no error."""
    made = layer(shade(classes={}, shapes={}, colours=()), datum="gcj02")
    assert (made["cells"], made["classes"], made["colours"]) == ([], {}, [])


@given(k=st.integers(1, 9))
def test_colours_go_from_light_to_dark(k):
    """There are as many colours as classes, all different, each darker than the one before."""
    colours = sequence(k)
    assert len(set(colours)) == k
    light = [_luminance(colour) for colour in colours]
    assert light == sorted(light, reverse=True)
    assert all(colour.startswith("#") and len(colour) == 7 for colour in colours)


def _luminance(hex_: str) -> float:
    red, green, blue = (int(hex_[n : n + 2], 16) for n in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
