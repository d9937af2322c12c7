"""What the scores of a tour say: the latest counts, means are exact, ranks are fair."""

from __future__ import annotations

import statistics
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.model import Criterion, Title
from geo.tour import scoring
from geo.tour.scoring import Figure, Judgement, Score

NOON = datetime(2026, 9, 21, 4, 0, tzinfo=UTC)
NOTHING = Title(zh="", en="")
SHEET = {
    name: Criterion(id=name, title=NOTHING, weight=weight, hint=NOTHING)
    for name, weight in (("progress", 3), ("quality", 2), ("site", 1))
}
STOPS = ("s1", "s2", "s3", "s4")
COUNTY = {"s1": "east", "s2": "east", "s3": "west", "s4": ""}

scores = st.lists(
    st.builds(
        Score,
        uuid=st.uuids(version=4).map(str),
        project=st.sampled_from(STOPS),
        member=st.sampled_from(["甲", "乙", "丙", "丁"]),
        criteria=st.dictionaries(
            st.sampled_from([*SHEET, "dropped"]), st.integers(1, 5), max_size=4
        ),
        at=st.integers(0, 50).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    ),
    max_size=30,
    unique_by=lambda score: score.uuid,
)
points = st.lists(st.fractions(1, 5, max_denominator=6), min_size=1, max_size=8)


def give(project: str, member: str, minutes: int = 0, **criteria: int) -> Score:
    """Return a score of some minutes after noon."""
    return Score(
        uuid=str(uuid.uuid4()),
        project=project,
        member=member,
        criteria=criteria,
        at=NOON + timedelta(minutes=minutes),
    )


def group(key: str, *means: float) -> list[Judgement]:
    """Return one judgement a member for a stop."""
    return [Judgement(key, f"m{n}", Fraction(mean)) for n, mean in enumerate(means)]


def test_the_latest_score_of_each_criterion_counts():
    """A second look replaces what it names and leaves the rest; what comes late by mail does not."""
    found = scoring.judgements(
        [
            give("s1", "甲", 20, progress=5),
            give("s1", "甲", 10, progress=1, quality=2),
            give("s1", "乙", 0, site=4),
        ],
        SHEET,
    )
    assert {(one.member, one.points) for one in found} == {
        ("甲", Fraction(3 * 5 + 2 * 2, 5)),
        ("乙", Fraction(4)),
    }


@given(scores, st.randoms(use_true_random=False))
def test_the_order_of_arrival_says_nothing(found, random):
    """However scores arrive, and however often, the figures are the same."""
    shuffled = [*found, *found[:5]]
    random.shuffle(shuffled)
    one, other = (scoring.judgements(given_, SHEET) for given_ in (found, shuffled))
    assert scoring.by_stop(one) == scoring.by_stop(other)
    assert scoring.by_county(one, COUNTY) == scoring.by_county(other, COUNTY)


@given(scores)
def test_nobody_has_two_voices_at_a_stop(found):
    """There is at most one judgement a member and stop, and it lies within what they gave."""
    made = scoring.judgements(found, SHEET)
    assert len({(one.project, one.member) for one in made}) == len(made)
    for one in made:
        given_ = [
            value
            for score in found
            if (score.project, score.member) == (one.project, one.member)
            for name, value in score.criteria.items()
            if name in SHEET
        ]
        assert min(given_) <= one.points <= max(given_)


@given(scores)
def test_stops_and_counties_add_up(found):
    """The scores of a county are those of its stops, its mean is theirs by number of scores."""
    made = scoring.judgements(found, SHEET)
    stops, counties = scoring.by_stop(made), scoring.by_county(made, COUNTY)
    assert sum(one.scores for one in stops) == len(made)
    for county in counties:
        own = [one for one in stops if COUNTY[one.key] == county.key]
        assert county.scores == sum(one.scores for one in own)
        assert county.mean * county.scores == sum(one.mean * one.scores for one in own)
        assert county.low == min(one.low for one in own)
        assert county.high == max(one.high for one in own)
    assert {one.key for one in counties} <= {"east", "west"}


@given(points)
def test_spread_is_the_standard_deviation(values):
    """Mean and spread are those of the statistics module, and 0 where all agree."""
    (figure,) = scoring.by_stop([Judgement("s1", str(n), value) for n, value in enumerate(values)])
    assert figure.mean == statistics.mean(values)
    assert figure.spread == pytest.approx(statistics.pstdev(values), abs=1e-9)
    assert (figure.spread == 0) == (len(set(values)) == 1)
    assert figure.low <= figure.mean <= figure.high


@given(st.lists(points, max_size=8))
def test_ranks_are_fair(groups):
    """A rank is one more than the number of better ones; too few scores have no rank, and come last."""
    figures = scoring.by_stop(
        [one for n, values in enumerate(groups) for one in group(f"k{n}", *values)]
    )
    ranked = [one for one in figures if one.enough]
    for one in ranked:
        assert one.rank == 1 + sum(other.mean > one.mean for other in ranked)
    assert [one.rank for one in figures[len(ranked) :]] == [None] * (len(figures) - len(ranked))
    assert [one.rank for one in ranked] == sorted(one.rank or 0 for one in ranked)


def test_equal_means_share_a_rank():
    """After two firsts comes the third; two scores are too few for any rank."""
    found = scoring.by_stop(
        [
            *group("b", 4, 4, 4),
            *group("a", 3, 4, 5),
            *group("c", 1, 1, 1),
            *group("few", 5, 5),
        ]
    )
    assert [(one.key, one.rank) for one in found] == [("a", 1), ("b", 1), ("c", 3), ("few", None)]
    assert found[0].spread > found[1].spread == 0


def test_a_change_needs_enough_scores_on_both_sides():
    """A mean is compared with an earlier one only where both tours have three scores."""
    now = scoring.by_stop([*group("a", 5, 4, 3), *group("b", 5, 5, 5), *group("c", 5)])
    before = scoring.by_stop([*group("a", 3, 3, 3), *group("b", 1, 1), *group("c", 1, 1, 1)])
    assert scoring.change(now, before) == {"a": Fraction(1)}


@given(scores)
def test_nothing_has_changed_since_the_same_tour(found):
    """A tour compared with itself has changes of nought, for every figure with enough scores."""
    figures: list[Figure] = scoring.by_stop(scoring.judgements(found, SHEET))
    same = scoring.change(figures, figures)
    assert set(same) == {one.key for one in figures if one.enough}
    assert set(same.values()) <= {Fraction(0)}


def test_a_name_on_two_phones_is_named():
    """Who reads the ranking learns which names came from more than one phone."""
    one = replace(give("s1", "甲", progress=3), device="a")
    same, other = replace(one, member="乙"), replace(one, device="b")
    assert scoring.shared_names([one, same, same, other]) == ["甲"]
