"""The table is found wherever it stands and however its heading is built."""

from __future__ import annotations

import pytest

from geo.errors import GeoError
from geo.intake import headers
from tests.geo.intake.sheets import HEADINGS, codes, project, read, sheet

PLAIN = ["项目名称", "所属县区", "总投资（万元）"]
HERE = ["甲", "东港市", 12000]


def fields(intake):
    return [
        tuple(r.fields.get(f) for f in ("name", "county", "invest_wan")) for r in intake.records
    ]


RIGHT = [("甲", "210681", 12000)]


def test_every_heading_of_the_issue_is_read(lexicon):
    """The headings that the issue names are read without a word, whatever their order."""
    for headings in (HEADINGS, HEADINGS[::-1]):
        (table,) = headers.tables(sheet(headings, ["x"]), lexicon)
        assert table.errors == table.warnings == ()
        assert {c.heading for c in table.columns} == set(HEADINGS)
        assert all(c.field for c in table.columns)


@pytest.mark.parametrize("before", [0, 1, 3, 40, 150])
def test_a_heading_may_start_anywhere(lexicon, before):
    """Titles, notes and blank rows above the heading do not hide it, and rows keep their numbers."""
    lines = [["某市重点项目一览表"], ["填报单位：某局", None, "单位：万元"], [None]] * 50
    intake = read(lexicon, sheet(*lines[:before], PLAIN, HERE))
    assert fields(intake) == RIGHT
    assert intake.records[0].row == before + 2


def test_a_heading_may_start_in_any_column(lexicon):
    """Empty columns before the heading do not matter."""
    intake = read(lexicon, sheet([None, None, *PLAIN], [None, None, *HERE]))
    assert fields(intake) == RIGHT


def test_a_unit_above_the_table_counts(lexicon):
    """A unit above the table holds for the columns that state none of their own."""
    table = sheet(
        ["一览表"],
        ["单位：亿元"],
        ["项目名称", "所属县区", "总投资", "年度计划投资（万元）"],
        ["甲", "东港市", 1.2, 3000],
    )
    found = read(lexicon, table).records[0].fields
    assert (found["invest_wan"], found["plan_wan"]) == (12000, 3000)


def test_a_row_of_units_counts(lexicon):
    """A row of units below the headings gives each column its own, and is no project."""
    table = sheet(
        ["项目名称", "所属县区", "总投资", "年度计划投资", "形象进度"],
        [None, None, "亿元", "（万元）", "%"],
        ["甲", "东港市", 1.2, 3000, 50],
    )
    intake = read(lexicon, table)
    assert intake.errors == ()
    found = intake.records[0].fields
    assert (found["invest_wan"], found["plan_wan"], found["progress_pct"]) == (12000, 3000, 50)


def test_one_unit_between_heading_and_rows_is_the_tables(lexicon):
    """单位：万元 alone in the row below the heading holds for the whole table."""
    table = sheet(["项目名称", "所属县区", "总投资"], [None, None, "单位：万元"], HERE)
    assert fields(read(lexicon, table)) == RIGHT
    left = sheet(["项目名称", "所属县区", "总投资"], ["单位：万元"], HERE)
    assert fields(read(lexicon, left)) == RIGHT


def test_a_row_of_column_numbers_is_passed_over(lexicon):
    """The row 1 2 3 or 甲 乙 丙 below the headings is no project."""
    for marks in (["1", "2", "3"], [1, 2, 3], ["甲", "乙", "丙"], ["(1)", "(2)", "(3)"]):
        intake = read(lexicon, sheet(PLAIN, marks, HERE))
        assert fields(intake) == RIGHT


def test_no_unit_anywhere_is_an_error_at_the_heading(lexicon):
    """A unit is never supposed: the column is refused once, with how many cells and the first."""
    rows = [["甲", "东港市", 1], ["乙", "东港市", 2]]
    intake = read(lexicon, sheet(["项目名称", "所属县区", "总投资"], *rows))
    (fault,) = intake.errors
    assert (fault.row, fault.col, fault.code) == (1, "总投资", "unit_unknown")
    assert fault.details == {"count": 2, "first": 2}


def test_cells_with_their_own_units_need_no_other(lexicon):
    """Where every cell states its unit, the heading needs none."""
    intake = read(lexicon, sheet(["项目名称", "所属县区", "总投资"], ["甲", "东港市", "1.2亿元"]))
    assert fields(intake) == RIGHT
    assert intake.errors == intake.warnings == ()


@pytest.mark.parametrize(
    ("above", "heading", "row"),
    [("单位：万元 单位：亿元", "总投资", None), ("", "总投资（亿元）", "万元")],
)
def test_units_that_contradict_each_other_are_refused(lexicon, above, heading, row):
    """Two units for one column are not chosen between."""
    units = [[None, None, row]] if row else []
    table = sheet([above], ["项目名称", "所属县区", heading], *units, ["甲", "东港市", 1.2])
    assert codes(read(lexicon, table).errors) in (["unit_unknown"], ["unit_conflict"])


def test_a_heading_on_two_levels(lexicon):
    """Merged groups over parts are read together, units of the group included."""
    table = sheet(
        ["序号", "项目名称", "县（市、区）", "投资情况（亿元）", None, None, "建设时间", None],
        [None, None, None, "总投资", "年度计划", "累计完成", "开工", "竣工"],
        [1, "甲", "东港市", 1.2, 0.3, 0.1, "2021.3", "2023.10"],
        merged=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 6), (1, 7, 1, 8)],
    )
    intake = read(lexicon, table)
    assert intake.errors == intake.warnings == ()
    found = intake.records[0].fields
    assert (found["invest_wan"], found["plan_wan"], found["done_wan"]) == (12000, 3000, 1000)
    assert (found["start_date"], found["end_date"]) == ("2021-03", "2023-10")


def test_a_heading_on_two_levels_without_merges(lexicon):
    """A group whose cells are not merged reaches to the next one."""
    table = sheet(
        ["序号", "项目名称", "所属县区", "投资情况（万元）", None, "坐标（WGS84）", None],
        [None, None, None, "总投资", "年度计划", "经度", "纬度"],
        [1, "甲", "东港市", 12000, 3000, 124.2, 39.98],
    )
    intake = read(lexicon, table)
    assert intake.errors == intake.warnings == ()
    found = intake.records[0].fields
    assert (found["invest_wan"], found["plan_wan"], found["lon"]) == (12000, 3000, 124.2)


def test_groups_above_the_row_of_names(lexicon):
    """Groups over a complete row of headings lend it their unit."""
    table = sheet(
        ["某市重点项目一览表"],
        ["基本情况", None, "投资情况（万元）", None],
        ["项目名称", "所属县区", "总投资", "年度计划"],
        ["甲", "东港市", 12000, 3000],
        merged=[(1, 1, 1, 4), (2, 1, 2, 2), (2, 3, 2, 4)],
    )
    intake = read(lexicon, table)
    assert fields(intake) == RIGHT
    assert intake.warnings == ()


def test_a_heading_on_three_levels_with_units(lexicon):
    """Three levels and a row of units below them are one heading."""
    table = sheet(
        ["项目名称", "所属县区", "投资", None, None],
        [None, None, "总投资", "年度计划投资", None],
        [None, None, None, "2023年", "其中：中央"],
        [None, None, "万元", "万元", "万元"],
        ["甲", "东港市", 12000, 3000, 5],
        merged=[(1, 1, 3, 1), (1, 2, 3, 2), (1, 3, 1, 5), (2, 3, 3, 3), (2, 4, 2, 5)],
    )
    intake = read(lexicon, table)
    assert intake.errors == ()
    found = intake.records[0].fields
    assert (found["invest_wan"], found["plan_wan"], found["plan_year"]) == (12000, 3000, "2023")
    assert [(f.code, f.col) for f in intake.warnings] == [("column_unrecognised", "其中：中央")]


def test_a_heading_merged_over_two_columns_is_one_column(lexicon):
    """A name merged over two columns, heading and rows alike, is one name."""
    table = sheet(
        ["项目名称", None, "所属县区", "总投资（万元）"],
        ["甲", None, "东港市", 12000],
        merged=[(1, 1, 1, 2), (2, 1, 2, 2)],
    )
    assert fields(read(lexicon, table)) == RIGHT


def test_two_columns_for_one_field_are_an_error_naming_both(lexicon):
    """建设单位 and 项目业主 in one table cannot be chosen between."""
    table = sheet([*PLAIN, "建设单位", "项目业主"], [*HERE, "某公司", "另一公司"])
    (fault,) = read(lexicon, table).errors
    assert (fault.code, fault.row, fault.col) == ("column_ambiguous", 1, "项目业主")
    assert "建设单位" in str(fault.details["headings"])
    assert "项目业主" in str(fault.details["headings"])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"牵头单位": ""}, ("工信局", None)),
        ({"责任单位": ""}, ("商务局", None)),
        ({"责任单位": "responsible", "牵头单位": "remark"}, ("工信局", "商务局")),
        ({"责任单位": "remark"}, ("商务局", "工信局")),
    ],
)
def test_what_two_columns_of_one_field_are_can_be_said(lexicon, said, found):
    """The fault names both columns and the field, and each can be said to be another one or nothing."""
    table = sheet([*PLAIN, "责任单位", "牵头单位"], [*HERE, "工信局", "商务局"])
    (fault,) = read(lexicon, table).errors
    assert fault.code == "column_ambiguous"
    assert fault.details["columns"] == ("责任单位", "牵头单位")
    assert fault.details["id"] == "responsible"
    settled = read(lexicon, table, mapping=said)
    assert settled.errors == settled.warnings == ()
    got = settled.records[0].fields
    assert (got.get("responsible"), got.get("remark")) == found
    both = read(lexicon, table, mapping=dict.fromkeys(("责任单位", "牵头单位"), "responsible"))
    assert codes(both.errors) == ["column_ambiguous"]


def test_two_headings_that_are_equal_cannot_be_told_apart(lexicon):
    """Columns of the very same heading are named as a fault, and nothing is asked about them."""
    table = sheet([*PLAIN, "责任单位", "责任单位"], [*HERE, "工信局", "商务局"])
    (fault,) = read(lexicon, table).errors
    assert fault.code == "column_ambiguous"
    assert fault.details["columns"] == ()


def test_plans_of_two_years_are_not_chosen_between(lexicon):
    """The plans of two years in one table are an error, until one is left out."""
    headings = ["项目名称", "所属县区", "2022年度计划投资（万元）", "2023年度计划投资（万元）"]
    table = sheet(headings, ["甲", "东港市", 1000, 2000])
    assert codes(read(lexicon, table).errors) == ["column_ambiguous"]
    settled = read(lexicon, table, mapping={"2022年度计划投资（万元）": ""})
    assert settled.errors == settled.warnings == ()
    assert settled.records[0].fields["plan_wan"] == 2000
    assert settled.records[0].fields["plan_year"] == "2023"


def test_the_total_is_preferred_to_the_years_amount(lexicon):
    """Where there is a project's own total, what was done in the year is not read, and said so."""
    headings = [
        *PLAIN,
        "累计完成投资（万元）",
        "2023年1-12月累计完成投资（万元）",
        "01月完成投资（万元）",
    ]
    intake = read(lexicon, sheet(headings, [*HERE, 9000, 3000, 100]))
    assert intake.records[0].fields["done_wan"] == 9000
    assert codes(intake.warnings) == ["column_not_used", "column_monthly"]


def test_an_unknown_column_is_said_and_can_be_mapped(lexicon):
    """An unknown heading is a warning; a mapping gives it a field or leaves it out."""
    table = sheet([*PLAIN, "牵头人"], [*HERE, "王某"])
    plain = read(lexicon, table)
    assert [(f.code, f.col) for f in plain.warnings] == [("column_unrecognised", "牵头人")]
    mapped = read(lexicon, table, mapping={"牵头人": "leader"})
    assert mapped.records[0].fields["leader"] == "王某"
    assert mapped.warnings == ()
    assert read(lexicon, table, mapping={"牵头人": ""}).warnings == ()


def test_a_mapping_finds_a_table_without_known_names(lexicon):
    """With its headings mapped, a table that has none of the usual ones is read."""
    table = sheet(["标的", "哪里", "多少（万元）"], HERE)
    mapping = {"标的": "name", "哪里": "county", "多少（万元）": "invest_wan"}
    assert fields(read(lexicon, table, mapping=mapping)) == RIGHT


def test_a_mapping_to_no_field_is_refused(lexicon):
    """A field that does not exist is an error of the call, not of the file."""
    with pytest.raises(GeoError, match="field_unknown"):
        read(lexicon, sheet(PLAIN, HERE), mapping={"总投资": "budget"})


def test_required_columns(lexicon):
    """Without a name or a county column the file is refused as a whole, saying what is missing."""
    no_county = read(lexicon, sheet(["项目名称", "总投资（万元）"], ["甲", 12000]))
    assert [(f.code, f.row, f.col) for f in no_county.errors] == [("column_missing", None, None)]
    no_name = read(lexicon, sheet(["所属县区", "总投资（万元）", "建设单位"], ["东港市", 1, "x"]))
    assert [f.details["field"] for f in no_name.errors] == ["项目名称"]


def test_a_file_without_a_table(lexicon):
    """A file in which no heading is found is refused with one error."""
    intake = read(lexicon, sheet(["会议纪要"], ["今天开会。"]))
    assert codes(intake.errors) == ["no_table"]
    assert codes(read(lexicon).errors) == ["no_table"]
    assert codes(read(lexicon, sheet(PLAIN)).errors) == ["no_rows"]


def test_columns_without_a_heading_are_said(lexicon):
    """Values under no heading are not read, and the columns are named as the spreadsheet does."""
    intake = read(lexicon, sheet(PLAIN, [*HERE, None, "旁注"]))
    assert [(f.code, f.details) for f in intake.warnings] == [("column_unnamed", {"columns": "E"})]
    assert headers.letter(0) == "A"
    assert headers.letter(26) == "AA"


def test_a_second_table_in_the_same_sheet(lexicon):
    """Tables below one another are both read, each with its own heading and their common unit."""
    table = sheet(
        ["单位：万元"],
        ["项目名称", "所属县区", "总投资"],
        HERE,
        [None],
        ["二、新开工项目"],
        ["所属县区", "项目名称", "总投资"],
        ["凤城市", "乙", 5000],
    )
    assert fields(read(lexicon, table)) == [*RIGHT, ("乙", "210682", 5000)]


def test_a_heading_repeated_on_each_page_is_no_project(lexicon):
    """The heading printed again on a later page is passed over."""
    table = sheet(PLAIN, HERE, PLAIN, ["乙", "东港市", 1])
    assert fields(read(lexicon, table)) == [*RIGHT, ("乙", "210681", 1)]


def test_real_headings(lexicon):
    """The headings of published lists are read as they are printed."""
    chengdu = sheet(
        ["(单位:万元)"],
        [
            "序号",
            "项目名称",
            "建设阶段",
            "总投资",
            "2009年计划投资",
            "项目业主",
            "牵头协调部门",
            "牵头区领导",
            "区县",
        ],
        [1, "甲", "在建", 100, 20, "某公司", "某局", "某人", "东港"],
        ["合计", None, None, 100, 20],
    )
    found = read(lexicon, chengdu)
    assert found.errors == ()
    assert found.records[0].fields["plan_year"] == "2009"
    assert found.warnings == ()
    people = [found.records[0].fields[name] for name in ("owner", "responsible", "leader")]
    assert people == ["某公司", "某局", "某人"]
    export = sheet(
        [
            "项目名称",
            "项目代码",
            "项目工期",
            "责任单位",
            "建设单位",
            "总投资（亿元）",
            "年度计划投资（万元）",
            "年度累计完成投资（万元）",
            "年度投资完成率",
            "县区",
        ],
        ["甲", None, "2年", "某局", "某公司", 1.2, 3000, 1000, 0.3, "东港"],
    )
    found = read(lexicon, export)
    assert found.errors == ()
    assert found.records[0].fields["invest_wan"] == 12000
    assert found.records[0].fields["done_wan"] == 1000
    assert found.records[0].fields["responsible"] == "某局"
    assert found.records[0].fields["owner"] == "某公司"
    page = sheet(
        [
            "月份",
            "项目名称",
            "建设单位",
            "年度计划投资（万元）",
            "是否开工",
            "当月已完成投资（万元）",
            "当月至今已完成（万元）",
            "形象进度",
            "所属辖区",
        ],
        ["3月", "甲", "某公司", 3000, "未开工", 10, 20, "基础施工", "东港"],
    )
    found = read(lexicon, page)
    assert found.errors == ()
    fields_ = found.records[0].fields
    assert (fields_["stage"], fields_["done_wan"]) == ("prep", 20)
    assert fields_["progress_note"] == "基础施工"


def test_who_builds_who_answers_and_who_leads_are_three_columns(lexicon):
    """Responsible unit, owner and leader side by side are three fields, several units stay as written."""
    titles = ["责任单位", "建设单位", "包保领导"]
    intake = read(
        lexicon,
        sheet(
            ["项目名称", "所属县区", *titles],
            ["甲", "东港市", "工信局，商务局", "甲公司", "张某"],
            ["乙", "东港市", None, "乙公司", None],
        ),
    )
    assert intake.errors == intake.warnings == ()
    found = [[r.fields[n] for n in ("responsible", "owner", "leader")] for r in intake.records]
    assert found == [["工信局，商务局", "甲公司", "张某"], [None, "乙公司", None]]


def test_a_vaguer_authority_serves_only_alone(lexicon):
    """主管部门 is the responsible unit, and said to be, unless 责任单位 stands beside it; of two certain ones none is guessed."""
    row = ["甲", "东港市", "发改局", "工信局"]
    alone = read(lexicon, sheet(["项目名称", "所属县区", "主管部门"], row[:3]))
    assert alone.records[0].fields["responsible"] == "发改局"
    assert codes(alone.warnings) == ["column_weak"]
    beside = read(lexicon, sheet(["项目名称", "所属县区", "主管部门", "责任单位"], row))
    assert beside.records[0].fields["responsible"] == "工信局"
    assert codes(beside.warnings) == ["column_not_used"]
    two = read(lexicon, sheet(["项目名称", "所属县区", "牵头单位", "责任单位"], row))
    assert codes(two.errors) == ["column_ambiguous"]


def test_the_county_may_be_what_the_place_begins_with(lexicon):
    """Without a county column, an address that begins with a county gives it, and this is said."""
    rows = [["甲", "丹东市东港市前阳镇"], ["乙", "辽宁省丹东市宽甸县城南"]]
    intake = read(lexicon, sheet(["项目名称", "建设地点"], *rows))
    assert [r.fields["county"] for r in intake.records] == ["210681", "210624"]
    assert codes(intake.warnings) == ["county_from_place"]
    wrong = read(lexicon, sheet(["项目名称", "建设地点"], ["甲", "前阳镇"]))
    assert [(f.code, f.row, f.col) for f in wrong.errors] == [
        ("county_not_in_place", 2, "建设地点")
    ]


def test_project_rows_helper_is_complete(lexicon):
    """A row with only name and county is a project with nothing else known."""
    intake = read(lexicon, sheet(HEADINGS, project()))
    assert intake.errors == intake.warnings == ()
    assert {k for k, v in intake.records[0].fields.items() if v is not None} == {"name", "county"}


def test_an_overlarge_merge_is_refused(lexicon):
    """A merged range over millions of filled cells is refused instead of being filled in."""
    rows = [[None] * 250 + ["x"] for _ in range(9000)]
    with pytest.raises(GeoError, match="merged_too_many"):
        headers.tables(sheet(*rows, merged=[(1, 1, 9000, 250)]), lexicon)


def test_a_makeshift_heading_of_the_names_serves_beside_two_certain_ones(lexicon):
    """项目 alone is taken for the name where county and investment stand beside it, and said."""
    intake = read(lexicon, sheet(["项目", *PLAIN[1:]], HERE))
    assert (fields(intake), codes(intake.warnings)) == (RIGHT, ["column_weak"])


def test_the_parts_of_contact_and_phone(lexicon):
    """联系人及电话 over 姓名 and 电话 is both."""
    table = sheet(
        [*PLAIN, "联系人及电话", None],
        [None, None, None, "姓名", "电话"],
        [*HERE, "张三", "13900000000"],
        merged=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 5)],
    )
    (record,) = read(lexicon, table).records
    assert (record.fields["contact"], record.fields["phone"]) == ("张三", "13900000000")
