"""The small parts of an .xlsx workbook: its sheets, number formats and shared texts (ECMA-376)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree as ET

from geo.errors import GeoError
from geo.exchange.reading.shown import BUILTIN, GENERAL

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true", "on")
_SHEET = "/worksheet"  # the end of the relationship's type, in both editions of the standard


@dataclass(frozen=True)
class Tab:
    """Hold a sheet's name, the path of its part, and whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Frame:
    """Hold what the cells of all sheets refer to; `stale`: results are to be computed on opening."""

    tabs: tuple[Tab, ...]
    formats: tuple[str, ...]
    texts: tuple[str, ...]
    date1904: bool
    stale: bool


def frame(archive: zipfile.ZipFile) -> Frame:
    """Read the workbook's frame; chart sheets have no cells and are left out.

    Raises GeoError `file_damaged`, KeyError or ParseError for a broken part.
    """
    place = _main_part(archive)
    book = _tree(archive, place)
    targets = _relations(archive, place)
    tabs = []
    for sheet in _all(book, "sheet"):
        target, kind = targets.get(_reference(sheet), ("", ""))
        if kind.endswith(_SHEET):
            hidden = sheet.get("state", "visible") != "visible"
            tabs.append(Tab(sheet.get("name", ""), target, hidden))
    if not tabs:
        raise GeoError("file_damaged")
    parts = {kind.rpartition("/")[2]: target for target, kind in targets.values()}
    settings = next(_all(book, "workbookPr"), ET.Element("none"))
    calculation = next(_all(book, "calcPr"), ET.Element("none"))
    return Frame(
        tabs=tuple(tabs),
        formats=_formats(archive, parts.get("styles")),
        texts=tuple(_texts(archive, parts.get("sharedStrings"))),
        date1904=settings.get("date1904", "0") in _TRUE,
        stale=calculation.get("fullCalcOnLoad", "0") in _TRUE,
    )


def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition("}")[2]


def rich_text(element: ET.Element) -> str:
    """Join the runs of a text; phonetic hints (rPh) are not part of it."""
    pieces = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces += [run.text or "" for run in child if local(run.tag) == "t"]
    return unescape("".join(pieces))


def unescape(text: str) -> str:
    """Turn `_x000D_` into the character it stands for."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def elements(source: IO[bytes], *names: str) -> Iterator[tuple[str, ET.Element]]:
    """Yield the named elements as they end; the caller clears them."""
    wanted: dict[str, str] = {}
    for _, element in ET.iterparse(source):  # noqa: S314
        name = wanted.get(element.tag)
        if name is None:
            name = wanted[element.tag] = local(element.tag)
        if name in names:
            yield name, element


def _tree(archive: zipfile.ZipFile, part: str) -> ET.Element:
    return ET.fromstring(archive.read(part))  # noqa: S314


def _all(tree: ET.Element, name: str) -> Iterator[ET.Element]:
    return (element for element in tree.iter() if local(element.tag) == name)


def _main_part(archive: zipfile.ZipFile) -> str:
    for target, kind in _relations(archive, "").values():
        if kind.endswith("/officeDocument"):
            return target
    raise GeoError("file_damaged")


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id → (part, type) of what a part refers to inside the archive; links out are not."""
    folder, name = posixpath.split(part)
    found = {}
    for relation in _tree(archive, posixpath.join(folder, "_rels", f"{name}.rels")):
        if relation.get("TargetMode", "Internal") == "Internal":
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
            found[relation.get("Id", "")] = (target.lstrip("/"), relation.get("Type", ""))
    return found


def _reference(sheet: ET.Element) -> str:
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def _formats(archive: zipfile.ZipFile, part: str | None) -> tuple[str, ...]:
    """Return the number format of each cell style."""
    if part is None or part not in archive.namelist():
        return (GENERAL,)
    tree = _tree(archive, part)
    own = {
        int(entry.get("numFmtId", "0")): entry.get("formatCode", GENERAL)
        for entry in _all(tree, "numFmt")
    }
    known = {**BUILTIN, **own}
    styles = next(_all(tree, "cellXfs"), ET.Element("none"))
    return tuple(known.get(int(style.get("numFmtId", "0")), GENERAL) for style in styles)


def _texts(archive: zipfile.ZipFile, part: str | None) -> Iterator[str]:
    if part is None or part not in archive.namelist():
        return
    with archive.open(part) as source:
        for _, item in elements(source, "si"):
            yield rich_text(item)
            item.clear()
