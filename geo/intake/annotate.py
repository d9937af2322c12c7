"""The uploaded workbook given back with its faults marked in the cells and listed in front."""

from __future__ import annotations

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError

from geo.exchange.reading.grid import Book
from geo.intake.faults import Fault
from geo.intake.messages import place, sentence
from geo.wording import say

_ERROR, _WARNING = "FFC7CE", "FFEB9C"
_MAX_COMMENT = 1_000
_MAX_COMMENTS = 5_000
"""Marked cells that get a comment as well; the list in front has them all."""
_WIDTHS = (8, 16, 8, 24, 90)


def annotate(
    book: Book,
    *,
    errors: Sequence[Fault],
    warnings: Sequence[Fault],
    upload: bytes | None = None,
    language: str = "zh",
) -> bytes:
    """Write a copy of an upload as .xlsx with marked cells and a sheet of faults in front.

    `upload` is the workbook itself where it was one and has passed the preflight; its looks are
    kept, pictures and charts are not. Of other files the values are written anew. Texts stay
    texts: nothing of the file or of a fault becomes a formula.
    """
    copy = _copy(book, upload)
    marks: dict[tuple[str, int, int], list[tuple[Fault, bool]]] = defaultdict(list)
    for fault, wrong in chain(((e, True) for e in errors), ((w, False) for w in warnings)):
        if fault.sheet in copy.sheetnames and fault.row is not None:
            marks[fault.sheet or "", fault.row, fault.position or 1].append((fault, wrong))
    for number, ((sheet, row, column), faults) in enumerate(marks.items()):
        commented = number < _MAX_COMMENTS
        _mark(copy[sheet], row, column, faults, language=language, commented=commented)
    _list(copy, errors, warnings, language)
    out = io.BytesIO()
    copy.save(out)
    return out.getvalue()


def _copy(book: Book, upload: bytes | None) -> Any:
    if book.kind == "xlsx" and upload is not None:
        return openpyxl.load_workbook(io.BytesIO(upload))
    copy = openpyxl.Workbook()
    copy.remove(copy.active)
    for sheet in book.sheets:
        made = copy.create_sheet(sheet.name[:31])
        made.sheet_state = "hidden" if sheet.hidden else "visible"
        for row in sheet.rows:
            for column, cell in enumerate(row.cells, start=1):
                if cell.value is not None or cell.fault:
                    value = cell.fault or cell.value
                    _write(made.cell(row.number, column), value, number_format=cell.number_format)
        for top, left, bottom, right in sheet.merged:
            made.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    return copy


def _write(cell: Any, value: object, *, number_format: str = "General") -> None:
    """Write a value; a text that begins with = stays a text."""
    if isinstance(value, bool | int | float | dt.date):
        cell.value = value
        cell.number_format = number_format
        return
    text = str(value)
    try:
        cell.value = text
    except IllegalCharacterError:
        cell.value = "".join(c for c in text if c.isprintable() or c in "\n\t")
    cell.data_type = "s"
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True


def _mark(
    sheet: Any,
    row: int,
    column: int,
    faults: Iterable[tuple[Fault, bool]],
    *,
    language: str,
    commented: bool,
) -> None:
    row, column = _top_left(sheet, row, column)
    cell = sheet.cell(row, column)
    found = list(faults)
    colour = _ERROR if any(wrong for _, wrong in found) else _WARNING
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    if commented:
        text = "\n".join(sentence(fault, language) for fault, _ in found)
        before = f"{cell.comment.text}\n" if cell.comment else ""
        cell.comment = Comment((before + text)[:_MAX_COMMENT], "geo", width=320, height=120)


def _top_left(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """Return the cell that holds the value of a merged range: the others cannot be marked."""
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return merged.min_row, merged.min_col
    return row, column


def _list(copy: Any, errors: Sequence[Fault], warnings: Sequence[Fault], language: str) -> None:
    """Put the sheet of faults in front; its name is Chinese, so that a re-upload passes it over."""
    title = say("import.list_title", "zh")
    if title in copy.sheetnames:  # an annotated copy was corrected and uploaded again
        copy.remove(copy[title])
    sheet = copy.create_sheet(title, 0)
    names = [
        say(f"import.list_{name}", language) for name in ("kind", "sheet", "row", "col", "text")
    ]
    for column, (name, width) in enumerate(zip(names, _WIDTHS, strict=True), start=1):
        head = sheet.cell(1, column, name)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = width
    kinds = [(errors, "error"), (warnings, "warning")]
    listed = [(fault, kind) for faults, kind in kinds for fault in faults]
    for row, (fault, kind) in enumerate(listed, start=2):
        said = sentence(fault, language)
        values = (say(f"import.{kind}", language), fault.sheet, fault.row, fault.col, said)
        for column, value in enumerate(values, start=1):
            if value is not None:
                _write(sheet.cell(row, column), value)
        _link(sheet.cell(row, 3), fault, language)
    sheet.freeze_panes = "A2"
    copy.active = 0
    for other in copy.worksheets:
        other.sheet_view.tabSelected = other is sheet


def _link(cell: Any, fault: Fault, language: str) -> None:
    """Let the row number lead to the cell."""
    if fault.row is None or not fault.sheet:
        return
    letter = openpyxl.utils.get_column_letter(fault.position or 1)
    quoted = fault.sheet.replace("'", "''")
    cell.hyperlink = f"#'{quoted}'!{letter}{fault.row}"
    cell.hyperlink.tooltip = place(fault, language)[:255]
    cell.font = Font(color="0563C1", underline="single")
