"""Move circles apart that would cover each other, each no further than it must."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = 24
RINGS = 60


@dataclass(frozen=True)
class Circle:
    """Hold a circle's centre and radius in pixels."""

    x: float
    y: float
    radius: float


def spread(circles: Sequence[Circle], *, gap: float, fixed: int = 0) -> list[Circle]:
    """Return the circles in their order, moved so that none touches another.

    The first `fixed` ones stay; each later one takes the nearest free spot on rings around its
    own place. Where there is none near, it stays.
    """
    placed: list[Circle] = list(circles[:fixed])
    for circle in circles[fixed:]:
        placed.append(_free(circle, placed, gap))
    return placed


def _free(circle: Circle, placed: Sequence[Circle], gap: float) -> Circle:
    for ring in range(RINGS):
        distance = ring * circle.radius / 4
        for step in range(STEPS if ring else 1):
            angle = 2 * math.pi * step / STEPS
            x, y = circle.x + distance * math.cos(angle), circle.y + distance * math.sin(angle)
            tried = Circle(x, y, circle.radius)
            if all(_apart(tried, other, gap) for other in placed):
                return tried
    return circle


def _apart(one: Circle, other: Circle, gap: float) -> bool:
    return math.dist((one.x, one.y), (other.x, other.y)) >= one.radius + other.radius + gap
