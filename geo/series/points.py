"""Points of series and how they are asked for; the same place, metric and period is one point."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from geo.series import period as periods

CITY, PARKS = "city", "parks"  # places beside counties and parks: the city, all parks together
STATUSES = ("actual", "estimate", "target")
AREA_KINDS = ("approved", "planned", "built_up", "developed", "total")
LEAST, MOST = -(10**6), 10**15
WAN_PER_YI, HA_PER_KM2, BP = 10_000, 100, 10_000


@dataclass(frozen=True)
class Point:
    """Hold one value of a series: a whole number of its metric's unit, for a place and a period.

    `place` is `city`, `parks`, a county's code or a park's id; `area_kind` is the basis of what
    stands on an area, "" where it is not stated; `internal` points are not for the public.
    """

    place: str
    metric: str
    period: str
    value: int
    status: str
    area_kind: str = ""
    source: str = ""
    source_url: str = ""
    source_grade: str = ""
    note: str = ""
    sample: bool = False
    internal: bool = False

    @property
    def id(self) -> str:
        """Return what tells a point from any other: an estimate stays when the actual value comes."""
        return "|".join((self.place, self.metric, self.period, self.status, self.area_kind))

    @property
    def span(self) -> periods.Span:
        """Return the year and the months of the period."""
        return periods.span(self.period)

    @property
    def rank(self) -> tuple[bool, int]:
        """Return what is to be preferred for one period, the least first: real, then actual."""
        return self.sample, STATUSES.index(self.status)


@dataclass(frozen=True)
class Series:
    """Hold all points, in the order in which they were read; treat it as read-only."""

    points: tuple[Point, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Point]:
        """The points by their id."""
        return {point.id: point for point in self.points}

    @cached_property
    def by_subject(self) -> Mapping[tuple[str, str], tuple[Point, ...]]:
        """The points of each place and metric, in order of period, the preferred one first."""
        found: dict[tuple[str, str], list[Point]] = defaultdict(list)
        for point in self.points:
            found[point.place, point.metric].append(point)
        return {
            subject: tuple(sorted(points, key=lambda p: (periods.order(p.period), p.rank)))
            for subject, points in found.items()
        }

    def with_points(self, points: Iterable[Point]) -> Series:
        """Return the series with further points; one of a known id takes the other's place."""
        return Series(tuple({**self.by_id, **{point.id: point for point in points}}.values()))


def of(series: Series, *, place: str, metric: str) -> tuple[Point, ...]:
    """Return the points of a place and metric in order of period; targets and estimates included.

    Of several points for one period the preferred one is first: real before sample, actual before
    estimate before target.
    """
    return series.by_subject.get((place, metric), ())


def latest(
    series: Series, *, place: str, metric: str, year: int | None = None, whole: bool = False
) -> Point | None:
    """Return the newest value, of one year if it is given; a target is never a value.

    With `whole`, only figures for whole years count. Of several for one period: see `of`.
    """
    found = [
        point
        for point in of(series, place=place, metric=metric)
        if point.status != "target"
        and (year is None or point.span.year == year)
        and (not whole or point.span.whole_year)
    ]
    newest = max((periods.order(point.period) for point in found), default=None)
    return next((point for point in found if periods.order(point.period) == newest), None)


def years(
    series: Series, *, places: Iterable[str], metric: str, year_end: bool = False
) -> tuple[int, ...]:
    """Return the years for which any of the places has a whole year's figure, newest first.

    With `year_end`, the figure of a December stands for its year.
    """
    found = {
        point.span.year
        for place in places
        for point in of(series, place=place, metric=metric)
        if point.status != "target"
        and (point.span.whole_year or (year_end and point.span[1:] == (12, 12)))
    }
    return tuple(sorted(found, reverse=True))


def exact(value: int, unit: str) -> Fraction:
    """Return a stored whole number in the unit that people read: 亿元, 个, a part of 1, 亿元/km², km²."""
    divisor = {"wan": WAN_PER_YI, "bp": BP, "wan_per_km2": WAN_PER_YI, "ha": HA_PER_KM2}
    return Fraction(value, divisor.get(unit, 1))
