"""The formats in which a tour is carried along: what each is called, holds and is written by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from geo.exchange.carry import (
    gpx,
    handbook_docx,
    handbook_pdf,
    ics,
    kml,
    road_html,
    timetable_xlsx,
)
from geo.exchange.carry.brief import Brief
from geo.exchange.table import safe_filename


@dataclass(frozen=True)
class Format:
    """Describe one format; its label is `carry.format_` and its id."""

    id: str
    ext: str
    mime: str
    write: Callable[[Brief], bytes]


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS: dict[str, Format] = {
    one.id: one
    for one in (
        Format("pdf", "pdf", "application/pdf", handbook_pdf.write),
        Format("docx", "docx", f"{_OFFICE}wordprocessingml.document", handbook_docx.write),
        Format("xlsx", "xlsx", f"{_OFFICE}spreadsheetml.sheet", timetable_xlsx.write),
        Format("html", "html", "text/html", road_html.write),
        Format("ics", "ics", "text/calendar", ics.write),
        Format("gpx", "gpx", "application/gpx+xml", gpx.write),
        Format("kml", "kml", "application/vnd.google-earth.kml+xml", kml.write),
    )
}


def file_name(brief: Brief, format_id: str) -> str:
    """Return a name that any system takes: the tour's title and first day."""
    title = f"{brief.title}_{brief.tour.first:%Y-%m-%d}"
    return safe_filename(title, FORMATS[format_id].ext, fallback="tour")
