"""Coordinates as lists write them, and where they lie: datum, the city, the stated county."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import geopandas as gpd
import numpy as np
import shapely

from geo import crs
from geo.exchange.reading.grid import Cell
from geo.intake.faults import Refused
from geo.intake.lexicon import Lexicon
from geo.intake.lines import text_of
from geo.intake.text import fold

DATUMS = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
AROUND_DEG = 0.5
"""How far from the city's box a point at sea may lie: the box is drawn round the land."""
BORDER_KM = 1.0
"""A point this near to its county is warned of, not refused: outlines and datums differ by 0.6 km."""
_SURELY_FAR_DEG = 0.1  # more than BORDER_KM in either direction below 84° of latitude
_LON, _LAT = "lon", "lat"
Angle = tuple[float, str]
"""Degrees, and which of the two the text calls them: lon, lat or nothing."""
_NUMBER = r"\d+(?:\.\d+)?"
_DEGREES = re.compile(
    rf"(?P<d>{_NUMBER})(?:[°度d](?:(?P<m>{_NUMBER})(?:['分m](?:(?P<s>{_NUMBER})(?:\"|''|秒|s)?)?)?)?)?",
    re.IGNORECASE,
)
_PARTED = re.compile(rf"(?P<d>\d+)[:\- ](?P<m>\d+(?:\.\d+)?)(?:[:\- ](?P<s>{_NUMBER}))?")
_NAMES = {
    _LON: re.compile(r"东经|经度|longitude|long|lng|lon|(?<![a-z])e(?![a-z])", re.IGNORECASE),
    _LAT: re.compile(r"北纬|纬度|latitude|lat|(?<![a-z])n(?![a-z])", re.IGNORECASE),
}
_WRONG_HALF = re.compile(r"西经|南纬|(?<![a-z])[ws](?![a-z])|^-", re.IGNORECASE)
_SEPARATORS = re.compile(r"[,;、/|\n]+")
_BEFORE_NAME = re.compile(r"(?<=[\d°'\"秒分度])\s*(?=北纬|东经|纬度|经度|[NE]\s*\d)", re.IGNORECASE)
_AFTER_LETTER = re.compile(r"(?<=[NE])\s*(?=\d)", re.IGNORECASE)


def angle(cell: Cell) -> Angle:
    """Read one longitude or latitude in degrees, and which of the two it says it is ("" if not).

    Decimal, degrees and minutes, or degrees, minutes and seconds in any usual marks.
    Refuses: `angle_unreadable`, `angle_pair` (the cell holds two), `angle_minutes`.
    """
    if isinstance(cell.value, bool):
        raise Refused("angle_unreadable", read=cell.text)
    if isinstance(cell.value, int | float):
        return float(cell.value), ""
    read = fold(text_of(cell))
    if len(_pieces(read)) > 1:
        raise Refused("angle_pair", read=read)
    return _angle(read, read)


def pair(cell: Cell) -> tuple[Angle, Angle]:
    """Read the two angles of one cell in their order. Refuses: `pair_unreadable`, as `angle`."""
    read = fold(text_of(cell).replace("\n", ";"))
    pieces = _pieces(read)
    if len(pieces) != 2:
        raise Refused("pair_unreadable", read=read)
    first, second = (_angle(piece, read) for piece in pieces)
    return first, second


def _pieces(read: str) -> list[str]:
    """Cut a text where one angle ends and the next begins."""
    plain = read.strip("()[]{} ")
    # 39°58′N 124°12′E: the letters stand behind what they name.
    behind = (_AFTER_LETTER,) if plain[:1].isdigit() else ()
    for cut in (_SEPARATORS, *behind, _BEFORE_NAME):
        pieces = [piece.strip() for piece in cut.split(plain) if piece and piece.strip()]
        if len(pieces) > 1:
            return pieces
    starts = [m.start() for m in re.finditer(r"\d+(?:\.\d+)?\s*[°度]", plain)]
    if len(starts) == 2:
        return [plain[: starts[1]].strip(), plain[starts[1] :].strip()]
    words = plain.split(" ")
    if len(words) == 2 and all(re.fullmatch(r"\d+\.\d+°?", word) for word in words):
        return words
    return [plain]


def _angle(piece: str, read: str) -> Angle:
    if _WRONG_HALF.search(piece):
        raise Refused("angle_unreadable", read=read)
    axis = ""
    plain = piece
    for name, pattern in _NAMES.items():
        if pattern.search(plain):
            axis = name
            plain = pattern.sub("", plain)
    plain = plain.strip(" :=")
    match = _PARTED.fullmatch(plain) or _DEGREES.fullmatch(re.sub(r"\s+", "", plain))
    if match is None:
        raise Refused("angle_unreadable", read=read)
    minutes, seconds = (Decimal(match.group(part) or 0) for part in ("m", "s"))
    degrees = Decimal(match.group("d"))
    if minutes >= 60 or seconds >= 60 or (match.group("m") and "." in match.group("d")):
        raise Refused("angle_minutes", read=read)
    if match.group("s") and "." in match.group("m"):
        raise Refused("angle_minutes", read=read)
    total = degrees + minutes / 60 + seconds / 3600
    return (float(total) if not match.group("m") else round(float(total), 7)), axis


def ordered(
    first: Angle, second: Angle, bbox: tuple[float, float, float, float]
) -> tuple[float, float, bool]:
    """Return longitude, latitude and whether the two had to change places.

    What the angles are called decides; else they are swapped where only that lies in the city.
    Refuses: `coordinate_projected` (metres, not degrees), `coordinate_range`.
    """
    lon, lat = first[0], second[0]
    shown = f"{lon:.10g}, {lat:.10g}"
    if max(abs(lon), abs(lat)) > 10_000:
        raise Refused("coordinate_projected", read=shown)
    named_swapped = first[1] == _LAT or second[1] == _LON
    named_right = first[1] == _LON or second[1] == _LAT
    if named_swapped and named_right:
        raise Refused("coordinate_range", read=shown)
    seems_swapped = not _near(lon, lat, bbox) and _near(lat, lon, bbox)
    swapped = named_swapped or (seems_swapped and not named_right)
    if swapped:
        lon, lat = lat, lon
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise Refused("coordinate_range", read=shown)
    return lon, lat, swapped


def _near(lon: float, lat: float, bbox: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bbox
    margin = 5.0  # only to tell longitude from latitude
    return west - margin <= lon <= east + margin and south - margin <= lat <= north + margin


def to_wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]:
    """Move a point to WGS-84 degrees with seven decimals; one that is there stays untouched."""
    if datum == "wgs84":
        return lon, lat
    x, y = crs.shift([lon], [lat], target="wgs84", source=datum)  # type: ignore[arg-type]
    return round(float(x[0]), 7), round(float(y[0]), 7)


def judge(
    lon: Sequence[float], lat: Sequence[float], county: Sequence[str | None], lexicon: Lexicon
) -> list[tuple[str, dict[str, object]] | None]:
    """Say of each WGS-84 point what is wrong with its place; None where it is in its county.

    Codes: `coordinate_far`, `coordinate_outside_city`, `coordinate_other_county` are errors,
    `coordinate_at_sea`, `coordinate_near_border` warnings.
    """
    if not len(lon):
        return []
    points = shapely.points(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    outlines = lexicon.outlines.geometry.to_numpy()
    shapely.prepare(outlines)
    codes = lexicon.outlines["code"].tolist()
    within = np.array([shapely.intersects(outline, points) for outline in outlines])
    verdicts: list[tuple[str, dict[str, object]] | None] = []
    for i, point in enumerate(points):
        here = [codes[k] for k in np.flatnonzero(within[:, i])]
        verdicts.append(_verdict(point, here, county[i], lexicon))
    return verdicts


def amiss(shape: shapely.Geometry, county: str | None, lexicon: Lexicon) -> shapely.Point | None:
    """Return the point of a line or an area that is nearest to its county; None if it touches it.

    A road may leave its county. Without a county, or with an unknown one, the city counts.
    """
    outlines = lexicon.outlines
    stated = outlines.loc[outlines["code"] == county]
    home = (stated if len(stated) else outlines).geometry.to_numpy()
    valid = shapely.make_valid(shapely.force_2d(shape))
    shapely.prepare(home)
    if shapely.intersects(home, valid).any():
        return None
    ways = shapely.shortest_line(valid, home)
    return shapely.Point(ways[int(np.argmin(shapely.length(ways)))].coords[0])


def _verdict(
    point: shapely.Point, here: list[str], county: str | None, lexicon: Lexicon
) -> tuple[str, dict[str, object]] | None:
    if here and (county is None or county in here):
        return None
    details: dict[str, object] = {"read": f"{point.x:.6f}, {point.y:.6f}"}
    if here:
        details |= {"found": lexicon.counties[here[0]], "stated": lexicon.counties[county or ""]}
        outlines = lexicon.outlines
        stated = outlines.loc[outlines["code"] == county]
        return "coordinate_near_border" if _is_near(
            point, stated
        ) else "coordinate_other_county", details
    if _is_near(point, lexicon.outlines):
        return "coordinate_near_border", details | {"found": "—", "stated": lexicon.city}
    west, south, east, north = lexicon.bbox
    box = shapely.box(west, south, east, north)
    details["city"] = lexicon.city
    if point.distance(box) > AROUND_DEG:
        return "coordinate_far", details
    on_land = bool(lexicon.land.geometry.intersects(point).any())
    return "coordinate_outside_city" if on_land else "coordinate_at_sea", details


def _is_near(point: shapely.Point, outlines: gpd.GeoDataFrame) -> bool:
    """Tell whether a point is within BORDER_KM; the exact distance is only measured near by."""
    close = shapely.dwithin(outlines.geometry.to_numpy(), point, _SURELY_FAR_DEG)
    return bool(close.any()) and _km(point, outlines) <= BORDER_KM


def _km(point: shapely.Point, outlines: gpd.GeoDataFrame) -> float:
    """Measure the geodesic distance from a point to the nearest of some outlines."""
    lines = [shapely.shortest_line(point, shape) for shape in outlines.geometry]
    ends = [line.coords for line in lines if line is not None and not line.is_empty]
    return min(
        (float(crs.distance_km(*ends_[0][:2], *ends_[-1][:2])) for ends_ in ends),
        default=float("inf"),
    )
