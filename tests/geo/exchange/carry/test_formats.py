"""What holds for every format."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geo.exchange.carry.formats import FORMATS, file_name
from geo.tour.itinerary import Stop
from tests.geo.exchange.carry import samples
from tests.geo.exchange.carry.samples import HOSTILE

STARTS = {
    "pdf": b"%PDF",
    "docx": b"PK",
    "xlsx": b"PK",
    "html": b"<!doctype html>",
    "ics": b"BEGIN:VCALENDAR",
    "gpx": b"<?xml",
    "kml": b"<?xml",
}


@pytest.mark.parametrize("id_", FORMATS)
def test_every_format_writes_a_tour_of_two_days(id_, two_days):
    """A tour of two days with lunch at a place of its own comes out in every format."""
    assert FORMATS[id_].write(two_days).startswith(STARTS[id_])


@pytest.mark.parametrize("id_", FORMATS)
@pytest.mark.parametrize("count", [0, 1, 60])
def test_no_stop_one_stop_and_sixty(id_, count, atlas):
    """The smallest and the largest tour come out in every format."""
    many = samples.stops(atlas, count)
    brief = samples.brief(atlas, samples.tour(samples.day(many, departs=420)))
    assert FORMATS[id_].write(brief).startswith(STARTS[id_])


@pytest.mark.parametrize("id_", FORMATS)
def test_places_on_one_spot_and_nothing_known(id_, atlas):
    """Stops on one spot without a single known fact come out in every format."""
    blank = [
        Stop(n, f"x{n}", "", 124.3, 40.1, 0, 0, 0, float("inf"), "none", False, {})
        for n in range(1, 4)
    ]
    planned = samples.tour(samples.day(blank, departs=480), title="")
    assert FORMATS[id_].write(samples.brief(atlas, planned)).startswith(STARTS[id_])


@pytest.mark.parametrize("id_", ["html", "ics", "gpx", "kml"])
def test_writing_is_repeatable(id_, plain):
    """The same brief gives the same bytes, so that a file changes only with its tour."""
    assert FORMATS[id_].write(plain) == FORMATS[id_].write(plain)


@pytest.mark.parametrize("text", [*HOSTILE, "../../etc/passwd", "CON", "a/b\\c:d", ""])
@pytest.mark.parametrize("id_", FORMATS)
def test_file_names_are_safe(id_, text, plain):
    """A title, whatever it is, makes a name without path, wildcard or invisible character."""
    brief = replace(plain, tour=replace(plain.tour, title=text, first=date(2026, 9, 21)))
    name = file_name(brief, id_)
    assert name.endswith(f"2026-09-21.{FORMATS[id_].ext}")
    assert not set(name) & set('<>:"/\\|?*\n\r\t\u202e\x00')
    assert not name.startswith((".", "-", " "))


@pytest.mark.parametrize("id_", FORMATS)
def test_formats_have_labels(id_, plain, two_days):
    """Each format is named in both languages."""
    assert plain.t(f"carry.format_{id_}") != two_days.t(f"carry.format_{id_}")
