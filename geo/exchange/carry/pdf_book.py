"""The parts of a printed page: text that breaks rightly, tables, bars, ruled lines, codes to scan."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import segno
from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos

from geo.exchange.carry import breaking, fonts
from geo.exchange.carry.facts import Ladder
from geo.model import Stage

Align = Literal["L", "C", "R"]
NAVY, INK, MUTED, LINE = (23, 54, 93), (35, 42, 52), (105, 115, 127), (205, 212, 220)
PALE, LUNCH, AMBER, WHITE = (240, 244, 248), (255, 246, 224), (154, 103, 0), (255, 255, 255)
Colour = tuple[int, int, int]
Fact = tuple[str, str]  # label and text
MARGIN = 18.0
LEADING = 1.5
_POINT = 25.4 / 72

# It reports every table of the face that it drops from the embedded part.
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Column:
    """Describe a table's column: heading, width in mm, where its text stands."""

    heading: str
    width: float
    align: Align = "L"


class Book(FPDF):
    """Hold an A4 document in two faces; `foot` stands at the bottom of every page but the first."""

    def __init__(self, *, title: str, foot: str, page: str, language: str) -> None:
        super().__init__(format="A4")
        self._foot, self._page = foot, page
        self.str_alias_nb_pages = ""  # else a name that reads {nb} would become a number
        self.add_font("sans", "", fonts.sans())
        self.add_font("serif", "", fonts.serif())
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0.0  # text begins where rules and bars do
        self.set_auto_page_break(True, margin=20)
        self.set_title(fonts.drawable(title))
        self.set_lang("zh-CN" if language == "zh" else "en")
        self.face(10)

    def normalize_text(self, text: str) -> str:
        """Keep out what the faces cannot draw; every text of the document comes through here."""
        return fonts.drawable(text)

    def footer(self) -> None:
        """Write the running foot."""
        if self.page_no() == 1:
            return
        self.set_y(-13)
        self.face(8, MUTED)
        self.cell(self.epw - 30, 4, self.cut_to(self._foot, self.epw - 32))
        page = self._page.format(n=self.page_no())
        self.cell(30, 4, page, align="R")

    def face(self, size: float, colour: Colour = INK, *, family: str = "sans") -> None:
        """Choose size in points, colour and family."""
        self.set_font(family, size=size)
        self.set_text_color(*colour)

    def broken(self, text: str, width: float) -> list[str]:
        """Return the text in lines that fit a width in mm in the present face."""
        return breaking.lines(fonts.drawable(text), width - 0.2, self.get_string_width)

    def say(
        self, text: str, *, width: float | None = None, align: Align = "L", indent: float = 0.0
    ) -> None:
        """Write a paragraph in the present face, and go below it."""
        room = (width or self.epw) - indent
        height = self.font_size * LEADING
        for line in self.broken(text, room):
            self.set_x(self.l_margin + indent)
            self.cell(room, height, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    @contextmanager
    def strong(self) -> Iterator[None]:
        """Draw letters a little heavier: the faces come in one weight."""
        kept = self.line_width
        with self.local_context(text_mode=TextMode.FILL_STROKE):
            self.set_draw_color(self.text_color or 0)
            self.set_line_width(self.font_size * 0.028)
            yield
        self.set_line_width(kept)

    def heading(self, text: str, *, least: float = 22.0) -> None:
        """Write the heading of a part of a page, with a rule below; `least` mm stay with it."""
        if self.will_page_break(least):
            self.add_page()
        self.ln(3.5)
        self.face(11.5, NAVY)
        with self.strong():
            self.say(text)
        self.set_draw_color(*NAVY)
        self.set_line_width(0.35)
        self.line(self.l_margin, self.y + 0.4, self.l_margin + self.epw, self.y + 0.4)
        self.ln(2.2)
        self.face(10)

    def ruled(self, *, gap: float = 9.0, most: int = 8) -> None:
        """Draw empty lines to write on, as many as the page has room for."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        for _ in range(most):
            if self.will_page_break(gap + 1):
                return
            self.set_y(self.y + gap)
            self.line(self.l_margin, self.y, self.l_margin + self.epw, self.y)

    def grid(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        *,
        fills: Sequence[Colour | None] = (),
        least: float = 7.0,
    ) -> None:
        """Draw a table; its headings come again on every page, a row is never parted."""
        self._row(columns, [column.heading for column in columns], heading=True, least=least)
        for number, row in enumerate(rows):
            if self.will_page_break(self._height(columns, row, least)):
                self.add_page(same=True)
                headings = [column.heading for column in columns]
                self._row(columns, headings, heading=True, least=least)
            fill = fills[number] if number < len(fills) else None
            self._row(columns, row, fill=fill, least=least)

    def _row(
        self,
        columns: Sequence[Column],
        texts: Sequence[str],
        *,
        least: float,
        heading: bool = False,
        fill: Colour | None = None,
    ) -> None:
        self.face(8.5 if heading else 9, WHITE if heading else INK)
        height, top, left = self._height(columns, texts, least), self.y, self.l_margin
        colour = NAVY if heading else fill
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        if colour:
            self.set_fill_color(*colour)
            self.rect(left, top, sum(column.width for column in columns), height, style="F")
        step = self.font_size * LEADING
        for column, text in zip(columns, texts, strict=True):
            lines = self.broken(text, column.width - 3)
            y = top + (height - step * len(lines)) / 2
            for line in lines:
                self.set_xy(left + 1.5, y)
                self.cell(column.width - 3, step, line, align=column.align)
                y += step
            self.rect(left, top, column.width, height)
            left += column.width
        self.set_xy(self.l_margin, top + height)

    def _height(self, columns: Sequence[Column], texts: Sequence[str], least: float) -> float:
        pairs = zip(columns, texts, strict=True)
        most = max(len(self.broken(text, column.width - 3)) for column, text in pairs)
        return max(least, self.font_size * LEADING * most + 2.4)

    def facts(self, known: Sequence[Fact], *, label: float = 27.0) -> None:
        """List labels and texts with a thin rule below; two short ones share a line."""
        for row, width in self._paired(known, label):
            self._facts_row(row, label=label, width=width)

    def facts_height(self, known: Sequence[Fact], *, label: float = 27.0) -> float:
        """Return how many mm `facts` takes."""
        rows = self._paired(known, label)
        return sum(self._parts(row, width - label - 2)[1] for row, width in rows)

    def _paired(self, known: Sequence[Fact], label: float) -> list[tuple[list[Fact], float]]:
        """Return rows of one or two facts, and how wide each fact of the row may be."""
        self.face(9.5)
        half = self.epw / 2
        rest, rows = list(known), []
        while rest:
            short = [self.get_string_width(text) < half - label - 3 for _, text in rest[:2]]
            paired = short == [True, True]
            row, rest = (rest[:2], rest[2:]) if paired else (rest[:1], rest[1:])
            rows.append((row, half if paired else self.epw))
        return rows

    def _parts(self, row: Sequence[Fact], width: float) -> tuple[list[list[str]], float]:
        """Return the broken texts of a row, and its height."""
        parts = [self.broken(text, width) for _, text in row]
        lines = max(1, *(len(lines) for lines in parts))
        return parts, lines * 9.5 * _POINT * LEADING + 1.6

    def _facts_row(self, row: Sequence[Fact], *, label: float, width: float) -> None:
        step = 9.5 * _POINT * LEADING
        parts, height = self._parts(row, width - label - 2)
        if self.will_page_break(height):
            self.add_page(same=True)
        top = self.y
        for place, ((name, _), lines) in enumerate(zip(row, parts, strict=True)):
            left = self.l_margin + place * width
            self.face(9.5, MUTED)
            self.set_xy(left, top)
            self.cell(label, step + 1.6, name)
            self.face(9.5)
            for number, line in enumerate(lines):
                self.set_xy(left + label, top + 0.8 + number * step)
                self.cell(width - label, step, line)
        self.set_draw_color(*LINE)
        self.set_line_width(0.15)
        self.line(self.l_margin, top + height, self.l_margin + self.epw, top + height)
        self.set_xy(self.l_margin, top + height)

    def ladder(self, ladder: Ladder, language: str) -> None:
        """Draw the stages as a row of steps, the reached ones filled, the present one named."""
        width, height, top = self.epw / len(ladder.rungs), 6.6, self.y
        for number, stage in enumerate(ladder.rungs):
            left = self.l_margin + number * width
            self._rung(stage, left, number < ladder.reached, width=width, height=height)
            name = stage.title[language]
            self.face(7.5 if language == "zh" else 6.5, INK if number < ladder.reached else MUTED)
            if number == ladder.reached - 1:
                with self.strong():
                    self._below(name, left, top + height, width)
            else:
                self._below(name, left, top + height, width)
        self.set_xy(self.l_margin, top + height + 7)
        self.face(10)
        with self.strong():
            self.say(ladder.title)
        if ladder.said:
            self.face(9.5, MUTED)
            self.say(ladder.said)

    def _rung(
        self, stage: Stage, left: float, reached: bool, *, width: float, height: float
    ) -> None:
        colour = tuple(int(stage.colour[at : at + 2], 16) for at in (1, 3, 5))
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        self.set_fill_color(*(colour if reached else WHITE))
        self.rect(left + 0.4, self.y, width - 0.8, height, style="DF")

    def _below(self, text: str, left: float, top: float, width: float) -> None:
        y = self.y
        for number, line in enumerate(self.broken(text, width)[:2]):
            self.set_xy(left, top + 1 + 2.6 * number)
            self.cell(width, 2.8, line, align="C")
        self.set_xy(self.l_margin, y)

    def bar(self, percent: float) -> None:
        """Draw how much of a hundred is done, with the number beside it."""
        top, width = self.y + 1.2, self.epw - 18
        self.set_fill_color(*PALE)
        self.rect(self.l_margin, top, width, 4, style="F")
        self.set_fill_color(*NAVY)
        self.rect(self.l_margin, top, width * percent / 100, 4, style="F")
        self.set_xy(self.l_margin + width + 2, top - 1)
        self.face(10, NAVY)
        with self.strong():
            self.cell(16, 6, f"{percent:g}%")
        self.set_xy(self.l_margin, top + 5.2)

    def code(self, text: str, left: float, top: float, side: float) -> None:
        """Draw a code to scan, as squares."""
        matrix = segno.make(text, error="m", micro=False).matrix
        unit = side / len(matrix)
        self.set_fill_color(0, 0, 0)
        for line, modules in enumerate(matrix):
            start: int | None = None
            for column, dark in enumerate([*modules, 0]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    at = (left + start * unit, top + line * unit)
                    self.rect(*at, (column - start) * unit, unit, style="F")
                    start = None

    def tag(self, text: str, left: float, top: float) -> None:
        """Draw a small label in a frame."""
        self.face(9, AMBER)
        width = self.get_string_width(text) + 4
        self.set_draw_color(*AMBER)
        self.set_line_width(0.3)
        self.rect(left, top, width, 5.4)
        self.set_xy(left, top)
        self.cell(width, 5.4, text, align="C")

    def cut_to(self, text: str, width: float) -> str:
        """Return the text, shortened with an ellipsis where it is wider than a width in mm."""
        shown = fonts.drawable(text)
        if self.get_string_width(shown) <= width:
            return shown
        while shown and self.get_string_width(shown) > width - 3:
            shown = shown[:-1]
        return f"{shown.rstrip()}…"
