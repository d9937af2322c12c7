"""A heading says which field it is, in which unit, of which year; brackets and blanks do not matter."""

from __future__ import annotations

import pytest

from geo.intake import headings

FIELDS = [
    ("项目编码", "code"),
    ("项目代码", "code"),
    ("国家统一代码", "code"),
    ("项目名称", "name"),
    ("项 目 名 称", "name"),
    ("项目名称*", "name"),
    ("1.项目名称", "name"),
    ("12、项目名称", "name"),
    ("项目名称（全称）", "name"),
    ("所属县区", "county"),
    ("县（市、区）", "county"),
    ("县(市)区", "county"),
    ("所属辖区", "county"),
    ("行政区", "county"),
    ("所在地", "place"),
    ("建设地点", "place"),
    ("所属园区", "park"),
    ("所属产业", "industry"),
    ("产业类别", "industry"),
    ("项目阶段", "stage"),
    ("建设阶段", "stage"),
    ("是否开工", "started"),
    ("总投资", "invest_wan"),
    ("总投资（万元）", "invest_wan"),
    ("总投资(万元)", "invest_wan"),
    ("总投资（亿元）", "invest_wan"),
    ("总投资\n（万元）", "invest_wan"),
    ("总投资/万元", "invest_wan"),
    ("总投资万元", "invest_wan"),
    ("总投资：万元", "invest_wan"),
    ("总投资（RMB 亿元）", "invest_wan"),
    ("总投资（￥亿元）", "invest_wan"),
    ("总投资（亿元人民币）", "invest_wan"),
    ("其中：2022年计划投资（万元）", "plan_wan"),
    ("计划总投资【万元】", "invest_wan"),
    ("年度计划投资", "plan_wan"),
    ("2009年计划投资", "plan_wan"),
    ("2023年度计划投资(万元)", "plan_wan"),
    ("2023年度计划投资", "plan_wan"),
    ("本年度计划投资（万元）", "plan_wan"),
    ("累计完成投资（万元）", "done_wan"),
    ("项目累计", "done_wan"),
    ("截至2023年6月底累计完成投资（万元）", "done_wan"),
    ("形象进度（%）", "progress_pct"),
    ("形象进度%", "progress_pct"),
    ("形象进度", "progress"),
    ("项目进展", "progress_note"),
    ("当前进展", "progress_note"),
    ("开工时间", "start_date"),
    ("开工时间（年月）", "start_date"),
    ("计划竣工时间", "end_date"),
    ("建设起止年限", "span"),
    ("建设单位", "owner"),
    ("项目单位", "owner"),
    ("项目业主", "owner"),
    ("项目建设单位", "owner"),
    ("县区名称", "county"),
    ("项目所在县（市、区）", "county"),
    ("目前形象进度", "progress"),
    ("计划建成投产时间", "end_date"),
    ("投资主体", "owner"),
    ("责任单位", "responsible"),
    ("牵头单位", "responsible"),
    ("分管局委", "responsible"),
    ("牵头协调部门", "responsible"),
    ("责任部门", "responsible"),
    ("包保领导", "leader"),
    ("包扶领导", "leader"),
    ("牵头区领导", "leader"),
    ("服务队长", "leader"),
    ("联系人", "contact"),
    ("联系电话", "phone"),
    ("联系方式", "phone"),
    ("经度", "lon"),
    ("经度（WGS-84）", "lon"),
    ("百度纬度", "lat"),
    ("坐标", "coordinate"),
    ("坐标（经度，纬度）", "coordinate"),
    ("坐标系", "datum"),
    ("备注", "remark"),
    ("序号", "serial"),
]
UNKNOWN = [
    "建设性质",
    "项目类型",
    "年度投资完成率",
    "土建工程",
    "审核标识",
    "月份",
    "完成比例",
    "存在问题",
    "双十类别",
    "资金到位率",
]


@pytest.mark.parametrize(("text", "field"), FIELDS)
def test_a_heading_is_recognised(lexicon, text, field):
    """The headings of real lists, in their spellings, each mean one field for certain."""
    reading = headings.read((text,), lexicon)
    assert (reading.field, reading.weak, reading.monthly) == (field, False, False)


@pytest.mark.parametrize("text", UNKNOWN)
def test_another_heading_is_not(lexicon, text):
    """What the model has no field for is not pressed into one."""
    assert headings.read((text,), lexicon).field == ""


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("总投资（万元）", "万元"),
        ("总投资（亿元）", "亿元"),
        ("总投资(元)", "元"),
        ("总投资（单位：万元）", "万元"),
        ("总投资（万元，含税）", "万元"),
        ("总投资/亿元", "亿元"),
        ("总投资 万元", "万元"),
        ("总投资（亿）", "亿元"),
        ("Total investment (CNY 10,000)", "万元"),
        ("Total investment (10,000 yuan)", "万元"),
        ("总投资（万美元）", headings.FOREIGN),
        ("总投资", ""),
        ("总投资（含税）", ""),
    ],
)
def test_a_heading_states_its_unit(lexicon, text, unit):
    """The unit is found in brackets, behind a mark or at the end, and is never supposed."""
    assert headings.read((text,), lexicon).unit == unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("（单位:亿元）", "亿元"),
        ("金额单位：人民币万元", "万元"),
        ("项目一览表（万元）", "万元"),
        ("单位：万元、%", "万元"),
        ("填报单位：元宝区发改局", ""),
        ("建设单位：某公司", ""),
        ("5000万元以上项目", ""),
        ("单位：万元 单位：亿元", "万元/亿元"),
    ],
)
def test_a_line_above_a_table_states_a_unit(text, unit):
    """A unit above a table counts where it is called one; an amount in a title does not."""
    assert headings.unit_stated(text) == unit


def test_the_year_of_a_plan_is_read(lexicon):
    """The year in the heading of the plan is the year of the plan."""
    assert headings.read(("2023年度计划投资(万元)",), lexicon).year == 2023


@pytest.mark.parametrize("text", ["01月完成投资(万元)", "2023年3月完成投资", "1月份完成投资"])
def test_one_months_amount_is_no_total(lexicon, text):
    """What was done in one month is recognised as that and not taken for the total."""
    assert headings.read((text,), lexicon).monthly


@pytest.mark.parametrize(
    "text",
    [
        "2023年1-12月累计完成投资(万元)",
        "年度累计完成投资（万元）",
        "当年累计",
        "当月至今已完成",
        "2023年累计完成投资",
    ],
)
def test_a_years_amount_is_a_makeshift(lexicon, text):
    """What was done in a year is taken for the total only as a makeshift."""
    reading = headings.read((text,), lexicon)
    assert (reading.field, reading.weak) == ("done_wan", True)


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        (("投资情况（万元）", "总投资"), "invest_wan"),
        (("投资（万元）", "总额"), "invest_wan"),
        (("总投资", "合计"), "invest_wan"),
        (("总投资", "中央投资"), ""),
        (("建设时间", "开工"), "start_date"),
        (("建设时间", "竣工"), "end_date"),
        (("项目", "名称"), "name"),
        (("建设单位", "名称"), "owner"),
        (("年度计划投资", "2023年"), "plan_wan"),
        (("联系人", "姓名"), "contact"),
        (("联系人", "电话"), "phone"),
    ],
)
def test_levels_of_a_heading_are_read_together(lexicon, levels, field):
    """A lower heading is read alone, else with the one above it; a part is not its whole."""
    assert headings.read(levels, lexicon).field == field


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS84", "wgs84"),
        ("wgs-84坐标", "wgs84"),
        ("CGCS2000", "wgs84"),
        ("2000国家大地坐标系", "wgs84"),
        ("GCJ-02", "gcj02"),
        ("高德坐标", "gcj02"),
        ("百度坐标系（BD-09）", "bd09"),
        ("西安80", "other"),
        ("WGS84或百度", "both"),
        ("坐标", ""),
    ],
)
def test_a_datum_is_named(text, datum):
    """CGCS2000 counts as WGS-84; what cannot be converted and what is named twice is told apart."""
    assert headings.datum_in(text) == datum


@pytest.mark.parametrize(
    "text", ["总投资（RMB 亿元）", "总投资（￥亿元）", "总投资（亿元人民币）", "总投资（CNY亿元）"]
)
def test_a_currency_beside_the_unit_is_our_own(lexicon, text):
    """RMB, ¥ and 人民币 before or behind the unit do not hide it."""
    assert headings.read((text,), lexicon).unit == "亿元"


def test_among_which_is_no_part_of_a_heading(lexicon):
    """其中：2022年计划投资 is the plan of 2022; a part of the money is not the whole."""
    found = headings.read(("其中：2022年计划投资（万元）",), lexicon)
    assert (found.field, found.year) == ("plan_wan", 2022)
    assert headings.read(("其中：中央预算内投资（万元）",), lexicon).field == ""
