"""GPX 1.1: the stops as waypoints and as one route a day, the driven lines as one track a day."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

from geo.exchange.carry import facts, timeline
from geo.exchange.carry.brief import Brief, drive, one_line
from geo.tour.itinerary import Place, Stop, TourDay, clock

NAMESPACE = "http://www.topografix.com/GPX/1/1"
DECIMALS = 6


def write(brief: Brief) -> bytes:
    """Write the tour; coordinates are WGS-84, a stop's time is when one arrives, in UTC."""
    root = ET.Element("gpx", xmlns=NAMESPACE, version="1.1", creator="geo")
    meta = ET.SubElement(root, "metadata")
    _text(meta, "name", brief.title)
    _text(meta, "desc", brief.t("carry.gpx_note"))
    _text(meta, "time", _utc(brief.made))
    for stop in brief.tour.stops:
        _stop(root, brief, stop)
    for number, day in enumerate(brief.tour.days, start=1):
        _route(root, brief, number, day)
    for number, day in enumerate(brief.tour.days, start=1):
        _track(root, brief, number, day)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")


def _stop(root: ET.Element, brief: Brief, stop: Stop) -> None:
    point = _point(root, "wpt", stop.lon, stop.lat)
    _text(point, "time", _utc(brief.tour.at(stop.arrives)))
    _text(point, "name", f"{stop.number:02d} {brief.name(stop)}")
    hours = f"{clock(stop.arrives)}–{clock(stop.departs)}"
    _text(point, "desc", f"{hours} · {facts.precision(brief, stop)}")


def _route(root: ET.Element, brief: Brief, number: int, day: TourDay) -> None:
    route = ET.SubElement(root, "rte")
    _text(route, "name", _day_name(brief, number))
    _text(route, "desc", drive(day.legs, brief.t))
    for place in timeline.places(day):
        _text(_point(route, "rtept", place.lon, place.lat), "name", _name(place))


def _track(root: ET.Element, brief: Brief, number: int, day: TourDay) -> None:
    track = ET.SubElement(root, "trk")
    _text(track, "name", _day_name(brief, number))
    _text(track, "desc", drive(day.legs, brief.t))
    for leg in day.legs:
        segment = ET.SubElement(track, "trkseg")
        for lon, lat in leg.line:
            _point(segment, "trkpt", lon, lat)


def _day_name(brief: Brief, number: int) -> str:
    return f"{brief.title} · {brief.t('carry.day', n=number)}"


def _name(place: Place) -> str:
    return one_line(place.name) or "–"


def _point(parent: ET.Element, tag: str, lon: float, lat: float) -> ET.Element:
    return ET.SubElement(parent, tag, lat=f"{lat:.{DECIMALS}f}", lon=f"{lon:.{DECIMALS}f}")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
