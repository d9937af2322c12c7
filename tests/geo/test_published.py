"""The published figures against those that the shipped rows give."""

from __future__ import annotations

import pytest

from geo import layers, published

# figure: (published, from the rows), with the reason for each difference
DIFFERENT = {
    # printed as 93.7 %, with one decimal; the rows give two
    "started_rate": (9370, 9373),
    # 108 of 131 was printed, but 131 new and 206 resumed are 337, not the 335 that the totals and
    # the other rate need; the sample keeps 335 and so has 129 new ones
    "new_start_rate": (8244, 8372),
}
# sums and counts over the rows of the year's plan, which the sample was made to reproduce
SAME = {
    "planned_count": 335,
    "planned_invest": 12_372_000,
    "started_count": 314,
    "started_invest": 10_466_000,
    "started_plan": 2_499_000,
    "new_started": 108,
    "resume_rate": 10_000,
    "over_100m": 145,
    "provincial_count": 151,
    "leader_count": 100,
    "prelim_count": 10,
    "techreform_count": 107,
}


@pytest.fixture(scope="module")
def computed(atlas):
    return published.computed(atlas)


def test_what_can_be_computed_is(computed, atlas):
    """Exactly the figures for which there are rows are computed, and each was published."""
    assert set(computed) == {*SAME, *DIFFERENT}
    assert set(computed) < set(atlas.catalogue.published)


@pytest.mark.parametrize(("figure", "value"), SAME.items())
def test_a_figure_agrees_with_its_rows(computed, atlas, figure, value):
    """The rows give what was published."""
    assert computed[figure] == atlas.catalogue.published[figure].value == value


@pytest.mark.parametrize(("figure", "values"), DIFFERENT.items())
def test_a_figure_differs_from_its_rows_as_explained(computed, atlas, figure, values):
    """Where rows and publication differ, each is what the reason says."""
    assert (atlas.catalogue.published[figure].value, computed[figure]) == values


def test_the_two_start_rates_cannot_both_be_right():
    """The published rate of new projects needs two more planned projects than were published."""
    new = round(108 / 0.8244)
    resumed = 314 - 108
    assert (new, new + resumed) == (131, 337)
    assert round(108 * 10_000 / (335 - resumed)) == DIFFERENT["new_start_rate"][1]
    assert round(314 / 335, 3) == DIFFERENT["started_rate"][0] / 10_000


def test_figures_follow_the_rows(city_copy):
    """A planned project that starts moves the counts and sums by itself."""
    row = next(r for r in city_copy.rows("projects_sample.csv") if r["id"] == "s001")
    assert (row["stage"], row["plan_attr"], row["invest_wan"]) == ("signed", "new", "92400")
    city_copy.cells("projects_sample.csv", "s001", stage="build")
    found = published.computed(layers.load(city_copy.folder))
    assert found["started_count"] == 315
    assert found["started_invest"] == 10_466_000 + 92_400
    assert found["new_started"] == 109
    assert found["planned_count"] == 335


@pytest.mark.parametrize(("wan", "counts"), [("9999", 0), ("10000", 1)])
def test_over_100_million_includes_it(city_copy, wan, counts):
    """A project of exactly 1 亿元 is one of 亿元以上, one 万元 less is not."""
    before = sum(int(r["invest_wan"]) >= 10_000 for r in city_copy.rows("projects_sample.csv")[1:])
    city_copy.cells("projects_sample.csv", "s001", invest_wan=wan)
    found = published.computed(layers.load(city_copy.folder))
    assert found["over_100m"] == before + counts


def test_another_year_is_another_plan(city_copy):
    """Only the rows of the city's plan year count."""
    city_copy.cells("projects_sample.csv", "s001", plan_year="2021")
    found = published.computed(layers.load(city_copy.folder))
    assert found["planned_count"] == 334


def test_rates_round_half_up(city_copy):
    """A rate of basis points ends on the nearer one, half upwards, and is 0 of nothing."""
    city_copy.write_rows("projects.csv", [])
    rows = city_copy.rows("projects_sample.csv")
    new = [row for row in rows if row["plan_attr"] == "new"][:32]
    for number, row in enumerate(new):
        row["stage"] = "start" if number < 15 else "plan"
    city_copy.write_rows("projects_sample.csv", new)
    found = published.computed(layers.load(city_copy.folder))
    assert found["new_start_rate"] == 4688  # 4687.5
    assert found["resume_rate"] == 0
