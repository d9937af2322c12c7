"""The columns under a heading of one or more rows: what each is called and how its cells read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geo.intake import headings
from geo.intake.lexicon import Lexicon
from geo.intake.lines import Line
from geo.intake.text import clean, fold, key

LEFT_OUT = "left out"
"""Kind of a column that the mapping takes out; nothing is said about it."""
_INDEX = re.compile(r"\(?(?:\d{1,2}|[甲乙丙丁戊己庚辛壬癸]|[a-z])\)?(?:=.*)?")


@dataclass(frozen=True)
class Column:
    """Hold one column: its number from 0, heading as in the file, field, kind of cells and unit.

    `field` is empty where the column is not read. `row` is the row of its heading.
    """

    index: int
    heading: str
    field: str
    kind: str
    unit: str
    year: int | None
    datum: str
    row: int
    reading: headings.Reading
    path: str


def read_columns(block: Sequence[Line], lexicon: Lexicon, words: Mapping[str, str]) -> list[Column]:
    """Return the columns of the rows of one heading, left to right; `words` go before synonyms."""
    levels = [line for line in block if not is_marks(line)]
    units = [line for line in block if is_marks(line) and not is_unit_line(line)]
    width = max((len(line.cells) for line in block), default=0)
    paths = [_path(levels, column) for column in range(width)]
    leaves = [
        path[-1] if path and not _is_continued(levels, paths, index) else ""
        for index, path in enumerate(paths)
    ]
    made = []
    for index, path in enumerate(paths):
        if path and not _is_continued(levels, paths, index):
            twice = leaves.count(path[-1]) > 1
            row = _row(levels, index)
            marks = [headings.unit_alone(line.text(index)) for line in units]
            column = _column(index, path, lexicon=lexicon, words=words, units=marks)
            made.append(replace(column, row=row, heading=column.path if twice else path[-1]))
    return _own(made, lexicon, words)


def _own(columns: list[Column], lexicon: Lexicon, words: Mapping[str, str]) -> list[Column]:
    """Let a house's own table say `id` for a project: elsewhere that is the number of a row.

    It is one if most of the fields stand in it under their own names.
    """
    known = {name for name in (column.path for column in columns) if name in lexicon.headings}
    if 2 * len(known) <= len(lexicon.headings):
        return columns
    meant = {name: heading for heading in lexicon.headings.values() for name in heading.own}
    return [
        replace(column, field=meant[column.path].id, kind=meant[column.path].kind)
        if column.path in meant and key(column.path) not in words
        else column
        for column in columns
    ]


def _is_continued(levels: Sequence[Line], paths: Sequence[list[str]], column: int) -> bool:
    """Tell whether a heading merged over several columns has nothing of its own in this one."""
    filled = [line for line in levels if line.text(column).strip()]
    origins = {line.across.get(column) for line in filled}
    return len(origins) == 1 and None not in origins and paths[column] == paths[origins.pop() or 0]


def _path(levels: Sequence[Line], column: int) -> list[str]:
    """Return the texts over a column from the top down, each once."""
    path: list[str] = []
    for depth, line in enumerate(levels):
        text = clean(line.text(column))
        below = any(lower.text(column).strip() for lower in levels[depth + 1 :])
        if not text and below:
            text = clean(_group_of(levels, depth, column))
        if text and (not path or path[-1] != text):
            path.append(text)
    return path


def _group_of(levels: Sequence[Line], depth: int, column: int) -> str:
    """Return the unmerged group over a column: the text to its left that has parts below it too."""
    line = levels[depth]
    for left in range(column - 1, -1, -1):
        if line.text(left).strip():
            parts = any(lower.text(left).strip() for lower in levels[depth + 1 :])
            return line.text(left) if parts and left not in line.merged else ""
    return ""


def _row(levels: Sequence[Line], column: int) -> int:
    own = [line.number for line in levels if line.text(column).strip() and column not in line.down]
    return own[-1] if own else levels[-1].number


def _column(
    index: int,
    path: Sequence[str],
    *,
    lexicon: Lexicon,
    words: Mapping[str, str],
    units: Sequence[str],
) -> Column:
    reading = headings.read(tuple(path), lexicon)
    joined = "/".join(path)
    for name in (joined, path[-1]):
        if key(name) in words:
            reading = replace(reading, field=words[key(name)], weak=False, monthly=False)
            break
    if reading.field == "progress" and "%" in units:
        reading = replace(reading, field="progress_pct")
    field = "" if reading.monthly else reading.field
    mapped_out = not field and not words.keys().isdisjoint((key(joined), key(path[-1])))
    kind = lexicon.headings[field].kind if field else LEFT_OUT if mapped_out else ""
    stated = {unit for unit in (reading.unit, *units) if unit}
    unit = "/".join(sorted(stated))
    return Column(index, joined, field, kind, unit, reading.year, reading.datum, 0, reading, joined)


def is_marks(line: Line) -> bool:
    """Tell whether a row holds only units or column numbers (1 2 3, 甲 乙 丙)."""
    texts = [fold(line.text(c)).casefold() for c in line.own]
    if not texts:
        return False
    if all(headings.unit_alone(text) or text in ("-", "/") for text in texts):
        return True
    return len(texts) >= 3 and all(_INDEX.fullmatch(text) for text in texts) and _counts(texts)


def is_unit_line(line: Line) -> bool:
    """Tell whether a line between heading and body states the unit of the whole table."""
    return len(line.own) == 1 and "单位" in line.text(line.own[0]) and is_marks(line)


def _counts(texts: Sequence[str]) -> bool:
    """Tell whether the marks count up; a project's row of small numbers does not."""
    bare = [text.strip("()").split("=")[0] for text in texts]
    numbers = [int(text) for text in bare if text.isdigit()]
    return numbers == list(range(1, len(numbers) + 1))
