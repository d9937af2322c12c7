"""The names of things as a visitor reads them: choices of a facet, counties, parks, places."""

from __future__ import annotations

import pandas as pd

from geo.filters import GROUP, UNKNOWN
from geo.layers import Atlas
from ui.i18n import Translate


def of_facet(atlas: Atlas, facet: str, *, language: str, t: Translate) -> dict[str, str]:
    """Return the name of each choice of a facet, in the order in which they are offered."""
    declared = atlas.catalogue
    named = {
        "industry": (declared.industry_groups, declared.industries),
        "stage": (declared.phases, declared.stages),
        "list": ({}, declared.lists),
    }
    if facet in named:
        groups, entries = named[facet]
        names = {GROUP + id_: f"▸ {entry.title[language]}" for id_, entry in groups.items()}
        names |= {id_: entry.title[language] for id_, entry in entries.items()}
    elif facet == "county":
        names = of_rows(atlas.counties, "code", language)
    elif facet == "park":
        names = of_rows(atlas.parks, "id", language)
    else:
        options = ("real", "sample") if facet == "kind" else ("new", "resumed", "preliminary")
        names = {option: t(f"filter.{facet}_{option}") for option in options}
    return names | {UNKNOWN: t("filter.unknown")}


def of_rows(frame: pd.DataFrame, key: str, language: str) -> dict[str, str]:
    """Return the names of a layer's rows by key; a row without an English name keeps its own."""
    names = frame["name"]
    if language == "en" and "name_en" in frame:
        names = frame["name_en"].fillna(names)
    return dict(zip(frame[key], names, strict=True))


def of_lists(value: object, atlas: Atlas, language: str) -> str:
    """Name the lists of a semicolon-separated cell."""
    lists = atlas.catalogue.lists
    ids = str(value).split(";") if isinstance(value, str) else []
    return "；".join(lists[id_].title[language] for id_ in ids if id_ in lists)
