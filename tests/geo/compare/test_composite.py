"""A composite index is algebra: its scores, contributions and bands keep what their formulas promise."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geo.compare import composite
from geo.compare.composite import NORMALISE
from geo.errors import GeoError

WAYS = pytest.mark.parametrize("way", NORMALISE)
AMOUNTS = st.fractions(0, 1000, max_denominator=12)
few = settings(max_examples=40)  # each world is tried in all ways


@st.composite
def worlds(draw, least: int = 2, unknown: bool = False):
    """Draw measures of places, and a weight above 0 for each."""
    measures = [f"m{n}" for n in range(draw(st.integers(least, 5)))]
    places = [f"p{n}" for n in range(draw(st.integers(1, 7)))]
    amounts = st.none() | AMOUNTS if unknown else AMOUNTS
    values = {m: {p: draw(amounts) for p in places} for m in measures}
    return values, {m: draw(st.integers(1, 100)) for m in measures}


def scores(found):
    return {score.place: (score.rank, score.score) for score in found.scores}


def test_a_hand_worked_example():
    """Three places, two measures, 3 to 1: scores by each way are those of pencil and paper."""
    values = {
        "output": {"a": Fraction(10), "b": Fraction(20), "c": Fraction(40)},
        "tax": {"a": Fraction(3), "b": Fraction(1), "c": Fraction(1)},
    }
    weights = {"output": 3, "tax": 1}
    # min–max: output 0, 33⅓, 100; tax 100, 0, 0
    assert scores(composite.composite(values, weights, "minmax")) == {
        "c": (1, Fraction(75)),
        "a": (2, Fraction(25)),
        "b": (2, Fraction(25)),
    }
    # ranks: output 0, 50, 100; tax 100 and twice 25
    assert scores(composite.composite(values, weights, "rank")) == {
        "c": (1, Fraction(325, 4)),
        "b": (2, Fraction(175, 4)),
        "a": (3, Fraction(25)),
    }
    # output: mean 70/3, deviation √(1400/9) = 12.472; tax: mean 5/3, deviation √(8/9) = 0.943
    found = composite.composite(values, weights, "zscore")
    points = {score.place: float(score.points["output"]) for score in found.scores}
    assert points == pytest.approx({"c": 63.3631, "b": 47.3274, "a": 39.3096}, abs=1e-3)
    assert float(found.scores[0].points["tax"]) == pytest.approx(42.9289, abs=1e-3)


@WAYS
@few
@given(world=worlds(unknown=True))
def test_scores_lie_between_0_and_100_and_are_the_sum_of_their_parts(way, world):
    """Every point and score is within 0 and 100, and the contributions add up to the score exactly."""
    for score in composite.composite(*world, way).scores:
        assert all(0 <= points <= 100 for points in score.points.values())
        assert 0 <= score.score <= 100
        assert sum(score.parts.values()) == score.score


@WAYS
@few
@given(world=worlds(), factor=st.fractions(Fraction(1, 50), 50), moved=st.data())
def test_another_unit_changes_nothing(way, world, factor, moved):
    """A measure in another unit gives the same points, scores, ranks and bands."""
    values, weights = world
    one = moved.draw(st.sampled_from(sorted(values)))
    other = {**values, one: {place: value * factor for place, value in values[one].items()}}
    before, after = (composite.composite(v, weights, way) for v in (values, other))
    assert before.scores == after.scores
    assert before.pairs == after.pairs
    assert composite.doubted(before, draws=5) == composite.doubted(after, draws=5)


@WAYS
@few
@given(world=worlds(), factor=st.integers(1, 20))
def test_weights_scaled_together_change_nothing(way, world, factor):
    """Only the shares of the weights matter, for the band too."""
    values, drawn = world
    weights = {measure: 1 + weight % 5 for measure, weight in drawn.items()}
    more = {measure: weight * factor for measure, weight in weights.items()}
    before, after = (composite.composite(values, w, way) for w in (weights, more))
    assert before.scores == after.scores
    assert composite.doubted(before, draws=5) == composite.doubted(after, draws=5)


@WAYS
@few
@given(world=worlds(least=3, unknown=True))
def test_a_weight_of_0_is_a_measure_left_out(way, world):
    """With a weight of 0 a measure neither scores, nor excludes, nor doubts."""
    values, weights = world
    without = {m: w for m, w in weights.items() if m != "m0"}
    zero = composite.composite(values, {**weights, "m0": 0}, way)
    out = composite.composite({m: values[m] for m in without}, without, way)
    assert zero == out
    assert composite.doubted(zero, draws=5) == composite.doubted(out, draws=5)


@WAYS
@few
@given(world=worlds(unknown=True))
def test_a_place_with_an_unknown_measure_is_apart(way, world):
    """It is listed with what it lacks, has no score, and moves nobody else's."""
    values, weights = world
    found = composite.composite(values, weights, way)
    places = set(values["m0"])
    assert {score.place for score in found.scores} | set(found.missing) == places
    for place in places:
        lacking = tuple(m for m in weights if values[m][place] is None)
        assert found.missing.get(place, ()) == lacking
    known = {
        m: {p: v for p, v in own.items() if p not in found.missing} for m, own in values.items()
    }
    assert composite.composite(known, weights, way).scores == found.scores


@WAYS
@few
@given(values=st.lists(AMOUNTS, min_size=1, max_size=6), equal=AMOUNTS)
def test_a_measure_that_tells_no_places_apart_gives_each_the_middle(way, values, equal):
    """Equal values are 50 points each, so is a single place; equal places have equal scores."""
    places = [f"p{n}" for n in range(len(values))]
    found = composite.composite(
        {"m": dict(zip(places, values, strict=True)), "flat": dict.fromkeys(places, equal)},
        {"m": 1, "flat": 1},
        way,
    )
    assert {score.points["flat"] for score in found.scores} == {50}
    by_value: dict[Fraction, set[tuple[int, Fraction]]] = {}
    for score in found.scores:
        own = values[int(score.place[1:])]
        by_value.setdefault(own, set()).add((score.rank, score.score))
    assert all(len(seen) == 1 for seen in by_value.values())


@WAYS
@few
@given(world=worlds(), data=st.data())
def test_more_of_a_measure_is_never_worse(way, world, data):
    """A place whose one measure rises does not fall behind one that it was ahead of."""
    values, weights = world
    assume(len(values["m0"]) > 1)
    place = data.draw(st.sampled_from(sorted(values["m0"])))
    more = {**values, "m0": {**values["m0"], place: values["m0"][place] + 7}}
    before, after = (scores(composite.composite(v, weights, way)) for v in (values, more))
    if way != "zscore":  # a far outlier narrows the standard scores of all others
        assert after[place][0] <= before[place][0]
    order = composite.composite(more, weights, way)
    rise = {s.place: s.points["m0"] for s in order.scores}
    known = sorted(more["m0"], key=lambda p: more["m0"][p])
    assert [rise[p] for p in known] == sorted(rise.values())


@few
@given(world=worlds())
def test_the_band_holds_what_each_doubt_can_do(world):
    """Other ways and measures left out are what trying each shows; draws are whole shares."""
    values, weights = world
    found = composite.composite(values, weights, "minmax")
    others = [scores(composite.composite(values, weights, way)) for way in ("rank", "zscore")]
    less = [scores(composite.composite(values, {**weights, m: 0}, "minmax")) for m in weights]
    for doubt in composite.doubted(found, draws=20):
        place, ranges = doubt.band.place, doubt.band.ranges
        for way, tried in (("normalise", others), ("without", less)):
            seen = [ranking[place][0] for ranking in tried]
            assert ranges[way] == (min(seen), max(seen))
        assert 1 <= ranges["weights"][0] <= ranges["weights"][1] <= len(found.scores)
        assert 0 <= doubt.first <= doubt.top <= 1
        assert (doubt.top * 20).denominator == 1


def test_a_place_that_leads_everywhere_leads_in_every_draw():
    """No weighting can move a place that is best by every measure, and the seed repeats the rest."""
    values = {
        "a": {"x": Fraction(3), "y": Fraction(2), "z": Fraction(1)},
        "b": {"x": Fraction(9), "y": Fraction(1), "z": Fraction(2)},
    }
    found = composite.composite(values, {"a": 50, "b": 50}, "minmax")
    doubts = composite.doubted(found, draws=300, seed=7)
    assert doubts == composite.doubted(found, draws=300, seed=7)
    assert (doubts[0].band.place, doubts[0].first) == ("x", 1)
    assert doubts[0].band.ranges["weights"] == (1, 1)
    assert {doubt.top for doubt in doubts} == {1}
    turned = composite.composite(values, {"b": 50, "a": 50}, "minmax")
    assert composite.doubted(turned, draws=300, seed=7) == doubts


def test_measures_that_say_the_same_are_named():
    """A copy correlates at 1, a reverse at −1, an equal one not at all; three places tell nothing."""
    one = {f"p{n}": Fraction(n * n) for n in range(5)}
    values = {
        "one": one,
        "copy": {p: 3 * v for p, v in one.items()},
        "back": {p: -v for p, v in one.items()},
        "flat": dict.fromkeys(one, Fraction(1)),
    }
    pairs = {(pair.one, pair.other): pair for pair in composite.correlations(values)}
    assert {key: pair.rho for key, pair in pairs.items()} == {
        ("one", "copy"): 1,
        ("one", "back"): -1,
        ("copy", "back"): -1,
    }
    assert all(pair.strong for pair in pairs.values())
    few = {m: {p: own[p] for p in ("p0", "p1", "p2")} for m, own in values.items()}
    assert composite.correlations(few) == ()
    # ranks 1 2 3 4 and 2 1 4 3: 1 − 6·4/(4·15) = 0.6
    swapped = {"a": dict(zip("wxyz", map(Fraction, (1, 2, 3, 4)), strict=True))}
    swapped["b"] = dict(zip("wxyz", map(Fraction, (2, 1, 4, 3)), strict=True))
    assert [(pair.rho, pair.strong) for pair in composite.correlations(swapped)] == [
        (Fraction(6, 10), False)
    ]


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ({"a": 1}, "compare.index_number"),
        ({f"m{n}": 1 for n in range(9)}, "compare.index_number"),
        ({"a": 101, "b": 1}, "compare.index_weight"),
        ({"a": -1, "b": 1}, "compare.index_weight"),
        ({"a": 0, "b": 0}, "compare.index_nothing"),
    ],
)
def test_weights_that_make_no_index_are_refused(weights, code):
    """One measure, nine, a weight beyond 0 to 100, or none above 0 are named as such."""
    with pytest.raises(GeoError) as error:
        composite.composite({m: {"p": Fraction(1)} for m in weights}, weights, "minmax")
    assert error.value.code == code


def test_an_unknown_way_and_wrong_draws_are_refused():
    """Another normalisation than those there are, and no draw at all, are errors."""
    values = {"a": {"p": Fraction(1)}, "b": {"p": Fraction(2)}}
    with pytest.raises(GeoError, match=r"density\.choice"):
        composite.composite(values, {"a": 1, "b": 1}, "magic")
    found = composite.composite(values, {"a": 1, "b": 1}, "rank")
    with pytest.raises(GeoError, match=r"compare\.draws"):
        composite.doubted(found, draws=0)
