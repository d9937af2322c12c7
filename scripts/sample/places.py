"""Choose county, park and point of each sample project, always on dry land of its county."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.random import Generator

from sample.city import City

# How the sample is spread: no source gives a distribution, so these are assumptions.
COUNTY_SHARES = {"210602": 9, "210603": 20, "210604": 12, "210624": 17, "210681": 25, "210682": 17}
INDUSTRY_SHARES = (20, 17, 8, 10, 12, 8, 5, 7, 8, 5)  # in the order of the dictionary
SITE_SHARE, PARK_SHARE, UNPLACED_SHARE = 0.77, 0.7, 0.03
PARK_RADIUS_KM, PARK_CAP_KM, TOWN_RADIUS_KM = 1.2, 3.0, 4.0
LEVELS_WITH_PROJECTS = ("national", "provincial", "sub")
KM_PER_DEGREE = 111.0


def _in_circle(
    rng: Generator, land: shapely.Geometry, centre: tuple[float, float], radius_km: float
) -> tuple[float, float]:
    """Draw a point of the circle that lies on the land given; ValueError if none is found."""
    for _ in range(2000):
        away = radius_km * math.sqrt(rng.random())
        turn = rng.uniform(0, 2 * math.pi)
        lat = centre[1] + away * math.sin(turn) / KM_PER_DEGREE
        lon = centre[0] + away * math.cos(turn) / KM_PER_DEGREE / math.cos(math.radians(centre[1]))
        lon, lat = round(lon, 5), round(lat, 5)
        if land.contains(shapely.Point(lon, lat)):
            return lon, lat
    raise ValueError(f"no land within {radius_km} km of {centre}")


def _park_radius(park: dict[str, str]) -> float:
    area = float(park["area_km2"] or 0)
    return min(PARK_CAP_KM, math.sqrt(area / math.pi)) if area else PARK_RADIUS_KM


def choose_place(rng: Generator, city: City, county: str) -> dict[str, str]:
    """Choose park, precision and point of one project in a county.

    A park whose centre is unknown gets few projects: none of them can be put on the map
    more precisely than the county.
    """
    parks = [park for park in city.parks if park["county"] == county]
    chance = rng.random()
    if chance < UNPLACED_SHARE:
        return _at_park(rng, [park for park in parks if not park["lon"]] or parks)
    located = [park for park in parks if park["lon"]]
    exact = rng.random() < SITE_SHARE
    if located and chance < PARK_SHARE:
        return _in_park(rng, city, located) if exact else _at_park(rng, located)
    return _by_town(rng, city, county, exact=exact)


def _at_park(rng: Generator, parks: list[dict[str, str]]) -> dict[str, str]:
    park = parks[rng.integers(len(parks))]
    return {"park": park["id"], "precision": "park", "place": f"示例地点 {park['name']}"}


def _in_park(rng: Generator, city: City, parks: list[dict[str, str]]) -> dict[str, str]:
    park = parks[rng.integers(len(parks))]
    centre = float(park["lon"]), float(park["lat"])
    point = _in_circle(rng, city.land[park["county"]], centre, _park_radius(park))
    return {"park": park["id"], "place": f"示例地点 {park['name']}内"} | _point(
        "site", point, "示例随机"
    )


def _by_town(rng: Generator, city: City, county: str, *, exact: bool) -> dict[str, str]:
    towns = [town for town in city.towns if town["properties"]["county"] == county]
    town = towns[rng.integers(len(towns))]
    name = f"{town['properties']['name']}（{town['properties']['code']}）"
    centre = tuple(town["geometry"]["coordinates"])
    if exact:
        point = _in_circle(rng, city.land[county], centre, TOWN_RADIUS_KM)
        return {"place": f"示例地点 {name}附近"} | _point("site", point, "示例随机")
    source = f"示例随机（{town['properties']['source']}）"
    return {"place": f"示例地点 {name}"} | _point("town", centre, source)


def _point(precision: str, point: tuple[float, float], source: str) -> dict[str, str]:
    lon, lat = (f"{degrees:.5f}" for degrees in point)
    return {"precision": precision, "lon": lon, "lat": lat, "coord_source": source}


def choose_industry(rng: Generator, city: City, park: str) -> dict:
    """Choose an industry, three times in four one of the park's own."""
    own = next((p["industries"].split(";") for p in city.parks if p["id"] == park), [])
    fits = [entry for entry in city.industries if entry["id"] in own]
    if fits and rng.random() < 0.75:
        return fits[rng.integers(len(fits))]
    shares = np.array(INDUSTRY_SHARES) / sum(INDUSTRY_SHARES)
    return city.industries[rng.choice(len(city.industries), p=shares)]
