"""The city's editable dictionaries as plain values, each in the order in which it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model.city import Title


@dataclass(frozen=True)
class Entry:
    """Name one thing of a dictionary by a short id that is stable in URLs and files."""

    id: str
    title: Title


@dataclass(frozen=True)
class Group(Entry):
    """Gather entries, for instance the traditional industries or the building phase."""


@dataclass(frozen=True)
class Stage(Entry):
    """Place a project on the life-cycle ladder; `started` counts in the start rate.

    Projects of an `internal` stage are for those who answer for them, not for the public.
    """

    phase: str
    colour: str
    started: bool
    plain: Title
    synonyms: tuple[str, ...]
    internal: bool


@dataclass(frozen=True)
class Industry(Entry):
    """Name one industry of the city's system; `confirmed` is false while its name is unverified."""

    group: str
    colour: str
    symbol: str
    gbt4754: tuple[str, ...]
    confirmed: bool
    source: str


@dataclass(frozen=True)
class ProjectList(Entry):
    """Name a list (清单) that projects are members of; one project may be on many."""

    source: str


@dataclass(frozen=True)
class Criterion(Entry):
    """Name what members of a site-visit tour score from 1 to 5; `weight` is a whole number."""

    weight: int
    hint: Title


@dataclass(frozen=True)
class Published(Entry):
    """Keep a figure as it was published, in the smallest unit, to set beside the computed one.

    `unit`: count, wan (万元), bp (1/100 of a percent) or wan_per_km2; `kind`: actual, target
    or estimate.
    """

    value: int
    unit: str
    kind: str
    as_of: str
    source: str
    note: str


@dataclass(frozen=True)
class Metric(Entry):
    """Name what a series is about: `unit` is that of its whole numbers, `synonyms` headings.

    `unit`: wan (万元), count (个), person (人), bp (1/100 of a percent), wan_per_km2 or ha; `kind`: an
    "amount" adds up over places and can be divided by an area, a "ratio" does not.
    """

    unit: str
    kind: str
    synonyms: tuple[str, ...]

    @property
    def on_area(self) -> bool:
        """Tell whether a value says little without the kind of area it stands on."""
        return self.unit in ("wan_per_km2", "ha")
