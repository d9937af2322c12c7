"""A chart as a picture: Vega-Lite drawn on the server, with title above and sources below.

Nothing is fetched: the chart's data is in it, and the fonts come from an installed package.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from geo.exchange.carry import fonts

FAMILY = "Noto Sans SC"
SCALE = 2  # pixels a point: sharp in print
WIDTH = 860
MARGIN, TITLE, SMALL = 20, 20, 12
INK, PALE = "#1b2330", "#4a5563"


def write(
    spec: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    foot: Sequence[str],
    width: int = WIDTH,
) -> bytes:
    """Draw a chart over `rows` as PNG, `width` points wide, its title above and `foot` below."""
    import vl_convert  # brings a whole JavaScript engine: only for those who ask

    _register()
    whole = {"width": width - 220, "autosize": {"type": "pad"}, "background": "#ffffff", **spec}
    whole = json.loads(json.dumps(whole).replace("system-ui", FAMILY))
    whole["config"] = {**whole.get("config", {}), "font": FAMILY}
    whole["data"] = {"values": list(rows)}
    drawn = vl_convert.vegalite_to_png(whole, scale=SCALE, allowed_base_urls=[])
    return _framed(Image.open(io.BytesIO(drawn)).convert("RGB"), fonts.drawable(title), foot)


@lru_cache(maxsize=1)
def _register() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(fonts.sans().parent))


def _framed(chart: Image.Image, title: str, foot: Sequence[str]) -> bytes:
    large = ImageFont.truetype(str(fonts.sans()), TITLE * SCALE)
    small = ImageFont.truetype(str(fonts.sans()), SMALL * SCALE)
    margin = MARGIN * SCALE
    width = max(chart.width + 2 * margin, WIDTH * SCALE)
    heads = _wrapped(title, large, width - 2 * margin)
    lines = [
        part for line in foot for part in _wrapped(fonts.drawable(line), small, width - 2 * margin)
    ]
    high, low = int(TITLE * SCALE * 1.5), int(SMALL * SCALE * 1.5)
    top = margin + high * len(heads)
    sheet = Image.new(
        "RGB", (width, top + chart.height + margin + low * len(lines) + margin), "white"
    )
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(heads):
        pen.text((margin, margin // 2 + number * high), line, font=large, fill=INK)
    sheet.paste(chart, (margin, top))
    for number, line in enumerate(lines):
        pen.text((margin, top + chart.height + margin + number * low), line, font=small, fill=PALE)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines, line = [], ""
    for letter in text:
        if line and font.getlength(line + letter) > width:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]
