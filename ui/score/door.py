"""Who may come in: a member with the tour's code, or somebody who is signed in."""

from __future__ import annotations

import threading
import time
from collections import deque

import streamlit as st

from geo.errors import GeoError
from geo.store import StoredTour
from geo.store.roles import may_read_scores, may_run_tours, may_score
from geo.tour import code as codes
from geo.view import View
from ui import account, settings
from ui.cache import City
from ui.controls import plain
from ui.desk import signin
from ui.i18n import Translate
from ui.score import tours

LET_IN = "score_let_in"  # the tour, and the hash of the code that this session knew
TRIED = "score_tried"  # the last wrong code: a rerun does not try it again
WRONG = "score_wrong"
WINDOW = 600.0  # seconds
PER_SESSION, PER_TOUR = 5, 300
# What stands for a tour that is not there: a stranger learns from neither words nor time.
_NO_TOUR = codes.hashed(codes.make())


class Attempts:
    """Count wrong codes of the last ten minutes, a tour; one for all sessions of a process."""

    def __init__(self) -> None:
        self._times: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def add(self, tour: str) -> None:
        """Note a wrong code."""
        with self._lock:
            self._times.setdefault(tour, deque(maxlen=PER_TOUR)).append(time.monotonic())

    def too_many(self, tour: str) -> bool:
        """Tell whether no more codes are tried for now."""
        with self._lock:
            return _recent(self._times.get(tour, ())) >= PER_TOUR


def _recent(times) -> int:  # type: ignore[no-untyped-def]
    since = time.monotonic() - WINDOW
    return sum(moment > since for moment in times)


@st.cache_resource(show_spinner=False)
def _attempts() -> Attempts:
    return Attempts()


def enter(city: City, view: View, t: Translate) -> StoredTour | None:
    """Return the tour of the address for those who may come in; show the others the way in.

    Errors: `tour.unknown`, `tour.gone` for those who are signed in or were let in before.
    """
    tour_id = st.query_params.get("tour", "")
    role = account.role()
    signed_in = may_score(role) or may_read_scores(role)
    if signed_in or settings.local_sign_in():
        with st.container(key="score_signin"):
            signin.show(city, view, t)
    if not tour_id:
        _choose(t, listed=may_run_tours(role) or may_read_scores(role))
        return None
    if signed_in:
        return tours.store().tour(tour_id)
    kept = st.session_state.get(LET_IN)
    if kept and kept[0] == tour_id:
        tour = tours.store().tour(tour_id)
        if tour.code_hash == kept[1]:
            return tour
    if code := st.query_params.get("code", ""):
        _try(tour_id, code)
        if st.session_state.get(LET_IN, ("",))[0] == tour_id:
            return tours.store().tour(tour_id)
    _ask(city, view, t)
    return None


def is_member(tour: StoredTour) -> bool:
    """Tell whether this session was let in by a code that still holds."""
    return st.session_state.get(LET_IN) == (tour.id, tour.code_hash)


def _choose(t: Translate, *, listed: bool) -> None:
    """List the tours for those who may see them all; tell others that they need the link."""
    found = tours.store().tours() if listed else []
    if not found:
        st.info(t("score.no_tours" if listed else "score.by_link"), icon=":material/qr_code_2:")
    for tour in found:
        st.page_link("pages/score.py", label=plain(tour.title), query_params={"tour": tour.id})


def _try(tour_id: str, code: str) -> None:
    """Compare a code once; the number of wrong ones is limited a session and a tour."""
    st.session_state.pop(LET_IN, None)
    if st.session_state.get(TRIED) == (tour_id, code) or _blocked(tour_id):
        return
    hash_ = _hash(tour_id)
    if codes.matches(code, hash_ or _NO_TOUR) and hash_:
        st.session_state[LET_IN] = (tour_id, hash_)
        return
    st.session_state[TRIED] = (tour_id, code)
    st.session_state.setdefault(WRONG, deque(maxlen=PER_SESSION)).append(time.monotonic())
    if hash_:
        _attempts().add(tour_id)


def _blocked(tour_id: str) -> bool:
    mine = _recent(st.session_state.get(WRONG, ()))
    return mine >= PER_SESSION or _attempts().too_many(tour_id)


def _hash(tour_id: str) -> str | None:
    try:
        return tours.store().tour(tour_id).code_hash
    except GeoError as error:
        if error.code not in ("tour.unknown", "tour.gone"):
            raise
        return None


def _ask(city: City, view: View, t: Translate) -> None:
    if _blocked(st.query_params["tour"]):
        st.error(t("score.blocked", minutes=int(WINDOW / 60)), icon=":material/lock_clock:")
        return
    if st.query_params.get("code"):
        st.error(t("score.wrong_code"), icon=":material/key_off:")
    if account.has_sign_in() and not settings.local_sign_in():
        signin.show(city, view, t)
    with st.form("score_door", border=False):
        st.text_input(t("score.code"), key="score_code", max_chars=20, autocomplete="off")
        st.form_submit_button(t("score.enter"), type="primary", on_click=_typed)


def _typed() -> None:
    """Put the code into the address, where a reload finds it; the run that follows compares it."""
    st.query_params["code"] = codes.normal(st.session_state["score_code"]) or "-"
