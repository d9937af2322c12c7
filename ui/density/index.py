"""A composite index of places: measures with weights, ranks with what they stand on, their band."""

from __future__ import annotations

import streamlit as st

from ui.controls import plain
from ui.density import (
    asked,
    cards,
    chart,
    files,
    index_chart,
    index_table,
    needs,
    weigh,
)
from ui.density.index_words import Index, caveats, doubts, get, samples, summary, unscored
from ui.density.scope import Scope


def show(scope: Scope) -> None:
    """Draw the choice of measures and weights, the scores, how sure their ranks are, and the files."""
    if not needs.named_places(scope):
        return
    t = scope.t
    st.markdown(f"##### {t('dense.index_title', by=t(f'dense.by_{scope.state.question.by}'))}")
    made = get(scope, weigh.show(scope))
    if not made.found.scores:
        st.info(t("dense.index_nobody"), icon=":material/search_off:")
        _missing(scope, made)
        return
    title = index_table.title(scope)
    bars, pills = index_chart.stacked(scope, made), index_chart.banded(scope, made)
    st.markdown(f"**{plain(summary(scope, made))}**")
    if marked := samples(scope, made):
        st.caption(plain(marked))
    left, right = st.columns([0.6, 0.4], gap="medium")
    with left:
        st.markdown(f"**{t('dense.index_bars')}**")
        cards.keys(index_chart.names(scope, made), index_chart.INKS)
        chart.draw(*bars, key="density_index_bars", alt=title, on_pick=asked.pick)
    with right:
        st.markdown(f"**{t('dense.index_band')}**")
        chart.draw(*pills, key="density_index_bands", alt=t("dense.index_band"), on_pick=asked.pick)
        st.caption("\n".join(f"- {line}" for line in doubts(scope, made)))
    index_table.behind(scope, made)
    index_table.show(scope, made)
    _missing(scope, made)
    for line in caveats(scope, made):
        if line != marked:
            st.caption(plain(line))
    with st.container(horizontal=True, key="density_index_files"):
        said = [summary(scope, made), *caveats(scope, made)]
        if made.found.missing:
            said += [t("dense.index_missing", n=len(made.found.missing)), *unscored(scope, made)]
        alone = index_chart.stacked(scope, made, legend=True)
        files.picture(scope, alone, title=title, key="index", said=said)
        for kind in ("xlsx", "csv"):
            files.workbook(scope, lambda: index_table.exported(scope, made), key="index", kind=kind)


def _missing(scope: Scope, made: Index) -> None:
    """List the places without a score, with what they lack and why."""
    t, missing = scope.t, made.found.missing
    if not missing:
        return
    with st.container(key="density_index_missing"):
        key = "missing" if made.found.scores else "nobody_how"
        st.markdown(f"**{t(f'dense.index_{key}', n=len(missing))}**")
        st.caption(t("dense.index_missing_how"))
        lines = [f"- {plain(line)}" for line in unscored(scope, made)]
        st.markdown("\n".join(lines))
