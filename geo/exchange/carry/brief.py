"""What every format of a tour is written from, and how its figures are put into words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from geo.exchange.table import Lang, clean
from geo.layers import Atlas
from geo.tour.itinerary import Itinerary, Leg, Stop
from geo.view import View, to_query

Translate = Callable[..., str]
MINUTES_AN_HOUR = 60
WAN_A_YI = 10_000
WAN_A_MILLION = 100
DRAWN = ("counties", "land", "water", "roads")
"""The layers that the route map shows."""


@dataclass(frozen=True)
class Brief:
    """Hold a planned tour with what is said about it; every writer takes one.

    `t` gives the words of `language` by locale key. `made` is the moment of writing. `internal`
    lets contacts through, which then stand in the file. `address` is where the map is served, for
    the QR codes; empty: none. `changes` and `points` are lines by project id: what is new since
    the last visit, and what to talk about; `photos` a JPEG and its caption. `criteria` head the
    score sheet, `sources` name the backends of travel times by id.
    """

    tour: Itinerary
    atlas: Atlas
    t: Translate
    language: Lang
    made: datetime
    internal: bool = False
    address: str = ""
    changes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    points: Mapping[str, Sequence[str]] = field(default_factory=dict)
    photos: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    criteria: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> datetime:
        """Return the moment of writing in the city's time zone."""
        return self.made.astimezone(ZoneInfo(self.tour.time_zone))

    def name(self, stop: Stop) -> str:
        """Return the stop's name on one line, marked as a sample unless it says so itself."""
        name, mark = one_line(stop.name), self.t("carry.sample_mark")
        if not stop.sample or name.startswith(mark):
            return name
        return f"{self.t('carry.sample_name')}{name}"

    @property
    def title(self) -> str:
        """Return the tour's title on one line."""
        return one_line(self.tour.title) or self.t("carry.untitled")

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Return the legs of all days in driving order."""
        return tuple(leg for day in self.tour.days for leg in day.legs)

    def legal(self) -> str:
        """Say that the map is a sketch, and whether an approval number lets it be published."""
        city = self.atlas.catalogue.city
        if city.map_approval:
            return self.t("carry.map_approved", approval=city.map_approval)
        return self.t("carry.map_internal")

    def credits(self) -> str:
        """Name the sources of the layers that the route map is drawn from."""
        layers = self.atlas.catalogue.layers
        credits = (layers[id_].credit for id_ in DRAWN if id_ in layers)
        named = dict.fromkeys(credit[self.language] for credit in credits if credit)
        return self.t("carry.map_sources", sources=self.t("carry.joint").join(named))

    def project_address(self, stop: Stop) -> str:
        """Return where the map shows the project, or nothing where no usable address is given."""
        base = clean(self.address).strip()
        if not _is_web_address(base):
            return ""
        query = urlencode(to_query(View(project=stop.project_id, language=self.language)))
        return f"{base.split('?')[0].split('#')[0].rstrip('/')}/?{query}"

    def said_lines(self, lines: Mapping[str, Sequence[str]], stop: Stop) -> list[str]:
        """Return the lines given for a stop's project, each on one line, empty ones left out."""
        return [text for line in lines.get(stop.project_id, ()) if (text := one_line(line))]


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return text.isprintable() and parts.scheme in ("http", "https") and bool(parts.netloc)


def one_line(value: object) -> str:
    """Return a value's text on one line, without what a format could not hold."""
    return " ".join(clean(value).split())


def duration(minutes: float, t: Translate) -> str:
    """Write a number of minutes as hours and minutes."""
    hours, rest = divmod(max(0, round(minutes)), MINUTES_AN_HOUR)
    if not hours:
        return t("carry.minutes", n=rest)
    return t("carry.hours_minutes", h=hours, n=rest) if rest else t("carry.hours", h=hours)


def slack(minutes: float, t: Translate) -> str:
    """Write how much later one may come; without any limit, a dash."""
    return duration(minutes, t) if math.isfinite(minutes) else t("carry.unlimited")


def kilometres(km: float, t: Translate) -> str:
    """Write a distance with one decimal."""
    return t("carry.km", n=f"{km:,.1f}")


def band(legs: Iterable[Leg]) -> int:
    """Return the widest error band of some legs in percent; 0 where none is an estimate."""
    return max((leg.band_pct for leg in legs), default=0)


def estimate(legs: Iterable[Leg], t: Translate) -> str:
    """Return the mark that figures of these legs carry: empty where none is an estimate."""
    widest = band(legs)
    return t("carry.estimate", band=widest) if widest > 0 else ""


def drive(legs: Sequence[Leg], t: Translate) -> str:
    """Say how far and how long some legs are, marked as an estimate where they are one."""
    km = sum(leg.km for leg in legs)
    minutes = sum(leg.minutes for leg in legs)
    said = f"{kilometres(km, t)} · {duration(minutes, t)}"
    mark = estimate(legs, t)
    return f"{said} {mark}" if mark else said


def money(wan: int, language: Lang) -> str:
    """Write a whole number of 万元 exactly: in 亿元 or 万元, or in millions of yuan."""
    if language == "en":
        whole, rest = divmod(abs(wan), WAN_A_MILLION)
        digits = f"{whole:,}.{rest:02d}".rstrip("0").rstrip(".")
        return f"CNY {'-' if wan < 0 else ''}{digits} m"
    if abs(wan) < WAN_A_YI:
        return f"{wan:,} 万元"
    whole, rest = divmod(abs(wan), WAN_A_YI)
    digits = f"{whole:,}.{rest:04d}".rstrip("0").rstrip(".")
    return f"{'-' if wan < 0 else ''}{digits} 亿元"


def dated(brief: Brief, number: int) -> str:
    """Write the date of a day of the tour, from 0, with its weekday."""
    day = brief.tour.first + timedelta(days=number)
    weekday = brief.t(f"carry.weekday_{day.weekday()}")
    values = {"year": day.year, "month": day.month, "day": day.day, "weekday": weekday}
    return brief.t("carry.date", **values)
