"""A list from the page can be corrected and brought in again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo import layers
from geo.exchange import delimited, geojson, reading, xlsx
from geo.exchange.reading import limits
from geo.intake import compare, lexicon, records
from geo.view import View
from ui import downloads, table
from ui.cache import City
from ui.i18n import translator


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("ending", ["xlsx", "csv", "geojson"])
def test_download_comes_back_unchanged(
    city: City, data_dir: Path, tmp_path: Path, ending: str, language: str
) -> None:
    """Every project of a download, with its own position and not its symbol's, is unchanged."""
    rows = np.ones(len(city.atlas.projects), dtype=bool)
    view, drawn = View(language=language), ending in downloads.DRAWN
    exported = downloads.export_table(city, view, rows, t=translator(language), drawn=drawn)
    shapes = list(city.atlas.projects.geometry.iloc[table.ordered(city, rows)])
    content = {
        "xlsx": lambda: xlsx.write(exported),
        "csv": lambda: delimited.write(exported),
        "geojson": lambda: geojson.write(exported, shapes),
    }
    file = tmp_path / f"out.{ending}"
    file.write_bytes(content[ending]())
    words = lexicon.load(city.atlas)
    found = records.read(reading.read(file, limits=limits.of_city(data_dir)), words)
    assert found.errors == ()
    assert "column_unrecognised" not in {fault.code for fault in found.warnings}
    known = layers.read_projects(data_dir).to_dict("records")
    diff = compare.compare(found.records, known)
    assert [(m.id, m.changes) for m in diff.changed] == []
    assert (diff.new, diff.errors, len(diff.unchanged)) == ((), (), len(known))
