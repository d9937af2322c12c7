"""Figures are written to the places that count; unknown is never 0."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from geo.wording import translator
from ui.density import words

T = translator("zh")


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**9))
def test_a_figure_is_right_to_three_places(value):
    """What is written differs from the figure by less than one in two hundred."""
    written = Fraction(words.number(value, T).replace(",", ""))
    assert abs(written - value) <= value / 200


def test_unknown_and_zero_are_two_things():
    """What is unknown is a dash, zero is 0."""
    assert words.number(None, T) == T("figure.none")
    assert words.number(Fraction(0), T) == words.number(0.0, T) == "0"


def test_digits_that_do_not_count_are_not_written():
    """Large figures have separators and no decimals, small ones no needless zeros."""
    said = [words.number(value, T) for value in (1237.2, 12.34, 1.5, 0.02824, Fraction(-1, 8))]
    assert said == ["1,237", "12.3", "1.5", "0.0282", "-0.125"]
