"""Bring a list in: upload, see every fault, say what unknown columns are, preview, apply."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd
import streamlit as st

from geo import crs
from geo.errors import GeoError
from geo.exchange import reading
from geo.exchange.reading import limits
from geo.exchange.reading.grid import Book
from geo.intake import annotate, applying, messages, records, template
from geo.intake.compare import Diff
from geo.intake.faults import Fault, Intake, Record
from geo.store.roles import Role, may_change, visible
from geo.view import View
from ui import account, cache, settings
from ui.cache import City
from ui.desk import applied, asking, columns, fields
from ui.failing import refusal
from ui.i18n import Translate

TYPES = ["xlsx", "xls", "csv", "geojson", "json", "gpkg"]
READ = "desk_read"  # what was read of the upload, kept until another is chosen
SENTENCE = 960  # pixels of a fault's sentence: it has the room that the other columns leave
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Read:
    """Hold an upload as it was read: its book, its records with all faults, and which it was."""

    key: str
    name: str
    content: bytes
    book: Book
    intake: Intake


def show(city: City, view: View, role: Role, t: Translate) -> None:
    """Draw the steps; a later one appears when the earlier one is in order."""
    st.subheader(t("desk.import"))
    template_button(view, t)
    upload = st.file_uploader(t("desk.upload"), type=TYPES, key="desk_upload")
    datum = st.selectbox(
        t("desk.datum"),
        ("", *crs.DATUMS),
        format_func=lambda choice: t(f"desk.datum_{choice or 'stated'}"),
        key="desk_datum",
    )
    applied.show(city, view, t)
    if upload is None:
        return
    try:
        read = _read(upload.name, upload.getvalue(), datum=datum or None, t=t)
    except GeoError as error:
        st.error(refusal(error, role, t), icon=":material/block:")
        return
    errors = read.intake.errors
    faults(read, read.intake, view, t, clean=t("desk.clean", n=len(read.intake.records)))
    asking.show(read.book, read.intake, view, t)
    if not errors:
        _preview(read, city, view, role=role, t=t)


def template_button(view: View, t: Translate) -> None:
    """Offer the empty list with the headings that are understood."""
    st.download_button(
        t("desk.template"),
        data=lambda: template.write(fields.words(), language=view.language),
        file_name=f"{t('desk.template_file')}.xlsx",
        mime=EXCEL,
        on_click="ignore",
        icon=":material/download:",
        key="desk_template",
    )


def _read(name: str, content: bytes, *, datum: str | None, t: Translate) -> Read:
    mapping = columns.mapping()
    digest = hashlib.sha256(content).hexdigest()
    key = f"{digest} {datum} {sorted(mapping.items())}"
    kept = st.session_state.get(READ)
    if kept and kept.key == key:
        return kept
    bar = st.progress(0.0, text=t("desk.reading"))
    try:
        book = opened(name, content)
        found = records.read(
            book, fields.words(), mapping=mapping, datum=datum, progress=bar.progress
        )
    finally:
        bar.empty()
    read = Read(key=key, name=name, content=content, book=book, intake=found)
    st.session_state[READ] = read
    return read


def opened(name: str, content: bytes) -> Book:
    """Read an upload within the city's limits; errors as in `reading.read`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()[:9]}"
        path.write_bytes(content)
        return reading.read(path, limits=limits.of_city(settings.city_folder()), name=name)


class Checked(Protocol):
    """Name what a list that was checked holds, whatever it is a list of."""

    @property
    def errors(self) -> tuple[Fault, ...]: ...
    @property
    def warnings(self) -> tuple[Fault, ...]: ...


class Upload(Protocol):
    """Name what an upload that was read holds."""

    @property
    def name(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def book(self) -> Book: ...


def faults(
    read: Upload, found: Checked, view: View, t: Translate, *, clean: str, key: str = ""
) -> None:
    """Show every fault of an upload, or that it is `clean`, and its copy with the faults marked."""
    if found.errors:
        settled_here = all(asking.is_open(fault) for fault in found.errors)
        said = t("desk.errors_open" if settled_here else "desk.errors", n=len(found.errors))
        st.error(said, icon=":material/error:")
        fault_table(found.errors, view, t, key=f"{key}errors")
    else:
        st.success(clean, icon=":material/check_circle:")
    if found.warnings:
        with st.expander(t("desk.warnings", n=len(found.warnings))):
            fault_table(found.warnings, view, t, key=f"{key}warnings")
    if found.errors or found.warnings:
        st.download_button(
            t("desk.annotated"),
            data=lambda: annotate.annotate(
                read.book,
                errors=found.errors,
                warnings=found.warnings,
                upload=read.content,
                language=view.language,
            ),
            file_name=f"{Path(read.name).stem}_{t('desk.annotated_file')}.xlsx",
            mime=EXCEL,
            on_click="ignore",
            icon=":material/rate_review:",
            key=f"desk_{key}annotated",
        )


def fault_table(faults: tuple[Fault, ...], view: View, t: Translate, *, key: str) -> None:
    """List faults with their place and sentence."""
    rows = [
        {
            "sheet": fault.sheet or "",
            "row": fault.row,
            "col": " ".join(fault.col.split()) if fault.col else "",
            "text": messages.sentence(fault, view.language),
        }
        for fault in faults
    ]
    st.dataframe(
        pd.DataFrame(rows).astype({"row": "Int64"}),
        key=f"desk_{key}",
        hide_index=True,
        placeholder="",
        height=min(420, 36 * (len(rows) + 1) + 3),
        alt=t(f"desk.{key}_title"),
        column_config={
            "sheet": st.column_config.TextColumn(t("desk.sheet"), width=84),
            "row": st.column_config.NumberColumn(t("desk.row"), width=44, format="%d"),
            "col": st.column_config.TextColumn(t("desk.col"), width=120),
            "text": st.column_config.TextColumn(t("desk.text"), width=SENTENCE),
        },
    )


def _preview(read: Read, city: City, view: View, *, role: Role, t: Translate) -> None:
    kept = cache.database()
    if kept is None:
        st.error(t("desk.no_store"), icon=":material/block:")
        return
    diff, versions = applying.preview(read.intake.records, kept)
    mine = visible(kept.projects(), role, internal_stages=city.atlas.catalogue.internal_stages)
    errors = (
        *(_discreet(fault, set(mine["name"])) for fault in diff.errors),
        *(_not_yours(record) for record in _forbidden(diff, role)),
    )
    if errors:
        st.error(t("desk.errors", n=len(errors)), icon=":material/error:")
        fault_table(errors, view, t, key="preview_errors")
        return
    st.markdown(f"**{t('desk.preview')}**")
    st.markdown(
        t(
            "desk.preview_counts",
            new=len(diff.new),
            changed=len(diff.changed),
            same=len(diff.unchanged),
            missing=len(set(diff.missing) & set(mine["id"])),
        )
    )
    _changes(diff, dict(zip(mine["id"], mine["name"], strict=True)), city, view=view, t=t)
    label = t("desk.apply", new=len(diff.new), changed=len(diff.changed))
    st.button(
        label,
        type="primary",
        key="desk_apply",
        disabled=not (diff.new or diff.changed),
        on_click=_apply,
        args=(diff, versions, read.name),
    )


def _forbidden(diff: Diff, role: Role) -> list[Record]:
    """Return the records that touch a unit which this role does not answer for."""
    table = cache.database().projects().set_index("id")  # type: ignore[union-attr]
    found = [record for record in diff.new if not may_change(role, record.fields)]
    for match in diff.changed:
        if match.id not in table.index:  # somebody has deleted it: the store refuses the write
            continue
        before = table.loc[match.id, ["county", "park"]].to_dict()
        after = before | {c.field: c.after for c in match.changes if c.field in before}
        if not (may_change(role, before) and may_change(role, after)):
            found.append(match.record)
    return found


def _not_yours(where: Record | Fault) -> Fault:
    return Fault(where.row, None, "not_your_unit", {}, where.sheet)


def _discreet(fault: Fault, names: set[str]) -> Fault:
    """Leave out the name of a project that this role does not see."""
    named = {fault.details[key] for key in ("one", "other", "name") if key in fault.details}
    return fault if named <= names else _not_yours(fault)


def _changes(diff: Diff, known: Mapping[str, str], city: City, *, view: View, t: Translate) -> None:
    rows = [
        {"row": record.row, "what": t("desk.new"), "name": record.fields["name"]}
        for record in diff.new
    ]
    rows += [
        {
            "row": match.record.row,
            "what": t("desk.changed"),
            "name": match.record.fields["name"],
            "field": fields.name(change.field, view),
            "before": fields.value(city, change.field, change.before, view=view, t=t),
            "after": fields.value(city, change.field, change.after, view=view, t=t),
        }
        for match in diff.changed
        for change in match.changes
    ]
    rows += [
        {"what": t("desk.missing"), "name": known[id_]} for id_ in diff.missing if id_ in known
    ]
    if rows:
        change_table(rows, t, key="preview")


def change_table(rows: list[dict[str, object]], t: Translate, *, key: str) -> None:
    """List changes field by field."""
    columns = ("row", "what", "name", "field", "before", "after")
    frame = pd.DataFrame(rows, columns=columns).astype({"row": "Int64"})
    st.dataframe(
        frame,
        key=f"desk_changes_{key}",
        hide_index=True,
        placeholder="",
        height=min(420, 36 * (len(rows) + 1) + 3),
        alt=t("desk.preview" if key == "preview" else "desk.counts_col"),
        column_config={
            "row": st.column_config.NumberColumn(t("desk.row"), width="small", format="%d"),
            **{name: st.column_config.TextColumn(t(f"desk.{name}_col")) for name in columns[1:]},
        },
    )


def _apply(diff: Diff, versions: dict[str, int], name: str) -> None:
    """Write from a callback; who may is asked again, for the page was drawn some time ago."""
    try:
        kept = cache.database()
        if refused := _forbidden(diff, account.role()):
            raise GeoError("store.not_yours", project=str(refused[0].fields["name"]))
        version = applying.apply(diff, versions, kept, who=account.name(), source=name)  # type: ignore[arg-type]
        applied.remember(version)
        st.session_state.pop(READ, None)
    except GeoError as error:
        applied.refuse(error)
