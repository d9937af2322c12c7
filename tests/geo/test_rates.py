"""Figures above the map: sums and rates, each with the rows that make it."""

from __future__ import annotations

import csv
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers, rates
from geo.rates import Rate

STARTED = ("start", "build", "done", "run", "full")


def masks(length: int) -> st.SearchStrategy[np.ndarray]:
    """Draw row masks, from empty to full."""
    return st.tuples(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.02, 0.5, 1.0])).map(
        lambda drawn: np.random.default_rng(drawn[0]).random(length) < drawn[1]
    )


@given(st.data())
def test_sums_are_those_of_the_frame(atlas, data):
    """Count, total and planned investment equal pandas' sums over the marked rows, unknown ones counted apart."""
    projects = atlas.projects
    rows = data.draw(masks(len(projects)))
    found = rates.figures(atlas, rows)
    assert (found.projects.value, found.projects.unknown) == (int(rows.sum()), 0)
    for total, column in ((found.invest_wan, "invest_wan"), (found.plan_wan, "plan_wan")):
        marked = projects.loc[rows, column]
        assert total.value == int(marked.dropna().sum())
        assert total.unknown == int(marked.isna().sum())
        assert isinstance(total.value, int)


@given(st.data())
def test_the_rows_behind_a_figure_give_it_again(atlas, data):
    """Adding up the rows that a figure opens gives the figure, and they are among the marked ones."""
    projects = atlas.projects
    rows = data.draw(masks(len(projects)))
    found = rates.figures(atlas, rows)
    invest = projects["invest_wan"]
    for total, column in ((found.invest_wan, "invest_wan"), (found.plan_wan, "plan_wan")):
        opened = projects.loc[total.rows, column]
        assert opened.notna().all()
        assert int(opened.sum()) == total.value
        assert not (total.rows & ~rows).any()
    count, value = found.start_rate, found.start_rate_by_value
    assert (int(count.part_rows.sum()), int(count.whole_rows.sum())) == (count.part, count.whole)
    assert int(invest[value.part_rows].sum()) == value.part
    assert int(invest[value.whole_rows].sum()) == value.whole
    for rate in (count, value):
        assert not (rate.part_rows & ~rate.whole_rows).any()
        assert not (rate.whole_rows & ~rows).any()


def test_the_start_rate_is_started_over_planned(atlas, data_dir):
    """The rate by count is new and resumed projects that have started over all new and resumed ones, counted from the file."""
    rows = []
    for file in ("projects.csv", "projects_sample.csv"):
        with (data_dir / file).open(encoding="utf-8", newline="") as handle:
            rows += list(csv.DictReader(handle))
    planned = [row for row in rows if row["plan_attr"] in ("new", "resumed")]
    begun = [row for row in planned if row["stage"] in STARTED]
    found = rates.figures(atlas, np.ones(len(rows), dtype=bool))
    assert (found.start_rate.part, found.start_rate.whole) == (len(begun), len(planned))
    assert found.start_rate_by_value.part == sum(int(row["invest_wan"] or 0) for row in begun)
    assert found.start_rate_by_value.whole == sum(int(row["invest_wan"] or 0) for row in planned)


def test_the_shipped_sample_gives_the_published_rates(atlas):
    """The sample's rates are 314 of 335 projects and 104.66 of 123.72 billion yuan."""
    found = rates.figures(atlas, atlas.projects["sample"].to_numpy(dtype=bool))
    assert found.start_rate.value == Fraction(314, 335)
    assert (found.start_rate.part, found.start_rate.whole) == (314, 335)
    value = found.start_rate_by_value
    assert (value.part, value.whole) == (10_466_000, 12_372_000)


def test_no_rows_give_no_rate(atlas):
    """Of nothing the sums are 0 and the rates are unknown, not 0."""
    found = rates.figures(atlas, np.zeros(len(atlas.projects), dtype=bool))
    assert (found.projects.value, found.invest_wan.value, found.plan_wan.value) == (0, 0, 0)
    assert found.start_rate.value is None
    assert found.start_rate_by_value.value is None


def test_projects_outside_the_plan_have_no_rate(atlas):
    """Real projects without a plan attribute have sums but no start rate."""
    found = rates.figures(atlas, ~atlas.projects["sample"].to_numpy(dtype=bool))
    assert found.invest_wan.value > 0
    assert found.start_rate.value is None


def test_a_ratio_is_exact():
    """A rate is a fraction, so that no digit is lost before it is written."""
    none = np.zeros(0, dtype=bool)
    assert Rate(1, 3, none, none).value == Fraction(1, 3)
    assert Rate(0, 7, none, none).value == 0
    assert Rate(0, 0, none, none).value is None


@pytest.mark.parametrize(("invest", "counts"), [("", False), ("0", True), ("600", True)])
def test_by_value_leaves_out_what_is_unknown(city_copy, invest, counts):
    """A planned project of unknown investment counts in the rate by count and is not among the rows by value."""
    city_copy.cells("projects_sample.csv", "s001", invest_wan=invest)
    atlas = layers.load(city_copy.folder)
    row = int(np.flatnonzero(atlas.projects["id"] == "s001")[0])
    found = rates.figures(atlas, np.ones(len(atlas.projects), dtype=bool))
    assert found.start_rate.whole_rows[row]
    assert found.start_rate_by_value.whole_rows[row] == counts
    assert found.invest_wan.rows[row] == counts


def test_preparation_is_no_plan_to_start(city_copy):
    """A project in the plan year's preparation list is in neither part of the start rate."""
    city_copy.cells("projects_sample.csv", "s002", plan_attr="preliminary")
    changed = layers.load(city_copy.folder)
    found = rates.figures(changed, np.ones(len(changed.projects), dtype=bool))
    assert (found.start_rate.part, found.start_rate.whole) == (313, 334)


def test_started_is_a_property_of_the_stage(atlas):
    """The stages from start to full operation count as started; preparation, pause, end and an unknown one do not."""
    started = rates.is_started(atlas)
    stages = atlas.projects["stage"].fillna("").tolist()
    assert started.tolist() == [stage in STARTED for stage in stages]
    assert "" in stages
