"""The photo of a site as a page takes it: small enough, and left out where it cannot be read."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image

from geo.exchange.carry.brief import Brief, one_line
from geo.tour.itinerary import Stop

LONG_SIDE = 1000  # pixels: some 300 an inch at the printed size
MAX_PIXELS = 40_000_000
_QUALITY = 80
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Photo:
    """Hold a JPEG with its size in pixels and what stands below it."""

    jpeg: bytes
    width: int
    height: int
    caption: str

    def within(self, width: float, height: float) -> tuple[float, float]:
        """Return the size, in the given unit, in which it fits a box with its shape kept."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


def of(brief: Brief, stop: Stop) -> Photo | None:
    """Return a stop's photo; None where none is given or what is given is no JPEG."""
    content, caption = brief.photos.get(stop.project_id, (b"", ""))
    if not content:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
                return _reduced(picture, one_line(caption))
    except _BROKEN:
        return None


def _reduced(picture: Image.Image, caption: str) -> Photo | None:
    if picture.width * picture.height > MAX_PIXELS:  # before a pixel is decoded
        return None
    small = picture.convert("RGB")
    small.thumbnail((LONG_SIDE, LONG_SIDE))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Photo(out.getvalue(), small.width, small.height, caption)
