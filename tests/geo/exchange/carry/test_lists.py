"""Timetable, GPX, KML and calendar, each read back by a reader that is not ours."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import gpxpy
import icalendar
import openpyxl
import pytest

from geo.exchange.carry import gpx, ics, kml, timeline, timetable_xlsx
from geo.exchange.carry.brief import one_line
from geo.tour.itinerary import clock
from tests.geo.exchange.carry import samples
from tests.geo.exchange.carry.samples import HOSTILE


def sheets(brief):
    return openpyxl.load_workbook(io.BytesIO(timetable_xlsx.write(brief)))


def test_gpx_holds_stops_routes_and_tracks(two_days):
    """Stops are waypoints with UTC times, each day is a route of its places and a track of its lines."""
    read = gpxpy.parse(gpx.write(two_days).decode())
    stops = two_days.tour.stops
    assert [point.name.split(" ")[0] for point in read.waypoints] == [
        f"{stop.number:02d}" for stop in stops
    ]
    for point, stop in zip(read.waypoints, stops, strict=True):
        assert (point.latitude, point.longitude) == pytest.approx((stop.lat, stop.lon), abs=1e-6)
        assert point.time.astimezone(UTC) == two_days.tour.at(stop.arrives).astimezone(UTC)
    for day, route, track in zip(two_days.tour.days, read.routes, read.tracks, strict=True):
        assert len(route.points) == len(day.legs) + 1
        assert [len(one.points) for one in track.segments] == [len(one.line) for one in day.legs]


def test_gdal_reads_gpx_and_kml(plain, tmp_path):
    """GDAL finds every stop in the GPX, and points and lines in the KML."""
    (tmp_path / "a.gpx").write_bytes(gpx.write(plain))
    assert len(gpd.read_file(tmp_path / "a.gpx", layer="waypoints")) == len(plain.tour.stops)
    (tmp_path / "a.kml").write_bytes(kml.write(plain))
    kinds = gpd.read_file(tmp_path / "a.kml").geometry.dropna().geom_type.value_counts()
    assert kinds["Point"] == len(plain.tour.stops) + 2
    assert kinds["LineString"] == len(plain.legs)


def test_calendar_has_one_event_a_stop_and_lunch(plain):
    """Events are the stops and the lunch, in the city's time zone, at the planned times."""
    read = icalendar.Calendar.from_ical(ics.write(plain))
    events = list(read.walk("VEVENT"))
    assert len(events) == len(plain.tour.stops) + 1
    assert [str(zone["TZID"]) for zone in read.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    for event in events:
        assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
        assert event.decoded("DTSTART") < event.decoded("DTEND")
    rows = [row for row in timeline.rows(plain.tour.days[0]) if row.kind in ("stop", "lunch")]
    starts = [event.decoded("DTSTART").strftime("%H:%M") for event in events]
    assert starts == [clock(row.arrives) for row in rows]


def test_calendar_ids_are_stable(plain):
    """The same stops keep their ids when times move; another tour has others; none comes twice."""

    def ids(brief):
        read = icalendar.Calendar.from_ical(ics.write(brief))
        return [str(event["UID"]) for event in read.walk("VEVENT")]

    later = replace(plain, made=datetime(2027, 1, 1, tzinfo=UTC))
    later = replace(later, tour=replace(plain.tour, first=plain.tour.first + timedelta(days=7)))
    assert ids(plain) == ids(later)
    assert len(set(ids(plain))) == len(ids(plain))
    assert not set(ids(plain)) & set(ids(replace(plain, tour=replace(plain.tour, id="t-2"))))


def test_a_tour_past_midnight_keeps_its_dates(atlas):
    """A stop that is reached after midnight is on the next date in calendar and GPX."""
    many = samples.stops(atlas, 6)
    brief = samples.brief(atlas, samples.tour(samples.day(many, departs=22 * 60)))
    read = icalendar.Calendar.from_ical(ics.write(brief))
    last = list(read.walk("VEVENT"))[-1].decoded("DTSTART")
    assert last.date() == brief.tour.first + timedelta(days=1)
    times = [point.time for point in gpxpy.parse(gpx.write(brief).decode()).waypoints]
    assert times == sorted(times)


def test_timetable_has_times_and_whole_minutes(plain):
    """Times are Excel times and equal the plan; minutes are whole numbers; kilometres numbers."""
    sheet = sheets(plain).worksheets[0]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    planned = timeline.rows(plain.tour.days[0])
    for cells, row in zip(rows, planned, strict=True):
        assert cells[0] == (row.stop.number if row.stop else None)
        for cell, minutes in zip(cells[2:4], (row.arrives, row.leaves), strict=True):
            shown = f"{cell:%H:%M}" if cell is not None else None
            assert shown == (clock(minutes) if minutes is not None else None)
        assert cells[7] == (round(row.leg.minutes) if row.leg else None)
        assert cells[8] == ("估算 ±25%" if row.leg else None)


def test_timetable_has_a_sheet_a_day(two_days):
    """Two days are two sheets and the notes a third; without an error band nothing says estimate."""
    book = sheets(two_days)
    assert book.sheetnames == ["Day 1", "Day 2", "Notes"]
    cells = [cell for row in book["Day 2"].iter_rows(values_only=True) for cell in row]
    assert not [cell for cell in cells if "estimate" in str(cell)]


def test_hostile_text_is_text_in_the_workbook(hostile):
    """Each hostile name stands in its cell as a string; no formula, no link."""
    sheet = sheets(hostile).worksheets[0]
    texts = [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.column == 2]
    shown = [cell.value for cell in texts]
    for text in HOSTILE:
        assert any(one.endswith(one_line(text)) for one in shown), text
    assert {cell.data_type for cell in texts} == {"s"}
    assert not sheet.hyperlinks if hasattr(sheet, "hyperlinks") else True
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_hostile_text_is_text_in_gpx_kml_and_calendar(hostile):
    """Each hostile name is read back as a name, and no event or point is added by one."""
    names = [point.name for point in gpxpy.parse(gpx.write(hostile).decode()).waypoints]
    read = icalendar.Calendar.from_ical(ics.write(hostile))
    titles = [str(event["SUMMARY"]) for event in read.walk("VEVENT")]
    document = kml.write(hostile).decode()
    assert len(names) == len(HOSTILE)
    assert len(titles) == len(HOSTILE) + 1
    for text in HOSTILE:
        assert any(name.endswith(one_line(text)) for name in names)
        assert any(title.endswith(one_line(text)) for title in titles)
    assert "<img" not in document
    assert "<script" not in document


def test_estimates_are_marked_everywhere(plain):
    """Where the source states an error band, GPX, calendar and KML say estimate and band."""
    for content in (gpx.write(plain), kml.write(plain), ics.write(plain)):
        text = content.decode().replace("\r\n ", "")
        assert "估算 ±25%" in text
