"""What must be known beside the figures: what is left out, which areas were repaired, the caveat."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import streamlit as st

from geo.compare import answers
from geo.density.measures import Amount, Densities, Note
from geo.density.stated import Stated
from geo.density.surface import Surface
from geo.series.text import Texts
from ui import table
from ui.controls import plain
from ui.density import asked, words
from ui.density.scope import Scope
from ui.density.shown import Shown
from ui.i18n import Translate, percent


def address(t: Translate) -> None:
    """Say which parts of the address could not be meant."""
    if dropped := st.session_state.get(asked.DROPPED):
        st.warning(t("notice.url", keys="、".join(dropped)), icon=":material/link_off:")


def said(scope: Scope, found: Shown) -> None:
    """Say in one line what is counted; what is left out opens its rows."""
    t, whole, left = scope.t, found.found.whole, found.found.left_out
    count = sum(len(rows) for rows in left.values())
    total = words.amount(whole.value, found.question, t)
    if isinstance(whole, Stated):
        known = [row.figure for row in found.rows if row.figure.amount.value is not None]
        samples = sum(answers.is_sample(figure) for figure in known)
        parts = [t("dense.whole_stated", total=total, n=len(known), samples=samples)]
    else:
        parts = [_whole(whole, left, total, t)]
    with st.container(horizontal=True, key="density_notes", vertical_alignment="center"):
        st.caption(" ".join(parts), width="content")
        if count and st.button(t("dense.left_out", n=count), key="density_left"):
            _left(scope, found.found)
    for line in lines(scope, found.found):
        st.caption(plain(line))


def _whole(whole: Amount, left: Mapping[str, np.ndarray], total: str, t: Translate) -> str:
    """Say what the sum is of: what no place has is in it, so the places do not add up to it."""
    rows = {*whole.rows.tolist(), *whole.unknown.tolist()}
    apart = rows & {row for found in left.values() for row in found.tolist()}
    key = "dense.whole_apart" if apart else "dense.whole"
    return t(key, total=total, n=len(rows), unknown=len(whole.unknown), apart=len(apart))


def _left(scope: Scope, found: Densities | Surface) -> None:
    t = scope.t

    @st.dialog(t("dense.left_title"), width="large")
    def dialog() -> None:
        st.markdown(t("dense.left_how"))
        for reason, rows in found.left_out.items():
            st.markdown(f"**{t(f'density.left_{reason}')}** · {len(rows)}")
            marks = table.marked(scope.city, rows)
            table.plain_rows(scope.city, scope.view, marks, key=f"left_{reason}", t=t)

    dialog()


def lines(scope: Scope, found: Densities | Surface) -> list[str]:
    """Return what a reader of the figures must know, a line each."""
    if isinstance(found, Surface):
        return [scope.t("dense.surface_how", outside=percent_of(found.outside, scope.t))]
    notes = [note for note in found.notes if note.code != "reprojected"]
    return [_note(scope, note) for note in notes]


def beside(scope: Scope, found: Densities | Surface) -> list[str]:
    """Return what must go with a picture of the figures: the lines, and that stated ones are samples."""
    return [*lines(scope, found), *samples(scope, found)]


def samples(scope: Scope, found: Densities | Surface) -> list[str]:
    """Say that stated figures behind an answer are samples, nothing where none is."""
    figures = found.figures if isinstance(found, Densities) else ()
    marked = any(answers.is_sample(figure) for figure in figures)
    return [scope.t("dense.has_samples")] if marked else []


def percent_of(share: float, t: Translate) -> str:
    """Write a share that was measured on a grid."""
    return percent(Fraction(share).limit_denominator(10_000), t)


def _note(scope: Scope, note: Note) -> str:
    t = scope.t

    if note.code == "mixed_kinds":
        kinds = t("app.separator").join(t(f"density.area_{k}") for k in note.other.split(", "))
        return t("dense.note_mixed", kinds=kinds)
    if note.code == "stated_whole":
        place = Texts(scope.city.atlas, scope.language).place(note.place)
        total = words.amount(Fraction(note.other), scope.state.question, t)
        return t("density.note_stated_whole", place=place, other=total)
    return t(
        f"density.note_{note.code}",
        place=words.place(note.place, scope),
        other=words.place(note.other, scope),
        km2=note.km2,
    )
