"""Rows that are no projects are passed over; what may be one is never dropped unseen."""

from __future__ import annotations

import pytest

from tests.geo.intake.sheets import codes, read, sheet

HEAD = ["序号", "项目名称", "所属县区", "总投资（万元）", "开工时间", "备注"]
ROW = [1, "甲", "东港市", 100, "2022-03", None]


def alone(column, text):
    return [text if index == column else None for index in range(len(HEAD))]


@pytest.mark.parametrize("column", [0, 1, 3, 5])
@pytest.mark.parametrize("text", ["2022年9月21日", "日期：2022年9月21日", "2022 年 9 月"])
def test_the_day_below_a_list_is_no_project(lexicon, column, text):
    """The day on which a list was made stands below it, under whatever column."""
    found = read(lexicon, sheet(HEAD, ROW, alone(column, text)))
    assert (codes(found.errors), [r.row for r in found.records]) == ([], [2])


def test_a_day_under_a_column_of_dates_may_be_a_projects(lexicon):
    """A day alone under 开工时间 is a row in which the rest is missing."""
    found = read(lexicon, sheet(HEAD, ROW, alone(4, "2022年9月21日")))
    assert set(codes(found.errors)) == {"value_missing"}


@pytest.mark.parametrize("title", ["表1（续）", "重点项目清单（续表）", "续表", "表 2", "表十二"])
def test_the_title_of_a_table_that_goes_on_is_no_project(lexicon, title):
    """A title between two pages stands in the column of names, and is none."""
    head, rows = HEAD[1:4], (["甲", "东港市", 100], ["乙", "东港市", 200])
    found = read(lexicon, sheet(head, rows[0], [title], head, rows[1]))
    assert (codes(found.errors), [r.row for r in found.records]) == ([], [2, 5])


def test_a_project_may_be_called_like_a_title(lexicon):
    """With a county beside it, 表1 is a project."""
    found = read(lexicon, sheet(HEAD[1:4], ["表1", "东港市", 100]))
    assert [r.fields["name"] for r in found.records] == ["表1"]
