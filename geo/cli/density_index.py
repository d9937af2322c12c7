"""The composite index of the density command, as plain values and as lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

import numpy as np

from geo.cli.density_values import Names, exact
from geo.compare import composite, indexed
from geo.compare.answers import is_sample
from geo.compare.composite import NORMALISE, SPREAD_PCT, Composite, Doubt, Score
from geo.compare.indexed import Answered
from geo.density.measures import Figure
from geo.density.question import Question, answer, unit
from geo.density.stated import point_of
from geo.layers import Atlas
from geo.wording import Translate, share, span


def add(command: argparse.ArgumentParser) -> None:
    """Add what only an index is asked: its weights, and how measures are made comparable."""
    command.add_argument(
        "--weights",
        default="",
        metavar="W",
        help="综合评价的指标和权重，如 output=40,tax/firms=30 / measures and weights of the index",
    )
    command.add_argument(
        "--normalise", choices=NORMALISE, help="综合评价怎样化为 0–100 分 / how points are made"
    )


def value(
    atlas: Atlas, rows: np.ndarray, base: Question, *, chosen: argparse.Namespace, names: Names
) -> dict[str, Any]:
    """Return the scores with their bands, what is missing, and the correlations.

    Area and year are those of `base`; each measure has its own denominator.
    """
    by, read = base.by, chosen.weights
    weights = indexed.read(read) if read else indexed.usual(atlas, by=by)
    composite.checked(weights)
    answered = indexed.answered(lambda asked: answer(atlas, rows, asked), base, weights)
    found = composite.composite(answered.values, weights, chosen.normalise or NORMALISE[0])
    doubts = composite.doubted(found, draws=chosen.draws, seed=chosen.seed)
    scored = zip(found.scores, doubts, strict=True)
    return {
        "weights": weights,
        "units": {item: _unit(item, base) for item in weights},
        "normalise": found.normalise,
        "draws": chosen.draws,
        "seed": chosen.seed,
        "spread_pct": SPREAD_PCT,
        "scores": [_score(score, doubt, found, answered, names) for score, doubt in scored],
        "missing": [
            {
                "place": place,
                "name": names.place(place),
                "lacks": {item: _reason(answered, item, place) for item in lacking},
            }
            for place, lacking in found.missing.items()
        ],
        "correlations": [
            {"one": pair.one, "other": pair.other, "rho": exact(pair.rho), "strong": pair.strong}
            for pair in found.pairs
        ],
    }


def _unit(item: str, base: Question) -> str:
    return unit(indexed.question(item, base))


def _score(
    score: Score, doubt: Doubt, found: Composite, answered: Answered, names: Names
) -> dict[str, Any]:
    figures = {item: answered.figures[item][score.place] for item in found.weights}
    return {
        "place": score.place,
        "name": names.place(score.place),
        "rank": score.rank,
        "score": exact(score.score),
        "best": doubt.band.best,
        "worst": doubt.band.worst,
        "ranges": {way: list(range_) for way, range_ in doubt.band.ranges.items()},
        "first": exact(doubt.first),
        "top": exact(doubt.top),
        "measures": {
            item: {
                "value": exact(figure.value),
                "points": exact(score.points[item]),
                "part": exact(score.parts[item]),
                "sample": is_sample(figure),
                "year": _year(figure),
            }
            for item, figure in figures.items()
        },
    }


def _year(figure: Figure) -> int | None:
    point = point_of(figure.amount)
    return point.span.year if point else None


def _reason(answered: Answered, item: str, place: str) -> str:
    figure = answered.figures[item].get(place)
    return figure.reason if figure else "not_stated"


def lines(found: dict[str, Any], t: Translate) -> Iterator[str]:
    """Return the lines of an index: how it is made, the places, what they lack, what counts twice."""
    named = {item: _name(item, unit, t) for item, unit in found["units"].items()}
    comma = t("density.comma")
    weighed = [
        t("density.index_weight", item=named[item], weight=weight)
        for item, weight in found["weights"].items()
    ]
    yield t(
        "density.index_head",
        way=t(f"density.normalise_{found['normalise']}"),
        weights=comma.join(weighed),
        pct=found["spread_pct"],
        draws=found["draws"],
        seed=found["seed"],
    )
    for one in found["scores"]:
        parts = [f"{own['part']['value']:.1f}" for own in one["measures"].values()]
        samples = any(own["sample"] for own in one["measures"].values())
        yield t(
            "density.index",
            rank=one["rank"],
            name=one["name"],
            band=span(one["best"], one["worst"]),
            score=f"{one['score']['value']:.1f}",
            parts=" + ".join(parts),
            first=share(one["first"]["value"]),
            mark=t("density.sample_mark") if samples else "",
        )
    if len(found["scores"]) == 1:
        yield t("density.index_single", name=found["scores"][0]["name"])
    for one in found["missing"]:
        lacks = [
            t("density.index_lacks", item=named[item], reason=t(f"density.reason_{reason}"))
            for item, reason in one["lacks"].items()
        ]
        yield t("density.index_missing", name=one["name"], items=comma.join(lacks))
    for pair in found["correlations"]:
        if pair["strong"]:
            rho = f"{pair['rho']['value']:.2f}"
            yield t(
                "density.index_pair", one=named[pair["one"]], other=named[pair["other"]], rho=rho
            )
    yield t("density.index_caveat")


def _name(item: str, unit: str, t: Translate) -> str:
    measure = item.partition("/")[0]
    return t(
        "density.index_item",
        measure=t(f"density.measure_{measure}"),
        unit=t(f"density.unit_{unit}"),
    )
