"""One heading taken apart: what it names, and the unit, year, months and datum that it states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geo.intake import land
from geo.intake.lexicon import Lexicon
from geo.intake.text import fold, key

YUAN = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "千万元": 10**7, "亿元": 10**8}
FOREIGN = "foreign"
_UNIT = r"(?:亿|千万|百万|万|千)?元|亿|万"
_BRACKETS = re.compile(
    r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^】]*)】|〔([^〕]*)〕|〈([^〉]*)〉|<([^<>]*)>"
)
_TAIL_UNIT = re.compile(rf"(?:[:/,、-]|单位:?)*({_UNIT}|%)$")
_FULL_UNIT = re.compile(
    rf"(?:(?:金额|投资|货币|计量)?单位)?[:为]?(?:人民币|rmb|cny|¥)?[:,]?({_UNIT}|%)(?:人民币)?",
    re.IGNORECASE,
)
_STATED_UNIT = re.compile(
    rf"单\s*位\s*[:为]?\s*(?:人民币)?\s*({_UNIT})(?:(?=人民币)|(?![\u4e00-\u9fff]))"
)
_ENGLISH_UNIT = re.compile(r"(?:cny|rmb)10,?000|10,?000(?:yuan|cny|rmb)", re.IGNORECASE)
_OWN_UNIT = re.compile(r"(?<=[a-z])_wan$")  # the house's own column names
_FOREIGN = re.compile(r"美元|欧元|港元|港币|日元|韩元|usd|eur", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2})月?(?:份)?[-~至到](\d{1,2})月(?:份|底|末)?")
_MONTH = re.compile(r"(\d{1,2})月(?:份|底|末)?")
_BEFORE = re.compile(r"^(?:\d{1,2}[.、](?=\D)|其中[:,、]?(?=.))")  # 3.总投资, 其中：…
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度|年|(?=\D|$))")
_UNTIL = re.compile(r"截[至止]到?|至今")
_DATUMS = (
    ("wgs84", re.compile(r"wgs-?_?\s?(?:19)?84|4326|gps", re.IGNORECASE)),
    (
        "wgs84",
        re.compile(
            r"cgcs-?_?\s?2000|国家2000|2000国家|大地2000|2000坐标|天地图|4490", re.IGNORECASE
        ),
    ),
    ("gcj02", re.compile(r"gcj-?_?\s?0?2|火星|高德|腾讯|amap", re.IGNORECASE)),
    ("bd09", re.compile(r"bd-?_?\s?0?9|百度|baidu", re.IGNORECASE)),
    (
        "other",
        re.compile(
            r"西安-?80|80西安|北京-?54|54北京|xian-?80|beijing-?54|地方坐标|独立坐标", re.IGNORECASE
        ),
    ),
)


@dataclass(frozen=True)
class Reading:
    """Hold what one heading says; `field` is empty where no synonym fits.

    `unit` is a key of YUAN or of `land.UNITS`, "%", "foreign" or empty. `monthly`: the column is one month's amount.
    `weak`: the heading is only a makeshift for its field.
    """

    field: str = ""
    unit: str = ""
    year: int | None = None
    datum: str = ""
    monthly: bool = False
    weak: bool = False


@dataclass(frozen=True)
class _Parts:
    stems: tuple[str, ...]
    unit: str
    year: int | None
    months: int
    until: bool
    datum: str


def datum_in(text: str) -> str:
    """Return the datum a text names (wgs84, gcj02, bd09, other), "both" for several, or ""."""
    found = {name for name, pattern in _DATUMS if pattern.search(text)}
    return found.pop() if len(found) == 1 else "both" if found else ""


def unit_alone(text: str) -> str:
    """Return the unit that a text consists of: 万元, (亿元), 单位：元, 亩; else ""."""
    return _money_alone(text) or land.unit_alone(_bare(text))


def _money_alone(text: str) -> str:
    match = _FULL_UNIT.fullmatch(_bare(text).strip("()[]【】:"))
    return _full(match.group(1)) if match else ""


def unit_stated(text: str) -> str:
    """Return the money unit that a line above a table states, several joined by "/", or ""."""
    shown = fold(text)
    plain = shown.replace(" ", "")
    found = {_full(match.group(1)) for match in _STATED_UNIT.finditer(shown)}
    found |= {unit for unit in map(_money_alone, _inside(plain)) if unit and unit != "%"}
    found |= {unit for unit in map(_money_alone, land.pieces(text)) if unit and unit != "%"}
    alone = _money_alone(plain)
    return "/".join(sorted(found | ({alone} if alone and alone != "%" else set())))


def read(levels: Sequence[str], lexicon: Lexicon) -> Reading:
    """Read a column's heading, its levels from the top down; the lowest level decides."""
    texts = tuple(text for text in levels if text.strip())
    if not texts:
        return Reading()
    parts = [_parts(text) for text in texts]
    candidates = list(_candidates(texts, parts))
    for words, weak in ((lexicon.certain, False), (lexicon.weaker, True)):
        for stem, own in candidates:
            if stem in words:
                return _reading(words[stem], weak=weak, own=own, parts=parts, lexicon=lexicon)
    return Reading(unit=_last(p.unit for p in parts), datum=_last(p.datum for p in parts))


def _candidates(texts: Sequence[str], parts: Sequence[_Parts]) -> Iterator[tuple[str, _Parts]]:
    """Yield what a heading may be called, nearest first: itself, then joined with what is above."""
    leaf = parts[-1]
    for stem in leaf.stems:
        yield stem, leaf
    for upper in reversed(texts[:-1]):
        for joined in (texts[-1] + upper, upper + texts[-1]):
            both = _parts(joined)
            for stem in both.stems:
                yield stem, both
    if len(parts) > 1 and (
        not any(leaf.stems) or set(leaf.stems) & {"合计", "小计", "总计", "总额"}
    ):
        for stem in parts[-2].stems:
            yield stem, parts[-2]


def _reading(
    field: str, *, weak: bool, own: _Parts, parts: Sequence[_Parts], lexicon: Lexicon
) -> Reading:
    kind = lexicon.headings[field].kind
    unit = _last(p.unit for p in parts)
    year = _last(p.year for p in parts) or None
    months = max((p.months for p in parts), default=0)
    until = any(p.until for p in parts)
    if field == "progress" and unit == "%":
        field, kind = "progress_pct", "percent"
    # Amounts of one year or of some months are not what a project has cost since it began.
    partial = field == "done_wan" and (year is not None or months > 1) and not until
    return Reading(
        field=field,
        unit=unit,
        year=year if field == "plan_wan" else None,
        datum=_last(p.datum for p in parts),
        monthly=kind == "money" and months == 1 and not until,
        weak=weak or partial,
    )


def _last(values: Iterable[Any]) -> Any:
    found = [value for value in values if value]
    return found[-1] if found else ""


@lru_cache(maxsize=8192)
def _parts(text: str) -> _Parts:
    plain = _bare(text)
    outside = _BRACKETS.sub("", plain)
    unit, stemmed = _unit(plain, outside)
    dated = _undated(stemmed)
    spans, single = _SPAN.search(plain), _MONTH.search(plain)
    year = _YEAR.search(plain)
    forms = (plain, outside, stemmed, dated, _undated(plain), _without_datum(stemmed))
    stems = [key(form) for form in forms]
    return _Parts(
        stems=tuple(dict.fromkeys(stem for stem in stems if stem)),
        unit=unit,
        year=int(year.group(1)) if year else None,
        months=2 if spans else 1 if single else 0,
        until=bool(_UNTIL.search(plain)),
        datum=datum_in(text),
    )


def _bare(text: str) -> str:
    plain = fold(text).replace(" ", "").strip("*★☆※:")
    plain = _BEFORE.sub("", plain)
    return _ENGLISH_UNIT.sub("万元", plain)


def _inside(plain: str) -> list[str]:
    return ["".join(part or "" for part in m.groups()) for m in _BRACKETS.finditer(plain)]


def _unit(plain: str, outside: str) -> tuple[str, str]:
    """Return the unit a heading states, in brackets or at its end, and the heading without it."""
    if _FOREIGN.search(plain):
        return FOREIGN, outside
    if _OWN_UNIT.search(plain):
        return "万元", outside
    pieces = [piece for part in _inside(plain) for piece in re.split(r"[,;、/]", part)]
    for piece in pieces:
        if unit := _money_alone(piece):
            return unit, outside
    if unit := land.units_in(pieces):
        return unit, outside
    tail = _TAIL_UNIT.search(outside)
    if tail and tail.start() > 0:
        return _full(tail.group(1)), outside[: tail.start()]
    return land.unit_at_end(outside)


def _full(unit: str) -> str:
    return unit if unit == "%" or unit.endswith("元") else f"{unit}元"


def _without_datum(plain: str) -> str:
    for _, pattern in _DATUMS:
        plain = pattern.sub("", plain)
    return plain


def _undated(plain: str) -> str:
    for pattern in (_UNTIL, _YEAR, _SPAN, _MONTH):
        plain = pattern.sub("", plain)
    return re.sub(r"^(?:底|末)|(?:底|末)$", "", plain)
