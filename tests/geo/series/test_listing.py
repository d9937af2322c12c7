"""Lists of metrics as offices have them, long and wide, become points; every fault has its place."""

from __future__ import annotations

import io

import openpyxl
import pytest

from geo.exchange import reading
from geo.exchange.reading import Limits
from geo.intake import messages
from geo.series import listing, template
from geo.series.words import FIELDS
from tests.geo.intake.sheets import sheet
from tests.geo.series.lists import LONG, codes, read, rows, values

PARK, OTHER = "donggang", "kuandian"


@pytest.fixture
def names(atlas) -> tuple[str, str]:
    """Return the names of two parks."""
    known = dict(zip(atlas.parks["id"], atlas.parks["name"], strict=True))
    return known[PARK], known[OTHER]


def test_a_long_list_is_read(words, names):
    """One value a row: place, metric, period, value, unit, and what else there is to say of it."""
    heads = (*LONG, "性质", "口径", "来源", "来源网址", "来源等级", "说明", "内部")
    found = rows(
        words,
        heads,
        (
            names[0],
            "产值",
            2021,
            45.5,
            "亿元",
            "预计",
            "",
            "统计局",
            "https://a.cn/b",
            "A",
            "快报",
            "",
        ),
        (
            names[1],
            "单位面积产值",
            "2022年前三季度",
            "4.5亿元/平方公里",
            "",
            "",
            "规划",
            "",
            "",
            "",
            "",
            "是",
        ),
    )
    assert values(found) == [
        (PARK, "output", "2021", 455_000),
        (OTHER, "output_density", "2022-01/2022-09", 45_000),
    ]
    first, second = (one.point for one in found.reads)
    assert (first.status, first.source, first.source_url, first.source_grade, first.note) == (
        "estimate",
        "统计局",
        "https://a.cn/b",
        "A",
        "快报",
    )
    assert (second.status, second.area_kind, second.internal) == ("actual", "planned", True)
    assert second.source == "list.xlsx"
    assert found.warnings == ()


def test_a_column_for_each_metric(words, names):
    """A row a park and year, a column a metric, units in the heading; blanks are no values."""
    found = rows(
        words,
        ("2022年各园区主要指标",),
        ("序号", "园区名称", "年份", "规上产值（亿元）", "税收（万元）", "从业人员"),
        (1, names[0], 2021, 45.5, 1200, 3400),
        (2, names[0], 2020, 40, None, "—"),
    )
    assert values(found) == [
        (PARK, "output", "2021", 455_000),
        (PARK, "tax", "2021", 1200),
        (PARK, "jobs", "2021", 3400),
        (PARK, "output", "2020", 400_000),
    ]


def test_the_title_says_the_year(words, names):
    """Where no column states it, the period and the unit are those of the line above the table."""
    found = rows(
        words,
        ("2022年前三季度各园区主要指标", "单位：亿元"),
        ("园区", "产值", "税收"),
        (names[0], 45.5, 1.2),
    )
    assert values(found) == [
        (PARK, "output", "2022-01/2022-09", 455_000),
        (PARK, "tax", "2022-01/2022-09", 12_000),
    ]


def test_a_column_for_each_year(words, names):
    """Metric in a column, years in the heading; or both in one heading."""
    found = rows(
        words,
        ("园区", "指标", "单位", "2020年", 2021),
        (names[0], "产值", "亿元", 40, 45.5),
        (names[0], "从业人员", "人", 3300, 3400),
    )
    assert values(found) == [
        (PARK, "output", "2020", 400_000),
        (PARK, "output", "2021", 455_000),
        (PARK, "jobs", "2020", 3300),
        (PARK, "jobs", "2021", 3400),
    ]
    both = rows(
        words, ("单位", "2020年产值（万元）", "2021年产值（万元）"), (names[0], 400_000, 455_000)
    )
    assert [v[2:] for v in values(both)] == [("2020", 400_000), ("2021", 455_000)]


@pytest.mark.parametrize("merged", [True, False])
def test_two_rows_of_headings(words, names, merged):
    """Years below a metric, or units below a heading, belong to it, merged or not."""
    found = rows(
        words,
        ("园区", "产值（亿元）", None, "从业人员", None),
        (None, "2020年", "2021年", "2020年", "2021年"),
        (names[0], 40, 45.5, 3300, 3400),
        merged=[(1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5)] if merged else [],
    )
    assert [v[1:] for v in values(found)] == [
        ("output", "2020", 400_000),
        ("output", "2021", 455_000),
        ("jobs", "2020", 3300),
        ("jobs", "2021", 3400),
    ]
    units = rows(
        words,
        ("园区", "年份", "产值", "税收"),
        (None, None, "亿元", "万元"),
        (names[0], 2021, 2, 3),
    )
    assert [v[3] for v in values(units)] == [20_000, 3]


def test_totals_examples_and_notes_are_no_values(words, names):
    """A total that does not say of what is left out with a warning, an example and notes in silence."""
    found = rows(
        words,
        LONG,
        ("示例（本行不导入）", "产值", 2021, 1, "万元"),
        (names[0], "产值", 2021, 1, "万元"),
        ("合计", "产值", 2021, 1, "万元"),
        ("园区合计", "产值", 2021, 1, "万元"),
        ("注：快报数", None, None, None, None),
        (None, None, None, None, None),
    )
    assert [v[0] for v in values(found)] == [PARK, "parks"]
    assert codes(found.warnings) == ["series_total"]
    assert found.warnings[0].row == 4


def test_every_fault_is_named_at_once(words, names):
    """All faults of a file come together, each with row, heading and what was read, in Chinese."""
    found = rows(
        words,
        (*LONG, "性质", "口径", "来源网址", "来源等级"),
        ("没有的园区", "产值", 2021, 1, "万元", "", "", "", ""),
        (names[0], "幸福感", 2021, 1, "万元", "", "", "", ""),
        (names[0], "产值", "三季度", 1, "万元", "", "", "", ""),
        (names[0], "产值", 2021, "约1", "万元", "", "", "", ""),
        (names[0], "产值", 2020, 1, "斤", "", "", "", ""),
        (names[0], "产值", 2019, 1, "万元", "也许", "", "", ""),
        (names[0], "面积", 2018, 1, "公顷", "", "大的", "", ""),
        (names[0], "产值", 2017, 1, "万元", "", "", "javascript:alert(1)", "Z"),
        ("", "产值", 2016, 1, "万元", "", "", "", ""),
        (names[0], "", "", 1, "万元", "", "", "", ""),
    )
    assert [(f.row, f.col, f.code) for f in found.errors] == [
        (2, "园区", "series_place"),
        (3, "指标", "series_metric"),
        (4, "时期", "series_period"),
        (5, "数值", "money_unreadable"),
        (6, "单位", "series_unit_unknown"),
        (7, "性质", "series_status"),
        (8, "口径", "series_area_kind"),
        (9, "来源网址", "series_url"),
        (9, "来源等级", "series_grade"),
        (10, "园区", "value_missing"),
        (11, "指标", "value_missing"),
        (11, "时期", "value_missing"),
    ]
    for fault in found.errors:
        for language in ("zh", "en"):
            assert str(fault.row) in messages.line(fault, language)


def test_one_figure_stated_twice(words, names):
    """Twice the same is once; two values of one point are a fault that names the first row."""
    line = (names[0], "产值", 2021, 1, "万元")
    assert len(values(rows(words, LONG, line, line))) == 1
    found = rows(words, LONG, line, (names[0], "产值", "2021年", 2, "万元"))
    assert [(f.code, f.row, f.details["first"]) for f in found.errors] == [("series_twice", 3, 2)]


def test_a_scope_that_is_no_area_goes_into_the_note(words, names):
    """口径 beside an output is not a kind of area; it is kept as words."""
    found = rows(words, (*LONG, "口径"), (names[0], "产值", 2021, 1, "万元", "法人在地"))
    assert values(found)
    assert (found.reads[0].point.area_kind, found.reads[0].point.note) == ("", "口径：法人在地")


def test_what_is_no_table_says_so(words, names):
    """A file without a table, one without values, and columns that mean nothing are said."""
    assert codes(rows(words, ("姓名", "电话"), ("甲", 1)).errors) == ["series_no_table"]
    assert codes(rows(words, LONG, (names[0], "产值", 2021, None, "万元")).errors) == [
        "series_no_values"
    ]
    assert codes(rows(words, (*LONG, "数值"), (names[0], "产值", 2021, 1, "万元", 2)).errors) == [
        "series_column_twice"
    ]
    odd = rows(words, (*LONG, "天气"), (names[0], "产值", 2021, 1, "万元", "晴"))
    assert (codes(odd.warnings), odd.warnings[0].col) == (["column_unrecognised"], "天气")
    hidden = read(words, sheet(LONG, (names[0], "产值", 2021, 1, "万元"), hidden=True))
    assert codes(hidden.errors) == ["series_no_table"]


def test_text_is_data(words, names):
    """Formulas and markup in texts are kept as texts; a formula without a result is a fault."""
    nasty = "=cmd|' /C calc'!A0<script>alert(1)</script>{{7*7}}"
    found = rows(words, (*LONG, "来源"), (names[0], "产值", 2021, 1, "万元", nasty))
    assert found.reads[0].point.source == nasty
    broken = rows(words, LONG, (names[0], "产值", 2021, nasty, "万元"))
    assert len(broken.errors) == 1


def test_the_template_reads_back_as_nothing(words, tmp_path):
    """A template has all headings, says how to fill in, and has neither value nor fault but that."""
    file = tmp_path / "t.xlsx"
    for language in ("zh", "en"):
        file.write_bytes(template.write(words, language=language))
        found = listing.read(reading.read(file, limits=Limits()), words)
        assert codes(found.errors) == ["series_no_values"]
        assert found.warnings == ()
    assert set(template.COLUMNS) <= set(FIELDS)


def test_a_filled_template_is_read(words, tmp_path, names):
    """What is filled into the template under its headings arrives."""
    book = openpyxl.load_workbook(io.BytesIO(template.write(words)))
    page = book.worksheets[1]
    for column, value in enumerate((names[0], "税收", "2021", 12, "万元", "预计"), start=1):
        page.cell(3, column, value)
    file = tmp_path / "t.xlsx"
    book.save(file)
    found = listing.read(reading.read(file, limits=Limits()), words)
    assert values(found) == [(PARK, "tax", "2021", 12)]
    assert found.reads[0].point.status == "estimate"
    assert (found.reads[0].point.internal, found.reads[0].stated) == (False, frozenset())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("said", "internal"), [("是", True), ("yes", True), ("否", False), ("No", False)]
)
def test_the_template_says_what_is_internal(words, tmp_path, names, language, said, internal):
    """Yes and no of either language are read back from the template's own column, offered there."""
    book = openpyxl.load_workbook(io.BytesIO(template.write(words, language=language)))
    page = book.worksheets[1]
    column = 1 + template.COLUMNS.index("internal")
    assert page.cell(1, column).value == "是否内部"
    rules = [str(rule.sqref) for rule in page.data_validations.dataValidation]
    assert any(sqref.startswith(page.cell(2, column).coordinate) for sqref in rules)
    offered = {str(cell.value) for line in book.worksheets[2].iter_rows() for cell in line}
    assert ({"是", "否"} if language == "zh" else {"yes", "no"}) <= offered
    for at, value in enumerate((names[0], "税收", "2021", 12, "万元"), start=1):
        page.cell(3, at, value)
    page.cell(3, column, said)
    file = tmp_path / "t.xlsx"
    book.save(file)
    found = listing.read(reading.read(file, limits=Limits()), words)
    assert found.errors == ()
    (one,) = found.reads
    assert one.point.internal is internal
    assert "internal" in one.stated


@pytest.mark.parametrize("order", [("是", "否"), ("否", "是"), ("", "yes")])
def test_what_one_row_hides_no_other_shows(words, names, order):
    """The same value in two rows is internal if either says so; what is neither yes nor no is a fault."""
    head = (*LONG, "内部")
    twice = [(names[0], "税收", 2021, 12, "万元", said) for said in order]
    (one,) = rows(words, head, *twice).reads
    assert one.point.internal
    assert "internal" in one.stated
    wrong = rows(words, head, (names[0], "税收", 2021, 12, "万元", "也许"))
    assert codes(wrong.errors) == ["flag_unknown"]
