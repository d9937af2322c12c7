"""Bring metrics in: a list of output, tax, people … checked, previewed, applied; the office does it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import streamlit as st

from geo.errors import GeoError
from geo.exchange.reading.grid import Book
from geo.series import importing, listing, template, words
from geo.series.importing import Diff
from geo.series.listing import Listing
from geo.series.points import Point
from geo.series.text import Texts
from geo.store.roles import Role, may_bring_series
from geo.view import View
from ui import account, cache
from ui.cache import City
from ui.desk import applied, intake
from ui.failing import refusal
from ui.i18n import Translate

TYPES = ["xlsx", "xls", "csv"]
READ, VERSION = "desk_series_read", "desk_series_version"


@dataclass(frozen=True)
class Read:
    """Hold an upload as it was read: its book, its points with all faults, and which it was."""

    key: str
    name: str
    content: bytes
    book: Book
    found: Listing


@st.cache_resource(show_spinner=False)
def _words() -> words.Words:
    return words.load(cache.base())


def show(city: City, view: View, role: Role, t: Translate) -> None:
    """Draw the steps for those who may take them; a later one appears when the earlier is in order."""
    if not may_bring_series(role) or not city.atlas.catalogue.metrics:
        return
    st.subheader(t("desk.series"))
    st.caption(t("desk.series_how"))
    st.download_button(
        t("desk.series_template"),
        data=lambda: template.write(_words(), language=view.language),
        file_name=f"{t('desk.series_template_file')}.xlsx",
        mime=intake.EXCEL,
        on_click="ignore",
        icon=":material/download:",
        key="desk_series_template",
    )
    upload = st.file_uploader(t("desk.series_upload"), type=TYPES, key="desk_series_upload")
    _done(t)
    if upload is None:
        return
    try:
        read = _read(upload.name, upload.getvalue(), t)
    except GeoError as error:
        st.error(refusal(error, role, t), icon=":material/block:")
        return
    clean = t("desk.series_clean", n=len(read.found.reads))
    intake.faults(read, read.found, view, t, clean=clean, key="series_")
    if not read.found.errors:
        _preview(read, city, view, t)


def _done(t: Translate) -> None:
    """Say what the last import made, with the way back."""
    if version := st.session_state.get(VERSION):
        with st.container(horizontal=True, vertical_alignment="center", key="desk_series_done"):
            st.success(t("desk.series_applied", version=version), icon=":material/check_circle:")
            st.button(t("desk.undo"), key="desk_series_undo", on_click=_undo, args=(version,))


def _undo(version: int) -> None:
    applied.undo(version)
    st.session_state.pop(VERSION, None)


def _read(name: str, content: bytes, t: Translate) -> Read:
    key = f"{name} {hashlib.sha256(content).hexdigest()}"
    kept = st.session_state.get(READ)
    if kept and kept.key == key:
        return kept
    with st.spinner(t("desk.reading")):
        book = intake.opened(name, content)
        found = listing.read(book, _words())
    read = Read(key=key, name=name, content=content, book=book, found=found)
    st.session_state[READ] = read
    return read


def _preview(read: Read, city: City, view: View, t: Translate) -> None:
    kept = cache.database()
    if kept is None:
        st.error(t("desk.no_store"), icon=":material/block:")
        return
    diff, stored = importing.preview(read.found.reads, cache.base().series, kept)
    counts = {"new": len(diff.new), "changed": len(diff.changed)}
    st.markdown(f"**{t('desk.preview')}**")
    st.markdown(t("desk.series_counts", same=diff.same, **counts))
    if diff.points:
        rows = _rows(diff, Texts(city.atlas, view.language), t)
        intake.change_table(rows, t, key="series")
    st.button(
        t("desk.apply", **counts),
        type="primary",
        key="desk_series_apply",
        disabled=not diff.points,
        on_click=_apply,
        args=(diff, stored, read.name),
    )


def _rows(diff: Diff, texts: Texts, t: Translate) -> list[dict[str, object]]:
    new = [change_row(texts, t, before=None, after=r.point, row=r.row) for r in diff.new]
    changed = [
        change_row(texts, t, before=c.before, after=c.after, row=c.row) for c in diff.changed
    ]
    return [*new, *changed]


def change_row(
    texts: Texts, t: Translate, *, before: Point | None, after: Point | None, row: int | None = None
) -> dict[str, object]:
    """Return the row of a change table that says what became of a point."""
    what = "new" if before is None else "gone" if after is None else "changed"
    point = after or before
    found: dict[str, object] = {"row": row, "what": t(f"desk.{what}"), "field": t("desk.value")}
    if point is not None:
        found["name"] = texts.name(point)
    for name, one in (("before", before), ("after", after)):
        if one is not None:
            hidden = t("cli.internal_point") if one.internal else ""
            parts = (texts.value(one), texts.status(one), texts.basis(one), one.source, hidden)
            found[name] = t("app.separator").join(part for part in parts if part)
    return found


def _apply(diff: Diff, stored: dict[str, Point], name: str) -> None:
    """Write from a callback; who may is asked again, for the page was drawn some time ago."""
    try:
        kept = cache.database()
        if not may_bring_series(account.role()):
            raise GeoError("series.not_yours")
        version = importing.apply(diff, stored, kept, who=account.name(), source=name)  # type: ignore[arg-type]
        st.session_state[VERSION] = version
        st.session_state.pop(READ, None)
    except GeoError as error:
        applied.refuse(error)
