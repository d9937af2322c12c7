"""When each site was last visited, as the tours that are kept say it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from geo.tour.tour import Tour


def last(tours: Iterable[Tour], *, before: date) -> dict[str, date]:
    """Return the day of each project's newest visit before a day.

    Only what stands in a tour's order was driven to: a tour that was never planned visits nothing.
    """
    found: dict[str, date] = {}
    for tour in tours:
        for number, ids in enumerate(tour.order):
            day = tour.first + timedelta(days=number)
            for id_ in ids if day < before else ():
                found[id_] = max(day, found.get(id_, day))
    return found
