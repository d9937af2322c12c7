"""The chosen places as cards, each outline at the same scale, and as a table of all measures."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace

import shapely
import streamlit as st
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from geo.density.located import plane_of
from geo.density.measures import Figure
from geo.density.question import PER, Question, density
from ui.density import land, words
from ui.density.scope import Scope
from ui.density.shown import Row, Shown, labels

INKS = ("#0b57d0", "#e07b00", "#00796b", "#8e24aa")  # tell the places apart, beside their names
UNKNOWN = "#f1f1ee"
WIDE, HIGH, MARGIN = 260, 160, 6  # of a drawing, its own units
STEPS_KM = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def show(scope: Scope, found: Shown, rows: Sequence[Row]) -> None:
    """Draw a card for each place and the classes that all of them share."""
    t = scope.t
    shapes = {row.id: outline(scope, row.id) for row in rows}
    sizes = [_size(shape) for shape in shapes.values() if shape is not None]
    metres = max((max(wide / WIDE, high / HIGH) for wide, high in sizes), default=0.0)
    made = [
        _card(scope, found, row, ink=ink, drawn=drawing(shapes[row.id], metres, _fill(found, row)))
        for row, ink in zip(rows, INKS, strict=False)
    ]
    st.html(Markup('<div class="side-cards">{}</div>').format(Markup("").join(made)))
    written = labels(found.bounds, lambda v: words.number(v, t), found.lowest)
    keys(written, found.colours, title=t("dense.side_classes", unit=words.unit(found.question, t)))
    circles = set(scope.city.atlas.parks.loc[scope.city.atlas.parks["outline"] == "circle", "id"])
    note = t("dense.side_circles") if circles & set(shapes) else ""
    st.caption(" ".join(part for part in (t("dense.side_scale"), note) if part))


def keys(names: Sequence[str], colours: Sequence[str], *, title: str = "") -> None:
    """Draw what colours stand for, in a line that breaks where it must."""
    made = Markup("").join(
        Markup('<li><i style="background:{}"></i>{}</li>').format(colour, name)
        for name, colour in zip(names, colours, strict=False)
    )
    head = Markup("<span>{}</span>").format(title) if title else Markup("")
    st.html(Markup('<div class="side-keys">{}<ul>{}</ul></div>').format(head, made))


def _fill(found: Shown, row: Row) -> str:
    return found.colours[row.number] if row.number >= 0 else UNKNOWN


def outline(scope: Scope, place: str) -> BaseGeometry | None:
    """Return a place's outline in metres, None where none is known."""
    atlas = scope.city.atlas
    for frame, key in ((atlas.counties, "code"), (atlas.parks, "id")):
        for shape in frame.loc[frame[key] == place].geometry:
            if shape is not None and shape.geom_type.endswith("Polygon"):
                return plane_of(atlas).shape(shape)
    return None


def _size(shape: BaseGeometry) -> tuple[float, float]:
    west, south, east, north = shape.bounds
    return east - west, north - south


def drawing(shape: BaseGeometry | None, metres: float, fill: str) -> Markup:
    """Draw an outline as a picture at `metres` a unit, with a bar of a round length."""
    if shape is None or not metres:
        return Markup("")
    west, south, east, north = shape.bounds
    scale = 1 / metres
    left = MARGIN + (WIDE - (east - west) * scale) / 2
    top = MARGIN + (HIGH - (north - south) * scale) / 2
    rings = [
        ring
        for part in shapely.get_parts(shape.simplify(metres / 2))
        for ring in (part.exterior, *part.interiors)
    ]
    path = "".join(
        "M"
        + "L".join(
            f"{left + (x - west) * scale:.1f} {top + (north - y) * scale:.1f}" for x, y in xy
        )
        + "Z"
        for xy in (shapely.get_coordinates(ring) for ring in rings)
    )
    km = max((step for step in STEPS_KM if step * 1000 <= metres * WIDE / 3), default=STEPS_KM[0])
    long, low = km * 1000 * scale, HIGH + 2 * MARGIN
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE + 2 * MARGIN}" height="{low + 14}">'
        f'<path d="{path}" fill="{fill}" stroke="#6b5d52" stroke-linejoin="round"/>'
        f'<path d="M{MARGIN} {low}v6h{long:.1f}v-6" fill="none" stroke="#4a5563"/>'
        f'<text x="{long + 12:.1f}" y="{low + 8}" font-size="11" font-family="sans-serif" '
        f'fill="#4a5563">{km:g} km</text></svg>'
    )
    # what a page may hold as HTML here has no drawings, but pictures
    coded = base64.b64encode(svg.encode()).decode("ascii")
    return Markup('<img alt="" src="data:image/svg+xml;base64,{}">').format(coded)


def _card(scope: Scope, found: Shown, row: Row, *, ink: str, drawn: Markup) -> Markup:
    t, figure, question = scope.t, row.figure, found.question
    other = replace(question, per="mu" if question.per == "km2" else "km2")
    rank = t("dense.tip_rank", rank=row.rank) if row.rank else t("dense.side_unranked")
    lines = [
        rank,
        _said(figure, other, scope),
        _made_of(figure, scope),
    ]
    if said := words.source(figure, scope):
        lines.append(said)
    if reason := words.reason(figure, t):
        unknown = figure.amount.value is None
        lines = [t("dense.tip_none", reason=reason), *([] if unknown else lines[2:])]
    return Markup(
        '<section style="border-top-color:{ink}"><h4>{name}</h4><div class="side-map">{drawn}</div>'
        '<p class="side-value"><i style="background:{fill}"></i><strong>{value}</strong> {unit}</p>'
        "{lines}</section>"
    ).format(
        ink=ink,
        name=words.place(row.id, scope),
        drawn=drawn or t("dense.side_no_outline"),
        fill=_fill(found, row),
        value=words.number(row.value, t),
        unit=words.unit(question, t),
        lines=Markup("").join(Markup("<p>{}</p>").format(line) for line in lines),
    )


def _made_of(figure: Figure, scope: Scope) -> str:
    """Say which sum is divided by what, as far as it is known."""
    t, amount = scope.t, words.amount(figure.amount.value, scope.state.question, scope.t)
    if figure.per is not None:
        return t("dense.tip_over", amount=amount, over=words.over(figure, scope))
    if figure.area.km2 is None:
        return amount
    return t("dense.tip_amount", amount=amount, area=words.number(figure.area.km2, t))


def _said(figure: Figure, asked: Question, scope: Scope) -> str:
    value = density(figure, asked.per)
    return f"{words.number(value, scope.t)} {words.unit(asked, scope.t)}"


def table(scope: Scope, rows: Sequence[Row], measured: Mapping[str, Mapping[str, Figure]]) -> None:
    """Draw every measure of the places, a column each; what is unknown is a dash."""
    t, question = scope.t, scope.state.question
    lines = [
        (t("dense.side_km2"), [_km2(row, scope) for row in rows], ""),
        (t("dense.file_area_kind"), [_kind(row, scope) for row in rows], "side-text"),
        (t("dense.file_area_year"), [_year(row, scope) for row in rows], ""),
        (t("dense.file_area_source"), [_source(row, scope) for row in rows], "side-text"),
    ]
    if question.by == "park":
        parks = land.of_parks(scope)
        own_land = [parks.get(row.id) for row in rows]
        lines.append((t("dense.col_used"), [land.used(one, scope) for one in own_land], ""))
        left = [land.remaining(one, scope) for one in own_land]
        lines.append((t("dense.col_remaining"), left, ""))
    if question.per not in PER:
        over = [words.over(row.figure, scope) for row in rows]
        lines.append((t("dense.file_over"), over, "side-text"))
    for measure, figures in measured.items():
        one = replace(question, measure=measure)
        own = [figures[row.id] for row in rows if row.id in figures]
        said = [words.amount(figure.amount.value, one, t) for figure in own]
        lines.append((words.measure(one, t), said, "side-head"))
        for per in _pers(question):
            values = [words.number(density(figure, per), t) for figure in own]
            lines.append((words.unit(replace(one, per=per), t), values, ""))
        unknown = [len(figure.amount.unknown) for figure in own]
        if any(unknown):
            lines.append((t("dense.col_unknown"), [str(n) for n in unknown], ""))
        sources = [words.source(figure, scope) for figure in own]
        if any(sources):
            lines.append((t("dense.file_source"), sources, "side-text"))
    head = Markup("").join(
        Markup('<th scope="col" style="border-bottom-color:{}">{}</th>').format(
            ink, words.place(row.id, scope)
        )
        for row, ink in zip(rows, INKS, strict=False)
    )
    body = Markup("").join(_line(*line) for line in lines)
    st.html(
        Markup(
            '<div class="side-table" tabindex="0"><table><thead><tr><td></td>{}</tr></thead>'
            "<tbody>{}</tbody></table></div>"
        ).format(head, body)
    )


def _pers(question: Question) -> tuple[str, ...]:
    """Return what sums are divided by: both units of area, and people or firms where asked for."""
    return (*PER, *([question.per] if question.per not in PER else []))


def _line(name: str, cells: Sequence[str], kind: str) -> Markup:
    made = Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
    return Markup('<tr class="{}"><th scope="row">{}</th>{}</tr>').format(kind, name, made)


def _km2(row: Row, scope: Scope) -> str:
    km2 = row.figure.area.km2
    return scope.t("figure.none") if km2 is None else f"{words.number(km2, scope.t)} km²"


def _kind(row: Row, scope: Scope) -> str:
    area = row.figure.area
    if area.km2 is None:
        return words.reason(row.figure, scope.t) or scope.t("figure.none")
    return words.area_kind(area, scope.t)


def _year(row: Row, scope: Scope) -> str:
    return row.figure.area.year or scope.t("density.no_year")


def _source(row: Row, scope: Scope) -> str:
    return words.area_source(row.figure.area, scope) or scope.t("figure.none")
