"""The sentences of the handbook that its Word and its PDF edition share."""

from __future__ import annotations

import math

from geo.exchange.carry import timeline
from geo.exchange.carry.brief import Brief, dated, drive, duration, one_line, slack
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


def visit(brief: Brief, stop: Stop) -> str:
    """Say when one arrives at a stop and leaves it, how long one stays and may be late."""
    row = next(row for day in brief.tour.days for row in timeline.rows(day) if row.stop is stop)
    said = brief.t(
        "carry.visit",
        arrives=clock(stop.arrives),
        leaves=clock(row.leaves or stop.departs),
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
