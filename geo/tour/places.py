"""Places that a tour starts, ends or has lunch at: by a name of the city's lists, or typed as lon, lat."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geo.errors import GeoError
from geo.layers import Atlas
from geo.tour.itinerary import Place

_TYPED = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*[,，]?\s*(.*)", re.DOTALL)


def known(atlas: Atlas) -> list[Place]:
    """Return the places that the city's lists name: towns, then parks with their middle."""
    found = []
    for frame in (atlas.base["towns"], atlas.parks):
        for name, shape in zip(frame["name"], frame.geometry, strict=True):
            if shape is not None and not shape.is_empty:
                middle = shape.centroid
                found.append(Place(str(name), float(middle.x), float(middle.y)))
    return found


def typed(text: str, places: Iterable[Place]) -> Place:
    """Return the place of a name, or of `lon, lat name` (degrees WGS-84); error `tour.place` (read)."""
    wanted = text.strip()
    for place in places:
        if place.name == wanted:
            return place
    found = _TYPED.fullmatch(wanted)
    if not found or abs(float(found[1])) > 180 or abs(float(found[2])) > 90:
        raise GeoError("tour.place", read=wanted)
    lon, lat = float(found[1]), float(found[2])
    return Place(found[3].strip() or f"{lon:.4f}, {lat:.4f}", lon, lat)
