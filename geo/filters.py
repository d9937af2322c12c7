"""Select projects by facets, investment and words, and count what each further choice would give.

Within a facet the choices add up (or); between facets they narrow (and). A choice may be
a group: an industry group, a phase of stages, a zone with its sub-parks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from geo import search
from geo.layers import PLAN_ATTRIBUTES, Atlas

UNKNOWN = "none"  # the choice "not stated"
GROUP = "g-"  # marks a choice that stands for a group, since a phase may be named as a stage is
KINDS = ("real", "sample")


@dataclass(frozen=True)
class Filters:
    """Hold what is chosen; an empty choice means all. `invest_wan` bounds are inclusive, in 万元."""

    industry: tuple[str, ...] = ()
    stage: tuple[str, ...] = ()
    attribute: tuple[str, ...] = ()
    county: tuple[str, ...] = ()
    park: tuple[str, ...] = ()
    list: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    invest_min_wan: int | None = None
    invest_max_wan: int | None = None
    text: str = ""

    def active(self) -> int:
        """Count the filters that narrow."""
        return sum(getattr(self, entry.name) != entry.default for entry in fields(self))


FACETS = ("industry", "stage", "attribute", "county", "park", "list", "kind")


@dataclass(frozen=True)
class Facet:
    """Hold one facet: each row's code and which options each code belongs to.

    `codes`: (rows,) small ints; `member`: (codes, options) bool.
    """

    options: tuple[str, ...]
    codes: np.ndarray
    member: np.ndarray

    def mask(self, chosen: Sequence[str]) -> np.ndarray:
        """Mark the rows that belong to any chosen option; no choice marks all."""
        if not chosen:
            return np.ones(len(self.codes), dtype=bool)
        columns = [self.options.index(option) for option in chosen if option in self.options]
        belongs = np.asarray(self.member[:, columns].any(axis=1))
        return belongs[self.codes]

    def counts(self, rows: np.ndarray) -> dict[str, int]:
        """Count the marked rows of each option."""
        per_code = np.bincount(self.codes[rows], minlength=len(self.member))
        totals = per_code @ self.member
        return {option: int(n) for option, n in zip(self.options, totals, strict=True)}


@dataclass(frozen=True)
class Index:
    """Hold what filtering needs of one data version, built once."""

    facets: Mapping[str, Facet]
    invest_wan: np.ndarray = field(repr=False)
    words: pd.Series = field(repr=False)

    def __len__(self) -> int:
        return len(self.invest_wan)


def build_index(atlas: Atlas) -> Index:
    """Build the index of an atlas's projects, in the order of its frame."""
    declared, projects = atlas.catalogue, atlas.projects
    stages = {entry.id: (entry.id, GROUP + entry.phase) for entry in declared.stages.values()}
    industries = {
        entry.id: (entry.id, GROUP + entry.group) for entry in declared.industries.values()
    }
    parents = dict(zip(atlas.parks["id"], atlas.parks["parent"], strict=True))
    parks = {park: _with_parent(park, parents) for park in parents}
    facets = {
        "industry": _facet(
            projects["industry"],
            industries,
            [*_groups(declared.industry_groups), *declared.industries],
        ),
        "stage": _facet(projects["stage"], stages, [*_groups(declared.phases), *declared.stages]),
        "attribute": _facet(projects["plan_attr"], _self(PLAN_ATTRIBUTES), PLAN_ATTRIBUTES),
        "county": _facet(
            projects["county"], _self(atlas.counties["code"]), list(atlas.counties["code"])
        ),
        "park": _facet(projects["park"], parks, list(parents)),
        "list": _lists(projects["lists"], list(declared.lists)),
        "kind": _facet(
            projects["sample"].map({False: "real", True: "sample"}), _self(KINDS), KINDS
        ),
    }
    return Index(
        facets=facets,
        invest_wan=projects["invest_wan"].fillna(-1).to_numpy(dtype=np.int64),
        words=search.index_text(_words(atlas)),
    )


def _groups(groups: Iterable[str]) -> list[str]:
    return [GROUP + group for group in groups]


def _with_parent(park: str, parents: dict[str, object]) -> tuple[str, ...]:
    parent = parents[park]
    return (park, parent) if isinstance(parent, str) else (park,)


def _self(options: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return {option: (option,) for option in options}


def _facet(
    values: pd.Series, belongs: Mapping[str, tuple[str, ...]], options: Sequence[str]
) -> Facet:
    names = [*belongs, UNKNOWN]
    columns = (*options, UNKNOWN)
    member = np.zeros((len(names), len(columns)), dtype=bool)
    for row, name in enumerate(names):
        for option in belongs.get(name, (UNKNOWN,)):
            member[row, columns.index(option)] = True
    codes = pd.Categorical(values.fillna(UNKNOWN), categories=names).codes.astype(np.int64)
    return Facet(options=columns, codes=codes, member=member)


def _lists(values: pd.Series, options: Sequence[str]) -> Facet:
    """Build the facet of a many-valued column: each combination that occurs is one code."""
    codes, combinations = pd.factorize(values.fillna(""))
    columns = (*options, UNKNOWN)
    member = np.zeros((max(len(combinations), 1), len(columns)), dtype=bool)
    for row, combination in enumerate(combinations):
        for option in combination.split(";") if combination else [UNKNOWN]:
            if option in columns:
                member[row, columns.index(option)] = True
    return Facet(options=columns, codes=codes.astype(np.int64), member=member)


def _words(atlas: Atlas) -> pd.Series:
    projects = atlas.projects
    counties = atlas.counties.set_index("code")["name"]
    parks = atlas.parks.set_index("id")["name"]
    parts = [
        projects["name"],
        projects["owner"],
        projects["responsible"],
        projects["place"],
        projects["county"].map(counties),
        projects["park"].map(parks),
        projects["id"],
        projects["code"],
    ]
    text = parts[0].fillna("").astype(object)
    for part in parts[1:]:
        text = text + " " + part.fillna("").astype(object)
    return text


@dataclass(frozen=True)
class Selection:
    """Hold what a filter selects: the row mask, and the counts of each facet's options.

    The count of an option is what choosing it alone in its facet would show, all other
    facets kept.
    """

    rows: np.ndarray
    counts: Mapping[str, Mapping[str, int]]

    @property
    def n(self) -> int:
        return int(self.rows.sum())


def select(index: Index, filters: Filters) -> Selection:
    """Apply filters to an index."""
    rest = _bounds(index, filters) & search.matches(index.words, filters.text)
    masks = {name: index.facets[name].mask(getattr(filters, name)) for name in FACETS}
    counts = {}
    for name in FACETS:
        others = rest.copy()
        for other in FACETS:
            if other != name:
                others &= masks[other]
        counts[name] = index.facets[name].counts(others)
    rows = rest
    for mask in masks.values():
        rows = rows & mask
    return Selection(rows=rows, counts=counts)


def _bounds(index: Index, filters: Filters) -> np.ndarray:
    """Keep projects within the investment range; one of unknown investment is outside any range."""
    rows = np.ones(len(index), dtype=bool)
    if filters.invest_min_wan is not None:
        rows &= index.invest_wan >= filters.invest_min_wan
    if filters.invest_max_wan is not None:
        rows &= (index.invest_wan <= filters.invest_max_wan) & (index.invest_wan >= 0)
    return rows
