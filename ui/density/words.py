"""The words and numbers of the page about density."""

from __future__ import annotations

import math
from fractions import Fraction

import h3
import numpy as np

from geo.density import question
from geo.density.measures import Area, Figure
from geo.density.question import Question
from geo.density.stated import METRICS, point_of
from ui import names
from ui.density.scope import Scope
from ui.i18n import Translate, trimmed

PLACES = 3  # of a figure that count


def number(value: Fraction | float | None, t: Translate) -> str:
    """Write a figure to three places that count, with separators; unknown is a dash, never 0."""
    if value is None:
        return t("figure.none")
    if not value:
        return "0"
    exact = Fraction(value)
    digits = max(0, PLACES - 1 - math.floor(math.log10(abs(exact))))
    return trimmed(exact, digits=min(digits, 9)) if digits else f"{round(exact):,}"


def measure(asked: Question, t: Translate) -> str:
    """Name what is counted."""
    return t(f"density.measure_{asked.measure}")


def unit(asked: Question, t: Translate) -> str:
    """Return the unit of a density."""
    return t(f"density.unit_{question.unit(asked)}")


def amount(figure_total: Fraction | None, asked: Question, t: Translate) -> str:
    """Write a sum with its unit."""
    if figure_total is None:
        return t("figure.none")
    kind = question.amount_unit(asked)
    if kind != "wan":
        key = "dense.n_projects" if kind == "count" else "dense.n_people"
        return t(key, n=number(figure_total, t))
    if figure_total >= 10_000:
        return t("dense.yi", n=number(figure_total / 10_000, t))
    return t("dense.wan", n=number(figure_total, t))


def area(found: Area, scope: Scope) -> str:
    """Say which area a density is of: its size, kind, year and source."""
    t = scope.t
    if found.km2 is None:
        return t("figure.none")
    # an outline's kind names its provider already
    source = "" if found.source in scope.city.atlas.catalogue.layers else found.source
    parts = [
        f"{number(found.km2, t)} km²",
        area_kind(found, t),
        found.year or t("density.no_year"),
        source,
    ]
    return t("app.separator").join(part for part in parts if part)


def area_kind(found: Area, t: Translate) -> str:
    """Name the kind of an area, unknown where nothing is stated."""
    return t(
        "density.area_unknown" if found.km2 is None else f"density.area_{found.kind or 'unknown'}"
    )


def area_source(found: Area, scope: Scope) -> str:
    """Name where an area comes from: a layer, or the words that the park's row has."""
    layer = scope.city.atlas.catalogue.layers.get(found.source)
    return layer.source[scope.language] if layer else found.source


def reason(figure: Figure, t: Translate) -> str:
    """Say why a place has no density, "" where it has one."""
    return t(f"density.reason_{figure.reason}") if figure.reason else ""


def place(id_: str, scope: Scope) -> str:
    """Name a county or park; a hexagon is named by the town that is nearest to its middle."""
    return place_names(scope).get(id_) or (cell(id_, scope) if _is_cell(id_) else id_)


def _is_cell(id_: str) -> bool:
    return len(id_) in (15, 16) and h3.is_valid_cell(id_)


def cell(id_: str, scope: Scope) -> str:
    """Name a hexagon: a town nearby, and the digits of its id that tell neighbours apart."""
    towns = scope.city.atlas.base["towns"]
    lat, lon = h3.cell_to_latlng(id_)
    digits = id_.rstrip("f")[-4:]
    towns = towns[towns.geometry.notna()]
    if towns.empty:
        return digits
    away = np.hypot((towns.geometry.x - lon) * np.cos(np.radians(lat)), towns.geometry.y - lat)
    town = towns["name"].iloc[int(np.argmin(away))]
    return scope.t("dense.cell_near", town=town, digits=digits)


def place_names(scope: Scope) -> dict[str, str]:
    """Return the names of counties and parks by id."""

    def make() -> dict[str, str]:
        counties = names.of_rows(scope.city.atlas.counties, "code", scope.language)
        return counties | names.of_rows(scope.city.atlas.parks, "id", scope.language)

    return scope.city.recent.get(("place names", scope.language), make)


def title(asked: Question, t: Translate) -> str:
    """Say in one line what is shown: the measure, by what, its unit."""
    by = t(f"dense.by_{asked.by}")
    what = t("dense.title", measure=measure(asked, t), by=by, unit=unit(asked, t))
    what = what[:1].upper() + what[1:]
    if asked.measure in METRICS:
        key = "dense.title_of_year" if asked.year else "dense.title_newest"
        return t(key, title=what, year=asked.year)
    return t("dense.title_year", title=what, year=asked.year) if asked.year else what


def over(figure: Figure, scope: Scope) -> str:
    """Say what a sum is divided by: the area, or people or firms with year and source."""
    if figure.per is None:
        return area(figure.area, scope)
    t, per = scope.t, figure.per
    if per.count is None:
        return t("figure.none")
    unit_ = t(f"density.unit_of_{per.kind}")
    marks = _marks(per.year, per.status, per.sample, t)
    return t("app.separator").join([f"{number(per.count, t)} {unit_}", *marks, per.source])


def source(figure: Figure, scope: Scope) -> str:
    """Say what states a sum, "" where projects add up to it."""
    point = point_of(figure.amount)
    if point is None:
        return ""
    marks = _marks(str(point.span.year), point.status, point.sample, scope.t)
    return scope.t("app.separator").join([*marks, point.source])


def _marks(year: str, status: str, sample: bool, t: Translate) -> list[str]:
    return [f"{year}{t('density.sample_mark') if sample else ''}", t(f"series.status_{status}")]
