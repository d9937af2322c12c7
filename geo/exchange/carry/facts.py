"""What is known of a stop's project, label by label, and its place on the ladder of stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from geo.exchange.carry.brief import Brief, money, one_line
from geo.model import Stage
from geo.tour.itinerary import Stop
from geo.wording import land

Facts = list[tuple[str, str]]
PRECISIONS = ("site", "park", "town", "county", "line")
ATTRIBUTES = ("new", "resumed", "preliminary")


@dataclass(frozen=True)
class Ladder:
    """Hold the stages in order, and how many of them are reached; `said` is plain words.

    A paused or ended project has reached no rung that one could name: `reached` is 0.
    """

    rungs: tuple[Stage, ...]
    reached: int
    title: str
    said: str


def facts(brief: Brief, stop: Stop) -> Facts:
    """Return labels and texts of what is known; what is not known has no row."""
    known = [
        *_money(brief, stop.project),
        *_course(brief, stop.project),
        *_belonging(brief, stop.project),
        *_place(brief, stop),
        *_contact(brief, stop.project),
        *_origin(brief, stop.project),
    ]
    return [(brief.t(f"card.{label}"), text) for label, text in known if text]


def ladder(brief: Brief, stop: Stop) -> Ladder:
    """Return where the project stands, in words that need no glossary."""
    stages = brief.atlas.catalogue.stages
    side = list(stages.values())[-1].phase
    rungs = tuple(stage for stage in stages.values() if stage.phase != side)
    now = stages.get(_text(stop.project, "stage"))
    if now is None:
        return Ladder(rungs, 0, brief.t("card.stage_none"), "")
    reached = rungs.index(now) + 1 if now in rungs else 0
    title = brief.t("card.stage_now", name=now.title[brief.language])
    return Ladder(rungs, reached, title, now.plain[brief.language])


def progress(stop: Stop) -> float | None:
    """Return the progress in percent, None where it is not known."""
    value = stop.project.get("progress_pct")
    if value is None or pd.isna(value):
        return None
    return min(100.0, max(0.0, float(value)))


def precision(brief: Brief, stop: Stop) -> str:
    """Say what the stop's position stands for."""
    return brief.t(f"precision.{stop.precision if stop.precision in PRECISIONS else 'none'}")


def county(brief: Brief, stop: Stop) -> str:
    """Name the stop's county, empty where none is known."""
    return _named(brief, brief.atlas.counties, "code", _text(stop.project, "county"))


def _money(brief: Brief, project: Mapping[str, Any]) -> Facts:
    amounts = {key: _whole(project, f"{key}_wan") for key in ("invest", "plan", "done")}
    found: Facts = []
    for key, amount in amounts.items():
        if amount is None:
            continue
        text, total = money(amount, brief.language), amounts["invest"]
        if key == "done" and total:
            percent = f"{float(Fraction(100 * amount, total)):.1f}"
            text = f"{text} · {brief.t('card.of_invest', percent=percent)}"
        found.append((key, text))
    if (m2 := _whole(project, "land_m2")) is not None:
        found.append(("land", land(m2, brief.t)))
    return found


def _course(brief: Brief, project: Mapping[str, Any]) -> Facts:
    start, end = _text(project, "start_date"), _text(project, "end_date")
    dates = [
        brief.t("card.dates_from", start=start) if start else "",
        brief.t("card.dates_to", end=end) if end else "",
    ]
    return [("dates", " · ".join(filter(None, dates)))]


def _belonging(brief: Brief, project: Mapping[str, Any]) -> Facts:
    industry = brief.atlas.catalogue.industries.get(_text(project, "industry"))
    sector = industry.title[brief.language] if industry else ""
    if industry and not industry.confirmed:
        sector += brief.t("carry.aside", text=brief.t("card.unverified_industry"))
    attribute = _text(project, "plan_attr")
    lists = brief.atlas.catalogue.lists
    members = [id_ for id_ in _text(project, "lists").split(";") if id_ in lists]
    return [
        ("owner", _text(project, "owner")),
        ("responsible", _text(project, "responsible")),
        ("leader", _text(project, "leader")),
        ("industry", sector),
        ("attribute", brief.t(f"filter.attribute_{attribute}") if attribute in ATTRIBUTES else ""),
        ("county", _named(brief, brief.atlas.counties, "code", _text(project, "county"))),
        ("park", _named(brief, brief.atlas.parks, "id", _text(project, "park"))),
        ("lists", brief.t("carry.joint").join(lists[id_].title[brief.language] for id_ in members)),
    ]


def _place(brief: Brief, stop: Stop) -> Facts:
    return [
        ("place", _text(stop.project, "place")),
        ("precision", precision(brief, stop)),
        ("coordinates", f"{stop.lon:.5f}, {stop.lat:.5f}"),
    ]


def _contact(brief: Brief, project: Mapping[str, Any]) -> Facts:
    if not brief.internal:
        return []
    return [(key, _text(project, key)) for key in ("contact", "phone", "leader_note")]


def _origin(brief: Brief, project: Mapping[str, Any]) -> Facts:
    return [
        ("code", _text(project, "code")),
        ("remark", _text(project, "remark")),
        ("source", _text(project, "source")),
        ("as_of", _text(project, "source_date")),
        ("updated", _text(project, "updated")),
    ]


def _named(brief: Brief, frame: pd.DataFrame, key: str, value: str) -> str:
    found = frame[frame[key] == value]
    if not value or found.empty:
        return ""
    row = found.iloc[0]
    english = row.get("name_en") if brief.language == "en" else None
    return one_line(english if isinstance(english, str) and english else row["name"])


def _text(project: Mapping[str, Any], key: str) -> str:
    value = project.get(key)
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    return one_line(value)


def _whole(project: Mapping[str, Any], key: str) -> int | None:
    value = project.get(key)
    return None if value is None or pd.isna(value) else int(value)


def progress_note(stop: Stop) -> str:
    """Return what is said about the progress in words, empty where nothing is."""
    return _text(stop.project, "progress_note")
