"""Make the sample projects, whose totals equal the published ones to the last 万元, and series.

Run `python scripts/make_sample.py` to write `data/projects_sample.csv` and
`data/series_sample.csv`, or with `--check` to compare them with what the script would write. Same
seed, same dictionaries, same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample.city import read_city
from sample.rows import make_rows, to_csv
from sample.series import make_series

FILE, SERIES = "projects_sample.csv", "series_sample.csv"


def main(arguments: list[str] | None = None) -> int:
    """Write the sample, or with --check say whether the file is the one the script writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent.parent / "data")
    options = parser.parse_args(arguments)
    city = read_city(options.data)
    made = {
        FILE: to_csv(make_rows(city), city.header),
        SERIES: to_csv(make_series(city), city.series_header),
    }
    if not options.check:
        for name, table in made.items():
            (options.data / name).write_bytes(table)
        return 0
    same = True
    for name, table in made.items():
        target = options.data / name
        found = target.exists() and target.read_bytes() == table
        print(f"{name}: {'as generated' if found else 'differs; run scripts/make_sample.py'}")
        same = same and found
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
