"""City folders for tests: a copy of the shipped one in which a test may change a file."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

LAYER = """
[[layers]]
id = "{id}"
file = "{file}"
title = {{ zh = "{id}", en = "{id}" }}
geometry = "polygon"
crs = "EPSG:4326"
source = {{ zh = "测试", en = "test" }}
licence = {{ zh = "CC0-1.0", en = "CC0-1.0" }}
date = "2026"
changes = []
columns = [{{ id = "id", zh = "标识", en = "Id" }}]
"""


class CityCopy:
    """Hold a copy of a city folder and change one thing in it at a time."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = Path(shutil.copytree(source, folder))

    def edit(self, file: str, change: Callable[[str], str]) -> None:
        """Rewrite a text file; a change that changes nothing is a fault of the test."""
        path = self.folder / file
        before = path.read_text("utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, "utf-8")

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text in a file."""
        self.edit(file, lambda text: text.replace(old, new, 1))

    def rows(self, file: str) -> list[dict[str, str]]:
        """Read a table as plain dictionaries."""
        with (self.folder / file).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle, strict=True))

    def write_rows(self, file: str, rows: list[dict[str, str]]) -> None:
        """Write a table with the header that it has, and further columns that a row brings."""
        with (self.folder / file).open(encoding="utf-8", newline="") as handle:
            header = next(csv.reader(handle))
        header = list(dict.fromkeys([*header, *(name for row in rows for name in row)]))
        with (self.folder / file).open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def cells(self, file: str, id_: str, **values: str) -> int:
        """Set cells of the row of that id; returns its row number as a spreadsheet counts."""
        rows = self.rows(file)
        number = next(n for n, row in enumerate(rows) if row["id"] == id_)
        rows[number] |= values
        self.write_rows(file, rows)
        return number + 2

    def add_layer(self, id_: str, frame: gpd.GeoDataFrame, *, file: str) -> None:
        """Write a frame into the folder and declare it in the catalogue."""
        frame.to_file(self.folder / file)
        entry = LAYER.format(id=id_, file=file)
        self.edit("city.toml", lambda text: f"{text}\n{entry}")
