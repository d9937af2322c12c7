"""What an importer must know of a city: headings, names, places and limits, all from its folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd

from geo import catalogue
from geo.errors import GeoError
from geo.exchange.reading import limits
from geo.intake.text import key
from geo.layers import Atlas

FILE = "headers.toml"
_KINDS = (
    "skip text code county park industry stage started year plan_attr money land percent progress date "
    "span phone lists precision lon lat coordinate datum flag"
)
KINDS = frozenset(re.findall(r"\w+", _KINDS))
_SUFFIX = re.compile(r"(?:自治县|市|县|区)$")
_PEOPLE = re.compile(r"(?<=..)[\u4e00-\u9fff]{1,3}族$")


@dataclass(frozen=True)
class Heading:
    """Name one kind of column: its field, how its cells read, and the headings that mean it.

    `own` mean it only in a table whose columns bear the fields' own names, as exports do.
    """

    id: str
    title: Mapping[str, str]
    kind: str
    required: bool
    template: bool
    synonyms: tuple[str, ...]
    weaker: tuple[str, ...]
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Park:
    """Name a park, the park it belongs to and its county; both may be empty."""

    id: str
    name: str
    parent: str
    county: str


@dataclass(frozen=True)
class Lexicon:
    """Hold the words and places of one city, in the form in which they are looked up.

    `certain` and `weaker` map the key of a heading to a field. `counties` is code → name,
    `county_keys` and the other `…_keys` map the key of a name, short name or code to an id.
    `spots`: park or county → where the map draws what has no place of its own, degrees WGS-84.
    """

    city: str
    region: str
    bbox: tuple[float, float, float, float]
    rows: int
    default_datum: str
    own_sheets: frozenset[str]
    headings: Mapping[str, Heading]
    certain: Mapping[str, str]
    weaker: Mapping[str, str]
    counties: Mapping[str, str]
    county_keys: Mapping[str, str]
    parks: Mapping[str, Park]
    park_keys: Mapping[str, str]
    industries: Mapping[str, str]
    industry_keys: Mapping[str, str]
    gbt4754: Mapping[str, str]
    stages: Mapping[str, str]
    stage_keys: Mapping[str, str]
    started: frozenset[str]
    attributes: Mapping[str, str]
    attribute_words: Mapping[str, str]
    precisions: Mapping[str, str]
    lists: Mapping[str, str]
    list_keys: Mapping[str, str]
    spots: Mapping[str, tuple[float, float]]
    outlines: gpd.GeoDataFrame
    land: gpd.GeoDataFrame


def load(atlas: Atlas) -> Lexicon:
    """Build the lexicon of a city from its layers and `headers.toml`.

    Errors: `file_missing`, `file_unreadable`, `catalogue_invalid` (file, entry, field).
    """
    declared = atlas.catalogue
    head = catalogue.read_toml(declared.folder / FILE)
    headings = {entry["id"]: _heading(entry) for entry in head.get("entry", ())}
    parks = {row.id: _park(row) for row in atlas.parks.itertuples()}
    counties = dict(zip(atlas.counties["code"], atlas.counties["name"], strict=True))
    english = dict(zip(atlas.counties["code"], atlas.counties["name_en"], strict=True))
    aliases = {field: _aliases(head, field) for field in ("county", "park", "industry", "stage")}
    return Lexicon(
        city=declared.city.name.zh,
        region=declared.city.code.rstrip("0"),
        bbox=declared.city.bbox,
        rows=limits.of_city(declared.folder).rows,
        default_datum=str(head.get("default_datum", "")),
        own_sheets=frozenset(head.get("own_sheets", ())),
        headings=headings,
        certain=_titles(headings) | _words(headings, "synonyms"),
        weaker=_words(headings, "weaker"),
        counties=counties,
        county_keys=_county_keys(counties) | _keys(english) | aliases["county"],
        parks=parks,
        park_keys=_park_keys(atlas, declared.city.name.zh) | aliases["park"],
        industries={id_: entry.title.zh for id_, entry in declared.industries.items()},
        industry_keys=_title_keys(declared.industries) | aliases["industry"],
        gbt4754={p: entry.id for entry in declared.industries.values() for p in entry.gbt4754},
        stages={id_: entry.title.zh for id_, entry in declared.stages.items()},
        stage_keys=_stage_keys(declared.stages) | aliases["stage"],
        started=frozenset(id_ for id_, entry in declared.stages.items() if entry.started),
        attributes=_values(head, "plan_attr"),
        attribute_words={w: id_ for id_, ws in head.get("plan_attr", {}).items() for w in ws},
        precisions=_values(head, "precision"),
        lists={id_: entry.title.zh for id_, entry in declared.lists.items()},
        list_keys=_title_keys(declared.lists),
        spots=_spots(atlas.parks, "id", "lon", "lat")
        | _spots(atlas.counties, "code", "label_lon", "label_lat"),
        outlines=atlas.counties,
        land=atlas.base["land"],
    )


def short_county(name: str) -> str:
    """Return a county's name without 市, 县, 区, 自治县 and the people it is named for."""
    bare = _SUFFIX.sub("", name)
    return _PEOPLE.sub("", bare) if name.endswith("自治县") else bare


def _heading(entry: dict[str, Any]) -> Heading:
    if entry.get("kind") not in KINDS:
        raise GeoError("catalogue_invalid", file=FILE, entry=str(entry.get("id")), field="kind")
    return Heading(
        id=entry["id"],
        title={"zh": entry["zh"], "en": entry["en"]},
        kind=entry["kind"],
        required=entry.get("required", False),
        template=entry.get("template", False),
        synonyms=tuple(entry.get("synonyms", ())),
        weaker=tuple(entry.get("weaker", ())),
        own=tuple(entry.get("own", ())),
    )


def _words(headings: Mapping[str, Heading], kind: str) -> dict[str, str]:
    """Map each heading's key to its field; one heading for two fields is a fault of the file."""
    found: dict[str, str] = {}
    for heading in headings.values():
        for word in getattr(heading, kind):
            if found.setdefault(key(word), heading.id) != heading.id:
                raise GeoError("catalogue_invalid", file=FILE, entry=heading.id, field=word)
    return found


def _titles(headings: Mapping[str, Heading]) -> dict[str, str]:
    """Map the names that exports give their columns, in any language; synonyms go before them."""
    known = [heading for heading in headings.values() if heading.synonyms]
    return {key(title): h.id for h in reversed(known) for title in h.title.values()}


def _spots(
    frame: gpd.GeoDataFrame, name: str, lon: str, lat: str
) -> dict[str, tuple[float, float]]:
    rows = frame[[name, lon, lat]].dropna().itertuples(index=False)
    return {id_: (float(x), float(y)) for id_, x, y in rows}


def _park(row: Any) -> Park:
    parent, county = (v if isinstance(v, str) else "" for v in (row.parent, row.county))
    return Park(id=row.id, name=row.name, parent=parent, county=county)


def _aliases(head: Mapping[str, Any], field: str) -> dict[str, str]:
    entries = [entry for entry in head.get("alias", ()) if entry["field"] == field]
    return {key(name): entry["id"] for entry in entries for name in entry["names"]}


def _values(head: Mapping[str, Any], table: str) -> dict[str, str]:
    return {key(word): id_ for id_, words in head.get(table, {}).items() for word in words}


def _keys(names: Mapping[str, str]) -> dict[str, str]:
    return {key(str(name)): id_ for id_, name in names.items()}


def _county_keys(counties: Mapping[str, str]) -> dict[str, str]:
    short = {code: short_county(name) for code, name in counties.items()}
    return {**{code: code for code in counties}, **_keys(short), **_keys(counties)}


def _park_keys(atlas: Atlas, city: str) -> dict[str, str]:
    """Map full names, ids and names without the city's own name in front; doubtful ones not."""
    names = dict(zip(atlas.parks["id"], atlas.parks["name"], strict=True))
    english = dict(zip(atlas.parks["id"], atlas.parks["name_en"].fillna(""), strict=True))
    full = _keys(english) | {key(id_): id_ for id_ in names} | _keys(names)
    full.pop("", None)
    stem = short_county(city)
    short: dict[str, list[str]] = {}
    for id_, name in names.items():
        for lead in (city, stem):
            if name.startswith(lead) and len(name) > len(lead) + 3:
                short.setdefault(key(name[len(lead) :]), []).append(id_)
    single = {word: ids[0] for word, ids in short.items() if len(set(ids)) == 1}
    return single | full


def _title_keys(entries: Mapping[str, Any]) -> dict[str, str]:
    found = {key(id_): id_ for id_ in entries}
    for id_, entry in entries.items():
        found[key(entry.title.zh)] = found[key(entry.title.en)] = id_
    return found


def _stage_keys(stages: Mapping[str, Any]) -> dict[str, str]:
    synonyms = {key(word): id_ for id_, stage in stages.items() for word in stage.synonyms}
    return synonyms | _title_keys(stages)
