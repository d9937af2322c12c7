"""The shipped city, loaded once, and copies of it to break."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import filters, layers
from geo.filters import Index
from geo.layers import Atlas
from tests.geo.cities import CityCopy


@pytest.fixture(scope="session")
def atlas(data_dir: Path) -> Atlas:
    """Return the shipped city. Read only."""
    return layers.load(data_dir)


@pytest.fixture(scope="session")
def index(atlas: Atlas) -> Index:
    """Return the filter index of the shipped city."""
    return filters.build_index(atlas)


@pytest.fixture
def city_copy(data_dir: Path, tmp_path: Path) -> CityCopy:
    """Return a copy of the shipped city in which a file may be changed."""
    return CityCopy(data_dir, tmp_path / "city")
