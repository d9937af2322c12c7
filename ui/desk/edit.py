"""Edit one project; where somebody else was quicker, both values are shown and one is chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from geo import crs
from geo.errors import GeoError
from geo.filters import UNKNOWN
from geo.intake import messages
from geo.layers import LAND, PRECISIONS
from geo.store import Clash, Store, Update
from geo.store.roles import Role, may_change, owns
from geo.view import View
from ui import account, cache, names
from ui.cache import City
from ui.controls import plain
from ui.desk import applied, checking, fields, intake
from ui.desk.checking import POSITION
from ui.i18n import Translate

OPEN = "edit_open"  # the project as it was when this session opened it, with its row version
CLASHES = "edit_clashes"
SAVED = "edit_said"  # what the last attempt to save said: faults, or warnings of what was written
CHOICES = ("county", "park", "industry", "stage", "plan_attr")
NUMBERS = ("invest_wan", "plan_wan", "done_wan", "progress_pct")
TEXTS = (
    *("progress_note", "start_date", "end_date", "owner", "responsible", "leader"),
    *("contact", "phone", "place", LAND, "remark", "code", "plan_year", "leader_note"),
)
PLACE = ("lon", "lat", "precision")
DATUM = "datum"  # of what is typed; nothing of the project itself
WHY = "why"  # of the change, for the history
LONGEST_WHY = 200
FLAGS = ("internal", "position_internal")
ALL = ("name", *CHOICES, *NUMBERS, *TEXTS, "lists", *PLACE, *FLAGS)

Row = dict[str, object]


@dataclass(frozen=True)
class Conflict:
    """Hold what one session wanted, and the state of the project that it is shown against."""

    project: str
    mine: Mapping[str, object]
    row_version: int
    clashes: tuple[Clash, ...]
    who: str
    why: str = ""


def show(city: City, view: View, role: Role, t: Translate) -> None:
    """Offer the projects that the role may change, and the form of the chosen one."""
    kept = cache.database()
    if kept is None or role.kind == "auditor":
        return
    st.subheader(t("desk.edit"))
    _said(view, t)
    table = kept.projects().set_index("id")
    own = table.index[owns(table, role)].tolist()
    chosen = st.selectbox(
        t("desk.edit_which"),
        own,
        index=None,
        key="edit_project",
        placeholder=t("desk.choose"),
        format_func=lambda id_: f"{table.at[id_, 'name']}（{id_}）",
        on_change=_forget,
    )
    if chosen not in own:
        return
    if st.session_state.get(OPEN, {}).get("id") != chosen:
        st.session_state[OPEN] = _row(table.loc[chosen]) | {"id": chosen}
    _form(st.session_state[OPEN], city, view, t)
    _conflict(city, view, t)


def _forget() -> None:
    for key in (OPEN, CLASHES, SAVED):
        st.session_state.pop(key, None)


def _row(series: pd.Series) -> Row:
    """Return a project's fields as plain values; None is unknown."""
    found: Row = {}
    for field in (*ALL, "row_version"):
        value = series[field]
        missing = (
            value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))
        )
        found[field] = None if missing else value
    return found


def _form(row: Row, city: City, view: View, t: Translate) -> None:
    with st.form("edit_form"):
        st.text_input(fields.name("name", view), row["name"], key=_key(row, "name"))  # type: ignore[arg-type]
        for group in (CHOICES, NUMBERS, TEXTS):
            columns = st.columns(3)
            for number, field in enumerate(group):
                with columns[number % 3]:
                    _input(field, row, city, view=view, t=t)
        _lists(row, city, view=view)
        _place(row, view=view, t=t)
        for field in FLAGS:
            st.checkbox(t(f"desk.flag_{field}"), bool(row[field]), key=_key(row, field))
        st.text_input(t("desk.why"), key=_key(row, WHY), max_chars=LONGEST_WHY)
        st.form_submit_button(t("desk.save"), type="primary", on_click=_save, args=(row,))


def _input(field: str, row: Row, city: City, *, view: View, t: Translate) -> None:
    label, key, value = fields.name(field, view), _key(row, field), row[field]
    if field in CHOICES:
        facet = {"plan_attr": "attribute"}.get(field, field)
        known = names.of_facet(city.atlas, facet, language=view.language, t=t)
        options = [id_ for id_ in known if not id_.startswith("g-") and id_ != UNKNOWN]
        index = options.index(value) if value in options else None
        st.selectbox(
            label, options, index, key=key, format_func=known.get, placeholder=t("desk.none")
        )
    elif field in NUMBERS:
        label = t("desk.in_wan", name=label) if field.endswith("_wan") else label
        top = 100.0 if field == "progress_pct" else 1e10
        start = None if value is None else float(value)  # type: ignore[arg-type]
        st.number_input(label, 0.0, top, start, step=1.0, format="%g", key=key)
    else:
        label = t("desk.in_land", name=label) if field == LAND else label
        st.text_input(label, "" if value is None else str(value), key=key)


def _lists(row: Row, city: City, *, view: View) -> None:
    known = {id_: entry.title[view.language] for id_, entry in city.atlas.catalogue.lists.items()}
    chosen = [id_ for id_ in str(row["lists"] or "").split(";") if id_ in known]
    st.multiselect(
        fields.name("lists", view),
        list(known),
        chosen,
        key=_key(row, "lists"),
        format_func=known.get,
        placeholder="",
    )


def _place(row: Row, *, view: View, t: Translate) -> None:
    """Ask for a position in any datum and way of writing; what is stored is shown in WGS-84."""
    columns = st.columns(4)
    for column, field in zip(columns, POSITION, strict=False):
        with column:
            st.text_input(fields.name(field, view), _degrees(row[field]), key=_key(row, field))
    with columns[2]:
        st.selectbox(
            t("desk.datum_typed"),
            list(crs.DATUMS),
            key=_key(row, DATUM),
            format_func=lambda id_: t(f"desk.datum_{id_}"),
        )
    with columns[3]:
        kinds = list(PRECISIONS)
        index = kinds.index(str(row["precision"])) if row["precision"] in kinds else None
        st.selectbox(
            fields.name("precision", view),
            kinds,
            index,
            key=_key(row, "precision"),
            format_func=lambda id_: t(f"precision.{id_}"),
            placeholder=t("desk.none"),
        )


def _degrees(value: object) -> str:
    return "" if value is None else f"{value:.7f}".rstrip("0").rstrip(".")  # type: ignore[str-format]


def _said(view: View, t: Translate) -> None:
    """Say what the last attempt to save has met; the form keeps what was typed."""
    errors, warnings = st.session_state.get(SAVED, ((), ()))
    if errors:
        st.error(t("desk.errors", n=len(errors)), icon=":material/error:")
        intake.fault_table(checking.said(errors, view), view, t, key="edit_errors")
    for fault in checking.said(warnings, view):
        said = messages.line(fault, view.language)
        st.warning(plain(said), icon=":material/warning:")


def _key(row: Row, field: str) -> str:
    """Name a widget after its project too: one key would carry what was typed to the next one."""
    return f"e_{row['id']}_{row['row_version']}_{field}"


def _typed(row: Row) -> Row:
    typed: Row = {}
    for field in ALL:
        value = st.session_state[_key(row, field)]
        if field in ("invest_wan", "plan_wan", "done_wan") and value is not None:
            value = round(value)
        if field == "lists":
            before = str(row["lists"] or "").split(";") if row["lists"] else []
            value = row["lists"] if set(value) == set(before) else ";".join(value)
        if field in POSITION and value == _degrees(row[field]):
            value = row[field]  # what is stored may have more digits than are shown
        if field == LAND and value == str(row[field]):
            value = row[field]
        typed[field] = value.strip() or None if isinstance(value, str) else value
    return typed


def _save(row: Row) -> None:
    changed = {
        field: value
        for field, value in _typed(row).items()
        if (bool(value) != bool(row[field]) if field in FLAGS else value != row[field])
    }
    datum = st.session_state[_key(row, DATUM)]
    found = checking.check(row, changed, datum=datum, lexicon=fields.words())
    if not found.errors:
        why, version = st.session_state[_key(row, WHY)].strip(), int(row["row_version"])  # type: ignore[call-overload]
        _write(str(row["id"]), found.values, version=version, why=why)
    st.session_state[SAVED] = (found.errors, found.warnings)


def _write(id_: str, changed: Mapping[str, object], *, version: int, why: str = "") -> None:
    kept: Store = cache.database()  # type: ignore[assignment]
    role = account.role()
    table = kept.projects().set_index("id")
    if id_ not in table.index:
        applied.refuse(GeoError("store.gone", project=id_, who="—"))
        return
    before = table.loc[id_, ["county", "park"]].to_dict()
    newest = int(table.at[id_, "row_version"])
    after = before | {name: changed[name] for name in before if name in changed}
    if not (may_change(role, before) and may_change(role, after)):
        applied.refuse(GeoError("store.not_yours", project=id_))
        return
    try:
        made = kept.apply(
            [Update(id_, changed)],
            who=account.name(),
            why=why,
            kind="edit",
            expected={id_: version},
        )
    except GeoError as error:
        if error.code != "store.conflict":
            applied.refuse(error)
            return
        clashes, who = error.details["clashes"], error.details["who"]
        st.session_state[CLASHES] = Conflict(id_, changed, newest, clashes, str(who), why)
        return
    _forget()
    st.session_state["edit_project"] = None
    applied.remember(made)


def _conflict(city: City, view: View, t: Translate) -> None:
    """Show what both wrote; what is chosen is written over the newest, the rest is kept."""
    if CLASHES not in st.session_state:
        return
    conflict: Conflict = st.session_state[CLASHES]
    st.warning(t("desk.conflict", who=plain(conflict.who)), icon=":material/group:")
    with st.form("conflict_form"):
        for clash in conflict.clashes:
            # A field that only one of the two has touched is nobody's loss: that value is proposed.
            st.radio(
                plain(fields.name(clash.field, view)),
                ("theirs", "mine") if clash.field in conflict.mine else ("theirs",),
                index=int(clash.field in conflict.mine and clash.theirs == clash.base),
                key=_clash_key(conflict, clash),
                format_func=lambda side, clash=clash: _side(clash, side, city, view=view, t=t),
            )
        st.form_submit_button(t("desk.decide"), type="primary", on_click=_decide, args=(conflict,))


def _clash_key(conflict: Conflict, clash: Clash) -> str:
    return f"clash_{conflict.project}_{conflict.row_version}_{clash.field}"


def _side(clash: Clash, side: str, city: City, *, view: View, t: Translate) -> str:
    value = fields.value(city, clash.field, getattr(clash, side), view=view, t=t)
    before = fields.value(city, clash.field, clash.base, view=view, t=t)
    return plain(t(f"desk.{side}", value=value or t("desk.none"), before=before or t("desk.none")))


def _decide(conflict: Conflict) -> None:
    """Write what was chosen over what was shown; who came third meanwhile is a new conflict."""
    given_up = {
        clash.field
        for clash in conflict.clashes
        if st.session_state[_clash_key(conflict, clash)] == "theirs"
    }
    wanted = {field: value for field, value in conflict.mine.items() if field not in given_up}
    st.session_state.pop(CLASHES)
    if wanted:
        _write(conflict.project, wanted, version=conflict.row_version, why=conflict.why)
    else:
        _forget()
