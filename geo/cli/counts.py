"""Count points by county and by hexagon: of Parquet files, of a PostGIS table, or of the store."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from geo import layers, wording
from geo.cli import context
from geo.density import areas, distributed, parquet
from geo.density.counts import EMPTY, Counts
from geo.density.hexagons import RESOLUTIONS
from geo.density.measures import COLUMNS
from geo.density.parquet import Answer, Columns, Question
from geo.errors import GeoError
from geo.layers import Atlas
from geo.store import counts as stored


def add(commands: Any) -> None:
    """Add `counts`."""
    command = commands.add_parser("counts", help="统计大量点 / count many points")
    command.add_argument(
        "files", nargs="*", type=Path, help="Parquet 文件或目录；不填则统计项目库 / else the store"
    )
    command.add_argument("--by", choices=("county", "none"), default="county")
    command.add_argument("--h3", type=int, choices=RESOLUTIONS, help="六边形级别 / resolution")
    command.add_argument("--value", metavar="COLUMN", help="求和的整数列 / whole numbers to sum")
    command.add_argument("--lon", default="lon", metavar="COLUMN")
    command.add_argument("--lat", default="lat", metavar="COLUMN")
    command.add_argument("--workers", type=int, default=1, help="进程数 / processes (Dask)")
    command.add_argument("--table", metavar="NAME", help="PostGIS 点表 / a table of points")
    command.add_argument("--geom", default="geom", metavar="COLUMN")
    command.add_argument("--key", default="id", metavar="COLUMN")
    command.add_argument("--json", action="store_true", help="输出 JSON / as JSON")
    context.add_options(command)
    command.set_defaults(run=_counts)


def _counts(chosen: argparse.Namespace) -> int:
    """Count and show; nothing is shown of a count that failed on the way."""
    if chosen.files and chosen.table:
        raise GeoError("counts.sources")
    atlas = layers.load(context.city_folder(chosen))
    outlines = areas.lookup(atlas.counties, key="code") if chosen.by == "county" else None
    question = Question(outlines, chosen.h3)
    if chosen.files:
        answer, source = _of_files(chosen, question), ", ".join(file.name for file in chosen.files)
    else:
        answer, source = _of_store(chosen, question)
    found = _value(answer, source, chosen, atlas)
    if chosen.json:
        context.show(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for line in _lines(found, wording.translator(chosen.lang)):
            context.show(line)
    return context.DONE


def _of_files(chosen: argparse.Namespace, question: Question) -> Answer:
    columns = Columns(chosen.lon, chosen.lat, chosen.value)
    pieces = parquet.pieces(chosen.files, columns)
    if chosen.workers > 1:
        return distributed.of_pieces(pieces, question, workers=chosen.workers)
    return parquet.added(parquet.count(piece, question) for piece in pieces)


def _of_store(chosen: argparse.Namespace, question: Question) -> tuple[Answer, str]:
    """Count in the database, at one moment; of projects only those with an exact place are points."""
    with context.existing_store() as store:
        if chosen.table and store.database.is_sqlite:
            raise GeoError("counts.no_postgis")
        value = chosen.value
        if chosen.table:
            points = stored.table(chosen.table, geom=chosen.geom, key=chosen.key, value=value)
        else:
            points = stored.projects(value=COLUMNS.get(value, value) if value else None)

        def ask(connection: sa.Connection) -> Answer:
            outlines, cells = question.outlines, question.resolution
            one = stored.by_outline(connection, points, outlines) if outlines else EMPTY
            other = stored.by_cell(connection, points, cells) if cells else EMPTY
            return Answer(one, other, stored.rows(connection, points))

        name = wording.say("cli.counted_store", chosen.lang, version=store.version())
        return store.database.read(ask), chosen.table or name


def _value(answer: Answer, source: str, chosen: argparse.Namespace, atlas: Atlas) -> dict[str, Any]:
    column = "name" if chosen.lang == "zh" else "name_en"
    names = dict(zip(atlas.counties["code"], atlas.counties[column], strict=True))
    found: dict[str, Any] = {"source": source, "points": answer.points, "value": chosen.value}
    if chosen.by == "county":
        found["county"] = _table(answer.by_outline, names)
    if chosen.h3 is not None:
        found["h3"] = {"resolution": chosen.h3, **_table(answer.by_cell, {})}
    return found


def _table(counted: Counts, names: dict[str, str]) -> dict[str, Any]:
    rows = zip(counted.places, counted.counts, counted.sums, strict=True)
    return {
        "places": [
            {"place": place, "name": names.get(place, ""), "count": number, "sum": total}
            for place, number, total in rows
        ],
        "outside": counted.outside,
    }


def _lines(found: dict[str, Any], t: wording.Translate) -> Iterator[str]:
    yield t("cli.counted", points=found["points"], source=context.one_line(found["source"]))
    for by in ("county", "h3"):
        if by in found:
            yield t("cli.counted_header", by=t(f"cli.counted_{by}"))
            for row in found[by]["places"]:
                total = row["sum"] if found["value"] else ""
                cells = (row["place"], context.one_line(row["name"]), row["count"], total)
                yield "\t".join(str(cell) for cell in cells)
            yield t("cli.counted_outside", count=found[by]["outside"])
