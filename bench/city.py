"""Make city folders of any size: the shipped one with its sample drawn again, seeded."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

SEED = 20220921
SAMPLE = "projects_sample.csv"
SPREAD_DEG = 0.06  # keeps towns crowded, as they are, without stacking the copies on one spot
GROWN_DIGITS = 7


def make(source: Path, target: Path, *, projects: int) -> Path:
    """Copy a city folder and give it `projects` sample rows; the shipped number copies it as it is.

    A drawn row keeps its model's county, park, industry, stage and attributes; id, name, owner,
    money and position are its own. Returns `target`.
    """
    shutil.copytree(source, target)
    with (source / SAMPLE).open(encoding="utf-8", newline="") as file:
        models = list(csv.DictReader(file))
    if projects != len(models):
        with (target / SAMPLE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(models[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(_rows(models, projects))
    return target


def _rows(models: list[dict[str, str]], projects: int) -> list[dict[str, str]]:
    rng = random.Random(SEED)
    return [_row(rng.choice(models), number, rng) for number in range(1, projects + 1)]


def _row(model: dict[str, str], number: int, rng: random.Random) -> dict[str, str]:
    factor = rng.lognormvariate(0, 0.5)
    row = model | {"id": f"s{number:0{GROWN_DIGITS}d}"}
    row["name"] = f"{model['name'].rsplit(' ', 1)[0]} {number:0{GROWN_DIGITS}d}"
    row["owner"] = f"{model['owner'].rstrip('0123456789')}{rng.randrange(10_000):04d}"
    for column in ("invest_wan", "plan_wan", "done_wan"):
        if model[column]:
            row[column] = str(round(int(model[column]) * factor))
    for column in ("lon", "lat"):
        if model[column]:
            row[column] = f"{float(model[column]) + rng.uniform(-SPREAD_DEG, SPREAD_DEG):.5f}"
    return row
