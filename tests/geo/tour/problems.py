"""Random tours for property tests: small enough for an exhaustive solver, with every rule there is."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from geo.tour.problem import Cover, Day, Lunch, Problem, Visit


@st.composite
def problems(draw: st.DrawFn, *, visits: int = 5, days: int = 2) -> Problem:
    """Draw a problem whose times are whole minutes, so that equal is equal."""
    count = draw(st.integers(1, visits))
    seed = draw(st.integers(0, 2**31))
    kinds = {name: draw(st.booleans()) for name in ("windows", "lunch", "cover", "limit", "must")}
    number = draw(st.integers(1, days))
    return random_problem(np.random.default_rng(seed), count=count, days=number, **kinds)


def random_problem(
    rng: np.random.Generator,
    *,
    count: int,
    days: int = 1,
    windows: bool = True,
    lunch: bool = True,
    cover: bool = True,
    limit: bool = False,
    must: bool = False,
) -> Problem:
    """Make a problem of `count` visits; the last three places are start, end and a table."""
    places = rng.integers(0, 60, (count + 3, 2))
    minutes = np.ceil(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)))
    minutes += rng.integers(0, 4, minutes.shape)
    np.fill_diagonal(minutes, 0)
    made = []
    for at in range(count):
        opens = int(rng.integers(480, 800)) if windows and rng.random() < 0.6 else 480
        closes = opens + int(rng.integers(10, 240)) if windows and rng.random() < 0.6 else 1000
        made.append(
            Visit(
                node=at,
                service=float(rng.integers(5, 50)),
                earliest=opens,
                latest=closes,
                must=bool(must and rng.random() < 0.4),
                prize=float(rng.integers(1, 10)),
                groups=frozenset({f"c{rng.integers(3)}", f"i{rng.integers(3)}"}),
                position=int(rng.choice([-1, 1, 2])) if rng.random() < 0.1 else None,
                day=int(rng.integers(days)) if rng.random() < 0.1 else None,
            )
        )
    covers = (
        Cover(frozenset({"c0", "c1", "c2"}), at_least=int(rng.integers(0, 3)), weight=15),
        Cover(frozenset({"i0", "i1", "i2"}), at_least=int(rng.integers(0, 2)), weight=8),
    )
    table = count + 2 if rng.random() < 0.4 else None
    return Problem(
        minutes=minutes,
        visits=tuple(made),
        days=tuple(
            Day(
                count,
                count + int(rng.integers(2)),
                480 + 1440 * day,
                480 + 1440 * day + int(rng.integers(120, 600)),
            )
            for day in range(days)
        ),
        lunch=Lunch(float(rng.integers(20, 60)), 660, float(rng.integers(680, 800)), table)
        if lunch
        else None,
        covers=covers if cover else (),
        max_visits=int(rng.integers(1, count + 1)) if rng.random() < 0.3 else None,
        max_driving=float(rng.integers(60, 300)) if limit else float("inf"),
        leg_extra=float(rng.integers(0, 5)),
        objective="finish" if rng.random() < 0.5 else "driving",
    )
