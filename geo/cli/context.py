"""What every command shares: its options, the store and the city it works on, and how it speaks."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo import layers, wording
from geo.errors import GeoError
from geo.exchange.table import clean
from geo.layers import Atlas
from geo.series import importing
from geo.store import Store, locate, open_store

ROOT = Path(__file__).resolve().parents[2]
DONE, REFUSED = 0, 2


def add_options(command: argparse.ArgumentParser, *, who: bool = False) -> None:
    """Add the options that commands have in common."""
    command.add_argument("--city", type=Path, help="城市数据目录 / folder of the city (GEO_DATA)")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    if who:
        command.add_argument("--who", help="操作人 / who does it")


def city_folder(chosen: argparse.Namespace) -> Path:
    """Return the city folder: `--city`, else `GEO_DATA`, else the shipped one."""
    return Path(chosen.city or os.environ.get("GEO_DATA") or ROOT / "data")


def place() -> str:
    """Return where the store is, by the same settings as the pages."""
    return locate(os.environ, state=Path(os.environ.get("GEO_STATE") or ROOT / "var"))


def is_new(where: str) -> bool:
    """Tell whether a path names no store yet; what a server holds is not known before asking."""
    return "://" not in where and not Path(where).exists()


@contextmanager
def existing_store() -> Iterator[Store]:
    """Open the store that is there, and never make one: a wrong setting must not look like success.

    Errors: `store.missing` (place), those of `open_store`.
    """
    where = place()
    if is_new(where):
        raise GeoError("store.missing", place=where)
    store = open_store(where)
    try:
        if store.version() == 0:
            raise GeoError("store.missing", place=store.database.name)
        yield store
    finally:
        store.close()


def with_series(atlas: Atlas) -> Atlas:
    """Return a city's atlas with the series of the store over its own, if there is a store."""
    if is_new(place()):
        return atlas
    with existing_store() as store:
        return layers.with_series(atlas, importing.known(atlas.series, store))


def acting(chosen: argparse.Namespace) -> str:
    """Return who is written into the history: `--who`, else the account."""
    if chosen.who:
        return str(chosen.who)
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"uid {os.getuid()}"


def say(chosen: argparse.Namespace, key: str, **values: object) -> None:
    """Print one sentence of the locales."""
    show(wording.say(key, chosen.lang, **values))


def show(text: str) -> None:
    """Print a line, if there is anything in it."""
    if text:
        sys.stdout.write(f"{text}\n")


def refuse(error: GeoError, chosen: argparse.Namespace) -> int:
    """Print why a command did nothing, where a scheduler looks for it; return its exit code."""
    sys.stderr.write(f"{wording.sentence(error, wording.translator(chosen.lang), inside=True)}\n")
    return REFUSED


def one_line(value: object) -> str:
    """Return text from a file or a person without what would move a terminal's cursor."""
    return "" if value is None else " ".join(clean(value).split())
