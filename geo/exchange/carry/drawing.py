"""The route map as a picture, drawn without any network from the city's own layers.

A sketch: land, counties, water, schematic roads, the driven lines and the numbered stops. What it
is, and whose layers it shows, stands in the picture itself, so that no copy of it is without.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import shapely
from PIL import Image, ImageDraw, ImageFont

from geo import crs
from geo.exchange.carry import fonts
from geo.exchange.carry.brief import Brief, one_line
from geo.exchange.carry.spreading import Circle, spread
from geo.tour.itinerary import Place, Stop, TourDay

Pixel = tuple[float, float]
FINE = 2  # drawn larger and reduced, since the lines of the drawing library have hard edges
MARGIN = 0.12
SMALLEST_KM = 8.0
INK, MUTED, HALO = "#2b3440", "#69737f", "#ffffff"
SEA, OUTSIDE, LAND = "#d5e4ec", "#eceae4", "#fbfaf6"
WATER, RIVER, COUNTY = "#b5d3e3", "#8fb9d1", "#8a94a3"
ROAD, ROAD_CASE = "#d8c29a", "#ffffff"
DAYS = ("#0b57d0", "#b3261e", "#1e8a74", "#7b3f9e", "#9a6700", "#3a2a1c")
"""The colours of the days' lines; each also has its own numbers, so colour never stands alone."""


@dataclass(frozen=True)
class Frame:
    """Turn degrees into pixels: equal scale both ways at the picture's middle latitude."""

    west: float
    north: float
    stretch: float
    scale: float  # pixels a degree of latitude

    def at(self, lon: float, lat: float) -> Pixel:
        """Return the pixel of a place."""
        return (lon - self.west) * self.stretch * self.scale, (self.north - lat) * self.scale


def draw(brief: Brief, *, width: int = 1400, height: int = 1000, day: int | None = None) -> bytes:
    """Draw the route of one day (from 0), or of all, as a PNG of the given size in pixels."""
    days = brief.tour.days if day is None else (brief.tour.days[day],)
    foot = round(height * 0.05)
    size = (width * FINE, (height - foot) * FINE)
    frame = _fit(days, size)
    picture = Image.new("RGB", (width * FINE, height * FINE), SEA)
    pen = ImageDraw.Draw(picture)
    unit = width * FINE / 1400
    view = _window(frame, size)
    _base(pen, brief, frame, view=view, unit=unit)
    _county_names(pen, brief, frame, size=size, unit=unit)
    first = brief.tour.days.index(days[0])
    for number, one in enumerate(days, start=first):
        _line(pen, frame, one, colour=DAYS[number % len(DAYS)], unit=unit)
    _marks(pen, brief, frame, days=days, first=first, unit=unit)
    _scale_bar(pen, brief, frame, size=size, unit=unit)
    _foot(pen, brief, size=size, foot=foot * FINE, unit=unit)
    out = io.BytesIO()
    small = picture.resize((width, height), Image.Resampling.LANCZOS)
    small.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fit(days: Sequence[TourDay], size: tuple[int, int]) -> Frame:
    points = [point for day in days for leg in day.legs for point in leg.line]
    points += [(stop.lon, stop.lat) for day in days for stop in day.stops]
    points += [(place.lon, place.lat) for day in days for place in (day.start, day.end)]
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    stretch = max(0.05, math.cos(math.radians(middle[1])))
    least = SMALLEST_KM / 111.2
    wide = max((max(lons) - min(lons)) * stretch, least) * (1 + 2 * MARGIN)
    high = max(max(lats) - min(lats), least) * (1 + 2 * MARGIN)
    scale = min(size[0] / wide, size[1] / high)
    west = middle[0] - size[0] / scale / 2 / stretch
    return Frame(west, middle[1] + size[1] / scale / 2, stretch, scale)


def _window(frame: Frame, size: tuple[int, int]) -> shapely.Polygon:
    """Return the box of degrees that is seen, a little enlarged, to cut the layers to."""
    wide, high = size[0] / frame.scale / frame.stretch, size[1] / frame.scale
    box = (frame.west, frame.north - high, frame.west + wide, frame.north)
    return shapely.box(*box).buffer(0.02 * max(wide, high), cap_style="square")


def _base(
    pen: ImageDraw.ImageDraw, brief: Brief, frame: Frame, *, view: shapely.Polygon, unit: float
) -> None:
    layers, counties = brief.atlas.base, brief.atlas.counties
    for frame_, colour in ((layers["land"], OUTSIDE), (counties, LAND)):
        for shape in _cut(frame_, view):
            _fill(pen, frame, shape, colour)
    for shape in _cut(layers["water"], view):
        _fill(pen, frame, shape, WATER)
        _stroke(pen, frame, shape, colour=RIVER, width=2.4 * unit)
    roads = list(_cut(layers["roads"], view))
    for colour, width in ((ROAD_CASE, 6.5), (ROAD, 4.0)):
        for shape in roads:
            _stroke(pen, frame, shape, colour=colour, width=width * unit)
    for shape in _cut(counties, view):
        _stroke(pen, frame, shapely.boundary(shape), colour=COUNTY, width=2.0 * unit)


def _county_names(
    pen: ImageDraw.ImageDraw, brief: Brief, frame: Frame, *, size: tuple[int, int], unit: float
) -> None:
    """Name the counties whose name is wholly seen and in no stop's way."""
    key = "name_en" if brief.language == "en" else "name"
    stops = shapely.MultiPoint([frame.at(stop.lon, stop.lat) for stop in brief.tour.stops])
    crowded, inside = stops.buffer(24 * unit), shapely.box(0, 0, *size)
    for row in brief.atlas.counties.itertuples():
        name = str(getattr(row, key, None) or row.name)
        at = frame.at(row.label_lon, row.label_lat)
        label = shapely.box(*pen.textbbox(at, name, font=_face(round(25 * unit)), anchor="mm"))
        if inside.contains(label) and not crowded.intersects(label):
            _words(pen, at, name, size=25 * unit, colour=MUTED, anchor="mm")


def _cut(layer: gpd.GeoDataFrame, view: shapely.Polygon) -> Iterable[shapely.Geometry]:
    for shape in layer.geometry:
        if shape is not None and shape.intersects(view):
            yield from shapely.get_parts(shapely.intersection(shapely.make_valid(shape), view))


def _fill(pen: ImageDraw.ImageDraw, frame: Frame, shape: shapely.Geometry, colour: str) -> None:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            pen.polygon([frame.at(*point[:2]) for point in part.exterior.coords], fill=colour)


def _stroke(
    pen: ImageDraw.ImageDraw, frame: Frame, shape: shapely.Geometry, *, colour: str, width: float
) -> None:
    for part in shapely.get_parts(shape):
        if part.geom_type in ("LineString", "LinearRing") and len(part.coords) > 1:
            points = [frame.at(*point[:2]) for point in part.coords]
            _path(pen, points, colour=colour, width=width)


def _path(pen: ImageDraw.ImageDraw, points: Sequence[Pixel], *, colour: str, width: float) -> None:
    pen.line(list(points), fill=colour, width=max(1, round(width)), joint="curve")


def _line(
    pen: ImageDraw.ImageDraw, frame: Frame, day: TourDay, *, colour: str, unit: float
) -> None:
    """Draw the day's drive, with an arrow in the middle of each leg that has room for one."""
    legs = [[frame.at(*point) for point in leg.line] for leg in day.legs if len(leg.line) > 1]
    for points in legs:
        _path(pen, points, colour=HALO, width=13 * unit)
    for points in legs:
        _path(pen, points, colour=colour, width=7 * unit)
    for points in legs:
        line = shapely.LineString(points)
        if line.length > 90 * unit:
            _arrow(pen, line, colour=colour, unit=unit)


def _arrow(pen: ImageDraw.ImageDraw, line: shapely.LineString, *, colour: str, unit: float) -> None:
    tail = line.interpolate(line.length / 2 - 9 * unit)
    head = line.interpolate(line.length / 2 + 9 * unit)
    angle = math.atan2(head.y - tail.y, head.x - tail.x)
    tip = (head.x + 9 * unit * math.cos(angle), head.y + 9 * unit * math.sin(angle))
    wings = [
        (tip[0] + 27 * unit * math.cos(angle + turn), tip[1] + 27 * unit * math.sin(angle + turn))
        for turn in (math.pi - 0.5, math.pi + 0.5)
    ]
    pen.polygon([tip, *wings], fill=colour, outline=HALO, width=max(1, round(2 * unit)))


def _marks(
    pen: ImageDraw.ImageDraw,
    brief: Brief,
    frame: Frame,
    *,
    days: Sequence[TourDay],
    first: int,
    unit: float,
) -> None:
    """Draw the numbered stops, moved apart where they would cover each other, and the ends."""
    stops = [
        (stop, DAYS[number % len(DAYS)])
        for number, day in enumerate(days, start=first)
        for stop in day.stops
    ]
    ends = list(dict.fromkeys(place for day in days for place in (day.start, day.end)))
    radius = 21 * unit
    circles = [Circle(*frame.at(place.lon, place.lat), 14 * unit) for place in ends]
    circles += [Circle(*frame.at(stop.lon, stop.lat), radius) for stop, _ in stops]
    placed = spread(circles, gap=3 * unit, fixed=len(ends))
    moved = list(zip(stops, circles[len(ends) :], placed[len(ends) :], strict=True))
    for _, true, circle in moved:
        if math.dist((circle.x, circle.y), (true.x, true.y)) > unit:
            _path(pen, [(true.x, true.y), (circle.x, circle.y)], colour=INK, width=3 * unit)
            _dot(pen, (true.x, true.y), 5 * unit, fill=INK, outline=HALO)
    for (stop, colour), _, circle in moved:
        _stop(pen, stop, (circle.x, circle.y), radius=radius, colour=colour, unit=unit)
    for place, circle in zip(ends, placed, strict=False):
        _end(pen, place, circle, taken=placed, unit=unit)


def _stop(
    pen: ImageDraw.ImageDraw, stop: Stop, at: Pixel, *, radius: float, colour: str, unit: float
) -> None:
    """Draw a filled circle with the number; a sample's is hollow."""
    _dot(pen, at, radius + 3 * unit, fill=HALO, outline=HALO)
    fill = HALO if stop.sample else colour
    pen.ellipse(_box(at, radius), fill=fill, outline=colour, width=round(4 * unit))
    ink = colour if stop.sample else HALO
    face = _face(round(26 * unit))
    pen.text(at, str(stop.number), font=face, fill=ink, anchor="mm", stroke_width=round(0.7 * unit))


def _end(
    pen: ImageDraw.ImageDraw, place: Place, circle: Circle, *, taken: Sequence[Circle], unit: float
) -> None:
    """Draw a square and the place's name, on the side where it covers fewest stops."""
    at, side = (circle.x, circle.y), 11 * unit
    box = (at[0] - side, at[1] - side, at[0] + side, at[1] + side)
    pen.rectangle(box, fill=INK, outline=HALO, width=round(3 * unit))
    name = one_line(place.name)
    shown = fonts.drawable(name if len(name) <= 16 else f"{name[:15]}…")
    face, away = _face(round(23 * unit)), 20 * unit
    spots = {"lm": (away, 0), "rm": (-away, 0), "ma": (0, away), "mb": (0, -away)}

    def covered(anchor: str) -> int:
        spot = (at[0] + spots[anchor][0], at[1] + spots[anchor][1])
        label = shapely.box(*pen.textbbox(spot, shown, font=face, anchor=anchor))
        return sum(
            label.distance(shapely.Point(one.x, one.y)) < one.radius
            for one in taken
            if one is not circle
        )

    best = min(spots, key=covered)
    spot = (at[0] + spots[best][0], at[1] + spots[best][1])
    _words(pen, spot, shown, size=23 * unit, colour=INK, anchor=best)


def _dot(pen: ImageDraw.ImageDraw, at: Pixel, radius: float, *, fill: str, outline: str) -> None:
    pen.ellipse(_box(at, radius), fill=fill, outline=outline)


def _box(at: Pixel, radius: float) -> tuple[float, float, float, float]:
    return at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius


def _scale_bar(
    pen: ImageDraw.ImageDraw, brief: Brief, frame: Frame, *, size: tuple[int, int], unit: float
) -> None:
    middle = frame.north - size[1] / frame.scale / 2
    degree_km = float(crs.distance_km(frame.west, middle, frame.west + 1, middle))
    pixels_a_km = frame.stretch * frame.scale / degree_km
    longest = 0.22 * size[0] / pixels_a_km
    power = 10 ** math.floor(math.log10(longest))
    km = next(step * power for step in (5, 2, 1) if step * power <= longest)
    right, bottom = size[0] - 34 * unit, size[1] - 28 * unit
    left = right - km * pixels_a_km
    for colour, width in ((HALO, 11), (INK, 5)):
        ends = [(left, bottom - 9 * unit), (left, bottom), (right, bottom)]
        _path(pen, [*ends, (right, bottom - 9 * unit)], colour=colour, width=width * unit)
    text = brief.t("carry.km", n=f"{km:g}")
    above = ((left + right) / 2, bottom - 10 * unit)
    _words(pen, above, text, size=23 * unit, colour=INK, anchor="mb")


def _foot(
    pen: ImageDraw.ImageDraw, brief: Brief, *, size: tuple[int, int], foot: int, unit: float
) -> None:
    """Write what the picture is below it, small enough to fit on one line."""
    pen.rectangle((0, size[1], size[0], size[1] + foot), fill=HALO)
    text = fonts.drawable(f"{brief.legal()}  {brief.credits()}")
    letters = 22 * unit
    length = _face(round(letters)).getlength(text)
    room = size[0] - 24 * unit
    letters = letters if length <= room else letters * room / length
    at = (12 * unit, size[1] + foot / 2)
    pen.text(at, text, font=_face(max(8, round(letters))), fill=MUTED, anchor="lm")


def _words(
    pen: ImageDraw.ImageDraw, at: Pixel, text: str, *, size: float, colour: str, anchor: str
) -> None:
    pen.text(
        at,
        fonts.drawable(text),
        font=_face(round(size)),
        fill=colour,
        anchor=anchor,
        stroke_width=round(size / 7),
        stroke_fill=HALO,
    )


@cache
def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.sans()), size)
