"""A tour as it is asked for and kept: sites, places, rules, and the order that was settled on."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal, get_args

from geo.errors import GeoError
from geo.tour.itinerary import MINUTES_A_DAY, Place

FORMAT = 1
MOST_STOPS, MOST_DAYS = 400, 5
LATEST = 2 * MINUTES_A_DAY  # a day may end after midnight, not a day later
MOST_PRIORITY = 100
WORTH, STARTED_WORTH, COUNTY_WORTH, INDUSTRY_WORTH = 10.0, 5.0, 15.0, 8.0
# That the order is by hand keeps it; the planner only gives it times.
Mode = Literal["plan", "hand"]
Objective = Literal["finish", "driving"]


@dataclass(frozen=True)
class Asked:
    """Ask for one site: minutes on site, when it is open, whether the tour must see it.

    `earliest` and `latest` are minutes after midnight between which the whole visit lies, None
    where it does not matter. `priority` adds to what an optional site is worth. `position` is a
    place in its day from 1, or -1 for the last; `day` counts from 0.
    """

    project: str
    name: str = ""
    minutes: float = 30
    earliest: float | None = None
    latest: float | None = None
    must: bool = True
    priority: float = 0
    position: int | None = None
    day: int | None = None


@dataclass(frozen=True)
class Span:
    """Say where and when a day begins and ends, in minutes after that day's midnight."""

    start: Place
    end: Place
    departs: float = 480
    returns: float = 1080


@dataclass(frozen=True)
class Meal:
    """Ask for lunch; without a place it is had where the tour is at the time."""

    minutes: float = 60
    earliest: float = 690
    latest: float = 780
    place: Place | None = None


@dataclass(frozen=True)
class Tour:
    """Hold everything that a tour is planned from, and its order once there is one.

    `convoy_pct` is added to driving times, `assembly` minutes to each leg, `max_driving` is the
    limit of a day. `most` stops are chosen at most; `every_county` asks for each county that has a
    site among those asked for, `industries` for at least so many. `started_first` makes sites
    under construction worth more. `order` holds project ids a day; `mode` "hand" keeps it.
    """

    title: str
    first: date
    days: tuple[Span, ...]
    stops: tuple[Asked, ...] = ()
    meal: Meal | None = field(default_factory=Meal)
    convoy_pct: int = 10
    assembly: float = 3
    max_driving: float | None = None
    most: int | None = None
    every_county: bool = False
    industries: int = 0
    started_first: bool = True
    objective: Objective = "finish"
    mode: Mode = "plan"
    order: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        check(self)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of the sites asked for."""
        return tuple(stop.project for stop in self.stops)


def check(tour: Tour) -> None:
    """Refuse what contradicts itself.

    Errors: `tour.stops_many` (read, expected), `tour.days` (read, expected), `tour.twice` (stop),
    `tour.day_window` (day, read), `tour.stop_window` (stop, read), `tour.number` (field, read,
    expected), `tour.lunch_window` (read), `tour.order_unknown` (stop), `tour.body_invalid` (read).
    """
    if len(tour.stops) > MOST_STOPS:
        raise GeoError("tour.stops_many", read=len(tour.stops), expected=MOST_STOPS)
    if not 1 <= len(tour.days) <= MOST_DAYS:
        raise GeoError("tour.days", read=len(tour.days), expected=MOST_DAYS)
    for number, day in enumerate(tour.days, start=1):
        if not 0 <= day.departs < day.returns <= LATEST or day.departs >= MINUTES_A_DAY:
            raise GeoError("tour.day_window", day=number, read=_span(day.departs, day.returns))
    seen: set[str] = set()
    for stop in tour.stops:
        if stop.project in seen:
            raise GeoError("tour.twice", stop=stop.name or stop.project)
        seen.add(stop.project)
        _check_stop(stop, len(tour.days))
    limits = {
        "convoy_pct": (tour.convoy_pct, 0, 200),
        "assembly": (tour.assembly, 0, 120),
        "industries": (tour.industries, 0, 99),
        "most": (tour.most if tour.most is not None else 1, 1, MOST_STOPS),
        "max_driving": (tour.max_driving if tour.max_driving is not None else 1, 1, LATEST),
    }
    if tour.meal is not None:
        limits["lunch"] = (tour.meal.minutes, 0, 300)
        limits["lunch_from"] = (tour.meal.earliest, 0, MINUTES_A_DAY)
        limits["lunch_until"] = (tour.meal.latest, 0, LATEST)
        if tour.meal.earliest > tour.meal.latest:
            raise GeoError("tour.lunch_window", read=_span(tour.meal.earliest, tour.meal.latest))
    for name, (read, least, most) in limits.items():
        _check_number(name, read, least, most)
    if tour.objective not in get_args(Objective) or tour.mode not in get_args(Mode):
        raise GeoError("tour.body_invalid", read="objective, mode")
    _check_order(tour, seen)


def _check_order(tour: Tour, known: set[str]) -> None:
    placed: set[str] = set()
    for id_ in (id_ for ids in tour.order for id_ in ids):
        if id_ not in known:
            raise GeoError("tour.order_unknown", stop=id_)
        if id_ in placed:
            raise GeoError("tour.twice", stop=id_)
        placed.add(id_)


def _check_stop(stop: Asked, days: int) -> None:
    name = stop.name or stop.project
    _check_number("minutes", stop.minutes, 0, MINUTES_A_DAY)
    _check_number("priority", stop.priority, 0, MOST_PRIORITY)
    opens = 0.0 if stop.earliest is None else stop.earliest
    closes = float(LATEST) if stop.latest is None else stop.latest
    if not 0 <= opens <= opens + stop.minutes <= closes:
        raise GeoError("tour.stop_window", stop=name, read=_span(opens, closes), n=stop.minutes)
    if stop.position is not None and not (stop.position == -1 or 1 <= stop.position <= MOST_STOPS):
        raise GeoError("tour.number", field="position", read=stop.position, expected="1 … / -1")
    if stop.day is not None and not 0 <= stop.day < days:
        raise GeoError("tour.number", field="day", read=stop.day + 1, expected=f"1 – {days}")


def _check_number(name: str, read: float, least: float, most: float) -> None:
    if not (math.isfinite(read) and least <= read <= most):
        raise GeoError("tour.number", field=name, read=read, expected=f"{least:g} – {most:g}")


def _span(first: float, last: float) -> str:
    return " – ".join(
        f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}" for minutes in (first, last)
    )


def to_json(tour: Tour) -> str:
    """Write a tour; what reads it back gets an equal one."""
    body = asdict(replace(tour, first=tour.first)) | {"first": tour.first.isoformat()}
    return json.dumps({"format": FORMAT} | body, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Tour:
    """Read a tour; error `tour.body_invalid` (read) for what is none, and those of `check`."""
    try:
        body = json.loads(text)
        if body.pop("format") != FORMAT:
            raise GeoError("tour.body_invalid", read="format")
        body["first"] = date.fromisoformat(body["first"])
        body["days"] = tuple(_day(day) for day in body["days"])
        body["stops"] = tuple(Asked(**stop) for stop in body["stops"])
        body["meal"] = None if body["meal"] is None else _meal(body["meal"])
        body["order"] = tuple(tuple(ids) for ids in body["order"])
        return Tour(**body)
    except (
        TypeError,
        ValueError,
        KeyError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        raise GeoError("tour.body_invalid", read=type(error).__name__) from error


def _place(read: Mapping[str, Any]) -> Place:
    return Place(str(read["name"]), float(read["lon"]), float(read["lat"]))


def _day(read: Mapping[str, Any]) -> Span:
    return Span(**{**read, "start": _place(read["start"]), "end": _place(read["end"])})


def _meal(read: Mapping[str, Any]) -> Meal:
    place = None if read.get("place") is None else _place(read["place"])
    return Meal(**{**read, "place": place})


def with_stops(tour: Tour, stops: Sequence[Asked]) -> Tour:
    """Return the tour with other sites; the order keeps those that stay, new ones have none."""
    ids = {stop.project for stop in stops}
    order = tuple(tuple(id_ for id_ in day if id_ in ids) for day in tour.order)
    return replace(tour, stops=tuple(stops), order=order)


def moved(tour: Tour, project: str, *, day: int, position: int) -> Tour:
    """Return the tour with one site moved by hand to a place of a day, both from 0.

    A site that was left out comes in; the order is kept from then on.
    """
    order = [[id_ for id_ in ids if id_ != project] for ids in _whole_order(tour)]
    order[day].insert(position, project)
    return replace(tour, order=tuple(map(tuple, order)), mode="hand")


def dropped(tour: Tour, project: str) -> Tour:
    """Return the tour without one site in its order; it stays among those asked for."""
    order = tuple(tuple(id_ for id_ in ids if id_ != project) for ids in _whole_order(tour))
    return replace(tour, order=order, mode="hand")


def _whole_order(tour: Tour) -> list[list[str]]:
    days = [list(ids) for ids in tour.order[: len(tour.days)]]
    return days + [[] for _ in range(len(tour.days) - len(days))]


def late(tour: Tour, *, day: int, stop: str, now: float) -> Tour:
    """Return what is left of a tour: one is at a stop of a day and leaves it at `now`.

    `now` is in minutes after that day's midnight. What was seen is no longer asked for, the day
    begins at `stop`'s place, which `planning` looks up; lunch is asked for if its time is to come.
    Errors: `tour.order_unknown` (stop).
    """
    ids = [id_ for past in tour.order[:day] for id_ in past]
    today = list(tour.order[day]) if day < len(tour.order) else []
    if stop not in today:
        raise GeoError("tour.order_unknown", stop=stop)
    seen = {*ids, *today[: today.index(stop) + 1]}
    rest = tuple(
        replace(asked, day=None, position=None) for asked in tour.stops if asked.project not in seen
    )
    span = replace(tour.days[day], departs=now, returns=max(tour.days[day].returns, now + 1))
    meal = tour.meal if tour.meal is not None and now <= tour.meal.latest else None
    order = (tuple(id_ for id_ in today if id_ not in seen), *tour.order[day + 1 :])
    return replace(
        tour, stops=rest, days=(span, *tour.days[day + 1 :]), meal=meal, order=order, mode="plan"
    )
