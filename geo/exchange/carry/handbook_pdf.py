"""The handbook of a tour as PDF: cover with the route, timetable, a page a site, score sheet."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from geo.exchange.carry import drawing, facts, listing, photo, timeline
from geo.exchange.carry.brief import (
    Brief,
    dated,
    drive,
    one_line,
)
from geo.exchange.carry.handbook import (
    criteria,
    foot,
    headline,
    next_leg,
    timetable_cells,
    visit,
)
from geo.exchange.carry.pdf_book import (
    AMBER,
    LEADING,
    LUNCH,
    MARGIN,
    MUTED,
    NAVY,
    PALE,
    WHITE,
    Book,
    Column,
)
from geo.tour.itinerary import MINUTES_A_DAY, Stop, TourDay, clock

MAP_RATIO = 1000 / 1400
LEAST_RATIO = 0.45
CODE_MM = 24.0
ONE_COLUMN = 13
PHOTO_MM = (72.0, 54.0)
PHOTO_LEAST = 24.0
BESIDE_MM, CAPTION_MM, CAPTION_LEAST = 5.0, 5.0, 45.0
HEADING_MM, POINT_MM, WRITING_MM = 13.0, 5.3, 14.0
LISTED = 24  # stops named on the cover; more stand in the timetable only


def write(brief: Brief) -> bytes:
    """Write the document: faces embedded as far as they are used, all text as text."""
    page = brief.t("carry.page")
    book = Book(title=brief.title, foot=foot(brief), page=page, language=brief.language)
    book.set_creation_date(brief.made)
    _cover(book, brief)
    for number, day in enumerate(brief.tour.days):
        _timetable(book, brief, number, day)
    for day in brief.tour.days:
        for stop in day.stops:
            _site(book, brief, day, stop)
    _scores(book, brief)
    return bytes(book.output())


def _cover(book: Book, brief: Brief) -> None:
    book.add_page()
    book.set_auto_page_break(False)
    book.set_fill_color(*NAVY)
    book.rect(0, 0, book.w, 7, style="F")
    book.set_y(17)
    book.face(12, MUTED)
    city = brief.atlas.catalogue.city.name[brief.language]
    book.say(brief.t("carry.handbook_of", city=city))
    book.ln(1.5)
    book.face(27, NAVY, family="serif")
    with book.strong():
        book.say(brief.title)
    book.ln(1.5)
    book.face(12)
    for line in headline(brief):
        book.say(line)
    book.ln(3)
    listed = min(len(brief.tour.stops), LISTED)
    columns = 1 if listed <= ONE_COLUMN else 2
    step = 6.2 if columns == 1 else 5.6
    room = book.h - 22 - book.y - step * math.ceil(listed / columns)
    _map(book, brief, ratio=min(room / book.epw, 1.1))
    _listed(book, brief, columns=columns, step=step)
    if brief.internal:
        book.set_y(book.h - 15)
        book.face(9.5, AMBER)
        book.say(brief.t("carry.internal"), align="C")
    book.set_auto_page_break(True, margin=20)


def _map(book: Book, brief: Brief, *, ratio: float, day: int | None = None) -> None:
    height, top = book.epw * ratio, book.y
    picture = drawing.draw(brief, height=round(1400 * ratio), day=day)
    book.image(
        io.BytesIO(picture), x=MARGIN, y=top, w=book.epw, alt_text=brief.t("carry.map_title")
    )
    book.set_draw_color(*MUTED)
    book.set_line_width(0.2)
    book.rect(MARGIN, top, book.epw, height)
    book.set_y(top + height + 1.5)


def _listed(book: Book, brief: Brief, *, columns: int, step: float) -> None:
    """Name the stops below the map with the time of arrival."""
    stops = brief.tour.stops[:LISTED]
    deep = math.ceil(len(stops) / columns)
    top, wide = book.y + 1, (book.epw - 4 * (columns - 1)) / columns
    several = len(brief.tour.days) > 1
    for count, stop in enumerate(stops):
        left = MARGIN + (count // deep) * (wide + 4)
        book.set_xy(left, top + (count % deep) * step)
        book.face(9.5, NAVY)
        book.cell(6, step, str(stop.number), align="R")
        book.set_x(left + 8)
        book.face(9.5)
        book.cell(wide - 30, step, book.cut_to(brief.name(stop), wide - 32))
        book.face(9.5, MUTED)
        when = clock(stop.arrives)
        if several:
            day = int(stop.arrives // MINUTES_A_DAY) + 1
            when = f"{brief.t('carry.day', n=day)} {when}"
        book.cell(22, step, when, align="R")
    book.set_y(top + deep * step)


def _timetable(book: Book, brief: Brief, number: int, day: TourDay) -> None:
    book.add_page()
    t = brief.t
    book.face(17, NAVY, family="serif")
    with book.strong():
        book.say(t("carry.timetable"))
    book.face(10.5, MUTED)
    date = dated(brief, number)
    several = len(brief.tour.days) > 1
    book.say(t("carry.day_date", n=number + 1, date=date) if several else date)
    book.say(t("carry.day_summary", n=len(day.stops), drive=drive(day.legs, t)))
    book.ln(3)
    rows = timeline.rows(day)
    fills = {"start": PALE, "end": PALE, "lunch": LUNCH}
    book.grid(
        _columns(brief),
        [timetable_cells(brief, row) for row in rows],
        fills=[fills.get(row.kind) for row in rows],
    )
    book.ln(3)
    book.face(8.5, MUTED)
    for note in listing.notes(brief):
        book.say(f"· {note}")
    ratio = min(MAP_RATIO, (book.h - 26 - book.y) / book.epw)
    if several and ratio >= LEAST_RATIO:
        book.ln(4)
        _map(book, brief, ratio=ratio, day=number)


def _columns(brief: Brief) -> list[Column]:
    t = brief.t
    return [
        Column(t("carry.col_number"), 10, "C"),
        Column(t("carry.col_name"), 64),
        Column(t("carry.col_arrives"), 14, "C"),
        Column(t("carry.col_leaves"), 14, "C"),
        Column(t("carry.col_stay"), 16, "C"),
        Column(t("carry.col_mark"), 40, "C"),
        Column(t("carry.col_slack"), 16, "C"),
    ]


def _site(book: Book, brief: Brief, day: TourDay, stop: Stop) -> None:
    book.add_page()
    top = book.y
    _title(book, brief, stop)
    book.face(10.5)
    book.say(visit(brief, stop), width=book.epw - CODE_MM - 6)
    onward = next_leg(brief, day, stop)
    if onward:
        book.face(9.5, MUTED)
        book.say(f"→ {onward}", width=book.epw - CODE_MM - 6)
    if brief.project_address(stop):
        book.set_y(max(book.y, top + CODE_MM + 4))
    book.ln(2.5)
    book.ladder(facts.ladder(brief, stop), brief.language)
    _progress(book, brief, stop)
    known, label = facts.facts(brief, stop), 27 if brief.language == "zh" else 38
    points = brief.said_lines(brief.points, stop)
    below = (
        book.facts_height(known, label=label) + POINT_MM * len(points) + 2 * HEADING_MM + WRITING_MM
    )
    _changes(book, brief, stop, room=book.page_break_trigger - book.y - below)
    book.heading(brief.t("carry.facts"))
    book.facts(known, label=label)
    _lines(book, brief.t("carry.points"), points)
    book.ruled()


def _changes(book: Book, brief: Brief, stop: Stop, *, room: float) -> None:
    """List what is new, beside the photo; that is smaller where the page has little room left."""
    lines = brief.said_lines(brief.changes, stop) or [brief.t("carry.changes_none")]
    shown = photo.of(brief, stop)
    if shown is None:
        _lines(book, brief.t("carry.changes"), lines)
        return
    wide, most = PHOTO_MM
    high = min(most, max(PHOTO_LEAST, room - HEADING_MM - CAPTION_MM))
    width, height = shown.within(wide, high)
    book.heading(brief.t("carry.changes"), least=HEADING_MM + height + CAPTION_MM)
    page, top = book.page, book.y
    left = MARGIN + book.epw - width
    book.image(io.BytesIO(shown.jpeg), x=left, y=top, w=width, h=height, alt_text=shown.caption)
    book.face(8, MUTED)
    book.set_xy(MARGIN + book.epw - wide, top + height + 0.6)
    book.cell(wide, 4, book.cut_to(shown.caption, wide), align="R")
    book.set_xy(MARGIN, top)
    bottom = top + height + CAPTION_MM
    for line in lines:
        beside = book.page == page and book.y < bottom
        _bullets(book, [line], beside=max(width, CAPTION_LEAST) + BESIDE_MM if beside else 0)
    if book.page == page:
        book.set_y(max(book.y, bottom))


def _lines(book: Book, heading: str, lines: Sequence[str]) -> None:
    book.heading(heading)
    _bullets(book, lines)


def _title(book: Book, brief: Brief, stop: Stop) -> None:
    """Write number and name, the mark of a sample, and the code to scan at the right."""
    top = book.y
    address = brief.project_address(stop)
    side = CODE_MM + 4 if address else 0
    book.set_fill_color(*NAVY)
    book.ellipse(MARGIN, top, 12, 12, style="F")
    book.set_xy(MARGIN, top)
    book.face(15, WHITE)
    book.cell(12, 12, str(stop.number), align="C")
    book.set_xy(MARGIN, top)
    book.face(17, NAVY, family="serif")
    with book.strong():
        book.say(one_line(stop.name), width=book.epw - side, indent=16)
    bottom = max(book.y, top + 13)
    if stop.sample:
        book.tag(brief.t("card.sample"), MARGIN + 16, bottom)
        bottom += 7
    if address:
        left = MARGIN + book.epw - CODE_MM
        book.code(address, left, top, CODE_MM)
        book.set_xy(left - 6, top + CODE_MM + 0.5)
        book.face(7.5, MUTED)
        book.cell(CODE_MM + 6, 4, brief.t("carry.qr"), align="R")
    book.set_xy(MARGIN, bottom + 1)


def _progress(book: Book, brief: Brief, stop: Stop) -> None:
    percent = facts.progress(stop)
    note = facts.progress_note(stop)
    if percent is None and not note:
        return
    book.heading(brief.t("carry.progress"))
    if percent is not None:
        book.bar(percent)
    if note:
        book.face(9.5)
        book.say(note)


def _bullets(book: Book, lines: Sequence[str], *, beside: float = 0) -> None:
    for line in lines:
        book.face(10)
        top = book.y
        book.cell(4, book.font_size * LEADING, "·")
        book.set_y(top)
        book.say(line, width=book.epw - beside, indent=4)


def _scores(book: Book, brief: Brief) -> None:
    book.add_page(orientation="landscape")
    t = brief.t
    book.face(17, NAVY, family="serif")
    with book.strong():
        book.say(f"{t('carry.score_sheet')} · {brief.title}")
    book.face(9.5, MUTED)
    book.say(t("carry.score_how"))
    book.ln(1)
    book.face(10.5)
    book.say(t("carry.score_who"))
    book.ln(3)
    heads = criteria(brief)
    each = min(24.0, 110 / len(heads))
    rest = book.epw - 10 - each * len(heads) - 16
    name = rest * 0.6
    columns = [
        Column(t("carry.col_number"), 10, "C"),
        Column(t("carry.col_name"), name),
        *(Column(head, each, "C") for head in heads),
        Column(t("carry.score_total"), 16, "C"),
        Column(t("carry.score_remark"), rest - name),
    ]
    blanks = [""] * (len(heads) + 2)
    rows = [[str(stop.number), brief.name(stop), *blanks] for stop in brief.tour.stops]
    room = book.h - 22 - book.y
    book.grid(columns, rows, least=max(9.5, min(13.0, room / (len(rows) + 1))))
