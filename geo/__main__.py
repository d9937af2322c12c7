"""The command line: python -m geo import | export | density | counts | series | backup | restore | history | undo | tour."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from geo.cli import context, counts, density, exporting, importing, keeping, series, tour
from geo.errors import GeoError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 refused or wrongly called."""
    chosen = _parser().parse_args(arguments)
    try:
        result: int = chosen.run(chosen)
    except GeoError as error:
        return context.refuse(error, chosen)
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for part in (importing, exporting, density, counts, series, keeping, tour):
        part.add(commands)
    return parser


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # whatever the terminal's own may be
    sys.exit(main())
