"""Whatever a file holds, its reading ends with points or with faults, never with an exception."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from geo.intake import messages
from geo.series import importing, period
from geo.series.points import AREA_KINDS, STATUSES, Series
from tests.geo.series.lists import rows, values

KNOWN = [
    "园区",
    "指标",
    "时期",
    "数值",
    "单位",
    "性质",
    "口径",
    "内部",
    "来源",
    "来源网址",
    "产值",
    "税收（万元）",
    "2021年",
    "2020年产值（亿元）",
    "2022年前三季度",
    "全市",
    "全部园区",
    "合计",
    "示例",
    "万元",
    "亿元",
    "%",
    "人",
    "实际",
    "目标",
    "规划",
    "是",
    "—",
    "12",
    "1.5",
    "62%",
    "三季度",
    "=1+1",
    "http://a.b",
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(KNOWN),
    st.text(max_size=6),
    st.integers(-(10**19), 10**19),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
)
LISTS = st.lists(st.lists(CELLS, max_size=6), max_size=6)


@given(LISTS, st.lists(st.sampled_from(KNOWN), min_size=2, max_size=6), st.booleans())
def test_any_list_ends_with_points_or_faults(words, body, heads, merged):
    """Each point that comes out is whole, each fault has a sentence in both languages."""
    ranges = [(1, 1, 2, 1), (1, 2, 1, 3)] if merged else []
    found = rows(words, heads, *body, merged=ranges)
    assert found.reads or found.errors
    for one in found.reads:
        point = one.point
        assert point.metric in words.metrics
        assert period.is_period(point.period)
        assert point.status in STATUSES
        assert point.area_kind in ("", *AREA_KINDS)
        assert isinstance(point.value, int)
        assert point.source
    for fault in (*found.errors, *found.warnings):
        for language in ("zh", "en"):
            assert messages.line(fault, language, sheet=True)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["全市", "全部园区"]), st.integers(1990, 2030), st.integers(0, 10**6)
        ),
        unique_by=lambda row: row[:2],
        min_size=1,
        max_size=12,
    )
)
def test_long_and_wide_say_the_same(words, stated):
    """The same figures as rows and as a column a year are the same points, and importing is idle then."""
    long = rows(
        words,
        ("地方", "指标", "时期", "数值", "单位"),
        *((p, "税收", y, v, "万元") for p, y, v in stated),
    )
    years = sorted({year for _, year, _ in stated})
    places = dict.fromkeys(place for place, _, _ in stated)
    table = {(place, year): value for place, year, value in stated}
    wide = rows(
        words,
        ("地方", *(f"{year}年税收（万元）" for year in years)),
        *([place, *(table.get((place, year)) for year in years)] for place in places),
    )
    assert sorted(values(long)) == sorted(values(wide))
    series = Series(tuple(one.point for one in long.reads))
    assert importing.compare(wide.reads, series).same == len(stated)


def test_many_rows_are_read_whole(words):
    """A list of many rows, right or wrong, is read whole, each fault once."""
    lines = [("全市", "税收", f"{1990 + n // 12}年{n % 12 + 1}月", n, "万元") for n in range(360)]
    found = rows(words, ("地方", "指标", "时期", "数值", "单位"), *lines)
    assert len(values(found)) == 360
    wrong = rows(
        words,
        ("地方", "指标", "时期", "数值", "单位"),
        *[("不知", "不知", "不知", "不知", "不知")] * 300,
    )
    assert len(wrong.errors) == 4 * 300
