"""Score a site-visit tour on the phone; the office sees the ranking and notes what is to be done.

Reached by a tour's link only: `?tour=ID&code=CODE`.
"""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.store.roles import may_read_scores, may_score
from geo.view import View
from ui import account, frame, settings
from ui.cache import City
from ui.controls import plain
from ui.i18n import Translate, sentence
from ui.score import door, phone, results, todo, tours


def page(city: City, view: View, t: Translate) -> None:
    """Let members score, and show those who may read the scores what came of it."""
    if settings.is_public():
        st.info(t("score.public"), icon=":material/lock:")
        return
    try:
        _tour(city, view, t)
    except GeoError as error:
        st.error(plain(sentence(error, t)), icon=":material/warning:")


def _tour(city: City, view: View, t: Translate) -> None:
    role = account.role()
    tour = door.enter(city, view, t)
    if tour is None:
        return
    if not may_read_scores(role):
        phone.show(city, tour, view, t)
        return
    st.html(tours.heading(tour))
    with st.container(key="score_parts"):
        part = st.segmented_control(
            t("score.parts"),
            ("ranking", "todo", *(["mine"] if may_score(role) else [])),
            default="ranking",
            key="score_part",
            required=True,
            label_visibility="collapsed",
            format_func=lambda name: t(f"score.part_{name}"),
        )
    if part == "mine":
        phone.show(city, tour, view, t)
    elif part == "todo":
        todo.show(tour, t)
    else:
        results.show(city, tour, view, t)


frame.run(page, title="score.title")
