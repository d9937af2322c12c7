"""Draw the sample series: figures of parks and counties that grow, and never add up to too much."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator, default_rng

from sample.city import City
from sample.places import COUNTY_SHARES

SEED = 20220921
YEARS = (2019, 2020, 2021, 2022)
# Assumptions of the script, none of them published: what a county has in the first year in all.
CITY = {"output": 9_600_000, "tax": 620_000, "jobs": 168_000, "firms": 2_400}
STEPS = {"output": 100, "tax": 10, "jobs": 10, "firms": 1}
PEOPLE, PEOPLE_STEP = 2_000_000, 1_000
LEAN = (0.45, 1.55)
IN_PARKS, IN_SUB_PARKS = 0.7, 0.8


def make_series(city: City, *, seed: int = SEED) -> list[dict[str, str]]:
    """Draw all sample points; a zone holds at least its sub-parks, a county at least its zones.

    Parks whose county is unknown have none, so that a page has something unknown to show.
    """
    rng = default_rng(seed)
    rows: list[dict[str, str]] = []
    shares = np.array([COUNTY_SHARES[code] for code in city.counties]) * 1.0
    for code, share in zip(city.counties, shares / shares.sum(), strict=True):
        people = _years(rng, PEOPLE * share, growth=(-0.012, 0.002), step=PEOPLE_STEP)
        rows += _rows(code, "population", people, seed)
        zones = [p["id"] for p in city.parks if p["county"] == code and not p["parent"]]
        subs = {id_: [p["id"] for p in city.parks if p["parent"] == id_] for id_ in zones}
        for metric, total in CITY.items():
            own = (
                total * share * rng.uniform(*LEAN)
            )  # no county has exactly its share of everything
            whole = _years(rng, own, growth=(0.02, 0.09), step=STEPS[metric])
            rows += _rows(code, metric, whole, seed)
            for zone, part in _parts(rng, whole, zones, IN_PARKS, STEPS[metric]).items():
                rows += _rows(zone, metric, part, seed)
                inner = _parts(rng, part, subs[zone], IN_SUB_PARKS, STEPS[metric])
                for sub, least in inner.items():
                    rows += _rows(sub, metric, least, seed)
    return rows


def _years(rng: Generator, first: float, *, growth: tuple[float, float], step: int) -> np.ndarray:
    factors = np.cumprod([1.0, *(1 + rng.uniform(*growth, len(YEARS) - 1))])
    return np.floor(first * factors / step).astype(int) * step


def _parts(
    rng: Generator, whole: np.ndarray, places: list[str], most: float, step: int
) -> dict[str, np.ndarray]:
    """Give each place a share of the whole, different in each year, together below `most`."""
    if not places:
        return {}
    shares = rng.dirichlet(np.full(len(places), 4.0)) * most
    drift = rng.uniform(0.9, 1.0, (len(places), len(YEARS)))
    amounts = np.floor(whole * shares[:, None] * drift / step).astype(int) * step
    return dict(zip(places, amounts, strict=True))


def _rows(place: str, metric: str, values: np.ndarray, seed: int) -> list[dict[str, str]]:
    return [
        {
            "place": place,
            "metric": metric,
            "period": str(year),
            "value": str(value),
            "status": "actual",
            "source": f"示例数据（随机生成，种子 {seed}）",
            "note": "示例，非真实数字",
        }
        for year, value in zip(YEARS, values, strict=True)
    ]
