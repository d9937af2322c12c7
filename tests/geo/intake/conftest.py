"""The lexicon of the shipped city, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import layers
from geo.intake import lexicon as lexicons
from geo.intake.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon(data_dir: Path) -> Lexicon:
    """Return what an importer knows of the shipped city."""
    return lexicons.load(layers.load(data_dir))
