"""What the scoring pages need of a stored tour: its stops, its heading, its short link."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from geo.errors import GeoError
from geo.store import StoredTour, Tours
from ui import cache, session
from ui.cache import City

PAGE = "score"
_KEYS = ("stops", "order")


@dataclass(frozen=True)
class TourStop:
    """Name one stop as those may know it who were let in."""

    project: str
    name: str


def store() -> Tours:
    """Return the tours of this server; error `tour.no_store` where nothing can be written."""
    kept = cache.database()
    if kept is None:
        raise GeoError("tour.no_store")
    return kept.tours


def stops_of(body: str) -> list[TourStop]:
    """Return the stops that a tour drives to, in order, each project once.

    The one place that knows how a body says it: `order` holds project ids a day, as
    `geo.tour.tour.Tour` has them; without one, all of `stops` (`project`, `name`) in their order.
    """
    read = json.loads(body)
    found, days = (value if isinstance(value, list) else [] for value in map(read.get, _KEYS))
    stops = [stop for stop in found if isinstance(stop, dict) and stop.get("project")]
    named = {str(stop["project"]): str(stop.get("name") or stop["project"]) for stop in stops}
    order = [str(id_) for day in days if isinstance(day, list) for id_ in day]
    return [
        TourStop(project, named.get(project, project)) for project in dict.fromkeys(order or named)
    ]


def held_on(tour: StoredTour, zone: ZoneInfo) -> date:
    """Return the day of a tour; of one that says none, the day on which it was made."""
    try:
        return date.fromisoformat(json.loads(tour.body)["first"])
    except (KeyError, TypeError, ValueError):
        return tour.created_at.astimezone(zone).date()


def county_of(city: City) -> Mapping[str, str]:
    """Return the county code of each project that this session may see; empty where unknown."""
    projects = city.atlas.projects
    return dict(zip(projects["id"], projects["county"].fillna(""), strict=True))


def heading(tour: StoredTour) -> Markup:
    """Write a tour's title."""
    return Markup('<h2 class="score-title">{}</h2>').format(tour.title)


def link(tour_id: str, code: str, *, page: str | None = None) -> str:
    """Return the address that a tour's members open; `code` comes from `Tours.new_code`.

    `page` is the address of the page that asks, as the browser has it: by itself this run's own.
    """
    query = urlencode({"tour": tour_id, "code": code})
    return session.address(f"{PAGE}?{query}", seen_from=page)
