"""A calendar of the tour: one event a stop and one for lunch, in the city's time zone."""

from __future__ import annotations

import hashlib
from datetime import UTC

from icalendar import Calendar, Event

from geo.exchange.carry import facts, listing, timeline
from geo.exchange.carry.brief import Brief, drive, one_line
from geo.exchange.carry.timeline import Row

PRODUCT = "-//geo//tour//"


def write(brief: Brief) -> bytes:
    """Write the calendar. The same stop of the same tour keeps its UID, so a new file replaces it."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", brief.title)
    for number, day in enumerate(brief.tour.days, start=1):
        for row in timeline.rows(day):
            if row.kind in ("stop", "lunch"):
                calendar.add_component(_event(brief, number, row))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(brief: Brief, day: int, row: Row) -> Event:
    event = Event()
    event.add("uid", _uid(brief, day, row))
    event.add("dtstamp", brief.made.astimezone(UTC))
    event.add("dtstart", brief.tour.at(row.arrives or 0))
    event.add("dtend", brief.tour.at(row.leaves or 0))
    name = listing.label(brief, row)
    event.add("summary", f"{row.stop.number}. {name}" if row.stop else name)
    if row.stop is not None:
        event.add("geo", (round(row.stop.lat, 6), round(row.stop.lon, 6)))
        event.add("location", _location(brief, row))
    event.add("description", "\n".join(_described(brief, row)))
    return event


def _uid(brief: Brief, day: int, row: Row) -> str:
    what = row.stop.project_id if row.stop else row.kind
    text = "\x1f".join((brief.tour.id, str(day), what))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32] + "@geo"


def _location(brief: Brief, row: Row) -> str:
    assert row.stop is not None  # noqa: S101 - the caller has looked
    place = row.stop.project.get("place")
    where = one_line(place) if isinstance(place, str) else ""
    return where or facts.county(brief, row.stop) or one_line(row.name)


def _described(brief: Brief, row: Row) -> list[str]:
    lines = []
    if row.leg is not None:
        lines.append(brief.t("carry.drive_here", drive=drive([row.leg], brief.t)))
    if row.stop is not None:
        place = facts.precision(brief, row.stop)
        lines += [brief.t("carry.position", precision=place)]
        address = brief.project_address(row.stop)
        lines += [address] if address else []
    return lines
