"""The shipped city's travel data, and a routing service on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo.layers import Atlas
from geo.tour.travel import Chain, Graph, chosen
from tests.geo.tour.travel.service import LocalService


@pytest.fixture(scope="session")
def embedded(atlas: Atlas) -> Chain:
    """Return the chain that stands without a setting."""
    return chosen("", atlas=atlas)


@pytest.fixture(scope="session")
def graph(embedded: Chain) -> Graph:
    """Return the backend on the shipped roads."""
    found = embedded.backends[0]
    assert isinstance(found, Graph)
    return found


@pytest.fixture
def service() -> Iterator[LocalService]:
    """Return a service that a test tells how to answer."""
    running = LocalService()
    yield running
    running.close()
