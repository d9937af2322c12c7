"""Charts of a composite index: what each measure contributes, and how far the ranks move."""

from __future__ import annotations

import pandas as pd

from geo.wording import share, span
from ui.density import chart, index_words, ranks, weigh, words
from ui.density.chart import Spec
from ui.density.index_words import Index
from ui.density.scope import Scope

# eight that differ in lightness too, after Okabe and Ito (2008)
INKS = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#7f6a00",
    "#5b5b66",
)
BAND = "#5b8def"
HIGHEST = 112  # of the axis: a score of 100 has its number beside it


def names(scope: Scope, made: Index) -> list[str]:
    """Name the items that count, with their shares; those on stated samples are marked."""
    t = scope.t
    return [
        t(
            "dense.index_legend",
            item=made.named(item, scope),
            mark=t("density.sample_mark") if index_words.is_sample(made, item) else "",
            share=weigh.share(item, made.found.weights, t),
        )
        for item in made.items
    ]


def stacked(scope: Scope, made: Index, *, legend: bool = False) -> tuple[Spec, pd.DataFrame]:
    """Return the scores as bars of their contributions, the best first.

    A picture needs the legend in it; on the page it stands above, where it can be as wide.
    """
    t, called = scope.t, names(scope, made)
    colour = {
        "field": "item",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": called, "range": list(INKS[: len(called)])},
        "legend": {"title": None, "orient": "top", "columns": 2} if legend else None,
    }
    tips = [("name", t("dense.place")), ("item", t("dense.index_col_item"))]
    tips += [("said", t("dense.index_col_value")), ("given", t("dense.index_col_points"))]
    tips += [("added", t("dense.index_col_part")), ("whole", t("dense.index_col_score"))]
    x: Spec = {"type": "quantitative", "title": t("dense.index_axis")}
    x |= {"scale": {"domain": [0, HIGHEST]}, "axis": {"values": [0, 25, 50, 75, 100]}}
    x["axis"] |= {"orient": "top"}
    y: Spec = {"field": "name", "type": "nominal", "sort": None, "title": None}
    y["axis"] = {"domain": False, "ticks": False, "labelLimit": 280 if legend else 150}
    return {
        "height": {"step": ranks.ROW},
        "encoding": {"y": y},
        "layer": [
            {
                "params": chart.picking(),
                "mark": {"type": "bar", "cursor": "pointer", "height": {"band": 0.62}},
                "encoding": {
                    "x": x | {"field": "part", "stack": "zero"},
                    "color": colour,
                    "order": {"field": "order", "type": "quantitative"},
                    **chart.outlined("#ffffff"),
                    "tooltip": [{"field": field, "title": title} for field, title in tips],
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12},
                "encoding": {
                    "x": x | {"field": "part", "aggregate": "sum", "stack": None},
                    "text": {"field": "whole", "type": "nominal"},
                    "color": {"value": "#333d49"},
                },
            },
        ],
    }, frame(scope, made, called)


def frame(scope: Scope, made: Index, called: list[str]) -> pd.DataFrame:
    """Return a row for each place and item that counts, the best place first."""
    t = scope.t
    return pd.DataFrame(
        [
            {
                "id": score.place,
                "name": words.place(score.place, scope),
                "item": called[order],
                "order": order,
                "part": float(score.parts[item]),
                "said": words.number(made.figure(item, score.place).value, t),
                "given": index_words.points(score.points[item]),
                "added": index_words.points(score.parts[item]),
                "whole": index_words.points(score.score),
                "picked": score.place == scope.state.place,
            }
            for score in made.found.scores
            for order, item in enumerate(made.items)
        ]
    )


def banded(scope: Scope, made: Index) -> tuple[Spec, pd.DataFrame]:
    """Return the ranks with their bands, as the ranks of one measure are drawn."""
    t = scope.t
    data = pd.DataFrame(
        [
            {
                "id": doubt.band.place,
                "name": words.place(doubt.band.place, scope),
                "rank": doubt.band.rank,
                "said": ranks.standing(scope, doubt.band),
                "first": share(float(doubt.first)),
                "best": doubt.band.best,
                "worst": doubt.band.worst,
                "band": span(doubt.band.best, doubt.band.worst),
                "from": doubt.band.best - ranks.REACH,
                "to": doubt.band.worst + ranks.REACH,
                "picked": doubt.band.place == scope.state.place,
            }
            for doubt in made.doubts
        ]
    )
    tips = [("name", t("dense.place")), ("said", t("dense.col_rank"))]
    tips += [("first", t("dense.index_col_first"))]
    return ranks.pills(data, tips, title=t("dense.index_rank_axis"), colour={"value": BAND}), data
