"""Read a city folder's catalogue: the city, its layers and its dictionaries, checked at the gate."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

from geo.errors import GeoError
from geo.model import (
    City,
    Criterion,
    Driving,
    Entry,
    Group,
    Industry,
    Layer,
    LayerColumn,
    Metric,
    ProjectList,
    Published,
    Stage,
    Terrain,
    Title,
    Travel,
)

SYMBOLS = (
    "circle",
    "square",
    "triangle",
    "diamond",
    "pentagon",
    "hexagon",
    "star",
    "cross",
    "plus",
    "wedge",
)
METRIC_UNITS = ("wan", "count", "person", "bp", "wan_per_km2", "ha")
METRIC_KINDS = ("amount", "ratio")
KINDS = ("stages", "industries", "lists", "published")


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


@dataclass(frozen=True)
class Catalogue:
    """Hold what a city folder declares; dictionaries keep the order in which they are shown.

    `criteria`, the sheet of site-visit tours, and `metrics`, what series are about, are empty in a
    city that declares none.
    """

    folder: Path
    city: City
    layers: dict[str, Layer]
    stages: dict[str, Stage]
    phases: dict[str, Group]
    industries: dict[str, Industry]
    industry_groups: dict[str, Group]
    lists: dict[str, ProjectList]
    published: dict[str, Published]
    criteria: dict[str, Criterion]
    remarks: tuple[Title, ...]
    travel: Travel | None = None
    metrics: dict[str, Metric] = field(default_factory=dict)
    metrics_file: str = ""

    def path(self, layer: str) -> Path:
        """Give the file of a layer; `layer_missing` if the catalogue has no such layer."""
        if layer not in self.layers:
            raise GeoError("layer_missing", layer=layer)
        return self.folder / self.layers[layer].file

    @cached_property
    def internal_stages(self) -> frozenset[str]:
        """Give the stages whose projects the public does not receive."""
        return frozenset(id_ for id_, stage in self.stages.items() if stage.internal)


def read(folder: Path) -> Catalogue:
    """Read `city.toml` and the dictionaries beside it.

    Errors: `file_missing`, `file_unreadable`, `catalogue_invalid` (file, entry, field).
    """
    head = read_toml(folder / "city.toml")
    city, entries = _checked(lambda found: (found["city"], found["layers"]), head, file="city.toml")
    names = _checked(
        lambda found: [found["dictionaries"][k] for k in KINDS], city, file="city.toml"
    )
    files = {kind: folder / name for kind, name in zip(KINDS, names, strict=True)}
    stages, industries = read_toml(files["stages"]), read_toml(files["industries"])
    published = read_toml(files["published"])
    found = Catalogue(
        folder=folder,
        city=_checked(_city, city, file="city.toml"),
        layers=_by_id(
            [_checked(_layer, entry, file="city.toml") for entry in entries], "city.toml"
        ),
        stages=_entries(_stage, stages, file=files["stages"].name),
        phases=_entries(_group, stages, file=files["stages"].name, table="phase"),
        industries=_entries(_industry, industries, file=files["industries"].name),
        industry_groups=_entries(_group, industries, file=files["industries"].name, table="group"),
        lists=_entries(_list, read_toml(files["lists"]), file=files["lists"].name),
        published=_entries(_published, published, file=files["published"].name),
        criteria=_optional(_criterion, folder, city, kind="scoring"),
        remarks=tuple(_title(entry) for entry in published.get("remark", ())),
        travel=_checked(_travel, head["travel"], file="city.toml") if "travel" in head else None,
        metrics=_optional(_metric, folder, city, kind="metrics"),
        metrics_file=city["dictionaries"].get("metrics", ""),
    )
    for stage in found.stages.values():
        _member(stage, "phase", found.phases, file=files["stages"].name)
    for industry in found.industries.values():
        _member(industry, "group", found.industry_groups, file=files["industries"].name)
    return found


def _optional(make: Any, folder: Path, city: dict[str, Any], *, kind: str) -> dict:
    """Read a dictionary that a city may do without."""
    file = city["dictionaries"].get(kind)
    return {} if file is None else _entries(make, read_toml(folder / file), file=file)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file of a city folder; errors `file_missing`, `file_unreadable`."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise GeoError("file_missing", file=path.name) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GeoError("file_unreadable", file=path.name, reason=str(error)) from None


def _entries(make: Any, document: dict[str, Any], *, file: str, table: str = "entry") -> dict:
    entries = document.get(table, [])
    ordered = sorted(entries, key=lambda entry: entry.get("order", 0))
    return _by_id([_checked(make, entry, file=file) for entry in ordered], file)


def _checked(make: Any, entry: dict[str, Any], *, file: str) -> Any:
    try:
        return make(entry)
    except (KeyError, TypeError, ValueError) as error:
        raise GeoError(
            "catalogue_invalid", file=file, entry=str(entry.get("id", "?")), field=str(error)
        ) from None


def _by_id(entries: Sequence[T], file: str) -> dict[str, T]:
    found = {entry.id: entry for entry in entries}
    if len(found) < len(entries):
        ids = [entry.id for entry in entries]
        repeated = next(id_ for id_ in ids if ids.count(id_) > 1)
        raise GeoError("catalogue_invalid", file=file, entry=repeated, field="id")
    return found


def _member(entry: Entry, field: str, known: Collection[str], *, file: str) -> None:
    value = getattr(entry, field)
    if value not in known:
        raise GeoError("catalogue_invalid", file=file, entry=entry.id, field=f"{field} = {value}")


def _title(entry: dict[str, Any]) -> Title:
    return Title(zh=entry["zh"], en=entry["en"])


def _city(entry: dict[str, Any]) -> City:
    return City(
        id=entry["id"],
        code=entry["code"],
        name=_title(entry["name"]),
        centre=tuple(entry["centre"]),
        bbox=tuple(entry["bbox"]),
        time_zone=entry["time_zone"],
        plan_year=entry["plan_year"],
        map_approval=entry["map_approval"],
    )


def _driving(entry: dict[str, Any]) -> Driving:
    driving = Driving(float(entry["speed_kmh"]), float(entry["circuity"]))
    if not (0 < driving.speed_kmh < 200 and 1 <= driving.circuity < 10):
        raise ValueError(f"speed_kmh = {driving.speed_kmh}, circuity = {driving.circuity}")
    return driving


def _travel(entry: dict[str, Any]) -> Travel:
    return Travel(
        terrains=tuple(
            Terrain(
                id=terrain["id"],
                title=_title(terrain["title"]),
                driving=_driving(terrain),
                counties=tuple(terrain["counties"]),
            )
            for terrain in entry["terrain"]
        ),
        local=_driving(entry["local"]),
        straight=_driving(entry["straight"]),
        reach_km=float(entry["reach_km"]),
        band_pct=int(entry["band_pct"]),
        straight_band_pct=int(entry["straight_band_pct"]),
        source=_title(entry["source"]),
    )


def _layer(entry: dict[str, Any]) -> Layer:
    return Layer(
        id=entry["id"],
        file=entry["file"],
        title=_title(entry["title"]),
        geometry=entry["geometry"],
        crs=entry["crs"],
        source=_title(entry["source"]),
        source_package=entry.get("source_package", ""),
        credit=_title(entry["credit"]) if "credit" in entry else None,
        licence=_title(entry["licence"]),
        date=str(entry["date"]),
        changes=tuple(_title(change) for change in entry["changes"]),
        columns=tuple(
            LayerColumn(id=column["id"], title=_title(column), unit=column.get("unit", ""))
            for column in entry["columns"]
        ),
    )


def _group(entry: dict[str, Any]) -> Group:
    return Group(id=entry["id"], title=_title(entry))


def _stage(entry: dict[str, Any]) -> Stage:
    internal = entry.get("internal", False)
    if not isinstance(internal, bool):  # "false" in quotes would read as true, 0 as public
        raise ValueError(f"internal = {internal!r}")
    return Stage(
        id=entry["id"],
        title=_title(entry),
        phase=entry["phase"],
        colour=entry["colour"],
        started=bool(entry["started"]),
        plain=_title(entry["plain"]),
        synonyms=tuple(entry.get("synonyms", ())),
        internal=internal,
    )


def _industry(entry: dict[str, Any]) -> Industry:
    if entry["symbol"] not in SYMBOLS:
        raise ValueError(f"symbol = {entry['symbol']}")
    return Industry(
        id=entry["id"],
        title=_title(entry),
        group=entry["group"],
        colour=entry["colour"],
        symbol=entry["symbol"],
        gbt4754=tuple(entry["gbt4754"]),
        confirmed=entry["status"] == "confirmed",
        source=entry["source"],
    )


def _list(entry: dict[str, Any]) -> ProjectList:
    return ProjectList(id=entry["id"], title=_title(entry), source=entry["source"])


def _published(entry: dict[str, Any]) -> Published:
    return Published(
        id=entry["id"],
        title=_title(entry),
        value=int(entry["value"]),
        unit=entry["unit"],
        kind=entry["kind"],
        as_of=str(entry["as_of"]),
        source=entry["source"],
        note=entry.get("note", ""),
    )


def _criterion(entry: dict[str, Any]) -> Criterion:
    weight = entry["weight"]
    if type(weight) is not int or weight < 1:
        raise ValueError(f"weight = {weight}")
    return Criterion(id=entry["id"], title=_title(entry), weight=weight, hint=_title(entry["hint"]))


def _metric(entry: dict[str, Any]) -> Metric:
    for field_, known in (("unit", METRIC_UNITS), ("kind", METRIC_KINDS)):
        if entry[field_] not in known:
            raise ValueError(f"{field_} = {entry[field_]}")
    return Metric(
        id=entry["id"],
        title=_title(entry),
        unit=entry["unit"],
        kind=entry["kind"],
        synonyms=tuple(entry.get("synonyms", ())),
    )
