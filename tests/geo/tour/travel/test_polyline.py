"""Encoded polylines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.tour.travel.polyline import decode


def encode(points: list[tuple[int, int]]) -> str:
    """Write whole lon, lat numbers as the format's description says."""
    text, before = "", (0, 0)
    for lon, lat in points:
        for step in (lat - before[1], lon - before[0]):
            value = ~(step << 1) if step < 0 else step << 1
            while value >= 32:
                text, value = text + chr((32 | value & 31) + 63), value >> 5
            text += chr(value + 63)
        before = (lon, lat)
    return text


def test_the_published_example_is_read():
    """The example of the format's description gives its three points."""
    points = decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@", digits=5)
    assert points == [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]


@given(
    st.lists(
        st.tuples(st.integers(-(180 * 10**6), 180 * 10**6), st.integers(-(90 * 10**6), 90 * 10**6))
    )
)
def test_written_lines_are_read_back(points):
    """Any line of six decimals comes back as it was."""
    assert [(round(x * 1e6), round(y * 1e6)) for x, y in decode(encode(points), digits=6)] == points


@given(st.text(max_size=40))
def test_any_text_is_a_line_or_an_error(text):
    """No text does more than raise ValueError."""
    try:
        decode(text, digits=6)
    except ValueError:
        return


@pytest.mark.parametrize("text", ["_", "_p~iF", "\x01\x01", "~" * 100])
def test_half_a_line_is_refused(text):
    """A text that ends within a number or a point, or is none, is an error."""
    with pytest.raises(ValueError):
        decode(text, digits=6)
