"""The parts of the Word handbook that its library has no calls for: faces, tables, page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from geo.exchange.table import clean

NAVY, MUTED, AMBER, LINE = "17365D", "69737F", "9A6700", "CDD4DC"
LATIN, CHINESE, CHINESE_TITLE = "Arial", "微软雅黑", "宋体"
MARGIN_MM = 18


def dress(book: Document, *, title: str) -> None:
    """Set paper, faces, spacing and the document's title."""
    section = book.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    section.different_first_page_header_footer = True
    book.core_properties.title = title[:255]
    book.core_properties.author = ""
    book.core_properties.comments = ""
    sizes = {"Normal": 10.5, "Title": 28, "Heading 1": 18, "Heading 2": 12.5, "List Bullet": 10.5}
    for name, size in sizes.items():
        _face(book.styles[name], size, name=name)


def _face(style: Any, size: float, *, name: str) -> None:
    style.font.size, style.font.name = Pt(size), LATIN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    titled = name in ("Title", "Heading 1")
    fonts.set(qn("w:eastAsia"), CHINESE_TITLE if titled else CHINESE)
    style.paragraph_format.space_after = Pt(3)
    style.paragraph_format.space_before = Pt(9 if name == "Heading 2" else 0)
    if name in ("Title", "Heading 1", "Heading 2"):
        style.font.color.rgb = RGBColor.from_string(NAVY)
        style.font.bold = True
    if name in ("Title", "Heading 2"):
        _rule(style.element.get_or_add_pPr(), NAVY if name == "Heading 2" else "")


def _rule(properties: Any, colour: str) -> None:
    """Draw a rule below a paragraph; without a colour, take the one away that it has."""
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if not colour:
        return
    border = OxmlElement("w:pBdr")
    for side in ("bottom", "between"):  # without the second, rules of equal paragraphs merge
        border.append(_edge(side, colour))
    # The schema has an order: the border stands before these.
    after = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    properties.insert_element_before(border, *after)


def _edge(side: str, colour: str) -> Any:
    edge = OxmlElement(f"w:{side}")
    for key, value in {"val": "single", "sz": "4", "space": "1", "color": colour}.items():
        edge.set(qn(f"w:{key}"), value)
    return edge


def lighten(table: Any) -> None:
    """Draw a table's rules thin and grey."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_edge(side, LINE))
    properties = table._tbl.tblPr
    after = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(borders, *after)


def tabulate(
    book: Document,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[float],
) -> Any:
    """Add a table of text; its heading comes again on every page. Widths are in mm."""
    table = book.add_table(rows=0, cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    if headings:
        cells = table.add_row().cells
        for cell, text in zip(cells, headings, strict=True):
            _fill(cell, text, colour="FFFFFF", bold=True)
            shade(cell, NAVY)
        properties = table.rows[0]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
    for row in rows:
        line = table.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for number, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            _fill(cell, text, colour=MUTED if not headings and number == 0 else "")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    lighten(table)
    return table


def _fill(cell: Any, text: str, *, colour: str = "", bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = Pt(1.5)
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold = Pt(9), bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def shade(cell: Any, colour: str) -> None:
    """Fill a cell with a colour (six hexadecimal digits)."""
    shading = OxmlElement("w:shd")
    for key, value in {"val": "clear", "color": "auto", "fill": colour}.items():
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shading)


def columns(book: Document, widths: Sequence[float]) -> list[Any]:
    """Add invisible columns of the given widths in mm, and return their cells."""
    table = book.add_table(rows=1, cols=len(widths))
    table.autofit = False
    cells = list(table.rows[0].cells)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return cells


def ruled(book: Document, count: int) -> None:
    """Add empty lines to write on."""
    for _ in range(count):
        paragraph = book.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(14)
        _rule(paragraph._p.get_or_add_pPr(), LINE)


def page_number(section: Any, text: str) -> None:
    """Write a running foot with the page's number, on every page but the first."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(f"{clean(text)} · ")
    run.font.size = Pt(8)
    number = paragraph.add_run()
    number.font.size = Pt(8)
    for kind, content in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = content
        number._r.append(element)
