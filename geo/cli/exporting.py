"""Write the projects of a data version to a file: for QGIS, for a spreadsheet, for an earth viewer."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from geo import layers, wording
from geo.cli import context
from geo.errors import GeoError
from geo.exchange import delimited, geojson, kml, xlsx
from geo.exchange.table import Column, Kind, Table, Wording
from geo.intake import lexicon
from geo.layers import Atlas
from geo.store import geopackage
from geo.store.files import replacing
from geo.store.roles import VISITOR, visible

TABLES: Mapping[str, Callable[[Table], bytes]] = {".xlsx": xlsx.write, ".csv": delimited.write}
SHAPES: Mapping[str, Callable[[Table, Sequence[Any]], bytes]] = {
    ".geojson": geojson.write,
    ".kml": kml.write,
}
GEOPACKAGE = ".gpkg"
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("invest_wan", "plan_wan", "done_wan"), "money_wan"),
    **dict.fromkeys(("start_date", "end_date", "source_date", "updated"), "date"),
    **dict.fromkeys(("lon", "lat"), "coordinate"),
    "progress_pct": "percent",
    "land_m2": "land_m2",
}
# Headings that the lists' dictionary does not have, or that must say more than it does.
_OWN = {
    "id": "table.id",
    "sample": "table.kind",
    "lon": "table.lon",
    "lat": "table.lat",
    "placed": "table.placed",
    "updated": "table.updated",
    "internal": "cli.internal",
    "position_internal": "cli.position_internal",
}
_FLAGS = ("internal", "position_internal")
_LEFT_OUT = ("row_version", "placed", "mapped", "geometry")  # for the app itself


def add(commands: Any) -> None:
    """Add `export`."""
    endings = " ".join(_endings())
    command = commands.add_parser("export", help=f"导出项目 / write the projects ({endings})")
    command.add_argument("file", type=Path)
    command.add_argument(
        "--as-of", type=int, metavar="N", help="某个数据版本 / as of a data version"
    )
    command.add_argument(
        "--public", action="store_true", help="只含公开内容 / only what anybody may see"
    )
    context.add_options(command)
    command.set_defaults(run=_export)


def _endings() -> list[str]:
    return [GEOPACKAGE, *TABLES, *SHAPES]


def _export(chosen: argparse.Namespace) -> int:
    ending = chosen.file.suffix.lower()
    if ending not in _endings():
        expected = " ".join(_endings())
        raise GeoError("export.kind_unknown", file=chosen.file.name, expected=expected)
    with context.existing_store() as store:
        newest = store.version()
        version = newest if chosen.as_of is None else chosen.as_of
        found = store.projects(version)
        base = layers.load(context.city_folder(chosen))
        if chosen.public:
            stages = base.catalogue.internal_stages
            found = _public(found, today=store.projects(newest), internal_stages=stages)
    atlas = layers.with_projects(base, found)
    with _owner_alone(only=not chosen.public):
        if ending == GEOPACKAGE:
            geopackage.export(atlas.projects, chosen.file)
        else:
            content = _content(atlas, ending, version=version, chosen=chosen)
            with replacing(chosen.file) as draft:
                draft.write_bytes(content)
    values = {"file": chosen.file, "count": len(found), "version": version}
    context.say(chosen, "cli.exported_public" if chosen.public else "cli.exported", **values)
    return context.DONE


def _public(
    found: pd.DataFrame, *, today: pd.DataFrame, internal_stages: Collection[str]
) -> pd.DataFrame:
    """Return what anybody may see: what is internal by now stays so in an earlier version too."""
    vague = today.set_index("id")["position_internal"]
    shown = visible(today, VISITOR, internal_stages=internal_stages)["id"]
    found = found[found["id"].isin(shown)].reset_index(drop=True)
    found["position_internal"] |= found["id"].map(vague).to_numpy(dtype=bool)
    return visible(found, VISITOR, internal_stages=internal_stages)


@contextmanager
def _owner_alone(*, only: bool) -> Iterator[None]:
    """Leave a file with internal contents to its owner alone, from its first byte on."""
    kept = os.umask(0o077)
    if not only:
        os.umask(kept)
    try:
        yield
    finally:
        os.umask(kept)


def _content(atlas: Atlas, ending: str, *, version: int, chosen: argparse.Namespace) -> bytes:
    drawn = ending in SHAPES
    table = _table(atlas, version=version, chosen=chosen, drawn=drawn)
    if drawn:
        return SHAPES[ending](table, list(atlas.projects.geometry))
    return TABLES[ending](table)


def _table(atlas: Atlas, *, version: int, chosen: argparse.Namespace, drawn: bool) -> Table:
    """Return all projects with their names for codes, in the store's order."""
    projects, lang = atlas.projects, chosen.lang
    names = [name for name in projects.columns if name not in _LEFT_OUT]
    names += ["placed"] if drawn else []  # what the symbol stands for, beside what is known
    values = _named(atlas, names, lang)
    words = wording.words(lang)
    return Table(
        title=words["app.title"].format(city=atlas.catalogue.city.name[lang]),
        columns=_columns(atlas, names),
        rows=list(zip(*(values[name] for name in names), strict=True)),
        notes=_notes(atlas, version=version, chosen=chosen),
        sample_rows=frozenset(projects["sample"].to_numpy(dtype=bool).nonzero()[0].tolist()),
        lang=lang,
        wording=Wording(
            notes_sheet=words["download.notes_sheet"],
            cut_mark=words["download.cut_mark"],
            cut_note=words["download.cut_note"],
        ),
    )


def _columns(atlas: Atlas, names: Sequence[str]) -> list[Column]:
    """Name columns as the lists that come in do, so that an export can be read again."""
    headings = lexicon.load(atlas).headings
    titles = {name: dict(headings[name].title) for name in names if name in headings}
    for name in (name for name in names if name in _OWN):
        titles[name] = {lang: wording.say(_OWN[name], lang) for lang in ("zh", "en")}
    return [
        Column(name, titles[name]["zh"], titles[name]["en"], KINDS.get(name, "text"))
        for name in names
    ]


def _named(atlas: Atlas, names: Sequence[str], lang: str) -> dict[str, list[object]]:
    projects = atlas.projects
    found: dict[str, list[object]] = {name: projects[name].tolist() for name in names}
    known = _names(atlas, lang)
    for name in (name for name in names if name in known):
        found[name] = [known[name].get(value, value) for value in found[name]]
    lists = {id_: entry.title[lang] for id_, entry in atlas.catalogue.lists.items()}
    mark = "；" if lang == "zh" else "; "
    found["lists"] = [_listed(value, lists, mark) for value in projects["lists"]]
    return found


def _names(atlas: Atlas, lang: str) -> dict[str, dict[Any, str]]:
    """Return, for each column of codes, what the codes mean."""
    declared, words = atlas.catalogue, wording.words(lang)
    yes = {True: words["cli.yes"], False: ""}
    exact = {id_: words[f"precision.{id_}"] for id_ in layers.PRECISIONS}
    return {
        "county": _of_rows(atlas.counties, "code", lang),
        "park": _of_rows(atlas.parks, "id", lang),
        "industry": {id_: entry.title[lang] for id_, entry in declared.industries.items()},
        "stage": {id_: entry.title[lang] for id_, entry in declared.stages.items()},
        "plan_attr": {id_: words[f"filter.attribute_{id_}"] for id_ in layers.PLAN_ATTRIBUTES},
        "precision": exact,
        "placed": exact,
        "sample": {True: words["filter.kind_sample"], False: words["filter.kind_real"]},
        **dict.fromkeys(_FLAGS, yes),
    }


def _of_rows(frame: gpd.GeoDataFrame, key: str, lang: str) -> dict[Any, str]:
    names = frame["name"] if lang == "zh" else frame["name_en"].fillna(frame["name"])
    return dict(zip(frame[key], names, strict=True))


def _listed(value: object, lists: Mapping[str, str], mark: str) -> object:
    if not isinstance(value, str):
        return value
    ids = [id_ for id_ in value.split(";") if id_]
    return mark.join(lists.get(id_, id_) for id_ in ids) or pd.NA


def _notes(atlas: Atlas, *, version: int, chosen: argparse.Namespace) -> list[str]:
    """Return what a reader of the file must know, a line each."""
    projects, lang = atlas.projects, chosen.lang
    now = datetime.now(ZoneInfo(atlas.catalogue.city.time_zone))
    sample = int(projects["sample"].sum())
    return [
        wording.say("cli.note_public" if chosen.public else "cli.note_internal", lang),
        wording.say("cli.note_version", lang, version=version),
        wording.say("download.note_rows", lang, n=len(projects), sample=sample),
        wording.say("download.note_date", lang, date=f"{now:%Y-%m-%d %H:%M}"),
        wording.say("download.note_datum", lang),
        wording.say("download.note_sources", lang),
    ]
