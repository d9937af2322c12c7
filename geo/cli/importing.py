"""Bring a list in: read it, name every fault, write all of it as one data version or nothing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geo import layers, wording
from geo.cli import context
from geo.errors import GeoError
from geo.exchange import reading
from geo.exchange.reading import limits
from geo.intake import applying, lexicon, messages, places, records
from geo.intake.compare import Diff
from geo.intake.faults import Fault, Intake, Record
from geo.intake.headings import datum_in
from geo.store import Store, open_store

IMPORTED, REJECTED = context.DONE, context.REFUSED


def add(commands: Any) -> None:
    """Add `import`."""
    command = commands.add_parser("import", help="读入项目清单 / read a list of projects")
    command.add_argument("file", type=Path)
    command.add_argument("--dry-run", action="store_true", help="只检查 / check only")
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    command.add_argument(
        "--datum",
        type=_datum,
        metavar="WGS-84|CGCS2000|GCJ-02|BD-09",
        help="未注明时的坐标系 / datum where none is stated",
    )
    command.add_argument(
        "--map",
        action="append",
        default=[],
        type=_pair,
        metavar="表头=字段",
        help="指定一列，字段留空则不读 / what a column is; nothing after = leaves it out",
    )
    context.add_options(command, who=True)
    command.set_defaults(run=_import)


def _pair(text: str) -> tuple[str, str]:
    heading, sign, field = text.rpartition("=")
    if not sign or not heading:
        raise argparse.ArgumentTypeError(text)
    return heading, field.strip()


def _datum(text: str) -> str:
    found = datum_in(text)
    if found not in places.DATUMS:
        raise argparse.ArgumentTypeError(text)
    return found


def _import(chosen: argparse.Namespace) -> int:
    """Read, check and write a list; print what came of it."""
    intake, diff, version = Intake((), (), ()), None, None
    try:
        city = context.city_folder(chosen)
        intake = _read(chosen, city)
        if not intake.errors:
            diff, version = _write(intake, chosen, city)
    except GeoError as error:
        intake = _refused(intake, [Fault(None, None, error.code, _said(error, chosen.lang))])
    if diff is not None:
        warnings = intake.warnings + diff.warnings
        intake = Intake(intake.records, diff.errors, warnings)
    report = _report(intake, version, lang=chosen.lang)
    context.show(json.dumps(report, ensure_ascii=False, default=str) if chosen.json else "")
    if not chosen.json:
        for text in _lines(intake, diff, version, lang=chosen.lang):
            context.show(text)
    return REJECTED if intake.errors else IMPORTED


def _said(error: GeoError, language: str) -> Mapping[str, object]:
    return {
        **error.details,
        "sentence": wording.sentence(error, wording.translator(language), inside=True),
    }


def _refused(intake: Intake, errors: Sequence[Fault]) -> Intake:
    return Intake(intake.records, tuple(errors), intake.warnings)


def _read(chosen: argparse.Namespace, city: Path) -> Intake:
    book = reading.read(chosen.file, limits=limits.of_city(city))
    words = lexicon.load(layers.load(city))
    return records.read(book, words, mapping=dict(chosen.map), datum=chosen.datum)


def _write(
    intake: Intake, chosen: argparse.Namespace, city: Path
) -> tuple[Diff | None, int | None]:
    """Write into the store, or compare with it if this is a dry run and there is one."""
    where = context.place()
    if chosen.dry_run and context.is_new(where):
        return None, None
    store: Store = open_store(where, city=city)
    try:
        if chosen.dry_run:
            return applying.preview(intake.records, store)[0], None
        who = context.acting(chosen)
        done = applying.run(intake.records, store, who=who, source=chosen.file.name)
        return done.diff, done.version
    finally:
        store.close()


def _report(intake: Intake, version: int | None, *, lang: str) -> dict[str, object]:
    """Return the object that `--json` prints; a rejected file has no rows."""
    several = len({record.sheet for record in intake.records}) > 1
    first = intake.records[0].sheet if intake.records else ""
    kept = () if intake.errors else intake.records
    return {
        "imported": len(kept) if version is not None else 0,
        "rows": {_key(record, first): dict(record.fields) for record in kept},
        "errors": [_fault(fault, lang, several) for fault in intake.errors],
        "warnings": [_fault(fault, lang, several) for fault in intake.warnings],
        "version": version,
    }


def _key(record: Record, first: str) -> str:
    """Name a row by its number; rows of further sheets have the sheet's name before it."""
    return str(record.row) if record.sheet == first else f"{record.sheet}!{record.row}"


def _fault(fault: Fault, lang: str, several: bool) -> dict[str, object]:
    message = _text(fault, lang, several)
    return {"row": fault.row, "col": fault.col, "code": fault.code, "message": message}


def _text(fault: Fault, lang: str, several: bool) -> str:
    said = fault.details.get("sentence")
    return str(said) if said else messages.line(fault, lang, sheet=several)


def _lines(intake: Intake, diff: Diff | None, version: int | None, *, lang: str) -> list[str]:
    several = len({record.sheet for record in intake.records}) > 1
    error, warning = wording.say("import.error", lang), wording.say("import.warning", lang)
    lines = [f"[{error}] {_text(fault, lang, several)}" for fault in intake.errors]
    lines += [f"[{warning}] {_text(fault, lang, several)}" for fault in intake.warnings]
    if diff is not None:
        counts = {
            "new": len(diff.new),
            "changed": len(diff.changed),
            "same": len(diff.unchanged),
            "missing": len(diff.missing),
        }
        lines.append(wording.say("import.diff", lang, **counts))
    return [*lines, _summary(intake, diff, version, lang=lang)]


def _summary(intake: Intake, diff: Diff | None, version: int | None, *, lang: str) -> str:
    count = len(intake.records)
    if intake.errors:
        return wording.say("import.rejected", lang, count=len(intake.errors))
    if version is None:
        return wording.say("import.checked", lang, count=count)
    if diff is not None and not diff.new and not diff.changed:
        return wording.say("import.unchanged", lang, count=count)
    return wording.say("import.done", lang, count=count, version=version)
