"""Tours on the shipped city for the writers' tests, and one whose every text is hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from geo import crs
from geo.exchange.carry.brief import Brief
from geo.layers import Atlas
from geo.tour.itinerary import Itinerary, Leg, Meal, Place, Stop, TourDay
from ui.i18n import translator

BASE = "https://map.example.invalid"
HOSTILE = [  # what issue 2 lists, and what breaks XML, links and lines
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "`${alert(1)}`",
    "=cmd|' /C calc'!A0",
    "{{cycler.__init__.__globals__.os.mkdir('x')}}",
    "{% if %}",
    "]]></name><!--",
    'a,b|c;d:e "f" & g',
    "\u202egpj.exe \x00\x07 \ud800 𠮷😀",
    "BEGIN:VEVENT\nEND:VCALENDAR\\, x; y",
    "<r>&</r>",
]
START = Place("市政府广场", 124.3548, 40.0004)
CANTEEN = Place("机关食堂", 124.34, 40.05)


def leg(a: Place | Stop, b: Place | Stop, *, band: int = 25) -> Leg:
    """A drive along a bent line at 45 km/h."""
    middle = ((a.lon + b.lon) / 2 + 0.004, (a.lat + b.lat) / 2 - 0.003)
    km = 1.3 * float(crs.distance_km(a.lon, a.lat, b.lon, b.lat)) + 0.4
    line = ((a.lon, a.lat), middle, (b.lon, b.lat))
    return Leg(km / 45 * 60, km, "schematic", band, line)


def day(stops: list[Stop], *, departs: float, meal: Meal | None = None, band: int = 25) -> TourDay:
    """A day that visits the stops for 30 minutes each, in order, from START and back."""
    now, here, placed, legs = departs, START, [], []
    for count, stop in enumerate(stops, start=1):
        drive = leg(here, stop, band=band)
        legs.append(drive)
        begins = now + drive.minutes + 4
        placed.append(
            replace(stop, arrives=now + drive.minutes, begins=begins, departs=begins + 30)
        )
        now, here = begins + 30, placed[-1]
        if meal and meal.after == count:
            if meal.place:
                legs.append(leg(here, meal.place, band=band))
                now, here = now + legs[-1].minutes, meal.place
            meal = replace(meal, begins=now)
            now += meal.minutes
    legs.append(leg(here, START, band=band))
    ends = now + legs[-1].minutes
    return TourDay(START, START, departs, ends, tuple(placed), tuple(legs), meal)


def stops(atlas: Atlas, count: int, *, sample: bool = True) -> list[Stop]:
    """The first projects that have a point, as stops."""
    frame = atlas.projects
    points = frame[frame.geometry.notna() & (frame.geometry.geom_type == "Point")]
    rows = points[points["sample"] == sample].head(count)
    return [
        Stop(
            number=number,
            project_id=row["id"],
            name=row["name"],
            lon=row.geometry.x,
            lat=row.geometry.y,
            arrives=0,
            begins=0,
            departs=0,
            slack=35 if number % 3 else float("inf"),
            precision=row["placed"],
            sample=bool(row["sample"]),
            project=row.drop("geometry").to_dict(),
        )
        for number, (_, row) in enumerate(rows.iterrows(), start=1)
    ]


def nearest_first(many: list[Stop]) -> list[Stop]:
    """Order stops so that each next one is the nearest left, and number them so."""
    left, here, found = list(many), START, []
    while left:
        here = min(left, key=lambda s: float(crs.distance_km(here.lon, here.lat, s.lon, s.lat)))
        left.remove(here)
        found.append(here)
    return renumbered(found)


def renumbered(many: list[Stop]) -> list[Stop]:
    return [replace(stop, number=number) for number, stop in enumerate(many, start=1)]


def tour(*days: TourDay, **changes: object) -> Itinerary:
    values = {
        "id": "t-1",
        "title": "三季度项目观摩",
        "city": "dandong",
        "first": date(2026, 9, 21),
        "time_zone": "Asia/Shanghai",
        "days": days,
        "convoy_pct": 15,
    }
    return Itinerary(**(values | changes))  # type: ignore[arg-type]


def brief(atlas: Atlas, itinerary: Itinerary, *, language: str = "zh", **changes: object) -> Brief:
    values = {"made": datetime(2026, 9, 18, 1, 30, tzinfo=UTC), "address": BASE}
    t = translator(language)
    return Brief(itinerary, atlas, t, language, **(values | changes))  # type: ignore[arg-type]


def plain(atlas: Atlas, **changes: object) -> Brief:
    """Eleven stops in a day, real and sample, lunch after the fifth where the tour is."""
    close = [
        stop
        for stop in stops(atlas, 12, sample=False) + stops(atlas, 60)
        if float(crs.distance_km(START.lon, START.lat, stop.lon, stop.lat)) < 30
    ]
    real = [stop for stop in close if not stop.sample][:5]
    many = nearest_first(real + [stop for stop in close if stop.sample][: 11 - len(real)])
    return brief(atlas, tour(day(many, departs=480, meal=Meal(5, 0, 45, None))), **changes)


def two_days(atlas: Atlas, **changes: object) -> Brief:
    """Two days, the first with a lunch at a place of its own, the second without one."""
    many = stops(atlas, 7)
    one = day(many[:4], departs=480, meal=Meal(2, 0, 60, CANTEEN))
    other = day(many[4:], departs=1440 + 510, band=0)
    return brief(atlas, tour(one, other), **changes)


def hostile(atlas: Atlas, **changes: object) -> Brief:
    """One stop a hostile text, which also stands in every field, the title and the places."""
    many = [
        replace(
            stop,
            name=text,
            project=stop.project
            | dict.fromkeys(
                ("owner", "responsible", "place", "remark", "contact", "progress_note"), text
            ),
        )
        for stop, text in zip(stops(atlas, len(HOSTILE)), HOSTILE, strict=True)
    ]
    planned = day(many, departs=480, meal=Meal(2, 0, 45, Place(HOSTILE[1], 124.3, 40.1)))
    planned = replace(planned, start=replace(START, name=HOSTILE[0]))
    lines = {stop.project_id: [stop.name] for stop in many}
    values = {"internal": True, "changes": lines, "points": lines} | changes
    return brief(atlas, tour(planned, title=HOSTILE[1]), **values)
