"""A chart as a picture: Vega-Lite drawn on the server, with title above and sources below.

Nothing is fetched: the chart's data is in it, and the fonts come from an installed package.
"""

from __future__ import annotations

import io
import json
import math
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from geo.errors import GeoError
from geo.exchange.carry import fonts

FAMILY = "Noto Sans SC"
SCALE = 2  # pixels a point: sharp in print
WIDTH = 860
MARGIN, TITLE, SMALL = 20, 20, 12
Key = tuple[str, str]  # a colour and what it means
SECONDS = 60
_CHILD = """
import sys
import vl_convert
vl_convert.register_font_directory(sys.argv[1])
spec = sys.stdin.read()
png = vl_convert.vegalite_to_png(spec, scale=float(sys.argv[2]), allowed_base_urls=[])
sys.stdout.buffer.write(png)
"""
INK, PALE = "#1b2330", "#4a5563"


def write(
    spec: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    foot: Sequence[str],
    legend: Sequence[Key] = (),
    width: int = WIDTH,
) -> bytes:
    """Draw a chart over `rows` as PNG, `width` points wide: title and legend above, `foot` below.

    Nothing is fetched; a character that no font has is a mark, not a gap. Errors: `export.chart`.
    """
    whole: dict[str, Any] = {
        "width": width - 220,
        "autosize": {"type": "pad"},
        "background": "#ffffff",
        **spec,
    }
    whole["config"] = {**whole.get("config", {}), "font": FAMILY}
    whole["data"] = {"values": list(rows)}
    drawn = _drawn(json.dumps(_drawable(whole)))
    return _framed(
        Image.open(io.BytesIO(drawn)).convert("RGB"), fonts.drawable(title), legend, foot
    )


def _drawable(part: Any) -> Any:
    """Return a specification whose texts the font has; the engine ends at a NUL, process and all."""
    if isinstance(part, float) and not math.isfinite(part):
        return None  # JSON has no word for it
    if isinstance(part, str):
        return part if part.startswith("data:") else fonts.drawable(part)
    if isinstance(part, Mapping):
        return {key: _drawable(value) for key, value in part.items()}
    return [_drawable(value) for value in part] if isinstance(part, list) else part


def _drawn(spec: str) -> bytes:
    """Draw in a process of its own: a JavaScript engine that fails must not end the server."""
    ended = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-P", "-c", _CHILD, str(fonts.sans().parent), str(SCALE)],
        input=spec.encode("ascii"),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    if ended.returncode or not ended.stdout:
        raise GeoError("export.chart")
    return ended.stdout


def _framed(chart: Image.Image, title: str, legend: Sequence[Key], foot: Sequence[str]) -> bytes:
    large = ImageFont.truetype(str(fonts.sans()), TITLE * SCALE)
    small = ImageFont.truetype(str(fonts.sans()), SMALL * SCALE)
    margin = MARGIN * SCALE
    width = max(chart.width + 2 * margin, WIDTH * SCALE)
    heads = _wrapped(title, large, width - 2 * margin)
    lines = [
        part for line in foot for part in _wrapped(fonts.drawable(line), small, width - 2 * margin)
    ]
    high, low = int(TITLE * SCALE * 1.5), int(SMALL * SCALE * 1.5)
    spots = _placed(legend, small, width - 2 * margin)
    top = margin + high * len(heads) + low * (1 + max((row for row, _ in spots), default=-1))
    sheet = Image.new(
        "RGB", (width, top + chart.height + margin + low * len(lines) + margin), "white"
    )
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(heads):
        pen.text((margin, margin // 2 + number * high), line, font=large, fill=INK)
    for (row, x), (colour, label) in zip(spots, legend, strict=True):
        y = margin // 2 + high * len(heads) + row * low
        box = (margin + x, y + low // 5, margin + x + low // 2, y + low // 5 + low // 2)
        pen.rectangle(box, fill=colour, outline="#6b7682")
        pen.text((margin + x + low, y), fonts.drawable(label), font=small, fill=INK)
    sheet.paste(chart, (margin, top))
    for number, line in enumerate(lines):
        pen.text((margin, top + chart.height + margin + number * low), line, font=small, fill=PALE)
    out = io.BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _placed(
    legend: Sequence[Key], font: ImageFont.FreeTypeFont, width: int
) -> list[tuple[int, int]]:
    """Return the line and the left edge of each entry of the legend, in pixels."""
    found: list[tuple[int, int]] = []
    line = x = 0
    for _, label in legend:
        wide = int(font.getlength(fonts.drawable(label))) + 4 * SMALL * SCALE
        if x and x + wide > width:
            line, x = line + 1, 0
        found.append((line, x))
        x += wide
    return found


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines, line = [], ""
    for letter in text:
        if line and font.getlength(line + letter) > width:
            lines.append(line)
            line = ""
        line += letter
    return [*lines, line]
