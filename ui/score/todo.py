"""What is to be done after a tour: by whom, until when; the office writes, others read."""

from __future__ import annotations

import streamlit as st

from geo.errors import GeoError
from geo.store import StoredTour
from geo.store.roles import may_run_tours
from ui import account
from ui.controls import plain
from ui.i18n import Translate, sentence
from ui.score import tours

SAID = "score_todo_said"  # why the last item was not kept


def show(tour: StoredTour, t: Translate) -> None:
    """List the items, open ones first, with the form for a new one."""
    writes = may_run_tours(account.role())
    if fault := st.session_state.pop(SAID, None):
        st.error(plain(sentence(fault, t)), icon=":material/warning:")
    found = tours.store().actions(tour.id)
    if not found:
        st.caption(t("score.todo_none"))
    for item in found:
        due = item.due.isoformat() if item.due else t("score.no_day")
        said = f"**{plain(item.text)}** · {plain(item.owner or t('score.nobody'))} · {due}"
        key = f"score_todo_{item.id}"
        st.session_state[key] = item.done
        st.checkbox(
            said, key=key, disabled=not writes, on_change=_finish, args=(tour.id, item.id, key)
        )
    if writes:
        _form(tour, t)


def _form(tour: StoredTour, t: Translate) -> None:
    with st.form("score_todo", clear_on_submit=True):
        st.text_area(t("score.todo_text"), key="score_todo_text", max_chars=500, height=90)
        st.text_input(t("score.todo_owner"), key="score_todo_owner", max_chars=60)
        st.date_input(t("score.todo_due"), value=None, key="score_todo_due", format="YYYY-MM-DD")
        st.form_submit_button(t("score.todo_add"), on_click=_add, args=(tour.id,))


def _add(tour_id: str) -> None:
    role, given = account.role(), st.session_state
    if not may_run_tours(role):
        return
    try:
        tours.store().add_action(
            tour_id,
            given["score_todo_text"].strip(),
            owner=given["score_todo_owner"].strip(),
            due=given["score_todo_due"],
            who=account.name(),
        )
    except GeoError as error:
        given[SAID] = error


def _finish(tour_id: str, item: str, key: str) -> None:
    if may_run_tours(account.role()):
        tours.store().finish_action(tour_id, item, done=st.session_state[key])
