"""The handbook of a tour as a Word document, to be edited before it is printed."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
import segno
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from geo.exchange.carry import drawing, facts, listing, photo, timeline
from geo.exchange.carry.brief import Brief, dated, drive
from geo.exchange.carry.docx_parts import (
    AMBER,
    MUTED,
    NAVY,
    columns,
    dress,
    lighten,
    page_number,
    ruled,
    shade,
    tabulate,
)
from geo.exchange.carry.handbook import criteria, foot, headline, next_leg, timetable_cells, visit
from geo.exchange.table import clean
from geo.tour.itinerary import Stop, TourDay

WIDTH_MM = 174
CODE_MM = 24
PHOTO_MM, PHOTO_SMALL_MM = (60, 42), (60, 31)
MANY_FACTS = 13  # so many leave a smaller photo and no lines: Word alone knows where a page ends
FILLS = {"start": "F0F4F8", "end": "F0F4F8", "lunch": "FFF6E0"}
LINES = 5


def write(brief: Brief) -> bytes:
    """Write the document. Its faces are those of a Chinese office; a reader without them
    substitutes."""
    book = docx.Document()
    dress(book, title=brief.title)
    _cover(book, brief)
    for number, day in enumerate(brief.tour.days):
        _timetable(book, brief, number, day)
    for day in brief.tour.days:
        for stop in day.stops:
            _site(book, brief, day, stop)
    _scores(book, brief)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cover(book: Document, brief: Brief) -> None:
    city = brief.atlas.catalogue.city.name[brief.language]
    _say(book, brief.t("carry.handbook_of", city=city), size=12, colour=MUTED)
    book.add_paragraph(brief.title, style="Title")
    for line in headline(brief):
        _say(book, line, size=12)
    _picture(book, brief)
    if brief.internal:
        paragraph = _say(book, brief.t("carry.internal"), colour=AMBER)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    page_number(book.sections[0], foot(brief))


def _picture(book: Document, brief: Brief, *, day: int | None = None) -> None:
    several = len(brief.tour.days) > 1
    height = 1000 if day is not None or several else 1350
    picture = drawing.draw(brief, height=height, day=day)
    shown = book.add_picture(io.BytesIO(picture), width=Mm(WIDTH_MM))
    shown._inline.docPr.set("descr", brief.t("carry.map_title"))


def _timetable(book: Document, brief: Brief, number: int, day: TourDay) -> None:
    t, date = brief.t, dated(brief, number)
    _heading(book, t("carry.timetable"), new_page=True)
    several = len(brief.tour.days) > 1
    _say(book, t("carry.day_date", n=number + 1, date=date) if several else date, colour=MUTED)
    said = t("carry.day_summary", n=len(day.stops), drive=drive(day.legs, t))
    _say(book, said, colour=MUTED)
    rows = timeline.rows(day)
    keys = ("number", "name", "arrives", "leaves", "stay", "mark", "slack")
    table = tabulate(
        book,
        [t(f"carry.col_{key}") for key in keys],
        [timetable_cells(brief, row) for row in rows],
        widths=[10, 62, 15, 15, 16, 40, 16],
    )
    for line, row in zip(table.rows[1:], rows, strict=True):
        if row.kind in FILLS:
            for cell in line.cells:
                shade(cell, FILLS[row.kind])
    for note in listing.notes(brief):
        _say(book, f"· {note}", size=8.5, colour=MUTED)


def _site(book: Document, brief: Brief, day: TourDay, stop: Stop) -> None:
    t = brief.t
    _heading(book, f"{stop.number}. {brief.name(stop)}", new_page=True)
    if stop.sample:
        _say(book, t("card.sample"), size=9, colour=AMBER)
    left, right = columns(book, [WIDTH_MM - CODE_MM - 4, CODE_MM + 4])
    left.text = clean(visit(brief, stop))
    onward = next_leg(brief, day, stop)
    if onward:
        left.add_paragraph(clean(f"→ {onward}"))
    address = brief.project_address(stop)
    if address:
        _code(right, address, t("carry.qr"))
    _ladder(book, brief, stop)
    percent, note = facts.progress(stop), facts.progress_note(stop)
    if percent is not None or note:
        _heading(book, t("carry.progress"), level=2)
        number = f"{percent:g}%" if percent is not None else ""
        _say(book, " · ".join(filter(None, (number, note))))
    _heading(book, t("carry.changes"), level=2)
    known = facts.facts(brief, stop)
    crowded = len(known) >= MANY_FACTS
    _changes(book, brief, stop, box=PHOTO_SMALL_MM if crowded else PHOTO_MM)
    _heading(book, t("carry.facts"), level=2)
    tabulate(book, [], known, widths=[34, WIDTH_MM - 34])
    _heading(book, t("carry.points"), level=2)
    points = brief.said_lines(brief.points, stop)
    _bullets(book, points)
    fewer = 0 if photo.of(brief, stop) is None else LINES if crowded else 2
    ruled(book, max(0, LINES - fewer - min(len(points), LINES - 2)))


def _changes(book: Document, brief: Brief, stop: Stop, *, box: tuple[int, int]) -> None:
    """List what is new, beside the photo where there is one."""
    lines = brief.said_lines(brief.changes, stop) or [brief.t("carry.changes_none")]
    shown = photo.of(brief, stop)
    if shown is None:
        _bullets(book, lines)
        return
    left, right = columns(book, [WIDTH_MM - box[0] - 4, box[0] + 4])
    for number, line in enumerate(lines):
        paragraph = left.add_paragraph() if number else left.paragraphs[0]
        paragraph.text, paragraph.style = clean(line), "List Bullet"
    width, height = shown.within(*box)
    paragraph = right.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    picture = paragraph.add_run().add_picture(
        io.BytesIO(shown.jpeg), width=Mm(width), height=Mm(height)
    )
    picture._inline.docPr.set("descr", shown.caption)
    below = right.add_paragraph()
    below.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    below.add_run(shown.caption).font.size = Pt(8)


def _ladder(book: Document, brief: Brief, stop: Stop) -> None:
    ladder = facts.ladder(brief, stop)
    table = book.add_table(rows=1, cols=len(ladder.rungs))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.style = "Table Grid"
    lighten(table)
    for number, (cell, stage) in enumerate(zip(table.rows[0].cells, ladder.rungs, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(stage.title[brief.language])
        run.font.size = Pt(8)
        reached = number < ladder.reached
        run.bold = number == ladder.reached - 1
        run.font.color.rgb = RGBColor.from_string(NAVY if reached else MUTED)
        if reached:
            shade(cell, "B9C9DE" if run.bold else "E3EAF3")
    _say(book, ladder.title, bold=True)
    if ladder.said:
        _say(book, ladder.said, colour=MUTED)


def _code(cell: Any, address: str, label: str) -> None:
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=6, border=1)
    picture.seek(0)
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    shown = paragraph.add_run().add_picture(picture, width=Mm(CODE_MM))
    shown._inline.docPr.set("descr", label)
    below = cell.add_paragraph(label)
    below.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    below.runs[0].font.size = Pt(7.5)


def _scores(book: Document, brief: Brief) -> None:
    t = brief.t
    section = book.add_section()
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    _heading(book, f"{t('carry.score_sheet')} · {brief.title}")
    _say(book, t("carry.score_how"), size=9.5, colour=MUTED)
    _say(book, t("carry.score_who"))
    heads = criteria(brief)
    blanks = [""] * (len(heads) + 2)
    rows = [[str(stop.number), brief.name(stop), *blanks] for stop in brief.tour.stops]
    each = min(24.0, 110 / len(heads))
    rest = 261 - 10 - each * len(heads) - 16
    table = tabulate(
        book,
        [
            t("carry.col_number"),
            t("carry.col_name"),
            *heads,
            t("carry.score_total"),
            t("carry.score_remark"),
        ],
        rows,
        widths=[10, rest * 0.6, *[each] * len(heads), 16, rest * 0.4],
    )
    for line in table.rows[1:]:
        line.height = Mm(9.5)


def _heading(book: Document, text: str, *, level: int = 1, new_page: bool = False) -> None:
    paragraph = book.add_heading(clean(text), level=level)
    paragraph.paragraph_format.page_break_before = new_page


def _say(
    book: Document, text: str, *, size: float = 10.5, colour: str = "", bold: bool = False
) -> Any:
    paragraph = book.add_paragraph()
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(size), bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    return paragraph


def _bullets(book: Document, lines: Sequence[str]) -> None:
    for line in lines:
        book.add_paragraph(clean(line), style="List Bullet")
