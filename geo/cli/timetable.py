"""Write a planned tour for the command line: as one JSON object, or as a timetable to read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from geo import wording
from geo.cli.context import one_line
from geo.errors import GeoError
from geo.layers import Atlas
from geo.tour import explain
from geo.tour.itinerary import Itinerary, Place, Stop, TourDay, clock
from geo.tour.planning import NoTour, Plan
from geo.tour.problem import Obstacle, Problem, Solution
from geo.tour.timetable import schedule
from geo.tour.tour import to_json
from geo.tour.travel import Notice
from geo.tour.verdict import verdict
from geo.wording import Translate

EXACT = 3  # decimals of minutes and kilometres: more is noise


def answer(made: Plan, atlas: Atlas, lang: str) -> dict[str, Any]:
    """Return a plan as one object that JSON can hold; times twice, as a clock and in minutes."""
    shown, found, t = made.itinerary, made.solution, wording.translator(lang)
    counties = {stop.project.get("county") for stop in shown.stops} - {None, ""}
    industries = {stop.project.get("industry") for stop in shown.stops} - {None, ""}
    return {
        "title": shown.title,
        "city": atlas.catalogue.city.name[lang],
        "objective": made.tour.objective,
        "days": [_day(shown, number, day) for number, day in enumerate(shown.days)],
        "totals": {
            "stops": len(shown.stops),
            "counties": len(counties),
            "industries": len(industries),
            "minutes": round(found.finish, EXACT),
            "driving": round(found.driving, EXACT),
            "km": round(sum(day.km for day in shown.days), EXACT),
            "value": round(found.value, EXACT),
        },
        **_quality(found),
        "best": None if made.best is None else _sums(made.best),
        "left_out": [
            {"id": left.project, "name": left.name, **_why(left.why)} for left in made.left
        ],
        "broken": [
            {"rule": fact.rule, "id": fact.project or None, "minutes": round(fact.minutes, EXACT)}
            for fact in made.broken
        ],
        "notices": [
            {"code": notice.code, "message": wording.sentence(_said(notice), t, inside=True)}
            for notice in made.notices
        ],
        "tour": json.loads(to_json(made.tour)),
    }


def _said(notice: Notice) -> GeoError:
    return GeoError(notice.code, **notice.details)


def _sums(found: Solution) -> dict[str, Any]:
    return {
        "value": round(found.value, EXACT),
        "finish": round(found.finish, EXACT),
        "driving": round(found.driving, EXACT),
        **_quality(found),
    }


def _quality(found: Solution) -> dict[str, Any]:
    bound = None if found.bound is None else round(found.bound, EXACT)
    return {"proven": found.proven, "bound": bound, "method": found.method}


def _why(why: Obstacle) -> dict[str, Any]:
    minutes = None if why.minutes is None else round(why.minutes, EXACT)
    return {"rule": why.rule, "minutes": minutes, **({"detail": why.detail} if why.detail else {})}


def _day(shown: Itinerary, number: int, day: TourDay) -> dict[str, Any]:
    moment = shown.first + timedelta(days=number)
    meal = day.meal
    return {
        "day": number + 1,
        "date": moment.isoformat(),
        "start": _place(day.start),
        "end": _place(day.end),
        **_time("depart", day.departs),
        **_time("return", day.returns),
        "driving": round(day.driving, EXACT),
        "km": round(day.km, EXACT),
        "stops": [_stop(stop) for stop in day.stops],
        "lunch": None
        if meal is None
        else {
            "after": meal.after,
            **_time("begin", meal.begins),
            **_time("leave", meal.begins + meal.minutes),
            "place": None if meal.place is None else _place(meal.place),
        },
        "legs": [
            {
                "minutes": round(leg.minutes, EXACT),
                "km": round(leg.km, EXACT),
                "source": leg.source,
                "band_pct": leg.band_pct,
            }
            for leg in day.legs
        ],
    }


def _place(place: Place) -> dict[str, Any]:
    return {"name": place.name, "lon": place.lon, "lat": place.lat}


def _time(name: str, minutes: float) -> dict[str, Any]:
    return {name: clock(minutes), f"{name}_min": round(minutes, EXACT)}


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "number": stop.number,
        "id": stop.project_id,
        "name": stop.name,
        "lon": stop.lon,
        "lat": stop.lat,
        **_time("arrive", stop.arrives),
        **_time("begin", stop.begins),
        **_time("leave", stop.departs),
        "slack": _finite(stop.slack),
        "sample": stop.sample,
    }


def _finite(minutes: float) -> float | None:
    """Return minutes, None where nothing limits them: JSON knows no infinity."""
    return round(minutes, EXACT) if math.isfinite(minutes) else None


def refusal(error: GeoError, lang: str) -> dict[str, Any]:
    """Return what stands against a tour as one object."""
    found: list[dict[str, Any]] = []
    if isinstance(error, NoTour):
        for obstacle in error.obstacles:
            named = {} if obstacle.visit is None else {"name": error.names[obstacle.visit]}
            say = {"visit": obstacle.visit, **named, "message": _cure(error, obstacle, lang)}
            found.append(_why(obstacle) | say)
    message = wording.sentence(error, wording.translator(lang), inside=True)
    body: dict[str, Any] = {"code": error.code, "message": message, "obstacles": found}
    if isinstance(error, NoTour):
        body["proven"] = error.proven
    return {"error": body}


def cures(error: GeoError, lang: str) -> Iterator[str]:
    """Give in words what would have to give so that there is a tour."""
    if not isinstance(error, NoTour):
        return
    t = wording.translator(lang)
    yield t("tour.no_tour" if error.proven else "tour.none_found")
    yield t("tour.cures" if error.obstacles else "tour.no_cure")
    for obstacle in error.obstacles:
        yield f"- {_cure(error, obstacle, lang)}"


def _cure(error: NoTour, obstacle: Obstacle, lang: str) -> str:
    name = one_line(error.names[obstacle.visit]) if obstacle.visit is not None else ""
    minutes = "" if obstacle.minutes is None else _up(obstacle.minutes)
    cover = "industry" if obstacle.detail.get("cover") == 1 else "county"
    rule = f"cover_{cover}" if obstacle.rule == "cover" else obstacle.rule
    return wording.say(f"tour.cure_{rule}", lang, name=name, n=minutes)


def _up(minutes: float) -> str:
    """Write minutes that must be enough: rounded up."""
    return str(math.ceil(minutes - 1e-6))


def lines(made: Plan, lang: str) -> Iterator[str]:
    """Give a plan as a timetable to read."""
    t = wording.translator(lang)
    for number, day in enumerate(made.itinerary.days):
        date_ = made.itinerary.first + timedelta(days=number)
        driving = f"{day.driving:.0f} {t('tour.min')}"
        yield f"{t('tour.day_n', n=number + 1)}  {date_}  {driving}  {day.km:.0f} km"
        yield from _halts(day, t)
        yield ""
    band = max((leg.band_pct for day in made.itinerary.days for leg in day.legs), default=0)
    judged, values = verdict(made)
    yield t(f"tour.{judged}", **values)
    if band:
        yield t("tour.estimate", band=band)
    names = {stop.project: one_line(stop.name) for stop in made.tour.stops}
    for fact in made.broken:
        name = names.get(fact.project, "")
        yield t(f"tour.broken_{fact.rule}", name=name, n=_up(fact.minutes))
    for notice in made.notices:
        yield wording.sentence(_said(notice), t, inside=True)
    if made.left:
        yield ""
        yield t("tour.left_n", n=len(made.left))
        for left in made.left:
            why = left.why
            n = str(why.detail.get("most", "")) if why.minutes is None else _up(why.minutes)
            yield f"- {one_line(left.name)}  {t(f'tour.why_{why.rule}', n=n)}"


def _halts(day: TourDay, t: Translate) -> Iterator[str]:
    legs = iter(day.legs)

    def drive() -> str:
        leg = next(legs, None)
        if leg is None:
            return ""
        minutes = f"{leg.minutes:.0f} {t('tour.min')}"
        return f"               ↓ {minutes} · {leg.km:.0f} km · {t(f'tour.source_{leg.source}')}"

    yield f"       {clock(day.departs)}   {one_line(day.start.name)}"
    for at in range(len(day.stops) + 1):
        meal = day.meal
        if meal is not None and meal.after == at:
            if meal.place is not None:
                yield drive()
            name = one_line(meal.place.name) if meal.place else t("tour.on_the_way")
            span = f"{clock(meal.begins)}–{clock(meal.begins + meal.minutes)}"
            yield f"  {span}   {t('tour.lunch_at', name=name)}"
        yield drive()
        if at < len(day.stops):
            stop = day.stops[at]
            span = f"{clock(stop.arrives)}–{clock(stop.departs)}"
            spare = _spare(stop, t)
            yield f"  {span}   {stop.number}. {one_line(stop.name)}{spare}"
    yield f"       {clock(day.returns)}   {one_line(day.end.name)}"


def _spare(stop: Stop, t: Translate) -> str:
    if not math.isfinite(stop.slack):
        return ""
    return f"  ({t('tour.slack')} {math.floor(stop.slack + 1e-6)} {t('tour.min')})"


def solved(asked: Problem, found: Solution) -> dict[str, Any]:
    """Return the answer to a matrix problem as one object; visits are their places in it from 0."""
    return {
        "routes": [list(route) for route in found.routes],
        **_sums(found),
        "days": [
            [
                {
                    "visit": halt.visit,
                    "node": halt.node,
                    "arrive": round(halt.arrives, EXACT),
                    "begin": round(halt.begins, EXACT),
                    "leave": round(halt.departs, EXACT),
                    "slack": _finite(halt.slack),
                }
                for halt in schedule(asked, route, day=day).halts
            ]
            for day, route in enumerate(found.routes)
        ],
        "left_out": [{"visit": why.visit, **_why(why)} for why in explain.left_out(asked, found)],
    }


def solved_lines(body: dict[str, Any]) -> Iterator[str]:
    """Give the answer to a matrix problem as a few lines."""
    for route in body["routes"]:
        yield " ".join(map(str, route))
    for name in ("value", "finish", "driving", "proven", "bound"):
        yield f"{name} {body[name]}"
