"""An old .xls workbook is read in the same terms as a new one."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.errors import GeoError
from geo.exchange.reading.grid import Cell
from tests.geo.exchange.reading import biff
from tests.geo.exchange.reading.biff import Xls, XlsSheet
from tests.geo.exchange.reading.files import grid, read_here


def write(folder, book: Xls):
    path = folder / "清单.xls"
    path.write_bytes(biff.write(book))
    return path


def test_every_kind_of_cell(tmp_path):
    """Texts, numbers, percentages, dates, flags and errors are what the spreadsheet shows."""
    rows = [
        ["重点项目清单", None, None],
        ["项目编码", "总投资（万元）", "形象进度"],
        ["00123", (12000.0, 0), (0.5, 9)],
        [(123.0, 165), (45000.0, 164), (45000.0, 57), True, ("error", "#REF!"), ("error", "#N/A")],
    ]
    formats = {164: "yyyy\\-mm\\-dd", 165: "000000"}
    main = XlsSheet(
        "项目", rows, merged=[(1, 1, 1, 3)], hidden_rows=frozenset({3}), hidden_columns=(2,)
    )
    book = read_here(write(tmp_path, Xls([main, XlsSheet("旧表", [["x"]], hidden=True)], formats)))
    sheet = book.sheets[0]
    assert (book.kind, sheet.name, sheet.merged) == ("xls", "项目", ((1, 1, 1, 3),))
    assert [one.hidden for one in book.sheets] == [False, True]
    assert [one.hidden_columns for one in book.sheets] == [((2, 2),), ()]
    assert [row.hidden for row in sheet.rows] == [False, False, True, False]
    assert grid(book)[0] == ["重点项目清单"]
    assert sheet.rows[2].cells == (
        Cell("00123", "00123"),
        Cell(12000, "12000"),
        Cell(0.5, "50%", "0%"),
    )
    day = dt.date(2023, 3, 15)
    assert sheet.rows[3].cells == (
        Cell(123, "000123", "000000"),
        Cell(day, "2023-03-15", "yyyy\\-mm\\-dd"),
        Cell(day, "2023年3月", 'yyyy"年"m"月"'),
        Cell(True, "TRUE"),
        Cell(None, "#REF!", "General", "#REF!"),
        Cell(None, "#N/A", "General", "#N/A"),
    )


@pytest.mark.parametrize(("date1904", "serial"), [(False, 45000.0), (True, 43538.0)])
def test_both_date_systems(tmp_path, date1904, serial):
    """The same day in both systems is the same date."""
    book = Xls([XlsSheet("a", [[(serial, 14)]])], date1904=date1904)
    found = read_here(write(tmp_path, book))
    assert (grid(found), found.date1904) == ([[dt.date(2023, 3, 15)]], date1904)


def test_a_workbook_with_a_password_is_refused(tmp_path):
    """An encrypted stream is named as such."""
    path = write(tmp_path, Xls([XlsSheet("a", [["x"]])], encrypted=True))
    with pytest.raises(GeoError) as caught:
        read_here(path)
    assert caught.value.code == "file_encrypted"


def test_a_new_workbook_with_the_old_ending_is_read_for_what_it_is(tmp_path):
    """Portals export .xlsx content as .xls, and the other way round: both are workbooks."""
    path = write(tmp_path, Xls([XlsSheet("a", [["x"]])]))
    renamed = path.rename(path.with_suffix(".xlsx"))
    assert read_here(renamed).kind == "xls"
