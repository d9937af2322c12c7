"""Metrics of places over time: bring a list in, look at what there is, write a template."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from geo import layers, wording
from geo.cli import context
from geo.errors import GeoError
from geo.exchange import reading
from geo.exchange.reading import limits
from geo.intake import messages
from geo.intake.faults import Fault, Refused
from geo.layers import Atlas
from geo.series import cells, importing, listing, template, words
from geo.series.importing import Diff
from geo.series.listing import Listing
from geo.series.text import Texts, spoken
from geo.series.words import Words
from geo.store import open_store
from geo.store.files import replacing
from geo.store.roles import VISITOR, visible_series


def add(commands: Any) -> None:
    """Add `series` with `import`, `list` and `template`."""
    group = commands.add_parser("series", help="指标序列 / metrics over time")
    parts = group.add_subparsers(required=True, metavar="COMMAND")
    command = parts.add_parser("import", help="读入指标 / read a list of metrics")
    command.add_argument("file", type=Path)
    command.add_argument("--dry-run", action="store_true", help="只检查 / check only")
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    context.add_options(command, who=True)
    command.set_defaults(run=_import)
    command = parts.add_parser("list", help="列出指标 / list the metrics")
    command.add_argument("--place", metavar="P", help="地方：名称、代码或标识 / a place")
    command.add_argument("--metric", metavar="M", help="指标：名称或标识 / a metric")
    command.add_argument("--year", type=int, help="年份 / year")
    command.add_argument("--public", action="store_true", help="只含公开内容 / public ones only")
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    context.add_options(command)
    command.set_defaults(run=_list)
    command = parts.add_parser("template", help="写出 Excel 模板 / write the Excel template")
    command.add_argument("file", type=Path)
    context.add_options(command)
    command.set_defaults(run=_template)


def _import(chosen: argparse.Namespace) -> int:
    """Read, check and write a list; print what came of it."""
    found, diff, version = Listing((), (), ()), None, None
    try:
        city = context.city_folder(chosen)
        atlas = layers.load(city)
        book = reading.read(chosen.file, limits=limits.of_city(city))
        found = listing.read(book, words.load(atlas))
        if not found.errors:
            diff, version = _written(found, chosen, atlas)
    except GeoError as error:
        said = wording.sentence(error, wording.translator(chosen.lang), inside=True)
        fault = Fault(None, None, error.code, {**error.details, "sentence": said})
        found = Listing(found.reads, (fault,), found.warnings)
    if chosen.json:
        report = _report(found, diff, version, lang=chosen.lang)
        context.show(json.dumps(report, ensure_ascii=False, default=str))
    else:
        for text in _lines(found, diff, version, lang=chosen.lang):
            context.show(context.one_line(text))
    return context.REFUSED if found.errors else context.DONE


def _written(found: Listing, chosen: argparse.Namespace, atlas: Atlas) -> tuple[Diff, int | None]:
    """Write, or compare only; what stands in the way is named as the reader's language has it."""
    try:
        return _write(found, chosen, atlas)
    except GeoError as error:
        raise spoken(error, Texts(atlas, chosen.lang)) from error


def _write(found: Listing, chosen: argparse.Namespace, atlas: Atlas) -> tuple[Diff, int | None]:
    """Write into the store, or compare with what there is if this is a dry run."""
    where = context.place()
    if chosen.dry_run and context.is_new(where):
        return importing.compare(found.reads, atlas.series), None
    store = open_store(where, city=context.city_folder(chosen))
    try:
        if chosen.dry_run:
            return importing.preview(found.reads, atlas.series, store)[0], None
        who = context.acting(chosen)
        done = importing.run(found.reads, atlas.series, store, who=who, source=chosen.file.name)
        return done.diff, done.version
    finally:
        store.close()


def _report(
    found: Listing, diff: Diff | None, version: int | None, *, lang: str
) -> dict[str, object]:
    kept = () if found.errors else found.reads
    return {
        "imported": len(kept) if version is not None else 0,
        "points": [{"row": one.row, **asdict(one.point)} for one in kept],
        "diff": None
        if diff is None
        else {"new": len(diff.new), "changed": len(diff.changed), "same": diff.same},
        "errors": [_fault(fault, lang) for fault in found.errors],
        "warnings": [_fault(fault, lang) for fault in found.warnings],
        "version": version,
    }


def _fault(fault: Fault, lang: str) -> dict[str, object]:
    place = {"sheet": fault.sheet, "row": fault.row, "col": fault.col}
    return {**place, "code": fault.code, "message": _text(fault, lang)}


def _text(fault: Fault, lang: str) -> str:
    said = fault.details.get("sentence")
    return str(said) if said else messages.line(fault, lang, sheet=True)


def _lines(found: Listing, diff: Diff | None, version: int | None, *, lang: str) -> list[str]:
    said = [
        f"[{wording.say(f'import.{kind}', lang)}] {_text(fault, lang)}"
        for kind, faults in (("error", found.errors), ("warning", found.warnings))
        for fault in faults
    ]
    if diff is not None and not found.errors:
        counts = {"new": len(diff.new), "changed": len(diff.changed), "same": diff.same}
        said.append(wording.say("series.diff", lang, **counts))
    return [*said, _summary(found, diff, version, lang=lang)]


def _summary(found: Listing, diff: Diff | None, version: int | None, *, lang: str) -> str:
    count = len(found.reads)
    if found.errors:
        return wording.say("import.rejected", lang, count=len(found.errors))
    if version is None:
        return wording.say("series.checked", lang, count=count)
    if diff is not None and not diff.points:
        return wording.say("series.unchanged", lang, count=count)
    return wording.say("series.done", lang, count=count, version=version)


def _list(chosen: argparse.Namespace) -> int:
    atlas = context.with_series(layers.load(context.city_folder(chosen)))
    series = visible_series(atlas.series, VISITOR) if chosen.public else atlas.series
    texts = Texts(atlas, chosen.lang)
    place, metric = _asked(chosen, words.load(atlas))
    points = [
        point
        for (where, what), found in series.by_subject.items()
        for point in found
        if place in ("", where) and metric in ("", what) and chosen.year in (None, point.span.year)
    ]
    if chosen.json:
        values = [{**asdict(p), **texts.exact(p)} for p in points]
        context.show(json.dumps({"points": values}, ensure_ascii=False))
        return context.DONE
    for point in points:
        context.show(context.one_line(texts.line(point)))
    context.say(chosen, "series.listed", n=len(points), samples=sum(p.sample for p in points))
    return context.DONE


def _asked(chosen: argparse.Namespace, known: Words) -> tuple[str, str]:
    """Return the ids of the place and the metric asked for, "" for any.

    Errors: `series.unknown` (field, read).
    """
    place, metric = chosen.place or "", chosen.metric or ""
    if place:
        try:
            place, _ = cells.place(place, known)
        except Refused:
            raise GeoError("series.unknown", field=known.titles["place"], read=place) from None
    if metric:
        found = cells.head(metric, known).metric
        if not found:
            raise GeoError("series.unknown", field=known.titles["metric"], read=metric)
        metric = found
    return place, metric


def _template(chosen: argparse.Namespace) -> int:
    if chosen.file.suffix.lower() != ".xlsx":
        raise GeoError("export.kind_unknown", file=chosen.file.name, expected=".xlsx")
    content = template.write(
        words.load(layers.load(context.city_folder(chosen))), language=chosen.lang
    )
    with replacing(chosen.file) as draft:
        draft.write_bytes(content)
    context.say(chosen, "series.template_done", file=chosen.file)
    return context.DONE
