"""What is shown, to take along: a table as Excel or CSV, a chart as a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from geo.compare import answers
from geo.density.measures import Figure
from geo.density.question import amount_unit
from geo.exchange import chart_png, delimited, xlsx
from geo.exchange.table import Column, Table, safe_filename
from ui import i18n, map_view
from ui.density import chart, land, notes, words
from ui.density.chart import Spec
from ui.density.scope import Scope
from ui.density.shown import Row, Shown
from ui.downloads import TYPES, now, wording

WIDE = 1100  # points of a picture whose chart states its own width
COLUMNS = {
    "id": "text",
    "name": "text",
    "within": "text",
    "rank": "int",
    "density": "number",
    "unit": "text",
    "amount": "number",
    "amount_unit": "text",
    "km2": "number",
    "area_kind": "text",
    "area_year": "text",
    "area_source": "text",
    "over": "text",
    "source": "text",
    "projects": "int",
    "unknown": "int",
    "samples": "int",
    "class": "text",
    "reason": "text",
}


def show(scope: Scope, found: Shown, drawn: tuple[Spec, pd.DataFrame] | None) -> None:
    """Offer what is shown as files, the chart as it was drawn; each is made when asked for."""
    t = scope.t
    stem = f"{words.title(found.question, t)}_{today(scope)}"
    with st.popover(t("download.title"), icon=":material/download:"):
        st.caption(t("dense.files_how"))
        if found.rows:
            for kind, mime, write in (
                ("xlsx", TYPES["xlsx"], xlsx.write),
                ("csv", TYPES["csv"], delimited.write),
            ):
                st.download_button(
                    t(f"download.{kind}"),
                    data=lambda write=write: write(table(scope, found)),
                    file_name=safe_filename(stem, kind),
                    mime=mime,
                    key=f"density_{kind}",
                    on_click="ignore",
                    width="stretch",
                )
        if drawn:
            picture(
                scope,
                drawn,
                title=words.title(found.question, t),
                key="bars",
                said=notes.beside(scope, found.found),
                legend=chart.keys(found, t),
            )
        st.caption(t("dense.png_hint"))


def picture(
    scope: Scope,
    made: tuple[Spec, pd.DataFrame],
    *,
    title: str,
    key: str,
    said: Sequence[str] = (),
    legend: Sequence[chart_png.Key] = (),
) -> None:
    """Offer a chart as a picture with title, legend, caveats that go with it, sources and date."""
    (spec, data), t = made, scope.t
    place = scope.city.atlas.catalogue.city.name[scope.language]
    st.download_button(
        t("dense.chart_png"),
        data=lambda: chart_png.write(
            {**spec, "config": dict(chart.CONFIG)},
            data.to_dict("records"),
            title=f"{place} · {title}",
            foot=[*said, *foot(scope)],
            legend=legend,
            width=WIDE if "width" in spec else chart_png.WIDTH,
        ),
        file_name=safe_filename(f"{title}_{today(scope)}", "png"),
        mime="image/png",
        key=f"density_png_{key}",
        icon=":material/image:",
        on_click="ignore",
    )


def foot(scope: Scope) -> Sequence[str]:
    """Return what must stand below a picture: scope, samples, sources, approval, date."""
    city, view, t = scope.city, scope.view, scope.t
    said = map_view.words(city, view, np.zeros(len(city.atlas.projects), dtype=bool), t)
    rows = scope.rows
    sample = int(city.atlas.projects["sample"].to_numpy(dtype=bool)[rows].sum())
    scope = t("download.note_scope", filters=map_view.scope(city, view, t))
    lines: list[str] = [str(line) for line in said["picture_foot"]]  # type: ignore[attr-defined]
    return [scope, t("download.note_rows", n=int(rows.sum()), sample=sample), *lines]


def table(scope: Scope, found: Shown) -> Table:
    """Return the figures as the table that every format is written from."""
    t, sample = scope.t, scope.city.atlas.projects["sample"].to_numpy(dtype=bool)
    zh, en = i18n.translator("zh"), i18n.translator("en")
    return Table(
        title=words.title(found.question, t),
        columns=[
            *(
                Column(id_, zh(f"dense.file_{id_}"), en(f"dense.file_{id_}"), kind)  # type: ignore[arg-type]
                for id_, kind in COLUMNS.items()
            ),
            *land.columns(scope),
        ],
        rows=[
            (*_cells(scope, found, row, sample=sample), *land.cells(scope, row.id))
            for row in found.rows
        ],
        notes=written_with(scope, [*notes.lines(scope, found.found), *land.notes(scope)]),
        sample_rows=frozenset(
            number for number, row in enumerate(found.rows) if answers.is_sample(row.figure)
        ),
        lang="en" if scope.language == "en" else "zh",
        wording=wording(scope.language, t),
    )


def written_with(scope: Scope, lines: Sequence[str]) -> list[str]:
    """Return what must be known beside a table: which projects, some lines, date, sources."""
    t = scope.t
    return [
        t("download.note_scope", filters=map_view.scope(scope.city, scope.view, t)),
        *lines,
        t("download.note_date", date=f"{now(scope.city):%Y-%m-%d %H:%M}"),
        t("download.note_sources"),
    ]


def behind(figure: Figure) -> np.ndarray:
    """Return the positions of the projects behind a figure, those without the value at the end."""
    return np.concatenate([figure.amount.rows, figure.amount.unknown]).astype(np.int64)


def samples(figure: Figure, sample: np.ndarray) -> int:
    """Count the samples behind a figure: the projects marked so, and the stated one."""
    return int(sample[behind(figure)].sum()) + int(answers.is_sample(figure))


def _cells(scope: Scope, found: Shown, row: Row, *, sample: np.ndarray) -> tuple[object, ...]:
    t, figure = scope.t, row.figure
    rows = behind(figure)
    value = figure.amount.value
    area = figure.area
    return (
        row.id,
        words.place(row.id, scope),
        words.place(figure.within, scope),
        row.rank,
        None if row.value is None else float(row.value),
        words.unit(found.question, t),
        None if value is None else float(value),
        t(f"density.unit_{amount_unit(found.question)}"),
        None if area.km2 is None else float(area.km2),
        words.area_kind(area, t),
        area.year,
        words.area_source(area, scope),
        words.over(figure, scope) if figure.per else "",
        words.source(figure, scope),
        len(rows),
        len(figure.amount.unknown),
        samples(figure, sample),
        None if row.number < 0 else str(row.number + 1),
        words.reason(figure, t),
    )


def today(scope: Scope) -> str:
    """Return the city's date, as it stands in file names."""
    return f"{now(scope.city):%Y-%m-%d}"


def workbook(scope: Scope, made: Callable[[], Table], *, key: str, kind: str = "xlsx") -> None:
    """Offer a table as Excel, or as CSV, made when it is asked for."""
    t = scope.t
    write = {"xlsx": xlsx.write, "csv": delimited.write}[kind]
    st.download_button(
        t(f"download.{kind}"),
        data=lambda: write(made()),
        file_name=safe_filename(f"{t('dense.part_' + key)}_{today(scope)}", kind),
        mime=TYPES[kind],
        key=f"density_{kind}_{key}",
        icon=":material/table:",
        on_click="ignore",
    )
