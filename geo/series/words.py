"""The words by which lists of metrics are read: headings, places, statuses, kinds of area, units."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from geo import catalogue
from geo.errors import GeoError
from geo.intake import lexicon
from geo.intake.headings import YUAN
from geo.intake.lexicon import Lexicon
from geo.intake.text import fold, key
from geo.layers import Atlas
from geo.model import Metric
from geo.series.points import AREA_KINDS, CITY, PARKS, STATUSES

TEXTS = ("source", "source_url", "source_grade", "note")  # columns that are kept as they stand
FIELDS = (
    *("place", "metric", "period", "value", "unit", "status", "area_kind"),
    *TEXTS,
    *("internal", "skip"),
)
_CHOICES = {"place": (CITY, PARKS), "status": STATUSES, "area_kind": AREA_KINDS}
_WAN = {name: Fraction(yuan, 10_000) for name, yuan in YUAN.items()}
_ONES = ("个", "家", "人", "户", "名", "项", "件", "count")
_KM2 = ("平方公里", "平方千米", "km2")
_TEN_THOUSAND = dict.fromkeys(("万", *(f"万{one}" for one in _ONES)), Fraction(10_000))
# How many of a metric's own unit one of a unit that people write is.
UNITS: Mapping[str, Mapping[str, Fraction]] = {
    "wan": {**_WAN, "万": Fraction(1), "亿": Fraction(10_000)},
    "count": {
        **dict.fromkeys(_ONES, Fraction(1)),
        **_TEN_THOUSAND,
    },
    "person": {**dict.fromkeys(("人", "名", "个", "person"), Fraction(1)), **_TEN_THOUSAND},
    "bp": dict.fromkeys(("%", "个百分点", "百分点"), Fraction(100)),
    "wan_per_km2": {
        **{f"{money}/{area}": scale for money, scale in _WAN.items() for area in _KM2},
        **{f"{money}/亩": scale * 1500 for money, scale in _WAN.items()},
    },
    "ha": {
        **dict.fromkeys(_KM2, Fraction(100)),
        **dict.fromkeys(("公顷", "ha"), Fraction(1)),
        "亩": Fraction(1, 15),
    },
}
ALL_UNITS = frozenset(unit for units in UNITS.values() for unit in units)
NEEDED = ("wan", "wan_per_km2", "ha")  # units of which a bare number could be anything
USUAL = {
    "wan": "万元",
    "count": "个",
    "person": "人",
    "bp": "%",
    "wan_per_km2": "万元/平方公里",
    "ha": "公顷",
}


@dataclass(frozen=True)
class Words:
    """Hold what a reader of metrics must know of a city; `…_keys` map a word's key to an id."""

    metrics: Mapping[str, Metric]
    headings: Mapping[str, str]
    metric_keys: Mapping[str, str]
    place_keys: Mapping[str, str]
    status_keys: Mapping[str, str]
    area_kind_keys: Mapping[str, str]
    titles: Mapping[str, str]
    lexicon: Lexicon

    @property
    def place_names(self) -> dict[str, str]:
        """Return the names by which places are known best, by their ids."""
        words = first_words(self.place_keys)
        parks = {id_: park.name for id_, park in self.lexicon.parks.items()}
        return {**words, **self.lexicon.counties, **parks}


def load(atlas: Atlas) -> Words:
    """Build the words of a city from its layers, `metrics.toml` and `headers.toml`.

    Errors: `series.no_metrics` where the city declares none, `file_missing`, `file_unreadable`,
    `catalogue_invalid` (file, entry, field).
    """
    declared = atlas.catalogue
    file = declared.metrics_file
    if not declared.metrics or not file:
        raise GeoError("series.no_metrics")
    head = catalogue.read_toml(declared.folder / file)
    stated = head.get("words", {})
    chosen = {name: _words(stated.get(name, {}), file, ids) for name, ids in _CHOICES.items()}
    headings = head.get("headings", {})
    metrics = {id_: _spellings(metric) for id_, metric in declared.metrics.items()}
    return Words(
        metrics=declared.metrics,
        headings=_words(headings, file, FIELDS),
        metric_keys=_words(metrics, file, declared.metrics),
        place_keys={
            **chosen["place"],
            key(declared.city.name.zh): CITY,
            declared.city.code: CITY,
        },
        status_keys=chosen["status"],
        area_kind_keys=chosen["area_kind"],
        titles={field: words[0] for field, words in headings.items()},
        lexicon=lexicon.load(atlas),
    )


def first_words(keys: Mapping[str, str]) -> dict[str, str]:
    """Return the first word of each id, by which it is known best."""
    found: dict[str, str] = {}
    for word, id_ in keys.items():
        found.setdefault(id_, word)
    return found


def unit(text: str) -> str:
    """Return the unit that a text consists of, in its plain form, "" where it is none."""
    plain = fold(text).replace(" ", "").strip("()[]【】:").casefold()
    plain = plain.removeprefix("单位:").removeprefix("单位").replace("每", "/")
    return plain if plain in ALL_UNITS else ""


def _spellings(metric: Metric) -> tuple[str, ...]:
    return (metric.title.zh, metric.title.en, *metric.synonyms)


def _words(table: Mapping[str, Any], file: str, known: Collection[str]) -> dict[str, str]:
    """Map the key of each word to its id; a word of two ids, or an unknown id, is a fault."""
    found: dict[str, str] = {}
    for id_, words in table.items():
        if id_ not in known:
            raise GeoError("catalogue_invalid", file=file, entry=id_, field=id_)
        for word in (*words, id_):
            if found.setdefault(key(word), id_) != id_:
                raise GeoError("catalogue_invalid", file=file, entry=id_, field=word)
    return found
