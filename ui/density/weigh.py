"""Which measures a composite index is made of, and how much each counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from geo.compare import composite, indexed
from geo.compare.composite import NORMALISE, NUMBERS, USUAL_WEIGHT, WEIGHTS
from geo.compare.indexed import Weights
from ui.controls import plain
from ui.density import asked, words
from ui.density.scope import Scope
from ui.i18n import Translate

ITEMS, WAY = "density_items", "density_normalise"
STEP = 5
WIDTH = 164  # two stand side by side on a phone


def weights(scope: Scope) -> Weights:
    """Return the chosen items with their weights, or those that an index begins with."""
    by, atlas = scope.state.question.by, scope.city.atlas
    return dict(scope.state.weights) or scope.recall(
        ("usual index", by), lambda: indexed.usual(atlas, by=by)
    )


def name(item: str, scope: Scope) -> str:
    """Name an item with its unit, which tells a tax of an area from that of a firm."""
    asked_ = indexed.question(item, scope.state.question)
    return scope.t(
        "dense.index_item",
        measure=words.measure(asked_, scope.t),
        unit=words.unit(asked_, scope.t),
    )


def short(item: str, chosen: Iterable[str], scope: Scope) -> str:
    """Name an item by its measure alone, with what it is divided by where the chosen ones differ."""
    t, own = scope.t, indexed.question(item, scope.state.question)
    others = {indexed.question(other, own).per for other in chosen}
    if len(others) < 2:
        return words.measure(own, t)
    return t("dense.index_over", measure=words.measure(own, t), over=t(f"dense.per_{own.per}"))


def share(item: str, chosen: Mapping[str, int], t: Translate) -> str:
    """Write what part of all weights an item has."""
    whole = sum(chosen.values())
    return f"{100 * chosen[item] / whole:.0f}%" if whole else t("figure.none")


def show(scope: Scope) -> Weights:
    """Draw the choice of items, a weight for each, and how they are made comparable."""
    t, chosen = scope.t, weights(scope)
    by, atlas = scope.state.question.by, scope.city.atlas
    there = scope.recall(("index items", by), lambda: indexed.offered(atlas, by=by))
    st.session_state[ITEMS] = list(chosen)
    st.multiselect(
        t("dense.index_choose", least=NUMBERS[0], most=NUMBERS[-1]),
        [item for item in indexed.items() if item in there or item in chosen],
        key=ITEMS,
        max_selections=NUMBERS[-1],
        format_func=lambda item: name(item, scope),
        placeholder=t("dense.index_placeholder"),
        select_all=False,  # its words are English only
        on_change=_take_items,
        args=(chosen,),
    )
    with st.container(horizontal=True, key="density_weights", vertical_alignment="bottom"):
        for item in chosen:
            _weight(scope, item, chosen)
    with st.container(horizontal=True, key="density_index_way", vertical_alignment="bottom"):
        st.session_state[WAY] = scope.state.normalise
        st.segmented_control(
            t("dense.index_way"),
            NORMALISE,
            key=WAY,
            required=True,
            format_func=lambda way: t(f"density.normalise_{way}"),
            help=t("dense.index_way_help"),
            on_change=lambda: asked.change(normalise=st.session_state[WAY]),
        )
        st.button(
            t("dense.index_equal"),
            key="density_index_equal",
            icon=":material/balance:",
            disabled=len(set(chosen.values())) == 1,
            on_click=asked.change,
            kwargs={"weights": tuple((item, USUAL_WEIGHT) for item in chosen)},
        )
    composite.checked(chosen)
    return chosen


def _weight(scope: Scope, item: str, chosen: Weights) -> None:
    key = f"density_weight_{item}"
    st.session_state[key] = chosen[item]
    label = scope.t(
        "dense.index_weight", item=short(item, chosen, scope), share=share(item, chosen, scope.t)
    )
    st.number_input(
        plain(label),
        min_value=WEIGHTS[0],
        max_value=WEIGHTS[-1],
        step=STEP,
        key=key,
        on_change=_take_weight,
        args=(item, chosen),
        width=WIDTH,
    )


def _take_items(chosen: Weights) -> None:
    kept = ((item, chosen.get(item, USUAL_WEIGHT)) for item in st.session_state[ITEMS])
    asked.change(weights=tuple(kept))


def _take_weight(item: str, chosen: Weights) -> None:
    put = {**chosen, item: int(st.session_state[f"density_weight_{item}"])}
    asked.change(weights=tuple(put.items()))
