"""Read one file in a small process and print what came of it: `python -m …measured FILE`.

The peak memory that the system reports for a child includes its parent's at the start, so the
parent must be small: a process that runs tests is not.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from geo.errors import GeoError
from geo.exchange.reading import Limits, read


def own_peak_mb() -> float:
    """Return this process's own peak where the system tells it (Linux), else 0."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def main(path: str, settings: str) -> None:
    """Print code, details, rows, and the time and memory of both processes."""
    found: dict[str, object] = {"code": "", "details": {}}
    clock = time.monotonic()
    try:
        book = read(Path(path), limits=Limits(**json.loads(settings)))
        found["rows"] = sum(len(sheet.rows) for sheet in book.sheets)
    except GeoError as error:
        found |= {"code": error.code, "details": error.details}
    wall = time.monotonic() - clock
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    found |= {
        "wall": wall,
        "spent": child.ru_utime + child.ru_stime,
        "child_mb": child.ru_maxrss / 1024,
        "own_mb": own_peak_mb(),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
