"""The timetable as a workbook: one sheet a day with real times and numbers, and one of notes."""

from __future__ import annotations

import io
import math
from typing import Any

import xlsxwriter

from geo.exchange import xlsx
from geo.exchange.carry import facts, listing, timeline
from geo.exchange.carry.brief import Brief, drive, estimate
from geo.exchange.carry.timeline import Row
from geo.exchange.table import cut
from geo.tour.itinerary import MINUTES_A_DAY, TourDay

# id: width in characters, number format
_COLUMNS: dict[str, tuple[int, str]] = {
    "number": (6, "0"),
    "name": (44, "@"),
    "arrives": (9, "hh:mm"),
    "leaves": (9, "hh:mm"),
    "stay": (9, "0"),
    "waits": (9, "0"),
    "km": (10, "0.0"),
    "minutes": (10, "0"),
    "mark": (14, "@"),
    "slack": (9, "0"),
    "county": (16, "@"),
    "precision": (18, "@"),
}
_HEADING_ROW = 2


def write(brief: Brief) -> bytes:
    """Write the workbook; times are Excel times, durations whole minutes, text is only text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, xlsx.OPTIONS)
    book.set_properties({"title": cut(brief.title, 255)})
    styles = _Styles(book)
    for number, day in enumerate(brief.tour.days, start=1):
        _day(book, brief, number, day=day, styles=styles)
    notes = [brief.title, *listing.notes(brief)]
    sheet = book.add_worksheet(xlsx.sheet_name(brief.t("download.notes_sheet"), fallback="notes"))
    xlsx.write_notes(book, sheet, notes, mark=brief.t("download.cut_mark"))
    book.close()
    return out.getvalue()


class _Styles:
    """Make each cell format of the workbook once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 15, "valign": "vcenter"})
        self.summary = book.add_format({"font_color": "#555555", "valign": "vcenter"})
        self.heading = book.add_format(
            {
                "bold": True,
                "bg_color": "#17365D",
                "font_color": "#FFFFFF",
                "text_wrap": True,
                "valign": "vcenter",
                "border": 1,
                "border_color": "#B8C2CC",
            }
        )

    def cell(self, number_format: str, kind: str) -> Any:
        """Return the format of a cell; kind is that of its row, or `sample`."""
        key = (number_format, kind)
        if key not in self._made:
            style: dict[str, object] = {
                "num_format": number_format,
                "valign": "vcenter",
                "text_wrap": number_format == "@",
                "border": 1,
                "border_color": "#D5DBE1",
            }
            if kind == "lunch":
                style["bg_color"] = "#FFF6E0"
            elif kind in ("start", "end"):
                style["bg_color"] = "#EEF2F6"
            elif kind == "sample":
                style["italic"] = True
            self._made[key] = self._book.add_format(style)
        return self._made[key]


def _day(book: Any, brief: Brief, number: int, *, day: TourDay, styles: _Styles) -> None:
    sheet = book.add_worksheet(xlsx.sheet_name(brief.t("carry.day", n=number), fallback="day"))
    mark = brief.t("download.cut_mark")
    date = f"{brief.tour.at((number - 1) * MINUTES_A_DAY):%Y-%m-%d}"
    xlsx.write_text(sheet, (0, 0), f"{brief.title} · {date}", styles.title, mark=mark)
    said = brief.t("carry.day_summary", n=len(day.stops), drive=drive(day.legs, brief.t))
    xlsx.write_text(sheet, (1, 0), said, styles.summary, mark=mark)
    for column, (key, (width, _)) in enumerate(_COLUMNS.items()):
        heading = brief.t(f"carry.col_{key}")
        xlsx.write_text(sheet, (_HEADING_ROW, column), heading, styles.heading, mark=mark)
        sheet.set_column(column, column, width)
    rows = timeline.rows(day)
    for line, row in enumerate(rows, start=_HEADING_ROW + 1):
        _row(sheet, line, brief, row=row, styles=styles)
    _page(sheet, last=_HEADING_ROW + len(rows))


def _row(sheet: Any, line: int, brief: Brief, *, row: Row, styles: _Styles) -> None:
    kind = "sample" if row.stop is not None and row.stop.sample else row.kind
    values = _values(brief, row)
    for column, (key, (_, number_format)) in enumerate(_COLUMNS.items()):
        style = styles.cell(number_format, kind)
        value = values[key]
        if value is None:
            sheet.write_blank(line, column, None, style)
        elif isinstance(value, str):
            mark = brief.t("download.cut_mark")
            xlsx.write_text(sheet, (line, column), value, style, mark=mark)
        else:
            sheet.write_number(line, column, value, style)


def _values(brief: Brief, row: Row) -> dict[str, str | float | None]:
    stop, leg = row.stop, row.leg
    return {
        "number": stop.number if stop else None,
        "name": listing.label(brief, row),
        "arrives": _time(row.arrives),
        "leaves": _time(row.leaves),
        "stay": None if row.minutes is None else round(row.minutes),
        "waits": round(row.waits) or None,
        "km": round(leg.km, 1) if leg else None,
        "minutes": round(leg.minutes) if leg else None,
        "mark": (estimate([leg], brief.t) or None) if leg else None,
        "slack": round(stop.slack) if stop and math.isfinite(stop.slack) else None,
        "county": (facts.county(brief, stop) or None) if stop else None,
        "precision": facts.precision(brief, stop) if stop else None,
    }


def _time(minutes: float | None) -> float | None:
    """Return a time as Excel keeps it: the part of a day."""
    return None if minutes is None else (round(minutes) % MINUTES_A_DAY) / MINUTES_A_DAY


def _page(sheet: Any, *, last: int) -> None:
    sheet.set_row(0, 26)
    sheet.set_row(_HEADING_ROW, 32)
    sheet.freeze_panes(_HEADING_ROW + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.print_area(0, 0, last, len(_COLUMNS) - 1)
    sheet.hide_gridlines(2)
