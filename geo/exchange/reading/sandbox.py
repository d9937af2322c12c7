"""Read an uploaded file in a process of its own, which is ended when it asks for too much."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from geo.errors import GeoError
from geo.exchange.reading import wire
from geo.exchange.reading.grid import Book
from geo.exchange.reading.limits import Limits

_ROOT = Path(__file__).resolve().parents[3]
_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB")
# Where the system counts a process's own seconds, the clock is only for one that stands still.
_PATIENCE = 3 if importlib.util.find_spec("resource") else 1
_MODULE = "geo.exchange.reading.child"


def read(path: Path, *, limits: Limits, name: str | None = None) -> Book:
    """Read a file (.xlsx, .xls, .csv, .geojson, .gpkg) as sheets of cells, shapes in WGS-84.

    `name` is the name that the user gave the file, where `path` is a temporary one; its ending
    says what the file should be. Raises GeoError with `file` and what else the sentence needs:
    `file_missing`, the codes of `preflight.check`, of the reader of the kind and of `wire.Writer`,
    and `file_too_demanding` when time or memory ran out or the process crashed.
    """
    shown = Path(name or path.name).name
    if not path.is_file():
        raise GeoError("file_missing", file=shown)
    process = _start(path, Path(shown).suffix.lower(), limits)
    alarm = threading.Timer(limits.seconds * _PATIENCE, process.kill)
    alarm.start()
    try:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        # The lines become cells while the process is still reading: two cores share the work.
        return wire.receive(process.stdout, shown)
    finally:
        alarm.cancel()
        process.kill()
        process.communicate()


def _start(path: Path, extension: str, limits: Limits) -> subprocess.Popen[bytes]:
    """Start the reader with nothing of this process's environment but what Python needs."""
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ}
    environment |= {
        "PYTHONPATH": str(_ROOT),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",  # each thread takes address space
        "MALLOC_ARENA_MAX": "1",
        "PROJ_NETWORK": "OFF",
    }
    settings = json.dumps(asdict(limits))
    return subprocess.Popen(  # noqa: S603 - this very program, and a path as one argument
        [sys.executable, "-P", "-m", _MODULE, str(path.resolve()), extension, settings],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
