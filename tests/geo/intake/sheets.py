"""Sheets made of lists, and what an intake says about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.exchange.reading.grid import Book, Cell, Range, Row, Sheet
from geo.intake import records
from geo.intake.faults import Fault, Intake
from geo.intake.lexicon import Lexicon

HEADINGS = [
    "项目编码",
    "项目名称",
    "所属县区",
    "所属园区",
    "所属产业",
    "项目阶段",
    "总投资（万元）",
    "年度计划投资（万元）",
    "累计完成投资（万元）",
    "形象进度（%）",
    "开工时间",
    "计划竣工时间",
    "建设单位",
    "联系人",
    "联系电话",
    "经度",
    "纬度",
    "备注",
]


def cell(value: object, number_format: str = "General", text: str | None = None) -> Cell:
    """Make a cell that shows its value as it is."""
    shown = text if text is not None else "" if value is None else str(value)
    return Cell(value, shown, number_format)  # type: ignore[arg-type]


def sheet(
    *rows: Sequence[object],
    name: str = "Sheet1",
    merged: Iterable[Range] = (),
    hidden_rows: Iterable[int] = (),
    hidden: bool = False,
    hidden_columns: Iterable[tuple[int, int]] = (),
) -> Sheet:
    """Make a sheet; a row's number is its place from 1."""
    made = [
        Row(n, tuple(v if isinstance(v, Cell) else cell(v) for v in row), n in set(hidden_rows))
        for n, row in enumerate(rows, start=1)
    ]
    return Sheet(name, tuple(made), hidden, tuple(merged), tuple(hidden_columns))


def read(lexicon: Lexicon, *sheets: Sheet, **options: object) -> Intake:
    """Read a book of these sheets."""
    return records.read(Book("list.xlsx", "xlsx", tuple(sheets)), lexicon, **options)  # type: ignore[arg-type]


def one(
    lexicon: Lexicon, headings: Sequence[object], row: Sequence[object], **options: object
) -> dict:
    """Read one row below one heading, which must be right, and return its fields."""
    intake = read(lexicon, sheet(headings, row), **options)
    assert intake.errors == (), intake.errors
    assert len(intake.records) == 1
    return dict(intake.records[0].fields)


def codes(faults: Iterable[Fault]) -> list[str]:
    """Return the codes of faults in their order."""
    return [fault.code for fault in faults]


def project(**values: object) -> list[object]:
    """Return a row under HEADINGS; only name and county are given unless said otherwise."""
    known = {"项目名称": "甲项目", "所属县区": "东港市"}
    known |= {h: v for h in HEADINGS for k, v in values.items() if h.split("（")[0] == k}
    return [known.get(heading) for heading in HEADINGS]
