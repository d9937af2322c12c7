"""An apostrophe before what would run, and off again: no text is lost by it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.formula import STARTS, guard, unguard


@given(st.text(alphabet="=+-@'＝ \t甲a1", max_size=6) | st.text(max_size=20))
def test_what_goes_out_comes_back(text):
    """Every text, whatever apostrophes it has itself, comes back as it was, and never runs."""
    written = guard(text)
    assert unguard(written) == text
    assert not written.lstrip().startswith(STARTS)
