"""An .xlsx workbook is read as its spreadsheet shows it."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.reading.grid import Cell
from tests.geo.exchange.reading.files import grid, inline, pack, parts, read_here, xlsx


@pytest.fixture
def book(tmp_path):
    """A list as an office keeps it: instructions, title, merges, hidden rows, formats, errors."""

    def fill(made):
        formats = {
            name: made.add_format({"num_format": code})
            for name, code in {
                "percent": "0.0%", "code": "000000", "money": "#,##0.00", "text": "@",
                "date": "yyyy-mm-dd", "month": 'yyyy"年"m"月"', "clock": "yyyy/m/d h:mm", "builtin": 57,
            }.items()
        }  # fmt: skip
        made.add_worksheet("填表说明").write(0, 0, "请勿修改表头")
        sheet = made.add_worksheet("项目")
        sheet.merge_range("A1:D1", "重点项目清单")
        sheet.write_row(1, 0, ["项目编码", "项目名称"])
        sheet.write_string(2, 0, "00123", formats["text"])
        sheet.write_string(2, 1, "2301-210600-04-01-123456")
        sheet.write_number(3, 0, 123, formats["code"])
        sheet.write_number(3, 1, 0.5, formats["percent"])
        sheet.write_number(3, 2, 1234567.5, formats["money"])
        sheet.write_number(3, 3, 210600202301150)
        for column, name in enumerate(("date", "month", "clock", "builtin")):
            sheet.write_number(4, column, 45000.75 if name == "clock" else 45000, formats[name])
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.write_formula(5, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(5, 1, "=A4*2", None, 246)
        sheet.write_formula(5, 2, "=A4&B4", None, "合计")
        sheet.write_boolean(5, 3, True)
        sheet.write_blank(900, 20, None, formats["percent"])
        made.add_worksheet("旧表").hide()

    return read_here(xlsx(tmp_path / "清单.xlsx", fill))


def test_sheets_come_with_their_names_and_whether_they_are_hidden(book):
    """Each sheet is there, in order; a hidden one says so."""
    assert (book.file, book.kind) == ("清单.xlsx", "xlsx")
    shown = [("填表说明", False), ("项目", False), ("旧表", True)]
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == shown


def test_a_merged_range_has_its_value_once(book):
    """The title stands in its top-left cell, and the range is listed."""
    sheet = book.sheets[1]
    assert sheet.merged == ((1, 1, 1, 4),)
    assert [cell.value for cell in sheet.rows[0].cells] == ["重点项目清单"]


def test_texts_and_numbers_are_as_shown(book):
    """Zeros in front stay, percentages keep their format, long integers keep their digits."""
    text, shown = book.sheets[1].rows[2].cells, book.sheets[1].rows[3].cells
    assert [cell.value for cell in text] == ["00123", "2301-210600-04-01-123456"]
    assert shown == (
        Cell(123, "000123", "000000"),
        Cell(0.5, "50.0%", "0.0%"),
        Cell(1234567.5, "1,234,567.50", "#,##0.00"),
        Cell(210600202301150, "2.106E+14", "General"),
    )


def test_dates_are_dates(book):
    """A date is a date, one with a clock a datetime, and the Chinese built-in formats count too."""
    row = book.sheets[1].rows[4]
    assert row.hidden
    day = dt.date(2023, 3, 15)
    assert [cell.value for cell in row.cells] == [day, day, dt.datetime(2023, 3, 15, 18), day]
    shown = ["2023-03-15", "2023年3月", "2023/3/15 18:00", "2023年3月"]
    assert [cell.text for cell in row.cells] == shown


def test_errors_and_results_of_formulas(book):
    """An error is a fault without a value, a result is a value, and blank ends are cut."""
    rows = book.sheets[1].rows
    assert len(rows) == 6
    assert rows[5].cells[0] == Cell(None, "#DIV/0!", "General", "#DIV/0!")
    assert [cell.value for cell in rows[5].cells[1:]] == [246, "合计", True]


def test_a_formula_without_a_result_is_a_fault(tmp_path):
    """openpyxl writes formulas without results, and so does any program that leaves them to Excel."""
    made = openpyxl.Workbook()
    made.active.append(["=1+1", "=A1&B1", 5])
    made.save(tmp_path / "a.xlsx")
    assert [cell.fault for cell in read_here(tmp_path / "a.xlsx").sheets[0].rows[0].cells] == [
        "uncached", "uncached", "",
    ]  # fmt: skip

    def fill(book):
        book.add_worksheet().write_formula(0, 0, "=1+1")

    cells = read_here(xlsx(tmp_path / "b.xlsx", fill)).sheets[0].rows[0].cells
    assert [cell.fault for cell in cells] == ["uncached"]


@pytest.mark.parametrize("date1904", [False, True])
def test_both_date_systems_give_the_same_dates(tmp_path, date1904):
    """A workbook that counts from 1904 shows the same days."""
    days = [dt.datetime(2022, 9, 21), dt.datetime(1904, 1, 2), dt.datetime(2099, 12, 31, 8, 30)]

    def fill(made):
        form = made.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        made.add_worksheet().write_row(0, 0, days, form)

    path = xlsx(tmp_path / "a.xlsx", fill, date_1904=date1904)
    assert grid(read_here(path)) == [days]


def test_a_number_that_is_no_date_is_a_fault(tmp_path):
    """A negative number in a date format is shown as ##### and has no value."""

    def fill(made):
        made.add_worksheet().write_number(0, 0, -5, made.add_format({"num_format": "yyyy/m/d"}))

    assert read_here(xlsx(tmp_path / "a.xlsx", fill)).sheets[0].rows[0].cells == (
        Cell(None, "#####", "yyyy/m/d", "#VALUE!"),
    )


def test_texts_lose_what_no_database_takes(tmp_path):
    """Escaped control characters are dropped, an escaped line end and rich text are kept."""
    rich = (
        '<c r="B1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r><rPh><t>ya</t></rPh></is></c>'
    )
    rows = f'<row r="1">{inline("A1", "a_x0000_b_x000D_c_xD800_")}{rich}</row>'
    assert grid(read_here(pack(parts(rows), tmp_path / "a.xlsx"))) == [["ab\nc", "甲乙"]]


def test_rows_and_cells_without_references_follow_each_other(tmp_path):
    """Some programs write no references; rows and cells then count on."""
    row = "<row><c><v>1</v></c><c/><c><v>2</v></c></row>"
    found = read_here(pack(parts(f'<row r="3"><c><v>0</v></c></row>{row}'), tmp_path / "a.xlsx"))
    rows = found.sheets[0].rows
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert grid(found) == [[], [], [0], [1, None, 2]]


def test_the_strict_edition_is_read(tmp_path):
    """Excel's Strict Open XML has other namespaces and the same content."""
    files = {
        name: data.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, data in parts(f'<row r="1">{inline("A1", "甲")}</row>').items()
    }
    assert grid(read_here(pack(files, tmp_path / "a.xlsx"))) == [["甲"]]


cells = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 6) + 0.0),
    st.booleans(),
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=9),
    st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2100, 1, 1)).map(
        lambda at: at.replace(microsecond=0)
    ),
)


@given(table=st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=6))
def test_every_cell_is_what_openpyxl_reads(tmp_path_factory, table):
    """On files that openpyxl wrote, this reader and openpyxl agree on every cell."""
    path = tmp_path_factory.mktemp("oracle") / "a.xlsx"
    made = openpyxl.Workbook()
    for number, row in enumerate(table, start=1):
        for column, value in enumerate(row, start=1):
            cell = made.active.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    made.save(path)
    oracle = openpyxl.load_workbook(path, data_only=True).active
    for row in read_here(path).sheets[0].rows:
        for column, cell in enumerate(row.cells, start=1):
            expected = oracle.cell(row.number, column).value
            assert cell.value == expected or cell.text == str(expected).strip(), (cell, expected)


def test_hidden_columns_are_told(tmp_path):
    """Hidden columns are given as spans from 1; others are not."""
    made = openpyxl.Workbook()
    made.active.append(["项目名称", "所属县区", "备注", "联系人"])
    made.active.column_dimensions["B"].hidden = True
    made.active.column_dimensions["C"].width = 20
    made.create_sheet("二").append(["项目名称"])
    made.save(tmp_path / "a.xlsx")
    first, second = read_here(tmp_path / "a.xlsx").sheets
    hidden = {n for low, high in first.hidden_columns for n in range(low, high + 1)}
    assert hidden == {2}
    assert second.hidden_columns == ()
