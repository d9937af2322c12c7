"""Look at a store that may not be written: a private copy of it, which refuses every change."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from geo.store import migrations
from geo.store.engine import connect
from geo.store.files import file_fault
from geo.store.store import Store


def open_copy(file: Path) -> Store:
    """Open a copy of a SQLite store, as it is at this moment, whose writes are `store.read_only`.

    SQLite cannot share a store with others in a folder where it may not write its notes about who
    reads what; what is changed there later is seen by the next start only.
    Errors: those of `file_fault` and `engine.faults`, `store.schema_newer`.
    """
    with file_fault(file):
        copy = Path(tempfile.mkdtemp(prefix="geo-reading-")) / file.name  # for the owner alone
        for ending in ("", "-wal"):
            source = file.with_name(file.name + ending)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + ending))
    database = connect(copy)
    migrations.migrate(database)
    return Store(replace(database, writers=database.readers))
