"""What is asked: by what, which figure, over which area, which classes, up to which year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import h3
import streamlit as st

from geo.compare.classes import NUMBERS, SCHEMES
from geo.density import hexagons, measures, per, stated
from geo.density.question import AREAS, BY, PER, Question
from ui.cache import City
from ui.density import asked, table
from ui.density.scope import Scope
from ui.i18n import Translate

BANDWIDTHS_M = (500, 1000, 2000, 3000, 5000, 10_000, 20_000)
ALL_YEARS = 0
ALL = ("by", "measure", "area", "classes")
USED = {  # by parts that do not heed all of them
    "index": ("by",),
    "quotients": ("measure",),
    "spread": ("by", "measure"),
    "fits": (),
    "near": ("by", "measure"),
    "trend": ("places",),
}


def show(scope: Scope) -> None:
    """Draw the controls of the question, those that matter to the open part."""
    question, t = scope.state.question, scope.t
    used = USED.get(scope.state.part, ALL)
    with st.container(horizontal=True, key="density_ask", vertical_alignment="bottom"):
        if "places" in used:
            _segments("by", stated.BY, question.by, lambda v: t(f"dense.by_{v}"), t)
            return
        if "by" in used:
            _segments("by", BY, question.by, lambda v: t(f"dense.by_{v}"), t)
        if "measure" in used:
            named = _greyed("density.measure", stated.offered, scope)
            offered = _offered(measures.MEASURES, stated.METRICS, question)
            _select("measure", offered, question.measure, named, t, width=136)
        if "area" in used:
            named = _greyed("dense.per", per.offered, scope)
            _select("per", _offered(PER, per.KINDS, question), question.per, named, t, width=110)
        if "by" in used:
            _where(scope.city, question, t)
        if "classes" in used:
            _select("scheme", SCHEMES, question.scheme, _named("density.classes", t), t, width=116)
            _select("k", NUMBERS, question.k, str, t, width=70)
        _year(scope.city, question, t)


def _where(city: City, question: Question, t: Translate) -> None:
    """Draw what belongs to the kind of place: its area, the size of cells, the kernel's radius."""
    if kinds := AREAS[question.by]:
        _select("area", kinds, question.area_kind, lambda v: t(f"dense.area_{v}"), t, width=210)
    if question.by == "h3":
        named = _cell(city, t)
        _select("resolution", hexagons.RESOLUTIONS, question.resolution, named, t, width=178)
    if question.by == "surface":
        radii = sorted({*BANDWIDTHS_M, question.bandwidth_m})
        _select("bandwidth_m", radii, question.bandwidth_m, lambda v: f"{v:,} m", t, width=120)
    if question.by in ("h3", "surface"):
        _select("vague", measures.VAGUE, question.vague, _named("dense.vague", t), t, width=160)


def _offered(usual: tuple[str, ...], more: tuple[str, ...], question: Question) -> tuple[str, ...]:
    """Return what can be asked of the kind of place: of cells nothing is stated."""
    return (*usual, *more) if question.by in stated.BY else usual


def _greyed(
    prefix: str, offered: Callable[..., Mapping[str, str]], scope: Scope
) -> Callable[[str], str]:
    """Name a choice; behind one that has no figures stands why."""
    by, t = scope.state.question.by, scope.t
    reasons = scope.recall((prefix, by), lambda: offered(scope.city.atlas, by=by))

    def name(value: str) -> str:
        why = reasons.get(value, "")
        said = t(f"{prefix}_{value}")
        return t("dense.greyed", name=said, reason=t(f"density.reason_{why}")) if why else said

    return name


def _named(prefix: str, t: Translate) -> Callable[[str], str]:
    return lambda value: t(f"{prefix}_{value}")


def _cell(city: City, t: Translate) -> Callable[[int], str]:
    """Name a size of cells by the area they have here: it is not that of the world's average."""
    lon, lat = city.atlas.counties[["label_lon", "label_lat"]].mean()

    def name(resolution: int) -> str:
        km2 = hexagons.cell_m2(h3.latlng_to_cell(lat, lon, resolution)) / 1e6
        return t("dense.cell", n=resolution, size=f"{km2:.2g} km²")

    return name


def _segments(
    name: str, options: Sequence[str], value: str, shown: Callable[[str], str], t: Translate
) -> None:
    key = f"density_{name}"
    st.session_state[key] = value
    st.segmented_control(
        t(f"dense.ask_{name}"),
        options,
        key=key,
        required=True,
        format_func=shown,
        on_change=asked.take,
        args=(name, key),
    )


def _select(
    name: str,
    options: Sequence[object],
    value: object,
    shown: Callable[..., str],
    t: Translate,
    *,
    width: int = 150,
) -> None:
    key = f"density_{name}"
    st.session_state[key] = value
    st.selectbox(
        t(f"dense.ask_{name}"),
        options,
        key=key,
        format_func=shown,
        on_change=asked.take,
        args=(name, key),
        width=max(width, room(shown(value))),
        placeholder="",
    )


def room(said: str) -> int:
    """Return the pixels that a choice in Latin letters needs; Chinese ones are short."""
    return 0 if any(letter >= "\u4e00" for letter in said) else 7 * len(said) + 58


def _year(city: City, question: Question, t: Translate) -> None:
    span = table.years(city, question)
    if not span and not question.year:
        return
    chosen = {question.year} if question.year else set()  # also one without figures: it counts
    options = [*sorted({*span, *chosen}), ALL_YEARS]
    key = "density_year"
    st.session_state[key] = question.year or ALL_YEARS

    every = "dense.year_newest" if table.is_stated(question) else "dense.year_all"

    def take() -> None:
        asked.ask(year=st.session_state[key] or None)

    st.select_slider(
        t("dense.ask_year"),
        options,
        key=key,
        format_func=lambda year: str(year) if year else t(every),
        on_change=take,
        help=t("dense.year_help_stated" if table.is_stated(question) else "dense.year_help"),
        width=200,
    )
