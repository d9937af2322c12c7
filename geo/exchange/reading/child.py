"""The process that reads one file: limits first, then preflight, then the reader of its kind.

`python -m geo.exchange.reading.child FILE EXTENSION LIMITS` writes the lines of `wire` to its
output. It ends with status 0 whenever it has said what is wrong, so that any other end means that
it was ended.
"""

from __future__ import annotations

import contextlib
import gc
import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from geo.errors import GeoError
from geo.exchange.reading import preflight
from geo.exchange.reading.limits import MB, Limits
from geo.exchange.reading.wire import Writer

_NO_MEMORY = 1  # expat's own code
_HARD_CPU_SECONDS = 2


def main(arguments: list[str]) -> int:
    """Read the file named by the arguments."""
    path, extension, settings = arguments
    limits = Limits(**json.loads(settings))
    confine(limits)
    warnings.simplefilter("ignore")
    gc.disable()  # the parts of a row refer to no cycle; looking for some takes a sixth of the time
    writer = Writer(sys.stdout, limits)
    try:
        read(Path(path), extension, writer)
    except GeoError as error:
        writer.refuse(error.code, error.details)
    except MemoryError:
        writer.refuse("file_too_demanding", {})
    sys.stdout.flush()
    return 0


def confine(limits: Limits) -> None:
    """Bound memory and processor time where the system can; elsewhere the parent's clock must do."""
    try:
        import resource
    except ImportError:  # Windows
        return
    memory = limits.memory_mb * MB
    for what, soft, hard in (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, limits.seconds, limits.seconds + _HARD_CPU_SECONDS),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a lower limit is already in force
            resource.setrlimit(what, (soft, hard))


def read(path: Path, extension: str, writer: Writer) -> None:
    """Check and read the file; whatever is wrong with it comes as a GeoError."""
    try:
        kind = preflight.check(path, extension, writer.limits)
        writer.kind(kind)
        _reader(kind)(path, writer)
    except (GeoError, MemoryError):
        raise
    except ET.ParseError as error:
        raise GeoError(
            "file_too_demanding" if error.code == _NO_MEMORY else "file_damaged"
        ) from None
    except Exception as error:
        # Readers of broken files raise whatever they stumble over; the file is what is broken.
        raise GeoError("file_damaged") from error
    writer.end()


def _reader(kind: str) -> Callable[[Path, Writer], None]:
    """Import only what this kind needs: the start of this process is paid for by every upload."""
    if kind == "xlsx":
        from geo.exchange.reading import workbook

        return workbook.read
    if kind == "xls":
        from geo.exchange.reading import legacy

        return legacy.read
    if kind == "csv":
        from geo.exchange.reading import text

        return text.read
    from geo.exchange.reading import vector

    return vector.read_geojson if kind == "geojson" else vector.read_geopackage


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
