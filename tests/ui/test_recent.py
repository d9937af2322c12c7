"""Results that visitors share."""

from __future__ import annotations

from ui.recent import Recent


def test_a_result_is_made_once_while_it_is_remembered():
    """The same key gives the very thing that was made first."""
    recent, made = Recent(), []
    first = recent.get("a", lambda: made.append(1) or object())
    assert recent.get("a", lambda: made.append(1) or object()) is first
    assert made == [1]


def test_the_least_recently_used_result_is_forgotten_first():
    """What was asked for again outlives what was not."""
    recent = Recent(most=2)
    for key in "ab":
        recent.get(key, lambda key=key: key)
    recent.get("a", lambda: "made again")
    recent.get("c", lambda: "c")
    assert recent.get("a", lambda: "made again") == "a"
    assert recent.get("b", lambda: "made again") == "made again"
