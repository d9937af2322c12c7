"""Keep the store: back it up, bring a backup back, look at its history, take a version back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo import catalogue, layers, wording
from geo.cli import context
from geo.errors import GeoError
from geo.series.text import ABOUT_POINTS, Texts, spoken
from geo.store import Difference, Store, Version, open_store


def add(commands: Any) -> None:
    """Add `backup`, `restore`, `history` and `undo`."""
    command = commands.add_parser("backup", help="备份到一个文件 / write a backup file")
    command.add_argument("file", type=Path)
    context.add_options(command)
    command.set_defaults(run=_backup)
    command = commands.add_parser("restore", help="用备份恢复 / bring a backup back")
    command.add_argument("file", type=Path)
    context.add_options(command, who=True)
    command.set_defaults(run=_restore)
    command = commands.add_parser("history", help="列出数据版本 / list the data versions")
    command.add_argument("--project", metavar="ID", help="只看一个项目 / of one project")
    command.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    context.add_options(command)
    command.set_defaults(run=_history)
    command = commands.add_parser("undo", help="撤销一个数据版本 / take a version back")
    command.add_argument("version", type=int)
    context.add_options(command, who=True)
    command.set_defaults(run=_undo)


def _backup(chosen: argparse.Namespace) -> int:
    """Write a backup; the store's own file is refused, since others have it open."""
    with context.existing_store() as store:
        own = Path(store.database.name)
        if store.database.is_sqlite and chosen.file.resolve() == own.resolve():
            raise GeoError("store.backup_onto_store", file=str(chosen.file))
        store.backup(chosen.file)
    size = f"{chosen.file.stat().st_size / 2**20:.1f}"
    context.say(chosen, "cli.backed_up", file=chosen.file, size=size)
    return context.DONE


def _restore(chosen: argparse.Namespace) -> int:
    """Bring a backup back, into a new store if there is none."""
    if not chosen.file.is_file():  # before a store is made for nothing
        raise GeoError("file_missing", file=chosen.file.name)
    store = open_store(context.place())
    try:
        before = store.version()
        version = store.restore(chosen.file, who=context.acting(chosen))
        newest = next(iter(store.history()), None)
    finally:
        store.close()
    context.say(chosen, "cli.restored", file=chosen.file.name, version=version)
    if newest and newest.kind == "restore" and newest.number > before:
        context.say(chosen, "cli.restore_undo", version=version)
    return context.DONE


def _undo(chosen: argparse.Namespace) -> int:
    try:
        with context.existing_store() as store:
            made = store.undo(chosen.version, who=context.acting(chosen))
    except GeoError as error:
        if error.code not in ABOUT_POINTS:  # no other one needs the whole city read
            raise
        atlas = layers.load(context.city_folder(chosen))
        raise spoken(error, Texts(atlas, chosen.lang)) from error
    context.say(chosen, "cli.undone", version=chosen.version, made=made)
    return context.DONE


def _history(chosen: argparse.Namespace) -> int:
    with context.existing_store() as store:
        versions = store.history(chosen.project)
        changes = _changes(store, chosen.project)
    if chosen.json:
        listed = [_entry(version, changes.get(version.number)) for version in versions]
        context.show(json.dumps({"versions": listed}, ensure_ascii=False))
        return context.DONE
    zone = ZoneInfo(catalogue.read(context.city_folder(chosen)).city.time_zone)
    for version in versions:
        context.show(_line(version, zone, chosen.lang))
        for text in _fields(changes.get(version.number)):
            context.show(f"    {text}")
    return context.DONE


def _changes(store: Store, project: str | None) -> dict[int, Difference]:
    """Return what each version did to one project.

    Errors: `project_unknown` (project).
    """
    if project is None:
        return {}
    found = {one.version: one for one in store.changes(project=project)}
    if not found:
        raise GeoError("project_unknown", project=context.one_line(project))
    return found


def _entry(version: Version, change: Difference | None) -> dict[str, object]:
    entry: dict[str, object] = asdict(version) | {"at": version.at.isoformat()}
    if change is not None:
        entry |= {"before": change.before, "after": change.after}
    return entry


def _line(version: Version, zone: ZoneInfo, lang: str) -> str:
    undone = (
        wording.say("desk.undone_by", lang, version=version.undone_by) if version.undone_by else ""
    )
    counts = wording.say(
        "desk.counts", lang, new=version.created, changed=version.updated, gone=version.deleted
    )
    parts = (
        str(version.number),
        version.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        wording.say(f"desk.kind_{version.kind}", lang),
        context.one_line(version.who),
        context.one_line(version.why),
        counts,
        undone,
    )
    return "  ".join(part for part in parts if part)


def _fields(change: Difference | None) -> Iterable[str]:
    if change is None:
        return
    before, after = change.before or {}, change.after or {}
    for name in {**before, **after}:
        old, new = context.one_line(before.get(name)), context.one_line(after.get(name))
        yield f"{name}: {old or '—'} → {new or '—'}"
