"""Refuse a hostile or mistaken file by its bytes, before any reader of its format sees it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from xml.parsers import expat

from geo.errors import GeoError
from geo.exchange.reading.limits import MB, Limits

ZIP, OLE, SQLITE, JSON, PLAIN = "ZIP", "OLE", "SQLite", "JSON", "TXT"
KINDS: Mapping[str, Mapping[str, str]] = {
    ".xlsx": {ZIP: "xlsx", OLE: "xls"},
    ".xls": {ZIP: "xlsx", OLE: "xls"},
    ".csv": {PLAIN: "csv", JSON: "csv"},
    ".geojson": {JSON: "geojson"},
    ".json": {JSON: "geojson"},
    ".gpkg": {SQLITE: "gpkg"},
}
"""Extension → content → kind. A workbook with the other workbook's ending is read for what it is."""

_SIGNATURES = (
    *((b"PK\x03\x04", ZIP), (b"PK\x05\x06", ZIP), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE)),
    *((b"SQLite format 3\0", SQLITE), (b"%PDF", "PDF"), (b"\x89PNG\r\n", "PNG")),
    *((b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF")),
    *((b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip"), (b"{\\rtf", "RTF")),
    *((b"\x7fELF", "ELF"), (b"MZ\x90\0", "EXE")),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(rb"<(!doctype html|html|head|body|table|div|style|meta)\b", re.IGNORECASE)
_HEAD = 4096
_CHUNK = 256 * 1024
_DIRECTORY_BYTES = 4 * MB  # of an archive: a workbook has some dozen entries
_RATIO = 200  # sheets of equal rows reach about 100
_RATIO_FROM = 64 * MB  # smaller parts are read whatever they hold, so that it can be said
_PROLOG = MB
_MACRO_PART = re.compile(r"vbaproject|xl/macrosheets/|xl/dialogsheets/", re.IGNORECASE)
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)|\\")


def check(path: Path, extension: str, limits: Limits) -> str:
    """Return the kind of a file (xlsx, xls, csv, geojson, gpkg) after it has passed.

    Raises GeoError `file_empty`, `file_too_big`, `file_kind_unsupported`, `file_kind_differs`,
    `file_encrypted`, `file_macros`, `file_entities`, `file_bomb`, `file_archive_unsafe` or
    `file_damaged`.
    """
    size = path.stat().st_size
    if size == 0:
        raise GeoError("file_empty")
    if size > limits.file_mb * MB:
        raise GeoError("file_too_big", read=round(size / MB, 1), limit=limits.file_mb)
    if extension not in KINDS:
        raise GeoError("file_kind_unsupported", read=extension, expected=" ".join(KINDS))
    with path.open("rb") as file:
        content = sniff(file.read(_HEAD))
    kind = KINDS[extension].get(content)
    if kind is None:
        raise GeoError("file_kind_differs", read=content, expected=extension)
    if kind == "xlsx":
        _archive(path, limits, size=size)
    elif kind == "xls":
        _compound(path)
    return kind


def sniff(head: bytes) -> str:
    """Name what a file is by its first bytes; text without a mark of its own is TXT."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    marked = head.startswith(_BOMS)
    text = head.removeprefix(_BOMS[0]).lstrip()
    if _HTML.match(text) or (text.startswith(b"<?xml") and _HTML.search(text)):
        return "HTML"
    if text.startswith(b"<?xml"):
        return "XML"
    if text.startswith(b"{"):
        return JSON
    return PLAIN if marked or b"\0" not in head or _looks_utf16(head) else "?"


def _looks_utf16(head: bytes) -> bool:
    """A text without a mark may be UTF-16; the reader of texts decides."""
    pairs = struct.unpack(f"<{len(head) // 2}H", head[: len(head) // 2 * 2])
    return 0 not in pairs


def _archive(path: Path, limits: Limits, *, size: int) -> None:
    _small_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _directory(archive, limits, size=size)
            left = limits.unpacked_mb * MB
            for info in archive.infolist():
                with archive.open(info) as part:
                    left -= _part(part, info.filename, left)
            _is_workbook(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, ValueError):
        raise GeoError("file_damaged") from None


def _small_directory(path: Path) -> None:
    """Look at the archive's size of its own directory before a million entries become objects."""
    with path.open("rb") as file:
        file.seek(0, io.SEEK_END)
        file.seek(max(0, file.tell() - 65_600))
        tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise GeoError("file_damaged")
    if struct.unpack("<I", tail[place + 12 : place + 16])[0] > _DIRECTORY_BYTES:
        raise GeoError("file_bomb")


def _directory(archive: zipfile.ZipFile, limits: Limits, *, size: int) -> None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    for info in infos:
        if _OUTSIDE.search(info.filename) or "\0" in info.orig_filename:
            raise GeoError("file_archive_unsafe", part=info.filename[:80])
        if info.flag_bits & 0x1:
            raise GeoError("file_encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise GeoError("file_damaged")
        if info.file_size > max(_RATIO_FROM, info.compress_size * _RATIO):
            raise GeoError("file_bomb")
    if len({name.lower() for name in names}) < len(names):
        raise GeoError("file_archive_unsafe", part=max(names, key=names.count)[:80])
    if any(_MACRO_PART.search(name) for name in names):
        raise GeoError("file_macros")
    # Entries that share their bytes add up to more than the file: a bomb of another making.
    if sum(info.compress_size for info in infos) > size:
        raise GeoError("file_bomb")
    if sum(info.file_size for info in infos) > limits.unpacked_mb * MB:
        raise GeoError("file_bomb")


def _part(part: IO[bytes], name: str, left: int) -> int:
    """Read a part to its end, so that its checksum is compared, and return its size."""
    prolog = _Prolog(name)
    read = 0
    while chunk := part.read(_CHUNK):
        read += len(chunk)
        if read > left:  # whatever the directory says
            raise GeoError("file_bomb")
        prolog.feed(chunk)
    return read


class _Prolog:
    """Watch an XML part until its root element begins: a DTD can stand only before that."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._fed = 0
        self._done = False
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._root

    def feed(self, chunk: bytes) -> None:
        if self._done:
            return
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:  # a picture, or XML that its reader will refuse
            self._done = True
        if not self._done and self._fed > _PROLOG:
            raise GeoError("file_entities", part=self._name[:80])

    def _doctype(self, *_: object) -> None:
        raise GeoError("file_entities", part=self._name[:80])

    def _root(self, *_: object) -> None:
        self._done = True


def _is_workbook(archive: zipfile.ZipFile) -> None:
    names = {name.lower() for name in archive.namelist()}
    if "[content_types].xml" not in names:
        raise GeoError("file_kind_differs", read=ZIP, expected=".xlsx")
    types = archive.read("[Content_Types].xml").lower()
    if b"macroenabled" in types:
        raise GeoError("file_macros")
    for mark, found in ((b"wordprocessingml", "DOCX"), (b"presentationml", "PPTX")):
        if mark in types and b"spreadsheetml" not in types:
            raise GeoError("file_kind_differs", read=found, expected=".xlsx")
    if "xl/workbook.bin" in names:
        raise GeoError("file_kind_differs", read="XLSB", expected=".xlsx")


def _compound(path: Path) -> None:
    from xlrd.compdoc import CompDoc, CompDocError  # a fifth of the process's start, not for all

    try:
        names = {node.name for node in CompDoc(path.read_bytes(), logfile=io.StringIO()).dirlist}
    except (CompDocError, struct.error, AssertionError, IndexError, ValueError):
        raise GeoError("file_damaged") from None
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise GeoError("file_encrypted")
    if "_VBA_PROJECT_CUR" in names or "_VBA_PROJECT" in names:
        raise GeoError("file_macros")
    for stream, found in (("WordDocument", "DOC"), ("PowerPoint Document", "PPT")):
        if stream in names:
            raise GeoError("file_kind_differs", read=found, expected=".xls")
    if not names & {"Workbook", "Book", "WORKBOOK", "BOOK"}:
        raise GeoError("file_kind_differs", read=OLE, expected=".xls")
