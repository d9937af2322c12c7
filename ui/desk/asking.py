"""Ask what columns are: unknown ones, and those of which several are the same field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from geo.exchange.reading.grid import Book
from geo.intake.faults import Fault, Intake
from geo.view import View
from ui.controls import plain
from ui.desk import columns, fields
from ui.i18n import Translate

HEADED = 60  # rows of a sheet; a heading further down is asked for when it is unknown
ANSWER = "desk_answer_"
Rivals = dict[tuple[str, ...], str]  # headings that are the same field → that field


def show(book: Book, intake: Intake, view: View, t: Translate) -> None:
    """Ask what each column is; the answers also serve the next list of the same source.

    What was answered before is asked again with its answer: it may have been wrong. Where a list
    has two columns for a field, it is open until each is said to be something else or left out.
    """
    known, rivals = columns.remembered(), _rivals(intake.errors)
    faults = (*intake.errors, *intake.warnings)
    unknown = [f.col for f in faults if f.code == "column_unrecognised" and f.col]
    open_ = [heading for group in rivals for heading in group]
    answered = sorted(_standing(known, book))
    asked = list(dict.fromkeys([*open_, *unknown, *answered]))
    if not asked:
        return
    counts = {
        "rivals": len(set(open_) | set(unknown)) if open_ else 0,
        "mapping": len(unknown),
        "mapped": len(answered),
    }
    kind = next(name for name, n in counts.items() if n)
    with (
        st.expander(t(f"desk.{kind}", n=counts[kind]), expanded=bool(rivals)),
        st.form("desk_columns", border=False),
    ):
        st.caption(t("desk.mapping_how"))
        for group, field in rivals.items():
            _say(group, field, view, t)
        for number, column in enumerate(asked):
            with st.container(key=f"desk_column_{number}"):
                unsaid = "desk.choose" if column in open_ else "desk.mapping_open"
                _question(column, known.get(column, ""), view, t, unsaid=t(unsaid))
        st.form_submit_button(
            t("desk.mapping_use"),
            type="primary" if rivals else "secondary",
            on_click=_take,
            args=(asked,),
        )


def is_open(fault: Fault) -> bool:
    """Tell whether a fault is settled by an answer here, without another upload."""
    return fault.code == "column_ambiguous" and bool(fault.details["columns"])


def _rivals(errors: Iterable[Fault]) -> Rivals:
    """Return the columns that are the same field, once for all sheets."""
    found = [fault.details for fault in errors if is_open(fault)]
    return {tuple(one["columns"]): str(one["id"]) for one in found}  # type: ignore[arg-type]


def _say(group: Sequence[str], field: str, view: View, t: Translate) -> None:
    quoted = [t("desk.quoted", text=" ".join(heading.split())) for heading in group]
    names = t("dense.list").join(quoted)
    title = fields.words().headings[field].title[view.language]
    st.markdown(plain(t("desk.rivals_how", headings=names, field=title)))


def _question(column: str, answer: str, view: View, t: Translate, *, unsaid: str) -> None:
    """Draw the choice for one column: a field, left out, or nothing said."""
    headings = fields.words().headings
    choices = ["", columns.LEFT_OUT, *headings]
    said = {"": unsaid, columns.LEFT_OUT: t("desk.mapping_none")}
    st.selectbox(
        plain(" ".join(column.split())),
        choices,
        choices.index(answer) if answer in choices else 0,
        key=f"{ANSWER}{column}",  # a number would carry an answer to the next column
        format_func=lambda id_: said.get(id_) or headings[id_].title[view.language],
    )


def _standing(known: Iterable[str], book: Book) -> set[str]:
    """Return the headings answered before that stand in a file, alone or as levels of one."""
    rows = (row for sheet in book.sheets for row in sheet.rows[:HEADED])
    texts = {cell.text for row in rows for cell in row.cells}
    return {one for one in known if one in texts or texts.issuperset(one.split("/"))}


def _take(asked: Sequence[str]) -> None:
    columns.remember({column: st.session_state[f"{ANSWER}{column}"] for column in asked})
