"""What became of a project between two moments, in lines that a handbook prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from geo.exchange.carry.brief import Translate, money, one_line
from geo.exchange.carry.facts import ATTRIBUTES
from geo.exchange.table import Lang, cut
from geo.layers import Atlas
from geo.store.history import Difference, net
from geo.wording import land

MOST = 10  # lines; a page has other things to say
LONGEST = 60  # UTF-16 units of a value
PRINTED = {  # field → key of its name; what is not here says nothing of the project itself
    "stage": "carry.change_stage",
    "progress_pct": "card.progress",
    "progress_note": "carry.change_note",
    "done_wan": "card.done",
    "invest_wan": "card.invest",
    "plan_wan": "card.plan",
    "land_m2": "card.land",
    "start_date": "carry.change_start",
    "end_date": "carry.change_end",
    "name": "carry.col_name",
    "owner": "card.owner",
    "responsible": "card.responsible",
    "leader": "card.leader",
    "industry": "card.industry",
    "plan_attr": "card.attribute",
    "county": "card.county",
    "park": "card.park",
    "lists": "card.lists",
    "place": "card.place",
    "remark": "card.remark",
    "contact": "card.contact",
    "phone": "card.phone",
    "leader_note": "card.leader_note",
}
# What an edition for others leaves out: persons, and how exactly a place was known.
_INTERNAL = frozenset({"contact", "phone", "leader_note", "place"})
_POSITION = ("lon", "lat", "shape")


@dataclass(frozen=True)
class Words:
    """Hold what values are put into words with; `internal` lets all through that was kept."""

    atlas: Atlas
    t: Translate
    language: Lang
    internal: bool = False


def day(when: date, t: Translate) -> str:
    """Write a day without its weekday."""
    return t("carry.change_day", year=when.year, month=when.month, day=when.day)


def lines(differences: Iterable[Difference], words: Words) -> list[str]:
    """Return what successive changes of one project come to, a line a field, none without one.

    Values are shortened text on one line. What was hidden at the time is not quoted for others.
    """
    steps = list(differences)
    if steps and steps[0].before is None:  # it was there before: its record only begins here
        steps = steps[1:]
    found = list(net(steps).values())
    if not found or found[0].before is None or found[0].after is None:
        return []
    before, after = found[0].before, found[0].after
    if not words.internal and _was_hidden(before, words):
        return [words.t("carry.change_unsaid")]
    kept = [_line(name, before, after, words) for name in PRINTED if _told(name, before, words)]
    if any(name in before for name in _POSITION):
        kept.append(words.t("carry.change_moved"))
    rest = len(kept) - MOST
    return kept if rest <= 0 else [*kept[:MOST], words.t("carry.change_more", n=rest)]


def _was_hidden(before: Mapping[str, Any], words: Words) -> bool:
    return bool(before.get("internal")) or (
        before.get("stage") in words.atlas.catalogue.internal_stages
    )


def _told(name: str, before: Mapping[str, Any], words: Words) -> bool:
    return name in before and (words.internal or name not in _INTERNAL)


def _line(name: str, before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> str:
    old, new = (_value(name, found[name], words) for found in (before, after))
    return words.t("carry.change_line", field=words.t(PRINTED[name]), old=old, new=new)


def _value(name: str, content: object, words: Words) -> str:
    """Write a value as the handbook's facts do; unknown is said to be so."""
    text = "" if content is None else _readable(name, content, words)
    return cut(one_line(text), LONGEST, mark="…") or words.t("carry.change_unknown")


def _readable(name: str, content: Any, words: Words) -> str:
    catalogue, language = words.atlas.catalogue, words.language
    if name.endswith("_wan"):
        return money(int(content), language)
    if name == "land_m2":
        return land(int(content), words.t)
    if name == "progress_pct":
        return f"{content:g}%"
    if name == "plan_attr" and content in ATTRIBUTES:
        return words.t(f"filter.attribute_{content}")
    if name in ("county", "park"):
        return _named(name, content, words)
    titles: dict[str, str] = {}
    if name == "stage":
        titles = {id_: stage.title[language] for id_, stage in catalogue.stages.items()}
    elif name == "industry":
        titles = {id_: one.title[language] for id_, one in catalogue.industries.items()}
    elif name == "lists":
        named = {id_: one.title[language] for id_, one in catalogue.lists.items()}
        return words.t("carry.joint").join(named.get(id_, id_) for id_ in content.split(";"))
    return titles.get(content, str(content))


def _named(name: str, content: str, words: Words) -> str:
    frame, key = {"county": (words.atlas.counties, "code"), "park": (words.atlas.parks, "id")}[name]
    found = frame[frame[key] == content]
    if found.empty:
        return content
    english = found.iloc[0].get("name_en") if words.language == "en" else None
    return str(english) if english and not pd.isna(english) else str(found.iloc[0]["name"])
