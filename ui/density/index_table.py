"""The table of a composite index, the figures behind one place, and the table to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from geo.compare import answers
from geo.compare.composite import DRAWS, SEED, SPREAD_PCT, TOP, WAYS, Doubt, Score
from geo.density.measures import Figure
from geo.exchange.table import Column, Kind, Table
from geo.wording import share, span
from ui import i18n
from ui.controls import plain
from ui.density import asked, files, index_words, picking, weigh, words
from ui.density.index_words import Index
from ui.density.scope import Scope
from ui.downloads import wording
from ui.i18n import Translate

KEY = "density_index"
_PLACE: dict[str, Kind] = {
    "id": "text",
    "name": "text",
    "rank": "int",
    "score": "number",
    "best": "int",
    "worst": "int",
    "first": "percent",
    "top": "percent",
    "way": "text",
    "lacking": "text",
}
_ITEM: dict[str, Kind] = {
    "weight": "int",
    "value": "number",
    "points": "number",
    "part": "number",
    "samples": "int",
    "source": "text",
}


def title(scope: Scope) -> str:
    """Say in one line what is scored, and how measures are made comparable."""
    t = scope.t
    return t(
        "dense.index_file",
        by=t(f"dense.by_{scope.state.question.by}"),
        way=t(f"density.normalise_{scope.state.normalise}"),
    )


def show(scope: Scope, made: Index) -> None:
    """Draw the scored places; choosing a row lets its place stand out."""
    t, ids = scope.t, [score.place for score in made.found.scores]
    ways = [way for way in WAYS if way in made.bands[0].ranges]
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    config: dict[str, object] = {
        "rank": number(t("dense.col_rank"), width=56),
        "name": text(t("dense.place"), width=190),
        "score": number(t("dense.index_col_score"), format="%.1f", width=80),
        "band": text(t("dense.col_band"), width=110),
        "first": text(t("dense.index_col_first"), width=120),
        "top": text(t("dense.index_col_top", n=TOP), width=120),
        **{way: text(t(f"dense.index_col_{way}"), width=110) for way in ways},
        **{
            item: number(
                t("dense.index_col_of", item=made.named(item, scope)), format="%.1f", width=130
            )
            for item in made.items
        },
        "samples": text(t("dense.index_col_samples"), width=190),
    }
    picking.table(frame(scope, made, ways), ids, key=KEY, alt=title(scope), columns=config)


def frame(scope: Scope, made: Index, ways: Sequence[str]) -> pd.DataFrame:
    """Return the scored places as rows: ranks with their ranges, scores and what they are made of."""
    few = len(made.found.scores) <= TOP  # then all are among the first
    data = []
    for score, doubt in zip(made.found.scores, made.doubts, strict=True):
        row: dict[str, object] = {
            "rank": score.rank,
            "name": words.place(score.place, scope),
            "score": float(score.score),
            "band": span(doubt.band.best, doubt.band.worst),
            "first": share(float(doubt.first)),
        }
        row |= {} if few else {"top": share(float(doubt.top))}
        row |= {way: span(*doubt.band.ranges[way]) for way in ways}
        row |= {item: float(part) for item, part in score.parts.items()}
        row["samples"] = _samples(scope, made, score.place)
        data.append(row)
    return pd.DataFrame(data)


def _samples(scope: Scope, made: Index, place: str) -> str:
    """Say how many of the figures and projects behind a place are samples."""
    t, figures = scope.t, [made.figure(item, place) for item in made.items]
    stated = sum(answers.is_sample(figure) for figure in figures)
    rows = np.unique(np.concatenate([files.behind(figure) for figure in figures]))
    marked = int(_marked(scope)[rows].sum())
    parts = [t("dense.index_sample_figures", n=stated)] if stated else []
    parts += [t("dense.index_sample_rows", n=marked, all=len(rows))] if marked else []
    return t("dense.list").join(parts) or t("figure.none")


def _marked(scope: Scope) -> np.ndarray:
    return scope.city.atlas.projects["sample"].to_numpy(dtype=bool)


def behind(scope: Scope, made: Index) -> None:
    """Open the score of the place that stands out: each measure's value, points, weight, part."""
    t, place = scope.t, scope.state.place
    score = next((one for one in made.found.scores if one.place == place), None)
    if score is None:
        return
    with st.container(key="density_index_behind", border=True):
        head, close = st.columns([0.86, 0.14], vertical_alignment="center")
        head.markdown(
            t(
                "dense.index_behind",
                name=plain(words.place(place, scope)),
                score=index_words.points(score.score),
                rank=score.rank,
                sum=" + ".join(index_words.points(part) for part in score.parts.values()),
            )
        )
        close.button(
            t("dense.close"), key="density_index_close", on_click=asked.pick, args=(place,)
        )
        text, number = st.column_config.TextColumn, st.column_config.NumberColumn
        st.dataframe(
            pd.DataFrame([_part(scope, made, score, item) for item in made.items]),
            key="density_index_parts",
            hide_index=True,
            placeholder="",
            column_config={
                "item": text(t("dense.index_col_item"), width=210),
                "value": text(t("dense.index_col_value"), width=90),
                "points": number(t("dense.index_col_points"), format="%.1f", width=110),
                "share": text(t("dense.index_col_share"), width=80),
                "part": number(t("dense.index_col_part"), format="%.1f", width=80),
                "source": text(t("dense.col_source"), width=420),
            },
        )


def _part(scope: Scope, made: Index, score: Score, item: str) -> dict[str, object]:
    figure = made.figure(item, score.place)
    return {
        "item": weigh.name(item, scope),
        "value": words.number(figure.value, scope.t),
        "points": float(score.points[item]),
        "share": weigh.share(item, made.found.weights, scope.t),
        "part": float(score.parts[item]),
        "source": source(scope, figure),
    }


def source(scope: Scope, figure: Figure) -> str:
    """Say what is divided by what: the stated source, or how many projects, and the area."""
    t, rows = scope.t, files.behind(figure)
    above = words.source(figure, scope) or t(
        "dense.index_sample_rows", n=int(_marked(scope)[rows].sum()), all=len(rows)
    )
    return f"{above} ÷ {words.over(figure, scope)}"


def exported(scope: Scope, made: Index) -> Table:
    """Return the scored places, and below those that lack a measure with what it is, as a table."""
    zh, en = i18n.translator("zh"), i18n.translator("en")
    columns = [
        Column(id_, _heading(id_, zh), _heading(id_, en), kind) for id_, kind in _PLACE.items()
    ]
    zh_names, en_names = (_named(scope, made, lang) for lang in ("zh", "en"))
    columns += [
        Column(
            f"{item}_{name}",
            _of_item(zh_names[item], name, zh),
            _of_item(en_names[item], name, en),
            kind,
        )
        for item in made.items
        for name, kind in _ITEM.items()
    ]
    scored = zip(made.found.scores, made.doubts, strict=True)
    rows = [_cells(scope, made, score, doubt) for score, doubt in scored]
    rows += [_apart(scope, made, place) for place in made.found.missing]
    return Table(
        title=title(scope),
        columns=columns,
        rows=rows,
        notes=files.written_with(scope, [*_said(scope, made), *index_words.caveats(scope, made)]),
        sample_rows=frozenset(
            number
            for number, score in enumerate(made.found.scores)
            if any(
                files.samples(made.figure(item, score.place), _marked(scope)) for item in made.items
            )
        ),
        lang="en" if scope.language == "en" else "zh",
        wording=wording(scope.language, scope.t),
    )


def _heading(id_: str, t: Translate) -> str:
    usual = id_ in ("id", "name", "rank")
    return t(f"dense.file_{id_}" if usual else f"dense.file_index_{id_}", n=TOP)


def _of_item(item: str, name: str, t: Translate) -> str:
    return t("dense.index_heading", item=item, said=t(f"dense.file_index_{name}"))


def _named(scope: Scope, made: Index, lang: str) -> dict[str, str]:
    spoken = replace(scope, t=i18n.translator(lang))
    return {item: weigh.name(item, spoken) for item in made.items}


def _said(scope: Scope, made: Index) -> list[str]:
    t = scope.t
    weighed = t("dense.list").join(
        f"{weigh.name(item, scope)} {weight}" for item, weight in made.weights.items()
    )
    way = t(f"density.normalise_{made.found.normalise}")
    how = t("dense.index_note", weights=weighed, way=way, draws=DRAWS, seed=SEED, pct=SPREAD_PCT)
    return [how, index_words.summary(scope, made)]


def _cells(scope: Scope, made: Index, score: Score, doubt: Doubt) -> tuple[object, ...]:
    cells: list[object] = [
        score.place,
        words.place(score.place, scope),
        score.rank,
        float(score.score),
        doubt.band.best,
        doubt.band.worst,
        float(100 * doubt.first),
        float(100 * doubt.top),
        scope.t(f"density.normalise_{made.found.normalise}"),
        "",
    ]
    for item in made.items:
        own = (score.points[item], score.parts[item])
        cells += _figure(scope, made, item, score.place, *map(float, own))
    return tuple(cells)


def _figure(
    scope: Scope,
    made: Index,
    item: str,
    place: str,
    points: float | None = None,
    part: float | None = None,
) -> list[object]:
    figure: Figure | None = made.answered.figures[item].get(place)
    weight = made.weights[item]
    if figure is None:
        return [weight, None, points, part, None, ""]
    value = None if figure.value is None else float(figure.value)
    return [
        weight,
        value,
        points,
        part,
        files.samples(figure, _marked(scope)),
        source(scope, figure),
    ]


def _apart(scope: Scope, made: Index, place: str) -> tuple[object, ...]:
    """Return the row of a place without a score: what is known of it, and what it lacks."""
    way = scope.t(f"density.normalise_{made.found.normalise}")
    cells: list[object] = [place, words.place(place, scope), *[None] * 6, way]
    cells.append(index_words.lacking(scope, made, place))
    for item in made.items:
        cells += _figure(scope, made, item, place)
    return tuple(cells)
