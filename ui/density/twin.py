"""Two maps that move together and share their classes: one thing differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

from geo.compare import answers
from geo.density import areas, measures, stated
from geo.density.per import KINDS as OTHERS
from geo.density.question import Question
from geo.errors import GeoError
from ui import i18n
from ui.controls import plain
from ui.density import asked, changes, notes, shown, table, words
from ui.density import map as density_map
from ui.density.scope import Scope
from ui.density.shown import Shown

KEY, GROUP = "density_twin", "density_group"
SIDES = ("a", "b")


def show(scope: Scope) -> None:
    """Draw the choice of what differs, both maps, and where the difference is largest."""
    t, one = scope.t, scope.state.question
    offered = choices(scope)
    st.markdown(f"##### {t('dense.twin_title', title=words.title(one, t))}")
    if not offered:
        st.info(t("dense.twin_nothing"), icon=":material/search_off:")
        return
    chosen = scope.state.twin or offered[0]
    two = answers.twin(one, chosen)
    if two is None:  # the first map has come to be what the second one was
        chosen = offered[0]
        two = answers.twin(one, chosen) or one
    _choose(scope, [*offered, *([] if chosen in offered else [chosen])], chosen)
    try:
        left, right = scope.recall(("twin", one, two), lambda: both(scope, one, two))
    except GeoError as error:
        st.warning(plain(i18n.sentence(error, t)), icon=":material/search_off:")
        return
    _maps(scope, (left, right), chosen)
    changes.show(scope, left, right)
    if marked := notes.samples(scope, left.found) or notes.samples(scope, right.found):
        st.caption(marked[0])
    for side, found in zip(SIDES, (left, right), strict=True):
        if scope.state.place in found.row_of:
            st.markdown(f"**{t(f'dense.twin_{side}', title=title_of(found, chosen, scope))}**")
            table.behind(scope, found, key=f"{KEY}_{side}")


def choices(scope: Scope) -> list[str]:
    """Return what may differ: a year, the other source of areas, another sum of money."""
    now = scope.state.question
    found = [f"year={one}" for one in table.years(scope.city, now) if one != now.year]
    if now.by == "county" and now.per not in OTHERS:
        found += [f"area={one}" for one in areas.COUNTY_SOURCES if one != now.area_kind]
    if now.by in stated.BY:
        there = stated.offered(scope.city.atlas, by=now.by)
        found += [f"measure={one}" for one, why in there.items() if not why]
    found += [f"measure={one}" for one in measures.MEASURES]
    return [one for one in found if answers.twin(now, one) is not None]


def _choose(scope: Scope, offered: Sequence[str], chosen: str) -> None:
    st.session_state[KEY] = chosen
    st.selectbox(
        scope.t("dense.twin_choose"),
        offered,
        key=KEY,
        format_func=lambda one: name(one, scope),
        on_change=lambda: asked.change(twin=st.session_state[KEY] or ""),
        width=320,
        placeholder="",
    )


def name(twin: str, scope: Scope) -> str:
    """Say how the second map differs."""
    t, (key, _, value) = scope.t, twin.partition("=")
    if key == "year":
        of = "twin_of_year" if table.is_stated(scope.state.question) else "twin_year"
        return t(f"dense.{of}", year=value)
    words_ = t(f"dense.area_{value}") if key == "area" else t(f"density.measure_{value}")
    return t(f"dense.twin_{key}", value=words_)


def both(scope: Scope, one: Question, two: Question) -> tuple[Shown, Shown]:
    """Return both answers with the same classes."""
    found = shown.get_answer(scope, one), shown.get_answer(scope, two)
    return shown.shown(one, found[0], found), shown.shown(two, found[1], found)


def _maps(scope: Scope, pair: tuple[Shown, Shown], twin: str) -> None:
    group = st.session_state.setdefault(GROUP, uuid4().hex)
    for column, side, found in zip(st.columns(2, gap="small"), SIDES, pair, strict=True):
        with column:
            title = title_of(found, twin, scope)
            st.markdown(f"**{scope.t(f'dense.twin_{side}', title=title)}**")
            with st.container(key=f"density_map_box_{side}"):
                density_map.show(
                    scope,
                    found,
                    key=f"{density_map.KEY}_{side}",
                    group=group,
                    title=scope.t(
                        "dense.twin_picture", title=words.title(found.question, scope.t), part=title
                    ),
                )


def title_of(found: Shown, twin: str, scope: Scope) -> str:
    """Name a map by what differs: its year, the source of its areas, or what is counted."""
    t, asked_ = scope.t, found.question
    if twin.startswith("year="):
        if table.is_stated(asked_):
            return t("dense.twin_in", year=asked_.year) if asked_.year else t("dense.year_newest")
        return t("dense.twin_to", year=asked_.year) if asked_.year else t("dense.twin_all")
    if twin.startswith("area="):
        return t(f"dense.area_{asked_.area_kind}")
    return words.measure(asked_, t)
