"""Names in cells turned into ids: county, park, industry, stage, plan attribute, lists, code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from geo.intake.faults import Note, Refused
from geo.intake.lexicon import Lexicon, short_county
from geo.intake.text import fold, key

Found = tuple[str | None, list[Note]]
MAX_NAMED = 12
_CODE = re.compile(r"(\d{2})(\d{2})-(\d{6})-\d{2}-\d{2}-\d{6}")
_CODE_DIGITS = re.compile(r"\d{20}")
_LIKE_CODE = re.compile(r"[\d-]{18,30}|\d+(?:-\d+){3,6}")
_OLD_YEARS = range(2015, 2022)  # older codes begin with the year, which reads as month 15 to 21
_NOT_IN_PARK = frozenset({"园区外", "园外", "非园区", "不在园区", "不在园区内", "否"})
_PARK_KIND = re.compile(
    r"(?:经济技术开发区|经济开发区|经济区|经开区|高新技术产业开发区|高新技术产业园|高新区|产业开发区"
    r"|开发区|产业园区|产业园|工业园区|工业园|合作区|园区|产业基地|基地|片区)$"
)
_STAGE_ENDS = re.compile(r"(?:项目|阶段|类|中|状态)$")
_YES = frozenset({"是", "已", "yes", "y", "true", "1", "√", "✓", "开工", "已开工"})
_SAMPLE, _REAL = frozenset({"示例", "sample"}), frozenset({"真实", "real"})
_NO = frozenset({"否", "未", "no", "n", "false", "0", "×", "✗", "未开工"})


def county(text: str, lexicon: Lexicon) -> str:
    """Return the code of a county by its name, short name or code. Refuses: `county_unknown`."""
    found = _county(key(text), lexicon)
    if found is None:
        expected = "、".join(lexicon.counties.values())
        raise Refused("county_unknown", read=fold(text), expected=expected)
    return found


def county_at_start(text: str, lexicon: Lexicon) -> str | None:
    """Return the county that an address begins with, province and city before it or not."""
    plain = _without_city(key(text), lexicon)
    names = sorted(lexicon.county_keys, key=len, reverse=True)
    return next(
        (lexicon.county_keys[name] for name in names if len(name) > 1 and plain.startswith(name)),
        None,
    )


def _county(plain: str, lexicon: Lexicon) -> str | None:
    for form in (plain, _without_city(plain, lexicon)):
        for name in (form, key(short_county(form))):
            if name in lexicon.county_keys:
                return lexicon.county_keys[name]
    return None


def _without_city(plain: str, lexicon: Lexicon) -> str:
    plain = re.sub(r"^[\u4e00-\u9fff]{2,3}省", "", plain)
    for lead in (key(lexicon.city), key(short_county(lexicon.city))):
        if plain.startswith(lead) and len(plain) > len(lead) + 1:
            return plain[len(lead) :]
    return plain


def park(text: str, county: str | None, lexicon: Lexicon) -> Found:
    """Return the id of a park by its name or short name within a county.

    A name that fits one park of the county only in part is taken and noted (`name_matched`).
    Refuses: `park_unknown`, `park_ambiguous`, `park_other_county`, each with the parks that fit.
    """
    plain = key(text)
    if plain in _NOT_IN_PARK:
        return None, []
    exact = lexicon.park_keys.get(plain)
    if exact is not None:
        _same_county(exact, county, text, lexicon)
        return exact, []
    here = [p for p in lexicon.parks.values() if county is None or p.county in ("", county)]
    fits = _innermost(_alike(plain, {p.id: p.name for p in here}, lexicon), lexicon)
    if len(fits) == 1:
        note: dict[str, object] = {"read": fold(text), "used": lexicon.parks[fits[0]].name}
        return fits[0], [("name_matched", note)]
    if fits:
        names = "、".join(lexicon.parks[id_].name for id_ in fits)
        raise Refused("park_ambiguous", read=fold(text), expected=names)
    elsewhere = _alike(plain, {p.id: p.name for p in lexicon.parks.values()}, lexicon)
    if len(_innermost(elsewhere, lexicon)) == 1:
        _same_county(_innermost(elsewhere, lexicon)[0], county, text, lexicon)
    raise Refused("park_unknown", read=fold(text), expected=_some(p.name for p in here))


def _same_county(park: str, county: str | None, text: str, lexicon: Lexicon) -> None:
    home = lexicon.parks[park].county
    if county and home and home != county:
        raise Refused(
            "park_other_county",
            read=fold(text),
            park=lexicon.parks[park].name,
            found=lexicon.counties[home],
            stated=lexicon.counties[county],
        )


def _alike(plain: str, names: Mapping[str, str], lexicon: Lexicon) -> list[str]:
    """Return the parks whose name holds the text or is held by it, or differs only in its kind."""
    if len(plain) < 2:
        return []
    stem = _park_stem(plain, lexicon)
    keys = {id_: key(name) for id_, name in names.items()}
    same = [id_ for id_, name in keys.items() if stem and _park_stem(name, lexicon) == stem]
    if same:
        return same
    return [id_ for id_, name in keys.items() if plain in name or (len(name) > 3 and name in plain)]


def _park_stem(plain: str, lexicon: Lexicon) -> str:
    stem = _PARK_KIND.sub("", plain)
    return _without_city(stem, lexicon) if len(stem) > 1 and stem != plain else ""


def _innermost(ids: list[str], lexicon: Lexicon) -> list[str]:
    """Leave out parks that others of the list lie in."""
    return ids if len(ids) < 2 else _leaves(ids, lexicon)


def _leaves(ids: list[str], lexicon: Lexicon) -> list[str]:
    parents = {lexicon.parks[id_].parent for id_ in ids}
    leaves = [id_ for id_ in ids if id_ not in parents]
    one_line = len(leaves) == 1
    return leaves if one_line else ids


def industry(text: str, lexicon: Lexicon) -> Found:
    """Return the id of an industry by its name, part of it, or a GB/T 4754 code.

    Refuses: `industry_unknown`, `industry_ambiguous`.
    """
    plain = key(text)
    if plain in lexicon.industry_keys:
        return lexicon.industry_keys[plain], []
    coded = re.match(r"[a-t]?(\d{2,4})(?!\d)", plain)
    if coded:
        found = _by_code(coded.group(1), lexicon.gbt4754)
        if found:
            return found, []
    names = {id_: key(name) for id_, name in lexicon.industries.items()}
    fits = [
        id_ for id_, name in names.items() if len(plain) > 1 and (plain in name or name in plain)
    ]
    if len(fits) == 1:
        return fits[0], [
            ("name_matched", {"read": fold(text), "used": lexicon.industries[fits[0]]})
        ]
    if fits:
        options = "、".join(lexicon.industries[id_] for id_ in fits)
        raise Refused("industry_ambiguous", read=fold(text), expected=options)
    raise Refused("industry_unknown", read=fold(text), expected=_some(lexicon.industries.values()))


def _by_code(code: str, prefixes: Mapping[str, str]) -> str | None:
    fits = [prefix for prefix in prefixes if code.startswith(prefix)]
    return prefixes[max(fits, key=len)] if fits else None


def stage(text: str, lexicon: Lexicon) -> str:
    """Return the id of a stage by its name or a synonym. Refuses: `stage_unknown`."""
    plain = key(text)
    for form in (
        plain,
        _STAGE_ENDS.sub("", plain),
        plain.removeprefix("已"),
        plain.removeprefix("正在"),
    ):
        if form in lexicon.stage_keys:
            return lexicon.stage_keys[form]
    raise Refused("stage_unknown", read=fold(text), expected=_some(lexicon.stages.values()))


def started(text: str, lexicon: Lexicon) -> str:
    """Return the stage that 是否开工 stands for. Refuses: `started_unknown`."""
    plain = fold(text).casefold()
    plain = "开工" if plain in _YES else "未开工" if plain in _NO else plain
    try:
        return stage(plain, lexicon)
    except Refused:
        raise Refused("started_unknown", read=fold(text)) from None


def flag(text: str) -> bool:
    """Return whether a cell says yes; what is a sample says 示例. Refuses: `flag_unknown`."""
    plain = fold(text).casefold()
    if plain in _YES or plain in _SAMPLE:
        return True
    if plain in _NO or plain in _REAL:
        return False
    raise Refused("flag_unknown", read=fold(text))


def attribute(text: str, lexicon: Lexicon) -> str:
    """Return what the year's plan calls a project. Refuses: `attribute_unknown`."""
    found = lexicon.attributes.get(key(text))
    if found is None:
        raise Refused("attribute_unknown", read=fold(text), expected=_some(lexicon.attributes))
    return found


def precision(text: str, lexicon: Lexicon) -> str:
    """Return how exact a position is said to be. Refuses: `precision_unknown`."""
    found = lexicon.precisions.get(key(text))
    if found is None:
        raise Refused("precision_unknown", read=fold(text), expected=_some(lexicon.precisions))
    return found


def lists(text: str, lexicon: Lexicon) -> str:
    """Return the ids of the lists a cell names, joined by ";". Refuses: `list_unknown`."""
    found = []
    for piece in re.split(r"[、,;\n]", fold(text.replace("\n", ";"))):
        if not key(piece):
            continue
        if key(piece) not in lexicon.list_keys:
            expected = _some(lexicon.lists.values())
            raise Refused("list_unknown", read=piece, expected=expected)
        found.append(lexicon.list_keys[key(piece)])
    return ";".join(dict.fromkeys(found))


def code(text: str, lexicon: Lexicon) -> Found:
    """Read a project code; the old kind that begins with the year is right too (GB/T 40058-2021).

    The check digit is not verified: its rule is not public. A code of another region, or of no
    known shape, is noted. Refuses: `code_invalid` for what was meant as a code and is none.
    """
    plain = fold(text).replace(" ", "").replace("_", "-")
    if _CODE_DIGITS.fullmatch(plain):
        plain = "-".join((plain[:4], plain[4:10], plain[10:12], plain[12:14], plain[14:]))
    match = _CODE.fullmatch(plain)
    if match is None:
        if _LIKE_CODE.fullmatch(plain):
            raise Refused("code_invalid", read=plain)
        return plain, [("code_unknown_shape", {"read": plain})]
    first, second, region = match.groups()
    if not 1 <= int(second) <= 12 and int(first + second) not in _OLD_YEARS:
        raise Refused("code_invalid", read=plain)
    if not region.startswith(lexicon.region):
        return plain, [
            ("code_region", {"read": plain, "region": region, "expected": lexicon.region})
        ]
    return plain, []


def _some(names: Iterable[str]) -> str:
    kept = list(names)
    return "、".join(kept[:MAX_NAMED]) + (" …" if len(kept) > MAX_NAMED else "")
