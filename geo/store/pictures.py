"""Make of a picture that nobody trusts one that is safe to keep and show: pixels and nothing else."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from geo.errors import GeoError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 4_000_000  # as it comes; phones send far less
MAX_PIXELS = 40_000_000
LONG_SIDE = 1600  # pixels, as it is kept
_QUALITY = 82
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,  # what Pillow raises on a broken PNG
    UnidentifiedImageError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def clean(content: bytes) -> bytes:
    """Return a picture as JPEG, upright, at most 1600 pixels long, without place, time or device.

    Errors: `tour.photo_large` (read, expected: bytes or pixels), `tour.photo_invalid`.
    """
    if len(content) > MAX_BYTES:
        raise GeoError("tour.photo_large", read=len(content), expected=MAX_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                return _redrawn(picture)
    except _BROKEN as error:
        raise GeoError("tour.photo_invalid") from error


def _redrawn(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MAX_PIXELS:  # before a pixel is decoded
        raise GeoError("tour.photo_large", read=picture.width * picture.height, expected=MAX_PIXELS)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONG_SIDE, LONG_SIDE))
    flat = Image.new("RGB", upright.size, "white")  # a new picture has no metadata to carry over
    colours = upright.convert("RGBA")
    flat.paste(colours, mask=colours.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
