"""The shipped city as the pages hold it, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import filters, layers
from geo.render.basemap import OFFLINE
from ui import cache
from ui.cache import City


@pytest.fixture(scope="session")
def city(data_dir: Path) -> City:
    """Return the shipped city with its index; nothing of it is served. Read only."""
    atlas = layers.load(data_dir)
    index = filters.build_index(atlas)
    return City(
        atlas=atlas,
        index=index,
        basemap=OFFLINE,
        addresses={"atlas": "a", "points": "p", "details": "d"},
        scripts=(),
        styles=(),
        row_of={id_: row for row, id_ in enumerate(atlas.projects["id"])},
        order=cache._reading_order(atlas, index),
        options={name: facet.options for name, facet in index.facets.items()},
    )
