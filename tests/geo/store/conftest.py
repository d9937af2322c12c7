"""Stores of both kinds: every test that asks for `place` or `store` runs on SQLite and PostGIS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.store import Store, open_store
from tests.postgis import Server, Unavailable


@pytest.fixture(scope="session")
def postgis() -> Iterator[Server]:
    """Run a PostgreSQL with PostGIS for the session, or skip with the reason."""
    try:
        server = Server()
        server.start()
    except Unavailable as reason:
        pytest.skip(str(reason))
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgis", marks=pytest.mark.postgis)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a new, empty store may be: a path, then a URL."""
    if request.param == "sqlite":
        return str(tmp_path / "state" / "store.sqlite")
    return request.getfixturevalue("postgis").database()


@pytest.fixture
def opened(place: str) -> Iterator[Callable[..., Store]]:
    """Open the store at `place`, as often as wanted; all are closed at the end."""
    stores: list[Store] = []

    def open_again(**options: object) -> Store:
        stores.append(open_store(place, **options))
        return stores[-1]

    yield open_again
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    """Open a new, empty store."""
    return opened()


@pytest.fixture
def seeded(opened: Callable[..., Store], data_dir: Path) -> Store:
    """Open a new store that begins with the shipped city's projects."""
    return opened(city=data_dir)
