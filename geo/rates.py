"""Compute the figures above the map, each as a sum or a ratio with the rows behind it.

The definitions are this product's own, since no source publishes them: the start rate is
started (new) and resumed projects over those planned to start or resume in the plan year.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from geo.layers import Atlas


@dataclass(frozen=True)
class Total:
    """Hold a sum over rows: `value` in the column's unit, and how many rows do not state it."""

    value: int
    rows: np.ndarray
    unknown: int


@dataclass(frozen=True)
class Rate:
    """Hold a ratio: `part` of `whole` in one unit; `value` is None when the whole is 0."""

    part: int
    whole: int
    part_rows: np.ndarray
    whole_rows: np.ndarray

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.part, self.whole) if self.whole else None


@dataclass(frozen=True)
class Figures:
    """Hold the figures of one selection; money in 万元."""

    projects: Total
    invest_wan: Total
    plan_wan: Total
    start_rate: Rate
    start_rate_by_value: Rate


def figures(atlas: Atlas, rows: np.ndarray) -> Figures:
    """Compute the figures of the marked rows of an atlas's projects.

    A project without investment counts in the rate by count and is named as unknown in the
    sums; it is left out of the rate by value.
    """
    projects = atlas.projects
    started = is_started(atlas)
    planned = rows & projects["plan_attr"].isin(["new", "resumed"]).to_numpy(dtype=bool)
    begun = planned & started
    priced = projects["invest_wan"].notna().to_numpy(dtype=bool)
    return Figures(
        projects=Total(value=int(rows.sum()), rows=rows, unknown=0),
        invest_wan=_total(projects["invest_wan"], rows),
        plan_wan=_total(projects["plan_wan"], rows),
        start_rate=Rate(int(begun.sum()), int(planned.sum()), begun, planned),
        start_rate_by_value=Rate(
            _sum(projects["invest_wan"], begun),
            _sum(projects["invest_wan"], planned),
            begun & priced,
            planned & priced,
        ),
    )


def is_started(atlas: Atlas) -> np.ndarray:
    """Mark the projects whose stage counts as started."""
    begun = [stage.id for stage in atlas.catalogue.stages.values() if stage.started]
    return atlas.projects["stage"].isin(begun).to_numpy(dtype=bool)


def _total(column: pd.Series, rows: np.ndarray) -> Total:
    stated = column.notna().to_numpy(dtype=bool)
    return Total(value=_sum(column, rows), rows=rows & stated, unknown=int((rows & ~stated).sum()))


def _sum(column: pd.Series, rows: np.ndarray) -> int:
    return int(column[rows].sum())
