import datetime as dt
import io
import re
import xml.etree.ElementTree as ET
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.exchange import xlsx
from geo.exchange.table import Column, Table, Wording, clean, utf16_length
from tests.geo.exchange.samples import HEADINGS, HOSTILE, SHOWN, anything, mixed, texts


def read(table):
    return openpyxl.load_workbook(io.BytesIO(xlsx.write(table)))


def column_of(book, letter):
    return list(book.worksheets[0][letter][1:])


def raw_texts(table, *, sheet, letter):
    """Texts of a column as the format defines them; openpyxl drops every `x005F_`."""
    package = zipfile.ZipFile(io.BytesIO(xlsx.write(table)))
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    shared = ET.fromstring(package.read("xl/sharedStrings.xml"))
    strings = ["".join(t.text or "" for t in item.iter(f"{main}t")) for item in shared]
    cells = ET.fromstring(package.read(f"xl/worksheets/sheet{sheet}.xml")).iter(f"{main}c")
    found = []
    for cell in cells:
        if re.fullmatch(rf"{letter}\d+", cell.get("r")):
            value = cell.find(f"{main}v")
            assert value is None or cell.get("t") == "s"
            text = "" if value is None else strings[int(value.text)]
            found.append(re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text))
    return found


def test_rows_come_back_typed_and_in_order():
    """Numbers are numbers, full dates are dates, the rest is text, unknown is empty."""
    head, *rows = read(mixed()).worksheets[0].iter_rows(values_only=True)
    assert list(head) == HEADINGS
    dates = [dt.datetime(2025, 3, 1), "2024", dt.datetime(2023, 12, 31), "2025-06"]
    expected = [(*row[:4], date, *row[5:]) for row, date in zip(SHOWN, dates, strict=True)]
    assert rows == expected


def test_money_is_a_number_with_its_unit_in_the_heading():
    """An investment cell is numeric with thousands marks; 万元 stands in the heading."""
    sheet = read(mixed()).worksheets[0]
    assert sheet["D1"].value == "总投资（万元）"
    assert (sheet["D2"].data_type, sheet["D2"].number_format) == ("n", "#,##0")
    assert sheet["E2"].is_date
    assert sheet["E2"].number_format == "yyyy-mm-dd"
    assert sheet["E3"].data_type == "s"


def test_heading_is_frozen_and_filters():
    """The heading row stays in view and has filters over all rows and columns."""
    sheet = read(mixed()).worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G5"


def test_notes_have_a_sheet_named_by_the_caller():
    """Title and notes stand line by line on the second sheet."""
    book = read(mixed(wording=Wording(notes_sheet="说明")))
    assert book.sheetnames == ["重点项目", "说明"]
    assert [c.value for c in book["说明"]["A"]] == ["重点项目", "来源：示例", "筛选：全部"]
    assert book.properties.title == "重点项目"


def test_sample_rows_look_different():
    """Sample rows are italic and hatched, real rows are neither."""
    sheet = read(mixed()).worksheets[0]
    for number in range(2, 6):
        marks = {(cell.font.i, cell.fill.patternType) for cell in sheet[number]}
        assert marks == ({(True, "lightUp")} if number == 3 else {(False, None)})


def test_columns_are_wide_enough_for_chinese():
    """A Chinese text gets two character widths a sign, up to a limit."""
    sheet = read(texts(["丹" * 20, "x" * 500])).worksheets[0]
    assert sheet.column_dimensions["B"].width == pytest.approx(60, abs=1)
    sheet = read(texts(["丹" * 20])).worksheets[0]
    assert 40 <= sheet.column_dimensions["B"].width <= 44


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_string_cell(text):
    """No text becomes a formula, a link or a number."""
    book = read(texts([text], notes=["note", text]))
    for cell in (book.worksheets[0]["B2"], book.worksheets[1]["A3"]):
        assert cell.hyperlink is None
        assert cell.value is None or cell.data_type == "s"
        assert (cell.value or "") == clean(text).replace("x005F_", "")


def test_file_has_no_formula_and_no_link():
    """The package itself has no formula element and no relation to the outside."""
    columns = [Column("a", text, text) for text in ["=1+1"]]
    for table in (texts(HOSTILE, notes=HOSTILE), Table("=1+1", columns, [("http://a.invalid",)])):
        package = zipfile.ZipFile(io.BytesIO(xlsx.write(table)))
        for name in package.namelist():
            content = package.read(name)
            assert b"<f>" not in content
            assert b"TargetMode" not in content


@given(st.lists(anything, max_size=6))
def test_arbitrary_text_comes_back(values):
    """Any text is read back as it was, apart from what no format can hold."""
    table, cleaned = texts(values, notes=values), [clean(value) for value in values]
    assert raw_texts(table, sheet=1, letter="B")[1:] == cleaned
    notes = raw_texts(table, sheet=2, letter="A")[1:]
    assert [note for note in notes if note] == [note for note in cleaned if note]
    assert [cell.value for cell in column_of(read(table), "A")] == list(range(len(values)))


@given(anything)
def test_any_title_names_a_sheet(title):
    """A title becomes a sheet name that Excel takes, different from the notes' name."""
    book = read(Table(title, [Column("a", "甲", "a")], [], wording=Wording(notes_sheet=title)))
    first, second = book.sheetnames
    assert first.lower() != second.lower()
    for name in (first, second):
        assert 1 <= utf16_length(name) <= 31
        assert not set(name) & set("[]:*?/\\")


@pytest.mark.parametrize("unit", ["长", "😀"])
def test_long_text_is_cut_with_a_mark(unit):
    """A text beyond Excel's limit ends with the mark, and the notes count the cut cells."""
    long, edge = unit * 40_000, "x" * xlsx.CELL_LIMIT
    wording = Wording(cut_mark="（截断）", cut_note="截断 {count} 格，上限 {limit}")
    book = read(texts([long, edge, "short"], wording=wording))
    cells = [cell.value for cell in column_of(book, "B")]
    assert cells[0].endswith("（截断）")
    assert long.startswith(cells[0].removesuffix("（截断）"))
    assert xlsx.CELL_LIMIT - 1 <= utf16_length(cells[0]) <= xlsx.CELL_LIMIT
    assert cells[1:] == [edge, "short"]
    assert book.worksheets[1]["A2"].value == "截断 1 格，上限 32767"


@pytest.mark.parametrize(
    "text", ["2025-02-30", "1900-01-05", "2025-3-1", "下半年", "=TODAY()", "９９９９-01-01"]
)
def test_what_is_no_date_stays_text(text):
    """A date column keeps what is not a full date as it was written."""
    table = Table("t", [Column("d", "日期", "Date", "date")], [(text,)])
    cell = read(table).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_too_many_rows_are_refused(monkeypatch):
    """More rows than a sheet holds is an error, never a silent loss."""
    monkeypatch.setattr(xlsx, "ROW_LIMIT", 4)
    with pytest.raises(GeoError) as caught:
        xlsx.write(mixed())
    assert caught.value.code == "export.too_many_rows"


def test_empty_table_has_its_headings():
    """No rows still gives a workbook with headings and notes."""
    book = read(mixed(rows=[], sample_rows=set()))
    assert list(book.worksheets[0].iter_rows(values_only=True)) == [tuple(HEADINGS)]
    assert len(book.worksheets) == 2
