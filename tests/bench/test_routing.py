"""The measurement of the solver reads instances as they are, and its gaps are right."""

from __future__ import annotations

import json
import math

import pytest

from bench import routing

MATRIX = [[0, 1, 5], [5, 0, 1], [1, 5, 0]]


def instance(folder, kind: str, **body: object) -> routing.Instance:
    path = folder / kind / "tiny.json"
    path.parent.mkdir()
    path.write_text(json.dumps(body), "utf-8")
    return routing.read(path)


def test_a_tour_of_all_places_is_measured_against_the_best(tmp_path):
    """The best order has no gap, the other way round one of 400 %, half of it is no tour."""
    made = instance(tmp_path, "atsp", matrix=MATRIX, best_known=3)
    assert routing.gap(made, (0, 1)) == 0
    assert routing.gap(made, (1, 0)) == pytest.approx(400)
    assert [routing.gap(made, route) for route in ((0,), (0, 0), None)] == [None] * 3
    route, proven = routing.ours(made.problem, 0.2)
    assert (route, proven) == ((0, 1), True)


def test_windows_are_kept_or_it_is_no_tour(tmp_path):
    """An order that reaches a place too late, or home, is no tour; waiting costs nothing driven."""
    windows = [[0, 20], [10, 12], [0, 6]]
    made = instance(tmp_path, "tsptw", matrix=MATRIX, tw=windows, best_known=15)
    assert routing.gap(made, (0, 1)) is None
    assert routing.gap(made, (1, 0)) == 0
    assert routing.ours(made.problem, 0.2)[0] == (1, 0)


def test_scores_are_measured_within_the_limit(tmp_path):
    """What is missed of the best score is the gap; a way that is too long is no tour."""
    places = [[0, 0], [3, 0], [0, 40], [6, 0]]
    made = instance(
        tmp_path, "op", xy=places, score=[0, 5, 9, 0], tmax=6, start=0, end=3, best_known=5
    )
    assert routing.gap(made, (0,)) == 0
    assert routing.gap(made, ()) == pytest.approx(100)
    assert routing.gap(made, (0, 1)) is None
    assert routing.ours(made.problem, 0.2)[0] == (0,)
    assert math.isinf(made.problem.visits[0].latest)
