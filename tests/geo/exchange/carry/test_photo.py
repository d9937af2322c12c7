"""Photos in the handbook and on the road page: there, in shape, small, and never a page's end."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import docx
import pypdfium2
import pytest
from PIL import Image

from geo.exchange.carry import handbook_docx, handbook_pdf, photo, road_html
from geo.exchange.carry.brief import one_line
from tests.geo.exchange.carry.samples import HOSTILE
from tests.geo.exchange.carry.test_road import Reader

SIZES = ((1600, 1200), (600, 1600), (1600, 200))


def jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#446688").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture(scope="module")
def shown(plain):
    """A landscape, an upright and a very flat photo on the first three sites."""
    ids = [stop.project_id for stop in plain.tour.stops]
    photos = {id_: (jpeg(*size), f"摄于 {size[0]}") for id_, size in zip(ids, SIZES, strict=False)}
    lines = {id_: [f"第 {n} 项：旧值 → 新值" for n in range(10)] for id_ in ids}
    return replace(plain, photos=photos, changes=lines)


def test_the_pdf_has_each_photo_on_its_page(shown):
    """A site's page has its photo in its shape within the box, others none; no page is added."""
    document = pypdfium2.PdfDocument(handbook_pdf.write(shown))
    assert len(document) == len(shown.tour.stops) + 3
    kind = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
    found = [list(document[n].get_objects(filter=[kind])) for n in range(2, len(document) - 1)]
    assert [len(images) for images in found] == [1, 1, 1] + [0] * (len(found) - 3)
    for (image,), (width, height) in zip(found[:3], SIZES, strict=True):
        left, bottom, right, top = image.get_bounds()
        assert (right - left) / (top - bottom) == pytest.approx(width / height, rel=0.01)
        assert right - left < 73 / 25.4 * 72
        assert 20 < bottom < top < 297 / 25.4 * 72
    assert "摄于1600" in document[2].get_textpage().get_text_range().replace(" ", "")


def test_word_has_each_photo(shown):
    """Word holds three pictures more than without photos, in their shape."""
    many, few = (
        docx.Document(io.BytesIO(handbook_docx.write(brief))).element.body.xpath(".//wp:extent")
        for brief in (shown, replace(shown, photos={}))
    )
    assert len(many) == len(few) + 3
    shapes = {round(int(one.get("cx")) / int(one.get("cy")), 2) for one in many}
    assert {round(width / height, 2) for width, height in SIZES} <= shapes


def test_the_road_page_holds_each_photo(shown):
    """The photos are in the file itself, with their caption as text, and smaller than they came."""
    read = Reader(road_html.write(shown))
    sources = [one["src"] for tag, one in read.elements if tag == "img"]
    photos = [src for src in sources if src.startswith("data:image/jpeg;base64,")]
    assert len(photos) == 3
    picture = Image.open(io.BytesIO(base64.b64decode(photos[0].partition(",")[2])))
    assert picture.size == (photo.LONG_SIDE, photo.LONG_SIDE * 3 // 4)
    assert "摄于 600" in read.texts


@pytest.mark.parametrize(
    "content", [b"", b"no picture", jpeg(40, 30)[:200], b"\x89PNG\r\n\x1a\n", b"<svg/>"]
)
def test_what_is_no_photo_is_left_out(plain, content):
    """A broken or foreign picture spoils neither file: the site is printed without it."""
    stop = plain.tour.stops[0]
    brief = replace(plain, photos={stop.project_id: (content, "x")})
    assert photo.of(brief, stop) is None
    assert b"data:image/jpeg" not in road_html.write(brief)


def test_a_caption_is_text(plain):
    """A hostile caption stands on the page as it was written and makes no element."""
    stop = plain.tour.stops[0]
    for text in HOSTILE:
        brief = replace(plain, photos={stop.project_id: (jpeg(40, 30), text)})
        read = Reader(road_html.write(brief))
        assert [tag for tag, _ in read.elements].count("img") == 2
        assert one_line(text) in [one_line(one) for one in read.texts]
