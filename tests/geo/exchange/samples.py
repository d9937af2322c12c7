"""Tables for the writers' tests: hostile texts, arbitrary texts, and one with every kind."""

import datetime as dt

from hypothesis import strategies as st

from geo.exchange.table import Column, Table

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "`${alert(1)}`",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\ttab first",
    "\rreturn first",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "{=1+1}",
    "{{cycler.__init__.__globals__.os.mkdir('x')}}",
    "{% if %}",
    "]]>",
    "<![CDATA[x]]>",
    "<r><t>run</t></r>",
    "<r>&</r>",
    "<r></si></r>",
    "&lt;b&gt; &amp; &#36;",
    "$[name] $[id] $[description]",
    "a\x00b\x01\x08\x0b\x1f\x7f\x85c",
    "lone \ud800 and \udc00",
    "\ufffe\uffff",
    "_x000D_ and _x005F_",
    "http://example.invalid/#a",
    "mailto:a@b",
    "internal:A1",
    "00123",
    "1e5",
    "2025-01-01",
    "TRUE",
    "'quoted",
    'a "b", c; d\te',
    "two\nlines\r\nthree\rfour",
    "  spaces  ",
    "𠀀𠮷 emoji 😀",
    "\u202egpj.exe",
    "丹东 示例",
]

anything = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(HOSTILE)

COLUMNS = [
    Column("id", "编号", "ID"),
    Column("name", "名称", "Name"),
    Column("count", "数量", "Count", "int"),
    Column("invest_wan", "总投资", "Investment", "money_wan"),
    Column("start", "开工", "Start", "date"),
    Column("progress", "进度", "Progress", "percent"),
    Column("lon", "经度", "Longitude", "coordinate"),
]
ROWS = [
    ("r01", "甲", 3, 123_456, "2025-03-01", 45, 124.3915001),
    ("s001", "乙（示例）", None, None, "2024", None, None),
    ("r02", None, 0, -5, dt.date(2023, 12, 31), 12.5, -0.5),
    ("r03", "丙", 7, 10**15, "2025-06", 100, 180),
]
SHOWN = [  # the same rows as every format must give them back
    ("r01", "甲", 3, 123_456, "2025-03-01", 45, 124.3915),
    ("s001", "乙（示例）", None, None, "2024", None, None),
    ("r02", None, 0, -5, "2023-12-31", 12.5, -0.5),
    ("r03", "丙", 7, 10**15, "2025-06", 100, 180),
]
HEADINGS = ["编号", "名称", "数量", "总投资（万元）", "开工", "进度（%）", "经度"]


def mixed(**changes):
    """A table with every kind of column, gaps and one sample row."""
    values = {
        "title": "重点项目",
        "columns": COLUMNS,
        "rows": ROWS,
        "notes": ["来源：示例", "筛选：全部"],
        "sample_rows": {1},
    }
    return Table(**(values | changes))


def texts(values, **changes):
    """A table with one text column besides a row number."""
    columns = [Column("n", "序", "No.", "int"), Column("text", "文字", "Text")]
    return Table("文字", columns, list(enumerate(values)), **changes)
