"""Downloads of exactly the rows on screen; each file is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import streamlit as st

from geo.exchange import delimited, geojson, kml, xlsx
from geo.exchange.table import Column, Table, Wording, safe_filename
from geo.layers import PRECISIONS
from geo.render import page
from geo.view import View
from ui import i18n, map_view, table
from ui.cache import LEAFLET, City
from ui.i18n import Translate

KINDS = {
    **dict.fromkeys(table.MONEY, "money_wan"),
    **dict.fromkeys(("start_date", "end_date", "source_date", "updated"), "date"),
    **dict.fromkeys(("lon", "lat"), "coordinate"),
    "progress_pct": "percent",
    "land_m2": "land_m2",
    "plan_year": "int",
}
DRAWN = ("geojson", "kml")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "html": "text/html",
}


def show(city: City, view: View, rows: np.ndarray, t: Translate) -> None:
    """Offer every format behind one button."""
    with st.popover(t("download.title"), icon=":material/download:", width="stretch"):
        st.caption(t("download.how", n=int(rows.sum())))
        stem = f"{t('app.title', city=city.atlas.catalogue.city.name[view.language])}_{now(city):%Y-%m-%d}"
        for kind, mime in TYPES.items():
            st.download_button(
                t(f"download.{kind}"),
                data=_maker(kind, city, view, rows=rows, t=t),
                file_name=safe_filename(stem, kind),
                mime=mime,
                key=f"download_{kind}",
                on_click="ignore",
                width="stretch",
            )
        st.caption(t("download.png_hint"))


def _maker(
    kind: str, city: City, view: View, *, rows: np.ndarray, t: Translate
) -> Callable[[], bytes]:
    def make() -> bytes:
        if kind == "html":
            return _page(city, view, rows, t)
        exported = export_table(city, view, rows, t=t, drawn=kind in DRAWN)
        if kind == "xlsx":
            return xlsx.write(exported)
        if kind == "csv":
            return delimited.write(exported)
        geometries = list(city.atlas.projects.geometry.iloc[table.ordered(city, rows)])
        return (geojson if kind == "geojson" else kml).write(exported, geometries)

    return make


def export_table(
    city: City, view: View, rows: np.ndarray, *, t: Translate, drawn: bool = False
) -> Table:
    """Return the marked rows with every column, as all formats are written from.

    Positions are the projects' own, so that a list can be corrected and brought in again; with
    `drawn` a column says what each symbol stands for, which may be a park or a county.
    """
    positions = table.ordered(city, rows)
    frame = table.readable(city, positions, table.FULL, view=view, t=t)
    placed = frame["precision"]
    own = city.atlas.projects["precision"].iloc[positions]
    frame["precision"] = own.map({name: t(f"precision.{name}") for name in PRECISIONS})
    if drawn:
        frame["placed"] = placed
    sample = city.atlas.projects["sample"].to_numpy(dtype=bool)[positions]
    zh, en = i18n.translator("zh"), i18n.translator("en")
    return Table(
        title=t("app.title", city=city.atlas.catalogue.city.name[view.language]),
        columns=[
            Column(id, zh(f"table.{id}"), en(f"table.{id}"), KINDS.get(id, "text"))  # type: ignore[arg-type]
            for id in frame
        ],
        rows=list(frame.itertuples(index=False, name=None)),
        notes=notes(city, view, rows, t),
        sample_rows=frozenset(np.flatnonzero(sample).tolist()),
        lang="en" if view.language == "en" else "zh",
        wording=wording(view.language, t),
    )


def wording(language: str, t: Translate) -> Wording:
    """Return the words of a file's own: its second sheet, and what was cut."""
    return Wording(
        notes_sheet=t("download.notes_sheet"),
        cut_mark=t("download.cut_mark"),
        cut_note=i18n.section(language, "download")["cut_note"],
    )


def notes(city: City, view: View, rows: np.ndarray, t: Translate) -> list[str]:
    """Return what a reader of the file must know, a line each."""
    sample = int(city.atlas.projects["sample"].to_numpy(dtype=bool)[rows].sum())
    layers = city.atlas.catalogue.layers.values()
    return [
        t("download.note_scope", filters=map_view.scope(city, view, t)),
        t("download.note_rows", n=int(rows.sum()), sample=sample),
        t("download.note_date", date=f"{now(city):%Y-%m-%d %H:%M}"),
        t("download.note_datum"),
        t("download.note_sources"),
        *(
            t(
                "download.note_layer",
                layer=layer.title[view.language],
                source=layer.source[view.language],
                licence=layer.licence[view.language],
            )
            for layer in layers
        ),
    ]


def _page(city: City, view: View, rows: np.ndarray, t: Translate) -> bytes:
    positions = np.sort(table.ordered(city, rows))
    shown = table.readable(city, positions, table.FULL, view=view, t=t)
    return page.write(
        city.atlas,
        rows=rows,
        fields={t(f"table.{column}"): shown[column].tolist() for column in table.WIDE},
        text=map_view.words(city, view, rows, t)
        | i18n.section(view.language, "html")
        | {"n_of_N_template": i18n.section(view.language, "map")["n_of_N"]}
        | {
            "notice": t(
                "html.notice", date=f"{now(city):%Y-%m-%d}", rows=notes(city, view, rows, t)[1]
            )
        },
        view=view,
        leaflet=LEAFLET,
    )


def now(city: City) -> datetime:
    """Return the city's time."""
    return datetime.now(ZoneInfo(city.atlas.catalogue.city.time_zone))
