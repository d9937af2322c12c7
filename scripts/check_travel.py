"""Measure the embedded travel times against the known drives of a city folder.

    python scripts/check_travel.py             # the shipped city
    python scripts/check_travel.py --city DIR

Prints every known figure beside both estimates, and the error bands that [travel] in city.toml
should state. Figures that are not used are marked, and count for no band.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from geo import layers  # noqa: E402
from geo.tour.travel import calibration, chosen  # noqa: E402


def main() -> int:
    """Print the comparison; 1 if a stated band is not the computed one."""
    parser = argparse.ArgumentParser(description="Check the embedded travel times of a city.")
    parser.add_argument("--city", type=Path, default=ROOT / "data")
    atlas = layers.load(parser.parse_args().city)
    checks = calibration.read(atlas.catalogue.folder)
    used = {check.id for check in checks if check.used}
    places = [checks[0].start]
    wrong = 0
    for backend in chosen("", atlas=atlas).backends:
        print(f"\n{backend.id}")
        for miss in calibration.misses(backend, checks):
            mark = " " if miss.check in used else "×"
            print(
                f" {mark} {miss.check:28} {miss.figure:8}"
                f"{miss.known:7.0f}{miss.estimate:8.1f}{miss.percent:+7.0f} %"
            )
        band, stated = calibration.band_pct(backend, checks), backend.matrix(places).band_pct
        wrong += band != stated
        print(f"   band ±{band} %, stated ±{stated} %")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
