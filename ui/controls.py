"""The filters in the side panel, and the chips that show and remove what is chosen."""

from __future__ import annotations

import re

import streamlit as st

from geo.filters import UNKNOWN, Filters, Selection
from geo.view import MAX_TEXT, View
from ui import names, session
from ui.cache import City
from ui.i18n import Translate, yi

PICKED_FROM_LIST = ("industry", "stage", "county", "park", "list")
PICKED_FROM_PILLS = ("kind", "attribute")


def panel(city: City, view: View, selection: Selection, t: Translate) -> None:
    """Draw every filter with the count that each choice would give."""
    active = view.filters.active()
    st.subheader(t("filter.title_n", n=active) if active else t("filter.title"))
    _search(view, t)
    for facet in PICKED_FROM_PILLS:
        _facet(st.pills, city, view, selection=selection, facet=facet, t=t)
    for facet in PICKED_FROM_LIST:
        _facet(st.multiselect, city, view, selection=selection, facet=facet, t=t)
    _investment(view, t)
    st.button(t("filter.reset"), on_click=session.reset, disabled=not active, width="stretch")


def _search(view: View, t: Translate) -> None:
    st.session_state["f_text"] = view.filters.text
    st.text_input(
        t("filter.search"),
        key="f_text",
        placeholder=t("filter.search_hint"),
        max_chars=MAX_TEXT,
        on_change=session.take_text,
        args=("f_text",),
    )


def _facet(widget, city: City, view: View, *, selection: Selection, facet: str, t: Translate):  # type: ignore[no-untyped-def]
    """Draw one facet; a choice without any project is offered only while it is chosen."""
    chosen = getattr(view.filters, facet)
    counts = selection.counts[facet]
    known = names.of_facet(city.atlas, facet, language=view.language, t=t)
    offered = [
        choice for choice in known if counts.get(choice) or choice in chosen or choice != UNKNOWN
    ]
    key = f"f_{facet}"
    st.session_state[key] = list(chosen)
    shown = str if widget is st.multiselect else plain  # its options are text, not Markdown
    extra = (
        {"placeholder": t("filter.any"), "select_all": False} if widget is st.multiselect else {}
    )
    if widget is st.pills:
        extra |= {"selection_mode": "multi"}
    widget(
        t(f"filter.{facet}"),
        offered,
        key=key,
        format_func=lambda choice: t(
            "filter.option", name=shown(known[choice]), n=counts.get(choice, 0)
        ),
        on_change=session.take_choice,
        args=(facet, key),
        **extra,
    )


def _investment(view: View, t: Translate) -> None:
    st.markdown(t("filter.invest"))
    bounds = (view.filters.invest_min_wan, view.filters.invest_max_wan)
    keys = ("f_low", "f_high")
    labels = (t("filter.invest_min"), t("filter.invest_max"))
    with st.container(horizontal=True, key="invest"):
        for key, bound, label in zip(keys, bounds, labels, strict=True):
            st.session_state[key] = None if bound is None else bound / session.WAN_PER_YI
            st.number_input(
                label,
                key=key,
                min_value=0.0,
                max_value=1e6,
                step=1.0,
                format="%g",
                placeholder=t("filter.any"),
                on_change=session.take_bounds,
                args=keys,
            )


def chips(city: City, view: View, t: Translate) -> None:
    """Show each thing that is chosen as a chip whose click removes it."""
    wanted = described(city, view, t)
    # the row stands there even when empty: a block that comes and goes would remount the map
    with st.container(horizontal=True, key="chips", gap="small"):
        for number, (label, changes) in enumerate(wanted):
            st.button(
                f"{plain(label)}  ✕",
                key=f"chip_{number}",
                help=t("filter.reset_one", name=plain(label)),
                on_click=session.narrow,
                kwargs=changes,
            )
        if wanted:
            st.button(t("filter.reset"), key="chip_all", type="tertiary", on_click=session.reset)


def described(city: City, view: View, t: Translate) -> list[tuple[str, dict[str, object]]]:
    """Name each thing that is chosen, with the change that would release it."""
    filters, wanted = view.filters, []
    for facet in (*PICKED_FROM_PILLS, *PICKED_FROM_LIST):
        chosen = getattr(filters, facet)
        known = names.of_facet(city.atlas, facet, language=view.language, t=t) if chosen else {}
        for choice in chosen:
            rest = tuple(other for other in chosen if other != choice)
            wanted.append((known[choice].removeprefix("▸ "), {facet: rest}))
    if bounds := _bounds(filters, t):
        wanted.append((bounds, {"invest_min_wan": None, "invest_max_wan": None}))
    if filters.text:
        wanted.append((t("filter.chip_text", text=filters.text), {"text": ""}))
    return wanted


def _bounds(filters: Filters, t: Translate) -> str:
    low, high = filters.invest_min_wan, filters.invest_max_wan
    if low is not None and high is not None:
        return t("filter.chip_invest_between", low=yi(low), high=yi(high))
    if low is not None:
        return t("filter.chip_invest_from", low=yi(low))
    return "" if high is None else t("filter.chip_invest_to", high=yi(high))


MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>()#+-.!|~$:&@="})
# Streamlit's own short forms (icons, arrows, addresses) are replaced after escapes are undone
SHORT_FORM = re.compile(
    r"(?i)(?<=:)(?=material[/_]|streamlit:|//)|(?<=www)(?=\.)|(?<=@)(?=[-\w])|(?<=[<~>-])(?=[=>-])"
)
BREAK = "\u2060"  # word joiner: takes no room and allows no line break


def plain(text: str) -> str:
    """Escape text for a label, which Streamlit reads as Markdown; it becomes one line."""
    line = " ".join(text.splitlines())
    return SHORT_FORM.sub(BREAK, line).translate(MARKDOWN)


def switch(name: str, choices: tuple[str, ...], now: str, t: Translate) -> None:
    """Draw a switch of the view: the mode, or what colours stand for."""
    key = f"switch_{name}"
    st.session_state[key] = now
    st.segmented_control(
        t(f"view.{name}"),
        choices,
        key=key,
        required=True,
        label_visibility="collapsed",
        format_func=lambda choice: t(
            f"view.{choice}" if name == "mode" else f"view.colour_{choice}"
        ),
        on_change=lambda: session.change(**{name: st.session_state[key]}),
    )
