"""What to carry along: handbook, timetable, calendar, tracks, the offline page, navigation links."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import segno
import streamlit as st
from markupsafe import Markup

from geo.exchange.carry import links, timeline
from geo.exchange.carry.brief import Brief
from geo.exchange.carry.formats import FORMATS, Format
from geo.exchange.carry.since import Words
from geo.exchange.table import safe_filename
from geo.store.roles import may_run_tours
from geo.tour.planning import Plan
from geo.view import View
from ui import account, cache, session
from ui.cache import City
from ui.i18n import Translate
from ui.tour import since


def show(city: City, plan: Plan, view: View, t: Translate) -> None:
    """Offer every file of the planned tour, and links that open a navigation app."""
    st.markdown(f"**{t('tour.carry')}**")
    internal = False
    if may_run_tours(account.role()):
        internal = st.toggle(t("tour.internal"), key="tour_internal")
        st.caption(t("tour.internal_help"))
    stem = plan.itinerary.title or t("carry.untitled")
    with st.container(horizontal=True, key="tour_files"):
        for made in FORMATS.values():
            st.download_button(
                t(f"carry.format_{made.id}"),
                data=_making(made, city, plan, view=view, internal=internal, t=t),
                file_name=safe_filename(f"{stem}_{plan.itinerary.first:%Y-%m-%d}", made.ext),
                mime=made.mime,
                key=f"tour_file_{made.id}",
                on_click="ignore",
            )
    _navigation(plan, t)


def _making(
    made: Format,
    city: City,
    plan: Plan,
    *,
    view: View,
    internal: bool,
    t: Translate,
) -> Callable[[], bytes]:
    """Return what makes a file when it is asked for."""
    base = session.address("")
    language = "en" if view.language == "en" else "zh"
    words = Words(city.atlas, t, language, internal)
    reader = since.Reader(
        account.role(), cache.database(), until=st.session_state.get(session.AS_OF)
    )
    criteria = [c.title[view.language] for c in city.atlas.catalogue.criteria.values()]

    def make() -> bytes:
        now = datetime.now(ZoneInfo(plan.itinerary.time_zone))
        asked = {"tour": plan.itinerary, "reader": reader, "words": words, "today": now.date()}
        return made.write(
            Brief(
                tour=plan.itinerary,
                atlas=city.atlas,
                t=t,
                language=language,
                made=now,
                internal=internal,
                address=base,
                changes=since.changes(**asked),
                photos=since.photos(**asked),
                criteria=criteria,
                sources={s: t(f"tour.source_{s}") for s in _sources(plan)},
            )
        )

    return make


def _sources(plan: Plan) -> set[str]:
    return {leg.source for day in plan.itinerary.days for leg in day.legs}


def _navigation(plan: Plan, t: Translate) -> None:
    """List for each drive the links that open it in an app."""
    with st.expander(t("tour.navigate")):
        st.caption(t("tour.navigate_hint"))
        providers = [p for p in links.PROVIDERS.values() if not p.app]
        for number, day in enumerate(plan.itinerary.days):
            stops = timeline.places(day)
            whole = Markup(" · ").join(
                _link(piece.url, f"{t(f'tour.provider_{p.brand}')} {piece.first}–{piece.last}")
                for p in providers
                for piece in links.tour(p.id, stops)[:1]
            )
            st.html(Markup("<p>{} {}</p>").format(t("tour.whole_day", n=number + 1), whole))
            rows = Markup("").join(
                Markup("<li>{} → {}<br>{}</li>").format(
                    one.name,
                    other.name,
                    Markup(" · ").join(
                        _link(links.leg(p.id, one, other), t(f"tour.provider_{p.brand}"))
                        for p in providers
                    ),
                )
                for one, other in pairwise(stops)
            )
            st.html(Markup('<ol class="tour-legs">{}</ol>').format(rows))


def _link(url: str, words: str) -> Markup:
    return Markup(
        '<a href="{}" target="_blank" rel="noopener noreferrer" class="tour-link">{}</a>'
    ).format(url, words)


def qr(link: str) -> Markup:
    """Return a QR code of a link as a picture that needs no file."""
    target = io.BytesIO()
    segno.make(link, error="m").save(target, kind="svg", scale=4, border=2, xmldecl=False)
    data = base64.b64encode(target.getvalue()).decode("ascii")
    return Markup('<img alt="QR" width="176" src="data:image/svg+xml;base64,{}">').format(data)
