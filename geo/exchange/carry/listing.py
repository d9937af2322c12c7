"""The stops and drives of a tour as one table, for the formats that are lists of rows."""

from __future__ import annotations

import math

from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from geo.exchange.carry import facts, timeline
from geo.exchange.carry.brief import Brief, band, estimate, one_line
from geo.exchange.carry.timeline import Row
from geo.exchange.table import Column, Kind, Table, Wording
from geo.tour.itinerary import clock

KINDS: dict[str, Kind] = {
    "name": "text",
    "day": "int",
    "number": "int",
    "arrives": "text",
    "leaves": "text",
    "stay": "int",
    "km": "text",
    "minutes": "int",
    "mark": "text",
    "slack": "int",
    "precision": "text",
}


def table(brief: Brief) -> tuple[Table, list[BaseGeometry | None]]:
    """Return the rows of every day and their shapes: places as points, drives as lines.

    A drive's row stands before the place that it leads to; lunch at a stop has no shape.
    """
    rows: list[tuple[object, ...]] = []
    shapes: list[BaseGeometry | None] = []
    samples: set[int] = set()
    for number, day in enumerate(brief.tour.days, start=1):
        places = iter(timeline.places(day))
        for row in timeline.rows(day):
            if row.leg is not None:
                rows.append(_drive(brief, number, row))
                shapes.append(LineString(row.leg.line) if len(row.leg.line) > 1 else None)
            if row.stop is not None and row.stop.sample:
                samples.add(len(rows))
            rows.append(_place(brief, number, row))
            at = None if row.kind == "lunch" and not row.name else next(places, None)
            shapes.append(Point(at.lon, at.lat) if at else None)
    columns = [_column(brief, key, kind) for key, kind in KINDS.items()]
    noted = Table(
        title=brief.title,
        columns=columns,
        rows=rows,
        notes=notes(brief),
        sample_rows=frozenset(samples),
        lang=brief.language,
        wording=wording(brief),
    )
    return noted, shapes


def notes(brief: Brief) -> list[str]:
    """Return what a reader of the tour's figures must know, a line each."""
    widest = band(brief.legs)
    sources = dict.fromkeys(leg.source for leg in brief.legs)
    named = brief.t("carry.joint").join(brief.sources.get(one, one) for one in sources)
    samples = sum(stop.sample for stop in brief.tour.stops)
    return [
        brief.t("carry.note_estimate", band=widest) if widest else brief.t("carry.note_no_band"),
        *([brief.t("carry.note_source", sources=named)] if named else []),
        *([brief.t("carry.note_convoy", n=brief.tour.convoy_pct)] if brief.tour.convoy_pct else []),
        brief.t("carry.note_times", zone=brief.tour.time_zone),
        *([brief.t("carry.note_samples", n=samples)] if samples else []),
        brief.t("carry.note_made", date=f"{brief.written:%Y-%m-%d %H:%M}"),
        *([brief.t("carry.note_internal")] if brief.internal else []),
    ]


def label(brief: Brief, row: Row) -> str:
    """Name a row as a reader sees it: a sample is marked, lunch says that it is lunch."""
    t = brief.t
    if row.kind == "lunch":
        return t("carry.lunch_at", place=one_line(row.name)) if row.name else t("carry.lunch")
    if row.stop is not None:
        return brief.name(row.stop)
    return t(f"carry.{row.kind}_at", place=one_line(row.name))


def wording(brief: Brief) -> Wording:
    """Return the words that the writers of tables add themselves."""
    return Wording(
        notes_sheet=brief.t("download.notes_sheet"),
        cut_mark=brief.t("download.cut_mark"),
        cut_note=brief.t("download.cut_note"),
    )


def _column(brief: Brief, key: str, kind: Kind) -> Column:
    text = brief.t(f"carry.col_{key}")
    return Column(key, text, text, kind)


def _drive(brief: Brief, day: int, row: Row) -> tuple[object, ...]:
    leg = row.leg
    assert leg is not None  # noqa: S101 - the caller has looked
    name = brief.t("carry.drive_to", place=label(brief, row))
    mark = estimate([leg], brief.t) or None
    return (name, day, None, *(None,) * 3, f"{leg.km:.1f}", round(leg.minutes), mark, None, None)


def _place(brief: Brief, day: int, row: Row) -> tuple[object, ...]:
    stop = row.stop
    return (
        label(brief, row),
        day,
        stop.number if stop else None,
        None if row.arrives is None else clock(row.arrives),
        None if row.leaves is None else clock(row.leaves),
        None if row.minutes is None else round(row.minutes),
        None,
        None,
        None,
        round(stop.slack) if stop and math.isfinite(stop.slack) else None,
        facts.precision(brief, stop) if stop else None,
    )
