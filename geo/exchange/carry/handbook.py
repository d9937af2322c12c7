"""The sentences of the handbook that its Word and its PDF edition share."""

from __future__ import annotations

import math

from geo.exchange.carry import listing, timeline
from geo.exchange.carry.brief import (
    Brief,
    dated,
    drive,
    duration,
    estimate,
    kilometres,
    one_line,
    slack,
)
from geo.exchange.carry.timeline import Row
from geo.tour.itinerary import Stop, TourDay, clock

CRITERIA = 5
WORTH_SAYING = 10
"""Shorter waits, in minutes, are getting off the bus."""


def headline(brief: Brief) -> list[str]:
    """Return the lines below the title: the dates, then how many stops and how long a drive."""
    last = len(brief.tour.days) - 1
    dates = [dated(brief, 0)] + ([dated(brief, last)] if last else [])
    said = drive(brief.legs, brief.t)
    stops = len(brief.tour.stops)
    return [" – ".join(dates), brief.t("carry.day_summary", n=stops, drive=said)]


def foot(brief: Brief) -> str:
    """Return what stands at the foot of every page: the tour, and that it is internal if it is."""
    said = f"{brief.title} · {brief.t('carry.handbook')}"
    return f"{brief.t('carry.internal')} · {said}" if brief.internal else said


def visit(brief: Brief, stop: Stop) -> str:
    """Say when one arrives at a stop and leaves it, how long one stays and may be late."""
    row = next(row for day in brief.tour.days for row in timeline.rows(day) if row.stop is stop)
    said = brief.t(
        "carry.visit",
        arrives=time(brief, row, stop.arrives),
        leaves=time(brief, row, row.leaves),
        stay=duration(row.minutes or 0, brief.t),
    )
    parts = [said]
    if row.waits >= WORTH_SAYING:
        parts.append(brief.t("carry.wait", wait=duration(row.waits, brief.t)))
    if math.isfinite(stop.slack):
        parts.append(brief.t("carry.visit_slack", slack=slack(stop.slack, brief.t)))
    return " · ".join(parts)


def next_leg(brief: Brief, day: TourDay, stop: Stop) -> str:
    """Say where one drives from a stop, how far and how long; empty where nothing is known."""
    rows = timeline.rows(day)
    here = next(number for number, row in enumerate(rows) if row.stop is stop)
    onward = next((row for row in rows[here + 1 :] if row.leg is not None), None)
    if onward is None or onward.leg is None:
        return ""
    key = {"end": "carry.last_leg", "lunch": "carry.lunch_leg"}.get(onward.kind, "carry.next_leg")
    return brief.t(key, place=one_line(onward.name), drive=drive([onward.leg], brief.t))


def criteria(brief: Brief) -> list[str]:
    """Return what the score sheet asks for: the given criteria, else five common ones."""
    given = [text for one in brief.criteria if (text := one_line(one))]
    return given or [brief.t(f"carry.criterion_{number}") for number in range(1, CRITERIA + 1)]


def time(brief: Brief, row: Row, minutes: float | None) -> str:
    """Write a time of a row as a clock does, marked where midnight has passed; None is empty."""
    if minutes is None:
        return ""
    said = clock(minutes)
    return brief.t("carry.next_day", time=said) if row.after_midnight(minutes) else said


def timetable_cells(brief: Brief, row: Row) -> list[str]:
    """Return a row of the printed timetable: number, name, arrival, leaving, stay, drive, slack."""
    stop = row.stop
    name = one_line(listing.label(brief, row))
    if row.waits >= WORTH_SAYING:
        name += brief.t(
            "carry.aside", text=brief.t("carry.wait", wait=duration(row.waits, brief.t))
        )
    return [
        str(stop.number) if stop else "",
        name,
        time(brief, row, row.arrives),
        time(brief, row, row.leaves),
        "" if row.minutes is None else str(round(row.minutes)),
        _leg(brief, row) if row.leg else "",
        "" if stop is None else _slack(brief, stop),
    ]


def _leg(brief: Brief, row: Row) -> str:
    """Say a drive on one line and its mark on the next."""
    assert row.leg is not None  # noqa: S101 - the caller has looked
    mark = estimate([row.leg], brief.t)
    said = f"{kilometres(row.leg.km, brief.t)} · {duration(row.leg.minutes, brief.t)}"
    return f"{said}\n{mark}" if mark else said


def _slack(brief: Brief, stop: Stop) -> str:
    """Return the slack in minutes, or that there is no limit."""
    return str(round(stop.slack)) if math.isfinite(stop.slack) else brief.t("carry.unlimited")
