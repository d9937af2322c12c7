"""The template reads back as itself; the annotated copy shows every fault and runs nothing."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from geo.exchange import reading
from geo.exchange.reading.grid import Book
from geo.intake import annotate, records, template
from tests.geo.intake.sheets import HEADINGS, codes, project, sheet


def opened(data: bytes, tmp_path, name="a.xlsx") -> Book:
    path = tmp_path / name
    path.write_bytes(data)
    return reading.read(path, limits=reading.Limits())


@pytest.fixture(scope="module")
def blank(lexicon):
    return template.write(lexicon)


def test_the_blank_template_has_no_project_and_no_fault_but_that(lexicon, blank, tmp_path):
    """The example row, the how-to and the dictionary are passed over without a word."""
    intake = records.read(opened(blank, tmp_path), lexicon)
    assert intake.records == ()
    assert codes(intake.errors) == ["no_rows"]
    assert intake.warnings == ()


def test_a_filled_template_is_read(lexicon, blank, tmp_path):
    """What is filled in below the example is read, every heading known, without a warning."""
    book = openpyxl.load_workbook(io.BytesIO(blank))
    page = book["项目清单"]
    heads = {str(c.value): c.column for c in page[1]}
    values = {
        "项目代码": "2201-210681-04-01-123456",
        "项目名称*": "甲",
        "所属县区*": "东港市",
        "总投资（万元）": 12000,
        "形象进度（%）": 50,
        "开工时间": "2022-03",
        "经度（WGS-84）": 124.2,
        "纬度（WGS-84）": 39.98,
    }
    for head, value in values.items():
        page.cell(3, heads[head], value)
    out = io.BytesIO()
    book.save(out)
    intake = records.read(opened(out.getvalue(), tmp_path), lexicon)
    assert intake.errors == intake.warnings == ()
    found = intake.records[0].fields
    assert (found["name"], found["invest_wan"], found["lon"]) == ("甲", 12000, 124.2)


def test_the_template_offers_the_dictionaries(lexicon, blank):
    """County, park, industry and stage are chosen from lists that hold every name."""
    book = openpyxl.load_workbook(io.BytesIO(blank))
    rules = book["项目清单"].data_validations.dataValidation
    assert sum(rule.type == "list" for rule in rules) == 6
    words = {str(cell.value) for row in book["字典"].iter_rows() for cell in row if cell.value}
    assert set(lexicon.counties.values()) <= words
    assert {park.name for park in lexicon.parks.values()} <= words
    assert book.sheetnames == ["填写说明", "项目清单", "字典"]


def test_an_upload_comes_back_with_its_faults_marked(lexicon, tmp_path):
    """Each fault is a coloured cell with a comment and a line of the first sheet; the rest stays."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["某市重点项目一览表"])
    page.append(HEADINGS)
    page.append(project(总投资="abc", 备注="=1+1"))
    page.append(project(项目名称="乙", 形象进度=0.5))
    page["B3"].font = openpyxl.styles.Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    read = opened(out.getvalue(), tmp_path)
    intake = records.read(read, lexicon)
    marked = annotate.annotate(
        read, errors=intake.errors, warnings=intake.warnings, upload=out.getvalue()
    )
    copy = openpyxl.load_workbook(io.BytesIO(marked))
    assert copy.sheetnames == ["问题清单", "Sheet"]
    assert copy["Sheet"]["G3"].fill.start_color.rgb.endswith("FFC7CE")
    assert "abc" in copy["Sheet"]["G3"].comment.text
    assert copy["Sheet"]["J4"].comment
    assert copy["Sheet"]["G4"].comment is None
    assert copy["Sheet"]["B3"].font.bold
    listed = [[c.value for c in row] for row in copy["问题清单"].iter_rows(min_row=2)]
    assert [(row[0], row[2], row[3]) for row in listed][: len(intake.errors)] == [
        ("错误", fault.row, fault.col) for fault in intake.errors
    ]
    again = records.read(opened(marked, tmp_path, "b.xlsx"), lexicon)
    assert [(f.code, f.row, f.col) for f in again.errors] == [
        (f.code, f.row, f.col) for f in intake.errors
    ]


def test_another_file_is_written_anew(lexicon, tmp_path):
    """A CSV comes back as a workbook; texts that look like formulas stay texts everywhere."""
    headings = ["项目名称", "所属县区", '=HYPERLINK("x")', "总投资（万元）"]
    table = sheet(headings, ["=1+1", "某县", "@SUM(A1)", "=2"])
    book = Book("a.csv", "csv", (table,))
    intake = records.read(book, lexicon)
    data = annotate.annotate(book, errors=intake.errors, warnings=intake.warnings)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [archive.read(n) for n in archive.namelist() if "worksheets/sheet" in n]
    assert len(sheets) == 2
    assert all(b"<f>" not in text for text in sheets)
    again = opened(data, tmp_path)
    assert again.sheets[1].rows[1].cells[0].value == "=1+1"


def test_a_fault_in_a_merged_cell_is_marked_at_its_value(lexicon, tmp_path):
    """A fault below the first row of a merged range is marked where the value stands."""
    book = openpyxl.Workbook()
    page = book.active
    for row in (["所属县区", "项目名称"], ["某县", "甲"], [None, "乙"]):
        page.append(row)
    page.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)
    read = opened(out.getvalue(), tmp_path)
    intake = records.read(read, lexicon)
    assert [f.row for f in intake.errors] == [2, 3]
    data = annotate.annotate(read, errors=intake.errors, warnings=(), upload=out.getvalue())
    copy = openpyxl.load_workbook(io.BytesIO(data))
    assert copy["Sheet"]["A2"].comment


def test_an_annotated_copy_can_be_annotated_again(lexicon, tmp_path):
    """The list of faults is replaced, not doubled, and comments are added to."""
    book = openpyxl.Workbook()
    for row in (["项目名称", "所属县区"], ["甲", "某县"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    for _ in range(2):
        read = opened(data, tmp_path)
        intake = records.read(read, lexicon)
        data = annotate.annotate(read, errors=intake.errors, warnings=(), upload=data)
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["问题清单", "Sheet"]
