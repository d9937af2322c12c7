"""Points of series in words: names, periods, values with their units, what they stand on."""

from __future__ import annotations

import re
from fractions import Fraction

from geo import wording
from geo.errors import GeoError
from geo.layers import Atlas
from geo.series import period as periods
from geo.series.points import CITY, PARKS, STATUSES, WAN_PER_YI, Point, exact

# Stored unit → the unit that people read; see `points.exact`.
SHOWN = {
    "person": "person",
    "wan": "yi",
    "bp": "percent",
    "wan_per_km2": "yi_per_km2",
    "ha": "km2",
    "count": "count",
}
ABOUT_POINTS = ("store.series_conflict", "store.undo_series")


class Texts:
    """Write the points of one city in one language."""

    def __init__(self, atlas: Atlas, language: str) -> None:
        self.language, self._metrics = language, atlas.catalogue.metrics
        self._t = wording.translator(language)
        self._names = {id_: self._t(f"series.place_{id_}") for id_ in (CITY, PARKS)}
        for frame, key in ((atlas.counties, "code"), (atlas.parks, "id")):
            shown = frame["name"] if language == "zh" else frame["name_en"].fillna(frame["name"])
            self._names |= dict(zip(frame[key], shown, strict=True))

    def place(self, id_: str) -> str:
        """Return the name of a place; an unknown id is its own name."""
        return self._names.get(id_, id_)

    def metric(self, id_: str) -> str:
        """Return the name of a metric; an unknown id is its own name."""
        return self._metrics[id_].title[self.language] if id_ in self._metrics else id_

    def period(self, point: Point) -> str:
        """Return a period in words: 2021年, 2022年9月, 2022年1—9月."""
        year, first, last = point.span
        form = "year" if point.span.whole_year else "month" if first == last else "months"
        return self._t(f"series.period_{form}", year=year, first=first, last=last)

    def exact(self, point: Point) -> dict[str, object]:
        """Return the value in the unit that people read, exact and rounded, with the unit's id."""
        unit = self._metrics[point.metric].unit if point.metric in self._metrics else "count"
        if unit == "wan" and abs(point.value) < WAN_PER_YI:
            return {"exact": str(point.value), "shown": float(point.value), "unit": "wan"}
        value = exact(point.value, unit) * (100 if unit == "bp" else 1)
        return {"exact": str(value), "shown": float(value), "unit": SHOWN[unit]}

    def value(self, point: Point) -> str:
        """Return the value with its unit, to the last digit where that is a decimal."""
        found = self.exact(point)
        unit = self._t(f"series.unit_{found['unit']}")
        return self._t("series.value", value=_decimal(Fraction(str(found["exact"]))), unit=unit)

    def basis(self, point: Point) -> str:
        """Return the kind of area, "" for what stands on none; not stated is said."""
        metric = self._metrics.get(point.metric)
        if metric is None or not metric.on_area:
            return ""
        if not point.area_kind:
            return self._t("series.basis_none")
        return self._t(f"density.area_{point.area_kind}")

    def status(self, point: Point) -> str:
        """Return the status, and that it is a sample if it is one."""
        mark = self._t("density.sample_mark") if point.sample else ""
        return f"{self._t(f'series.status_{point.status}')}{mark}"

    def name(self, point: Point) -> str:
        """Return place, metric and period of a point."""
        parts = (self.place(point.place), self.metric(point.metric), self.period(point))
        return self._t("series.dot").join(parts)

    def line(self, point: Point) -> str:
        """Return a point in one line, with its source."""
        said = (self.value(point), self.status(point), self.basis(point), point.source, point.note)
        return f"{self.name(point)}  " + "  ".join(part for part in said if part)


def spoken(error: GeoError, texts: Texts) -> GeoError:
    """Return the store's error about a point with its name instead of its id; others as they are.

    The name is place, metric and period, and what tells the point from others of these.
    """
    if error.code not in ABOUT_POINTS:
        return error
    place, metric, when, status, area_kind = str(error.details["point"]).split("|")
    if not periods.is_period(when):
        return error
    point = Point(place, metric, when, 0, status, area_kind)
    more = [texts.status(point)] if status != STATUSES[0] else []
    more += [texts.basis(point)] if area_kind else []
    name = texts.name(point) + (f" ({', '.join(filter(None, more))})" if any(more) else "")
    return GeoError(error.code, **{**error.details, "point": name})


def _decimal(value: Fraction) -> str:
    """Write a fraction whose denominator is a power of ten exactly, with thousands marked."""
    text = f"{float(value):,.6f}"
    return re.sub(r"\.?0+$", "", text)
