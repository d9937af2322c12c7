"""The tours that every writer is tried on."""

from __future__ import annotations

import pytest

from geo.exchange.carry.brief import Brief
from geo.layers import Atlas
from tests.geo.exchange.carry import samples


@pytest.fixture(scope="session")
def plain(atlas: Atlas) -> Brief:
    """Return a day of eleven stops in Chinese."""
    return samples.plain(atlas)


@pytest.fixture(scope="session")
def hostile(atlas: Atlas) -> Brief:
    """Return a tour of hostile texts."""
    return samples.hostile(atlas)


@pytest.fixture(scope="session")
def two_days(atlas: Atlas) -> Brief:
    """Return a tour of two days in English."""
    return samples.two_days(atlas, language="en")
