"""Rows become records; whatever is wrong is said at once, at its row and column."""

from __future__ import annotations

import pytest
import shapely

from geo.exchange.reading.grid import UNCACHED, Book, Cell
from geo.intake import records
from tests.geo.intake.sheets import HEADINGS, cell, codes, one, project, read, sheet

NAMES = ["项目名称", "所属县区"]


def names(intake):
    return [r.fields["name"] for r in intake.records]


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, 100],
        ["小计", None, None, 100],
        ["总计", None, None, 100],
        ["合 计", None, None, 100],
        [None, "合计", None, 100],
        [None, "合计（2个）", None, 100],
        [None, "全市合计", None, 100],
        ["东港市小计", None, None, 100],
        [None, "其中：新开工", None, 60],
        [None, "其中新开工", None, 60],
        [None, "共2个项目", None, 100],
        ["一、续建项目"],
        ["一、续建项目（2个）", None, None, 100],
        ["一", "续建项目", None, 100],
        ["（一）", "工业项目", None, 100],
        [None, "续建项目（2个）"],
        [None, "续建类"],
        [None, "东港市"],
        ["注：数据截至3月底"],
        ["填表人：张三", None, "审核人：李四"],
        [None, None, None, None],
        ["  ", None],
        [9],
        ["示例", "示例项目", "东港市", 100],
    ],
)
def test_rows_that_are_no_projects(lexicon, row):
    """Totals, sections, notes, blanks, numbered blanks and the template's example are passed over."""
    table = sheet(
        ["序号", "项目名称", "所属县区", "总投资（万元）"],
        [1, "甲", "东港市", 60],
        row,
        [2, "乙", "东港市", 40],
    )
    intake = read(lexicon, table)
    assert intake.errors == ()
    assert names(intake) == ["甲", "乙"]
    assert [r.row for r in intake.records] == [2, 4]


@pytest.mark.parametrize(
    "name",
    [
        "联合计算中心",
        "小计量泵项目",
        "其中路改造",
        "二期合计产能提升项目",
        "总计控中心",
        "一体化项目",
    ],
)
def test_projects_that_sound_like_totals(lexicon, name):
    """A project whose name holds 合计 or begins like a section is a project."""
    intake = read(lexicon, sheet([*NAMES, "总投资（万元）"], [name, "东港市", 100]))
    assert names(intake) == [name]


def test_a_row_with_only_a_name_is_not_dropped(lexicon):
    """A project without its county is an error, not a row that vanishes."""
    intake = read(lexicon, sheet(["序号", *NAMES], [1, "甲", "东港市"], [2, "乙"]))
    assert [(f.code, f.row, f.col) for f in intake.errors] == [("value_missing", 3, "所属县区")]
    bare = read(lexicon, sheet(NAMES, ["甲", "东港市"], ["乙"]))
    assert [(f.code, f.row, f.col) for f in bare.errors] == [("value_missing", 3, "所属县区")]


def test_a_name_alone_without_its_number_is_said(lexicon):
    """In a numbered list a name alone is taken for a section's title, and the row is named."""
    rows = [[None, "工业项目"], [1, "甲", "东港市"]]
    intake = read(lexicon, sheet(["序号", *NAMES], *rows))
    assert names(intake) == ["甲"]
    assert [(f.code, f.row) for f in intake.warnings] == [("row_as_section", 2)]


def test_progress_is_told(lexicon):
    """A long list tells how much of it has been read, up to the whole."""
    told: list[float] = []
    rows = [[f"项目{n}", "东港市"] for n in range(400)]
    read(lexicon, sheet(NAMES, *rows), progress=told.append)
    assert told == [0.5, 1.0]


def test_a_row_without_a_name_is_an_error(lexicon):
    """A row with values but no name is reported at the name's column."""
    intake = read(lexicon, sheet([*NAMES, "建设单位"], [None, "东港市", "某公司"]))
    assert [(f.code, f.row, f.col) for f in intake.errors] == [("value_missing", 2, "项目名称")]


def test_values_merged_over_rows_are_filled_down(lexicon):
    """A county or a unit merged over several projects holds for each of them."""
    table = sheet(
        ["所属县区", "项目名称", "建设单位"],
        ["东港市", "甲", "某公司"],
        [None, "乙", None],
        [None, "丙", "另一公司"],
        merged=[(2, 1, 4, 1), (2, 3, 3, 3)],
    )
    intake = read(lexicon, table)
    assert intake.errors == ()
    assert [r.fields["county"] for r in intake.records] == ["210681"] * 3
    assert [r.fields["owner"] for r in intake.records] == ["某公司", "某公司", "另一公司"]


def test_an_amount_merged_over_projects_is_refused(lexicon):
    """An amount for several projects belongs to none of them: counted for each it would double."""
    table = sheet(
        [*NAMES, "总投资（万元）"],
        ["甲", "东港市", 100],
        ["乙", "东港市", None],
        merged=[(2, 3, 3, 3)],
    )
    intake = read(lexicon, table)
    assert [(f.code, f.row, f.col) for f in intake.errors] == [
        ("amount_merged", 2, "总投资（万元）")
    ]


def test_a_project_that_is_two_rows_high_is_one(lexicon):
    """A project whose cells are all merged over two rows is read once."""
    table = sheet(
        [*NAMES, "总投资（万元）"],
        ["甲", "东港市", 100],
        [None, None, None],
        ["乙", "东港市", 50],
        merged=[(2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3)],
    )
    intake = read(lexicon, table)
    assert intake.errors == ()
    assert [(r.row, r.fields["invest_wan"]) for r in intake.records] == [(2, 100), (4, 50)]


def test_hidden_columns_are_read_and_said(lexicon):
    """What is read of a hidden column is said once, by its letter; one that is not read is not."""
    headings = [*NAMES, "备注", "怪列"]
    rows = ["甲", "东港市", "旧话", "x"]
    intake = read(lexicon, sheet(headings, rows, hidden_columns=[(3, 4), (9, 16384)]))
    assert intake.records[0].fields["remark"] == "旧话"
    (fault,) = [fault for fault in intake.warnings if fault.code == "columns_hidden"]
    assert (fault.row, fault.details) == (1, {"count": 1, "columns": "C"})


def test_hidden_rows_are_read_and_said(lexicon):
    """A filtered list is read whole; the hidden rows are named once."""
    rows = [[f"项目{n}", "东港市"] for n in range(2, 9)]
    intake = read(lexicon, sheet(NAMES, *rows, hidden_rows=[3, 4, 5, 7]))
    assert len(intake.records) == 7
    (fault,) = intake.warnings
    assert (fault.code, fault.row) == ("rows_hidden", 3)
    assert fault.details == {"count": 4, "rows": "3–5, 7"}


def test_sheets(lexicon):
    """Every sheet with a table is read; an instruction and a hidden sheet are passed over and said."""
    intake = read(
        lexicon,
        sheet(["填报要求"], ["请逐项填写。"], name="要求"),
        sheet(NAMES, ["甲", "东港市"], name="续建"),
        sheet(NAMES, ["丙", "东港市"], name="旧", hidden=True),
        sheet([None], name="Sheet3"),
        sheet(NAMES, ["乙", "凤城市"], name="新开工"),
        sheet(
            ["所属县区", "项目个数", "总投资", "年度计划投资", "累计完成投资"],
            ["东港市", 2],
            name="汇总",
        ),
        sheet(["项目名称", "说明"], ["填写全称"], name="填写说明"),
    )
    assert intake.errors == ()
    assert [(r.sheet, r.row, r.fields["name"]) for r in intake.records] == [
        ("续建", 2, "甲"),
        ("新开工", 2, "乙"),
    ]
    assert [(f.code, f.sheet) for f in intake.warnings] == [
        ("sheet_without_table", "要求"),
        ("sheet_hidden", "旧"),
        ("sheet_without_table", "汇总"),
    ]


def test_sections_may_give_the_county(lexicon):
    """Without a county column, section rows or the sheet's name give the county, and this is said."""
    table = sheet(
        ["序号", "项目名称"],
        ["一、东港市（1个）"],
        [1, "甲"],
        ["二、宽甸县（1个）"],
        [1, "乙"],
    )
    intake = read(lexicon, table)
    assert intake.errors == ()
    assert [r.fields["county"] for r in intake.records] == ["210681", "210624"]
    assert codes(intake.warnings) == ["county_from_section"]
    named = read(lexicon, sheet(["序号", "项目名称"], [1, "甲"], name="凤城市"))
    assert [r.fields["county"] for r in named.records] == ["210682"]


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("东港市", "210681"),
        ("东港", "210681"),
        ("丹东市东港市", "210681"),
        ("丹东东港", "210681"),
        ("辽宁省丹东市东港市", "210681"),
        ("凤城", "210682"),
        ("宽甸县", "210624"),
        ("宽甸", "210624"),
        ("宽甸满族自治县", "210624"),
        ("振兴区", "210603"),
        ("210604", "210604"),
        (210604, "210604"),
        ("２１０６０４", "210604"),
        (" 东 港 市 ", "210681"),
    ],
)
def test_counties(lexicon, stated, code):
    """A county is known by its name, its short name and its code."""
    assert one(lexicon, NAMES, ["甲", stated])["county"] == code


@pytest.mark.parametrize("stated", ["沈阳市", "丹东市", "全市", "东港市、凤城市", "某区", "210600"])
def test_what_is_no_county(lexicon, stated):
    """Another city, the city itself and two counties at once are refused with what is possible."""
    intake = read(lexicon, sheet(NAMES, ["甲", stated]))
    assert [(f.code, f.row, f.col) for f in intake.errors] == [("county_unknown", 2, "所属县区")]
    assert "凤城市" in str(intake.errors[0].details["expected"])


@pytest.mark.parametrize(
    ("county", "stated", "park", "noted"),
    [
        ("东港市", "前阳经济开发区", "qianyang", False),
        ("东港市", "丹东大孤山经济区", "dagushan", False),
        ("东港市", "大孤山经济区", "dagushan", False),
        ("东港市", "前阳经开区", "qianyang", True),
        ("东港市", "前阳开发区", "qianyang", True),
        ("振兴区", "边境经济合作区", "bec", False),
        ("振兴区", "合作区", "bec", False),
        ("振兴区", "丹东边境经济合作区新区装备制造园", "bec-equip", True),
        ("宽甸县", "城南高新技术产业园", "kuandian-south", False),
        ("振安区", "高新区", "hitech", False),
        ("东港市", "园区外", None, False),
        ("东港市", "无", None, False),
        ("东港市", "/", None, False),
    ],
)
def test_parks(lexicon, county, stated, park, noted):
    """A park is known by its name and its short name within the county; a guess is said."""
    intake = read(lexicon, sheet([*NAMES, "所属园区"], ["甲", county, stated]))
    assert intake.errors == ()
    assert intake.records[0].fields["park"] == park
    assert codes(intake.warnings) == (["name_matched"] if noted else [])


@pytest.mark.parametrize(
    ("county", "stated", "code"),
    [
        ("东港市", "经济开发区", "park_ambiguous"),
        ("东港市", "某某园区", "park_unknown"),
        ("凤城市", "前阳经济开发区", "park_other_county"),
        ("凤城市", "前阳开发区", "park_other_county"),
    ],
)
def test_parks_in_doubt(lexicon, county, stated, code):
    """A name that fits several parks lists them; a park of another county names both."""
    (fault,) = read(lexicon, sheet([*NAMES, "所属园区"], ["甲", county, stated])).errors
    assert (fault.code, fault.row, fault.col) == (code, 2, "所属园区")
    if code == "park_ambiguous":
        assert "东港经济开发区" in str(fault.details["expected"])
        assert "前阳经济开发区" in str(fault.details["expected"])
    if code == "park_other_county":
        assert (fault.details["found"], fault.details["stated"]) == ("东港市", "凤城市")


@pytest.mark.parametrize(
    ("stated", "industry"),
    [
        ("纺织服装", "textile"),
        ("仪器仪表", "instrument"),
        ("汽车零部件", "equip"),
        ("C36", "equip"),
        ("3670", "equip"),
        (3670, "equip"),
        ("C3670 汽车零部件及配件制造", "equip"),
        ("C265", "material"),
        ("New materials", "material"),
    ],
)
def test_industries(lexicon, stated, industry):
    """An industry is known by its name, part of it, or a GB/T 4754 code."""
    assert one(lexicon, [*NAMES, "所属产业"], ["甲", "东港市", stated])["industry"] == industry


@pytest.mark.parametrize("stated", ["制造业", "新", "A01", "产业"])
def test_what_is_no_industry(lexicon, stated):
    """A name that is no industry of the city, or could be several, is refused."""
    intake = read(lexicon, sheet([*NAMES, "所属产业"], ["甲", "东港市", stated]))
    assert codes(intake.errors)[0] in ("industry_unknown", "industry_ambiguous")


@pytest.mark.parametrize(
    ("stated", "stage"),
    [
        ("在建", "build"),
        ("续建", "build"),
        ("已开工", "start"),
        ("新开工", "start"),
        ("前期", "prep"),
        ("前期阶段", "prep"),
        ("储备项目", "reserve"),
        ("竣工投产", "run"),
        ("达产达效", "full"),
        ("洽谈中", "talk"),
        ("停工", "halt"),
    ],
)
def test_stages(lexicon, stated, stage):
    """A stage is known by its name and the synonyms of the dictionary."""
    assert one(lexicon, [*NAMES, "项目阶段"], ["甲", "东港市", stated])["stage"] == stage


@pytest.mark.parametrize(
    ("stated", "stage"),
    [("开工", "start"), ("未开工", "prep"), ("是", "start"), ("否", "prep"), (True, "start")],
)
def test_started_or_not_is_a_stage(lexicon, stated, stage):
    """是否开工 gives the stage where there is no column of stages."""
    assert one(lexicon, [*NAMES, "是否开工"], ["甲", "东港市", stated])["stage"] == stage


def test_started_or_not_beside_a_stage(lexicon):
    """Beside a column of stages, 是否开工 only warns where it does not agree."""
    headings = [*NAMES, "项目阶段", "是否开工"]
    rows = [["甲", "东港市", "在建", "是"], ["乙", "东港市", "签约", "已开工"]]
    intake = read(lexicon, sheet(headings, *rows))
    assert [r.fields["stage"] for r in intake.records] == ["build", "signed"]
    assert [(f.code, f.row) for f in intake.warnings] == [("started_differs", 3)]


@pytest.mark.parametrize(
    ("stated", "read_as", "warned"),
    [
        ("2201-210681-04-01-123456", "2201-210681-04-01-123456", []),
        ("２２０１－２１０６８１－０４－０１－１２３４５６", "2201-210681-04-01-123456", []),
        ("2201—210681—04—01—123456", "2201-210681-04-01-123456", []),
        ("22012106810401123456", "2201-210681-04-01-123456", []),
        ("2018-210681-04-01-123456", "2018-210681-04-01-123456", []),
        ("2201-210000-04-01-123456", "2201-210000-04-01-123456", ["code_region"]),
        ("丹发改〔2021〕8号", "丹发改[2021]8号", ["code_unknown_shape"]),
    ],
)
def test_codes(lexicon, stated, read_as, warned):
    """Codes of both national kinds are read; another region and another shape are said."""
    intake = read(lexicon, sheet(["项目代码", *NAMES], [stated, "甲", "东港市"]))
    assert intake.errors == ()
    assert codes(intake.warnings) == warned
    if "丹" not in stated:
        assert intake.records[0].fields["code"] == read_as


@pytest.mark.parametrize(
    "stated",
    [
        "2213-210681-04-01-123456",
        "2201-210681-04-01-12345",
        "2201-21068-04-01-123456",
        "2030-210681-04-01-123456",
    ],
)
def test_codes_that_are_wrong(lexicon, stated):
    """What was meant as a code and has a month 13 or a digit too few is refused."""
    intake = read(lexicon, sheet(["项目代码", *NAMES], [stated, "甲", "东港市"]))
    assert [(f.code, f.col) for f in intake.errors] == [("code_invalid", "项目代码")]


def test_a_code_that_has_lost_digits_is_refused(lexicon):
    """A code typed as a number has noughts for its last digits and is refused."""
    intake = read(lexicon, sheet(["项目代码", *NAMES], [22012106810401123456.0, "甲", "东港市"]))
    assert codes(intake.errors) == ["digits_lost"]


def test_duplicates_name_both_rows(lexicon):
    """A code twice, or a name twice in one county, is an error that names the other row."""
    code = "2201-210681-04-01-123456"
    headings = ["项目代码", *NAMES]
    rows = [
        [code, "甲", "东港市"],
        [None, "乙", "东港市"],
        [code, "丙", "东港市"],
        [None, "乙", "东港"],
        [None, "乙", "凤城"],
    ]
    intake = read(lexicon, sheet(headings, *rows))
    assert [(f.code, f.row, f.col, f.details["first"]) for f in intake.errors] == [
        ("duplicate_code", 4, "项目代码", "2"),
        ("duplicate_name", 5, "项目名称", "3"),
    ]


def test_duplicates_across_sheets_name_the_sheet(lexicon):
    """A project in two sheets is named with its sheet."""
    intake = read(
        lexicon, sheet(NAMES, ["甲", "东港"], name="一"), sheet(NAMES, ["甲", "东港"], name="二")
    )
    assert [(f.sheet, f.details["first"]) for f in intake.errors] == [("二", "一!2")]


def test_phases_with_codes_of_their_own_are_two_projects(lexicon):
    """One name with two codes is a warning: phases of a project have codes of their own."""
    rows = [["2201-210681-04-01-123456", "甲", "东港"], ["2202-210681-04-01-123456", "甲", "东港"]]
    intake = read(lexicon, sheet(["项目代码", *NAMES], *rows))
    assert intake.errors == ()
    assert codes(intake.warnings) == ["duplicate_name_other_code"]


def test_formulas_that_fail_are_errors_at_the_cell(lexicon):
    """An error value and a formula without a result are refused where they stand, if it is read."""
    table = sheet(
        [*NAMES, "总投资（万元）", "年度计划投资（万元）", "完成比例"],
        [
            "甲",
            "东港市",
            Cell(None, "#REF!", fault="#REF!"),
            Cell(None, "", fault=UNCACHED),
            Cell(None, "#DIV/0!", fault="#DIV/0!"),
        ],
    )
    intake = read(lexicon, table)
    assert [(f.code, f.row, f.col) for f in intake.errors] == [
        ("formula_error", 2, "总投资（万元）"),
        ("formula_uncached", 2, "年度计划投资（万元）"),
    ]


def test_a_name_that_is_a_failed_formula_is_one_error(lexicon):
    """A name that cannot be read is not reported as missing as well."""
    intake = read(lexicon, sheet(NAMES, [Cell(None, "#N/A", fault="#N/A"), "东港市"]))
    assert codes(intake.errors) == ["formula_error"]


def test_the_end_is_not_before_the_start(lexicon):
    """A completion before the start is refused; the same year without a month is not."""
    headings = [*NAMES, "开工时间", "计划竣工时间"]
    rows = [["甲", "东港", "2023-05", "2022-01"], ["乙", "东港", "2023-05", "2023"]]
    intake = read(lexicon, sheet(headings, *rows))
    assert [(f.code, f.row, f.col) for f in intake.errors] == [
        ("end_before_start", 2, "计划竣工时间")
    ]


def test_a_period_gives_both_dates(lexicon):
    """建设起止年限 gives the start and the end."""
    found = one(lexicon, [*NAMES, "建设起止年限"], ["甲", "东港", "2021-2023"])
    assert (found["start_date"], found["end_date"]) == ("2021", "2023")


def test_progress_in_words_and_in_percent(lexicon):
    """形象进度 without a percent sign is read by what stands in each cell."""
    rows = [
        ["甲", "东港", "主体封顶"],
        ["乙", "东港", "60%"],
        ["丙", "东港", 35],
        ["丁", "东港", None],
    ]
    intake = read(lexicon, sheet([*NAMES, "形象进度"], *rows))
    assert intake.errors == ()
    pairs = [(r.fields["progress_pct"], r.fields["progress_note"]) for r in intake.records]
    assert pairs == [(None, "主体封顶"), (60, None), (35, None), (None, None)]
    assert [(f.code, f.row) for f in intake.warnings] == [("percent_assumed", 4)]


def test_parts_of_one_under_a_percent_sign_are_refused(lexicon):
    """0.5 under % may be half a percent or a half; 1 beside it may be one percent or all."""
    rows = [["甲", "东港", 0.5], ["乙", "东港", 1], ["丙", "东港", cell(0.25, "0%", "25%")]]
    intake = read(lexicon, sheet([*NAMES, "形象进度（%）"], *rows))
    assert [(f.code, f.row) for f in intake.errors] == [
        ("percent_ambiguous", 2),
        ("percent_ambiguous", 3),
    ]


def test_amounts_above_the_total_are_warned_of(lexicon):
    """A plan or a sum so far above the total investment is said, not refused."""
    headings = [*NAMES, "总投资（万元）", "年度计划投资（万元）", "累计完成投资（万元）"]
    intake = read(lexicon, sheet(headings, ["甲", "东港", 100, 200, 300]))
    assert intake.errors == ()
    assert [(f.code, f.col) for f in intake.warnings] == [
        ("above_total", "年度计划投资（万元）"),
        ("above_total", "累计完成投资（万元）"),
    ]


def test_the_grand_total_is_compared(lexicon):
    """A total that the rows do not add up to is said; rounding and section totals are not."""
    head = ["序号", *NAMES, "总投资（万元）"]
    rows = [[1, "甲", "东港", 60], ["小计", None, None, 60], [2, "乙", "凤城", 40]]
    right = read(lexicon, sheet(head, *rows, ["合计", None, None, 101]))
    assert right.warnings == ()
    wrong = read(lexicon, sheet(head, *rows, ["合计", None, None, 150]))
    assert [(f.code, f.row, f.col) for f in wrong.warnings] == [
        ("total_differs", 5, "总投资（万元）")
    ]


def test_everything_wrong_is_said_at_once_in_order(lexicon):
    """All faults of a file come together, by row and then by column."""
    bad = project(总投资="abc", 开工时间="2022-13", 经度=124.2, 所属县区="某县")
    worse = project(项目名称="乙", 年度计划投资=-1, 形象进度=0.5, 项目阶段="不明")
    intake = read(lexicon, sheet(["标题"], HEADINGS, bad, project(项目名称="丙"), worse))
    assert [(f.row, f.col) for f in intake.errors] == [
        (3, "所属县区"),
        (3, "总投资（万元）"),
        (3, "开工时间"),
        (3, "纬度"),
        (5, "项目阶段"),
        (5, "年度计划投资（万元）"),
        (5, "形象进度（%）"),
    ]


def test_too_many_projects(lexicon):
    """More projects than the city's limit are refused as a whole."""
    from dataclasses import replace

    rows = [[f"项目{n}", "东港"] for n in range(4)]
    intake = read(replace(lexicon, rows=3), sheet(NAMES, *rows))
    assert [(f.code, f.row) for f in intake.errors] == [("too_many_rows", None)]


def test_shapes_of_a_vector_file(lexicon):
    """A point gives the coordinate, another shape is kept; neither needs a column."""
    line = shapely.LineString([(124.2, 39.98), (124.21, 39.99)])
    table = sheet(["name", "county"], ["甲", "东港市"], ["乙", "东港市"], ["丙", "东港市"])
    shapes = {2: shapely.Point(124.2, 39.98), 3: line}
    intake = records.read(Book("a.geojson", "geojson", (table,), shapes), lexicon)
    assert intake.errors == intake.warnings == ()
    first, second, third = (r.fields for r in intake.records)
    assert (first["lon"], first["lat"], first["precision"]) == (124.2, 39.98, "site")
    assert second["shape"] == line
    assert "lon" not in third
    far = records.read(Book("a.geojson", "geojson", (table,), {2: shapely.Point(1, 1)}), lexicon)
    assert [(f.code, f.row) for f in far.errors] == [("coordinate_far", 2)]


def test_lists_and_plan_attributes(lexicon):
    """Lists are read into their ids, several in a cell; 续建 and 新开工 into the year's attribute."""
    headings = [*NAMES, "所属清单", "年度计划属性", "计划年度"]
    row = ["甲", "东港", "省重大工程项目、重点项目开复工清单", "续建", 2023]
    found = one(lexicon, headings, row)
    assert (found["lists"], found["plan_attr"], found["plan_year"]) == (
        "provincial;restart",
        "resumed",
        "2023",
    )
