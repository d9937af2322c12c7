"""Areas of counties and parks, each with its source and year, and outlines checked before use."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo import crs
from geo.density.measures import Area, Note, decimal, one_of
from geo.density.once import once
from geo.density.outlines import Outlines
from geo.errors import GeoError
from geo.layers import Atlas

COUNTY_SOURCES = {"tianditu": "counties", "amap": "counties_amap"}
COUNTY_COLUMNS = {"tianditu": "area_km2", "amap": "area_km2_amap"}
PARK_KINDS = ("approved", "planned", "built_up", "developed", "total")
PARK_CHOICES = ("stated", *PARK_KINDS, "outline")
SURVEYED = "park_polygons"
LEAST_KM2 = 1e-6  # a square metre
OVERLAP_KM2 = 0.01  # two providers' shared border may differ by slivers


def of_counties(atlas: Atlas, *, source: str = "tianditu") -> dict[str, Area]:
    """Return each county's area by code, from one of the two outlines' geodesic areas.

    Errors: `density.choice`.
    """
    one_of("area", source, tuple(COUNTY_SOURCES))
    layer = COUNTY_SOURCES[source]
    year = _date(atlas, layer)
    column = COUNTY_COLUMNS[source]
    found = {}
    for code, value in zip(atlas.counties["code"], atlas.counties[column], strict=True):
        km2 = decimal(value)
        reason = "" if km2 else "area_not_stated"
        found[code] = Area(km2 or None, source, layer, year, reason)
    return found


def of_parks(atlas: Atlas, *, kind: str = "stated") -> dict[str, Area]:
    """Return each park's area by id: of the kind it states, of one kind alone, or of its outline.

    An area of another kind than the one asked for does not stand in for it.
    Errors: `density.choice`, those of `checked`.
    """
    one_of("area", kind, PARK_CHOICES)
    if kind == "outline":
        return _outlines(atlas)
    parks = atlas.parks
    columns = ("id", "area_km2", "area_kind", "area_year", "source")
    rows = zip(*(parks[name] for name in columns), strict=True)
    return {id_: _stated(kind, *cells) for id_, *cells in rows}


def _stated(kind: str, value: object, own: object, year: object, source: object) -> Area:
    km2 = decimal(value)
    own_kind = own if isinstance(own, str) else ""
    reason = ""
    if not km2:
        reason = "area_not_stated"
    elif kind not in ("stated", own_kind):
        reason = "area_kind_other" if own_kind else "area_kind_unknown"
    shown = own_kind if km2 else kind
    return Area(None if reason else km2, shown, _text(source), _text(year), reason)


@once
def _outlines(atlas: Atlas) -> dict[str, Area]:
    surveyed = atlas.parks[atlas.parks["outline"] == "polygon"]
    clean, _ = checked(surveyed, key="id")
    measured = {
        id_: decimal(round(crs.area_km2(shape), 6))
        for id_, shape in zip(clean["id"], clean.geometry, strict=True)
    }
    year = _date(atlas, SURVEYED)
    return {
        id_: Area(
            measured.get(id_), "outline", SURVEYED, year, "" if id_ in measured else "no_outline"
        )
        for id_ in atlas.parks["id"]
    }


def _date(atlas: Atlas, layer: str) -> str:
    declared = atlas.catalogue.layers.get(layer)
    return declared.date if declared else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


@once
def checked(frame: gpd.GeoDataFrame, *, key: str) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Return a copy of outlines that can be measured, and a note for each repair or overlap.

    A declared CRS is turned into WGS-84, heights are dropped, an outline that crosses itself is
    rebuilt (`shapely.make_valid`). Errors (with `place`): `density.outline_empty`,
    `density.outline_kind`, `density.outline_degrees`.
    """
    notes: list[Note] = []
    if frame.crs is not None and frame.crs != "EPSG:4326":
        frame = frame.to_crs("EPSG:4326")
        notes += [Note("reprojected", str(id_)) for id_ in frame[key]]
    shapes = []
    for id_, shape in zip(frame[key], frame.geometry, strict=True):
        clean, codes = outline(shape, place=str(id_))
        shapes.append(clean)
        notes += [Note(code, str(id_)) for code in codes]
    found = frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs="EPSG:4326"))
    return found, (*notes, *overlaps(found[key], shapes))


def outline(shape: BaseGeometry | None, *, place: str) -> tuple[BaseGeometry, tuple[str, ...]]:
    """Return one outline as a valid flat polygon, and the codes of what was repaired."""
    if shape is None or shape.is_empty:
        raise GeoError("density.outline_empty", area=place)
    if shape.geom_type not in ("Polygon", "MultiPolygon"):
        raise GeoError("density.outline_kind", area=place, read=shape.geom_type)
    codes = []
    if shape.has_z:
        shape, codes = shapely.force_2d(shape), ["flattened"]
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise GeoError("density.outline_degrees", area=place, read=f"{west:g}, {south:g}")
    if not shape.is_valid:
        shape = _polygons(shapely.make_valid(shape))
        codes.append("rebuilt")
    if shape.is_empty or crs.area_km2(shape) < LEAST_KM2:
        raise GeoError("density.outline_empty", area=place)
    return shape, tuple(codes)


def _polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return what has an area; a repaired outline may come with loose lines."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts)


@once
def lookup(frame: gpd.GeoDataFrame, *, key: str) -> Outlines:
    """Return outlines that can be asked which of them is around a point, by the codes of a column.

    Errors: those of `outline`.
    """
    named = zip(frame[key], frame.geometry, strict=True)
    return Outlines.of(frame[key], [outline(shape, place=str(code))[0] for code, shape in named])


def overlaps(ids: Iterable[str], shapes: list[BaseGeometry]) -> tuple[Note, ...]:
    """Return a note for each two outlines that share more than a sliver, with the shared km²."""
    if len(shapes) < 2:
        return ()
    names, tree = [str(id_) for id_ in ids], shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects")
    notes = []
    for one, other in sorted((int(i), int(j)) for i, j in pairs.T if i < j):
        shared = shapely.intersection(shapes[one], shapes[other])
        km2 = crs.area_km2(shared) if shapely.area(shared) else 0.0
        if km2 > OVERLAP_KM2:
            notes.append(Note("overlap", names[one], names[other], round(km2, 4)))
    return tuple(notes)


@once
def county_of(atlas: Atlas) -> np.ndarray:
    """Return each project's county code, "" where unknown.

    The county that the row states, else that of its park, else the one around its exact point; a
    point on a border belongs to the lowest code, so that it is counted once.
    """
    projects = atlas.projects
    parks = atlas.parks.set_index("id")["county"]
    codes = projects["county"].fillna(projects["park"].map(parks)).fillna("")
    found = codes.to_numpy(dtype=object).copy()
    open_ = (found == "") & (projects["placed"] == "site").fillna(False).to_numpy(dtype=bool)
    if open_.any():
        points, outlines = projects.geometry.to_numpy()[open_], lookup(atlas.counties, key="code")
        place = outlines.place(shapely.get_x(points), shapely.get_y(points))
        found[open_] = np.array([*outlines.codes, ""], dtype=object)[place]
    found.flags.writeable = False
    return found
