"""The handbook, read back by readers that are not ours: PDFium, and the archive's own XML."""

from __future__ import annotations

import io
import logging
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import docx
import pypdfium2
import pytest

from geo.exchange.carry import facts, fonts, handbook_docx, handbook_pdf
from geo.exchange.carry.brief import one_line
from geo.exchange.table import clean
from tests.geo.exchange.carry.samples import HOSTILE


def pdf_pages(content: bytes) -> list[str]:
    """The text of each page without its spaces and line ends."""
    document = pypdfium2.PdfDocument(content)
    texts = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    return [re.sub(r"\s|\ufffe", "", text) for text in texts]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", fonts.drawable(one_line(text)))


def word(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def word_texts(content: bytes) -> list[str]:
    """Every paragraph of the document, in tables too, in order."""
    body = word(content).element.body
    return ["".join(t.text or "" for t in p.iter(f"{{{W}}}t")) for p in body.iter(f"{{{W}}}p")]


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def pages(plain) -> list[str]:
    return pdf_pages(handbook_pdf.write(plain))


def test_one_page_a_site(pages, plain):
    """Cover, timetable, one page a site in order, score sheet."""
    stops = plain.tour.stops
    assert len(pages) == len(stops) + 3
    for page, stop in zip(pages[2:-1], stops, strict=True):
        assert page.startswith(f"{stop.number}{squeezed(stop.name)}")
        for label, text in facts.facts(plain, stop):
            assert squeezed(label) in page
            assert squeezed(text) in page
    assert all(squeezed(stop.name) in pages[1] for stop in stops)
    assert all(squeezed(stop.name) in pages[-1] for stop in stops)


def test_no_glyph_is_missing(plain, caplog):
    """The writer reports no glyph that its faces lack, and no character comes out as unknown."""
    with caplog.at_level(logging.WARNING):
        content = handbook_pdf.write(plain)
    assert not [record.message for record in caplog.records if "missing" in record.message]
    assert not [page for page in pdf_pages(content) if fonts.MISSING in page or "\ufffd" in page]


def test_faces_are_embedded_in_part(plain):
    """Both faces are in the file, cut to what is used: the file stays far below their 20 MB."""
    content = handbook_pdf.write(plain)
    assert len(content) < 2_000_000
    names = set(re.findall(rb"/BaseFont /([^\s/]+)", content))
    assert names
    assert all(b"+Noto" in name for name in names)


def test_hostile_text_is_text_on_the_page(hostile):
    """Each hostile text stands on its site's page as it was written; nothing becomes a link."""
    content = handbook_pdf.write(hostile)
    pages = pdf_pages(content)
    for text in HOSTILE:
        assert sum(squeezed(text) in page for page in pages) >= 3, text
    for action in (b"/URI", b"/JavaScript", b"/Launch", b"/EmbeddedFile"):
        assert action not in content


def test_page_count_alias_in_a_name_stays(plain):
    """A name that looks like the writer's own mark for the number of pages is a name."""
    (first, *rest) = plain.tour.days[0].stops
    day = replace(plain.tour.days[0], stops=(replace(first, name="{nb} **a** __b__"), *rest))
    pages = pdf_pages(handbook_pdf.write(replace(plain, tour=replace(plain.tour, days=(day,)))))
    assert pages[2].startswith("1{nb}**a**__b__")


def test_estimates_are_labelled(pages, plain, two_days):
    """Each printed drive has its band; where the source states none there is no such mark."""
    assert pages[1].count("估算±25%") >= len(plain.legs) + 1
    assert all("估算±25%" in page for page in pages[2:-1])
    english = pdf_pages(handbook_pdf.write(two_days))
    assert "estimate±25%" in english[1]
    assert english[2].count("estimate±") <= 1  # the note on the whole tour


def test_given_lines_are_printed(plain):
    """What changed and what to talk about are on the site's page; without them it says so or leaves room."""
    first = plain.tour.stops[0].project_id
    brief = replace(plain, changes={first: ["进度由 10% 升至 20%"]}, points={first: ["用工缺口？"]})
    pages = pdf_pages(handbook_pdf.write(brief))
    assert "进度由10%升至20%" in pages[2]
    assert "用工缺口？" in pages[2]
    assert squeezed(plain.t("carry.changes_none")) in pages[3]
    texts = word_texts(handbook_docx.write(brief))
    assert "进度由 10% 升至 20%" in texts
    assert "用工缺口？" in texts


def test_samples_are_marked(pages, plain):
    """Every page of a sample project says so, no page of a real one does."""
    mark = squeezed(plain.t("card.sample"))
    for page, stop in zip(pages[2:-1], plain.tour.stops, strict=True):
        assert (mark in page) == stop.sample


def test_contacts_only_for_internal_use(hostile):
    """The contact and the mark of internal use are in the internal edition only."""
    inner, outer = hostile, replace(hostile, internal=False)
    label = squeezed(hostile.t("card.contact"))
    warning = squeezed(hostile.t("carry.internal"))
    for brief, expected in ((inner, True), (outer, False)):
        pages = pdf_pages(handbook_pdf.write(brief))
        assert any(label in page for page in pages) == expected
        assert all((warning in page) == expected for page in pages)
        texts = word_texts(handbook_docx.write(brief))
        assert (hostile.t("card.contact") in texts) == expected


def test_criteria_can_be_given(plain):
    """The score sheet has the given criteria, each with an empty cell a stop."""
    brief = replace(plain, criteria=("甲项", "乙项", "丙项"))
    (*_, last) = pdf_pages(handbook_pdf.write(brief))
    assert "甲项乙项丙项合计备注" in last
    sheet = word(handbook_docx.write(brief)).tables[-1]
    assert [cell.text for cell in sheet.rows[0].cells][2:5] == ["甲项", "乙项", "丙项"]
    assert len(sheet.rows) == len(plain.tour.stops) + 1
    assert {cell.text for row in sheet.rows[1:] for cell in row.cells[2:]} == {""}


def test_word_has_a_heading_a_site(plain):
    """Word's outline has the timetable, each site and the score sheet; facts have no empty cell."""
    book = word(handbook_docx.write(plain))
    heads = [p.text for p in book.paragraphs if p.style.name == "Heading 1"]
    assert heads[0] == "日程安排"
    assert [head.split(". ")[0] for head in heads[1:-1]] == [
        str(stop.number) for stop in plain.tour.stops
    ]
    assert heads[-1].startswith("评分表")
    tables = [table for table in book.tables if len(table.columns) == 2 and len(table.rows) > 1]
    assert len(tables) == len(plain.tour.stops)
    assert all(cell.text for table in tables for row in table.rows for cell in row.cells)


def test_word_names_a_chinese_face(plain):
    """Styles name a Chinese face of their own, so that no theme's Japanese one is taken."""
    styles = word(handbook_docx.write(plain)).styles
    for name in ("Normal", "Heading 1", "Title"):
        faces = styles[name].element.rPr.rFonts
        assert faces.get(f"{{{W}}}eastAsia") in ("微软雅黑", "宋体")
        assert faces.get(f"{{{W}}}eastAsiaTheme") is None


def test_hostile_text_is_text_in_word(hostile):
    """Each hostile text is a paragraph's text; the archive has no macro, field or outside target."""
    content = handbook_docx.write(hostile)
    texts = [" ".join(text.split()) for text in word_texts(content)]
    for text in HOSTILE:
        flat = " ".join(clean(text).split())
        assert sum(one.endswith(flat) for one in texts) >= 3, text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert "vba" not in name.lower()
            if name.endswith((".rels", ".xml")):
                root = ET.fromstring(archive.read(name))
                modes = {element.get("TargetMode") for element in root.iter()}
                assert "External" not in modes
        fields = re.findall(rb"<w:instrText[^>]*>([^<]*)", archive.read("word/document.xml"))
    assert not fields


def test_english_edition(two_days):
    """In English every label is English: no Chinese but names, places and remarks of the data."""
    pages = pdf_pages(
        handbook_pdf.write(replace(two_days, tour=replace(two_days.tour, title="Q3")))
    )
    assert pages[0].startswith("Dandong·HandbookofthesitevisitsQ3")
    blanked = [
        replace(stop, name="Site", project={"stage": "build"}) for stop in two_days.tour.stops
    ]
    place = replace(two_days.tour.days[0].start, name="Hall")
    days = tuple(
        replace(day, start=place, end=place, meal=None, stops=tuple(blanked[:1]), legs=day.legs[:2])
        for day in two_days.tour.days
    )
    pages = pdf_pages(
        handbook_pdf.write(replace(two_days, tour=replace(two_days.tour, title="Q3", days=days)))
    )
    assert not re.search(r"[\u4e00-\u9fff]", "".join(pages))
