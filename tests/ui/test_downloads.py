"""A list from the page can be corrected and brought in again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo import layers
from geo.exchange import delimited, reading, xlsx
from geo.exchange.reading import limits
from geo.intake import compare, lexicon, records
from geo.view import View
from ui import downloads
from ui.cache import City
from ui.i18n import translator


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_download_comes_back_unchanged(
    city: City, data_dir: Path, tmp_path: Path, ending: str
) -> None:
    """Every project of a download, with its own position and not its symbol's, is unchanged."""
    rows = np.ones(len(city.atlas.projects), dtype=bool)
    table = downloads.export_table(city, View(), rows, t=translator("zh"))
    file = tmp_path / f"out.{ending}"
    file.write_bytes((xlsx if ending == "xlsx" else delimited).write(table))
    words = lexicon.load(city.atlas)
    found = records.read(reading.read(file, limits=limits.of_city(data_dir)), words)
    assert found.errors == ()
    known = layers.read_projects(data_dir).to_dict("records")
    diff = compare.compare(found.records, known)
    assert [(m.id, m.changes) for m in diff.changed] == []
    assert (diff.new, diff.errors, len(diff.unchanged)) == ((), (), len(known))
