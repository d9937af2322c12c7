"""Two to four places side by side: outlines at one scale, one set of classes, every measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from geo.compare import answers
from geo.compare.answers import LEAST_PLACES as LEAST
from geo.compare.answers import MOST_PLACES
from geo.density.measures import Densities, Figure
from geo.density.question import amount_unit, density
from geo.exchange.table import Column, Kind, Table
from ui import i18n
from ui.controls import plain
from ui.density import asked, cards, chart, files, land, needs, shown, table, words
from ui.density.chart import Spec
from ui.density.scope import Scope
from ui.density.shown import Row, Shown
from ui.downloads import wording
from ui.i18n import Translate

KEY = "density_side"
_AREA: dict[str, Kind] = {
    "id": "text",
    "name": "text",
    "km2": "number",
    "area_kind": "text",
    "area_year": "text",
    "area_source": "text",
}
_NUMBERS = ("amount", "km2", "mu", "unknown")
Measured = dict[str, dict[str, Figure]]  # by measure, then by place


def show(scope: Scope) -> None:
    """Draw the choice of places and what they have beside one another."""
    if not needs.named_places(scope):
        return
    t, found = scope.t, shown.get(scope, scope.state.question)
    title = t("dense.side_title", title=words.title(found.question, t))
    st.markdown(f"##### {title}")
    _choose(scope, found)
    rows = [found.row_of[place] for place in scope.state.places if place in found.row_of]
    if len(rows) < LEAST:
        _invite(scope, found)
        return
    warning = kinds(scope, rows)
    if warning:
        st.warning(plain(warning), icon=":material/rule:")
    cards.show(scope, found, rows)
    measured = by_measure(scope)
    marked = samples(scope, rows, measured)
    said = [line for line in (t("dense.side_bars"), warning, marked) if line]
    made, alone = (bars(scope, rows, measured, legend=own) for own in (False, True))
    left, right = st.columns([0.42, 0.58], gap="medium")
    with left:
        st.markdown(f"**{t('dense.side_bars')}**")
        cards.keys([words.place(row.id, scope) for row in rows], cards.INKS)
        chart.draw(*made, key="density_side_bars", alt=title, on_pick=asked.pick)
        st.caption(t("dense.side_bars_how"))
        if marked:
            st.caption(marked)
        with st.container(horizontal=True):
            files.picture(scope, alone, title=title, key="side", said=said)
            files.workbook(scope, lambda: exported(scope, rows, measured, title), key="side")
    with right:
        cards.table(scope, rows, measured)
    table.behind(scope, found)


def _choose(scope: Scope, found: Shown) -> None:
    t, ids = scope.t, [row.id for row in found.rows]
    st.session_state[KEY] = [place for place in scope.state.places if place in ids]
    st.multiselect(
        t("dense.side_choose", n=MOST_PLACES),
        ids,
        key=KEY,
        max_selections=MOST_PLACES,
        format_func=lambda place: words.place(place, scope),
        placeholder=t("dense.side_placeholder"),
        select_all=False,  # its words are English only
        on_change=lambda: asked.change(places=tuple(st.session_state[KEY])),
    )


def _invite(scope: Scope, found: Shown) -> None:
    """Offer the densest places in one go; sub-parks lie within others and are left to choice."""
    t = scope.t
    best = answers.densest(found.found, MOST_PLACES) if isinstance(found.found, Densities) else ()
    st.info(t("dense.side_invite"), icon=":material/compare_arrows:")
    if len(best) >= LEAST:
        names = t("dense.list").join(words.place(place, scope) for place in best)
        st.button(
            plain(t("dense.side_densest", names=names)),
            key="density_side_densest",
            type="primary",
            on_click=asked.change,
            kwargs={"places": best},
        )


def kinds(scope: Scope, rows: Sequence[Row]) -> str:
    """Say that the chosen places stand on areas of several kinds, "" where they do not."""
    t = scope.t
    sized = [row.figure for row in rows if row.figure.per is None]
    found = dict.fromkeys(figure.area.kind for figure in sized if figure.area.km2 is not None)
    if len(found) < LEAST:
        return ""
    named = t("app.separator").join(t(f"density.area_{kind or 'unknown'}") for kind in found)
    return t("dense.side_mixed", kinds=named)


def by_measure(scope: Scope) -> Measured:
    """Return the figures of every place for every measure, as the command does."""
    return answers.side_by_side(scope.city.atlas, scope.state.question, shown.answers(scope))


def samples(scope: Scope, rows: Sequence[Row], measured: Measured) -> str:
    """Say that stated figures among those shown are samples, "" where none is."""
    own = (figures[row.id] for figures in measured.values() for row in rows)
    return scope.t("dense.side_samples") if any(answers.is_sample(one) for one in own) else ""


def bars(
    scope: Scope, rows: Sequence[Row], measured: Measured, *, legend: bool = False
) -> tuple[Spec, pd.DataFrame]:
    """Return each density as a part of the largest among the chosen, which is 100.

    A picture needs the legend in it; on the page it stands above, where it can be as wide.
    """
    t = scope.t
    names = [words.place(row.id, scope) for row in rows]
    colour = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": names, "range": list(cards.INKS[: len(names)])},
        "legend": {"title": None, "orient": "top", "columns": 1} if legend else None,
    }
    tips = [("name", t("dense.place")), ("measure", t("dense.ask_measure"))]
    tips += [("said", t("dense.col_density")), ("label", t("dense.side_share"))]
    x: Spec = {"field": "share", "type": "quantitative", "title": t("dense.side_share")}
    x |= {"scale": {"domain": [0, 108]}, "axis": {"values": [0, 25, 50, 75, 100]}}
    y = {"field": "measure", "type": "nominal", "sort": None, "title": None}
    y |= {"axis": {"labelLimit": 180}}
    return {
        "height": {"step": 18},
        "encoding": {
            "y": y | {"scale": {"paddingInner": 0.28}},
            "yOffset": {"field": "order", "type": "nominal", "sort": None},
        },
        "layer": [
            {
                "params": chart.picking(),
                "mark": {"type": "bar", "cursor": "pointer"},
                "encoding": {
                    "x": x,
                    "color": colour,
                    "tooltip": [{"field": field, "title": title} for field, title in tips],
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "dy": 5, "fontSize": 11},
                "encoding": {
                    "x": x | {"field": "at"},
                    "text": {"field": "label"},
                    "color": {"value": "#333d49"},
                },
            },
        ],
    }, pd.DataFrame(shares(scope, rows, measured))


def shares(scope: Scope, rows: Sequence[Row], measured: Measured) -> list[dict[str, object]]:
    """Return each density in percent of the largest among the chosen, unknown ones as None."""
    t, per = scope.t, scope.state.question.per
    data: list[dict[str, object]] = []
    for measure, figures in measured.items():
        asked_ = replace(scope.state.question, measure=measure)
        values = {row.id: density(figures[row.id], per) for row in rows if row.id in figures}
        parts = answers.shares(values)
        for order, row in enumerate(rows):
            value = values.get(row.id)
            part = parts.get(row.id)
            share = None if part is None else float(part)
            data.append(
                {
                    "id": row.id,
                    "name": words.place(row.id, scope),
                    "order": order,
                    "measure": words.measure(asked_, t),
                    "share": share,
                    "at": share or 0.0,
                    "said": f"{words.number(value, t)} {words.unit(asked_, t)}",
                    "label": label(share, t),
                }
            )
    return data


def label(share: float | None, t: Translate) -> str:
    """Write a share in whole numbers; a small one is not 0, and an unknown one is a dash."""
    if share is None:
        return t("figure.none")
    return f"{share:.0f}" if share >= 1 or not share else "<1"


def exported(scope: Scope, rows: Sequence[Row], measured: Measured, title: str) -> Table:
    """Return the places as a table, a row each, numbers as numbers; money in 万元."""
    zh, en = i18n.translator("zh"), i18n.translator("en")
    columns = [
        Column(id_, zh(f"dense.file_{id_}"), en(f"dense.file_{id_}"), kind)
        for id_, kind in _AREA.items()
    ]
    columns += land.columns(scope)
    for measure in measured:
        columns += [_column(scope, measure, name, zh, en) for name in (*_NUMBERS, "source")]
    return Table(
        title=title,
        columns=columns,
        rows=[_cells(scope, row, measured) for row in rows],
        notes=files.written_with(
            scope,
            [line for line in (kinds(scope, rows), samples(scope, rows, measured)) if line]
            + land.notes(scope),
        ),
        lang="en" if scope.language == "en" else "zh",
        wording=wording(scope.language, scope.t),
    )


def _column(scope: Scope, measure: str, name: str, zh: Translate, en: Translate) -> Column:
    asked_ = replace(scope.state.question, measure=measure)

    def heading(t: Translate) -> str:
        if name in ("unknown", "source"):
            said = t(f"dense.file_{name}")
        elif name == "amount":
            said = t(f"density.unit_{amount_unit(asked_)}")
        else:
            said = words.unit(replace(asked_, per=name), t)
        return t("dense.side_heading", measure=words.measure(asked_, t), said=said)

    kind: Kind = "text" if name == "source" else "number"
    return Column(f"{measure}_{name}", heading(zh), heading(en), kind)


def _cells(scope: Scope, row: Row, measured: Measured) -> tuple[object, ...]:
    area = row.figure.area
    cells: list[object] = [
        row.id,
        words.place(row.id, scope),
        None if area.km2 is None else float(area.km2),
        words.area_kind(area, scope.t),
        area.year,
        words.area_source(area, scope),
        *land.cells(scope, row.id),
    ]
    for figures in measured.values():
        figure = figures[row.id]
        numbers = (figure.amount.value, figure.per_km2, figure.per_mu)
        cells += [None if number is None else float(number) for number in numbers]
        cells += [len(figure.amount.unknown), words.source(figure, scope)]
    return tuple(cells)
