"""Nearness: the nearest-neighbour index of projects, and Moran's I of places with its local map."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from geo.compare import answers, neighbours
from geo.compare.neighbours import QUADRANTS, SURE, Moran
from geo.density.measures import Densities
from geo.errors import GeoError
from geo.render import shade
from geo.render.shade import Legend, Shade
from ui import i18n
from ui.controls import plain
from ui.density import map as density_map
from ui.density import shown, words
from ui.density.scope import Scope

FINEST = 7  # a finer grid has tens of thousands of cells: minutes of permutations
LOW_LOW = QUADRANTS.index("low_low") - 1
COLOURS = ("#b2182b", "#92c5de", "#2166ac", "#f4a582", "#eceae4")  # by quadrant; the last: unsure


def show(scope: Scope) -> None:
    """Draw both measures, each with a plain sentence and its caveat."""
    left, right = st.columns([0.38, 0.62], gap="large")
    with left:
        _nearest(scope)
    with right:
        _moran(scope)


def _nearest(scope: Scope) -> None:
    t = scope.t
    st.markdown(f"##### {t('dense.nearest_title')}")
    try:
        found = scope.recall(
            ("nearest", scope.state.question.year),
            lambda: neighbours.nearest(scope.city.atlas, scope.begun),
        )
    except GeoError as error:
        st.info(plain(i18n.sentence(error, t)), icon=":material/info:")
        return
    st.markdown(
        t(
            "dense.nearest_said",
            index=words.number(found.index, t),
            pattern=t(f"density.pattern_{found.pattern}"),
            observed=f"{found.observed_m:,.0f}",
            expected=f"{found.expected_m:,.0f}",
            z=f"{found.z:.1f}",
            n=found.n,
        )
    )
    left = sum(len(rows) for rows in found.left_out.values())
    st.caption(t("dense.nearest_how", left=left))


def _moran(scope: Scope) -> None:
    t, asked = scope.t, answers.over_areas(scope.state.question)
    st.markdown(f"##### {t('dense.moran_title')}")
    st.caption(plain(words.title(asked, t)))
    if asked.by not in ("county", "h3"):
        st.info(t("dense.moran_needs"), icon=":material/info:")
        return
    if asked.by == "h3" and asked.resolution > FINEST:
        st.info(t("dense.moran_coarser", n=FINEST), icon=":material/info:")
        return
    found = shown.get(scope, asked)
    try:
        with st.spinner(t("dense.computing")):
            result, densities = scope.recall(("moran", asked), lambda: _computed(scope, found))
    except GeoError as error:
        st.info(plain(i18n.sentence(error, t)), icon=":material/info:")
        return
    st.markdown(
        t(
            "dense.moran_said",
            value=f"{result.value:.3f}",
            expected=words.number(result.expected, t),
            p=f"{result.p:.3f}",
            n=result.n,
            pattern=t(f"density.pattern_{result.pattern}"),
        )
    )
    with st.container(key="density_map_box"):
        layer = scope.recall(
            ("local moran", asked),
            lambda: shade.layer(shade_of(scope, result, densities), datum=scope.city.basemap.datum),
        )
        density_map.draw(scope, layer, title=t("dense.moran_title"), whole=found.found.whole)
    st.caption(t("dense.moran_how") + (t("dense.moran_few") if asked.by == "county" else ""))


def _computed(scope: Scope, found: shown.Shown) -> tuple[Moran, Mapping[str, float]]:
    answer = found.found
    if not isinstance(answer, Densities):
        raise TypeError(answer)
    return answers.moran(scope.city.atlas, answer)


def shade_of(scope: Scope, result: Moran, densities: Mapping[str, float]) -> Shade:
    """Return the local values as a map: which places stand together, where that is not chance."""
    t, cells = scope.t, scope.state.question.by == "h3"
    unsure = len(COLOURS) - 1
    numbers = {
        one.place: QUADRANTS.index(one.quadrant) - 1 if one.p < SURE else unsure
        for one in result.local
    }
    # Empty cells among empty ones are “low” only because nothing is anywhere near
    empty = {
        place for place, n in numbers.items() if cells and n == LOW_LOW and not densities[place]
    }
    shown_ = {
        place: n
        for place, n in numbers.items()
        if place not in empty and not (cells and n == unsure)
    }
    said = [*(t(f"density.quadrant_{name}") for name in QUADRANTS[1:]), t("dense.moran_unsure")]
    counts = [
        sum(n == number for place, n in numbers.items() if place not in empty)
        for number in range(len(COLOURS))
    ]
    notes = [
        t(f"dense.moran_{name}", n=len(left))
        for name, left in (("isolated", result.isolated), ("empty", empty))
        if left
    ]
    entries = list(zip(said, map(str, counts), strict=True))
    return Shade(
        kind="cell" if cells else "county",
        classes=shown_,
        colours=COLOURS,
        legend=Legend(t("dense.moran_legend"), "", entries, notes=notes),
        tips={
            one.place: [
                words.place(one.place, scope),
                said[numbers[one.place]],
                t("dense.moran_tip", value=f"{one.value:.2f}", p=f"{one.p:.3f}"),
            ]
            for one in result.local
            if one.place in shown_
        },
        shapes={place: density_map.cell(place) for place in shown_} if cells else {},
    )
