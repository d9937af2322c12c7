"""Location quotients: parks × industries as a matrix; a cell opens its four numbers and its rows."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pandas as pd
import streamlit as st
from markupsafe import Markup
from PIL import Image, ImageDraw

from geo.compare import answers
from geo.compare.quotients import Quotient, Quotients
from ui import names, table
from ui.controls import plain
from ui.density import asked, chart, files, words
from ui.density.chart import Spec
from ui.density.scope import Scope
from ui.i18n import percent

STEP = (74, 34)  # pixels of a cell
BOUNDS = (0.5, 0.8, 1.25, 2.0)
COLOURS = ("#2f6db3", "#9fc3e6", "#f4f1ea", "#f4b183", "#c8511b")  # fewer … as all … more


def show(scope: Scope) -> None:
    """Draw the matrix, and the cell that is open."""
    t = scope.t
    found = scope.recall(
        ("quotients", scope.state.question.year, _measure(scope)), lambda: made(scope)
    )
    title = t("dense.lq_title", measure=t(f"density.measure_{found.measure}"))
    st.markdown(f"##### {title}")
    st.caption(t("dense.lq_how"))
    if not found.cells:
        st.info(t("dense.nothing"), icon=":material/search_off:")
        return
    drawn = matrix(scope, found)
    with st.container(key="density_matrix"):
        chart.draw(*drawn, key="density_lq", alt=title, on_pick=asked.pick_cell, width="content")
    _key(scope)
    _open(scope, found)
    if len(found.unknown):
        with st.popover(t("dense.lq_unknown", n=len(found.unknown))):
            marks = table.marked(scope.city, found.unknown)
            table.plain_rows(scope.city, scope.view, marks, key="lq_unknown", t=t)
    files.picture(
        scope,
        drawn,
        title=title,
        key="lq",
        said=[t("dense.lq_how")],
        legend=keys(),
    )


def _measure(scope: Scope) -> str:
    return answers.project_measure(scope.state.question)


def made(scope: Scope) -> Quotients:
    """Compute the quotients of what is selected and had begun."""
    return answers.quotients(scope.city.atlas, scope.rows, scope.state.question)


def matrix(scope: Scope, found: Quotients) -> tuple[Spec, pd.DataFrame]:
    """Return the matrix as a chart: colour by the quotient, hatching where numbers are small."""
    t = scope.t
    industry = names.of_facet(scope.city.atlas, "industry", language=scope.language, t=t)
    data = pd.DataFrame(
        {
            "id": [f"{cell.park_id}.{cell.industry_id}" for cell in found.cells],
            "park": [words.place(cell.park_id, scope) for cell in found.cells],
            "industry": [industry[cell.industry_id] for cell in found.cells],
            "colour": [_colour(cell) for cell in found.cells],
            "ink": ["#ffffff" if _dark(cell) else "#1b2330" for cell in found.cells],
            "said": [words.number(cell.value, t) if cell.here else "" for cell in found.cells],
            "small": [hatching() if cell.small and cell.here else "" for cell in found.cells],
            "open": [f"{c.park_id}.{c.industry_id}" == scope.state.cell for c in found.cells],
            "how": [_four(cell) for cell in found.cells],
        }
    )
    return _layers(scope), data


def _layers(scope: Scope) -> Spec:
    """Return cells, hatching, numbers and the frame of the cell that is open."""
    t = scope.t
    axis = {"orient": "top", "labelAngle": -35, "labelLimit": 150, "labelOverlap": False}
    nominal = {"type": "nominal", "sort": None, "title": None}
    own = {"type": "nominal", "scale": None}  # the data says the colour itself
    tips = {
        "park": t("dense.place"),
        "industry": t("filter.industry"),
        "said": t("dense.lq"),
        "how": t("dense.lq_four"),
    }
    cells: Spec = {
        "params": chart.picking(),
        "mark": {"type": "rect", "cursor": "pointer", "stroke": "#ffffff"},
        "encoding": {
            "color": {"field": "colour", **own},
            "tooltip": [{"field": name, "title": title} for name, title in tips.items()],
        },
    }
    hatched: Spec = {
        "transform": [{"filter": "datum.small != ''"}],
        "mark": {"type": "image", "width": STEP[0] - 2, "height": STEP[1] - 2},
        "encoding": {"url": {"field": "small"}},
    }
    numbers: Spec = {
        "mark": {"type": "text", "fontSize": 13},
        "encoding": {"text": {"field": "said"}, "color": {"field": "ink", **own}},
    }
    frame: Spec = {
        "transform": [{"filter": "datum.open"}],
        "mark": {"type": "rect", "filled": False, "stroke": chart.ACCENT, "strokeWidth": 3},
    }
    return {
        "width": {"step": STEP[0]},
        "height": {"step": STEP[1]},
        "encoding": {
            "x": {"field": "industry", "axis": axis, **nominal},
            "y": {"field": "park", **nominal},
        },
        "layer": [cells, hatched, numbers, frame],
    }


def _colour(cell: Quotient) -> str:
    if cell.value is None or not cell.here:
        return "#fbfbf9"
    return COLOURS[sum(cell.value > bound for bound in BOUNDS)]


def _dark(cell: Quotient) -> bool:
    return _colour(cell) in (COLOURS[0], COLOURS[-1])


def _four(cell: Quotient) -> str:
    return f"({cell.here:,} ÷ {cell.park:,}) ÷ ({cell.industry:,} ÷ {cell.all:,})"


@cache
def hatching() -> str:
    """Return the hatching of a cell as an address of data."""
    drawn = Image.new("RGBA", (2 * STEP[0] - 4, 2 * STEP[1] - 4), (0, 0, 0, 0))
    pen = ImageDraw.Draw(drawn)
    for x in range(-drawn.height, drawn.width, 14):
        pen.line((x, drawn.height, x + drawn.height, 0), fill=(255, 255, 255, 170), width=5)
        pen.line((x, drawn.height, x + drawn.height, 0), fill=(60, 60, 60, 110), width=2)
    out = io.BytesIO()
    drawn.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def keys() -> list[tuple[str, str]]:
    """Return the legend: each colour with the quotients it stands for."""
    bounds = ["0", *(f"{bound:g}" for bound in BOUNDS)]
    said = [f"{low} – {high}" for low, high in pairwise(bounds)]
    return list(zip(COLOURS, [*said, f"> {BOUNDS[-1]:g}"], strict=True))


def _key(scope: Scope) -> None:
    """Say what the colours mean."""
    swatches = [
        Markup('<span><i class="swatch" style="background: {}"></i>{}</span>').format(colour, text)
        for colour, text in keys()
    ]
    small = scope.t("dense.lq_small")
    hatched = Markup('<span><i class="swatch hatched"></i>{}</span>').format(small)
    st.html(Markup('<p class="swatches">{}</p>').format(Markup(" ").join([*swatches, hatched])))


def _open(scope: Scope, found: Quotients) -> None:
    t = scope.t
    ids = {f"{cell.park_id}.{cell.industry_id}": cell for cell in found.cells}
    cell = ids.get(scope.state.cell)
    if cell is None:
        st.caption(t("dense.lq_pick"))
        return
    industry = names.of_facet(scope.city.atlas, "industry", language=scope.language, t=t)
    park, kind = plain(words.place(cell.park_id, scope)), plain(industry[cell.industry_id])

    def said(value: int) -> str:
        return words.amount(
            Fraction(value), replace(scope.state.question, measure=found.measure), t
        )

    with st.container(key="density_cell", border=True):
        st.markdown(
            t("dense.lq_open", park=park, industry=kind, lq=words.number(cell.value, t))
            + (t("dense.lq_open_small") if cell.small else "")
        )
        shares = (
            percent(Fraction(cell.here, cell.park) if cell.park else None, t),
            percent(Fraction(cell.industry, cell.all) if cell.all else None, t),
        )
        st.markdown(
            t(
                "dense.lq_numbers",
                park=park,
                industry=kind,
                here=said(cell.here),
                of_park=said(cell.park),
                of_industry=said(cell.industry),
                all=said(cell.all),
                share=shares[0],
                share_all=shares[1],
            )
        )
        marks = table.marked(scope.city, cell.rows)
        table.plain_rows(scope.city, scope.view, marks, key="lq", t=t)
