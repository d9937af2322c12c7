"""A .csv is decoded only as what it surely is, and split as its author meant."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeoError
from geo.exchange.reading import text
from tests.geo.exchange.reading.files import grid, read_here

LIST = "项目编码,项目名称,总投资（万元）\r\n00123,年产一万吨生产线,12000\r\n"


def read(folder, data: bytes):
    path = folder / "清单.csv"
    path.write_bytes(data)
    return read_here(path)


def code(folder, data: bytes) -> GeoError:
    with pytest.raises(GeoError) as caught:
        read(folder, data)
    return caught.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_every_usual_encoding(tmp_path, encoding):
    """The same list comes out of each encoding, with and without a mark."""
    book = read(tmp_path, LIST.encode(encoding))
    header = ["项目编码", "项目名称", "总投资（万元）"]
    assert grid(book) == [header, ["00123", "年产一万吨生产线", "12000"]]
    assert (book.kind, book.sheets[0].name) == ("csv", "清单")


@pytest.mark.parametrize(
    "data",
    [
        "專案編號,專案名稱,總投資\r\n開發區,廠房擴建,營運\r\n".encode("big5"),
        "Größe,Übergröße,Straße\nÄ,Ö,Ü\n".encode("latin-1"),
        LIST.encode()[:20],
        LIST.encode("utf-16")[:-1],
        b"\xff\xfe\x00\x00a\x00\x00\x00",
        b"a,b\x00\n" * 3,
    ],
)
def test_any_other_encoding_is_refused(tmp_path, data):
    """What decodes only by chance is refused, so no name is ever stored as nonsense."""
    assert code(tmp_path, data).code == "file_encoding_unknown"


def test_control_characters_are_no_text(tmp_path):
    """The row of the first one is named."""
    fault = code(tmp_path, b"a,b\n1,\x072\n")
    assert (fault.code, fault.details) == ("file_not_text", {"row": 2})


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("a;b;c\n1,5;2;3\n", [["a", "b", "c"], ["1,5", "2", "3"]]),
        ("a\tb\n1,2\t3\n4\t5\n", [["a", "b"], ["1,2", "3"], ["4", "5"]]),
        ("重点项目清单\n\na,b\n1,2\n", [["重点项目清单"], [], ["a", "b"], ["1", "2"]]),
        ('sep=;\r\na;"b;c"\r\n', [["a", "b;c"]]),
        ('"他说""好""",b\n"两\n行",2\n', [['他说"好"', "b"], ["两\n行", "2"]]),
        ('a,="00123"\r1,2\r', [["a", "00123"], ["1", "2"]]),
        ("单列\n值\n", [["单列"], ["值"]]),
        ("a,b,,\n1,,,\n,,,\n", [["a", "b"], ["1"]]),
    ],
)
def test_delimiters_quotes_and_line_ends(tmp_path, data, rows):
    """Each usual way of writing gives the rows that a spreadsheet shows."""
    assert grid(read(tmp_path, data.encode())) == rows


def test_an_open_quote_is_refused_at_its_row(tmp_path):
    """It would swallow every row after it."""
    fault = code(tmp_path, b'a,b\n1,2\n"3,4\n5,6\n')
    assert (fault.code, fault.details) == ("file_quote_open", {"row": 3})


cells = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Co", "Zl", "Zp"]), max_size=8
)


@given(
    table=st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5),
    delimiter=st.sampled_from(text.DELIMITERS),
)
def test_what_is_written_is_found_again(table, delimiter):
    """Under a plain heading row, any cells written with any delimiter are split the same way."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["甲", "乙", "丙"], *table])
    assert text.find_delimiter(out.getvalue()) == delimiter
    assert list(text._records(out.getvalue(), delimiter))[1:] == table
