"""Read lines in the encoded polyline format: signed differences in base 64 digits of five bits."""

from __future__ import annotations

_MOST_POINTS = 200_000


def decode(text: str, *, digits: int) -> list[tuple[float, float]]:
    """Return lon, lat points of a polyline of so many decimal digits; ValueError for what is none."""
    values: list[int] = []
    number = shift = 0
    for character in text:
        code = ord(character) - 63
        if not 0 <= code < 64 or shift > 50:
            raise ValueError("not a polyline")
        number |= (code & 31) << shift
        shift += 5
        if code < 32:
            values.append(~(number >> 1) if number & 1 else number >> 1)
            number = shift = 0
    if shift or len(values) % 2 or len(values) > 2 * _MOST_POINTS:
        raise ValueError("not a polyline")
    points, lat, lon = [], 0, 0
    for north, east in zip(values[::2], values[1::2], strict=True):
        lat, lon = lat + north, lon + east
        points.append((lon / 10**digits, lat / 10**digits))
    return points
