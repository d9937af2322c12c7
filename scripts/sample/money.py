"""Draw the amounts and stages of the sample, with exact totals; money in 万元."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

# The published totals (published.toml); money in 万元.
RESUMED, NEW_STARTED, NEW_WAITING = 206, 108, 21
STARTED = RESUMED + NEW_STARTED
COUNT = STARTED + NEW_WAITING
INVEST_STARTED, INVEST_WAITING = 10_466_000, 12_372_000 - 10_466_000
PLAN_STARTED = 2_499_000
LARGE, LARGE_WAITING = 145, 16  # at least LARGE_WAN; 16 of the 21 waiting ones are large
FLOOR_WAN, LARGE_WAN, STEP_WAN = 5_000, 10_000, 100
LIST_SIZES = {"restart": COUNT, "leader": 100, "techreform": 107, "prelim": 10, "provincial": 151}

START_BELOW_PCT = 10  # under this share of the investment a site counts as just started


@dataclass(frozen=True)
class Money:
    """Hold one array a column in 万元, resumed rows first, then new ones, then waiting ones."""

    invest: np.ndarray
    plan: np.ndarray
    done: np.ndarray
    stage: np.ndarray
    attribute: np.ndarray


def _long_tail(rng: Generator, count: int, *, floor: int, total: int, sigma: float) -> np.ndarray:
    """Draw lognormal amounts over a floor, in steps of 100 万元, with an exact total."""
    excess = rng.lognormal(0.0, sigma, count)
    spare = total - floor * count
    steps = np.floor(excess / excess.sum() * spare / STEP_WAN).astype(int)
    amounts = floor + steps * STEP_WAN
    amounts[np.argmax(amounts)] += total - amounts.sum()
    return amounts


def _invest(rng: Generator, count: int, *, large: int, total: int) -> np.ndarray:
    """Draw the investments of one group: `large` of them from 1 亿 up, the rest below it."""
    below = LARGE_WAN - STEP_WAN
    small = rng.integers(FLOOR_WAN // STEP_WAN, below // STEP_WAN + 1, count - large) * STEP_WAN
    rest = total - int(small.sum())
    big = _long_tail(rng, large, floor=LARGE_WAN, total=rest, sigma=1.1)
    return rng.permutation(np.concatenate([small, big]))


def _completed(rng: Generator, invest: np.ndarray, *, share: float) -> np.ndarray:
    """Choose which of a group are finished; the smaller a project, the likelier."""
    weights = 1.0 / invest
    chosen = rng.choice(
        invest.size, int(invest.size * share), replace=False, p=weights / weights.sum()
    )
    mask = np.zeros(invest.size, dtype=bool)
    mask[chosen] = True
    return mask


def _scaled_plan(raw: np.ndarray, cap: np.ndarray, *, total: int) -> np.ndarray:
    """Scale annual plans to an exact total, none above its cap, in steps of 100 万元."""
    low, high = 0.0, 50.0
    for _ in range(80):
        middle = (low + high) / 2
        if np.minimum(raw * middle, cap).sum() < total:
            low = middle
        else:
            high = middle
    plan = np.maximum(np.floor(np.minimum(raw * low, cap) / STEP_WAN).astype(int) * STEP_WAN, 100)
    plan[np.argmax(cap - plan)] += total - int(plan.sum())
    return plan


def draw_money(rng: Generator) -> Money:
    """Draw investment, annual plan, money spent and stage, consistent with one another."""
    invest = _invest(rng, STARTED, large=LARGE - LARGE_WAITING, total=INVEST_STARTED)
    waiting = _invest(rng, NEW_WAITING, large=LARGE_WAITING, total=INVEST_WAITING)
    new = np.arange(STARTED) >= RESUMED
    complete = np.concatenate(
        [
            _completed(rng, invest[:RESUMED], share=0.28),
            _completed(rng, invest[RESUMED:], share=0.10),
        ]
    )
    before = _spent_before(rng, invest, new=new, complete=complete)
    plan = _annual_plan(rng, invest - before, complete=complete)
    pace = np.where(new, rng.uniform(0.1, 0.95, STARTED), rng.uniform(0.3, 0.95, STARTED))
    spent = np.minimum(_tens(before + plan * pace), _tens(invest * 0.95))
    done = np.where(complete, _tens(invest * rng.uniform(0.95, 1.0, STARTED)), spent)
    nothing = np.zeros(NEW_WAITING, dtype=int)
    return Money(
        invest=np.concatenate([invest, waiting]),
        plan=np.concatenate([plan, nothing]),
        done=np.concatenate([done, nothing]),
        stage=np.concatenate([_stages(rng, invest, done, complete), _waiting_stages()]),
        attribute=np.array(["resumed"] * RESUMED + ["new"] * (NEW_STARTED + NEW_WAITING)),
    )


def _tens(amounts: np.ndarray) -> np.ndarray:
    return (amounts / 10).astype(int) * 10


def _spent_before(
    rng: Generator, invest: np.ndarray, *, new: np.ndarray, complete: np.ndarray
) -> np.ndarray:
    """Draw what resumed projects spent before the plan year, in steps of 100 万元."""
    share = np.where(
        complete, rng.uniform(0.55, 0.9, invest.size), rng.uniform(0.15, 0.7, invest.size)
    )
    return np.where(new, 0, (invest * share / STEP_WAN).astype(int) * STEP_WAN)


def _annual_plan(rng: Generator, left: np.ndarray, *, complete: np.ndarray) -> np.ndarray:
    """Plan all that is left of finished projects and scaled shares of the others."""
    plan, going = left.copy(), ~complete
    plan[going] = _scaled_plan(
        left[going] * rng.uniform(0.15, 0.6, int(going.sum())),
        left[going] * 0.9,
        total=PLAN_STARTED - int(left[complete].sum()),
    )
    return plan


def _stages(
    rng: Generator, invest: np.ndarray, done: np.ndarray, complete: np.ndarray
) -> np.ndarray:
    finished = rng.choice(["done", "run", "full"], invest.size, p=[0.5, 0.36, 0.14])
    early = done * 100 < invest * START_BELOW_PCT
    return np.where(complete, finished, np.where(early, "start", "build"))


def _waiting_stages() -> np.ndarray:
    return np.array(["prep"] * 12 + ["signed"] * 5 + ["reserve"] * 4)


def draw_lists(rng: Generator, money: Money) -> list[list[str]]:
    """Choose the members of each list: leaders and the province take larger projects sooner."""
    weight = money.invest.astype(float) ** 0.5
    started = np.arange(COUNT) < STARTED
    eligible = {
        "restart": np.ones(COUNT),
        "leader": weight,
        "techreform": started * 1.0,
        "prelim": np.isin(money.stage, ["prep", "reserve"]) * 1.0,
        "provincial": weight,
    }
    members: list[list[str]] = [[] for _ in range(COUNT)]
    for name, size in LIST_SIZES.items():
        chance = eligible[name] / eligible[name].sum()
        for index in np.sort(rng.choice(COUNT, size, replace=False, p=chance)):
            members[index].append(name)
    return members
