"""The phone's page: a small component keeps what is given until the server has acknowledged it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st
import streamlit.components.v1 as components

from geo.errors import GeoError
from geo.store import Photo, StoredTour
from geo.store.roles import may_score
from geo.tour.scoring import Score
from geo.view import View
from ui import account, i18n
from ui.cache import City
from ui.i18n import Translate
from ui.score import door, tours

AT_ONCE = 40  # entries of one message; the phone sends fewer
# What will never be taken, however often it is sent; anything else the phone keeps and sends again.
FOR_GOOD = (
    "tour.value_invalid",
    "tour.uuid_taken",
    "tour.photo_invalid",
    "tour.photo_large",
    "tour.full",
)
_component = components.declare_component("phone", path=str(Path(__file__).parent / "web"))


def show(city: City, tour: StoredTour, view: View, t: Translate) -> None:
    """Take what the phone has sent and tell it what is kept; scores themselves never go back.

    Whoever else holds the phone's page, or gives another member's name, learns nothing by it.
    """
    role = account.role()
    if not (may_score(role) or door.is_member(tour)):
        st.info(t("score.read_only"), icon=":material/visibility:")
        return
    criteria = city.atlas.catalogue.criteria
    if not criteria:
        raise GeoError("tour.no_sheet")
    member = account.name() if may_score(role) else ""
    key = f"score_phone_{tour.id}"
    acks, refused, trouble = _take(tour, st.session_state.get(key), member=member, t=t)
    _component(
        tour=tour.id,
        title=tour.title,
        lang=view.language,
        words=i18n.section(view.language, "score_phone"),
        member=member,
        stops=[vars(stop) for stop in tours.stops_of(tour.body)],
        sheet=[
            {"id": one.id, "name": one.title[view.language], "hint": one.hint[view.language]}
            for one in criteria.values()
        ],
        acks=acks,
        refused=refused,
        trouble=trouble,
        key=key,
        default=None,
    )


def _take(
    tour: StoredTour, sent: object, *, member: str, t: Translate
) -> tuple[list[str], dict[str, str], str]:
    """Keep entries; return the ids of those that are kept, why some never will be, what failed."""
    entries = sent.get("entries") if isinstance(sent, dict) else None
    acks: list[str] = []
    refused: dict[str, str] = {}
    trouble = ""
    for entry in entries[:AT_ONCE] if isinstance(entries, list) else ():
        id_ = entry.get("uuid") if isinstance(entry, dict) else None
        if not isinstance(id_, str):
            continue
        try:
            _keep(tour.id, entry, member=member)
            acks.append(id_)
        except GeoError as error:
            if error.code in FOR_GOOD:
                refused[id_] = i18n.sentence(error, t)
            else:
                trouble = i18n.sentence(error, t)
    return acks, refused, trouble


def _keep(tour_id: str, entry: Mapping[str, Any], *, member: str) -> None:
    """Keep one entry of a phone, of which nothing is trusted; twice is once."""
    common = {
        "uuid": entry["uuid"],
        "project": _text(entry, "project"),
        "member": member or _text(entry, "member"),
        "at": _moment(entry),
    }
    if entry.get("kind") == "photo":
        tours.store().add_photo(tour_id, Photo(**common), _picture(entry))
        return
    criteria = entry.get("criteria")
    if not isinstance(criteria, dict):
        raise GeoError("tour.value_invalid", field="criteria", read=type(criteria).__name__)
    more = {name: _text(entry, name) for name in ("remark", "device")}
    tours.store().add_score(tour_id, Score(**common, **more, criteria=criteria))


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name, "")
    if not isinstance(value, str):
        raise GeoError("tour.value_invalid", field=name, read=type(value).__name__)
    return value.strip()


def _moment(entry: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(_text(entry, "at"))
    except ValueError:
        raise GeoError("tour.value_invalid", field="at", read=_text(entry, "at")[:40]) from None


def _picture(entry: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(_text(entry, "image").partition(",")[2], validate=True)
    except (binascii.Error, ValueError):
        raise GeoError("tour.photo_invalid") from None
