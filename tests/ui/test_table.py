"""Rows as they are read on screen and in downloads."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.view import LANGUAGES, View
from ui import table
from ui.i18n import translator


def readable(city, positions, columns, language="zh") -> pd.DataFrame:
    view = View(language=language)
    return table.readable(city, np.array(positions), columns, view=view, t=translator(language))


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1, 1.0]))
def test_rows_are_ordered_for_reading(city, seed, share):
    """Exactly the marked rows are given: real before sample, then by falling investment, unknown last."""
    rows = np.random.default_rng(seed).random(len(city.index)) < share
    order = table.ordered(city, rows)
    assert sorted(order) == np.flatnonzero(rows).tolist()
    projects = city.atlas.projects.iloc[order]
    keys = list(zip(projects["sample"], -projects["invest_wan"].fillna(-1), order, strict=True))
    assert keys == sorted(keys)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [table.SHORT, table.WIDE, table.FULL])
def test_every_column_is_there_and_readable(city, columns, language):
    """A table has its columns by id, one row a position in the given order, and no code of a dictionary."""
    positions = np.arange(len(city.index))[::-3]
    frame = readable(city, positions, columns, language)
    assert tuple(frame.columns) == columns
    assert frame["name"].tolist() == city.atlas.projects["name"].iloc[positions].tolist()
    codes = {*city.atlas.catalogue.stages, *city.atlas.catalogue.industries, "new", "site"}
    for column in {"stage", "industry", "county", "park", "attribute", "precision", "kind"}:
        if column in columns:
            assert codes.isdisjoint(frame[column].dropna())


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_become_names(city, language):
    """Stage, industry, county, park, attribute, precision, kind and lists are named in the visitor's language."""
    t = translator(language)
    atlas = city.atlas
    row = city.row_of["s002"]
    project = atlas.projects.iloc[row]
    shown = readable(city, [row], table.FULL, language).iloc[0]
    declared = atlas.catalogue
    assert shown["stage"] == declared.stages[project["stage"]].title[language]
    assert shown["industry"] == declared.industries[project["industry"]].title[language]
    name = "name_en" if language == "en" else "name"
    assert shown["county"] == atlas.counties.set_index("code").loc[project["county"], name]
    assert shown["park"] == atlas.parks.set_index("id").loc[project["park"], name]
    assert shown["attribute"] == t("filter.attribute_new")
    assert shown["precision"] == t("precision.site")
    assert shown["kind"] == t("filter.kind_sample")
    titles = [declared.lists[id_].title[language] for id_ in project["lists"].split(";")]
    assert all(title in shown["lists"] for title in titles)


def test_unknown_stays_missing(city):
    """What a source does not say is missing in the table, neither 0 nor a word."""
    shown = readable(city, [city.row_of["r03"]], table.FULL).iloc[0]
    for column in ("stage", "county", "park", "attribute", "invest_wan", "plan_wan", "start_date"):
        assert pd.isna(shown[column])
    assert shown["precision"] == translator("zh")("precision.none")
    assert shown["kind"] == translator("zh")("filter.kind_real")


def test_precision_is_that_of_the_drawn_point(city):
    """A project that falls from its park to its county says county."""
    assert city.atlas.projects["precision"].iloc[city.row_of["r02"]] == "park"
    shown = readable(city, [city.row_of["r02"]], ("precision",))
    assert shown["precision"].tolist() == [translator("zh")("precision.county")]


def test_money_stays_whole_and_yi_is_a_ten_thousandth(city):
    """Money columns are whole 万元; the short table's 亿元 is the same amount."""
    frame = readable(city, np.arange(len(city.index)), ("invest_wan", "invest_yi"))
    assert str(frame["invest_wan"].dtype) == "Int64"
    known = frame["invest_wan"].notna()
    assert (frame["invest_yi"][known] * 10_000 - frame["invest_wan"][known]).abs().max() < 1e-6
    assert frame["invest_yi"][~known].isna().all()


def test_no_rows_give_an_empty_table(city):
    """Without rows the columns are still there."""
    frame = readable(city, np.array([], dtype=int), table.FULL)
    assert (len(frame), tuple(frame.columns)) == (0, table.FULL)
