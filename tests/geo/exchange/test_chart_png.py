"""A chart as a picture: whole without a browser or network, with title, legend and sources."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from geo.errors import GeoError
from geo.exchange import chart_png

SPEC = {
    "height": {"step": 20},
    "mark": "bar",
    "encoding": {
        "x": {"field": "n", "type": "quantitative"},
        "y": {"field": "name", "type": "nominal"},
    },
}
ROWS = [{"name": "甲", "n": 3}, {"name": "乙", "n": 1}]


def picture(**more) -> Image.Image:
    given = {"title": "标题", "foot": ["来源：示例"], **more}
    return Image.open(io.BytesIO(chart_png.write(SPEC, ROWS, **given))).convert("RGB")


def test_each_part_takes_room_of_its_own():
    """A legend, a second line at the foot and a title that wraps each make the picture higher."""
    plain = picture()
    assert plain.width == chart_png.WIDTH * chart_png.SCALE
    for more in (
        {"legend": [("#ff0000", "红")]},
        {"foot": ["来源：示例", "日期"]},
        {"title": "很长的标题" * 20},
    ):
        assert picture(**more).height > plain.height


def test_the_legend_has_its_colours():
    """Every colour of the legend is in the picture, also when it needs a second line."""
    keys = [(f"#12{n:02x}fe", "一个相当长的图例条目") for n in range(12)]
    colours = {colour for _, colour in picture(legend=keys).getcolors(2**24)}
    assert {(0x12, n, 0xFE) for n in range(12)} <= colours


@pytest.mark.parametrize("hostile", ["{{ 7*7 }}", "<script>", "\u202eevil", "\x00", "👾"])
def test_hostile_text_is_drawn_as_text(hostile):
    """Markup, templates, controls and unknown characters neither fail nor act."""
    rows = [{"name": hostile, "n": 1}]
    made = chart_png.write(SPEC, rows, title=hostile, foot=[hostile], legend=[("#000000", hostile)])
    assert made.startswith(b"\x89PNG")


def test_a_chart_that_cannot_be_drawn_is_a_clear_error():
    """A specification that makes no sense ends in an error with a code; this process goes on."""
    with pytest.raises(GeoError) as fault:
        chart_png.write({"mark": "nonsense"}, ROWS, title="t", foot=[])
    assert fault.value.code == "export.chart"


def test_an_unknown_number_is_left_out():
    """A value that is not there, which pandas writes as NaN, leaves a gap and no failure."""
    rows = [*ROWS, {"name": "丙", "n": float("nan")}]
    assert chart_png.write(SPEC, rows, title="t", foot=[]).startswith(b"\x89PNG")


def test_nothing_is_fetched():
    """A chart that asks for an outside picture or data gets none."""
    spec = {**SPEC, "mark": {"type": "image"}}
    spec["encoding"] = {**SPEC["encoding"], "url": {"value": "http://127.0.0.1:9/x.png"}}
    assert chart_png.write(spec, ROWS, title="t", foot=[]).startswith(b"\x89PNG")
