"""KML of a tour: its places as points, its drives as lines, through the one writer of KML."""

from __future__ import annotations

from geo.exchange import kml
from geo.exchange.carry import listing
from geo.exchange.carry.brief import Brief


def write(brief: Brief) -> bytes:
    """Write the document, one placemark a place and a drive, in the order of the tour."""
    table, shapes = listing.table(brief)
    return kml.write(table, shapes)
