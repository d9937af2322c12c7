"""Tell a project's row from all the others: blank, total, section, note, example."""

from __future__ import annotations

import re
from typing import Literal

from geo.intake import headings, land, lines
from geo.intake.headers import Table
from geo.intake.lexicon import Lexicon
from geo.intake.lines import Line
from geo.intake.names import county_at_start
from geo.intake.text import fold, key

Kind = Literal["project", "blank", "total", "section", "title", "note", "example"]

_TOTAL = re.compile(
    r".{0,12}?(?:小\s*计|合\s*计|总\s*计|共\s*计)(?:\(.*\)|[:,].*|\s*\d+\s*[个项].*)?:?"
)
_SUM = re.compile(r"计|其中|共")
GRAND = re.compile(r"(?:全市|全县|全区|总)?(?:合计|总计|共计)")
_PARTLY = re.compile(r"其中[:,]?.{0,20}|共\s*\d+\s*[个项].{0,10}")
_ORDINAL = re.compile(r"\(?[一二三四五六七八九十]{1,3}\)?[、.:]?")
_NUMBERED = re.compile(
    r"\(?[一二三四五六七八九十]{1,3}\)?[、.]\s*\S.*|\([一二三四五六七八九十]{1,3}\)\s*\S.*"
)
_COUNTED = re.compile(r".*\(\s*(?:共|计)?\s*\d+\s*[个项].*\)|.*[\s:]\s*(?:共|计)?\s*\d+\s*[个项]")
_GROUP_WORD = re.compile(r".{1,18}(?:类|类项目|项目类)")
_NOTE = re.compile(
    r"(?:注|说明|备注|填表说明|填报说明|填表人|填报人|填报单位|填报时间|填报日期|制表|制表人|审核|审核人|单位负责人"
    r"|负责人|单位负责人签字|联系人|联系电话|数据截至|统计口径)\s*[\d.]*\s*:.*|[※*]\s*.*"
)
# What stands over a table that goes on after a page: 表1（续）, 重点项目清单（续表）.
_TITLE = re.compile(r"表\s*[\d一二三四五六七八九十]{1,3}|.*\(续表?\)|续表.{0,6}")
_DAY = re.compile(r"(?:日期:?)?(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?")
_EXAMPLE = re.compile(r"示例|【示例】.*|\[示例\].*|\(示例\).*")
_TELLING = frozenset({"code", "county", "owner", "stage", "start_date", "end_date", "industry"})


def kind(line: Line, table: Table, lexicon: Lexicon) -> Kind:
    """Say what a line is. In doubt it is a project, so that nothing is dropped unseen.

    A "title" is a name alone in a row of a numbered list: most likely a section, and to be said.
    """
    if not line.own:
        return "blank"
    serial, name = _at(line, table, "serial"), _at(line, table, "name")
    if _EXAMPLE.fullmatch(serial) or re.match(r"[【\[(]示例[】\])]", name):
        return "example"
    own = set(line.own)
    filled = {field for field, column in table.by_field.items() if column.index in own}
    if _is_total(line, table, filled):
        return "total"
    if name and filled & _TELLING:
        return "project"
    if _is_section(line, table, serial=serial, name=name, filled=filled, lexicon=lexicon):
        return "section"
    if _is_note([fold(line.text(column)) for column in line.own]) or _is_foot(line, table):
        return "note"
    if filled == {"name"} and len(own) == 1 and table.column("serial"):
        return "title"
    if not filled or (filled == {"serial"} and len(line.own) == 1):
        return "blank"  # nothing of it is read, or a numbered row that nobody has filled in
    return "project"


def section_county(line: Line, lexicon: Lexicon) -> str | None:
    """Return the county that a section row names, like 一、某某市（12个）."""
    text = fold(" ".join(line.text(column) for column in line.own))
    bare = re.sub(r"^\(?[一二三四五六七八九十\d]{1,3}\)?[、. ]*", "", text)
    return county_at_start(bare, lexicon)


def is_grand_total(line: Line) -> bool:
    """Tell whether a total row stands for the whole table, not for a county or a section."""
    first = fold(line.text(line.own[0])).replace(" ", "")
    return bool(GRAND.fullmatch(re.sub(r"\(.*\)|[:,].*|\d+[个项].*", "", first)))


def _at(line: Line, table: Table, field: str) -> str:
    column = table.column(field)
    if column is None or lines.is_blank(line.cell(column.index)):
        return ""
    return fold(line.text(column.index))


def _is_total(line: Line, table: Table, filled: set[str]) -> bool:
    """A total is named in the first filled cell, or where the name stands; it has no code."""
    name = table.column("name")
    places = {line.own[0], *([name.index] if name and name.index in line.own else [])}
    texts = [fold(line.text(column)) for column in places]
    found = any(_SUM.search(text) for text in texts) and any(
        _TOTAL.fullmatch(text) or (_PARTLY.fullmatch(text) and not filled & _TELLING)
        for text in texts
    )
    return found and not any(c.isdigit() for c in _at(line, table, "code"))


def _is_section(
    line: Line, table: Table, *, serial: str, name: str, filled: set[str], lexicon: Lexicon
) -> bool:
    if filled & _TELLING - {"county"}:
        return False
    if (_ORDINAL.fullmatch(serial) or _NUMBERED.fullmatch(serial)) and "county" not in filled:
        return True  # 一 | 续建项目 | 120000: the section and what it adds up to
    if len(line.own) > 1:
        return False
    only = line.own[0]
    text = fold(line.text(only))
    column = table.column("name")
    if column is None or only != column.index:
        first = min((c.index for c in table.columns), default=0)
        wide = only in line.across.values()
        return not _is_note([text]) and not text.isdigit() and (wide or only <= first)
    marked = _NUMBERED.fullmatch(text) or _COUNTED.fullmatch(text) or _GROUP_WORD.fullmatch(text)
    words = (lexicon.county_keys, lexicon.stage_keys, lexicon.attributes)
    known = any(
        form in table_ for table_ in words for form in (key(text), key(text).removesuffix("项目"))
    )
    return bool(marked or known or only in line.across.values())


def _is_foot(line: Line, table: Table) -> bool:
    """Tell whether a row is the title of a table that goes on, or the day on which a list was
    made, alone under no column of dates."""
    if len(line.own) != 1:
        return False
    text = fold(line.text(line.own[0])).replace(" ", "")
    if _TITLE.fullmatch(text):
        return True
    if not _DAY.fullmatch(text):
        return False
    dated = {c.index for c in table.columns if c.kind in ("date", "span", "year")}
    return line.own[0] not in dated


def _is_note(texts: list[str]) -> bool:
    """Tell whether a row is a foot or head line: 注：…, 填表人：… 审核人：…."""
    if any(_NOTE.fullmatch(text) for text in texts[:1]):
        return True
    stated = any(headings.unit_stated(text) or land.unit_stated(text) for text in texts)
    return stated and all(":" in text or "(" in text for text in texts)
