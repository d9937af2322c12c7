"""A city and the layers of its catalogue, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Title:
    """Hold one text in Chinese and English."""

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True)
class City:
    """Name a city and its place: lon, lat in degrees WGS-84; `bbox` is west, south, east, north."""

    id: str
    code: str
    name: Title
    centre: tuple[float, float]
    bbox: tuple[float, float, float, float]
    time_zone: str
    plan_year: int
    map_approval: str


@dataclass(frozen=True)
class LayerColumn:
    """Describe one column of a layer; `unit` is empty where the column has none."""

    id: str
    title: Title
    unit: str


@dataclass(frozen=True)
class Layer:
    """Describe one file of the city folder: what it holds, from where, under which licence.

    `credit` is the short form of `source` for a picture's foot; None where the layer is not drawn.
    """

    id: str
    file: str
    title: Title
    geometry: str
    crs: str
    source: Title
    source_package: str
    credit: Title | None
    licence: Title
    date: str
    changes: tuple[Title, ...]
    columns: tuple[LayerColumn, ...]
