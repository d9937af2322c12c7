"""Plan a tour from the command line: `python -m geo tour`, with all that the page can ask for."""

from __future__ import annotations

import argparse
import json
import math
import os
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from geo import filters, layers, view
from geo.cli import context, timetable
from geo.cli.problem import read as read_problem
from geo.errors import GeoError
from geo.layers import Atlas
from geo.tour import explain, places
from geo.tour.itinerary import MINUTES_A_DAY, Place
from geo.tour.planning import NoTour, Plan, plan
from geo.tour.solve import solve
from geo.tour.tour import MOST_DAYS, Asked, Meal, Span, Tour, from_json
from geo.tour.travel import Notice, from_environment

MOST_SECONDS, MOST_BYTES = 600.0, 64 * 2**20
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})")


def add(commands: Any) -> None:
    """Add `tour`."""
    command = commands.add_parser("tour", help="规划观摩行程 / plan a tour of site visits")
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--stops", metavar="ID,ID", help="项目，分号隔开各天 / projects, ; between days"
    )
    what.add_argument(
        "--filter", metavar="c=…&s=…", help="筛选，同网页地址 / as in a page's address"
    )
    what.add_argument("--tour", type=Path, metavar="FILE", help="行程 JSON / a tour as JSON")
    what.add_argument(
        "--problem", type=Path, metavar="FILE", help="时间矩阵问题 / a matrix problem"
    )
    for name, shown, words in (
        ("start", "PLACE", "起点：地名或“经度,纬度,名称” / a name, or lon,lat,name"),
        ("end", "PLACE", "终点 / where it ends"),
        ("night", "PLACE", "过夜地点 / where the nights are"),
        ("date", "YYYY-MM-DD", "第一天 / first day"),
        ("title", "TEXT", "名称 / title"),
        ("depart", "HH:MM", "出发 / start of a day"),
        ("return", "HH:MM", "最晚返回 / latest return"),
        ("minutes", "N", "每站停留 / minutes at each site"),
        ("days", "N", "天数 / days"),
        ("convoy", "PCT", "车队加时 / added to driving times"),
        ("assembly", "N", "每段集合分钟 / added to each leg"),
        ("most", "N", "最多几站，其余舍去 / choose at most so many"),
        ("industries", "N", "至少几个产业 / at least so many industries"),
        ("max-driving", "N", "每天行车上限（分） / most minutes driven a day"),
        ("seconds", "S", "求解时间 / time for the solver"),
    ):
        command.add_argument(f"--{name}", metavar=shown, help=words)
    meal = command.add_mutually_exclusive_group()
    meal.add_argument(
        "--lunch", metavar="HH:MM-HH:MM/N", help="开饭时段和分钟 / begins within, minutes"
    )
    meal.add_argument("--no-lunch", action="store_true", help="不安排午餐 / without lunch")
    command.add_argument(
        "--every-county", action="store_true", help="每个县区至少一站 / each county"
    )
    command.add_argument("--objective", choices=("finish", "driving"), help="早返回或少行车")
    command.add_argument("--keep-order", action="store_true", help="不改顺序 / keep the order")
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    context.add_options(command)
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    """Plan, and print the answer; with --json also what stands against it is an object."""
    try:
        if chosen.problem is not None:
            return _bare(chosen)
        atlas = _atlas(chosen)
        asked, notices = _tour(chosen, atlas)
        travel = from_environment(os.environ, atlas=atlas)
        made = plan(asked, id_="new", atlas=atlas, travel=travel, seconds=_seconds(chosen))
    except GeoError as error:
        if chosen.json:
            _show(timetable.refusal(error, chosen.lang))
        else:
            context.show("\n".join(timetable.cures(error, chosen.lang)))
        raise
    _answer(chosen, replace(made, notices=(*notices, *made.notices)), atlas)
    return context.DONE


def _answer(chosen: argparse.Namespace, made: Plan, atlas: Atlas) -> None:
    if chosen.json:
        _show(timetable.answer(made, atlas, chosen.lang))
    else:
        context.show("\n".join(timetable.lines(made, chosen.lang)))


def _show(body: dict[str, Any]) -> None:
    context.show(json.dumps(body, ensure_ascii=False, allow_nan=False))


def _bare(chosen: argparse.Namespace) -> int:
    """Solve a matrix problem; it needs no city."""
    asked = read_problem(_text(chosen.problem))
    try:
        found = solve(asked, seconds=_seconds(chosen) or 5.0)
    except GeoError as error:
        if error.code != "tour.infeasible":
            raise
        names = tuple(str(number) for number in range(len(asked.visits)))
        raise NoTour(
            explain.obstacles(asked), names, proven=bool(error.details["proven"])
        ) from error
    body = timetable.solved(asked, found)
    if chosen.json:
        _show(body)
    else:
        context.show("\n".join(timetable.solved_lines(body)))
    return context.DONE


def _text(path: Path) -> str:
    """Read a file; errors `file_missing` (file), `file_unreadable` (file, reason)."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise GeoError("file_unreadable", file=path.name, reason=f"> {MOST_BYTES} B")
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise GeoError("file_missing", file=path.name) from None
    except (OSError, ValueError) as error:
        raise GeoError("file_unreadable", file=path.name, reason=type(error).__name__) from error


def _atlas(chosen: argparse.Namespace) -> Atlas:
    """Return the city with the projects of the store, or with its own where there is no store."""
    atlas = layers.load(context.city_folder(chosen))
    if context.is_new(context.place()):
        return atlas
    with context.existing_store() as store:
        return layers.with_projects(atlas, store.projects())


def _tour(chosen: argparse.Namespace, atlas: Atlas) -> tuple[Tour, list[Notice]]:
    """Return the tour that the options ask for, and what to know of the choice."""
    notices: list[Notice] = []
    if chosen.tour is not None:
        base = from_json(_text(chosen.tour))
    else:
        days = _filtered(chosen, atlas, notices) if chosen.stops is None else _listed(chosen.stops)
        base = _fresh(chosen, atlas, days)
    base = _ruled(chosen, replace(base, days=_spans(chosen, base, atlas)))
    if not chosen.keep_order:
        return replace(base, mode="plan"), notices
    if not any(base.order):
        base = replace(base, order=(base.ids,))
    return replace(base, mode="hand"), notices


def _listed(text: str) -> list[list[str]]:
    days = [[id_.strip() for id_ in day.split(",")] for day in text.split(";")]
    return [[id_ for id_ in ids if id_] for ids in days]


def _filtered(chosen: argparse.Namespace, atlas: Atlas, notices: list[Notice]) -> list[list[str]]:
    """Return the placed projects of a filter; error `tour.filter` (read) for what it does not know."""
    index = filters.build_index(atlas)
    query = dict(parse_qsl(chosen.filter.lstrip("?"), keep_blank_values=True))
    known = {name: facet.options for name, facet in index.facets.items()}
    found, dropped = view.from_query(query, options=known, projects=set(atlas.projects["id"]))
    if dropped or not query:
        raise GeoError("tour.filter", read=", ".join(dropped) or context.one_line(chosen.filter))
    rows = atlas.projects[filters.select(index, found.filters).rows]
    placed = rows[rows["mapped"]]
    if len(placed) < len(rows):
        notices.append(Notice("tour.unplaced", {"n": len(rows) - len(placed)}))
    return [placed["id"].tolist()]


def _fresh(chosen: argparse.Namespace, atlas: Atlas, days: list[list[str]]) -> Tour:
    """Return a tour of these projects with the usual rules, tomorrow."""
    names = dict(zip(atlas.projects["id"], atlas.projects["name"], strict=True))
    stops = tuple(Asked(id_, str(names.get(id_, id_))) for ids in days for id_ in ids)
    listed = places.known(atlas)
    home = listed[0] if listed else places.typed(chosen.start or "", [])
    today = datetime.now(ZoneInfo(atlas.catalogue.city.time_zone)).date()
    return Tour(
        title="",
        first=today + timedelta(days=1),
        days=tuple(Span(home, home) for _ in range(min(len(days), MOST_DAYS))),
        stops=stops,
        order=tuple(map(tuple, days)) if chosen.stops is not None else (),
    )


def _spans(chosen: argparse.Namespace, base: Tour, atlas: Atlas) -> tuple[Span, ...]:
    """Return the days with what the options say of them; a return before the start is after midnight."""
    listed = places.known(atlas)

    def place(text: str | None, usual: Place) -> Place:
        return usual if text is None else places.typed(text, listed)

    count = len(base.days) if chosen.days is None else _whole("days", chosen.days, 1, MOST_DAYS)
    days = (*base.days, *(base.days[-1:] * count))[:count]
    start = place(chosen.start, days[0].start)
    end = place(chosen.end, start if chosen.start is not None else days[-1].end)
    night = place(chosen.night, end)
    made = []
    for number, day in enumerate(days):
        departs = day.departs if chosen.depart is None else _clock(chosen.depart)
        returns = (
            day.returns if getattr(chosen, "return") is None else _clock(getattr(chosen, "return"))
        )
        returns += MINUTES_A_DAY * (returns <= departs)
        moved = chosen.night is not None or chosen.days is not None
        first = start if number == 0 else night if moved else day.start
        last = end if number == count - 1 else night if moved else day.end
        made.append(Span(first, last, departs, returns))
    return tuple(made)


def _ruled(chosen: argparse.Namespace, base: Tour) -> Tour:
    """Return the tour under the rules that the options state; the others stay as they are."""
    change: dict[str, Any] = {}
    for option, name, least, most in (
        ("convoy", "convoy_pct", 0, 200),
        ("most", "most", 1, 400),
        ("industries", "industries", 0, 99),
    ):
        if (text := getattr(chosen, option)) is not None:
            change[name] = _whole(name, text, least, most)
    for option in ("assembly", "max_driving"):
        if (text := getattr(chosen, option)) is not None:
            change[option] = _number(option, text)
    if chosen.date is not None:
        change["first"] = _date(chosen.date)
    if chosen.title is not None:
        change["title"] = context.one_line(chosen.title)[:80]
    if chosen.every_county:
        change["every_county"] = True
    if chosen.objective is not None:
        change["objective"] = chosen.objective
    if chosen.no_lunch or chosen.lunch is not None:
        change["meal"] = None if chosen.no_lunch else _meal(chosen.lunch, base)
    stops = base.stops
    if chosen.minutes is not None:
        minutes = _number("minutes", chosen.minutes)
        stops = tuple(replace(stop, minutes=minutes) for stop in stops)
    if chosen.most is not None:  # the planner chooses
        stops = tuple(replace(stop, must=False) for stop in stops)
    return replace(base, stops=stops, **change)


def _meal(text: str, base: Tour) -> Meal:
    """Read `11:30-13:00/60`, the minutes optional; error `tour.clock` (read)."""
    window, _, minutes = text.partition("/")
    earliest, _, latest = re.sub("[–—~]", "-", window).partition("-")
    usual = base.meal or Meal()
    return Meal(
        minutes=_number("lunch", minutes) if minutes else usual.minutes,
        earliest=_clock(earliest),
        latest=_clock(latest),
        place=usual.place,
    )


def _clock(text: str) -> float:
    """Return minutes after midnight of `08:30`; error `tour.clock` (read)."""
    found = _CLOCK.fullmatch(text.strip())
    if not found or int(found[1]) > 24 or int(found[2]) > 59:
        raise GeoError("tour.clock", read=context.one_line(text))
    return int(found[1]) * 60.0 + int(found[2])


def _number(name: str, text: str) -> float:
    """Read a finite number; error `tour.number` (field, read, expected)."""
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise GeoError("tour.number", field=name, read=context.one_line(text), expected="30")
    return found


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) or not least <= int(text) <= most:
        read, expected = context.one_line(text), f"{least} – {most}"
        raise GeoError("tour.number", field=name, read=read, expected=expected)
    return int(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        read = context.one_line(text)
        raise GeoError("tour.number", field="date", read=read, expected="YYYY-MM-DD") from None


def _seconds(chosen: argparse.Namespace) -> float | None:
    if chosen.seconds is None:
        return None
    found = _number("seconds", chosen.seconds)
    if not 0.05 <= found <= MOST_SECONDS:
        raise GeoError(
            "tour.number", field="seconds", read=found, expected=f"0.05 – {MOST_SECONDS:g}"
        )
    return found
