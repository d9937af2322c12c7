"""Compute from the rows what was also published, so that the two can stand side by side."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from geo.layers import Atlas
from geo.rates import is_started

OVER_100M_WAN = 10_000
LISTS = {
    "provincial_count": "provincial",
    "leader_count": "leader",
    "prelim_count": "prelim",
    "techreform_count": "techreform",
}


def computed(atlas: Atlas) -> dict[str, int]:
    """Compute every published figure for which the data holds rows, by the figure's id.

    Counts in 个, money in 万元, rates in basis points, rounded half up as reports do.
    """
    projects = atlas.projects
    in_year = (projects["plan_year"] == str(atlas.catalogue.city.plan_year)).fillna(False)
    attribute = projects["plan_attr"].fillna("")
    new = (in_year & (attribute == "new")).to_numpy(dtype=bool)
    resumed = (in_year & (attribute == "resumed")).to_numpy(dtype=bool)
    planned, started = new | resumed, is_started(atlas)
    begun = planned & started
    invest, plan = (projects[name].fillna(0).to_numpy(int) for name in ("invest_wan", "plan_wan"))
    found = {
        "planned_count": int(planned.sum()),
        "planned_invest": int(invest[planned].sum()),
        "started_count": int(begun.sum()),
        "started_invest": int(invest[begun].sum()),
        "started_plan": int(plan[begun].sum()),
        "started_rate": _basis_points(begun, planned),
        "new_started": int((new & started).sum()),
        "new_start_rate": _basis_points(new & started, new),
        "resume_rate": _basis_points(resumed & started, resumed),
        "over_100m": int((planned & (invest >= OVER_100M_WAN)).sum()),
    }
    members = projects["lists"].fillna("").str.split(";")
    found |= {
        figure: int(sum(list_ in entry for entry in members[planned]))
        for figure, list_ in LISTS.items()
    }
    return {id_: value for id_, value in found.items() if id_ in atlas.catalogue.published}


def _basis_points(part: np.ndarray, whole: np.ndarray) -> int:
    total = int(whole.sum())
    return int(Fraction(int(part.sum()) * 10_000, total) + Fraction(1, 2)) if total else 0
