"""Make the sample projects, whose totals equal the published ones to the last 万元.

Run `python scripts/make_sample.py` to write `data/projects_sample.csv`, or with `--check` to
compare it with what the script would write. Same seed, same dictionaries, same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample.city import read_city
from sample.rows import make_rows, to_csv

FILE = "projects_sample.csv"


def main(arguments: list[str] | None = None) -> int:
    """Write the sample, or with --check say whether the file is the one the script writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent.parent / "data")
    options = parser.parse_args(arguments)
    city = read_city(options.data)
    table = to_csv(make_rows(city), city.header)
    target = options.data / FILE
    if not options.check:
        target.write_bytes(table)
        return 0
    same = target.exists() and target.read_bytes() == table
    print(f"{FILE}: {'as generated' if same else 'differs; run scripts/make_sample.py'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
