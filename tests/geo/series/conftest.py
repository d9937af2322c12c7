"""The words of the shipped city, read once."""

from __future__ import annotations

import pytest

from geo.series import words as all_words
from geo.series.words import Words


@pytest.fixture(scope="session")
def words(atlas) -> Words:
    """Return what a reader of metrics knows of the shipped city."""
    return all_words.load(atlas)
