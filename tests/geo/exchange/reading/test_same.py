"""One table, written as a workbook and as text in every encoding, reads back the same."""

from __future__ import annotations

import csv
import datetime as dt
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geo.exchange.reading import biff
from tests.geo.exchange.reading.files import grid, read_here, xlsx

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
HEADINGS = ["项目名称", "总投资（万元）", "开工时间", "建设单位"]

# GB 2312 and ASCII: what people write; the marks of CSV and of spreadsheets' formulas included.
chinese = st.sampled_from("某市示例年产一万吨新型材料生产线及配套设施建设项目（期）")
signs = st.characters(min_codepoint=32, max_codepoint=126)
texts = st.text(st.one_of(chinese, chinese, signs), max_size=12).map(str.strip)
texts = texts.filter(lambda text: not text.startswith('="'))
dates = st.dates(dt.date(1901, 1, 1), dt.date(2099, 12, 31))
row = st.tuples(
    texts, st.one_of(st.none(), st.integers(-(10**9), 10**9)), st.one_of(st.none(), dates), texts
)
tables = st.lists(row, min_size=1, max_size=8)


def trimmed(table: list[list[object]]) -> list[list[object]]:
    """Leave out the blank ends of rows and of the table, as the reader does."""
    for line in table:
        while line and line[-1] in (None, ""):
            line.pop()
    while table and not table[-1]:
        table.pop()
    return [[None if value == "" else value for value in line] for line in table]


@settings(max_examples=40)
@given(table=tables)
def test_a_table_is_the_same_from_every_format(tmp_path_factory, table):
    """Texts, numbers and dates of .xlsx, .xls and of CSV in four encodings are equal."""
    folder = tmp_path_factory.mktemp("same")

    def fill(made):
        sheet, form = made.add_worksheet(), made.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate([HEADINGS, *table]):
            for column, value in enumerate(line):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, value, form)
                elif isinstance(value, int):
                    sheet.write_number(number, column, value)
                elif value:
                    sheet.write_string(number, column, value)

    expected = trimmed([list(line) for line in [HEADINGS, *table]])
    book = read_here(xlsx(folder / "a.xlsx", fill))
    assert grid(book) == expected
    shown = [[cell.text or None for cell in line.cells] for line in book.sheets[0].rows]
    for encoding in ENCODINGS:
        assert grid(read_here(as_csv(folder / "a.csv", table, encoding))) == shown
    assert grid(read_here(as_xls(folder / "a.xls", table))) == expected


def as_csv(path, table, encoding):
    """Write the table as Excel does."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *table])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def as_xls(path, table):
    """Write the table as an old workbook; an empty text is no cell."""
    first = dt.date(1899, 12, 30)
    rows = [
        [
            ((value - first).days, 164)
            if isinstance(value, dt.date)
            else value or (None if value == "" else value)
            for value in line
        ]
        for line in [HEADINGS, *table]
    ]
    path.write_bytes(biff.write(biff.Xls([biff.XlsSheet("a", rows)], {164: "yyyy-mm-dd"})))
    return path
